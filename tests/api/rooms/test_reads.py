"""Reads over the real types: one statement per root field however deep, lists in order, reasons in words."""

import pytest

from tests.api.rooms.api import Api, Caller, Tables
from tests.api.rooms.world import Company, found_company
from tests.fixtures.database import TestPlatform

DEEP = """query ($id: ID!) { ticket(id: $id) {
    number
    customer { name sites(first: 5) { name warrantyCards(first: 3) { number } } contacts { name } }
    asset { name components(first: 20) { component } customer { name } archive(first: 5) { totalCount nodes { kind } }
        solarSolarWaterHeater { households } trainingDuties(first: 5) { curriculum commitments(first: 5) { dueAt } } }
    solarSolarFaults { leaking }
    engineer { name serviceUnit { name } certificates { certificate } }
    commitments(first: 20) { milestone overdue segments(first: 20) { kind startsAt } alarms(first: 3) { code } }
    gradings { grade facts } calls { notes } attempts { step } authorisations { grantedBy }
    remoteSessions { minutes engineer { name } authorisation { purpose } } emergencyPlans { body }
    workOrders(first: 5) { number lines { kind quantity }
        appointments(first: 10) { state engineer { name } ticket { number } } }
    lastEvents { kind }
    events(first: 2) { pageInfo { hasNextPage } edges { cursor node { kind ticket { number } } } } } }"""


@pytest.fixture
async def company_of_all(rooms: Api, platform: TestPlatform, tables: Tables) -> Company:
    return await found_company(rooms, platform, tables)


async def test_a_ticket_with_everything_is_one_statement(rooms: Api, company_of_all: Company) -> None:
    """Given a ticket, when it is read with nearly all that hangs on it, then the database is asked once."""
    owner = company_of_all.owner
    rooms.statements.clear()
    ticket = (await owner.ask(DEEP, id=company_of_all.ids["Ticket"]))["ticket"]
    assert len(rooms.statements) == 1
    assert ticket["solarSolarFaults"] == {"leaking": True}
    assert ticket["asset"]["solarSolarWaterHeater"] == {"households": 1}
    assert ticket["workOrders"][0]["appointments"][0]["ticket"]["number"] == ticket["number"]
    assert ticket["workOrders"][0]["lines"] == [{"kind": "part", "quantity": "2.000"}]
    assert len(ticket["lastEvents"]) == 20


@pytest.mark.parametrize("role", ["owner", "customer", "dealer"])
async def test_every_root_field_is_one_statement(rooms: Api, company_of_all: Company, role: str) -> None:
    """Given a request with several lists, when any role asks, then there is one statement for each of them."""
    rooms.statements.clear()
    await company_of_all.callers[role].ask(
        """{
        tickets(filter: { open: { eq: true } , overdue: false }, orderBy: [{ field: NEXT_DUE_AT }]) {
            totalCount nodes { number customer { name } asset { name } } }
        assets { nodes { number children { number } tickets(first: 3) { totalCount nodes { number } } } }
        contracts { nodes { number lines { assetType asset { name } } customer { name } } }
        engineers { nodes { name serviceUnit { name } } }
        notices { nodes { subject } }
    }""".replace("open: { eq: true }", "open: true")
    )
    assert len(rooms.statements) == 5


async def test_what_a_mutation_answers_is_read_once(rooms: Api, company_of_all: Company) -> None:
    """Given a mutation, when its payload asks for relations, then they are read in one statement after the writing."""
    rooms.statements.clear()
    done = await company_of_all.owner.do(
        "acknowledgeTicket", "ticket { number commitments { state segments { kind } } lastEvents { kind } }",
        ticketId=company_of_all.ids["Ticket"],
    )  # fmt: skip
    assert len(rooms.statements) == 1
    assert done["ticket"]["lastEvents"]


