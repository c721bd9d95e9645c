"""Quotes: offered, approved where the matrix wants it, answered by the customer, taken back."""

from datetime import date
from uuid import UUID

from aftersales.access import Right, require
from aftersales.coverage import service as coverage
from aftersales.fees import approvals, queries, rules
from aftersales.fees.books import decided, priced
from aftersales.fees.commands import AnswerQuote, IssueQuote, WithdrawQuote
from aftersales.fees.models import Consent, PriceBook, Quote, QuoteLine
from aftersales.fees.pricing import PricedOrder
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.errors import Conflict, Forbidden, InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import happened, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.models import Contact
from aftersales.scope import TenantWork
from aftersales.tickets.handling import load_ticket, terms_under
from aftersales.tickets.models import OPEN_STATES, Ticket

NUMBER_PREFIX = "Q"
LONGEST_DAYS = 3650


async def issue_quote(uow: TenantWork, command: IssueQuote) -> Quote:
    """Offer work at the published prices (P09-18, P12-02); versions that the customer hasn't accepted end by this.

    With nothing to pay no consent is needed. What `priced` refuses, and QUOTE_VALIDITY_INVALID for a last day that
    is over, TICKET_STATE_REFUSED, NO_AUTHORITY_FOR_AMOUNT, REQUIRED for a debtor without a name, PAYER_OTHER for a
    customer who would pay what coverage lays on somebody else (P11-39).
    """
    ticket = await load_ticket(uow, command.ticket_id, "quote.issue")
    _check_open(ticket, "issue_quote")
    present = today(uow.now, uow.scope.time_zone)
    if command.valid_until < present:
        raise InvalidInput("QUOTE_VALIDITY_INVALID", field="validUntil", valid_until=command.valid_until.isoformat())
    if command.working_days is not None and not 0 < command.working_days <= LONGEST_DAYS:
        raise InvalidInput("QUANTITY_INVALID", field="workingDays", value=str(command.working_days))
    notes = clean_text(command.notes, "notes", BODY_LIMIT)
    for position, line in enumerate(command.lines):
        clean_text(line.code, f"lines.{position}.code", NAME_LIMIT, required=True)
        clean_text(line.description, f"lines.{position}.description", BODY_LIMIT)
    book_id, order = await priced(uow, ticket, command)
    verdict = await decided(uow, ticket, command)
    bill_to = rules.bill_to(command.bill_to, verdict.payers, billable=order.billable)
    debtor = clean_text(command.debtor, "debtor", NAME_LIMIT, required=bill_to != "customer")
    matrix = await queries.matrix_rows(uow, approvals.QUOTE) if order.billable else ()
    decider = rules.approver_for(matrix, order.total)
    earlier = await queries.quotes_of(uow, ticket.id)
    for quote in earlier:
        if quote.state in {"issued", "awaiting_approval", "not_required"}:
            quote.state = "superseded"
    quote = uow.add(
        Quote(
            id=new_id(),
            number=await next_number(uow, NUMBER_PREFIX, present.year),
            ticket_id=ticket.id,
            revision=1 + max((found.revision for found in earlier), default=0),
            price_book_id=book_id,
            outcome=verdict.outcome,
            phase=verdict.phase,
            bill_to=bill_to,
            debtor=debtor or None,
            currency=order.currency,
            net=order.net,
            vat=order.vat,
            total=order.total,
            rounding=order.rounding,
            working_days=command.working_days,
            notes=notes,
            valid_until=command.valid_until,
            state="not_required" if not order.billable else "issued" if decider is None else "awaiting_approval",
            issued_by=uow.actor.label,
            issued_at=uow.now,
        )
    )
    _add_lines(uow, quote, order)
    if decider is not None:
        subject = f"{quote.number} v{quote.revision}"
        await approvals.ask(uow, ticket, approvals.QUOTE, order.total, subject, decider, quote_id=quote.id)
    await note(uow, "quote.issued", quote, ticket, {"fee_table": order.table, "state": quote.state})
    return quote


async def answer_quote(uow: TenantWork, command: AnswerQuote) -> Quote:
    """Keep the customer's yes or no, with who, when, how and the evidence (P09-18).

    CONSENT_WITHOUT_AUTHORITY unless it is the customer's own member or a contact who may authorise;
    QUOTE_EXPIRED after the last day, QUOTE_NOT_APPROVED, QUOTE_STATE_REFUSED; TICKET_STATE_REFUSED for a yes about a
    ticket that isn't open any more.
    """
    quote, ticket = await _load(uow, command.quote_id, "quote.answer", command.expected_version)
    contact = await _authority(uow, ticket, command.contact_id)
    state = rules.next_quote_state(quote.state, "accept" if command.agreed else "decline")
    at = happened(uow.now, command.at, "at", after=quote.issued_at)
    if command.agreed:
        _check_open(ticket, "answer_quote")
        rules.check_unexpired(quote.valid_until, today(at, uow.scope.time_zone))
    own = uow.actor.customer_id is not None
    evidence = clean_text(command.evidence, "evidence", BODY_LIMIT, required=not own)
    if command.agreed:
        for other in await queries.quotes_of(uow, ticket.id):
            if other.id != quote.id and other.state == "accepted":
                other.state = "superseded"
        # Written first: only one version of a ticket's quote may be accepted at a time.
        await uow.flush()
    quote.state = state
    consent = uow.add(
        Consent(
            id=new_id(),
            quote_id=quote.id,
            ticket_id=ticket.id,
            contact_id=contact.id if contact else None,
            member_id=uow.actor.id if own else None,
            given_by=contact.name if contact else uow.actor.name,
            agreed=command.agreed,
            channel=command.channel,
            evidence=evidence,
            fee_table=await _fee_table(uow, quote.price_book_id),
            total=quote.total,
            wants_invoice=command.wants_invoice,
            at=at,
            recorded_by=uow.actor.label,
        )
    )
    kind = "quote.accepted" if command.agreed else "quote.declined"
    await note(
        uow, kind, quote, ticket,
        {"given_by": consent.given_by, "channel": consent.channel, "fee_table": consent.fee_table},
    )  # fmt: skip
    return quote


