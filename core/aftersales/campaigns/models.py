"""A campaign as it was opened, what was ordered under it, and what was given."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, get_args
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.campaigns.lines import OrderType, Stacking, TierMode
from aftersales.campaigns.rules import CampaignState
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

on_unique("uq_campaigns_tenant_id_vertical_code_year", "CAMPAIGN_EXISTS", "year")
on_unique("uq_campaign_orders_tenant_id_campaign_id_number", "ORDER_REDEEMED", "number")
on_unique("uq_campaign_gifts_tenant_id_campaign_id_key", "GIFT_TWICE", "lines")


class Campaign(TenantRow, Versioned, Base):
    """A vertical's campaign in a year; both days of the window are included, local dates of the tenant.

    `offers`, `rules` and `labour` are the terms as they were when it was opened: a later change of the vertical
    doesn't change them. `parameters` are the values that the rules ask the tenant for. `prepare_by` is the last
    day of preparation, where the text names one.
    """

    __tablename__ = "campaigns"
    __table_args__ = (
        tenant_unique("vertical", "code", "year"),
        one_of("state", get_args(CampaignState)),
        one_of("stacking", get_args(Stacking)),
        one_of("tier_mode", get_args(TierMode)),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("budget >= 0", name="budget_amount"),
        CheckConstraint("labour_rate > 0", name="labour_rate_positive"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code"),
    )

    vertical: Mapped[str]
    code: Mapped[str]
    year: Mapped[int]
    name: Mapped[str]
    prepare_by: Mapped[date | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    offers: Mapped[list[dict[str, Any]]]
    rules: Mapped[list[dict[str, Any]]]
    labour: Mapped[list[dict[str, Any]]]
    parameters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    labour_rate: Mapped[Decimal | None] = mapped_column(MONEY)
    stacking: Mapped[str] = mapped_column(default="specific_first")
    tier_mode: Mapped[str] = mapped_column(default="cumulative")
    budget: Mapped[Decimal | None] = mapped_column(MONEY)
    currency: Mapped[str] = mapped_column(default="CNY")
    playbook_key: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class CampaignOrder(TenantRow, Base):
    """An order that was priced under a campaign, as it was paid; `segment` is the customer's before it."""

    __tablename__ = "campaign_orders"
    __table_args__ = (
        tenant_unique("campaign_id", "number"),
        tenant_reference("campaign_id", to="campaigns"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_index("ix_campaign_orders_day", "campaign_id", "asset_id", "day"),
        one_of("order_type", get_args(OrderType)),
    )
    append_only: ClassVar[bool] = True

    campaign_id: Mapped[UUID]
    number: Mapped[str]
    asset_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    ticket_id: Mapped[UUID | None]
    service_unit_id: Mapped[UUID | None]
    order_type: Mapped[str]
    day: Mapped[date]
    listed: Mapped[Decimal] = mapped_column(MONEY)
    payable: Mapped[Decimal] = mapped_column(MONEY)
    saved: Mapped[Decimal] = mapped_column(MONEY)
    routine_spend: Mapped[Decimal] = mapped_column(MONEY)
    segment: Mapped[str | None]
    lines: Mapped[list[dict[str, Any]]]
    fingerprint: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]


class CampaignUse(TenantRow, Base):
    """How often an order took an offer, and what the customer saved by it."""

    __tablename__ = "campaign_uses"
    __table_args__ = (
        tenant_unique("order_id", "offer"),
        tenant_reference("order_id", to="campaign_orders"),
        tenant_reference("campaign_id", to="campaigns"),
        tenant_index("ix_campaign_uses_campaign", "campaign_id", "offer"),
    )
    append_only: ClassVar[bool] = True

    campaign_id: Mapped[UUID]
    order_id: Mapped[UUID]
    offer: Mapped[str]
    clause: Mapped[str | None]
    lines: Mapped[int]
    saved: Mapped[Decimal] = mapped_column(MONEY)


class CampaignGift(TenantRow, Versioned, Base):
    """A gift that an order earned; `key` says what it was earned by, so that nothing is given twice."""

    __tablename__ = "campaign_gifts"
    __table_args__ = (
        tenant_unique("campaign_id", "key"),
        tenant_reference("campaign_id", to="campaigns"),
        tenant_reference("order_id", to="campaign_orders"),
        tenant_reference("asset_id", to="assets"),
        tenant_index("ix_campaign_gifts_order", "order_id"),
        tenant_index("ix_campaign_gifts_day", "campaign_id", "asset_id", "day"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    campaign_id: Mapped[UUID]
    order_id: Mapped[UUID]
    asset_id: Mapped[UUID]
    day: Mapped[date]
    offer: Mapped[str]
    clause: Mapped[str | None]
    gift: Mapped[str]
    quantity: Mapped[int]
    tier: Mapped[bool]
    key: Mapped[str]
    earned_at: Mapped[datetime]
    handed_over_at: Mapped[datetime | None]
    handed_over_by: Mapped[str | None]
