"""Filters: the tree of a `filter` argument as a condition on a table."""

import enum
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_origin

from sqlalchemy import ARRAY, BindParameter, ColumnElement, any_, func, literal
from sqlalchemy import types as sql_types

from aftersales_graphql.machine.arguments import Constant, Leaf, getter
from aftersales_graphql.machine.declare import Columns, Entity, Filter, One, Scope, entity_of, mapping_of
from aftersales_graphql.machine.frame import Bind
from aftersales_graphql.machine.sql import list_converter, value_converter

NewBind = Callable[[sql_types.TypeEngine[Any], Bind], BindParameter[Any]]

_COMPARISONS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: column.is_distinct_from(value),
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "startsWith": lambda column, value: func.starts_with(column, value),
    "contains": lambda column, value: func.strpos(func.lower(column), func.lower(value)) > 0,
}


def bind_leaf(
    leaf: Leaf, type_: sql_types.TypeEngine[Any], convert: Callable[[Any], Any], new_bind: NewBind
) -> BindParameter[Any]:
    """A parameter that each call fills from its variables, converted to the column's type."""
    take = getter(leaf)
    return new_bind(type_, lambda frame: convert(take(frame.variables)))


def conditions(
    entity: Entity, row: Columns, tree: dict[str, Any], names: dict[str, str], scope: Scope, new_bind: NewBind
) -> list[ColumnElement[bool]]:
    """The conditions of a filter; a condition given as null is as if it weren't given.

    `names` leads from GraphQL names to the declared names.
    """
    declared = {(item.name if isinstance(item, Filter) else item): item for item in entity.filters}
    found: list[ColumnElement[bool]] = []
    for graphql_name, wanted in tree.items():
        if wanted is None:
            continue
        item = declared[names[graphql_name]]
        if isinstance(item, Filter):
            value = _filter_value(item, wanted, graphql_name, new_bind)
            found.append(item.build(row, value, scope))
            continue
        column, target = _column(entity, row, item)
        for operator, leaf in wanted.items():
            if leaf is not None:
                found.append(_condition(column, target, operator, leaf, f"{graphql_name}.{operator}", new_bind))
    return found


_FILTER_TYPES: dict[Any, sql_types.TypeEngine[Any]] = {
    bool: sql_types.Boolean(),
    int: sql_types.Integer(),
    datetime: sql_types.DateTime(timezone=True),
    date: sql_types.Date(),
    Decimal: sql_types.Numeric(),
}


def _filter_value(item: Filter, wanted: Any, field: str, new_bind: NewBind) -> BindParameter[Any]:
    """The value of a declared filter; yes/no and enum values are literals, so that PostgreSQL can plan with them."""
    if isinstance(wanted, Constant) and isinstance(wanted.value, bool | enum.Enum):
        return literal(wanted.value.value if isinstance(wanted.value, enum.Enum) else wanted.value)
    type_ = sql_types.Uuid() if item.target is not None else _FILTER_TYPES.get(item.type, sql_types.Text())
    convert = value_converter(type_, item.target, field)
    if get_origin(item.type) is list:
        return bind_leaf(wanted, ARRAY(type_), list_converter(convert, field), new_bind)
    return bind_leaf(wanted, type_, convert, new_bind)


def _column(entity: Entity, row: Columns, name: str) -> tuple[Any, str | None]:
    if name == "id":
        return row["id"], entity.name
    declared = entity.field_named(name)
    mapping = mapping_of(declared)
    if isinstance(mapping, One) and mapping.key is not None:
        target = entity_of(declared.type)
        return row[mapping.key], target.name if target else None
    return row[entity.column_named(name)], None


def _condition(
    column: Any, target: str | None, operator: str, leaf: Any, field: str, new_bind: NewBind
) -> ColumnElement[bool]:
    if operator == "isNull":
        empty: ColumnElement[bool] = column.is_(None)
        return empty if isinstance(leaf, Constant) and leaf.value else ~empty
    convert = value_converter(column.type, target, field)
    if operator == "in":
        if isinstance(leaf, list):
            return column.in_([_choice(item) for item in leaf if item is not None])  # type: ignore[no-any-return]
        type_: sql_types.TypeEngine[Any] = ARRAY(column.type)
        return column == any_(bind_leaf(leaf, type_, list_converter(convert, field), new_bind))  # type: ignore[no-any-return]
    if isinstance(leaf, Constant) and isinstance(leaf.value, bool):
        return column == literal(leaf.value)  # type: ignore[no-any-return]
    if isinstance(leaf, Constant) and isinstance(leaf.value, enum.Enum):
        return _COMPARISONS[operator](column, _choice(leaf))
    return _COMPARISONS[operator](column, bind_leaf(leaf, column.type, convert, new_bind))


def _choice(leaf: Constant) -> Any:
    """The stored value of an enum constant: one of a closed set of ours, so it may stand in the SQL itself."""
    return leaf.value.value
