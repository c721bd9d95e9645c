"""Values that Python computed, shaped to a selection: what functions, mutations and computed fields return.

Entities inside such values are `Ref`s; they are collected, and the planner reads each in one statement.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    SelectionSetNode,
    is_abstract_type,
)

from aftersales_graphql.machine.declare import Entity
from aftersales_graphql.machine.frame import Statement
from aftersales_graphql.machine.relay import Ref
from aftersales_graphql.machine.selection import Selections

DEFINITION = "strawberry-definition"
Sets = tuple[SelectionSetNode, ...]


@dataclass(slots=True)
class Pending:
    """References that wait for their statement: where each row goes."""

    statement: Callable[[], Statement]
    ids: list[UUID]
    put: Callable[[list[Any]], None]


@dataclass(slots=True)
class Sink:
    """Collects the references found while a value is shaped."""

    pending: list[Pending] = field(default_factory=list)


Complete = Callable[[Any, Sink | None], Any]
StatementFor = Callable[[Entity, GraphQLObjectType, Sets], Callable[[], Statement]]


class Completion:
    """Makes shaping functions for return types; `entities` are the planned types by GraphQL name."""

    def __init__(self, selections: Selections, entities: Mapping[str, Entity], statement_for: StatementFor) -> None:
        self._selections = selections
        self._entities = entities
        self._statement_for = statement_for

    def plan(self, type_: Any, below: Sets) -> Complete:
        """The function that shapes a value of this type to the selection."""
        if isinstance(type_, GraphQLNonNull):
            return self.plan(type_.of_type, below)
        if isinstance(type_, GraphQLList):
            return self._list(type_, below)
        if isinstance(type_, GraphQLEnumType):
            return lambda value, sink: None if value is None else type_.serialize(value)
        if isinstance(type_, GraphQLObjectType):
            entity = self._entities.get(type_.name)
            return self._object(type_, below) if entity is None else self._reference(entity, type_, below)
        if is_abstract_type(type_):
            return self._abstract(type_, below)
        return lambda value, sink: value

    def _list(self, type_: Any, below: Sets) -> Complete:
        inner = type_.of_type.of_type if isinstance(type_.of_type, GraphQLNonNull) else type_.of_type
        entity = self._entities.get(inner.name) if isinstance(inner, GraphQLObjectType) else None
        if entity is not None:
            return self._references(entity, inner, below)
        item = self.plan(inner, below)

        def complete(value: Any, sink: Sink | None) -> Any:
            if value is None:
                return None
            made = [item(part, sink) for part in value]
            for index, part in enumerate(made):
                if isinstance(part, Later):
                    part.container, part.key = made, index
            return made

        return complete

    def _object(self, type_: GraphQLObjectType, below: Sets) -> Complete:
        fields: list[tuple[str, str, Complete]] = []
        for key, selected in self._selections.collect(type_, below).items():
            name = selected.node.name.value
            if name == "__typename":
                fields.append((key, "", lambda value, sink, name=type_.name: name))  # type: ignore[misc]
                continue
            declared = type_.fields[name].extensions[DEFINITION]
            fields.append((key, declared.python_name, self.plan(type_.fields[name].type, selected.below)))

        def complete(value: Any, sink: Sink | None) -> Any:
            if value is None:
                return None
            made: dict[str, Any] = {}
            for key, attribute, part in fields:
                part_value = part(getattr(value, attribute) if attribute else None, sink)
                made[key] = part_value
                if isinstance(part_value, Later):
                    part_value.container, part_value.key = made, key
            return made

        return complete

    def _abstract(self, type_: GraphQLAbstractType, below: Sets) -> Complete:
        by_origin: dict[Any, Complete] = {}
        for possible in self._selections.schema.get_possible_types(type_):
            origin = possible.extensions[DEFINITION].origin
            by_origin[origin] = self.plan(possible, below)

        def complete(value: Any, sink: Sink | None) -> Any:
            if value is None:
                return None
            return by_origin[value.entity if isinstance(value, Ref) else type(value)](value, sink)

        return complete

    def _reference(self, entity: Entity, type_: GraphQLObjectType, below: Sets) -> Complete:
        statement = self._statement_for(entity, type_, below)

        def complete(value: Ref | None, sink: Sink | None) -> Any:
            if value is None:
                return None
            later = Later()
            _register(sink, Pending(statement, [value.id], lambda rows: later.put(rows[0])))
            return later

        return complete

    def _references(self, entity: Entity, type_: GraphQLObjectType, below: Sets) -> Complete:
        statement = self._statement_for(entity, type_, below)

        def complete(value: list[Ref] | None, sink: Sink | None) -> Any:
            if not value:
                return value
            later = Later()
            present = [reference.id for reference in value]
            _register(
                sink,
                Pending(statement, present, lambda rows: later.put([row for row in rows if row is not None])),
            )
            return later

        return complete


class Later:
    """Stands in a shaped object until its row has been read."""

    __slots__ = ("container", "key")

    def __init__(self) -> None:
        self.container: Any = None
        self.key: Any = None

    def put(self, value: Any) -> None:
        self.container[self.key] = value


def _register(sink: Sink | None, pending: Pending) -> None:
    if sink is None:
        raise TypeError("a computed field can't return references: it has no statement of its own")
    sink.pending.append(pending)
