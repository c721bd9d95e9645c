"""Charges for work that was done, invoices and receipts for charges, credit notes, payments, statements."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from msgspec import Struct

from aftersales.access import require
from aftersales.assets.rules import start_of_day
from aftersales.fees import queries, rules
from aftersales.fees.commands import ChargeWork, DoneLine, IssueCreditNote, IssueInvoice, RecordPayment
from aftersales.fees.models import Charge, Invoice, InvoiceLine, Payment, Quote, QuoteLine
from aftersales.fees.pricing import ZERO, check_amount
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import happened, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.models import Customer
from aftersales.scope import TenantWork
from aftersales.tickets.handling import load_ticket
from aftersales.tickets.models import Ticket

PREFIXES: dict[rules.DocumentKind, str] = {"invoice": "INV", "receipt": "RCP", "credit_note": "CN"}
"""The numbers of each kind run without a gap through a tenant's year."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)
"""Days between which a statement may be asked for."""


class StatementLine(Struct, frozen=True, kw_only=True):
    """An invoice, receipt, credit note or payment, and what is owed after it."""

    at: datetime
    kind: str
    number: str
    amount: Decimal
    balance: Decimal


class Statement(Struct, frozen=True, kw_only=True):
    """What a customer owed before the first day, what came and went, what it owes at the end of the last."""

    customer_id: UUID
    currency: str
    opening: Decimal
    lines: tuple[StatementLine, ...]
    closing: Decimal


async def charge_work(uow: TenantWork, command: ChargeWork) -> list[Charge]:
    """Charge work within the accepted quote.

    CONSENT_REQUIRED without one, WORK_BEYOND_CONSENT for a line that isn't in it or for more than was agreed (that
    needs a new version and a new consent), NOTHING_TO_CHARGE, QUANTITY_INVALID, TICKET_STATE_REFUSED after the end.
    """
    ticket = await load_ticket(uow, command.ticket_id, "charge.record")
    if ticket.state in {"closed", "cancelled"}:
        raise StateRefused("TICKET_STATE_REFUSED", state=ticket.state, operation="charge_work")
    quote = next((found for found in await queries.quotes_of(uow, ticket.id) if found.state == "accepted"), None)
    if quote is None:
        raise StateRefused("CONSENT_REQUIRED", field="ticketId")
    agreed = {line.id: line for line in await queries.lines_of(uow, quote.id)}
    so_far = await queries.charged(uow, quote.id)
    done: Sequence[DoneLine] = command.lines or [
        DoneLine(quote_line_id=line.id) for line in agreed.values() if _left(line, so_far) > 0
    ]
    if not done:
        raise StateRefused("NOTHING_TO_CHARGE", field="ticketId")
    made: list[Charge] = []
    for position, given in enumerate(done):
        at = f"lines.{position}"
        line = agreed.get(given.quote_line_id) if given.quote_line_id else None
        if line is None:
            if given.quote_line_id is not None and await uow.find(QuoteLine, given.quote_line_id) is None:
                raise NotFound("NOT_FOUND", field=f"{at}.quoteLineId", thing="QuoteLine")
            raise StateRefused("WORK_BEYOND_CONSENT", field=f"{at}.quoteLineId", number=quote.number)
        left = _left(line, so_far)
        quantity = left if given.quantity is None else given.quantity
        if not quantity.is_finite() or (given.quantity is not None and quantity <= 0):
            raise InvalidInput("QUANTITY_INVALID", field=f"{at}.quantity", value=str(quantity))
        if quantity > left or left == 0:
            raise StateRefused("WORK_BEYOND_CONSENT", field=f"{at}.quantity", number=quote.number)
        charge = _charge(uow, ticket, quote, line, quantity, so_far)
        made.append(charge)
    total = sum((charge.total for charge in made), ZERO)
    await journal.record(
        uow, "work.charged", subject_type="quote", subject_id=quote.id, ticket=ticket,
        data={"number": quote.number, "total": total, "currency": quote.currency},
    )  # fmt: skip
    return made


_SoFar = dict[UUID, tuple[Decimal, Decimal, Decimal]]


def _left(line: QuoteLine, so_far: _SoFar) -> Decimal:
    return line.quantity - so_far[line.id][0] if line.id in so_far else line.quantity


