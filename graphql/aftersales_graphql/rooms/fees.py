"""Prices, quotes, consents, approvals, charges, invoices: what may be read of them, and by whom."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Optional

import strawberry
from sqlalchemy import and_

from aftersales.fees import models
from aftersales.tickets.models import Ticket as TicketRow
from aftersales_graphql.machine.declare import Columns, Viewer, computed, connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.parties import Contact, Customer
from aftersales_graphql.rooms.visibility import own_or_given, staff_only, through

if TYPE_CHECKING:
    from aftersales_graphql.rooms.tickets import Ticket

_tickets: Any = TicketRow.__table__
_quotes: Any = models.Quote.__table__
_invoices: Any = models.Invoice.__table__


_own: Any = own_or_given()
_customers_ticket: Any = through(_tickets, "ticket_id", _own)
"""A customer sees what belongs to its tickets, a dealer nothing: prices aren't a dealer's matter."""


def _offered(row: Columns, viewer: Viewer) -> Any:
    """The same for quotes; a customer sees them only once they were approved."""
    seen = _customers_ticket(row, viewer)
    return and_(seen, row["state"].not_in(("awaiting_approval", "not_approved"))) if viewer.is_customer else seen


def _own_invoice(row: Columns, viewer: Viewer) -> Any:
    """A customer sees the invoices that it owes, not those of somebody else for its assets (P11-39)."""
    seen = _own(row, viewer)
    return and_(seen, row["bill_to"] == "customer") if viewer.is_customer else seen


_of_quote = through(_quotes, "quote_id", _offered)
_of_invoice = through(_invoices, "invoice_id", _own_invoice)


def _reason(row: Any, call: Any) -> str:
    return str(row.reason_zh if call.language == "zh-CN" else row.reason_en)


@entity(models.PriceBookEntry, visible=staff_only)
class PriceBookEntry(Node):
    """A published price: the company's list price, the market price of ordinary parts, the cost, hours of labour."""

    item: str
    code: str
    name: str
    part_class: str | None
    price: Decimal | None
    market_price: Decimal | None
    cost: Decimal | None
    hours: Decimal | None
    cap: Decimal | None
    clause: str | None


@entity(models.PriceBook, filters=("number", "vertical", "region", "valid_from"), orders=("number", "valid_from"),
        default_order="number", visible=staff_only)  # fmt: skip
class PriceBook(Node):
    """A price table from its first to its last day, both included; its number is the fee-table version of quotes."""

    number: str
    name: str
    vertical: str | None
    region: str | None
    currency: str
    valid_from: date
    valid_until: date | None
    vat_rate: Decimal
    prices_include_vat: bool
    version: int
    created_at: datetime
    entries: list[PriceBookEntry] = many("price_book_id", order=("item", "code"))


@entity(models.QuoteLine, visible=_of_quote)
class QuoteLine(Node):
    """A line of a quote, with the rule, the clause and the reason of its price."""

    position: int
    item: str
    code: str
    description: str
    quantity: Decimal
    hours: Decimal | None
    unit_price: Decimal
    net: Decimal
    vat: Decimal
    total: Decimal
    rule: str
    clause: str | None
    reason: str = computed("reason_zh", "reason_en", resolve=_reason, description="In the caller's language.")
    approver: str | None


@entity(models.Consent, visible=_of_quote)
class Consent(Node):
    """The customer's yes or no: who, when, by which channel, by what evidence, to which fee table."""

    given_by: str
    agreed: bool
    channel: str
    evidence: str
    fee_table: str
    total: Decimal
    wants_invoice: bool
    at: datetime
    recorded_by: str
    contact: Contact | None = one("contact_id")


@entity(models.Approval, filters=("type", "state", "ticket"), orders=("requested_at",), default_order="-requested_at",
        visible=staff_only)  # fmt: skip
