"""What things cost, what was offered and agreed, who approved it, what was charged and billed."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, get_args
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.fees.pricing import BILL_TO, ITEMS, OUTCOMES, PART_CLASSES, PHASES
from aftersales.fees.rules import ApprovalState, DocumentKind, QuoteState
from aftersales.kit.database import (
    Base,
    TenantRow,
    Versioned,
    one_of,
    tenant_index,
    tenant_reference,
    tenant_unique,
)
from aftersales.kit.storage_errors import on_unique

MONEY = Numeric(14, 2)
RATE = Numeric(6, 4)
QUANTITY = Numeric(12, 3)

on_unique("uq_invoice_lines_charge", "CHARGE_INVOICED", "chargeIds")
on_unique("uq_quotes_accepted", "QUOTE_STATE_REFUSED", "quoteId")


class PriceBook(TenantRow, Versioned, Base):
    """A published price table: its number is the fee-table version that a quote names.

    Both end days are included. `vertical` and `region` (a GB/T 2260 prefix) narrow it; None: for all.
    With `prices_include_vat` the prices are what the customer pays, else VAT comes on top.
    """

    __tablename__ = "price_books"
    __table_args__ = (
        tenant_unique("number"),
        CheckConstraint("valid_until >= valid_from", name="period"),
        CheckConstraint("vat_rate between 0 and 1", name="vat_rate_range"),
    )

    number: Mapped[str]
    name: Mapped[str]
    vertical: Mapped[str | None]
    region: Mapped[str | None]
    currency: Mapped[str] = mapped_column(default="CNY")
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    vat_rate: Mapped[Decimal] = mapped_column(RATE)
    prices_include_vat: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class PriceBookEntry(TenantRow, Base):
    """A price of a book. `price` is the company's list price per unit, `market_price` what ordinary parts cost on
    the market, `cost` what the company pays itself; `hours` makes it a labour operation at the hourly rate."""

    __tablename__ = "price_book_entries"
    __table_args__ = (
        tenant_reference("price_book_id", to="price_books"),
        tenant_unique("price_book_id", "item", "code"),
        one_of("item", ITEMS),
        one_of("part_class", PART_CLASSES),
        CheckConstraint("price >= 0 and market_price >= 0 and cost >= 0 and cap >= 0", name="amounts"),
        CheckConstraint("hours > 0", name="hours_positive"),
    )
    append_only: ClassVar[bool] = True

    price_book_id: Mapped[UUID]
    item: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    part_class: Mapped[str | None]
    price: Mapped[Decimal | None] = mapped_column(MONEY)
    market_price: Mapped[Decimal | None] = mapped_column(MONEY)
    cost: Mapped[Decimal | None] = mapped_column(MONEY)
    hours: Mapped[Decimal | None] = mapped_column(QUANTITY)
    cap: Mapped[Decimal | None] = mapped_column(MONEY)
    clause: Mapped[str | None]


class Quote(TenantRow, Versioned, Base):
    """A priced offer for a ticket, version by version. `valid_until` is the last local day on which it holds.

    `outcome` is the coverage verdict that it was priced under; `debtor` who is to pay when it isn't the customer.
    """

    __tablename__ = "quotes"
    __table_args__ = (
        tenant_unique("number"),
        tenant_unique("ticket_id", "revision"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("price_book_id", to="price_books"),
        Index(
            "uq_quotes_accepted", "tenant_id", "ticket_id", unique=True, postgresql_where=text("state = 'accepted'")
        ),
        one_of("outcome", OUTCOMES),
        one_of("phase", PHASES),
        one_of("bill_to", BILL_TO),
        one_of("state", get_args(QuoteState)),
    )  # fmt: skip

    number: Mapped[str]
    ticket_id: Mapped[UUID]
    revision: Mapped[int]
    price_book_id: Mapped[UUID]
    outcome: Mapped[str]
    phase: Mapped[str]
    bill_to: Mapped[str] = mapped_column(default="customer")
    debtor: Mapped[str | None]
    currency: Mapped[str]
    net: Mapped[Decimal] = mapped_column(MONEY)
    vat: Mapped[Decimal] = mapped_column(MONEY)
    total: Mapped[Decimal] = mapped_column(MONEY)
    rounding: Mapped[str]
    working_days: Mapped[int | None]
    notes: Mapped[str] = mapped_column(default="")
    valid_until: Mapped[date]
    state: Mapped[str]
    reason: Mapped[str | None]
    issued_by: Mapped[str]
    issued_at: Mapped[datetime]


class QuoteLine(TenantRow, Base):
    """A line of a quote with the rule, the clause and the reason of its price, in both languages."""

    __tablename__ = "quote_lines"
    __table_args__ = (
        tenant_reference("quote_id", to="quotes"),
        tenant_unique("quote_id", "position"),
        one_of("item", ITEMS),
    )
    append_only: ClassVar[bool] = True

    quote_id: Mapped[UUID]
    position: Mapped[int]
    item: Mapped[str]
    code: Mapped[str]
    description: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    hours: Mapped[Decimal | None] = mapped_column(QUANTITY)
    unit_price: Mapped[Decimal] = mapped_column(MONEY)
    net: Mapped[Decimal] = mapped_column(MONEY)
    vat: Mapped[Decimal] = mapped_column(MONEY)
    total: Mapped[Decimal] = mapped_column(MONEY)
    rule: Mapped[str]
    clause: Mapped[str | None]
    reason_zh: Mapped[str]
    reason_en: Mapped[str]
    approver: Mapped[str | None]


class Consent(TenantRow, Base):
    """The customer's yes or no to a quote: who, when, by which channel, by what evidence, to which fee table."""

    __tablename__ = "consents"
    __table_args__ = (
        tenant_reference("quote_id", to="quotes"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("contact_id", to="contacts"),
        tenant_index("ix_consents_ticket", "ticket_id", "id"),
        tenant_index("ix_consents_quote", "quote_id"),
        one_of("channel", ("signature", "phone", "email", "web", "letter", "mobile", "on_site")),
    )
    append_only: ClassVar[bool] = True

    quote_id: Mapped[UUID]
    ticket_id: Mapped[UUID]
    contact_id: Mapped[UUID | None]
    member_id: Mapped[UUID | None]
    given_by: Mapped[str]
    agreed: Mapped[bool]
    channel: Mapped[str]
    evidence: Mapped[str]
    fee_table: Mapped[str]
    total: Mapped[Decimal] = mapped_column(MONEY)
    wants_invoice: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    recorded_by: Mapped[str]


class ApprovalRule(TenantRow, Base):
    """A row of the approval matrix: up to `up_to` (None: any amount) `approver` decides, recorded by `role`."""

    __tablename__ = "approval_rules"
    __table_args__ = (
        tenant_index("ix_approval_rules_type", "type"),
        CheckConstraint("up_to >= 0", name="up_to_amount"),
    )

    type: Mapped[str]
    up_to: Mapped[Decimal | None] = mapped_column(MONEY)
    approver: Mapped[str]
    role: Mapped[str]
    set_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class Approval(TenantRow, Versioned, Base):
    """Something that needs a decision before it is carried out: a quote, a refund, a remedy (P07-12)."""

    __tablename__ = "approvals"
    __table_args__ = (
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("quote_id", to="quotes"),
        tenant_index("ix_approvals_ticket", "ticket_id", "id"),
        one_of("state", get_args(ApprovalState)),
    )

    type: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(MONEY)
    ticket_id: Mapped[UUID]
    quote_id: Mapped[UUID | None]
    subject: Mapped[str]
    approver: Mapped[str]
    role: Mapped[str]
    state: Mapped[str] = mapped_column(default="requested")
    comment: Mapped[str] = mapped_column(default="")
    requested_by: Mapped[str]
    requested_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    implemented_at: Mapped[datetime | None]


class Charge(TenantRow, Base):
    """Work that was done and is charged, within what was agreed. Amounts in the quote's currency.

    `credited_id` is the credit note by which the customer doesn't owe it any more.
    """

    __tablename__ = "charges"
    __table_args__ = (
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("quote_id", to="quotes"),
        tenant_reference("quote_line_id", to="quote_lines"),
        tenant_index("ix_charges_ticket", "ticket_id", "id"),
        tenant_reference("credited_id", to="invoices"),
        tenant_index("ix_charges_quote", "quote_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    ticket_id: Mapped[UUID]
    quote_id: Mapped[UUID]
    quote_line_id: Mapped[UUID]
    description: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    currency: Mapped[str]
    net: Mapped[Decimal] = mapped_column(MONEY)
    vat: Mapped[Decimal] = mapped_column(MONEY)
    total: Mapped[Decimal] = mapped_column(MONEY)
    at: Mapped[datetime]
    actor: Mapped[str]
    credited_id: Mapped[UUID | None]


class Invoice(TenantRow, Versioned, Base):
    """An invoice, a receipt, or a credit note that takes (part of) one back; credit notes have negative amounts."""

    __tablename__ = "invoices"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("credits_id", to="invoices"),
        tenant_index("ix_invoices_ticket", "ticket_id", "id"),
        tenant_index("ix_invoices_customer", "customer_id", "issued_at"),
        one_of("kind", get_args(DocumentKind)),
        one_of("bill_to", BILL_TO),
    )

    number: Mapped[str]
    kind: Mapped[str]
    ticket_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    bill_to: Mapped[str]
    debtor: Mapped[str]
    credits_id: Mapped[UUID | None]
    reason: Mapped[str | None]
    currency: Mapped[str]
    net: Mapped[Decimal] = mapped_column(MONEY)
    vat: Mapped[Decimal] = mapped_column(MONEY)
    total: Mapped[Decimal] = mapped_column(MONEY)
    paid: Mapped[Decimal] = mapped_column(MONEY, default=Decimal(0))
    credited: Mapped[Decimal] = mapped_column(MONEY, default=Decimal(0))
    issued_at: Mapped[datetime]
    actor: Mapped[str]


class InvoiceLine(TenantRow, Base):
    """A charge on an invoice or receipt: on one at a time; a credit note (`credited_id`) sets it free again."""

    __tablename__ = "invoice_lines"
    __table_args__ = (
        tenant_reference("invoice_id", to="invoices"),
        tenant_reference("charge_id", to="charges"),
        tenant_reference("credited_id", to="invoices"),
        tenant_index("ix_invoice_lines_invoice", "invoice_id", "id"),
        Index(
            "uq_invoice_lines_charge", "tenant_id", "charge_id", unique=True,
            postgresql_where=text("credited_id is null"),
        ),
    )  # fmt: skip

    invoice_id: Mapped[UUID]
    charge_id: Mapped[UUID]
    description: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    net: Mapped[Decimal] = mapped_column(MONEY)
    vat: Mapped[Decimal] = mapped_column(MONEY)
    total: Mapped[Decimal] = mapped_column(MONEY)
    credited_id: Mapped[UUID | None]


class Payment(TenantRow, Base):
    """Money that came in for an invoice or receipt."""

    __tablename__ = "payments"
    __table_args__ = (
        tenant_reference("invoice_id", to="invoices"),
        tenant_index("ix_payments_invoice", "invoice_id", "id"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )
    append_only: ClassVar[bool] = True

    invoice_id: Mapped[UUID]
    amount: Mapped[Decimal] = mapped_column(MONEY)
    method: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