def _charge(
    uow: TenantWork, ticket: Ticket, quote: Quote, line: QuoteLine, quantity: Decimal, so_far: _SoFar
) -> Charge:
    before, total_before, vat_before = so_far.get(line.id, (Decimal(0), ZERO, ZERO))
    last = before + quantity == line.quantity
    total = rules.share(line.total, quantity, line.quantity, total_before, last=last)
    vat = rules.share(line.vat, quantity, line.quantity, vat_before, last=last)
    so_far[line.id] = (before + quantity, total_before + total, vat_before + vat)
    return uow.add(
        Charge(
            id=new_id(),
            ticket_id=ticket.id,
            quote_id=quote.id,
            quote_line_id=line.id,
            description=line.description,
            quantity=quantity,
            currency=quote.currency,
            net=total - vat,
            vat=vat,
            total=total,
            at=uow.now,
            actor=uow.actor.label,
        )
    )


async def issue_invoice(uow: TenantWork, command: IssueInvoice) -> Invoice:
    """The invoice or receipt for charges (P09-19, P09-28); its number follows the last one without a gap.

    CHARGE_INVOICED for a charge that stands on one already, NOTHING_TO_INVOICE, INVOICE_WANTED for a receipt where
    the customer asked for an invoice (A54), DEBTORS_DIFFER for charges that different people pay.
    """
    ticket = await load_ticket(uow, command.ticket_id, "invoice.issue")
    charges = await _to_invoice(uow, ticket, command.charge_ids)
    if command.kind == "receipt" and await queries.wants_invoice(uow, ticket.id):
        raise StateRefused("INVOICE_WANTED", field="kind")
    quotes = [await uow.get(Quote, quote_id) for quote_id in dict.fromkeys(charge.quote_id for charge in charges)]
    payers = {(quote.bill_to, quote.debtor, quote.currency) for quote in quotes}
    if len(payers) > 1:
        raise StateRefused("DEBTORS_DIFFER", field="chargeIds")
    [(bill_to, debtor, currency)] = payers
    customer = await uow.get(Customer, ticket.customer_id)
    invoice = uow.add(
        Invoice(
            id=new_id(),
            number=await _number(uow, command.kind),
            kind=command.kind,
            ticket_id=ticket.id,
            customer_id=customer.id,
            bill_to=bill_to,
            debtor=debtor or customer.name,
            currency=currency,
            net=sum((charge.net for charge in charges), ZERO),
            vat=sum((charge.vat for charge in charges), ZERO),
            total=sum((charge.total for charge in charges), ZERO),
            issued_at=uow.now,
            actor=uow.actor.label,
        )
    )
    for charge in charges:
        uow.add(
            InvoiceLine(
                id=new_id(),
                invoice_id=invoice.id,
                charge_id=charge.id,
                description=charge.description,
                quantity=charge.quantity,
                net=charge.net,
                vat=charge.vat,
                total=charge.total,
            )
        )
    await _note(uow, f"{command.kind}.issued", invoice, ticket, {})
    return invoice


async def _to_invoice(uow: TenantWork, ticket: Ticket, charge_ids: Sequence[UUID]) -> list[Charge]:
    free = await queries.open_charges(uow, ticket.id)
    if charge_ids:
        known = {charge.id for charge in await queries.charges_of(uow, ticket.id)}
        for position, charge_id in enumerate(charge_ids):
            if charge_id not in known:
                raise NotFound("NOT_FOUND", field=f"chargeIds.{position}", thing="Charge")
            if charge_id not in {charge.id for charge in free} or charge_id in charge_ids[:position]:
                raise StateRefused("CHARGE_INVOICED", field=f"chargeIds.{position}")
        free = [charge for charge in free if charge.id in charge_ids]
    if not free:
        raise StateRefused("NOTHING_TO_INVOICE", field="ticketId")
    return free


