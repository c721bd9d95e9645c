"""What may be published, offered, agreed, approved, charged and billed. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from aftersales.fees.pricing import ZERO, BillTo, Outcome, Phase, cents
from aftersales.kit.errors import InvalidInput, StateRefused

QuoteState = Literal[
    "awaiting_approval", "issued", "not_required", "accepted", "declined", "superseded", "withdrawn", "not_approved"
]
ApprovalState = Literal["requested", "approved", "rejected", "implemented"]
DocumentKind = Literal["invoice", "receipt", "credit_note"]
QuoteOperation = Literal["approve", "disapprove", "accept", "decline", "withdraw"]

QUOTE_TRANSITIONS: Final[dict[QuoteOperation, dict[str, QuoteState]]] = {
    "approve": {"awaiting_approval": "issued"},
    "disapprove": {"awaiting_approval": "not_approved"},
    "accept": {"issued": "accepted"},
    "decline": {"issued": "declined"},
    "withdraw": {
        "awaiting_approval": "withdrawn", "issued": "withdrawn", "not_required": "withdrawn", "accepted": "withdrawn",
    },
}  # fmt: skip
"""Operation -> state before -> state after; what isn't listed is refused."""

UNPAID: Final = frozenset({"free", "advise_only", "reject"})
"""Verdicts under which nobody pays: an order that was priced under them asks for no consent."""

_CURRENCY = re.compile(r"[A-Z]{3}")


class BookPeriod(Struct, frozen=True, kw_only=True):
    """Where and when a price book counts, both end days included."""

    id: UUID
    number: str
    vertical: str | None
    region: str | None
    currency: str
    valid_from: date
    valid_until: date | None


class QuoteStand(Struct, frozen=True, kw_only=True):
    """What the gate needs to know of a quote."""

    id: UUID
    revision: int
    state: str
    valid_until: date
    total: Decimal
    outcome: str = "bill_full"


class Decided(Struct, frozen=True, kw_only=True):
    """Under which verdict work is priced, and who pays by coverage's word; nobody where nothing was decided."""

    outcome: Outcome
    phase: Phase
    payers: frozenset[str] = frozenset()


class WorkVerdict(Struct, frozen=True, kw_only=True):
    """Whether work may start; if not, `code` says why and `quote_id` which quote it is about."""

    allowed: bool
    code: str | None = None
    quote_id: UUID | None = None


class MatrixRow(Struct, frozen=True, kw_only=True):
    """Up to this amount (None: any) this approver decides; a member with the role records it."""

    up_to: Decimal | None
    approver: str
    role: str


def check_currency(currency: str, field: str = "currency") -> str:
    """CURRENCY_INVALID unless it looks like an ISO 4217 code."""
    if not _CURRENCY.fullmatch(currency):
        raise InvalidInput("CURRENCY_INVALID", field=field, value=currency)
    return currency


def check_period(period: BookPeriod, others: Iterable[BookPeriod]) -> None:
    """PERIOD_INVERTED for an end before the start; PRICE_BOOK_OVERLAPS for two books at once for the same place."""
    if period.valid_until is not None and period.valid_until < period.valid_from:
        raise InvalidInput("PERIOD_INVERTED", field="validUntil")
    for other in others:
        same = (other.vertical, other.region) == (period.vertical, period.region) and other.id != period.id
        begins_in_time = period.valid_until is None or other.valid_from <= period.valid_until
        ends_too_late = other.valid_until is None or other.valid_until >= period.valid_from
        if same and begins_in_time and ends_too_late:
            raise StateRefused("PRICE_BOOK_OVERLAPS", field="validFrom", number=other.number)


def book_for(books: Iterable[BookPeriod], *, vertical: str, region: str | None, on: date) -> BookPeriod | None:
    """The book that counts: in force on the day, for the vertical rather than for all, for the narrowest region."""
    in_force = [
        book
        for book in books
        if book.vertical in {None, vertical}
        and (book.region is None or (region or "").startswith(book.region))
        and book.valid_from <= on
        and (book.valid_until is None or on <= book.valid_until)
    ]
    return max(in_force, key=lambda book: (book.vertical is not None, len(book.region or "")), default=None)


