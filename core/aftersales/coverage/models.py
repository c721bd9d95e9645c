"""Decisions on coverage, kept for good."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.coverage.values import OUTCOMES, PAYERS, PHASES, REASONS
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

on_unique("uq_fleet_reviews_running", "FLEET_REVIEW_RUNNING", "vertical")


class CoverageDecision(TenantRow, Base):
    """A verdict on a part of a ticket's asset and the facts that it rests on.

    Append-only: new facts make a new decision with the next `sequence`; the highest one of a component counts.
    `last_day` is covered to its end, `ends_at` is the instant after it. `verdict` is the whole CoverageVerdict,
    with the rules that won and lost; `playbook_key` and `contract_id` say which terms were read.
    """

    __tablename__ = "coverage_decisions"
    __table_args__ = (
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("contract_id", to="service_contracts"),
        tenant_unique("ticket_id", "component", "sequence"),
        tenant_index("ix_coverage_decisions_asset", "asset_id", "component", "id"),
        one_of("outcome", OUTCOMES),
        one_of("payer", PAYERS),
        one_of("phase", PHASES),
        one_of("reason", REASONS),
        CheckConstraint("sequence > 0", name="sequence_positive"),
        CheckConstraint("usage >= 0", name="usage_not_negative"),
    )
    append_only: ClassVar[bool] = True

    ticket_id: Mapped[UUID]
    asset_id: Mapped[UUID]
    contract_id: Mapped[UUID | None]
    component: Mapped[str]
    warranty_class: Mapped[str]
    sequence: Mapped[int]
    occurred_on: Mapped[date]
    usage: Mapped[int | None]
    symptoms: Mapped[list[str]] = mapped_column(default=list)
    cause: Mapped[str | None]
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    outcome: Mapped[str]
    payer: Mapped[str]
    reason: Mapped[str]
    clause: Mapped[str | None]
    phase: Mapped[str]
    provisional: Mapped[bool]
    remedies: Mapped[list[str]] = mapped_column(default=list)
    must_match: Mapped[list[str]] = mapped_column(default=list)
    starts_on: Mapped[date]
    last_day: Mapped[date]
    ends_at: Mapped[datetime]
    verdict: Mapped[dict[str, Any]]
    facts: Mapped[dict[str, Any]]
    playbook_key: Mapped[str]
    decided_at: Mapped[datetime]
    actor: Mapped[str]


class QualityFinding(TenantRow, Base):
    """What the inspection body that the contract names found in a quarrel about quality; it is final (P07-19)."""

    __tablename__ = "quality_findings"
    __table_args__ = (
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("contract_id", to="service_contracts"),
        tenant_unique("ticket_id", "component"),
    )
    append_only: ClassVar[bool] = True

    ticket_id: Mapped[UUID]
    contract_id: Mapped[UUID]
    component: Mapped[str]
    body: Mapped[str]
    finding: Mapped[str]
    cause: Mapped[str]
    evidence: Mapped[str]
    reported_on: Mapped[date]
    actor: Mapped[str]
    recorded_at: Mapped[datetime]


REVIEW_STATES = ("running", "done", "cancelled")


class FleetReview(TenantRow, Versioned, Base):
    """One question about every asset of a type, answered by a worker page by page; its answers are FleetVerdicts.

    `after` is the last asset that was decided, `pages` how many pages were; `outcomes` counts the verdicts by outcome
    and, where there is none, by the code of why. `on_day` is the day of the failure, `evidence` kinds of papers.
    """

    __tablename__ = "fleet_reviews"
    __table_args__ = (
        one_of("state", REVIEW_STATES),
        tenant_index("ix_fleet_reviews_created", "created_at"),
        Index("uq_fleet_reviews_running", "tenant_id", unique=True, postgresql_where=text("state = 'running'")),
    )

    vertical: Mapped[str]
    asset_type: Mapped[str]
    component: Mapped[str]
    cause: Mapped[str | None]
    symptoms: Mapped[list[str]] = mapped_column(default=list)
    evidence: Mapped[list[str]] = mapped_column(default=list)
    on_day: Mapped[date]
    state: Mapped[str] = mapped_column(default="running")
    after: Mapped[UUID | None]
    pages: Mapped[int] = mapped_column(default=0)
    assets_decided: Mapped[int] = mapped_column(default=0)
    outcomes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    playbook_key: Mapped[str]
    actor: Mapped[str]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class FleetVerdict(TenantRow, Base):
    """The verdict on one asset of a review, or `refusal`: the code of why there is none."""

    __tablename__ = "fleet_verdicts"
    __table_args__ = (
        tenant_reference("fleet_review_id", to="fleet_reviews"),
        tenant_reference("asset_id", to="assets"),
        tenant_unique("fleet_review_id", "asset_id"),
        tenant_index("ix_fleet_verdicts_review", "fleet_review_id", "id"),
        one_of("outcome", OUTCOMES),
        one_of("payer", PAYERS),
        one_of("phase", PHASES),
        one_of("reason", REASONS),
        CheckConstraint("(outcome is null) = (refusal is not null)", name="verdict_or_refusal"),
    )
    append_only: ClassVar[bool] = True

    fleet_review_id: Mapped[UUID]
    asset_id: Mapped[UUID]
    outcome: Mapped[str | None]
    payer: Mapped[str | None]
    reason: Mapped[str | None]
    clause: Mapped[str | None]
    phase: Mapped[str | None]
    provisional: Mapped[bool] = mapped_column(default=False)
    last_day: Mapped[date | None]
    refusal: Mapped[str | None]
