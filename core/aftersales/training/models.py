"""Courses that are due, the people who are to be trained, sessions, results, certificates."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, get_args
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, text
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
from aftersales.training.rules import DutyState, SessionState, TaskKind, TaskState

on_unique("uq_training_enrolments_tenant_id_session_id_trainee_id", "TRAINEE_TWICE", "traineeId")
on_unique("uq_project_team_members_active", "TEAM_MEMBER_TWICE", "engineerId")
on_unique("uq_trainees_engineer", "TRAINEE_NAMED_ALREADY", "engineerId")
on_unique("uq_training_curricula_tenant_id_vertical_code_revision", "CURRICULUM_PUBLISHED_MEANWHILE", "code")


class OwnCurriculum(TenantRow, Base):
    """A revision of a tenant's own course; the youngest counts. One with the code of a vertical's takes its place."""

    __tablename__ = "training_curricula"
    __table_args__ = (tenant_unique("vertical", "code", "revision"),)
    append_only: ClassVar[bool] = True

    vertical: Mapped[str]
    code: Mapped[str]
    revision: Mapped[int]
    terms: Mapped[dict[str, Any]]
    withdrawn: Mapped[bool]
    created_at: Mapped[datetime]
    actor: Mapped[str]


class Trainee(TenantRow, Versioned, Base):
    """A person to be trained: named by a customer, a technician of a dealer, or an engineer of the company itself.

    Exactly one of `customer_id`, `service_unit_id` and `engineer_id` is set. `role` is one of the audience that courses
    name. `left_on` is the last day; `asset_id` or `contract_id` narrow what the person works on.
    """

    __tablename__ = "trainees"
    __table_args__ = (
        tenant_reference("customer_id", to="customers"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_reference("engineer_id", to="engineers"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("contract_id", to="service_contracts"),
        tenant_reference("successor_id", to="trainees"),
        tenant_index("ix_trainees_customer", "customer_id", "vertical"),
        tenant_index("ix_trainees_unit", "service_unit_id", "vertical"),
        Index(
            "uq_trainees_engineer", "tenant_id", "engineer_id", "vertical", unique=True,
            postgresql_where=text("engineer_id is not null"),
        ),
    )  # fmt: skip

    vertical: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str | None]
    role: Mapped[str]
    customer_id: Mapped[UUID | None]
    service_unit_id: Mapped[UUID | None]
    engineer_id: Mapped[UUID | None]
    asset_id: Mapped[UUID | None]
    contract_id: Mapped[UUID | None]
    left_on: Mapped[date | None]
    successor_id: Mapped[UUID | None]
    created_at: Mapped[datetime]


class TrainingDuty(TenantRow, Versioned, Base):
    """A course that something made due (P09-30); its deadline is a commitment with this duty as the subject.

    Owed to a customer (for an asset or under a contract), to a dealer, or for one trained person. `terms` is the
    course as it was when it fell due. `unmet`: its last moment passed without it (P13-36).
    """

    __tablename__ = "training_duties"
    __table_args__ = (
        tenant_reference("asset_id", to="assets"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("contract_id", to="service_contracts"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_reference("trainee_id", to="trainees"),
        tenant_index("ix_training_duties_asset", "asset_id"),
        tenant_index("ix_training_duties_customer", "customer_id"),
        tenant_index("ix_training_duties_contract", "contract_id"),
        tenant_index("ix_training_duties_unit", "service_unit_id"),
        tenant_index("ix_training_duties_trainee", "trainee_id"),
        one_of("state", get_args(DutyState)),
        CheckConstraint("fee >= 0", name="fee"),
    )

    vertical: Mapped[str]
    curriculum: Mapped[str]
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict)
    trigger: Mapped[str]
    triggered_on: Mapped[date]
    asset_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None]
    contract_id: Mapped[UUID | None]
    service_unit_id: Mapped[UUID | None]
    trainee_id: Mapped[UUID | None]
    venue: Mapped[str | None]
    fee: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    state: Mapped[str] = mapped_column(default="due")
    held_at: Mapped[datetime | None]


class TrainingSession(TenantRow, Versioned, Base):
    """A class at a time and place. `units` are what is taught in it; `warnings` what was noticed when it was planned.

    Without a customer and a service unit it is open to everybody whom the course is for.
    """

    __tablename__ = "training_sessions"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("training_duty_id", to="training_duties"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("contract_id", to="service_contracts"),
        tenant_reference("trainer_id", to="engineers"),
        tenant_index("ix_training_sessions_duty", "training_duty_id"),
        tenant_index("ix_training_sessions_customer", "customer_id", "starts_at"),
        tenant_index("ix_training_sessions_unit", "service_unit_id", "starts_at"),
        tenant_index("ix_training_sessions_trainer", "trainer_id", "starts_at"),
        one_of("state", get_args(SessionState)),
        CheckConstraint("ends_at > starts_at", name="period"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
    )

    number: Mapped[str]
    vertical: Mapped[str]
    curriculum: Mapped[str]
    terms: Mapped[dict[str, Any]]
    units: Mapped[list[str]]
    training_duty_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None]
    service_unit_id: Mapped[UUID | None]
    asset_id: Mapped[UUID | None]
    contract_id: Mapped[UUID | None]
    trainer_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    venue: Mapped[str | None]
    capacity: Mapped[int | None]
    agreed_with: Mapped[str | None]
    agreed_at: Mapped[datetime | None]
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="tentative")
    held_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class TrainingEnrolment(TenantRow, Versioned, Base):
    """A person in a class: the units attended, and of each outcome whether it was shown. One that served for a
    certificate doesn't serve for the next."""

    __tablename__ = "training_enrolments"
    __table_args__ = (
        tenant_unique("session_id", "trainee_id"),
        tenant_reference("session_id", to="training_sessions"),
        tenant_reference("trainee_id", to="trainees"),
        tenant_reference("certificate_id", to="training_certificates"),
        tenant_index("ix_training_enrolments_trainee", "trainee_id"),
    )

    session_id: Mapped[UUID]
    trainee_id: Mapped[UUID]
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    units: Mapped[list[str]] = mapped_column(default=list)
    results: Mapped[dict[str, Any]] = mapped_column(default=dict)
    assessed_at: Mapped[datetime | None]
    assessed_by: Mapped[str | None]
    certificate_id: Mapped[UUID | None]
    enrolled_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class TrainingCertificate(TenantRow, Base):
    """What a person passed; `valid_until` is the last day, None for good."""

    __tablename__ = "training_certificates"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("trainee_id", to="trainees"),
        tenant_index("ix_training_certificates_trainee", "trainee_id", "curriculum"),
    )
    append_only: ClassVar[bool] = True

    number: Mapped[str]
    trainee_id: Mapped[UUID]
    vertical: Mapped[str]
    curriculum: Mapped[str]
    outcomes: Mapped[list[str]]
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    issued_by: Mapped[str]


