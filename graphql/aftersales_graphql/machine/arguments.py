"""Arguments inside a plan: what of them shapes the SQL, and what is filled in at each call."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_nullable_type,
    is_enum_type,
)
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_literal

Variables = Mapping[str, Any]


class Slot(NamedTuple):
    """A value that each call takes from its variables, at this path."""

    path: tuple[str | int, ...]


class Constant(NamedTuple):
    """A value that the plan itself holds."""

    value: Any


class Listed(NamedTuple):
    """A list of scalars of which some come from variables."""

    items: tuple["Slot | Constant", ...]


Leaf = Slot | Constant | Listed
Tree = Leaf | dict[str, Any] | list[Any] | None


def is_structural(type_: GraphQLInputType) -> bool:
    """Whether a value of this type can change the SQL itself: which keys are given, which enum or yes/no."""
    bare: Any = type_
    while isinstance(bare, GraphQLNonNull | GraphQLList):
        bare = bare.of_type
    return isinstance(bare, GraphQLInputObjectType) or is_enum_type(bare) or bare.name == "Boolean"


def shape_of(value: Any, type_: GraphQLInputType) -> Any:
    """What of a coerced value shapes the SQL, as a hashable; plain scalars count only as given or null."""
    bare = get_nullable_type(type_)
    if value is None:
        return None
    if isinstance(bare, GraphQLInputObjectType):
        return tuple((key, shape_of(value[key], field.type)) for key, field in bare.fields.items() if key in value)
    if isinstance(bare, GraphQLList):
        return tuple(shape_of(item, bare.of_type) for item in value) if is_structural(bare) else "*"
    if isinstance(bare, GraphQLScalarType) and bare.name != "Boolean":
        return "*"
    return value


def tree_of_value(value: Any, type_: GraphQLInputType, path: tuple[str | int, ...]) -> Tree:
    """The tree of a variable's value: structure as it is, scalars as slots."""
    bare = get_nullable_type(type_)
    if value is None:
        return None
    if isinstance(bare, GraphQLInputObjectType):
        return {
            key: tree_of_value(value[key], field.type, (*path, key))
            for key, field in bare.fields.items()
            if key in value
        }
    if isinstance(bare, GraphQLList) and is_structural(bare):
        return [tree_of_value(item, bare.of_type, (*path, index)) for index, item in enumerate(value)]
    if isinstance(bare, GraphQLScalarType) and bare.name != "Boolean":
        return Slot(path)
    if isinstance(bare, GraphQLList):
        return Slot(path)
    return Constant(value)


def tree_of_node(node: ValueNode, type_: GraphQLInputType, variables: Variables) -> Any:
    """The tree of an argument as written; Undefined for a variable that the caller left out."""
    if isinstance(node, VariableNode):
        name = node.name.value
        if name not in variables:
            return Undefined
        return tree_of_value(variables[name], type_, (name,))
    if isinstance(node, NullValueNode):
        return None
    bare = get_nullable_type(type_)
    if isinstance(bare, GraphQLInputObjectType) and isinstance(node, ObjectValueNode):
        return _tree_of_object(node, bare, variables)
    if isinstance(bare, GraphQLList):
        nodes = node.values if isinstance(node, ListValueNode) else (node,)
        items = [tree_of_node(item, bare.of_type, variables) for item in nodes]
        items = [None if item is Undefined else item for item in items]
        if is_structural(bare):
            return items
        return Listed(tuple(Constant(None) if item is None else item for item in items))
    return Constant(coerce_input_literal(node, type_))


def _tree_of_object(node: ObjectValueNode, type_: GraphQLInputObjectType, variables: Variables) -> dict[str, Any]:
    given = {item.name.value: item.value for item in node.fields}
    tree: dict[str, Any] = {}
    for key, field in type_.fields.items():
        value = tree_of_node(given[key], field.type, variables) if key in given else Undefined
        if value is Undefined:
            value = _default_tree(field)
        if value is not Undefined:
            tree[key] = value
    return tree


def _default_tree(declared: GraphQLArgument | GraphQLInputField) -> Any:
    default = coerce_default_value(declared)
    if default is Undefined or default is None:
        return default
    return Constant(default)


def argument_trees(arguments: Mapping[str, GraphQLArgument], nodes: Any, variables: Variables) -> dict[str, Any]:
    """The trees of a field's arguments by GraphQL name; arguments that weren't given have no entry."""
    given = {node.name.value: node.value for node in nodes or ()}
    trees: dict[str, Any] = {}
    for name, declared in arguments.items():
        value = tree_of_node(given[name], declared.type, variables) if name in given else Undefined
        if value is Undefined:
            value = _default_tree(declared)
        if value is not Undefined:
            trees[name] = value
    return trees


def getter(tree: Tree) -> Callable[[Variables], Any]:
    """A function that takes the tree's value out of a call's variables."""
    if isinstance(tree, Slot):
        path = tree.path
        if len(path) == 1:
            name = path[0]
            return lambda variables: variables[name]  # type: ignore[index]

        def walk(variables: Variables) -> Any:
            value: Any = variables
            for step in path:
                value = value[step]
            return value

        return walk
    if isinstance(tree, Constant):
        constant = tree.value
        return lambda variables: constant
    if isinstance(tree, Listed):
        parts = [getter(item) for item in tree.items]
        return lambda variables: [part(variables) for part in parts]
    if isinstance(tree, dict):
        named = {key: getter(item) for key, item in tree.items()}
        return lambda variables: {key: part(variables) for key, part in named.items()}
    if isinstance(tree, list):
        each = [getter(item) for item in tree]
        return lambda variables: [part(variables) for part in each]
    return lambda variables: None
