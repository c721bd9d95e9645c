"""Reads: one statement per root field, whatever the depth, and the same answer as field-by-field execution."""

import json
import re
from typing import Any

import pytest

from tests.api.naive import Naive
from tests.api.world import Api, identifier

pytestmark = pytest.mark.anyio

DEEP = """
query Deep($id: ID!) {
  ticket(id: $id) {
    __typename id number title status price openedAt dueAt late
    age { hours words }
    customer { name tier tickets(first: 2) { totalCount nodes { number customer { name } } } }
    asset { serial colour customer { id } }
    parent { number children(first: 3, orderBy: [{field: NUMBER, direction: DESC}]) {
      edges { cursor node { number events(first: 1) { kind detail } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    } }
    events(first: 5) { id kind occurredAt detail }
  }
}
"""

SAME_AS_NAIVE = {
    "aliases on every level": """
        query ($id: ID!) {
          a: ticket(id: $id) { n: number t: title other: title who: customer { label: name } }
          b: ticketByNumber(number: "T-00004") { number late age { words inHours: hours } }
          nobody: ticketByNumber(number: "none") { number }
        }""",
    "fragments, nested and repeated": """
        query ($id: ID!) {
          ticket(id: $id) { ...Head ...Head ... on Ticket { asset { ...Thing } } ... on Node { id } ...People }
        }
        fragment Head on Ticket { number status customer { name } }
        fragment People on Ticket { customer { id ...Tickets } parent { ...Head } }
        fragment Tickets on Customer { tickets(first: 2) { totalCount nodes { ...Head } } }
        fragment Thing on Asset { serial colour customer { name } }""",
    "the same field merged from several places": """
        query ($id: ID!) {
          ticket(id: $id) { customer { name } ... { customer { id } } events(first: 2) { kind } ...E }
        }
        fragment E on Ticket { events(first: 2) { detail occurredAt } }""",
    "a node by its global id": """
        query ($id: ID!) {
          node(id: $id) { id __typename ... on Ticket { number events { kind } } ... on Asset { serial } }
        }""",
    "lists of lists": """
        query { tickets(first: 7) {
          edges { node { number children { nodes { number events(first: 1) { kind } } } } }
        } }""",
    "page facts without rows": "query { tickets(first: 3) { totalCount pageInfo { hasNextPage hasPreviousPage } } }",
    "type names everywhere": """
        query { __typename tickets(first: 1) { __typename edges { __typename node { __typename age { __typename } } }
          pageInfo { __typename } } }""",
    "two pages of one connection under aliases": """
        query { a: tickets(first: 1) { nodes { id } } b: tickets(first: 2) { x: nodes { id } y: nodes { number } } }""",
}


async def test_a_deep_selection_is_one_statement(api: Api) -> None:
    """Given a selection six levels deep, when it is asked, then PostgreSQL gets one statement."""
    data = await api.data(DEEP, {"id": api.world.ticket_id(3)})
    assert len(api.world.statements) == 1
    assert data["ticket"]["number"] == "T-00003"
    assert [edge["node"]["number"] for edge in data["ticket"]["parent"]["children"]["edges"]] == [
        "T-00007",
        "T-00006",
        "T-00005",
    ]


async def test_each_root_field_is_one_statement(api: Api) -> None:
    """Given three planned root fields, when they are asked in one document, then there are three statements."""
    await api.data(
        "{ a: tickets { nodes { id customer { id } } } b: customers { totalCount }"
        ' c: ticketByNumber(number: "x") { id } }'
    )
    assert len(api.world.statements) == 3


@pytest.mark.parametrize("text", SAME_AS_NAIVE.values(), ids=SAME_AS_NAIVE.keys())
@pytest.mark.parametrize("n", [0, 3, 5])
async def test_the_answer_is_that_of_field_by_field_execution(api: Api, text: str, n: int) -> None:
    """Given any selection, when planned and when resolved field by field, then data and order of keys agree."""
    variables = {"id": api.world.ticket_id(n)} if "$id" in text else {}
    planned = await api.data(text, variables)
    naive = Naive(api.world, api.executor.schema.sdl()).ask(text, variables)
    assert json.dumps(planned, ensure_ascii=False) == json.dumps(naive, ensure_ascii=False)


@pytest.mark.parametrize(("skip", "include"), [(True, True), (True, False), (False, True), (False, False)])
async def test_skip_and_include_follow_the_variables(api: Api, skip: bool, include: bool) -> None:
    """Given @skip and @include on fields and fragments, when variables change, then so does the answer."""
    text = """
    query ($id: ID!, $skip: Boolean!, $include: Boolean!) {
      ticket(id: $id) {
        number title @skip(if: $skip) customer @include(if: $include) { name }
        ...More @skip(if: $skip) ... @include(if: $include) { asset { serial } }
      }
    }
    fragment More on Ticket { status }"""
    variables: dict[str, Any] = {"id": api.world.ticket_id(4), "skip": skip, "include": include}
    assert await api.data(text, variables) == Naive(api.world, api.executor.schema.sdl()).ask(text, variables)


