"""Filters: each operator against the same condition in Python, and strings that try to be SQL."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from aftersales_graphql.machine.relay import encode_id
from tests.api.world import NOW, Api, identifier

pytestmark = pytest.mark.anyio

Row = dict[str, Any]
LIST = "query ($filter: TicketFilter) { tickets(first: 100, filter: $filter) { totalCount nodes { number } } }"

CASES: list[tuple[dict[str, Any], Callable[[Row], bool]]] = [
    ({}, lambda row: True),
    ({"number": None}, lambda row: True),
    ({"number": {"eq": "T-00003"}}, lambda row: row["number"] == "T-00003"),
    ({"number": {"ne": "T-00003"}}, lambda row: row["number"] != "T-00003"),
    ({"number": {"in": ["T-00003", "T-00004", "none"]}}, lambda row: row["number"] in {"T-00003", "T-00004"}),
    ({"number": {"in": []}}, lambda row: False),
    ({"number": {"startsWith": "T-0001"}}, lambda row: row["number"].startswith("T-0001")),
    ({"title": {"contains": 'TICKET "1'}}, lambda row: 'ticket "1' in row["title"].lower()),
    ({"title": {"contains": "%"}}, lambda row: False),
    ({"title": {"contains": "水\\"}}, lambda row: True),
    ({"status": {"eq": "IN_PROGRESS"}}, lambda row: row["status"] == "in_progress"),
    ({"status": {"ne": "OPEN"}}, lambda row: row["status"] != "open"),
    ({"status": {"in": ["OPEN", "CLOSED"]}}, lambda row: row["status"] in {"open", "closed"}),
    ({"hours": {"gte": 1, "lt": 4}}, lambda row: 1 <= row["hours"] < 4),
    (
        {"hours": {"in": [0, 4]}, "status": {"eq": "OPEN"}},
        lambda row: row["hours"] in {0, 4} and row["status"] == "open",
    ),
    ({"dueAt": {"isNull": True}}, lambda row: row["due_at"] is None),
    (
        {"dueAt": {"isNull": False, "lte": NOW.isoformat()}},
        lambda row: row["due_at"] is not None and row["due_at"] <= NOW,
    ),
    ({"dueAt": {"gt": "2026-03-02T17:00:00+08:00"}}, lambda row: row["due_at"] is not None and row["due_at"] > NOW),
    ({"price": {"gt": "2.50"}}, lambda row: row["price"] is not None and row["price"] > Decimal("2.50")),
    ({"numbers": ["T-00002", "T-00008"]}, lambda row: row["number"] in {"T-00002", "T-00008"}),
    ({"late": False}, lambda row: False),
    ({"late": True}, lambda row: row["due_at"] is not None and row["due_at"] < NOW),
]


@pytest.mark.parametrize(("wanted", "condition"), CASES, ids=[str(case[0]) for case in CASES])
async def test_each_operator_means_what_it_says(
    api: Api, wanted: dict[str, Any], condition: Callable[[Row], bool]
) -> None:
    """Given a filter as a variable, when asked, then exactly the rows that pass it come, and the count agrees."""
    found = (await api.data(LIST, {"filter": wanted}))["tickets"]
    numbers = {row["number"] for row in api.world.of("tickets") if condition(row)}
    assert {node["number"] for node in found["nodes"]} == numbers
    assert found["totalCount"] == len(numbers)


async def test_ids_filter_relations(api: Api) -> None:
    """Given global ids, when filtering by a relation, then they count; another type's id matches nothing."""
    customer = identifier(api.world.ours, "customer", 1)
    by_customer = {"filter": {"customer": {"eq": encode_id("Customer", customer)}}}
    assert (await api.data(LIST, by_customer))["tickets"]["totalCount"] == 10
    by_ticket = {"filter": {"customer": {"in": [encode_id("Ticket", customer)]}}}
    assert (await api.data(LIST, by_ticket))["tickets"]["totalCount"] == 0
    orphans = {"filter": {"parent": {"isNull": True}}}
    assert (await api.data(LIST, orphans))["tickets"]["totalCount"] == 23
    parents = {"filter": {"child": api.world.ticket_id(5)}}
    assert (await api.data(LIST, parents))["tickets"]["nodes"] == [{"number": "T-00000"}]
    own = {"filter": {"id": {"in": [api.world.ticket_id(1), api.world.ticket_id(2, api.world.theirs)]}}}
    assert (await api.data(LIST, own))["tickets"]["totalCount"] == 1


