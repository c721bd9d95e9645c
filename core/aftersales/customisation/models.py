"""Requests for customisation."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.customisation.rules import STATES
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

on_unique("uq_customisation_requests_tenant_id_ticket_id", "CUSTOMISATION_EXISTS", "ticketId")


class CustomisationRequest(TenantRow, Versioned, Base):
    """A change that a customer asked for. What its type needs stands as it was on the day of the request.

    `version_tag` names the customer's own version once it is delivered; `plan_id` the document that answers it.
    """

    __tablename__ = "customisation_requests"
    __table_args__ = (
        tenant_unique("number"),
        tenant_unique("ticket_id"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("quote_id", to="quotes"),
        tenant_reference("plan_id", to="documents"),
        tenant_index("ix_customisation_requests_asset", "asset_id"),
        tenant_index("ix_customisation_requests_customer", "customer_id"),
        one_of("state", STATES),
        CheckConstraint("working_days > 0", name="working_days_positive"),
        CheckConstraint("amount >= 0", name="amount_sign"),
    )

    number: Mapped[str]
    type: Mapped[str]
    title: Mapped[str]
    description: Mapped[str]
    vertical: Mapped[str]
    ticket_id: Mapped[UUID]
    asset_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    clause: Mapped[str | None]
    needs_estimate: Mapped[bool]
    needs_training: Mapped[bool]
    needs_version_tag: Mapped[bool]
    needs_plan: Mapped[bool]
    working_days: Mapped[int | None]
    amount: Mapped[Decimal | None] = mapped_column(MONEY)
    quote_id: Mapped[UUID | None]
    plan_id: Mapped[UUID | None]
    version_tag: Mapped[str | None]
    trained_on: Mapped[date | None]
    training_reference: Mapped[str | None]
    trainees: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="requested")
    reason: Mapped[str | None]
    requested_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
