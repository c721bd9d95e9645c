"""Objects that lie in a JSONB column: what a vertical declares, read in place with the names of the schema."""

from typing import TYPE_CHECKING, Any

import msgspec
from graphql import (
    GraphQLEnumType,
    GraphQLObjectType,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)
from sqlalchemy import ColumnElement, case, cast, func, select
from sqlalchemy import types as sql_types
from sqlalchemy.dialects.postgresql import JSONB

from aftersales_graphql.machine.declare import Embedded, JsonPath, mapping_of
from aftersales_graphql.machine.sql import as_json_value, text_literal

if TYPE_CHECKING:
    from aftersales_graphql.machine.planner import Planner

DEFINITION = "strawberry-definition"
Sets = tuple[SelectionSetNode, ...]


def json_at(value: ColumnElement[Any], path: tuple[str, ...], default: Any) -> ColumnElement[Any]:
    """The JSON at a path, or the default where the key is missing."""
    for step in path:
        value = value.op("->", return_type=JSONB())(text_literal(step))
    if default is None:
        return value
    return func.coalesce(value, cast(text_literal(msgspec.json.encode(default).decode()), JSONB))


def embedded_json(
    planner: "Planner",
    value: ColumnElement[Any],
    type_: GraphQLObjectType,
    below: Sets,
    around: tuple[Any, ...],
    when: ColumnElement[bool] | None = None,
) -> Any:
    """The selected fields of a JSON object, correlated to the rows `around` it; null where there is no object."""
    inner = select(*_columns(planner, value, type_, below, around))
    inner = inner.where(func.jsonb_typeof(value) == text_literal("object"))
    if when is not None:
        inner = inner.where(when)
    return planner.row_json(inner.correlate(*around))


def _columns(
    planner: "Planner", value: ColumnElement[Any], type_: GraphQLObjectType, below: Sets, around: tuple[Any, ...]
) -> list[ColumnElement[Any]]:
    columns: list[ColumnElement[Any]] = []
    for key, selected in planner.selections.collect(type_, below).items():
        name = selected.node.name.value
        if name == "__typename":
            columns.append(text_literal(type_.name).label(key))
            continue
        field = type_.fields[name]
        mapping = mapping_of(field.extensions[DEFINITION])
        planner.allow(mapping, f"{type_.name}.{name}")
        columns.append(_value(planner, value, field, selected.below, around).label(key))
    return columns


def _value(planner: "Planner", value: ColumnElement[Any], field: Any, below: Sets, around: tuple[Any, ...]) -> Any:
    declared = field.extensions[DEFINITION]
    mapping = mapping_of(declared)
    if isinstance(mapping, JsonPath):
        found = json_at(value, mapping.path, mapping.default)
    elif isinstance(mapping, Embedded):
        found = json_at(value, (mapping.column, *mapping.path), None)
    else:
        found = json_at(value, (declared.python_name,), None)
    named = get_named_type(field.type)
    if isinstance(named, GraphQLEnumType):
        text = found.op("#>>", return_type=sql_types.Text())(text_literal("{}"))
        return as_json_value(text, declared.type)
    if not isinstance(named, GraphQLObjectType):
        return found
    if not is_list_type(get_nullable_type(field.type)):
        return embedded_json(planner, found, named, below, around)
    elements = func.jsonb_array_elements(found).table_valued("value", name=planner.name("e"))
    item = elements.c.value
    item.type = JSONB()
    listed = select(*_columns(planner, item, named, below, (*around, elements))).select_from(elements)
    rows = planner.list_json(listed.correlate(*around))
    return case((func.jsonb_typeof(found) == text_literal("array"), rows))
