"""Prices, quotes and invoices through the API: what a person asks and sees."""

from typing import Any

import pytest

from tests.api.rooms.api import EVERYTHING, Api, Caller, Tables
from tests.api.rooms.conftest import caller, rooms, session_api, tables
from tests.fixtures.database import TestPlatform, TestTenant

__all__ = ["caller", "rooms", "session_api", "tables"]

BOOK: dict[str, Any] = {
    "name": "2026", "validFrom": "2026-01-01", "vatRate": "0.13",
    "entries": [
        {"item": "parts", "code": "pump", "name": "循环泵", "partClass": "special", "price": "390", "cost": "260"},
        {"item": "labour", "code": "replace", "name": "更换", "price": "120.00"},
    ],
}  # fmt: skip
REPAIR = [{"item": "parts", "code": "pump"}, {"item": "labour", "code": "replace"}]


class Desk:
    """A solar company with prices, a customer and a ticket, and the people who take part."""

    def __init__(self, owner: Caller, finance: Caller, engineer: Caller, customer: Caller, ids: dict[str, str]) -> None:
        self.owner, self.finance, self.engineer, self.customer, self.ids = owner, finance, engineer, customer, ids

    async def quote(self, **given: Any) -> dict[str, Any]:
        asked = {
            "ticketId": self.ids["ticket"], "outcome": "bill_full", "phase": "after_term", "lines": REPAIR,
            "validUntil": "2026-06-20", **given,
        }  # fmt: skip
        offered: dict[str, Any] = (await self.finance.do("issueQuote", "quote { id state total }", **asked))["quote"]
        return offered

    async def agree(self, quote_id: str) -> None:
        yes = {"quoteId": quote_id, "agreed": True, "channel": "web"}
        await self.customer.do("answerQuote", "quote { state }", **yes)


@pytest.fixture
async def desk(platform: TestPlatform, rooms: Api, caller: Any) -> Desk:
    tenant: TestTenant = await platform.tenant({name: {} for name in EVERYTHING})
    owner, finance = await caller(tenant, "owner"), await caller(tenant, "finance")
    customer = (await owner.do("createCustomer", "customer { id code }", code="C-1", name="Li"))["customer"]["id"]
    contact = await owner.do("addContact", "contact { id }", customerId=customer, name="Mrs Li", mayAuthorise=False)
    ticket = await owner.do(
        "openTicket", "ticket { id }", kind="fault", channel="web", title="no hot water", customerId=customer,
        vertical="solar",
    )  # fmt: skip
    await finance.do("publishPriceBook", "priceBook { id number }", **BOOK)
    async with tenant.work() as uow:
        row = await uow.connection.fetchval("select id from customers where tenant_id = $1", tenant.id)
    ids = {"customer": customer, "contact": contact["contact"]["id"], "ticket": ticket["ticket"]["id"]}
    own = await caller(tenant, "customer", customer_id=row)
    return Desk(owner, finance, await caller(tenant, "engineer"), own, ids)


