"""Guarantees, their ledgers, the verdicts at checkpoints, and what a missed one obliges to."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, get_args
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.guarantees.measures import METRICS
from aftersales.guarantees.rules import GuaranteeState, RemedyState
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

SHARE = Numeric(9, 6)

on_unique("uq_guarantee_checks_tenant_id_guarantee_id_checkpoint_on", "CHECKPOINT_DECIDED", "checkpointOn")


class ServiceGuarantee(TenantRow, Versioned, Base):
    """A promise about one asset, one site or the whole company, from its first to its last day (both included).

    The terms stand as they were when it was opened. `checkpoints` are the days on which plants are counted,
    besides the last day; availability and zero targets are looked at monthly.
    """

    __tablename__ = "service_guarantees"
    __table_args__ = (
        tenant_reference("customer_id", to="customers"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("site_id", to="sites"),
        tenant_reference("contract_id", to="service_contracts"),
        tenant_index("ix_service_guarantees_asset", "asset_id"),
        tenant_index("ix_service_guarantees_site", "site_id"),
        one_of("metric", METRICS),
        one_of("state", get_args(GuaranteeState)),
        CheckConstraint("ends_on > starts_on", name="period"),
    )

    vertical: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    metric: Mapped[str]
    threshold: Mapped[Decimal] = mapped_column(SHARE)
    inclusive: Mapped[bool]
    excludes: Mapped[list[str]]
    categories: Mapped[list[str]]
    remedy: Mapped[str | None]
    clause: Mapped[str | None]
    source: Mapped[str]
    customer_id: Mapped[UUID | None]
    asset_id: Mapped[UUID | None]
    site_id: Mapped[UUID | None]
    contract_id: Mapped[UUID | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    checkpoints: Mapped[list[str]]
    state: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[datetime]


class GuaranteeCount(TenantRow, Base):
    """A count of plants at a checkpoint, with its evidence; a later count for the same checkpoint takes its place."""

    __tablename__ = "guarantee_counts"
    __table_args__ = (
        tenant_reference("guarantee_id", to="service_guarantees"),
        tenant_reference("document_id", to="documents"),
        tenant_index("ix_guarantee_counts_checkpoint", "guarantee_id", "checkpoint_on", "id"),
    )
    append_only: ClassVar[bool] = True

    guarantee_id: Mapped[UUID]
    checkpoint_on: Mapped[date]
    counted_on: Mapped[date]
    lines: Mapped[list[dict[str, Any]]]
    evidence: Mapped[str]
    document_id: Mapped[UUID | None]
    at: Mapped[datetime]
    actor: Mapped[str]


class GuaranteeDowntime(TenantRow, Base):
    """An entry of the downtime ledger: the system went down, planned or not, or came up again."""

    __tablename__ = "guarantee_downtimes"
    __table_args__ = (
        tenant_reference("guarantee_id", to="service_guarantees"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_index("ix_guarantee_downtimes_ledger", "guarantee_id", "at", "id"),
        one_of("state", ("down", "up")),
    )
    append_only: ClassVar[bool] = True

    guarantee_id: Mapped[UUID]
    at: Mapped[datetime]
    state: Mapped[str]
    planned: Mapped[bool]
    reason: Mapped[str]
    ticket_id: Mapped[UUID | None]
    actor: Mapped[str]


class GuaranteeIncident(TenantRow, Base):
    """Something that a zero target says must not happen."""

    __tablename__ = "guarantee_incidents"
    __table_args__ = (
        tenant_reference("guarantee_id", to="service_guarantees"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_index("ix_guarantee_incidents_ledger", "guarantee_id", "at", "id"),
    )
    append_only: ClassVar[bool] = True

    guarantee_id: Mapped[UUID]
    at: Mapped[datetime]
    category: Mapped[str]
    description: Mapped[str]
    evidence: Mapped[str]
    ticket_id: Mapped[UUID | None]
    actor: Mapped[str]


class GuaranteeCheck(TenantRow, Base):
    """The verdict at a checkpoint, once. `value` is the measured share, or the number of incidents."""

    __tablename__ = "guarantee_checks"
    __table_args__ = (
        tenant_unique("guarantee_id", "checkpoint_on"),
        tenant_reference("guarantee_id", to="service_guarantees"),
        tenant_reference("count_id", to="guarantee_counts"),
    )
    append_only: ClassVar[bool] = True

    guarantee_id: Mapped[UUID]
    checkpoint_on: Mapped[date]
    count_id: Mapped[UUID | None]
    met: Mapped[bool]
    value: Mapped[Decimal | None] = mapped_column(Numeric(14, 6))
    shortfall: Mapped[int]
    measured: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    actor: Mapped[str]


class GuaranteeRemedy(TenantRow, Versioned, Base):
    """What a checkpoint obliges to: so many plants of that species and size to be replaced (P05-37)."""

    __tablename__ = "guarantee_remedies"
    __table_args__ = (
        tenant_reference("guarantee_id", to="service_guarantees"),
        tenant_reference("check_id", to="guarantee_checks"),
        tenant_index("ix_guarantee_remedies_guarantee", "guarantee_id", "id"),
        one_of("state", get_args(RemedyState)),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    guarantee_id: Mapped[UUID]
    check_id: Mapped[UUID]
    remedy: Mapped[str]
    species: Mapped[str]
    size: Mapped[str]
    quantity: Mapped[int]
    state: Mapped[str] = mapped_column(default="due")
    evidence: Mapped[str | None]
    due_since: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]