async def issue_credit_note(uow: TenantWork, command: IssueCreditNote) -> Invoice:
    """Take back an invoice, a receipt or some of its lines; the credit note has a number of its own.

    LINE_CREDITED for a line that was taken back before, DOCUMENT_KIND_REFUSED for a credit note.
    """
    require(uow.actor, "invoice.issue")
    ticket_id = (await uow.get(Invoice, command.invoice_id)).ticket_id
    ticket = await load_ticket(uow, ticket_id, "invoice.issue")
    invoice = await locked(uow, Invoice, command.invoice_id)
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    if invoice.kind == "credit_note":
        raise StateRefused("DOCUMENT_KIND_REFUSED", field="invoiceId", kind=invoice.kind)
    lines = {line.id: line for line in await queries.invoice_lines(uow, invoice.id)}
    chosen = list(command.invoice_line_ids) or [line.id for line in lines.values() if line.credited_id is None]
    for position, line_id in enumerate(chosen):
        if line_id not in lines:
            raise NotFound("NOT_FOUND", field=f"invoiceLineIds.{position}", thing="InvoiceLine")
        if lines[line_id].credited_id is not None or line_id in chosen[:position]:
            raise StateRefused("LINE_CREDITED", field=f"invoiceLineIds.{position}")
    if not chosen:
        raise StateRefused("LINE_CREDITED", field="invoiceId")
    taken = [lines[line_id] for line_id in chosen]
    note = uow.add(
        Invoice(
            id=new_id(),
            number=await _number(uow, "credit_note"),
            kind="credit_note",
            ticket_id=ticket.id,
            customer_id=invoice.customer_id,
            bill_to=invoice.bill_to,
            debtor=invoice.debtor,
            credits_id=invoice.id,
            reason=reason,
            currency=invoice.currency,
            net=-sum((line.net for line in taken), ZERO),
            vat=-sum((line.vat for line in taken), ZERO),
            total=-sum((line.total for line in taken), ZERO),
            issued_at=uow.now,
            actor=uow.actor.label,
        )
    )
    # The note has to be there before lines can point at it.
    await uow.flush()
    for line in taken:
        line.credited_id = note.id
        if not command.bill_again:
            (await uow.get(Charge, line.charge_id)).credited_id = note.id
    invoice.credited -= note.total
    await _note(uow, "credit_note.issued", note, ticket, {"credits": invoice.number, "reason": reason})
    return note


async def record_payment(uow: TenantWork, command: RecordPayment) -> Payment:
    """Money for an invoice or receipt; PAYMENT_ABOVE_OPEN beyond what is still owed on it."""
    require(uow.actor, "invoice.issue")
    invoice = await locked(uow, Invoice, command.invoice_id)
    if invoice.kind == "credit_note":
        raise StateRefused("DOCUMENT_KIND_REFUSED", field="invoiceId", kind=invoice.kind)
    amount = check_amount(command.amount, "amount")
    if amount == 0:
        raise InvalidInput("AMOUNT_INVALID", field="amount", value=str(amount))
    method = clean_text(command.method, "method", NAME_LIMIT, required=True)
    at = happened(uow.now, command.at, "at")
    owed = invoice.total - invoice.credited - invoice.paid
    if amount > owed:
        raise StateRefused("PAYMENT_ABOVE_OPEN", field="amount", amount=str(amount), owed=str(owed))
    invoice.paid += amount
    payment = uow.add(
        Payment(id=new_id(), invoice_id=invoice.id, amount=amount, method=method, at=at, actor=uow.actor.label)
    )
    ticket = await uow.get(Ticket, invoice.ticket_id)
    await _note(uow, "payment.received", invoice, ticket, {"amount": amount, "method": method})
    return payment


async def customer_statement(
    uow: TenantWork, customer_id: UUID, first: date, last: date, currency: str = "CNY"
) -> Statement:
    """A customer's account from a local day to another, both included; its own member may read it too."""
    if uow.actor.customer_id is None:
        require(uow.actor, "statement.read")
    elif uow.actor.customer_id != customer_id:
        raise NotFound("NOT_FOUND", field="customerId", thing="Customer")
    await uow.get(Customer, customer_id)
    if last < first:
        raise InvalidInput("PERIOD_INVERTED", field="last")
    if first < FIRST_DAY or last > LAST_DAY:
        raise InvalidInput("NUMBER_OUT_OF_RANGE", field="first" if first < FIRST_DAY else "last")
    zone = uow.scope.time_zone
    begin = start_of_day(first, zone)
    balance = opening = ZERO
    lines: list[StatementLine] = []
    for row in await queries.statement_rows(uow, customer_id, start_of_day(last + timedelta(days=1), zone)):
        if row["currency"] != currency:
            continue
        balance += row["amount"]
        if row["at"] < begin:
            opening = balance
            continue
        lines.append(
            StatementLine(at=row["at"], kind=row["kind"], number=row["number"], amount=row["amount"], balance=balance)
        )
    return Statement(customer_id=customer_id, currency=currency, opening=opening, lines=tuple(lines), closing=balance)


async def _number(uow: TenantWork, kind: rules.DocumentKind) -> str:
    return await next_number(uow, PREFIXES[kind], today(uow.now, uow.scope.time_zone).year)


async def _note(uow: TenantWork, kind: str, invoice: Invoice, ticket: Ticket, data: dict[str, object]) -> None:
    about = {"number": invoice.number, "total": invoice.total, "currency": invoice.currency, "debtor": invoice.debtor}
    await journal.record(
        uow, kind, subject_type="invoice", subject_id=invoice.id, ticket=ticket, data={**about, **data}
    )
