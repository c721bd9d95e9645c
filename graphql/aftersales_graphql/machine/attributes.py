"""Typed attributes: the Structs that a vertical declares for a JSONB column, as fields of the row's type."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from aftersales_graphql.machine.declare import Expression, embedded
from aftersales_graphql.machine.schema import extends
from aftersales_graphql.machine.structs import object_type


def attribute_fields(target: type, column: str, fields: Mapping[str, tuple[type[Struct], Expression | None]]) -> type:
    """An extension of `target` for `SchemaPart.extensions`: one field per name, null where its condition fails.

    The whole column is the Struct's data: `{"solar": (SolarSystem, lambda asset, scope: asset.vertical == "solar")}`.
    """
    namespace: dict[str, Any] = {"__annotations__": {}}
    for name, (struct, when) in fields.items():
        type_: Any = object_type(struct, struct.__name__)
        namespace["__annotations__"][name] = type_ | None
        namespace[name] = embedded(column, when=when, description=(struct.__doc__ or "").strip() or None)
    made: type = extends(target)(type(f"{target.__name__}Attributes", (), namespace))
    return made
