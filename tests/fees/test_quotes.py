"""Quotes and consent: nothing billable is done before the customer agreed to a price (P09-18)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from aftersales.fees import service
from aftersales.fees.commands import MatrixEntry, SetApprovalMatrix, WithdrawQuote
from aftersales.fees.models import Consent, Quote
from aftersales.fees.pricing import OrderLine
from aftersales.fees.rules import QuoteStand, work_verdict
from aftersales.kit.ids import new_id
from aftersales.parties.models import Contact, Customer
from aftersales.tickets import service as tickets
from aftersales.tickets.commands import CancelTicket, Resolve, StartWork
from tests.fees.shop import FINANCE, TODAY, agreed, answer, lines, offer, publish, quote
from tests.support.refusals import refused
from tests.tickets.world import World, local, member

D = Decimal


@pytest.mark.clause("P09-18", "P14-18")
async def test_work_waits_for_the_customers_consent(solar_world: World) -> None:
    """Given a quote of 380.00 without answer, when work starts, then it is refused; after the consent it may."""
    await publish(solar_world)
    ticket = await solar_world.open()
    offered = await quote(solar_world, ticket)
    assert (offered.number, offered.revision, offered.total, offered.state) == (
        "Q-2026-000001",
        1,
        D("380.00"),
        "issued",
    )

    start = StartWork(ticket_id=ticket.id)
    refusal = await refused(solar_world, tickets.start_work, start)
    assert (refusal.code, refusal.status) == ("CONSENT_REQUIRED", 409)
    resolve = Resolve(ticket_id=ticket.id, cause="worn", measures="replaced")
    assert (await refused(solar_world, tickets.resolve, resolve)).code == "CONSENT_REQUIRED"

    at = solar_world.later(hours=1)
    await solar_world.do(service.answer_quote, answer(solar_world, offered, at=at))
    [consent] = await solar_world.read(Consent)
    assert (consent.given_by, consent.channel, consent.evidence, consent.at, consent.agreed) == (
        "Dr. Li", "signature", "signed sheet no. 7", at, True,
    )  # fmt: skip
    assert (consent.fee_table, consent.total) == ("PB-2026-000001", D("380.00"))
    assert (await solar_world.do(tickets.start_work, start)).state == "in_progress"
    assert {"quote.issued", "quote.accepted"} <= set(await solar_world.events(ticket))


async def test_every_line_keeps_its_reason(solar_world: World) -> None:
    await publish(solar_world)
    offered = await quote(solar_world, await solar_world.open())
    parts, labour = await lines(solar_world, offered)
    assert (parts.rule, parts.clause, parts.reason_zh, parts.reason_en) == (
        "parts_after_term", "P09-17", "按成本价", "at cost",
    )  # fmt: skip
    assert (labour.rule, labour.total, labour.net + labour.vat) == ("labour_after_term", D("120.00"), D("120.00"))


async def test_an_expired_quote_is_neither_accepted_nor_worked_on(solar_world: World) -> None:
    """Given a quote valid to 20 June, then it holds until 24:00 of that day."""
    await publish(solar_world)
    first, second = await solar_world.open(), await solar_world.open()
    offered = await quote(solar_world, first)
    accepted = await agreed(solar_world, second)
    solar_world.clock.move_to(local("2026-06-20 23:59"))
    async with solar_world.work() as uow:
        assert (await service.work_allowed(uow, second.id)).allowed
    solar_world.clock.move_to(local("2026-06-21 00:00"))
    late = await refused(solar_world, service.answer_quote, answer(solar_world, offered))
    assert (late.code, late.field) == ("QUOTE_EXPIRED", "quoteId")
    refusal = await refused(solar_world, tickets.start_work, StartWork(ticket_id=second.id))
    assert (refusal.code, refusal.params["valid_until"]) == ("QUOTE_EXPIRED", "2026-06-20")
    in_time = answer(solar_world, offered, at=local("2026-06-20 23:59"))
    assert (await solar_world.do(service.answer_quote, in_time)).state == "accepted"
    assert accepted.state == "accepted"


async def test_work_that_began_in_time_may_be_finished_later(solar_world: World) -> None:
    await publish(solar_world)
    ticket = await solar_world.open()
    await agreed(solar_world, ticket)
    await solar_world.do(tickets.start_work, StartWork(ticket_id=ticket.id))
    solar_world.clock.move_to(local("2026-06-21 09:00"))
    done = await solar_world.do(tickets.resolve, Resolve(ticket_id=ticket.id, cause="worn", measures="replaced"))
    assert done.state == "resolved"


async def test_only_somebody_with_authority_consents(solar_world: World) -> None:
    await publish(solar_world)
    offered = await quote(solar_world, await solar_world.open())
    clerk = Contact(id=new_id(), customer_id=solar_world.customer.id, name="Clerk", may_authorise=False)
    other = Customer(id=new_id(), code="C2", name="Other", created_at=solar_world.clock.now())
    stranger = Contact(id=new_id(), customer_id=other.id, name="Stranger", may_authorise=True)
    await solar_world.add(clerk, other, stranger)
    cases = [
        (answer(solar_world, offered, contact_id=clerk.id), "CONSENT_WITHOUT_AUTHORITY", "contactId"),
        (answer(solar_world, offered, contact_id=stranger.id), "NOT_FOUND", "contactId"),
        (answer(solar_world, offered, contact_id=None), "REQUIRED", "contactId"),
        (answer(solar_world, offered, evidence=" "), "REQUIRED", "evidence"),
        (answer(solar_world, offered, at=solar_world.clock.now() + timedelta(seconds=1)), "INSTANT_IN_FUTURE", "at"),
        (answer(solar_world, offered, at=offered.issued_at - timedelta(seconds=1)), "PERIOD_INVERTED", "at"),
        (answer(solar_world, offered, expected_version=7), "VERSION_STALE", "expectedVersion"),
    ]
    for command, code, field in cases:
        error = await refused(solar_world, service.answer_quote, command)
        assert (error.code, error.field) == (code, field)
    mine = answer(solar_world, offered, contact_id=None, evidence="", channel="web")
    foreign = await refused(solar_world, service.answer_quote, mine, solar_world.customer_member(other))
    assert foreign.code == "NOT_FOUND"
    accepted = await solar_world.do(service.answer_quote, mine, solar_world.customer_member())
    assert accepted.state == "accepted"
    again = await refused(solar_world, service.answer_quote, answer(solar_world, offered))
    assert (again.code, again.params["state"]) == ("QUOTE_STATE_REFUSED", "accepted")


async def test_what_cannot_be_offered_is_refused(solar_world: World) -> None:
    await publish(solar_world)
    ticket, ended = await solar_world.open(), await solar_world.open()
    await solar_world.do(tickets.cancel_ticket, CancelTicket(ticket_id=ended.id, reason="twice"))
    dear = OrderLine(item="parts", code="pump", asked=D("260.01"))
    unapproved = OrderLine(item="discretionary", code="fee", asked=D("99.00"))
    secret = OrderLine(item="discretionary", code="fee", asked=D("99.00"), approver="Li")
    cases = [
        (offer(ticket, currency="USD"), "CURRENCY_OTHER", "currency"),
        (offer(ticket, valid_until=TODAY - timedelta(days=1)), "QUOTE_VALIDITY_INVALID", "validUntil"),
        (offer(ticket, lines=(dear,)), "CHARGE_ABOVE_TABLE", "lines.0.asked"),
        (offer(ticket, told=D("380.01")), "CHARGE_ABOVE_TABLE", "told"),
        (offer(ticket, told=D("NaN")), "AMOUNT_INVALID", "told"),
        (offer(ticket, lines=(unapproved,)), "APPROVER_REQUIRED", "lines.0.approver"),
        (offer(ticket, lines=(secret,)), "CHARGE_NOT_IN_TABLE", "lines.0.code"),
        (offer(ticket, lines=()), "REQUIRED", "lines"),
        (offer(ticket, bill_to="damager"), "REQUIRED", "debtor"),
        (offer(ticket, working_days=0), "QUANTITY_INVALID", "workingDays"),
        (offer(ticket, outcome="advise_only"), "NOT_OFFERED", "lines.0"),
        (offer(ended), "TICKET_STATE_REFUSED", None),
    ]
    for command, code, field in cases:
        error = await refused(solar_world, service.issue_quote, command, FINANCE)
        assert (error.code, error.field) == (code, field)


@pytest.mark.clause("P12-02")
async def test_a_technician_does_not_issue_quotes(solar_world: World) -> None:
    """Given a case out of term, when a technician quotes, then it is refused; the sales desk may."""
    await publish(solar_world)
    ticket = await solar_world.open()
    both = (OrderLine(item="parts", code="pump"), OrderLine(item="travel", code="trip"))
    refusal = await refused(solar_world, service.issue_quote, offer(ticket, lines=both), member("engineer"))
    assert (refusal.code, refusal.status) == ("FORBIDDEN", 403)
    offered = await solar_world.do(service.issue_quote, offer(ticket, lines=both), member("dispatcher"))
    assert offered.total == D("310.00")


async def test_covered_work_needs_no_consent(solar_world: World) -> None:
    await publish(solar_world)
    ticket = await solar_world.open()
    free = await quote(solar_world, ticket, outcome="free", phase="in_term")
    assert (free.total, free.state) == (D("0.00"), "not_required")
    assert (await solar_world.do(tickets.start_work, StartWork(ticket_id=ticket.id))).state == "in_progress"


async def test_a_new_version_ends_the_open_one_and_leaves_the_accepted_one_until_it_is_accepted(
    solar_world: World,
) -> None:
    await publish(solar_world)
    ticket = await solar_world.open()
    first = await quote(solar_world, ticket)
    second = await quote(solar_world, ticket)
    gone = await refused(solar_world, service.answer_quote, answer(solar_world, first))
    assert (gone.code, gone.params["state"]) == ("QUOTE_STATE_REFUSED", "superseded")
    await solar_world.do(service.answer_quote, answer(solar_world, second))
    third = await quote(solar_world, ticket, lines=(OrderLine(item="travel", code="trip"),))
    async with solar_world.work() as uow:
        assert (await service.work_allowed(uow, ticket.id)).quote_id == second.id
    await solar_world.do(service.answer_quote, answer(solar_world, third))
    states = [(found.revision, found.state) for found in await solar_world.read(Quote, ticket_id=ticket.id)]
    assert states == [(1, "superseded"), (2, "superseded"), (3, "accepted")]


async def test_a_declined_quote_stops_the_work_and_stays_declined(solar_world: World) -> None:
    await publish(solar_world)
    ticket = await solar_world.open()
    offered = await quote(solar_world, ticket)
    declined = await solar_world.do(service.answer_quote, answer(solar_world, offered, agreed=False))
    assert declined.state == "declined"
    assert (await refused(solar_world, tickets.start_work, StartWork(ticket_id=ticket.id))).code == "CONSENT_REQUIRED"
    withdrawal = WithdrawQuote(quote_id=offered.id, reason="declined")
    assert (await refused(solar_world, service.withdraw_quote, withdrawal, FINANCE)).code == "QUOTE_STATE_REFUSED"


async def test_nobody_agrees_to_work_on_a_ticket_that_is_over(solar_world: World) -> None:
    await publish(solar_world)
    ticket = await solar_world.open()
    offered = await quote(solar_world, ticket)
    await solar_world.do(tickets.cancel_ticket, CancelTicket(ticket_id=ticket.id, reason="moved away"))
    late = await refused(solar_world, service.answer_quote, answer(solar_world, offered))
    assert (late.code, late.params["state"]) == ("TICKET_STATE_REFUSED", "cancelled")


async def test_a_withdrawn_quote_asks_for_nothing(solar_world: World) -> None:
    await publish(solar_world)
    ticket = await solar_world.open()
    offered = await quote(solar_world, ticket)
    await solar_world.do(
        service.withdraw_quote, WithdrawQuote(quote_id=offered.id, reason="covered after all"), FINANCE
    )
    assert (await solar_world.do(tickets.start_work, StartWork(ticket_id=ticket.id))).state == "in_progress"


@pytest.mark.clause("P08-09")
async def test_a_customisation_starts_with_an_accepted_quote_only(hospital_world: World) -> None:
    """Given a change request, when work starts without an accepted quote of days and fee, then it is refused."""
    await publish(hospital_world)
    ticket = await hospital_world.open(kind="customisation", title="a report of our own")
    start = StartWork(ticket_id=ticket.id)
    assert (await refused(hospital_world, tickets.start_work, start)).code == "CONSENT_REQUIRED"
    work = (OrderLine(item="customisation", code="report", asked=D("12000.00")),)
    offered = await agreed(hospital_world, ticket, lines=work, working_days=15)
    assert (offered.working_days, offered.total) == (15, D("12000.00"))
    assert (await hospital_world.do(tickets.start_work, start)).state == "in_progress"


@pytest.mark.clause("P15-19")
async def test_a_billable_ticket_keeps_the_deadlines_of_a_free_one(solar_world: World) -> None:
    """Given two tickets, one of them billable, then both have the same deadlines by the same rules."""
    await publish(solar_world)
    free, billable = await solar_world.open(), await solar_world.open()
    await agreed(solar_world, billable)
    assert await solar_world.due(billable) == await solar_world.due(free) != {}


async def test_an_unapproved_quote_cannot_be_accepted(solar_world: World) -> None:
    await publish(solar_world)
    matrix = SetApprovalMatrix(type="quote", rules=(MatrixEntry(up_to=D("300.00"), approver="desk", role="finance"),))
    await solar_world.do(service.set_approval_matrix, matrix, solar_world.owner)
    ticket = await solar_world.open()
    above = await refused(solar_world, service.issue_quote, offer(ticket), FINANCE)
    assert (above.code, above.params["limit"]) == ("NO_AUTHORITY_FOR_AMOUNT", "300.00")
    small = await quote(solar_world, ticket, lines=(OrderLine(item="travel", code="trip"),))
    assert small.state == "awaiting_approval"
    waiting = await refused(solar_world, service.answer_quote, answer(solar_world, small))
    assert waiting.code == "QUOTE_NOT_APPROVED"
    start = await refused(solar_world, tickets.start_work, StartWork(ticket_id=ticket.id))
    assert start.code == "QUOTE_NOT_APPROVED"


def test_the_gates_verdicts() -> None:
    def stand(revision: int, state: str) -> QuoteStand:
        return QuoteStand(id=new_id(), revision=revision, state=state, valid_until=date(2026, 6, 20), total=D("380.00"))

    day, after = date(2026, 6, 20), date(2026, 6, 21)
    assert work_verdict([], day).allowed
    assert work_verdict([], day, needs_quote=True).code == "CONSENT_REQUIRED"
    assert work_verdict([stand(1, "accepted"), stand(2, "issued")], day).allowed
    assert work_verdict([stand(1, "accepted")], after).code == "QUOTE_EXPIRED"
    assert work_verdict([stand(1, "not_required"), stand(2, "issued")], day).code == "CONSENT_REQUIRED"
    assert work_verdict([stand(1, "issued"), stand(2, "withdrawn")], day).code == "CONSENT_REQUIRED"
    assert work_verdict([stand(1, "not_approved")], day).code == "QUOTE_NOT_APPROVED"
    assert work_verdict([stand(1, "declined")], day).code == "CONSENT_REQUIRED"
