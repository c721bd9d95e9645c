"""How much one request may ask for. Every bound has a code of its own, so that a caller knows which one it met."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from aftersales.kit.errors import InvalidInput

INTROSPECTION = frozenset({"__schema", "__type"})
# Response keys become column names in PostgreSQL, which cuts names at this length.
NAME_LIMIT = 63


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one operation; `cost` counts the rows that it may read at most."""

    document_bytes: int = 64_000
    tokens: int = 2_000
    depth: int = 12
    aliases: int = 30
    root_fields: int = 20
    cost: int = 20_000


@dataclass(slots=True)
class Measured:
    """What an operation amounts to; selections below introspection don't count."""

    depth: int = 0
    aliases: int = 0
    root_fields: int = 0
    introspects: bool = False


def measure(operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Measured:
    """Measure a validated operation, counting a fragment wherever it is spread."""
    cache: dict[str, tuple[int, int, int, bool]] = {}

    def walk(selection_set: SelectionSetNode) -> tuple[int, int, int, bool]:
        depth = aliases = fields = 0
        introspects = False
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                fields += 1
                if selection.alias is not None:
                    aliases += 1
                    if len(selection.alias.value) > NAME_LIMIT:
                        raise InvalidInput("ALIAS_TOO_LONG", field=selection.alias.value[:100], limit=NAME_LIMIT)
                if selection.name.value in INTROSPECTION:
                    introspects = True
                    depth = max(depth, 1)
                elif selection.selection_set is not None:
                    below = walk(selection.selection_set)
                    depth, aliases = max(depth, 1 + below[0]), aliases + below[1]
                else:
                    depth = max(depth, 1)
                continue
            if isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if name not in cache:
                    cache[name] = walk(fragments[name].selection_set)
                below = cache[name]
            elif isinstance(selection, InlineFragmentNode):
                below = walk(selection.selection_set)
            else:
                continue
            depth, aliases, fields = max(depth, below[0]), aliases + below[1], fields + below[2]
            introspects = introspects or below[3]
        return depth, aliases, fields, introspects

    depth, aliases, root_fields, introspects = walk(operation.selection_set)
    return Measured(depth, aliases, root_fields, introspects)


def enforce(measured: Measured, limits: Limits) -> None:
    """Refuse an operation beyond the limits: QUERY_TOO_DEEP, QUERY_TOO_MANY_ALIASES, QUERY_TOO_MANY_ROOTS."""
    if measured.depth > limits.depth:
        raise InvalidInput("QUERY_TOO_DEEP", limit=limits.depth, value=measured.depth)
    if measured.aliases > limits.aliases:
        raise InvalidInput("QUERY_TOO_MANY_ALIASES", limit=limits.aliases, value=measured.aliases)
    if measured.root_fields > limits.root_fields:
        raise InvalidInput("QUERY_TOO_MANY_ROOTS", limit=limits.root_fields, value=measured.root_fields)