async def test_an_unknown_id_a_foreign_id_and_another_types_id_are_one_answer(api: Api) -> None:
    """Given ids that this tenant hasn't, when they are asked for, then the answer is null each time."""
    text = "query ($id: ID!) { ticket(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }"
    theirs = api.world.ticket_id(1, api.world.theirs)
    unknown = api.world.ticket_id(10_000)
    for wanted in (theirs, unknown):
        assert await api.data(text, {"id": wanted}) == {"ticket": None, "node": None, "nodes": [None]}
    customer = (await api.data("{ customers(first: 1) { nodes { id } } }"))["customers"]["nodes"][0]["id"]
    assert (await api.data("query ($id: ID!) { ticket(id: $id) { id } }", {"id": customer})) == {"ticket": None}


async def test_a_malformed_id_is_named(api: Api) -> None:
    """Given something that isn't a global id, when it is asked for, then ID_MALFORMED says so."""
    for bad in ("", "xyz", "VGlja2V0OjEyMw==", "ÄÖ", "' or 1=1 --"):
        answer = await api.ask("query ($id: ID!) { ticket(id: $id) { id } }", {"id": bad})
        assert answer["data"] == {"ticket": None}
        assert answer["errors"][0]["extensions"]["code"] == "ID_MALFORMED"
        assert answer["errors"][0]["path"] == ["ticket"]


async def test_nodes_keep_the_order_of_their_ids(api: Api) -> None:
    """Given ids of two types, one of them unknown, when asked together, then answers stand in that order."""
    customer = (await api.data("{ customers(first: 1) { nodes { id } } }"))["customers"]["nodes"][0]["id"]
    ids = [api.world.ticket_id(2), customer, api.world.ticket_id(9_999), api.world.ticket_id(1)]
    data = await api.data(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Ticket { age { hours } } } }", {"ids": ids}
    )
    assert [node and node["id"] for node in data["nodes"]] == [ids[0], ids[1], None, ids[3]]
    assert data["nodes"][3]["age"] == {"hours": 0}
    assert len(api.world.statements) == 2


async def test_a_customer_sees_only_own_rows_wherever_they_appear(api: Api) -> None:
    """Given a caller of a customer, when lists, roots, relations and counts are asked, then others' rows are absent."""
    own = identifier(api.world.ours, "customer", 1)
    caller = api.caller.as_customer(own)
    data = await api.data(
        """query ($foreign: ID!, $own: ID!) {
          tickets(first: 100) { totalCount nodes { number customer { name } } }
          foreign: ticket(id: $foreign) { id }
          own: ticket(id: $own) { number parent { number } }
          node(id: $foreign) { id }
        }""",
        {"foreign": api.world.ticket_id(0), "own": api.world.ticket_id(1)},
        caller=caller,
    )
    assert data["tickets"]["totalCount"] == 10 == len(data["tickets"]["nodes"])
    assert {node["customer"]["name"] for node in data["tickets"]["nodes"]} == {"Customer 1"}
    assert data["foreign"] is None
    assert data["node"] is None
    assert data["own"] == {"number": "T-00001", "parent": None}


async def test_plans_of_one_role_never_serve_another(api: Api) -> None:
    """Given one document, when a dispatcher and then a customer ask it, then each gets their own rows."""
    text = "{ tickets { totalCount } }"
    own = api.caller.as_customer(identifier(api.world.ours, "customer", 2))
    counts = [(await api.data(text, caller=c))["tickets"]["totalCount"] for c in (api.caller, own, api.caller)]
    assert counts == [30, 10, 30]


async def test_a_field_for_other_roles_is_refused(api: Api) -> None:
    """Given a field for dispatchers, when a customer selects it, then FORBIDDEN names it and nothing runs."""
    from aftersales_graphql.errors import RequestRefused

    caller = api.caller.as_customer(identifier(api.world.ours, "customer", 1))
    with pytest.raises(RequestRefused) as refused:
        await api.ask("{ customers { nodes { name tier } } }", caller=caller)
    assert refused.value.errors[0]["extensions"] == {"code": "FORBIDDEN", "field": "Customer.tier"}
    assert api.world.statements == []


async def test_more_than_fifty_fields_fit_into_one_object(api: Api) -> None:
    """Given 80 aliases of fields (a JSON function takes 100 arguments), when asked, then all are answered."""
    from dataclasses import replace

    from aftersales_graphql.machine.executor import Executor

    limits = replace(api.executor.limits, aliases=100)
    wide = Api(api.world, Executor(api.executor.schema, api.world.open, limits=limits), api.caller)
    aliases = " ".join(f"a{n}: number" for n in range(80))
    data = await wide.data(f'{{ ticketByNumber(number: "T-00001") {{ {aliases} }} }}')
    assert data["ticketByNumber"] == {f"a{n}": "T-00001" for n in range(80)}


async def test_every_table_access_carries_the_tenant(api: Api) -> None:
    """Given a deep statement, when its SQL is read, then each table is under `tenant_id = $n` besides the policies."""
    await api.data(DEEP, {"id": api.world.ticket_id(3)})
    (sql,) = api.world.statements
    tables = sql.count("FROM example.")
    assert tables > 8
    assert len(re.findall(r"tenant_id = \$\d::UUID", sql)) == tables
