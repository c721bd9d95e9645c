"""A mutation with a key is done once: asked again, asked at the same time, asked with other input."""

import asyncio
from typing import Any

from tests.api.rooms.api import Caller, Tables
from tests.api.rooms.conftest import MakeCaller
from tests.fixtures.database import TestTenant

TICKET = "ticket { id number title }"


async def report(owner: Caller, **more: Any) -> dict[str, Any]:
    """The input of a report by a customer of the caller's company."""
    found = await owner.ask('{ customers(filter: { code: { eq: "C-1" } }) { nodes { id } } }')
    nodes = found["customers"]["nodes"]
    customer = nodes[0]["id"] if nodes else None
    if customer is None:
        customer = (await owner.do("createCustomer", "customer { id }", code="C-1", name="Li"))["customer"]["id"]
    return {"kind": "fault", "channel": "web", "title": "It leaks", "vertical": "solar", "customerId": customer, **more}


async def numbers(owner: Caller) -> list[str]:
    found = await owner.ask("{ tickets { nodes { number } } }")
    return [ticket["number"] for ticket in found["tickets"]["nodes"]]


async def test_asked_again_it_answers_the_same_and_opens_no_second_ticket(
    owner: Caller, company: TestTenant, tables: Tables
) -> None:
    """Given a key that was used, when the same report comes again, then the answer is the first one's."""
    given = await report(owner, idempotencyKey="k-1")
    first = await owner.do("openTicket", TICKET, **given)
    before = await tables.content(company.id)
    assert await owner.do("openTicket", TICKET, **given) == first
    assert await tables.content(company.id) == before
    assert await numbers(owner) == [first["ticket"]["number"]]


async def test_the_same_key_with_other_input_is_refused(owner: Caller, company: TestTenant, tables: Tables) -> None:
    """Given a key that was used, when another report comes with it, then it is refused and nothing is written."""
    given = await report(owner, idempotencyKey="k-1")
    await owner.do("openTicket", TICKET, **given)
    before = await tables.content(company.id)
    payload = await owner.mutate("openTicket", TICKET, **{**given, "title": "It is cold"})
    assert payload["ticket"] is None
    assert [(e["code"], e["field"]) for e in payload["userErrors"]] == [("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")]
    assert await tables.content(company.id) == before


async def test_asked_at_once_it_opens_one_ticket(owner: Caller) -> None:
    """Given four equal reports with one key, when they come at the same time, then all get the one ticket."""
    given = await report(owner, idempotencyKey="k-1")
    answers = await asyncio.gather(*(owner.do("openTicket", TICKET, **given) for _ in range(4)))
    assert {answer["ticket"]["number"] for answer in answers} == {"T-2026-000001"}
    assert await numbers(owner) == ["T-2026-000001"]


async def test_a_refused_report_leaves_its_key_free(owner: Caller) -> None:
    """Given a report that was refused, when it comes again with the same key and put right, then it is taken in."""
    given = await report(owner, idempotencyKey="k-1")
    assert await owner.code("openTicket", **{**given, "channel": "pigeon"}) == "CHANNEL_UNKNOWN"
    assert (await owner.do("openTicket", TICKET, **given))["ticket"]["number"] == "T-2026-000001"


async def test_two_callers_may_use_the_same_key(owner: Caller, caller: MakeCaller, company: TestTenant) -> None:
    """Given a key of one member, when another member uses the same text, then it is another key."""
    given = await report(owner, idempotencyKey="k-1")
    dispatcher = await caller(company, "dispatcher")
    await owner.do("openTicket", TICKET, **given)
    await dispatcher.do("openTicket", TICKET, **given)
    assert len(await numbers(owner)) == 2


async def test_complaints_have_keys_too(owner: Caller) -> None:
    """Given a complaint with a key, when it comes twice, then it is filed once."""
    ticket = (await owner.do("openTicket", TICKET, **await report(owner)))["ticket"]["id"]
    complaint = {"ticketId": ticket, "channel": "web", "title": "Nobody came", "idempotencyKey": "c-1"}
    first = await owner.do("fileComplaint", TICKET, **complaint)
    assert await owner.do("fileComplaint", TICKET, **complaint) == first
    assert len(await numbers(owner)) == 2
