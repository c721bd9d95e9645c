"""Small pieces of SQL that plans are made of: values as JSON, keyset orders, filters."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, cast, func, literal_column, or_, tuple_
from sqlalchemy import types as sql_types
from strawberry.types.base import StrawberryOptional
from strawberry.types.enum import StrawberryEnumDefinition

from aftersales.kit.clock import require_aware
from aftersales.kit.errors import InvalidInput
from aftersales_graphql.machine.relay import id_of

LIST_LIMIT = 200


def text_literal(text: str) -> ColumnElement[Any]:
    """A text constant written by us (response keys, type names), quoted into the SQL."""
    quoted = text.replace("'", "''")
    return literal_column(f"'{quoted}'", sql_types.Text())


def global_id(type_name: str, identifier: ColumnElement[Any]) -> ColumnElement[Any]:
    """base64 of `Type:uuid`; the cast to bytea is safe because neither part can hold a backslash."""
    joined = text_literal(f"{type_name}:").op("||")(cast(identifier, sql_types.Text))
    encoded = func.encode(cast(joined, sql_types.LargeBinary), text_literal("base64"))
    # PostgreSQL breaks base64 into lines of 76 characters, which only long type names reach.
    return func.replace(encoded, literal_column("E'\\n'"), text_literal("")) if len(type_name) > 19 else encoded


def as_json_value(expression: ColumnElement[Any], declared: Any) -> ColumnElement[Any]:
    """The expression as the API shows it: decimals as text, enum values under their GraphQL names."""
    bare = declared.of_type if isinstance(declared, StrawberryOptional) else declared
    if isinstance(bare, StrawberryEnumDefinition):
        pairs = [(value.name, value.value) for value in bare.values]
        if all(name == value for name, value in pairs):
            return expression
        if all(name == str(value).upper() for name, value in pairs):
            return func.upper(expression)
        return case(*[(expression == text_literal(str(value)), text_literal(name)) for name, value in pairs])
    if isinstance(expression.type, sql_types.Numeric) and not isinstance(expression.type, sql_types.Float):
        return cast(expression, sql_types.Text)
    return expression


def from_json(type_: sql_types.TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """How a column's JSON value becomes Python's; None when it already is."""
    if isinstance(type_, sql_types.DateTime):
        return datetime.fromisoformat
    if isinstance(type_, sql_types.Date):
        return date.fromisoformat
    if isinstance(type_, sql_types.Uuid):
        return UUID
    if isinstance(type_, sql_types.Numeric) and not isinstance(type_, sql_types.Float):
        return Decimal
    return None


def key_of_cursor(expression: ColumnElement[Any], value: Any) -> Any:
    """A cursor's key as the column takes it; ValueError or InvalidInput for anything that no row can have had."""
    type_ = expression.type
    if value is None:
        if not _nullable(expression):
            raise ValueError("no row without this key")
        return None
    if isinstance(type_, sql_types.Boolean | sql_types.Integer | sql_types.Float):
        return _number_of_cursor(type_, value)
    if not isinstance(value, str):
        raise ValueError("not a text")
    convert = from_json(type_)
    found = checked(value if convert is None else convert(value), "")
    if isinstance(found, Decimal) and not found.is_finite():
        raise ValueError("not finite")
    return found


def _number_of_cursor(type_: sql_types.TypeEngine[Any], value: Any) -> Any:
    if isinstance(value, bool) or isinstance(type_, sql_types.Boolean):
        if type(value) is not bool or not isinstance(type_, sql_types.Boolean):
            raise ValueError("not a truth value")
        return value
    if isinstance(type_, sql_types.Integer):
        bits = 63 if isinstance(type_, sql_types.BigInteger) else 31
        if not isinstance(value, int) or not -(2**bits) <= value < 2**bits:
            raise ValueError("not an integer of the column")
    elif not isinstance(value, int | float):
        raise ValueError("not a number")
    return value


def checked(value: Any, field: str) -> Any:
    """A filter's value as PostgreSQL can take it: instants with a zone, texts without NUL."""
    if isinstance(value, datetime):
        return require_aware(value, field)
    if isinstance(value, str) and "\x00" in value:
        raise InvalidInput("TEXT_INVALID", field=field, field_name=field)
    return value


def value_converter(type_: sql_types.TypeEngine[Any], target: str | None, field: str) -> Callable[[Any], Any]:
    """From a GraphQL value to the column's Python value; global ids of another type become None (no row)."""
    if isinstance(type_, sql_types.Uuid) and target is not None:
        return lambda value: id_of(target, value, field)
    if isinstance(type_, sql_types.Uuid):
        return lambda value: value if isinstance(value, UUID) else UUID(value)
    return lambda value: checked(value, field)


def list_converter(convert: Callable[[Any], Any], field: str) -> Callable[[Any], Any]:
    def converted(values: Any) -> list[Any]:
        if len(values) > LIST_LIMIT:
            raise InvalidInput("LIST_TOO_LONG", field=field, limit=LIST_LIMIT)
        return [convert(value) for value in values if value is not None]

    return converted


def beyond(keys: list[tuple[ColumnElement[Any], bool]], values: list[ColumnElement[Any]]) -> ColumnElement[bool]:
    """Rows that stand after the given key values; `keys` are (expression, ascending), the last one unique.

    Null counts as the largest value, as in PostgreSQL's default order.
    """
    directions = {ascending for _, ascending in keys}
    if len(directions) == 1 and not any(_nullable(expression) for expression, _ in keys):
        row, edge = tuple_(*[expression for expression, _ in keys]), tuple_(*values)
        return row > edge if directions == {True} else row < edge
    alternatives: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for (expression, ascending), value in zip(keys, values, strict=True):
        if not _nullable(expression):
            further = expression > value if ascending else expression < value
            same = expression == value
        else:
            further = (
                or_(expression > value, and_(expression.is_(None), value.is_not(None)))
                if ascending
                else or_(expression < value, and_(value.is_(None), expression.is_not(None)))
            )
            same = or_(expression == value, and_(expression.is_(None), value.is_(None)))
        alternatives.append(and_(*equal, further))
        equal.append(same)
    return or_(*alternatives)


def _nullable(expression: ColumnElement[Any]) -> bool:
    return bool(getattr(expression, "nullable", True))
