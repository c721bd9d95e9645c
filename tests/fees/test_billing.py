"""Charges within what was agreed, a document for every charge, credit notes, payments, statements."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from aftersales.fees import service
from aftersales.fees.commands import (
    ChargeWork,
    DoneLine,
    IssueCreditNote,
    IssueInvoice,
    RecordPayment,
    WithdrawQuote,
)
from aftersales.fees.models import Charge, Invoice, InvoiceLine
from aftersales.fees.pricing import OrderLine
from aftersales.fees.rules import share
from aftersales.kit.ids import new_id
from aftersales.tickets import service as tickets
from aftersales.tickets.commands import CancelTicket, CloseTicket, ConfirmTicket, Resolve, StartWork
from aftersales.tickets.models import Ticket
from tests.fees.shop import FINANCE, agreed, answer, lines, publish, quote
from tests.support.refusals import refused
from tests.tickets.world import World, local

D = Decimal


async def charged(world: World, **given: Any) -> tuple[Ticket, list[Charge]]:
    """A ticket whose accepted work of 380.00 is charged."""
    ticket = await world.open()
    await agreed(world, ticket, **given)
    done: list[Charge] = await world.do(service.charge_work, ChargeWork(ticket_id=ticket.id))
    return ticket, done


async def invoiced(world: World, **given: Any) -> Invoice:
    ticket, _ = await charged(world, **given)
    made: Invoice = await world.do(service.issue_invoice, IssueInvoice(ticket_id=ticket.id), FINANCE)
    return made


async def until_close(world: World, ticket: Ticket) -> CloseTicket:
    """Everything but the closing itself."""
    await world.do(tickets.start_work, StartWork(ticket_id=ticket.id))
    await world.do(tickets.resolve, Resolve(ticket_id=ticket.id, cause="worn", measures="replaced"))
    await world.do(tickets.confirm_ticket, ConfirmTicket(ticket_id=ticket.id, satisfied=True))
    return CloseTicket(ticket_id=ticket.id)


@pytest.mark.clause("P09-19", "P14-19")
@pytest.mark.parametrize("kind", ["invoice", "receipt"])
async def test_a_ticket_closes_with_a_document_for_every_charge(solar_world: World, kind: Any) -> None:
    """Given 380.00 charged, when the ticket is closed without invoice or receipt, then it is refused."""
    await publish(solar_world)
    ticket, charges = await charged(solar_world)
    assert sum(charge.total for charge in charges) == D("380.00")
    close = await until_close(solar_world, ticket)
    refusal = await refused(solar_world, tickets.close_ticket, close)
    assert (refusal.code, refusal.params["total"]) == ("DOCUMENT_REQUIRED", "380.00")
    made = await solar_world.do(service.issue_invoice, IssueInvoice(ticket_id=ticket.id, kind=kind), FINANCE)
    assert (made.number, made.total, made.debtor) == (
        "INV-2026-000001" if kind == "invoice" else "RCP-2026-000001", D("380.00"), "Hospital",
    )  # fmt: skip
    assert (await solar_world.do(tickets.close_ticket, close)).state == "closed"


@pytest.mark.clause("P09-28", "P14-28")
async def test_an_excluded_case_in_term_gets_its_document_too(solar_world: World) -> None:
    await publish(solar_world)
    ticket, [charge] = await charged(solar_world, phase="in_term", lines=(OrderLine(item="parts", code="valve"),))
    assert charge.total == D("35.00")
    close = await until_close(solar_world, ticket)
    assert (await refused(solar_world, tickets.close_ticket, close)).code == "DOCUMENT_REQUIRED"
    await solar_world.do(service.issue_invoice, IssueInvoice(ticket_id=ticket.id, kind="receipt"), FINANCE)
    assert (await solar_world.do(tickets.close_ticket, close)).state == "closed"


async def test_a_ticket_is_not_dropped_with_a_charge_that_has_no_document(solar_world: World) -> None:
    await publish(solar_world)
    ticket, _ = await charged(solar_world, lines=(OrderLine(item="travel", code="trip", quantity=D(2)),))
    drop = CancelTicket(ticket_id=ticket.id, reason="customer moved")
    assert (await refused(solar_world, tickets.cancel_ticket, drop)).code == "DOCUMENT_REQUIRED"
    await solar_world.do(service.issue_invoice, IssueInvoice(ticket_id=ticket.id), FINANCE)
    assert (await solar_world.do(tickets.cancel_ticket, drop)).state == "cancelled"
    late = await refused(solar_world, service.charge_work, ChargeWork(ticket_id=ticket.id))
    assert (late.code, late.params["state"]) == ("TICKET_STATE_REFUSED", "cancelled")


async def test_agreed_work_is_charged_or_its_quote_withdrawn_before_the_end(solar_world: World) -> None:
    await publish(solar_world)
    ticket = await solar_world.open()
    accepted = await agreed(solar_world, ticket)
    close = await until_close(solar_world, ticket)
    refusal = await refused(solar_world, tickets.close_ticket, close)
    assert (refusal.code, refusal.params["number"]) == ("CHARGES_MISSING", accepted.number)
    await solar_world.do(service.withdraw_quote, WithdrawQuote(quote_id=accepted.id, reason="covered"), FINANCE)
    assert (await solar_world.do(tickets.close_ticket, close)).state == "closed"


async def test_work_beyond_the_consent_needs_a_new_one(solar_world: World) -> None:
    """Given two hours agreed, when a third is charged or another line, then it is refused until a new consent."""
    await publish(solar_world)
    ticket = await solar_world.open()
    none_yet = ChargeWork(ticket_id=ticket.id)
    assert (await refused(solar_world, service.charge_work, none_yet)).code == "CONSENT_REQUIRED"
    hours = OrderLine(item="travel", code="trip", quantity=D(2))
    [superseded] = await lines(solar_world, await quote(solar_world, ticket, lines=(hours,)))
    offered = await quote(solar_world, ticket, lines=(hours,))
    assert (await refused(solar_world, service.charge_work, none_yet)).code == "CONSENT_REQUIRED"
    await solar_world.do(service.answer_quote, answer(solar_world, offered))
    [line] = await lines(solar_world, offered)

    def done(quantity: str | None, line_id: Any = line.id) -> ChargeWork:
        amount = None if quantity is None else D(quantity)
        return ChargeWork(ticket_id=ticket.id, lines=(DoneLine(quote_line_id=line_id, quantity=amount),))

    cases = [
        (done("2.001"), "WORK_BEYOND_CONSENT", "lines.0.quantity"),
        (done("1", None), "WORK_BEYOND_CONSENT", "lines.0.quoteLineId"),
        (done("1", new_id()), "NOT_FOUND", "lines.0.quoteLineId"),
        (done("1", superseded.id), "WORK_BEYOND_CONSENT", "lines.0.quoteLineId"),
        (done("0"), "QUANTITY_INVALID", "lines.0.quantity"),
        (done("-1"), "QUANTITY_INVALID", "lines.0.quantity"),
        (done("NaN"), "QUANTITY_INVALID", "lines.0.quantity"),
    ]
    for command, code, field in cases:
        error = await refused(solar_world, service.charge_work, command)
        assert (error.code, error.field) == (code, field)
    await solar_world.do(service.charge_work, done("1.5"))
    assert (await refused(solar_world, service.charge_work, done("1"))).code == "WORK_BEYOND_CONSENT"
    [rest] = await solar_world.do(service.charge_work, done(None))
    assert (rest.quantity, rest.total) == (D("0.500"), D("25.00"))
    assert (await refused(solar_world, service.charge_work, done(None))).code == "WORK_BEYOND_CONSENT"
    assert (await refused(solar_world, service.charge_work, none_yet)).code == "NOTHING_TO_CHARGE"
    charged_quote = WithdrawQuote(quote_id=offered.id, reason="mistake")
    assert (await refused(solar_world, service.withdraw_quote, charged_quote, FINANCE)).code == "QUOTE_CHARGED"

    more = await agreed(solar_world, ticket, lines=(OrderLine(item="travel", code="trip"),))
    [extra] = await solar_world.do(service.charge_work, ChargeWork(ticket_id=ticket.id))
    assert (extra.quote_id, extra.total) == (more.id, D("50.00"))


def test_shares_add_up_to_the_whole() -> None:
    """Given 100.00 in three thirds, then 33.33 + 33.33 + 33.34."""
    whole = D("100.00")
    given: list[Decimal] = []
    for last in (False, False, True):
        given.append(share(whole, D(1), D(3), sum(given, D(0)), last=last))
    assert given == [D("33.33"), D("33.33"), D("33.34")]


async def test_a_charge_is_invoiced_once(solar_world: World) -> None:
    await publish(solar_world)
    ticket, charges = await charged(solar_world)
    first = IssueInvoice(ticket_id=ticket.id, charge_ids=(charges[0].id,))
    await solar_world.do(service.issue_invoice, first, FINANCE)
    again = await refused(solar_world, service.issue_invoice, first, FINANCE)
    assert (again.code, again.field) == ("CHARGE_INVOICED", "chargeIds.0")
    twice = IssueInvoice(ticket_id=ticket.id, charge_ids=(charges[1].id, charges[1].id))
    assert (await refused(solar_world, service.issue_invoice, twice, FINANCE)).code == "CHARGE_INVOICED"
    foreign = IssueInvoice(ticket_id=ticket.id, charge_ids=(new_id(),))
    assert (await refused(solar_world, service.issue_invoice, foreign, FINANCE)).code == "NOT_FOUND"
    rest = await solar_world.do(service.issue_invoice, IssueInvoice(ticket_id=ticket.id), FINANCE)
    assert rest.total == charges[1].total
    nothing = IssueInvoice(ticket_id=ticket.id)
    assert (await refused(solar_world, service.issue_invoice, nothing, FINANCE)).code == "NOTHING_TO_INVOICE"
    assert (await refused(solar_world, service.issue_invoice, nothing, solar_world.engineer_member)).code == "FORBIDDEN"


async def test_two_who_invoice_at_once_make_one_invoice(solar_world: World) -> None:
    await publish(solar_world)
    ticket, _ = await charged(solar_world)
    command = IssueInvoice(ticket_id=ticket.id)
    outcomes = await asyncio.gather(
        *(solar_world.do(service.issue_invoice, command, FINANCE) for _ in range(3)), return_exceptions=True
    )
    assert [getattr(outcome, "code", "") for outcome in outcomes].count("NOTHING_TO_INVOICE") == 2
    assert len(await solar_world.read(Invoice)) == 1


async def test_a_customer_who_asked_for_an_invoice_gets_one(solar_world: World) -> None:
    """A54: either document will do, but who asks must get a 发票."""
    await publish(solar_world)
    ticket = await solar_world.open()
    offered = await quote(solar_world, ticket)
    await solar_world.do(service.answer_quote, answer(solar_world, offered, wants_invoice=True))
    await solar_world.do(service.charge_work, ChargeWork(ticket_id=ticket.id))
    receipt = IssueInvoice(ticket_id=ticket.id, kind="receipt")
    refusal = await refused(solar_world, service.issue_invoice, receipt, FINANCE)
    assert (refusal.code, refusal.field) == ("INVOICE_WANTED", "kind")
    made = await solar_world.do(service.issue_invoice, IssueInvoice(ticket_id=ticket.id), FINANCE)
    assert made.kind == "invoice"


@pytest.mark.clause("P11-39")
async def test_who_did_the_damage_pays(solar_world: World) -> None:
    """Given tenant T broke the glass, when it is billed, then T owes it and the owner's account stays empty."""
    await publish(solar_world)
    made = await invoiced(solar_world, phase="in_term", bill_to="damager", debtor="Tenant T")
    assert (made.bill_to, made.debtor) == ("damager", "Tenant T")
    async with solar_world.work() as uow:
        statement = await service.customer_statement(uow, solar_world.customer.id, date(2026, 6, 1), date(2026, 6, 30))
    assert (statement.lines, statement.closing) == ((), D("0.00"))


