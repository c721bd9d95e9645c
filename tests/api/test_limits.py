"""Bounds: what is too much is refused before anything runs, with a code of its own in both languages."""

from typing import Any

import pytest

from aftersales.kit.messages import LANGUAGES
from aftersales_graphql.errors import RequestRefused
from aftersales_graphql.limits import Limits
from aftersales_graphql.machine.executor import Executor
from tests.api.world import Api

pytestmark = pytest.mark.anyio


def nested(levels: int) -> str:
    return '{ ticketByNumber(number: "x") ' + "{ parent " * levels + "{ id }" + " }" * levels + " }"


BELOW = "children(first: 50) { nodes { id } }"
TOO_MUCH = {
    "depth": (nested(11), "QUERY_TOO_DEEP"),
    "depth through fragments": (
        "{ tickets { nodes { ...A } } } fragment A on Ticket { parent { ...B } } "
        "fragment B on Ticket { parent { ...C } } fragment C on Ticket "
        "{ parent { parent { parent { parent { parent { parent { parent { parent { id } } } } } } } } }",
        "QUERY_TOO_DEEP",
    ),
    "aliases": ("{ " + " ".join(f"a{n}: __typename" for n in range(18)) + " ...F } fragment F on Query {"
                + " ".join(f"b{n}: __typename" for n in range(18)) + "}", "QUERY_TOO_MANY_ALIASES"),
    "root fields": ("{ " + " ".join(f"a{n}: __typename" for n in range(21)) + " }", "QUERY_TOO_MANY_ROOTS"),
    "rows": (
        "{ tickets(first: 100) { nodes { children(first: 100) { nodes { "
        "children(first: 100) { nodes { id } } } } } } }",
        "QUERY_TOO_COSTLY",
    ),
    "rows of several root fields": (
        "{" + " ".join(f"a{n}: tickets(first: 100) {{ nodes {{ {BELOW} }} }}" for n in range(5)) + "}",
        "QUERY_TOO_COSTLY",
    ),
    "tokens": ("{ " + "__typename " * 2001 + "}", "DOCUMENT_TOO_LONG"),
    "bytes": ("{ __typename } #" + "水" * 30_000, "DOCUMENT_TOO_LONG"),
    "an alias longer than PostgreSQL's names": (
        '{ ticketByNumber(number: "x") { ' + "a" * 64 + ": id } }", "ALIAS_TOO_LONG"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), TOO_MUCH.values(), ids=TOO_MUCH.keys())
async def test_too_much_is_refused_in_both_languages(api: Api, text: str, code: str) -> None:
    """Given a document beyond a bound, when sent, then its code comes and PostgreSQL isn't asked."""
    messages = set()
    for language in LANGUAGES:
        with pytest.raises(RequestRefused) as refused:
            await api.ask(text, language=language)
        assert refused.value.errors[0]["extensions"]["code"] == code
        messages.add(refused.value.errors[0]["message"])
    assert len(messages) == 2
    assert api.world.statements == []


async def test_many_nodes_with_much_below_them_are_too_costly(api: Api) -> None:
    """Given `nodes` with lists below lists, when asked, then the cost counts a hundred of them."""
    below = "children(first: 100) { nodes { children(first: 5) { nodes { id } } } }"
    answer = await api.ask(f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Ticket {{ {below} }} }} }}",
                           {"ids": [api.world.ticket_id(0)]})  # fmt: skip
    assert answer["errors"][0]["extensions"]["code"] == "QUERY_TOO_COSTLY"
    answer = await api.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["x"] * 101})
    assert answer["errors"][0]["extensions"]["code"] == "LIST_TOO_LONG"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("", "GRAPHQL_PARSE_FAILED"),
        ("{ nonsense }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ticket { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ('{ ticket(id: "x") }', "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...F } fragment F on Query { ...F }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", "OPERATION_UNKNOWN"),
        ('subscription { ticketEvents(ticketId: "x") { id } }', "SUBSCRIPTION_NEEDS_WEBSOCKET"),
        ("query ($n: String!) { ticketByNumber(number: $n) { id } }", "VARIABLE_INVALID"),
    ],
)
async def test_malformed_documents_have_stable_codes(api: Api, text: str, code: str) -> None:
    """Given a document that isn't right, when sent, then a code tells which step refused it."""
    with pytest.raises(RequestRefused) as refused:
        await api.ask(text)
    assert refused.value.errors[0]["extensions"]["code"] == code


async def test_introspection_is_whole_and_has_no_limit_of_depth(api: Api) -> None:
    """Given the standard introspection query beside a planned field, when asked, then both are answered."""
    from graphql import build_client_schema, get_introspection_query, print_schema

    text = get_introspection_query(descriptions=False)
    data: Any = await api.data(text)
    assert "type Ticket implements Node" in print_schema(build_client_schema(data))
    mixed = await api.data(
        '{ __schema { queryType { name } } __type(name: "Ticket") { kind } '
        't: ticketByNumber(number: "T-00001") { number } }'
    )
    assert mixed == {
        "__schema": {"queryType": {"name": "Query"}},
        "__type": {"kind": "OBJECT"},
        "t": {"number": "T-00001"},
    }


async def test_introspection_only_for_the_roles_that_may(api: Api) -> None:
    """Given introspection for owners only, when a dispatcher tries it, then INTROSPECTION_FORBIDDEN."""
    strict = Executor(api.executor.schema, api.world.open, introspection_roles=frozenset({"owner"}))
    guarded = Api(api.world, strict, api.caller)
    for text in (
        "{ __schema { queryType { name } } }",
        '{ ...F } fragment F on Query { __type(name: "Ticket") { kind } }',
    ):
        with pytest.raises(RequestRefused) as refused:
            await guarded.ask(text)
        assert refused.value.errors[0]["extensions"]["code"] == "INTROSPECTION_FORBIDDEN"
    assert await guarded.data("{ __typename }") == {"__typename": "Query"}


async def test_caches_are_bounded(api: Api) -> None:
    """Given more shapes than a cache holds, when all were asked, then the cache has kept its size."""
    executor = Executor(api.executor.schema, api.world.open, limits=Limits())
    asking = Api(api.world, executor, api.caller)
    text = "query ($first: Int) { tickets(first: $first) { nodes { id } } }"
    for first in range(1, 80):
        await asking.data(text, {"first": first})
    (operation,) = executor._documents._operations._entries.values()
    assert len(operation.plans) == 64
