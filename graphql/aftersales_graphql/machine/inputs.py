"""Arguments that follow from a declaration: pages, filters and orders, and their GraphQL input types."""

import enum
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, Optional, TypeVar
from uuid import UUID

import strawberry
from sqlalchemy import types as sql_types
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryOptional

from aftersales_graphql.machine.declare import (
    AnyNode,
    Entity,
    Filter,
    Find,
    Many,
    One,
    Paged,
    PlannedField,
    entity_of,
    mapping_of,
)

Value = TypeVar("Value")


@strawberry.enum(description="Ascending or descending; empty values come last when ascending, first otherwise.")
class OrderDirection(enum.Enum):
    ASC = "asc"
    DESC = "desc"


@strawberry.input(description="Conditions on an id; all that are given must hold.")
class IDFilter:
    eq: strawberry.ID | None = strawberry.UNSET
    in_: list[strawberry.ID] | None = strawberry.field(name="in", default=strawberry.UNSET)
    is_null: bool | None = strawberry.UNSET


@strawberry.input(description="Conditions on a text; all that are given must hold.")
class StringFilter:
    eq: str | None = strawberry.UNSET
    ne: str | None = strawberry.UNSET
    in_: list[str] | None = strawberry.field(name="in", default=strawberry.UNSET)
    starts_with: str | None = strawberry.UNSET
    contains: str | None = strawberry.field(description="Regardless of case.", default=strawberry.UNSET)
    is_null: bool | None = strawberry.UNSET


@strawberry.input(description="Conditions on a yes/no value.")
class BooleanFilter:
    eq: bool | None = strawberry.UNSET
    is_null: bool | None = strawberry.UNSET


@strawberry.input(name="Filter", description="Conditions on a value with an order; all that are given must hold.")
class RangeFilter(Generic[Value]):
    eq: Value | None = strawberry.UNSET
    in_: list[Value] | None = strawberry.field(name="in", default=strawberry.UNSET)
    lt: Value | None = strawberry.UNSET
    lte: Value | None = strawberry.UNSET
    gt: Value | None = strawberry.UNSET
    gte: Value | None = strawberry.UNSET
    is_null: bool | None = strawberry.UNSET


@strawberry.input(name="Filter", description="Conditions on one of a fixed set of values.")
class ChoiceFilter(Generic[Value]):
    eq: Value | None = strawberry.UNSET
    ne: Value | None = strawberry.UNSET
    in_: list[Value] | None = strawberry.field(name="in", default=strawberry.UNSET)
    is_null: bool | None = strawberry.UNSET


def _of(generic: Any, argument: Any) -> Any:
    return generic[argument]


def _optional(annotation: Any) -> Any:
    return Optional[annotation]  # noqa: UP045 - the argument is a value here


def _filter_type(declared: Any, column_type: Any) -> Any:
    bare: Any = declared.of_type if isinstance(declared, StrawberryOptional) else declared
    if bare is bool:
        return BooleanFilter
    if bare in (int, float, Decimal, datetime, date):
        return _of(RangeFilter, bare)
    if bare in (strawberry.ID, UUID) or isinstance(column_type, sql_types.Uuid):
        return IDFilter
    if bare is str:
        return StringFilter
    return _of(ChoiceFilter, bare)


def _dynamic_input(name: str, fields: list[tuple[str, Any, str | None, Any]], description: str) -> Any:
    namespace: dict[str, Any] = {"__annotations__": {attribute: annotation for attribute, annotation, _, _ in fields}}
    for attribute, _, graphql_name, default in fields:
        namespace[attribute] = strawberry.field(name=graphql_name, default=default)
    return strawberry.input(type(name, (), namespace), name=name, description=description)


def filter_input(entity: Entity) -> Any:
    """The input type `<Entity>Filter`, or None when the entity declares no filters."""
    if not entity.filters:
        return None
    if "filter" not in entity.inputs:
        fields: list[tuple[str, Any, str | None, Any]] = []
        for item in entity.filters:
            if isinstance(item, Filter):
                fields.append((item.name, _optional(item.type), None, strawberry.UNSET))
                continue
            declared = entity.field_named(item)
            mapping = mapping_of(declared)
            if isinstance(mapping, One) or item == "id":
                kind = IDFilter
            else:
                kind = _filter_type(declared.type, entity.table.c[entity.column_named(item)].type)
            fields.append((item, _optional(kind), None, strawberry.UNSET))
        name = f"{entity.name}Filter"
        made = _dynamic_input(name, fields, f"Which of the {entity.name} rows; all conditions must hold.")
        entity.inputs["filter"] = made
    return entity.inputs["filter"]


def order_input(entity: Entity) -> Any:
    """The input type `<Entity>Order`, or None when the entity declares no orders."""
    if not entity.orders:
        return None
    if "order" not in entity.inputs:
        members = enum.Enum(f"{entity.name}OrderField", {name.upper(): name for name in entity.orders})  # type: ignore[misc]
        choice = strawberry.enum(members, description=f"What lists of {entity.name} can be ordered by.")
        entity.inputs["order"] = _dynamic_input(
            f"{entity.name}Order",
            [("field", choice, None, strawberry.UNSET), ("direction", OrderDirection, None, OrderDirection.ASC)],
            "One key of the order; the id always breaks ties.",
        )
    return entity.inputs["order"]


def _argument(name: str, annotation: Any, description: str, default: Any = strawberry.UNSET) -> StrawberryArgument:
    return StrawberryArgument(
        python_name=name, graphql_name=None, type_annotation=StrawberryAnnotation(annotation),
        description=description, default=default,
    )  # fmt: skip


def arguments_of(field: PlannedField) -> list[StrawberryArgument]:
    """The GraphQL arguments of a planned field."""
    mapping = mapping_of(field)
    target = entity_of(field.type)
    make: Callable[..., StrawberryArgument] = _argument
    if isinstance(mapping, AnyNode):
        if mapping.several:
            return [make("ids", list[strawberry.ID], "At most 100 global ids.")]
        return [make("id", strawberry.ID, "A global id.")]
    if isinstance(mapping, Find):
        if target is None:
            raise TypeError(f"{field.python_name} finds something that isn't an entity")
        annotation: Any = strawberry.ID if mapping.by == "id" else target.field_named(mapping.by).type
        annotation = annotation.of_type if isinstance(annotation, StrawberryOptional) else annotation
        return [make(mapping.by, annotation, "Which one.")]
    if isinstance(mapping, Many):
        return [make("first", _optional(int), f"At most this many; never more than {mapping.cap}.")]
    if isinstance(mapping, Paged):
        if target is None:
            raise TypeError(f"{field.python_name} pages through something that isn't an entity")
        found = [
            make("first", _optional(int), "The first so many, at most 100; 20 when nothing is said."),
            make("after", _optional(str), "Go on after this cursor."),
            make("last", _optional(int), "The last so many, at most 100."),
            make("before", _optional(str), "Only what stands before this cursor."),
        ]
        if (filters := filter_input(target)) is not None:
            found.append(make("filter", _optional(filters), "Which rows."))
        if (order := order_input(target)) is not None:
            found.append(make("order_by", _optional(_of(list, order)), "The order, first key first."))
        return found
    return []
