"""Requests for a proposal with what was sent, and surveys of sites."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.kit.database import (
    Base,
    TenantRow,
    Versioned,
    one_of,
    tenant_index,
    tenant_reference,
    tenant_unique,
)
from aftersales.proposals.rules import STATES

MONEY = Numeric(14, 2)


class Proposal(TenantRow, Versioned, Base):
    """A proposal from its request on; its deadline is a commitment with this row as the subject.

    `warnings` are codes of what was missing when it was sent.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("site_id", to="sites"),
        tenant_reference("contract_id", to="service_contracts"),
        tenant_index("ix_proposals_customer", "customer_id", "id"),
        one_of("state", STATES),
        CheckConstraint("budget_total > 0", name="budget_total_positive"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code"),
    )

    number: Mapped[str]
    vertical: Mapped[str]
    customer_id: Mapped[UUID]
    site_id: Mapped[UUID | None]
    needs: Mapped[str]
    requested_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)
    title: Mapped[str | None]
    body: Mapped[str | None]
    budget_total: Mapped[Decimal | None] = mapped_column(MONEY)
    currency: Mapped[str]
    warnings: Mapped[list[str]]
    sent_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="requested")
    reason: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    contract_id: Mapped[UUID | None]


class SiteSurvey(TenantRow, Base):
    """What was found on a site before the proposal was made (P09-01)."""

    __tablename__ = "site_surveys"
    __table_args__ = (
        tenant_reference("proposal_id", to="proposals"),
        tenant_reference("document_id", to="documents"),
        tenant_index("ix_site_surveys_proposal", "proposal_id", "id"),
    )
    append_only: ClassVar[bool] = True

    proposal_id: Mapped[UUID]
    surveyed_on: Mapped[date]
    conditions: Mapped[str]
    surveyor: Mapped[str]
    document_id: Mapped[UUID | None]
    at: Mapped[datetime]
    actor: Mapped[str]
