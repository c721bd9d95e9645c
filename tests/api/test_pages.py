"""Connections: keyset pages that neither repeat nor lose a row, forwards and backwards, over empty values too."""

from base64 import b64encode
from typing import Any

import msgspec
import pytest
from sqlalchemy import BigInteger, Boolean, Date, Float, Integer, Numeric, Text, Uuid
from sqlalchemy import Column as SqlColumn

from aftersales.kit.errors import AftersalesError
from aftersales_graphql.machine.sql import key_of_cursor
from tests.api.world import NOW, Api, identifier

pytestmark = pytest.mark.anyio

PAGE = """
query Page($first: Int, $after: String, $last: Int, $before: String, $order: [TicketOrder!]) {
  tickets(first: $first, after: $after, last: $last, before: $before, orderBy: $order) {
    edges { cursor node { number } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""

ORDERS: dict[str, list[dict[str, str]]] = {
    "the default order": [],
    "a column with empty values": [{"field": "DUE_AT"}],
    "the same, descending": [{"field": "DUE_AT", "direction": "DESC"}],
    "two keys with many ties": [{"field": "HOURS"}, {"field": "OPENED_AT"}],
    "two keys in opposite directions": [{"field": "HOURS", "direction": "DESC"}, {"field": "DUE_AT"}],
    "text": [{"field": "TITLE"}],
}


async def walk(api: Api, order: list[dict[str, str]], *, backward: bool = False) -> list[list[str]]:
    """All pages of four rows, following the cursors that the API gives."""
    size, edge, cursor = ("last", "before", "startCursor") if backward else ("first", "after", "endCursor")
    more = "hasPreviousPage" if backward else "hasNextPage"
    pages: list[list[str]] = []
    variables: dict[str, Any] = {size: 4, "order": order}
    while True:
        page = (await api.data(PAGE, variables))["tickets"]
        pages.append([e["node"]["number"] for e in page["edges"]])
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        if not page["pageInfo"][more]:
            return pages
        variables[edge] = page["pageInfo"][cursor]


def expected(api: Api, order: list[dict[str, str]]) -> list[str]:
    """The whole list, sorted in Python; an empty value counts as the largest."""
    rows = api.world.of("tickets")
    keys = [(o["field"].lower(), o.get("direction") == "DESC") for o in order] or [("opened_at", True)]
    rows = sorted(rows, key=lambda row: row["id"].bytes, reverse=keys[-1][1])
    for name, descending in reversed(keys):
        rows = (
            sorted(rows, key=lambda row: (row[name] is None, row[name] or NOW), reverse=descending)
            if name in {"due_at"}
            else sorted(rows, key=lambda row: row[name], reverse=descending)
        )
    return [row["number"] for row in rows]


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
async def test_pages_forward_give_every_row_once(api: Api, order: list[dict[str, str]]) -> None:
    """Given any order, when walked by `first` and `after`, then the pages join to the whole list."""
    pages = await walk(api, order)
    assert [number for page in pages for number in page] == expected(api, order)
    assert [len(page) for page in pages] == [4, 4, 4, 4, 4, 4, 4, 2]


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
async def test_pages_backward_give_every_row_once(api: Api, order: list[dict[str, str]]) -> None:
    """Given any order, when walked by `last` and `before`, then the pages join to the same list."""
    pages = await walk(api, order, backward=True)
    assert [number for page in reversed(pages) for number in page] == expected(api, order)


async def test_a_page_stays_where_it_is_when_rows_arrive(api: Api) -> None:
    """Given a cursor, when a newer row is written before the next page is read, then no row is repeated."""
    first = (await api.data(PAGE, {"first": 5}))["tickets"]
    whole = expected(api, [])
    async with api.world.open(api.caller) as uow:
        await uow.connection.execute(
            """insert into example.tickets (tenant_id, id, number, title, status, hours, opened_at, customer_id)
            select tenant_id, $2, 'T-new', title, status, hours, opened_at + interval '1 day', customer_id
            from example.tickets where tenant_id = $1 limit 1""",
            api.world.ours, identifier("new ticket"),
        )  # fmt: skip
    try:
        second = (await api.data(PAGE, {"first": 5, "after": first["pageInfo"]["endCursor"]}))["tickets"]
        assert [e["node"]["number"] for e in second["edges"]] == whole[5:10]
        assert second["pageInfo"]["hasPreviousPage"] is True
    finally:
        async with api.world.open(api.caller) as uow:
            await uow.connection.execute(
                "delete from example.tickets where tenant_id = $1 and number = 'T-new'", api.world.ours
            )


async def test_an_empty_page_has_no_cursors(api: Api) -> None:
    """Given a filter that nothing passes, when asked, then the page is empty and says so."""
    data = await api.data(
        """{ tickets(filter: {number: {eq: "none"}}) { totalCount nodes { id } edges { cursor }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    )
    assert data["tickets"] == {
        "totalCount": 0,
        "nodes": [],
        "edges": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }


async def test_a_page_of_none_only_tells_whether_there_are_some(api: Api) -> None:
    """Given `first: 0`, when asked, then there is no row, and hasNextPage tells that there would be."""
    page = (await api.data(PAGE, {"first": 0}))["tickets"]
    assert page["edges"] == []
    assert page["pageInfo"] == {
        "hasNextPage": True, "hasPreviousPage": False, "startCursor": None, "endCursor": None
    }  # fmt: skip


async def test_nested_connections_page_per_parent(api: Api) -> None:
    """Given customers with ten tickets each, when the second page of each is asked, then it is theirs."""
    text = """query ($after: String) { customers(orderBy: [{field: NAME}]) { nodes { name
      tickets(first: 3, after: $after, orderBy: [{field: NUMBER}]) {
        nodes { number } pageInfo { endCursor hasNextPage } } } } }"""
    first = await api.data(text)
    cursor = first["customers"]["nodes"][0]["tickets"]["pageInfo"]["endCursor"]
    second = await api.data(text, {"after": cursor})
    assert [node["number"] for node in second["customers"]["nodes"][0]["tickets"]["nodes"]] == [
        "T-00009",
        "T-00012",
        "T-00015",
    ]
    assert len(api.world.statements) == 1


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"first": 101}, "PAGE_SIZE_INVALID"),
        ({"first": -1}, "PAGE_SIZE_INVALID"),
        ({"first": 1, "last": 1}, "PAGE_BOTH_WAYS"),
    ],
)
async def test_impossible_pages_are_refused(api: Api, variables: dict[str, Any], code: str) -> None:
    """Given a page size that can't be, when asked, then a stable code says why and nothing runs."""
    from aftersales_graphql.errors import RequestRefused

    with pytest.raises(RequestRefused) as refused:
        await api.ask(PAGE, variables)
    assert refused.value.errors[0]["extensions"]["code"] == code
    assert api.world.statements == []


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "bm90IGpzb24=", "WyJkdWVfYXQiLCAxXQ==", "Wyctb3BlbmVkX2F0J10=",
     "WyItb3BlbmVkX2F0IiwgIm5vdCBhIHRpbWUiLCAibm90IGFuIGlkIl0=", "WyItb3BlbmVkX2F0IiwgeyJhIjogMX0sIFtdXQ=="],
)  # fmt: skip
async def test_a_damaged_or_foreign_cursor_is_refused(api: Api, cursor: str) -> None:
    """Given a cursor that this order didn't give, when followed, then CURSOR_INVALID."""
    answer = await api.ask(PAGE, {"first": 2, "after": cursor})
    assert answer["errors"][0]["extensions"]["code"] == "CURSOR_INVALID"
    assert answer["data"] is None