async def test_numbers_run_without_a_gap(solar_world: World) -> None:
    """Given invoices, refusals in between and credit notes, then each kind's numbers follow one another."""
    await publish(solar_world)
    first = await invoiced(solar_world)
    await refused(solar_world, service.issue_invoice, IssueInvoice(ticket_id=first.ticket_id), FINANCE)
    second = await invoiced(solar_world)
    note = await solar_world.do(
        service.issue_credit_note, IssueCreditNote(invoice_id=second.id, reason="wrong address"), FINANCE
    )
    third = await invoiced(solar_world)
    assert [made.number for made in (first, second, third, note)] == [
        "INV-2026-000001", "INV-2026-000002", "INV-2026-000003", "CN-2026-000001",
    ]  # fmt: skip


async def test_a_credit_note_takes_lines_back(solar_world: World) -> None:
    """Given an invoice of 380.00, when the labour is credited, then 120.00 less are owed, and never twice."""
    await publish(solar_world)
    made = await invoiced(solar_world)
    parts, labour = await solar_world.read(InvoiceLine, invoice_id=made.id)
    command = IssueCreditNote(invoice_id=made.id, reason="goodwill", invoice_line_ids=(labour.id,))
    note = await solar_world.do(service.issue_credit_note, command, FINANCE)
    assert (note.total, note.kind, note.credits_id) == (D("-120.00"), "credit_note", made.id)
    cases = [
        (command, "LINE_CREDITED"),
        (IssueCreditNote(invoice_id=made.id, reason="x", invoice_line_ids=(new_id(),)), "NOT_FOUND"),
        (IssueCreditNote(invoice_id=made.id, reason="x", invoice_line_ids=(parts.id, parts.id)), "LINE_CREDITED"),
        (IssueCreditNote(invoice_id=made.id, reason=" "), "REQUIRED"),
        (IssueCreditNote(invoice_id=note.id, reason="x"), "DOCUMENT_KIND_REFUSED"),
    ]
    for wrong, code in cases:
        assert (await refused(solar_world, service.issue_credit_note, wrong, FINANCE)).code == code
    nothing = IssueInvoice(ticket_id=made.ticket_id)
    assert (await refused(solar_world, service.issue_invoice, nothing, FINANCE)).code == "NOTHING_TO_INVOICE"