async def test_from_the_price_to_the_invoice(desk: Desk) -> None:
    """Given prices, when work is priced, offered, agreed to, done and billed, then each step can be read with why."""
    ticket = {"ticketId": desk.ids["ticket"]}
    ask = """query ($i: PriceTicketInput!) { priceOrder(input: $i) { total vat table rounding needsConsent
        lines { code total rule clause reason } } }"""
    asked = {**ticket, "outcome": "bill_full", "phase": "after_term", "lines": REPAIR}
    order = (await desk.finance.ask(ask, i=asked))["priceOrder"]
    assert (order["total"], order["vat"], order["table"], order["needsConsent"]) == (
        "380.00", "43.72", "PB-2026-000001", True,
    )  # fmt: skip
    assert order["lines"][0] == {
        "code": "pump", "total": "260.00", "rule": "parts_after_term", "clause": "P09-17", "reason": "at cost",
    }  # fmt: skip

    offered = await desk.quote()
    may = "query ($t: ID!) { workPermission(ticketId: $t) { allowed code quote { id number } } }"
    permission = (await desk.engineer.ask(may, t=desk.ids["ticket"]))["workPermission"]
    assert permission == {
        "allowed": False, "code": "CONSENT_REQUIRED", "quote": {"id": offered["id"], "number": "Q-2026-000001"},
    }  # fmt: skip
    assert await desk.engineer.code("startWork", **ticket) == "CONSENT_REQUIRED"
    await desk.agree(offered["id"])
    assert (await desk.engineer.ask(may, t=desk.ids["ticket"]))["workPermission"]["allowed"]
    await desk.engineer.do("startWork", "ticket { state }", **ticket)

    done = await desk.engineer.do("chargeWork", "charges { id total description }", **ticket)
    assert [charge["total"] for charge in done["charges"]] == ["260.00", "120.00"]
    made = await desk.finance.do(
        "issueInvoice", "invoice { id number kind total debtor lines { id total charge { id } } }", **ticket
    )
    assert (made["invoice"]["number"], made["invoice"]["total"], made["invoice"]["debtor"]) == (
        "INV-2026-000001", "380.00", "Li",
    )  # fmt: skip
    twice = {**ticket, "chargeIds": [done["charges"][0]["id"]]}
    assert await desk.finance.code("issueInvoice", **twice) == "CHARGE_INVOICED"

    invoice = {"invoiceId": made["invoice"]["id"]}
    paid = await desk.finance.do("recordPayment", "payment { amount method }", **invoice, amount="300", method="bank")
    assert paid["payment"] == {"amount": "300.00", "method": "bank"}
    labour = made["invoice"]["lines"][1]["id"]
    note = await desk.finance.do(
        "issueCreditNote", "invoice { number total credits { number credited } }", **invoice, reason="goodwill",
        invoiceLineIds=[labour],
    )  # fmt: skip
    assert note["invoice"] == {
        "number": "CN-2026-000001", "total": "-120.00", "credits": {"number": "INV-2026-000001", "credited": "120.00"},
    }  # fmt: skip
    account = """query ($c: ID!) { customerStatement(customerId: $c, first: "2026-06-01", last: "2026-06-30") {
        opening closing lines { kind number amount balance } } }"""
    statement = (await desk.customer.ask(account, c=desk.ids["customer"]))["customerStatement"]
    assert (statement["opening"], statement["closing"]) == ("0.00", "-40.00")
    assert [line["kind"] for line in statement["lines"]] == ["invoice", "payment", "credit_note"]


async def test_refusals_name_the_field_in_the_callers_language_and_write_nothing(desk: Desk, tables: Tables) -> None:
    tenant = desk.owner.tenant
    before = await tables.content(tenant.id)
    desk.finance.language = "zh-CN"
    base = {"ticketId": desk.ids["ticket"], "outcome": "bill_full", "phase": "after_term", "validUntil": "2026-06-20"}
    dear = [{"item": "parts", "code": "pump", "asked": "260.01"}]
    refused = await desk.finance.mutate("issueQuote", "quote { id }", **base, lines=dear)
    assert refused == {
        "quote": None,
        "userErrors": [
            {"code": "CHARGE_ABOVE_TABLE", "field": "lines.0.asked", "message": "收费 260.01 超出公布的标准 260.00。"}
        ],
    }  # fmt: skip
    assert await desk.finance.code("issueQuote", **base, lines=REPAIR, currency="USD") == "CURRENCY_OTHER"
    assert await desk.finance.code("publishPriceBook", **BOOK) == "PRICE_BOOK_OVERLAPS"
    assert await desk.engineer.code("issueQuote", **base, lines=REPAIR) == "FORBIDDEN"
    assert await desk.engineer.code("setApprovalMatrix", type="quote", rules=[]) == "FORBIDDEN"
    assert await tables.content(tenant.id) == before


async def test_consent_by_somebody_without_authority_is_refused(desk: Desk) -> None:
    offered = await desk.quote()
    clerk = {
        "quoteId": offered["id"], "agreed": True, "channel": "phone", "contactId": desk.ids["contact"],
        "evidence": "call of 10 June",
    }  # fmt: skip
    assert await desk.engineer.code("answerQuote", **clerk) == "CONSENT_WITHOUT_AUTHORITY"


