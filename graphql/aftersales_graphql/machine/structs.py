"""msgspec Structs as GraphQL types: a service's command becomes an input, a vertical's attributes an object."""

import types
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Optional, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import strawberry
from msgspec import Struct
from strawberry.scalars import JSON
from strawberry.utils.str_converters import to_camel_case

from aftersales.kit.errors import InvalidInput, NotFound
from aftersales_graphql.machine.declare import column
from aftersales_graphql.machine.relay import id_of

_PLAIN: dict[Any, Any] = {
    str: str, int: int, float: float, bool: bool, Decimal: Decimal, date: date, datetime: datetime, Any: JSON,
}  # fmt: skip

Ids = Mapping[str, str]
"""Field of a Struct that holds a row's id -> name of the GraphQL type whose global id callers give there."""


@cache
def _hints(struct: type[Struct]) -> dict[str, Any]:
    return get_type_hints(struct)


@cache
def _fields(struct: type[Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(struct)


def _graphql_type(annotation: Any, make: Any) -> Any:
    """The GraphQL type of an annotation; `make` turns nested Structs into types."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        inner = [argument for argument in arguments if argument is not type(None)]
        if len(inner) != 1:
            raise TypeError(f"{annotation} can't be told in GraphQL")
        return Optional[_graphql_type(inner[0], make)]  # noqa: UP045 - the argument is a value here
    if origin in (list, tuple, frozenset, set):
        return list[_graphql_type(arguments[0], make)]  # type: ignore[misc]
    if origin is dict:
        return JSON
    if origin is Literal:
        return type(arguments[0])
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return make(annotation)
    if annotation is UUID:
        return strawberry.ID
    try:
        return _PLAIN[annotation]
    except (KeyError, TypeError):
        raise TypeError(f"{annotation} can't be told in GraphQL") from None


@cache
def input_type(struct: type[Struct]) -> type:
    """The input type of a Struct, `<Name>Input`; fields with a default may be left out."""
    namespace: dict[str, Any] = {"__annotations__": {}, "__doc__": struct.__doc__}
    for field in msgspec.structs.fields(struct):
        type_ = _graphql_type(_hints(struct)[field.name], input_type)
        if field.required:
            namespace["__annotations__"][field.name] = type_
            namespace[field.name] = strawberry.field()
        else:
            namespace["__annotations__"][field.name] = type_ | None
            namespace[field.name] = strawberry.field(default=strawberry.UNSET)
    name = struct.__name__.removesuffix("Input") + "Input"
    return strawberry.input(type(name, (), namespace), name=name, description=struct.__doc__)


def to_struct(given: Any, struct: type[Struct], ids: Ids) -> Any:
    """The Struct that an input describes.

    INPUT_INVALID names the field that doesn't fit; an id of another type answers like one that doesn't exist.
    """
    try:
        return msgspec.convert(_values(given, struct, ids, ""), struct)
    except msgspec.ValidationError as fault:
        reason, _, path = str(fault).partition(" - at `$")
        field = ".".join(to_camel_case(part) for part in path.rstrip("`").lstrip(".").split(".") if part) or None
        raise InvalidInput("INPUT_INVALID", field=field, reason=reason) from None


def _values(given: Any, struct: type[Struct], ids: Ids, prefix: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in _fields(struct):
        value = getattr(given, field.name)
        if value is strawberry.UNSET or (value is None and not field.required and field.default is not None):
            continue
        hint = _hints(struct)[field.name]
        path = f"{prefix}{to_camel_case(field.name)}"
        values[field.name] = _value(value, hint, ids, field.name, path)
    return values


def _value(value: Any, hint: Any, ids: Ids, name: str, path: str) -> Any:
    nested = _inner(hint)
    if value is None:
        return None
    if isinstance(value, list):
        return [_value(item, get_args(nested)[0] if get_args(nested) else Any, ids, name, path) for item in value]
    if isinstance(nested, type) and issubclass(nested, Struct):
        return _values(value, nested, ids, f"{path}.")
    if nested is UUID:
        found = id_of(ids[name], value, path)
        if found is None:
            raise NotFound("NOT_FOUND", field=path, thing=ids[name])
        return found
    return value


def _inner(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        return next(argument for argument in get_args(hint) if argument is not type(None))
    return hint


def id_fields(struct: type[Struct]) -> set[str]:
    """The fields of a Struct, and of those inside it, that hold ids."""
    found: set[str] = set()
    for name, hint in _hints(struct).items():
        inner = _inner(hint)
        if get_origin(inner) in (list, tuple):
            inner = get_args(inner)[0]
        if inner is UUID:
            found.add(name)
        elif isinstance(inner, type) and issubclass(inner, Struct):
            found |= id_fields(inner)
    return found


@cache
def object_type(struct: type[Struct], name: str) -> type:
    """An object type with the Struct's fields, for JSON that fits the Struct; every field may be absent."""
    namespace: dict[str, Any] = {"__annotations__": {}, "__doc__": struct.__doc__}
    for field in msgspec.structs.fields(struct):
        type_ = _graphql_type(_hints(struct)[field.name], lambda inner: object_type(inner, f"{name}{inner.__name__}"))
        namespace["__annotations__"][field.name] = type_ | None
        namespace[field.name] = column()
    return strawberry.type(type(name, (), namespace), name=name, description=struct.__doc__)