def next_quote_state(state: str, operation: QuoteOperation) -> QuoteState:
    """The state after the operation; QUOTE_NOT_APPROVED or QUOTE_STATE_REFUSED when it isn't possible now."""
    after = QUOTE_TRANSITIONS[operation].get(state)
    if after is not None:
        return after
    if state == "awaiting_approval":
        raise StateRefused("QUOTE_NOT_APPROVED", field="quoteId")
    raise StateRefused("QUOTE_STATE_REFUSED", field="quoteId", state=state, operation=operation)


def check_unexpired(valid_until: date, on: date) -> None:
    """QUOTE_EXPIRED after the last day; on the last day itself it still holds."""
    if on > valid_until:
        raise StateRefused("QUOTE_EXPIRED", field="quoteId", valid_until=valid_until.isoformat())


def work_verdict(quotes: Sequence[QuoteStand], on: date, *, needs_quote: bool = False) -> WorkVerdict:
    """Whether billable work may start on a local day (P09-18).

    An accepted quote allows it until its last day, also while a later version waits for its answer. Without one,
    the latest live quote decides: nothing to pay needs no consent, anything else does. `needs_quote` is for work
    that isn't free, such as a customisation (P08-09) or a repair that coverage leaves to be paid; what was quoted while
    it was thought to be free says nothing about it.
    """
    accepted = next((quote for quote in quotes if quote.state == "accepted"), None)
    if accepted is not None:
        if on <= accepted.valid_until:
            return WorkVerdict(allowed=True, quote_id=accepted.id)
        return WorkVerdict(allowed=False, code="QUOTE_EXPIRED", quote_id=accepted.id)
    live = [
        quote
        for quote in quotes
        if quote.state not in {"superseded", "withdrawn"}
        and not (needs_quote and quote.state == "not_required" and quote.outcome in UNPAID)
    ]
    latest = max(live, key=lambda quote: quote.revision, default=None)
    if latest is None:
        return WorkVerdict(allowed=not needs_quote, code="CONSENT_REQUIRED" if needs_quote else None)
    if latest.state == "not_required":
        return WorkVerdict(allowed=True, quote_id=latest.id)
    code = "QUOTE_NOT_APPROVED" if latest.state in {"awaiting_approval", "not_approved"} else "CONSENT_REQUIRED"
    return WorkVerdict(allowed=False, code=code, quote_id=latest.id)


def bill_to(said: BillTo | None, payers: frozenset[str], *, billable: bool) -> BillTo:
    """Who is billed: whom coverage found to pay, unless somebody else is named.

    PAYER_OTHER where the customer would pay for another's damage or promise (P11-39, P15-16), OUTCOME_NOT_DECIDED
    where parts have different payers and none is named. Whoever takes over what the customer owes may be billed.
    """
    if not billable:
        return said or "customer"
    if said is None and len(payers) > 1:
        raise InvalidInput("OUTCOME_NOT_DECIDED", field="component")
    owing = next(iter(payers)) if len(payers) == 1 else None
    if said is None:
        return owing or "customer"  # type: ignore[return-value]  # what the company pays isn't billable
    if said == "customer" and payers and "customer" not in payers:
        raise InvalidInput("PAYER_OTHER", field="billTo", payer=", ".join(sorted(payers)))
    return said


def check_matrix(rows: Sequence[MatrixRow]) -> None:
    """APPROVAL_LIMITS_INVALID unless limits rise strictly; only the last may be open."""
    limits = [row.up_to for row in rows]
    for position, limit in enumerate(limits):
        before = limits[position - 1] if position else None
        if (position and before is None) or (limit is not None and before is not None and limit <= before):
            raise InvalidInput("APPROVAL_LIMITS_INVALID", field=f"rules.{position}.upTo")


def approver_for(rows: Iterable[MatrixRow], amount: Decimal) -> MatrixRow | None:
    """Who decides about an amount; a limit includes its own figure. None: the matrix has no row for such things.

    NO_AUTHORITY_FOR_AMOUNT above the highest limit.
    """
    ordered = sorted(rows, key=lambda row: (row.up_to is None, row.up_to or ZERO))
    for row in ordered:
        if row.up_to is None or amount <= row.up_to:
            return row
    if ordered:
        raise StateRefused("NO_AUTHORITY_FOR_AMOUNT", field="amount", amount=str(amount), limit=str(ordered[-1].up_to))
    return None


def share(whole: Decimal, part: Decimal, of: Decimal, given: Decimal, *, last: bool) -> Decimal:
    """The part's share of an amount, half-up to the cent; the last part takes what is left, so that sums agree."""
    return whole - given if last else min(cents(whole * part / of), whole - given)
