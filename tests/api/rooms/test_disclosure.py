"""What of the journal, and of whom, customers and dealers learn: no path leads further than another."""

import re
from typing import Any

import msgspec
import pytest

from aftersales.journal.models import Event
from aftersales.kit.ids import new_id
from aftersales_graphql.rooms.disclosure import OF_CUSTOMERS, OF_TICKETS
from tests.api.rooms.api import Api, Caller, Tables, node_id
from tests.api.rooms.world import Company, found_company
from tests.fixtures.database import TestPlatform

SECRET = "Only for the house"
INTERNAL = (
    "approval.requested", "ticket.emergency_plan", "ticket.called", "ticket.major_incident", "alarm.raised",
    "coverage.decided", "invoice.issued", "hazard.reported", "calendar.saved", "something.new",
)  # fmt: skip
PATHS = """query ($ticket: ID!, $asset: ID!, $customer: ID!) {
    events(first: 100) { totalCount nodes { id kind data } }
    ticket(id: $ticket) { events(first: 100) { totalCount nodes { id kind data } } lastEvents { id kind data } }
    asset(id: $asset) { archive(first: 100) { totalCount nodes { id kind data } } }
    customer(id: $customer) { events(first: 100) { totalCount nodes { id kind data } } } }"""
EVENT = "... on Event { id kind data }"


@pytest.fixture
async def ours(rooms: Api, platform: TestPlatform, tables: Tables) -> Company:
    return await found_company(rooms, platform, tables)


async def write_journal(company: Company) -> list[str]:
    """An event of every kind, ours and the company's own, each with a secret in its data; their global ids."""
    written = []
    ids = {name: company.row_id(name) for name in ("Ticket", "Asset", "Customer")}
    async with company.tenant.work() as uow:
        for kind in (*OF_CUSTOMERS, *INTERNAL):
            event = Event(
                id=new_id(), at=uow.now, kind=kind, actor="test", subject_type="ticket", subject_id=ids["Ticket"],
                ticket_id=ids["Ticket"], asset_id=ids["Asset"], customer_id=ids["Customer"],
                data={"reason": SECRET, "notes": SECRET, "plan": SECRET, "body": SECRET, "number": "T-1"},
            )  # fmt: skip
            uow.add(event)
            written.append(node_id("Event", event.id))
    return written


def events_in(found: Any) -> list[dict[str, Any]]:
    if isinstance(found, list):
        return [event for item in found for event in events_in(item)]
    if isinstance(found, dict):
        return [found] if "kind" in found else [event for item in found.values() for event in events_in(item)]
    return []


async def every_page(caller: Caller, around: str, thing: str, name: str) -> tuple[int, list[dict[str, Any]]]:
    """How many events a list says that it has, and all that its pages show."""
    nodes: list[dict[str, Any]] = []
    after = ""
    while True:
        part = f"{name}(first: 100{after}) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ id kind }} }}"
        text = f'{around}(id: "{thing}") {{ {part} }}' if around else part
        answer = await caller.ask(f"{{ {text} }}")
        found = (answer[around] if around else answer)[name]
        nodes += found["nodes"]
        if not found["pageInfo"]["hasNextPage"]:
            return found["totalCount"], nodes
        after = f', after: "{found["pageInfo"]["endCursor"]}"'


@pytest.mark.parametrize(("role", "allowed"), [("customer", OF_CUSTOMERS), ("dealer", OF_TICKETS)])
async def test_no_path_shows_an_outsider_what_is_not_disclosed(
    ours: Company, role: str, allowed: dict[str, frozenset[str]]
) -> None:
    """Given events of every kind about an outsider's ticket, when it reads by any path, then it finds disclosed ones.

    Neither kinds nor keys of data beyond the list come, and no count gives them away.
    """
    given = {name.lower(): ours.ids[name] for name in ("Ticket", "Asset", "Customer")}
    written = await write_journal(ours)
    shown = await ours.callers[role].ask(PATHS, **given)
    shown["nodes"] = await ours.callers[role].nodes(written, EVENT)
    events = events_in(shown)
    assert {event["kind"] for event in events} == set(allowed)
    for event in events:
        assert set(event["data"]) <= allowed[event["kind"]], event["kind"]
    text = msgspec.json.encode(shown).decode()
    assert SECRET not in text, text[max(0, text.find(SECRET) - 300) : text.find(SECRET) + 100]
    for around, name in (("", "events"), ("ticket", "events"), ("asset", "archive"), ("customer", "events")):
        total, nodes = await every_page(ours.callers[role], around, given.get(around, ""), name)
        assert total == len(nodes)
        assert {event["kind"] for event in nodes} <= set(allowed)
    done = [event["data"] for event in shown["nodes"] if event and event["kind"] == "work_order.done"]
    assert done == [{"number": "T-1"}]
    alone = await ours.callers[role].ask(re.sub(r"id kind data", "data", PATHS), **given)
    alone["nodes"] = await ours.callers[role].nodes(written, "... on Event { data }")
    assert SECRET not in msgspec.json.encode(alone).decode()
    assert [node["data"] for node in alone["events"]["nodes"]] == [node["data"] for node in shown["events"]["nodes"]]
    by_staff = events_in(await ours.owner.nodes(written, EVENT))
    assert {*OF_CUSTOMERS, *INTERNAL} <= {event["kind"] for event in by_staff}


async def test_a_dealer_sees_whom_and_what_the_tickets_of_its_unit_are_about(ours: Company) -> None:
    """Given a ticket of the dealer's unit and another one, when the dealer looks, then it sees the first's alone."""
    owner, dealer, ids = ours.owner, ours.callers["dealer"], ours.ids
    second = await owner.do(
        "addSite", "site { id }", customerId=ids["Customer"], name="Second roof", region="320100"
    )  # fmt: skip
    other = (await owner.do("createCustomer", "customer { id }", code="C-2", name="Zhao"))["customer"]["id"]
    opened = await owner.do(
        "openTicket", "ticket { id }", kind="fault", channel="web", title="Cold", customerId=other, assetId=None,
        vertical="solar",
    )  # fmt: skip
    read = """query ($id: ID!) { ticket(id: $id) {
        customer { id name sites { id } contracts { id } } contact { name } asset { id site { id } components { id } }
    } }"""
    seen = (await dealer.ask(read, id=ids["Ticket"]))["ticket"]
    assert (seen["customer"]["name"], seen["contact"]["name"]) == ("Li", "Mrs. Li")
    assert (seen["customer"]["contracts"], seen["asset"]["id"]) == ([], ids["Asset"])
    assert second["site"]["id"] not in [site["id"] for site in seen["customer"]["sites"]]
    hidden = [other, second["site"]["id"], ours.car, opened["ticket"]["id"], ids["ServiceContract"]]
    nodes = await dealer.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=hidden)
    assert nodes == {"nodes": [None] * len(hidden)}