async def test_a_filter_may_be_written_or_mixed_with_variables(api: Api) -> None:
    """Given a filter as text with single variables in it, when asked, then it filters the same."""
    data = await api.data(
        """query ($number: String!, $more: String, $status: TicketStatus) {
          a: tickets(filter: {number: {in: ["T-00001", $number]}, status: {eq: $status}}) { totalCount }
          b: tickets(filter: {number: {eq: $more}, status: {eq: OPEN}}) { totalCount }
        }""",
        {"number": "T-00004", "status": "IN_PROGRESS"},
    )
    assert data == {"a": {"totalCount": 2}, "b": {"totalCount": 10}}


async def test_one_document_with_differently_shaped_filters(api: Api) -> None:
    """Given one document, when its filter variable changes shape, then each shape has its own plan."""
    counts = [
        (await api.data(LIST, {"filter": wanted}))["tickets"]["totalCount"]
        for wanted in ({"hours": {"eq": 1}}, {"number": {"eq": "T-00001"}}, None, {"hours": {"eq": 2}}, {})
    ]
    assert counts == [6, 1, 30, 6, 30]


INJECTIONS = [
    "' or '1'='1",
    "'; drop table example.tickets; --",
    "\\'; select 1; --",
    "$1",
    "%s :name {x}",
    '"',
    "T-00001' -- ",
    "/* */",
    "\u202e𝔘'\\",
]


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("operator", ["eq", "startsWith", "contains", "in"])
async def test_strings_stay_strings(api: Api, text: str, operator: str) -> None:
    """Given text that looks like SQL, when it filters, as a variable or written, then it is only compared."""
    value: Any = [text] if operator == "in" else text
    assert (await api.data(LIST, {"filter": {"number": {operator: value}}}))["tickets"]["totalCount"] == 0
    import json

    written = (
        f"{{ tickets(filter: {{number: {{{operator}: {json.dumps(value, ensure_ascii=False)}}}}}) {{ totalCount }} }}"
    )
    assert (await api.data(written))["tickets"]["totalCount"] == 0
    assert (await api.data("{ tickets { totalCount } }"))["tickets"]["totalCount"] == 30


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"number": {"eq": "a\x00b"}}, "TEXT_INVALID"),
        ({"dueAt": {"lt": "2026-03-02T09:00:00"}}, "INSTANT_NAIVE"),
        ({"number": {"in": ["x"] * 201}}, "LIST_TOO_LONG"),
        ({"customer": {"eq": "what"}}, "ID_MALFORMED"),
    ],
)
async def test_values_that_no_row_can_have_are_named(api: Api, wanted: dict[str, Any], code: str) -> None:
    """Given a value of the right type that can't be right, when asked, then a code and the field say so."""
    answer = await api.ask(LIST, {"filter": wanted})
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == code
    assert answer["errors"][0]["extensions"]["field"].split(".")[0] in wanted


@pytest.mark.parametrize(
    "variables",
    [
        {"filter": {"status": {"eq": "open' or 1=1"}}},
        {"filter": {"unknown": {"eq": "x"}}},
        {"filter": {"hours": {"eq": "1; select 1"}}},
        {"filter": {"dueAt": {"lt": "soon"}}},
    ],
)
async def test_values_of_another_type_are_refused(api: Api, variables: dict[str, Any]) -> None:
    """Given values outside the schema, when asked, then VARIABLE_INVALID and nothing runs."""
    from aftersales_graphql.errors import RequestRefused

    with pytest.raises(RequestRefused) as refused:
        await api.ask(LIST, variables)
    assert refused.value.errors[0]["extensions"]["code"] == "VARIABLE_INVALID"
    assert api.world.statements == []


async def test_the_clock_of_the_unit_of_work_decides_what_is_late(api: Api) -> None:
    """Given the unit's instant moved on, when asked again, then more rows are late: no statement reads a clock."""
    before = (await api.data(LIST, {"filter": {"late": True}}))["tickets"]["totalCount"]
    api.world.now = NOW + timedelta(days=1)
    try:
        after = (await api.data(LIST, {"filter": {"late": True}}))["tickets"]["totalCount"]
    finally:
        api.world.now = NOW
    assert (before, after) == (12, 25)
