"""What is planned for an asset or a contract, and what of it is owed."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
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

OBLIGATION_STATES = ("open", "scheduled", "done", "withdrawn")


class MaintenanceRule(TenantRow, Versioned, Base):
    """A tenant's own cadence, such as the number that the text leaves open (A05); in force between two days.

    `cadence` is an InspectionCadence of source `tenant`. One with the code of a vertical's takes its place.
    """

    __tablename__ = "maintenance_rules"
    __table_args__ = (
        tenant_index("ix_maintenance_rules_vertical", "vertical", "code", "effective_from"),
        CheckConstraint("effective_until >= effective_from", name="period"),
    )

    vertical: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    cadence: Mapped[dict[str, Any]]
    effective_from: Mapped[date]
    effective_until: Mapped[date | None]
    created_at: Mapped[datetime]


class MaintenancePlan(TenantRow, Versioned, Base):
    """The plan of one asset, or of a contract as a whole: how far it is materialised, and when to look again.

    `subject_id` is the asset or else the contract. `entered` tells of a contract's phases when each was entered.
    `next_at` is when the horizon reaches something that isn't stored yet; None when nothing more will fall due.
    """

    __tablename__ = "maintenance_plans"
    __table_args__ = (
        tenant_unique("subject_id"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("contract_id", to="service_contracts"),
        tenant_reference("customer_id", to="customers"),
        tenant_index("ix_maintenance_plans_customer", "customer_id"),
        tenant_index("ix_maintenance_plans_contract", "contract_id"),
        tenant_index("ix_maintenance_plans_vertical", "vertical", "id"),
        Index("ix_maintenance_plans_next", "next_at", postgresql_where=text("next_at is not null")),
    )

    subject_id: Mapped[UUID]
    asset_id: Mapped[UUID | None]
    contract_id: Mapped[UUID | None]
    customer_id: Mapped[UUID]
    vertical: Mapped[str]
    entered: Mapped[dict[str, Any]] = mapped_column(default=dict)
    planned_through: Mapped[date | None]
    next_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class PlannedObligation(TenantRow, Versioned, Base):
    """A visit or task that is owed without a ticket: one occurrence of one rule, with its deadline in the ledger.

    `due_on` None: tracked, never broken (A05). `planned_on` is the day before it was moved off a day of rest.
    `remind_at` is when the customer has to be reminded of what is its own duty, None for anything else and afterwards.
    `ticket_id` is the ticket of its visit; `missing_departments` took no part though they should have.
    """

    __tablename__ = "planned_obligations"
    __table_args__ = (
        tenant_unique("plan_id", "rule", "occurrence"),
        tenant_reference("plan_id", to="maintenance_plans"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("contract_id", to="service_contracts"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("site_id", to="sites"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_index("ix_planned_obligations_due", "due_on", "id"),
        tenant_index("ix_planned_obligations_customer", "customer_id", "due_on"),
        tenant_index("ix_planned_obligations_asset", "asset_id", "due_on"),
        tenant_index("ix_planned_obligations_ticket", "ticket_id", postgresql_where=text("ticket_id is not null")),
        Index("ix_planned_obligations_remind", "remind_at", postgresql_where=text("remind_at is not null")),
        one_of("state", OBLIGATION_STATES),
        one_of("provider", ("any", "authorised_unit", "named_person")),
    )

    plan_id: Mapped[UUID]
    asset_id: Mapped[UUID | None]
    contract_id: Mapped[UUID | None]
    customer_id: Mapped[UUID]
    site_id: Mapped[UUID | None]
    region: Mapped[str | None]
    vertical: Mapped[str]
    rule: Mapped[str]
    occurrence: Mapped[str]
    code: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    clause: Mapped[str | None]
    source: Mapped[str]
    opens_on: Mapped[date]
    due_on: Mapped[date | None]
    planned_on: Mapped[date | None]
    free: Mapped[bool]
    provider: Mapped[str] = mapped_column(default="any")
    needs_authorisation: Mapped[bool] = mapped_column(default=False)
    departments: Mapped[list[str]] = mapped_column(default=list)
    checklist: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="open")
    ticket_id: Mapped[UUID | None]
    done_on: Mapped[date | None]
    remind_at: Mapped[datetime | None]
    evidence: Mapped[str | None]
    present: Mapped[list[str]] = mapped_column(default=list)
    missing_departments: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]


class LoggedOccurrence(TenantRow, Base):
    """Something that makes visits due wherever it happened: hail, a storm warning, a disease (P11-37)."""

    __tablename__ = "logged_occurrences"
    __table_args__ = (tenant_index("ix_logged_occurrences_vertical", "vertical", "happened_on"),)
    append_only: ClassVar[bool] = True

    vertical: Mapped[str]
    code: Mapped[str]
    regions: Mapped[list[str]] = mapped_column(default=list)
    happened_on: Mapped[date]
    description: Mapped[str]
    actor: Mapped[str]
    logged_at: Mapped[datetime]
