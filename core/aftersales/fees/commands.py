"""What callers ask of fees: one frozen Struct per operation. Instants are tz-aware; left out, they mean now."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from msgspec import Struct

from aftersales.fees.pricing import BillTo, Item, OrderLine, Outcome, PartClass, Phase

ConsentChannel = Literal["signature", "phone", "email", "web", "letter", "mobile", "on_site"]


class PriceEntry(Struct, frozen=True, kw_only=True):
    """A price of a book; a labour entry `hour` is the hourly rate, one with `hours` an operation."""

    item: Item
    code: str
    name: str
    part_class: PartClass | None = None
    price: Decimal | None = None
    market_price: Decimal | None = None
    cost: Decimal | None = None
    hours: Decimal | None = None
    cap: Decimal | None = None
    clause: str | None = None


class PublishPriceBook(Struct, frozen=True, kw_only=True):
    """A price table from its first to its last local day, both included. `vat_rate` 0.13 means 13 %."""

    name: str
    valid_from: date
    vat_rate: Decimal
    entries: tuple[PriceEntry, ...]
    valid_until: date | None = None
    vertical: str | None = None
    region: str | None = None
    currency: str = "CNY"
    prices_include_vat: bool = True


class EndPriceBook(Struct, frozen=True, kw_only=True):
    """The last day of a price table, so that a new one can follow."""

    price_book_id: UUID
    valid_until: date
    expected_version: int | None = None


class PriceTicket(Struct, frozen=True, kw_only=True):
    """What work on a ticket would cost; writes nothing.

    `outcome` and `phase` follow from the ticket's coverage decisions, and may be left out where there are some.
    `component` says whose decision counts where parts of the asset were decided about differently.
    """

    ticket_id: UUID
    lines: tuple[OrderLine, ...]
    outcome: Outcome | None = None
    phase: Phase | None = None
    component: str | None = None
    currency: str = "CNY"
    told: Decimal | None = None


class IssueQuote(PriceTicket, frozen=True, kw_only=True):
    """An offer, or a new version of one. `valid_until` is the last local day on which it may be accepted.

    A new version offers what is still to be done: what was charged under an earlier one stays charged.
    `bill_to` is whom coverage found to pay, the customer where it decided nothing, unless it is said here; `debtor`
    names who pays when it isn't the customer; `working_days` how long the work takes (P08-09).
    """

    valid_until: date
    bill_to: BillTo | None = None
    debtor: str | None = None
    working_days: int | None = None
    notes: str = ""


class WithdrawQuote(Struct, frozen=True, kw_only=True):
    """The offer is taken back, with the reason."""

    quote_id: UUID
    reason: str
    expected_version: int | None = None


class AnswerQuote(Struct, frozen=True, kw_only=True):
    """The customer's yes or no: who said it, when, by which channel, with what evidence."""

    quote_id: UUID
    agreed: bool
    channel: ConsentChannel
    contact_id: UUID | None = None
    evidence: str = ""
    wants_invoice: bool = False
    at: datetime | None = None
    expected_version: int | None = None


class MatrixEntry(Struct, frozen=True, kw_only=True):
    """Up to `up_to` (left out: any amount) `approver` decides; a member with `role` records the decision."""

    approver: str
    role: str
    up_to: Decimal | None = None


class SetApprovalMatrix(Struct, frozen=True, kw_only=True):
    """Who decides about what, by amount; replaces the rows of the type. `quote` is what quotes ask for."""

    type: str
    rules: tuple[MatrixEntry, ...]


class RequestApproval(Struct, frozen=True, kw_only=True):
    """Something that needs a decision before it is carried out, e.g. a refund (P07-12)."""

    ticket_id: UUID
    type: str
    amount: Decimal
    subject: str


class DecideApproval(Struct, frozen=True, kw_only=True):
    """The decision, with a comment."""

    approval_id: UUID
    approved: bool
    comment: str = ""
    expected_version: int | None = None


class ImplementApproval(Struct, frozen=True, kw_only=True):
    """What was approved is carried out."""

    approval_id: UUID
    expected_version: int | None = None


class DoneLine(Struct, frozen=True, kw_only=True):
    """Work done: a line of the accepted quote and how much of it; without a line it is work beyond consent."""

    quote_line_id: UUID | None = None
    quantity: Decimal | None = None


class ChargeWork(Struct, frozen=True, kw_only=True):
    """Charge work that was done; no lines: all that was agreed and isn't charged yet."""

    ticket_id: UUID
    lines: tuple[DoneLine, ...] = ()


class IssueInvoice(Struct, frozen=True, kw_only=True):
    """An invoice or receipt for charges; no charges: all of the ticket that have none yet."""

    ticket_id: UUID
    kind: Literal["invoice", "receipt"] = "invoice"
    charge_ids: tuple[UUID, ...] = ()


class IssueCreditNote(Struct, frozen=True, kw_only=True):
    """Take back an invoice or receipt, or some of its lines, with the reason.

    `bill_again` leaves the charges to be put on another invoice; otherwise the customer doesn't owe them any more.
    """

    invoice_id: UUID
    reason: str
    invoice_line_ids: tuple[UUID, ...] = ()
    bill_again: bool = False


class RecordPayment(Struct, frozen=True, kw_only=True):
    """Money that came in for an invoice or receipt."""

    invoice_id: UUID
    amount: Decimal
    method: str
    at: datetime | None = None
