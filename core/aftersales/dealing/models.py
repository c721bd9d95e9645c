"""Part orders, returns of stock, what dealers owe, write-offs, and customers' demands."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.dealing.rules import DEMAND_STATES, ORDER_STATES, SETTLEMENT_STATES
from aftersales.kit.database import (
    Base,
    TenantRow,
    Versioned,
    one_of,
    tenant_index,
    tenant_reference,
    tenant_unique,
)

MONEY = Numeric(14, 2)
PAYERS = ("company", "dealer")
REMEDIES = ("repair", "exchange", "return", "refund", "compensation")


class PartOrder(TenantRow, Versioned, Base):
    """Parts that a dealer ordered; `paid` is what came in for them, or went on account."""

    __tablename__ = "part_orders"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_index("ix_part_orders_unit", "service_unit_id", "id"),
        one_of("state", ORDER_STATES),
        CheckConstraint("paid between 0 and total", name="paid_amount"),
    )

    number: Mapped[str]
    service_unit_id: Mapped[UUID]
    vertical: Mapped[str]
    lines: Mapped[list[dict[str, Any]]]
    total: Mapped[Decimal] = mapped_column(MONEY)
    paid: Mapped[Decimal] = mapped_column(MONEY, default=Decimal(0))
    currency: Mapped[str]
    state: Mapped[str] = mapped_column(default="ordered")
    reason: Mapped[str | None]
    ordered_at: Mapped[datetime]
    shipped_at: Mapped[datetime | None]
    shipping_reference: Mapped[str | None]


class StockReturn(TenantRow, Base):
    """Stock that a dealer sent back, and who bears its cost."""

    __tablename__ = "stock_returns"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_index("ix_stock_returns_unit", "service_unit_id", "id"),
        one_of("freight_payer", PAYERS),
        one_of("restoration_payer", PAYERS),
    )
    append_only: ClassVar[bool] = True

    number: Mapped[str]
    service_unit_id: Mapped[UUID]
    vertical: Mapped[str]
    cause: Mapped[str]
    product: Mapped[str]
    freight: Mapped[Decimal] = mapped_column(MONEY)
    restoration: Mapped[Decimal] = mapped_column(MONEY)
    freight_payer: Mapped[str]
    restoration_payer: Mapped[str | None]
    company_bears: Mapped[Decimal] = mapped_column(MONEY)
    dealer_bears: Mapped[Decimal] = mapped_column(MONEY)
    currency: Mapped[str]
    clause: Mapped[str | None]
    evidence: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]


class DealerEntry(TenantRow, Base):
    """An entry of a dealer's account: positive amounts are owed to the company, negative ones lessen that."""

    __tablename__ = "dealer_entries"
    __table_args__ = (
        tenant_reference("service_unit_id", to="service_units"),
        tenant_reference("settlement_id", to="dealer_settlements"),
        tenant_index("ix_dealer_entries_unit", "service_unit_id", "currency", "id"),
        one_of("kind", ("charge", "payment", "offset")),
    )
    append_only: ClassVar[bool] = True

    service_unit_id: Mapped[UUID]
    settlement_id: Mapped[UUID | None]
    kind: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(MONEY)
    currency: Mapped[str]
    reference: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]


class DealerSettlement(TenantRow, Versioned, Base):
    """Warranty fees of a dealer on their way: approved, noticed, confirmed, taken off what it owes (P15-45).

    `taken` is what was taken off so far; the rest is carried forward until the dealer owes something (A79).
    """

    __tablename__ = "dealer_settlements"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_index("ix_dealer_settlements_unit", "service_unit_id", "id"),
        one_of("state", SETTLEMENT_STATES),
        CheckConstraint("taken between 0 and amount", name="taken_amount"),
    )

    number: Mapped[str]
    service_unit_id: Mapped[UUID]
    amount: Mapped[Decimal] = mapped_column(MONEY)
    taken: Mapped[Decimal] = mapped_column(MONEY, default=Decimal(0))
    currency: Mapped[str]
    claims: Mapped[list[str]]
    state: Mapped[str] = mapped_column(default="approved")
    notice_reference: Mapped[str | None]
    evidence: Mapped[str | None]
    reason: Mapped[str | None]
    approved_by: Mapped[str]
    approved_at: Mapped[datetime]
    noticed_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    offset_at: Mapped[datetime | None]


class RemedyDemand(TenantRow, Versioned, Base):
    """What a customer demanded about a faulty product, what it got, and on whose authority (P07-21)."""

    __tablename__ = "remedy_demands"
    __table_args__ = (
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("customer_id", to="customers"),
        tenant_index("ix_remedy_demands_ticket", "ticket_id", "id"),
        one_of("demanded", REMEDIES),
        one_of("granted", REMEDIES),
        one_of("state", DEMAND_STATES),
    )

    ticket_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    demanded: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(MONEY)
    details: Mapped[str]
    quality_confirmed: Mapped[bool | None]
    evidence: Mapped[str | None]
    granted: Mapped[str | None]
    reason: Mapped[str | None]
    authority: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="recorded")
    recorded_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
