"""Which fields a selection asks for: fragments and @skip/@include resolved, same response keys merged."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)


class Selected(NamedTuple):
    """One response key: its first field node and every selection set below it."""

    node: FieldNode
    below: tuple[SelectionSetNode, ...]


class Selections:
    """Collects the fields of selection sets for a concrete type, in the order that GraphQL prescribes."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
    ) -> None:
        self.schema = schema
        self._fragments = fragments
        self._variables = variables

    def collect(self, type_: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> dict[str, Selected]:
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for selection_set in sets:
            self._visit(type_, selection_set, found, seen)
        return {
            key: Selected(nodes[0], tuple(node.selection_set for node in nodes if node.selection_set))
            for key, nodes in found.items()
        }

    def _visit(
        self,
        type_: GraphQLObjectType,
        selection_set: SelectionSetNode,
        found: dict[str, list[FieldNode]],
        seen: set[str],
    ) -> None:
        for selection in selection_set.selections:
            if not self._included(selection):
                continue
            if isinstance(selection, FieldNode):
                key = (selection.alias or selection.name).value
                found.setdefault(key, []).append(selection)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                if condition is None or self._matches(condition.name.value, type_):
                    self._visit(type_, selection.selection_set, found, seen)
            elif isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                fragment = self._fragments[name]
                if name not in seen and self._matches(fragment.type_condition.name.value, type_):
                    seen.add(name)
                    self._visit(type_, fragment.selection_set, found, seen)

    def _matches(self, condition: str, type_: GraphQLObjectType) -> bool:
        if condition == type_.name:
            return True
        conditional = self.schema.get_type(condition)
        return is_abstract_type(conditional) and self.schema.is_sub_type(conditional, type_)

    def _included(self, selection: SelectionNode) -> bool:
        for directive in selection.directives or ():
            name = directive.name.value
            if name not in {"skip", "include"}:
                continue
            value = (directive.arguments or ())[0].value
            if isinstance(value, VariableNode):
                wanted = bool(self._variables[value.name.value])
            else:
                wanted = isinstance(value, BooleanValueNode) and value.value
            if wanted is (name == "skip"):
                return False
        return True
