"""Post-processing of a statement's JSON where some field is computed in Python: functions built once per plan."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Table, cast, func
from sqlalchemy import types as sql_types

from aftersales_graphql.machine.declare import Computed
from aftersales_graphql.machine.frame import Frame, Shaper
from aftersales_graphql.machine.sql import from_json, text_literal


def object_shaper(fields: list[tuple[str, Shaper]]) -> Shaper:
    """Shapes some keys of an object in place; null stays null."""
    if len(fields) == 1:
        only, shape_only = fields[0]

        def shape_one(value: Any, frame: Frame) -> Any:
            if value is not None:
                value[only] = shape_only(value[only], frame)
            return value

        return shape_one

    def shape(value: Any, frame: Frame) -> Any:
        if value is not None:
            for key, part in fields:
                value[key] = part(value[key], frame)
        return value

    return shape


def list_shaper(item: Shaper) -> Shaper:
    """Shapes every item of a list; null stays null."""

    def shape(value: Any, frame: Frame) -> Any:
        return None if value is None else [item(part, frame) for part in value]

    return shape


def computed_shaper(
    table: Table, row: Any, mapping: Computed, complete: Callable[[Any, Any], Any]
) -> tuple[Any, Shaper]:
    """The needed columns as one JSON object in the field's place, and the function that replaces it by the value."""
    parts: list[Any] = []
    converters: list[tuple[str, Callable[[Any], Any]]] = []
    for name in mapping.needs:
        type_ = table.c[name].type
        exact = isinstance(type_, sql_types.Numeric) and not isinstance(type_, sql_types.Float)
        parts += [text_literal(name), cast(row.c[name], sql_types.Text) if exact else row.c[name]]
        convert = from_json(type_)
        if convert is not None:
            converters.append((name, convert))
    resolve = mapping.resolve

    def shape(value: Any, frame: Frame) -> Any:
        for name, convert in converters:
            if value[name] is not None:
                value[name] = convert(value[name])
        return complete(resolve(SimpleNamespace(**value), frame.call), None)

    return func.json_build_object(*parts), shape