async def test_why_this_date_is_told_in_the_readers_language(company_of_all: Company) -> None:
    """Given a deadline, when asked why, then milestone, event and clause are told in words of the reader's language."""
    text = (
        "query ($id: ID!) { explain(commitmentId: $id) { text milestone clause dueAt policies { code rank lostBy } } }"
    )
    told = {}
    for language in ("en", "zh-CN"):
        owner = company_of_all.owner
        asking = Caller(owner.api, owner.tenant, owner.token, language)
        told[language] = (await asking.ask(text, id=company_of_all.ids["Commitment"]))["explain"]
    english, chinese = told["en"]["text"], told["zh-CN"]["text"]
    assert told["en"]["milestone"] == told["zh-CN"]["milestone"]
    assert told["en"]["milestone"] not in chinese.splitlines()[0]
    assert told["en"]["clause"] in english
    assert told["en"]["clause"] in chinese
    assert english.startswith("Promise: ")
    assert chinese.startswith("承诺:")
    assert told["en"]["policies"][0]["rank"] == 1


async def test_dead_letters_are_listed_and_tried_again(company_of_all: Company) -> None:
    """Given a message that was given up, when the owner replays it, then it waits for its first attempt again."""
    owner = company_of_all.owner
    listed = await owner.ask("{ deadLetters { totalCount nodes { id topic state attempts lastError } } }")
    [dead] = listed["deadLetters"]["nodes"]
    assert dead == {
        "id": company_of_all.ids["OutboxMessage"], "topic": "webhook", "state": "dead", "attempts": 8,
        "lastError": "nobody answered",
    }  # fmt: skip
    again = await owner.do("replayDeadLetter", "message { state attempts deadAt }", messageId=dead["id"])
    assert again["message"] == {"state": "waiting", "attempts": 0, "deadAt": None}
    assert (await owner.ask("{ deadLetters { totalCount } }"))["deadLetters"] == {"totalCount": 0}


async def test_a_webhooks_secret_is_shown_once(company_of_all: Company) -> None:
    """Given a new endpoint, then its secret stands in that one answer, and in the one that replaces it."""
    owner = company_of_all.owner
    made = await owner.do("addWebhookEndpoint", "secret endpoint { id url eventKinds }", url="https://example.org/two")
    assert made["secret"].startswith("whsec_")
    hidden = await owner.answer("{ webhookEndpoints { nodes { secret } } }")
    assert hidden["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    again = await owner.do("rotateWebhookSecret", "secret", endpointId=made["endpoint"]["id"])
    assert again["secret"].startswith("whsec_")
    assert again["secret"] != made["secret"]


async def test_campaigns_and_segments_are_judged_by_the_vertical(company_of_all: Company) -> None:
    """Given a car and its owner, when asked for campaign and segment, then the vertical's reason is told."""
    owner = company_of_all.owner
    text = 'query ($id: ID!) { campaignEligibility(assetId: $id, campaign: "summer") { eligible reason clause } }'
    found = (await owner.ask(text, id=company_of_all.car))["campaignEligibility"]
    assert found["reason"]
    assert found["clause"].startswith("P06-")
    segment = 'query ($id: ID!) { customerSegment(customerId: $id, vertical: "auto_4s") { segment } }'
    assert "customerSegment" in await owner.ask(segment, id=company_of_all.ids["Customer"])
    near = await owner.ask('{ nearestServiceUnits(region: "320100") { reach serviceUnit { code } } }')
    assert near["nearestServiceUnits"] == [{"reach": 2, "serviceUnit": {"code": "AGENT"}}]


async def test_a_customer_reads_who_asks(company_of_all: Company) -> None:
    """Given a customer's member, when it asks who it is, then it sees itself and no other member."""
    customer = company_of_all.callers["customer"]
    seen = (await customer.ask("{ viewer { roles member { name } } tenant { slug verticals } }"))["viewer"]
    assert seen["roles"] == ["customer"]
    assert seen["member"]["name"].startswith("customer of")


async def test_what_one_root_field_meets_is_no_matter_for_the_others(company_of_all: Company) -> None:
    """Given a field that the database refuses, when others stand beside it, then they are answered all the same."""
    text = (
        "query ($n: String!) { before: viewer { roles } bad: ticketByNumber(number: $n) { id } tickets { totalCount } }"
    )
    answer = await company_of_all.owner.answer(text, {"n": "a\u0000b"})
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [(["bad"], "TEXT_INVALID")]
    assert answer["data"] == {"before": {"roles": ["owner"]}, "bad": None, "tickets": {"totalCount": 1}}