INSTANT, ROW = "2026-06-10T08:00:00+00:00", "018f0000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    "keys",
    [
        [1, ROW], [INSTANT, 1], [INSTANT, None], [INSTANT, True], ["2026-06-10T08:00:00", ROW], ["a\u0000b", ROW],
        ["0001-01-01T00:00:00+14:00", ROW], [[INSTANT], ROW], [INSTANT, [ROW]], [10**30, ROW],
    ],
)  # fmt: skip
@pytest.mark.parametrize("edge", ["after", "before"])
async def test_a_forged_cursor_is_refused_whatever_its_keys(api: Api, keys: list[Any], edge: str) -> None:
    """Given a cursor of the right form with keys no row can have had, when followed, then CURSOR_INVALID names it."""
    forged = b64encode(msgspec.json.encode(["-opened_at", *keys])).decode()
    answer = await api.ask(PAGE, {"last" if edge == "before" else "first": 2, edge: forged})
    [error] = answer["errors"]
    assert error["extensions"] == {"code": "CURSOR_INVALID", "field": edge}


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (Text(), "a\x00b"), (Text(), 1), (Integer(), 2**31), (Integer(), True), (Integer(), 1.5), (BigInteger(), 2**63),
        (Boolean(), 1), (Float(), "1"), (Numeric(), "NaN"), (Numeric(), "Infinity"), (Numeric(), 1.5), (Date(), "x"),
        (Uuid(), 5), (Text(), None),
    ],
)  # fmt: skip
def test_a_cursors_key_is_of_its_columns_type(type_: Any, value: Any) -> None:
    """Given a value that a column can't hold, when it stands in a cursor, then it isn't taken."""
    with pytest.raises((ValueError, ArithmeticError, AftersalesError)):
        key_of_cursor(SqlColumn("key", type_, nullable=False), value)
    assert key_of_cursor(SqlColumn("key", type_), None) is None