async def test_a_customer_sees_its_quotes_and_not_what_they_cost_the_company(desk: Desk, caller: Any) -> None:
    """Given a quote, then its customer reads lines and consents, but no price book; another customer reads nothing."""
    offered = await desk.quote()
    await desk.agree(offered["id"])
    read = """query { quotes(first: 5) { nodes { number state lines { total reason } consents { givenBy channel }
        priceBook { number } } } priceBooks(first: 5) { nodes { number } } approvals(first: 5) { nodes { id } } }"""
    seen = await desk.customer.ask(read)
    [quote] = seen["quotes"]["nodes"]
    assert ([line["total"] for line in quote["lines"]], quote["priceBook"]) == (["260.00", "120.00"], None)
    assert [consent["channel"] for consent in quote["consents"]] == ["web"]
    assert (seen["priceBooks"]["nodes"], seen["approvals"]["nodes"]) == ([], [])
    staff = await desk.finance.ask(read)
    assert staff["priceBooks"]["nodes"] == [{"number": "PB-2026-000001"}]

    owner = desk.owner
    other = (await owner.do("createCustomer", "customer { id }", code="C-2", name="Wu"))["customer"]["id"]
    async with owner.tenant.work() as uow:
        row = await uow.connection.fetchval(
            "select id from customers where tenant_id = $1 and code = 'C-2'", owner.tenant.id
        )
    stranger = await caller(owner.tenant, "customer", customer_id=row)
    assert other
    assert (await stranger.ask(read))["quotes"]["nodes"] == []
    unknown = {"quoteId": offered["id"], "agreed": True, "channel": "web"}
    assert await stranger.code("answerQuote", **unknown) == "NOT_FOUND"


async def test_an_approval_goes_its_way(desk: Desk) -> None:
    """Given a matrix, when a quote above nobody's limit is issued, then it waits, and the customer doesn't see it."""
    rules = [{"upTo": "5000.00", "approver": "general_manager", "role": "owner"},
             {"approver": "gm_office_meeting", "role": "owner"}]  # fmt: skip
    set_ = await desk.owner.do("setApprovalMatrix", "approvalRules { approver upTo }", type="quote", rules=rules)
    assert set_["approvalRules"][1] == {"approver": "gm_office_meeting", "upTo": None}
    offered = await desk.quote()
    assert offered["state"] == "awaiting_approval"
    read = "query { quotes(first: 5) { nodes { state lines { total } approvals { id approver state } } } }"
    assert (await desk.customer.ask(read))["quotes"]["nodes"] == []
    [quote] = (await desk.finance.ask(read))["quotes"]["nodes"]
    [approval] = quote["approvals"]
    assert approval["approver"] == "general_manager"
    decided = await desk.owner.do(
        "decideApproval", "approval { state quote { state } }", approvalId=approval["id"], approved=True
    )
    assert decided["approval"] == {"state": "approved", "quote": {"state": "issued"}}

    asked = await desk.finance.do(
        "requestApproval", "approval { id approver }", ticketId=desk.ids["ticket"], type="quote", amount="8000",
        subject="refund",
    )  # fmt: skip
    this = {"approvalId": asked["approval"]["id"]}
    assert await desk.finance.code("implementApproval", **this) == "APPROVAL_MISSING"


async def test_an_offer_may_be_withdrawn_and_a_book_ended(desk: Desk) -> None:
    offered = await desk.quote()
    withdrawn = await desk.finance.do(
        "withdrawQuote", "quote { state reason }", quoteId=offered["id"], reason="wrong part"
    )
    assert withdrawn["quote"] == {"state": "withdrawn", "reason": "wrong part"}
    books = (await desk.finance.ask("{ priceBooks(first: 1) { nodes { id } } }"))["priceBooks"]["nodes"]
    ended = await desk.finance.do(
        "endPriceBook", "priceBook { validUntil entries { code } }", priceBookId=books[0]["id"], validUntil="2026-06-30"
    )
    assert ended["priceBook"] == {"validUntil": "2026-06-30", "entries": [{"code": "replace"}, {"code": "pump"}]}
