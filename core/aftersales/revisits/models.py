"""Revisit plans, revisits with their outcome, forums, care plans, surveys and what these lead to."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, get_args
from uuid import UUID

from sqlalchemy import Index, Numeric, text
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
from aftersales.kit.storage_errors import on_unique
from aftersales.revisits.rules import RevisitState
from aftersales.terms.planned import REVISIT_CHANNELS

SCORE = Numeric(5, 2)

on_unique("uq_revisit_plans_active_code", "REVISIT_PLAN_EXISTS", "code")
on_unique("uq_care_plans_tenant_id_customer_id_year", "CARE_PLAN_EXISTS", "year")
on_unique("uq_survey_responses_tenant_id_survey_id_customer_id", "SURVEY_ANSWERED", "customerId")


class RevisitPlan(TenantRow, Versioned, Base):
    """A revisit rule in force: a vertical's as it was when the plan was opened, or one of the tenant's own.

    `next_at` is when the next period or season opens, None while only what happens elsewhere opens anything.
    """

    __tablename__ = "revisit_plans"
    __table_args__ = (
        Index("uq_revisit_plans_active_code", "tenant_id", "vertical", "code", unique=True,
              postgresql_where=text("state = 'active'")),
        Index("ix_revisit_plans_next", "next_at", postgresql_where=text("next_at is not null")),
        one_of("state", ("active", "ended")),
    )  # fmt: skip

    vertical: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    trigger: Mapped[str]
    terms: Mapped[dict[str, Any]]
    clause: Mapped[str | None]
    source: Mapped[str]
    starts_on: Mapped[date]
    next_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[datetime]


class Revisit(TenantRow, Versioned, Base):
    """A contact that is owed, or was made. Its deadline is a commitment with this row as the subject.

    `key` makes it one, however often its cause is handled. `held`: the contact took place, but without its record it
    doesn't count (P11-16). `due_on` is the last local day; None: tracked without a number.
    """

    __tablename__ = "revisits"
    __table_args__ = (
        tenant_unique("number"),
        tenant_unique("key"),
        tenant_reference("plan_id", to="revisit_plans"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("site_id", to="sites"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("contract_id", to="service_contracts"),
        tenant_reference("engineer_id", to="engineers"),
        tenant_reference("preferred_engineer_id", to="engineers"),
        tenant_reference("forum_id", to="revisit_forums"),
        tenant_index("ix_revisits_customer", "customer_id", "id"),
        tenant_index("ix_revisits_ticket", "ticket_id", postgresql_where=text("ticket_id is not null")),
        tenant_index("ix_revisits_engineer", "engineer_id", postgresql_where=text("engineer_id is not null")),
        tenant_index("ix_revisits_open", "due_on", "id", postgresql_where=text("state = 'open'")),
        one_of("state", get_args(RevisitState)),
        one_of("channel", REVISIT_CHANNELS),
        one_of("priority", ("normal", "highest")),
    )

    number: Mapped[str]
    key: Mapped[str]
    plan_id: Mapped[UUID | None]
    vertical: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    trigger: Mapped[str]
    terms: Mapped[dict[str, Any]]
    clause: Mapped[str | None]
    source: Mapped[str]
    owner: Mapped[str | None]
    priority: Mapped[str] = mapped_column(default="normal")
    reason: Mapped[str] = mapped_column(default="")
    customer_id: Mapped[UUID | None]
    region: Mapped[str | None]
    site_id: Mapped[UUID | None]
    ticket_id: Mapped[UUID | None]
    contract_id: Mapped[UUID | None]
    preferred_engineer_id: Mapped[UUID | None]
    engineer_id: Mapped[UUID | None]
    since: Mapped[date]
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="open")
    channel: Mapped[str | None]
    held_at: Mapped[datetime | None]
    held_by: Mapped[str | None]
    participants: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    scores: Mapped[dict[str, Any]] = mapped_column(default=dict)
    score: Mapped[Decimal | None] = mapped_column(SCORE)
    product_score: Mapped[int | None]
    service_score: Mapped[int | None]
    satisfied: Mapped[bool | None]
    opinion: Mapped[str] = mapped_column(default="")
    opinions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    checks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    findings: Mapped[str] = mapped_column(default="")
    record: Mapped[str | None]
    forum_id: Mapped[UUID | None]
    created_at: Mapped[datetime]


class RevisitCopy(TenantRow, Base):
    """A copy of a revisit's record in the inbox of a department (P11-40)."""

    __tablename__ = "revisit_copies"
    __table_args__ = (
        tenant_unique("revisit_id", "department"),
        tenant_reference("revisit_id", to="revisits"),
        tenant_index("ix_revisit_copies_department", "department", "id"),
    )
    append_only: ClassVar[bool] = True

    revisit_id: Mapped[UUID]
    department: Mapped[str]
    record: Mapped[str]
    at: Mapped[datetime]


class RevisitForum(TenantRow, Base):
    """A meeting to which customers were asked (P04-13); who came has no visit open any more."""

    __tablename__ = "revisit_forums"
    append_only: ClassVar[bool] = True

    title: Mapped[str]
    held_on: Mapped[date]
    notes: Mapped[str]
    attendees: Mapped[list[str]]
    at: Mapped[datetime]
    actor: Mapped[str]


class CarePlan(TenantRow, Versioned, Base):
    """What a key customer needs and what is done about it in a year (P07-13): `required` until it has an action."""

    __tablename__ = "care_plans"
    __table_args__ = (
        tenant_unique("customer_id", "year"),
        tenant_reference("customer_id", to="customers"),
        one_of("state", ("required", "planned", "done")),
    )

    customer_id: Mapped[UUID]
    year: Mapped[int]
    clause: Mapped[str | None]
    needs: Mapped[str] = mapped_column(default="")
    actions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="required")
    created_at: Mapped[datetime]


class Survey(TenantRow, Versioned, Base):
    """An opinion survey; a mean below `threshold` in a dimension demands an improvement when it closes (P07-17)."""

    __tablename__ = "surveys"
    __table_args__ = (one_of("state", ("open", "closed")),)

    title: Mapped[str]
    dimensions: Mapped[list[str]]
    threshold: Mapped[Decimal | None] = mapped_column(SCORE)
    clause: Mapped[str | None]
    results: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="open")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class SurveyResponse(TenantRow, Base):
    """One customer's answers to a survey."""

    __tablename__ = "survey_responses"
    __table_args__ = (
        tenant_unique("survey_id", "customer_id"),
        tenant_reference("survey_id", to="surveys"),
        tenant_reference("customer_id", to="customers"),
    )
    append_only: ClassVar[bool] = True

    survey_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    scores: Mapped[dict[str, Any]]
    comment: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]


class ImprovementAction(TenantRow, Versioned, Base):
    """What a survey's result demands of service or production; `required` until somebody says what was done."""

    __tablename__ = "improvement_actions"
    __table_args__ = (
        tenant_unique("survey_id", "dimension"),
        tenant_reference("survey_id", to="surveys"),
        one_of("state", ("required", "done")),
    )

    survey_id: Mapped[UUID]
    dimension: Mapped[str]
    mean: Mapped[Decimal] = mapped_column(SCORE)
    action: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="required")
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