class TrainingTask(TenantRow, Versioned, Base):
    """What a customer has to do for its training: provide the venue (P09-31), name a successor (P08-08)."""

    __tablename__ = "training_tasks"
    __table_args__ = (
        tenant_reference("customer_id", to="customers"),
        tenant_reference("training_duty_id", to="training_duties"),
        tenant_reference("training_session_id", to="training_sessions"),
        tenant_reference("trainee_id", to="trainees"),
        tenant_index("ix_training_tasks_customer", "customer_id", "state"),
        tenant_index("ix_training_tasks_duty", "training_duty_id"),
        tenant_index("ix_training_tasks_session", "training_session_id"),
        tenant_index("ix_training_tasks_trainee", "trainee_id"),
        one_of("kind", get_args(TaskKind)),
        one_of("state", get_args(TaskState)),
    )

    kind: Mapped[str]
    customer_id: Mapped[UUID]
    training_duty_id: Mapped[UUID | None]
    training_session_id: Mapped[UUID | None]
    trainee_id: Mapped[UUID | None]
    clause: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")
    opened_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class TrainingCadence(TenantRow, Versioned, Base):
    """How often a dealer or a customer is trained again. `months=None`: nobody said, so it is tracked (A05)."""

    __tablename__ = "training_cadences"
    __table_args__ = (
        tenant_unique("vertical", "curriculum", "service_unit_id"),
        tenant_unique("vertical", "curriculum", "customer_id"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_reference("customer_id", to="customers"),
        CheckConstraint("months > 0", name="months_positive"),
    )

    vertical: Mapped[str]
    curriculum: Mapped[str]
    service_unit_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None]
    months: Mapped[int | None]
    last_held_on: Mapped[date | None]


class ProjectTeamMember(TenantRow, Versioned, Base):
    """An engineer of the team that serves a contract; only trained people get into it (P01-08)."""

    __tablename__ = "project_team_members"
    __table_args__ = (
        tenant_reference("contract_id", to="service_contracts"),
        tenant_reference("engineer_id", to="engineers"),
        Index(
            "uq_project_team_members_active", "tenant_id", "contract_id", "engineer_id", unique=True,
            postgresql_where=text("left_on is null"),
        ),
    )  # fmt: skip

    contract_id: Mapped[UUID]
    engineer_id: Mapped[UUID]
    joined_on: Mapped[date]
    left_on: Mapped[date | None]


class KnowledgeTransfer(TenantRow, Base):
    """What an engineer taught on a visit, and to whom (P12-19)."""

    __tablename__ = "knowledge_transfers"
    __table_args__ = (
        tenant_reference("appointment_id", to="service_appointments"),
        tenant_reference("customer_id", to="customers"),
        tenant_index("ix_knowledge_transfers_appointment", "appointment_id"),
    )
    append_only: ClassVar[bool] = True

    appointment_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    curriculum: Mapped[str]
    topics: Mapped[list[str]]
    recipients: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
