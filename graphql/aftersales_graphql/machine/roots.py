"""Root fields that Python computes: queries, mutations and subscriptions as plain functions with typed input.

    @mutation(roles={"dispatcher"})
    async def open_ticket(call: Call, input: OpenTicketInput) -> OpenTicketPayload: ...

The first parameter is the `Call`; the others become GraphQL arguments; the docstring becomes the description. Such
functions are listed in a `SchemaPart`. Root fields that are planned (`find`, `connection`) stand in `@root` classes.
"""

import inspect
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import strawberry
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from aftersales_graphql.errors import UserError
from aftersales_graphql.machine.declare import MAPPING, AnyNode, Function, PlannedField, fill_columns
from aftersales_graphql.machine.relay import Node

Type = TypeVar("Type", bound=type)


@strawberry.interface(description="What every mutation answers: either its result, or why it did nothing.")
class Payload:
    user_errors: list[UserError] = strawberry.field(default_factory=list)


def _any_node(several: bool, description: str) -> Any:
    return PlannedField(description=description, metadata={MAPPING: AnyNode(several=several)})


@strawberry.type
class NodeQueries:
    """Relay's root fields; every schema has them."""

    node: Node | None = _any_node(False, "Whatever this global id names; null when the caller has no such thing.")
    nodes: list[Node | None] = _any_node(True, "Like `node`, for several ids, in their order.")


Declare = Callable[[Callable[..., Any]], Any]


def _function(kind: str, roles: Iterable[str] | None, description: str | None, name: str | None) -> Declare:
    def declare(function: Callable[..., Any]) -> Any:
        signature = inspect.signature(function)
        parameters = list(signature.parameters.values())[1:]

        def shell(**arguments: Any) -> Any:
            raise TypeError("the executor calls the function itself")

        shell.__name__, shell.__module__ = function.__name__, function.__module__
        shell.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        shell.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": signature.return_annotation}
        mapping = Function(roles=None if roles is None else frozenset(roles), call=function, kind=kind)
        return StrawberryField(
            python_name=function.__name__,
            graphql_name=name,
            description=description or inspect.getdoc(function),
            base_resolver=StrawberryResolver(shell),
            is_subscription=kind == "subscription",
            metadata={MAPPING: mapping},
        )

    return declare


def query(*, roles: Iterable[str] | None = None, description: str | None = None, name: str | None = None) -> Declare:
    """A query field that a function answers within the request's unit of work."""
    return _function("query", roles, description, name)


def mutation(*, roles: Iterable[str] | None = None, description: str | None = None, name: str | None = None) -> Declare:
    """A mutation; it returns a `Payload`, refusals that it raises become `userErrors` and undo everything."""
    return _function("mutation", roles, description, name)


def subscription(
    *, roles: Iterable[str] | None = None, description: str | None = None, name: str | None = None
) -> Declare:
    """A subscription; an async generator of values, each shaped like a query's result."""
    return _function("subscription", roles, description, name)


def root(origin: Type) -> Type:
    """Declare a group of root fields; `build_schema` merges the groups."""
    fill_columns(origin)
    return strawberry.type(origin)
