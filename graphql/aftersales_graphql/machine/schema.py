"""One schema per set of verticals: the core's parts and those of the enabled verticals, nothing else."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, TypeVar

import strawberry
from graphql import GraphQLObjectType, GraphQLSchema, is_interface_type
from strawberry.schema.config import StrawberryConfig
from strawberry.types.base import StrawberryObjectDefinition, StrawberryOptional
from strawberry.types.field import StrawberryField

from aftersales_graphql.machine.declare import Entity, One, entity_of, fill_columns, mapping_of
from aftersales_graphql.machine.roots import NodeQueries

Type = TypeVar("Type", bound=type)
DEFINITION = "strawberry-definition"


@dataclass(frozen=True, slots=True)
class SchemaPart:
    """What the core, or one vertical, contributes to a schema.

    `queries`, `mutations`, `subscriptions` are `@root` classes, or functions declared with `@query()`,
    `@mutation()` and `@subscription()`; `types` are types that no field names (for
    example further `Node`s); `extensions` are `@extends` classes that add fields to existing types.
    """

    queries: tuple[Any, ...] = ()
    mutations: tuple[Any, ...] = ()
    subscriptions: tuple[Any, ...] = ()
    types: tuple[type, ...] = ()
    extensions: tuple[type, ...] = ()


def extends(target: type) -> Any:
    """Declare further fields of an existing type; they appear only where their part is in the schema."""

    def declare(origin: Type) -> Type:
        fill_columns(origin)
        made = strawberry.type(origin)
        made.__aftersales_extends__ = target  # type: ignore[attr-defined]
        return made

    return declare


class _Schema(strawberry.Schema):
    """Strawberry's schema with fields added per schema: the types themselves stay the same everywhere."""

    extra: dict[type, list[StrawberryField]]

    def __init__(self, extra: dict[type, list[StrawberryField]], **options: Any) -> None:
        self.extra = extra
        super().__init__(**options)

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        return [*type_definition.fields, *self.extra.get(type_definition.origin, ())]


class TenantSchema:
    """A composed schema: GraphQL's own form of it and the planned types in it."""

    def __init__(self, strawberry_schema: strawberry.Schema, verticals: frozenset[str]) -> None:
        self.strawberry = strawberry_schema
        self.verticals = verticals
        self.graphql: GraphQLSchema = strawberry_schema._schema
        self.entities: dict[str, Entity] = {}
        for name, type_ in self.graphql.type_map.items():
            definition = type_.extensions.get(DEFINITION)
            found = entity_of(getattr(definition, "origin", None)) if isinstance(type_, GraphQLObjectType) else None
            if found is not None and found.origin is getattr(definition, "origin", None):
                self.entities[name] = found
        self._check()

    def sdl(self) -> str:
        """The schema as text, for snapshots and for people."""
        return self.strawberry.as_str().rstrip() + "\n"

    def _check(self) -> None:
        """Refuse declarations that couldn't keep GraphQL's promises at run time."""
        for name in self.entities:
            type_ = self.graphql.type_map[name]
            assert isinstance(type_, GraphQLObjectType)  # noqa: S101 - entities are object types
            for field_name, field in type_.fields.items():
                declared = field.extensions[DEFINITION]
                if isinstance(mapping_of(declared), One) and not isinstance(declared.type, StrawberryOptional):
                    raise TypeError(f"{name}.{field_name} must be Optional: a row filter may hide its target")
        for payload in self._payloads():
            for field_name, field in payload.fields.items():
                declared = field.extensions[DEFINITION]
                if field_name != "userErrors" and not isinstance(declared.type, StrawberryOptional):
                    raise TypeError(f"{payload.name}.{field_name} must be Optional: a refused mutation has none")

    def _payloads(self) -> Iterable[GraphQLObjectType]:
        interface = self.graphql.type_map.get("Payload")
        return self.graphql.get_possible_types(interface) if is_interface_type(interface) else ()


def _merged(name: str, members: Iterable[Any]) -> type | None:
    """One root type of `@root` classes and of single functions' fields."""
    found = list(dict.fromkeys(members))
    bases = tuple(member for member in found if isinstance(member, type))
    fields = {member.python_name: copy(member) for member in found if isinstance(member, StrawberryField)}
    return strawberry.type(type(name, bases, {"__doc__": None, **fields})) if found else None


def compose(parts: Sequence[SchemaPart], verticals: frozenset[str]) -> TenantSchema:
    """Compose a schema from its parts; raises TypeError for declarations that can't be kept."""
    extra: dict[type, list[StrawberryField]] = {}
    for part in parts:
        for extension in part.extensions:
            target: type = extension.__aftersales_extends__  # type: ignore[attr-defined]
            definition: StrawberryObjectDefinition = extension.__strawberry_definition__  # type: ignore[attr-defined]
            extra.setdefault(target, []).extend(definition.fields)
    query = _merged("Query", [*(group for part in parts for group in part.queries), NodeQueries])
    made = _Schema(
        extra,
        query=query,
        mutation=_merged("Mutation", (group for part in parts for group in part.mutations)),
        subscription=_merged("Subscription", (group for part in parts for group in part.subscriptions)),
        types=list(dict.fromkeys(type_ for part in parts for type_ in part.types)),
        config=StrawberryConfig(),
    )
    return TenantSchema(made, verticals)