class Approval(Node):
    """Something that needs a decision before it is carried out, and who decides."""

    type: str
    amount: Decimal
    subject: str
    approver: str
    role: str
    state: str
    comment: str
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    implemented_at: datetime | None
    version: int
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")
    quote: Optional["Quote"] = one("quote_id")


@entity(models.Quote, filters=("number", "state", "ticket", "valid_until"), orders=("number", "issued_at"),
        default_order="number", visible=_offered)  # fmt: skip
class Quote(Node):
    """A version of a priced offer; it holds to the end of `validUntil`."""

    number: str
    revision: int
    outcome: str
    phase: str
    bill_to: str
    debtor: str | None
    currency: str
    net: Decimal
    vat: Decimal
    total: Decimal
    rounding: str
    working_days: int | None
    notes: str
    valid_until: date
    state: str
    reason: str | None
    issued_at: datetime
    version: int
    price_book: PriceBook | None = one("price_book_id")
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")
    lines: list[QuoteLine] = many("quote_id", order="position", cap=250)
    consents: list[Consent] = many("quote_id", order="at")
    approvals: list[Approval] = many("quote_id", order="requested_at")


@entity(models.ApprovalRule, filters=("type",), orders=("type",), default_order=("type", "up_to"), visible=staff_only)
class ApprovalRule(Node):
    """A row of the approval matrix; with `replacedAt` it is history."""

    type: str
    up_to: Decimal | None
    approver: str
    role: str
    set_at: datetime
    replaced_at: datetime | None


@entity(models.Charge, filters=("ticket",), orders=("at",), default_order="at", visible=_customers_ticket)
class Charge(Node):
    """Work that was done and is charged."""

    description: str
    quantity: Decimal
    currency: str
    net: Decimal
    vat: Decimal
    total: Decimal
    at: datetime
    quote: Quote | None = one("quote_id")
    quote_line: QuoteLine | None = one("quote_line_id")
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")


@entity(models.InvoiceLine, visible=_of_invoice)
class InvoiceLine(Node):
    """A charge on an invoice or receipt."""

    description: str
    quantity: Decimal
    net: Decimal
    vat: Decimal
    total: Decimal
    charge: Charge | None = one("charge_id")
    credited: Optional["Invoice"] = one("credited_id", description="The credit note that took it back.")


@entity(models.Payment, visible=_of_invoice)
class Payment(Node):
    """Money that came in."""

    amount: Decimal
    method: str
    at: datetime


@entity(models.Invoice, filters=("number", "kind", "ticket", "customer", "issued_at"), orders=("number", "issued_at"),
        default_order="-issued_at", visible=_own_invoice)  # fmt: skip
class Invoice(Node):
    """An invoice, a receipt, or a credit note (with negative amounts); numbers run without a gap."""

    number: str
    kind: str
    bill_to: str
    debtor: str
    reason: str | None
    currency: str
    net: Decimal
    vat: Decimal
    total: Decimal
    paid: Decimal
    credited: Decimal
    issued_at: datetime
    version: int
    customer: Customer | None = one("customer_id")
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")
    credits: Optional["Invoice"] = one("credits_id", description="What this credit note takes back.")
    lines: list[InvoiceLine] = many("invoice_id", order="id", cap=250)
    payments: list[Payment] = many("invoice_id", order="at")


@root
class FeeQueries:
    price_book: PriceBook | None = find(description="One price table by its id.")
    price_books: Connection[PriceBook] = connection(description="Price tables.")
    quote: Quote | None = find(description="One version of a quote by its id.")
    quotes: Connection[Quote] = connection(description="Quotes.")
    approvals: Connection[Approval] = connection(description="What needs, or needed, an approval.")
    approval_rules: Connection[ApprovalRule] = connection(
        description="The approval matrix in force.", where=lambda row, scope: row["replaced_at"].is_(None)
    )
    charges: Connection[Charge] = connection(description="Work that was charged.")
    invoice: Invoice | None = find(description="One invoice, receipt or credit note by its id.")
    invoices: Connection[Invoice] = connection(description="Invoices, receipts and credit notes.")