async def withdraw_quote(uow: TenantWork, command: WithdrawQuote) -> Quote:
    """Take an offer back, with a reason; QUOTE_CHARGED once work was charged under it."""
    quote, ticket = await _load(uow, command.quote_id, "quote.issue", command.expected_version)
    state = rules.next_quote_state(quote.state, "withdraw")
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    if await queries.charged(uow, quote.id):
        raise StateRefused("QUOTE_CHARGED", field="quoteId")
    quote.state, quote.reason = state, reason
    await note(uow, "quote.withdrawn", quote, ticket, {"reason": reason})
    return quote


async def work_allowed(uow: TenantWork, ticket_id: UUID, on: date | None = None) -> rules.WorkVerdict:
    """Whether billable work on the ticket may start on a local day, by default today."""
    require(uow.actor, "ticket.work")
    ticket = await uow.get(Ticket, ticket_id)
    return await verdict_for(uow, ticket, on or today(uow.now, uow.scope.time_zone))


async def verdict_for(uow: TenantWork, ticket: Ticket, on: date, *, starting: bool = True) -> rules.WorkVerdict:
    """The same for a ticket at hand.

    A part that coverage leaves to be paid needs a quote before work on it starts and before it is reported as done. A
    customisation needs one to start, and so does a repair after the free term that coverage hasn't decided on.
    """
    decisions = await coverage.decisions_of(uow, ticket.id)
    needs_quote = any(found.outcome not in rules.UNPAID for found in decisions)
    if starting and ticket.kind == "customisation":
        rules_of_fees = (await terms_under(uow, ticket)).service_fee_table
        needs_quote |= any(rule.item == "customisation" and rule.consent_required for rule in rules_of_fees)
    if starting and ticket.kind == "fault" and ticket.billable:
        needs_quote |= not decisions
    return rules.work_verdict(await queries.quote_stands(uow, ticket.id), on, needs_quote=needs_quote)


async def note(uow: TenantWork, kind: str, quote: Quote, ticket: Ticket, data: dict[str, object]) -> None:
    """Tell the journal about a quote."""
    about = {
        "number": quote.number, "revision": quote.revision, "total": quote.total, "currency": quote.currency,
    }  # fmt: skip
    await journal.record(uow, kind, subject_type="quote", subject_id=quote.id, ticket=ticket, data={**about, **data})


def _check_open(ticket: Ticket, operation: str) -> None:
    if ticket.state not in OPEN_STATES:
        raise StateRefused("TICKET_STATE_REFUSED", state=ticket.state, operation=operation)


def _add_lines(uow: TenantWork, quote: Quote, order: PricedOrder) -> None:
    for position, line in enumerate(order.lines, start=1):
        uow.add(
            QuoteLine(
                id=new_id(),
                quote_id=quote.id,
                position=position,
                item=line.item,
                code=line.code,
                description=line.description,
                quantity=line.quantity,
                hours=line.hours,
                unit_price=line.unit_price,
                net=line.net,
                vat=line.vat,
                total=line.total,
                rule=line.rule,
                clause=line.clause,
                reason_zh=line.reason.zh,
                reason_en=line.reason.en,
                approver=line.approver,
            )
        )


async def _load(uow: TenantWork, quote_id: UUID, right: Right, expected_version: int | None) -> tuple[Quote, Ticket]:
    """The quote and its ticket, the ticket locked: whatever is done to a ticket's quotes, is done one by one."""
    require(uow.actor, right)
    found = await uow.find(Quote, quote_id)
    if found is None:
        raise NotFound("NOT_FOUND", thing="Quote")
    ticket = await load_ticket(uow, found.ticket_id, right)
    quote = await uow.get(Quote, quote_id, for_update=True)
    if expected_version is not None and expected_version != quote.version:
        raise Conflict("VERSION_STALE", field="expectedVersion", actual=quote.version, expected=expected_version)
    return quote, ticket


async def _authority(uow: TenantWork, ticket: Ticket, contact_id: UUID | None) -> Contact | None:
    """The contact who agreed; None: the customer's own member, who speaks for it."""
    if contact_id is None:
        if uow.actor.customer_id is None:
            raise InvalidInput("REQUIRED", field="contactId", field_name="contactId")
        return None
    contact = await uow.find(Contact, contact_id)
    if contact is None or contact.customer_id != ticket.customer_id:
        raise NotFound("NOT_FOUND", field="contactId", thing="Contact")
    if not contact.may_authorise:
        raise Forbidden("CONSENT_WITHOUT_AUTHORITY", field="contactId", name=contact.name)
    return contact


async def _fee_table(uow: TenantWork, price_book_id: UUID) -> str:
    return (await uow.get(PriceBook, price_book_id)).number