async def test_a_credited_charge_may_be_billed_again(solar_world: World) -> None:
    await publish(solar_world)
    made = await invoiced(solar_world)
    command = IssueCreditNote(invoice_id=made.id, reason="wrong debtor", bill_again=True)
    await solar_world.do(service.issue_credit_note, command, FINANCE)
    again = await solar_world.do(service.issue_invoice, IssueInvoice(ticket_id=made.ticket_id), FINANCE)
    assert (again.number, again.total) == ("INV-2026-000002", D("380.00"))
    assert (await refused(solar_world, service.issue_credit_note, command, FINANCE)).code == "LINE_CREDITED"


async def test_payments_and_the_customers_statement(solar_world: World) -> None:
    """Given 380.00 in June, 200.00 paid and 120.00 credited in July, then 60.00 are owed at the end of July."""
    await publish(solar_world)
    made = await invoiced(solar_world)
    _, labour = await solar_world.read(InvoiceLine, invoice_id=made.id)
    solar_world.clock.move_to(local("2026-07-01 00:00"))

    def pay(amount: str, **given: Any) -> RecordPayment:
        return RecordPayment(**{"invoice_id": made.id, "amount": D(amount), "method": "bank", **given})

    cases = [
        (pay("380.01"), "PAYMENT_ABOVE_OPEN", "amount"),
        (pay("0"), "AMOUNT_INVALID", "amount"),
        (pay("-1"), "AMOUNT_INVALID", "amount"),
        (pay("1", at=local("2026-07-01 00:01")), "INSTANT_IN_FUTURE", "at"),
        (pay("1", method=" "), "REQUIRED", "method"),
    ]
    for command, code, field in cases:
        error = await refused(solar_world, service.record_payment, command, FINANCE)
        assert (error.code, error.field) == (code, field)
    await solar_world.do(service.record_payment, pay("200.00"), FINANCE)
    solar_world.later(days=3)
    credit = IssueCreditNote(invoice_id=made.id, reason="goodwill", invoice_line_ids=(labour.id,))
    note = await solar_world.do(service.issue_credit_note, credit, FINANCE)
    assert (await refused(solar_world, service.record_payment, pay("60.01"), FINANCE)).code == "PAYMENT_ABOVE_OPEN"
    refusal = await refused(
        solar_world, service.record_payment, RecordPayment(invoice_id=note.id, amount=D(1), method="bank"), FINANCE
    )
    assert refusal.code == "DOCUMENT_KIND_REFUSED"

    customer = solar_world.customer
    async with solar_world.work(solar_world.customer_member()) as uow:
        july = await service.customer_statement(uow, customer.id, date(2026, 7, 1), date(2026, 7, 31))
        june = await service.customer_statement(uow, customer.id, date(2026, 6, 1), date(2026, 6, 30))
    assert (june.opening, june.closing) == (D("0.00"), D("380.00"))
    assert (july.opening, july.closing) == (D("380.00"), D("60.00"))
    assert [(line.kind, line.amount, line.balance) for line in july.lines] == [
        ("payment", D("-200.00"), D("180.00")), ("credit_note", D("-120.00"), D("60.00")),
    ]  # fmt: skip


async def test_a_statement_is_for_the_customer_itself(solar_world: World) -> None:
    june = (date(2026, 6, 1), date(2026, 6, 30))

    async def endless(uow: Any, customer_id: Any) -> Any:
        return await service.customer_statement(uow, customer_id, june[0], date(9999, 12, 31))

    async def statement(uow: Any, customer_id: Any) -> Any:
        return await service.customer_statement(uow, customer_id, *june)

    async def backwards(uow: Any, customer_id: Any) -> Any:
        return await service.customer_statement(uow, customer_id, june[1], june[0])

    own = solar_world.customer.id
    assert (await refused(solar_world, statement, own, solar_world.engineer_member)).code == "FORBIDDEN"
    assert (await refused(solar_world, statement, new_id(), solar_world.customer_member())).code == "NOT_FOUND"
    assert (await refused(solar_world, statement, new_id(), FINANCE)).code == "NOT_FOUND"
    assert (await refused(solar_world, endless, own, FINANCE)).code == "NUMBER_OUT_OF_RANGE"
    assert (await refused(solar_world, backwards, own, FINANCE)).code == "PERIOD_INVERTED"
