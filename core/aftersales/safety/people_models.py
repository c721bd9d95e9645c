"""People on a site: workers and their papers, education, the gate, permits, violations."""

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
from aftersales.kit.storage_errors import on_unique

PERMIT_STATES = ("requested", "approved", "closed", "refused")

on_unique("uq_site_workers_tenant_id_code", "WORKER_CODE_TAKEN", "code")
on_unique("uq_crew_members_present", "WORKER_ON_SITE", "workerId")
on_unique("uq_education_attendances_tenant_id_education_id_worker_id", "WORKER_TWICE", "attendees")
on_unique("uq_gate_entries_worker_inside", "ALREADY_INSIDE", "workerId")


class SiteWorker(TenantRow, Versioned, Base):
    """Somebody who works on sites: a trade, and the branch or department he belongs to."""

    __tablename__ = "site_workers"
    __table_args__ = (
        tenant_unique("code"),
        tenant_reference("service_unit_id", to="service_units"),
        one_of("state", ("active", "inactive")),
    )

    code: Mapped[str]
    name: Mapped[str]
    trade: Mapped[str]
    phone: Mapped[str | None]
    service_unit_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default="active")


class WorkerCertificate(TenantRow, Base):
    """A worker's certificate with its last valid day; machines ask for it (P05-18)."""

    __tablename__ = "worker_certificates"
    __table_args__ = (
        tenant_reference("worker_id", to="site_workers"),
        tenant_index("ix_worker_certificates_worker", "worker_id"),
    )

    worker_id: Mapped[UUID]
    certificate: Mapped[str]
    number: Mapped[str]
    valid_until: Mapped[date]


class CrewMember(TenantRow, Base):
    """A worker on a site, since and until when. `warnings` are the records that were missing then (P05-41)."""

    __tablename__ = "crew_members"
    __table_args__ = (
        tenant_reference("site_id", to="sites"),
        tenant_reference("worker_id", to="site_workers"),
        tenant_index("ix_crew_members_site", "site_id", "id"),
        Index(
            "uq_crew_members_present", "tenant_id", "site_id", "worker_id", unique=True,
            postgresql_where=text("ended_at is null"),
        ),
    )  # fmt: skip

    site_id: Mapped[UUID]
    worker_id: Mapped[UUID]
    warnings: Mapped[list[str]]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SafetyAcknowledgement(TenantRow, Base):
    """A signed paper: a letter of responsibility (P05-05), a trade's procedure (P05-41), whatever a rule names.

    Signed by a worker or by an engineer who holds a role. With a site it counts there, without one everywhere.
    """

    __tablename__ = "safety_acknowledgements"
    __table_args__ = (
        tenant_reference("worker_id", to="site_workers"),
        tenant_reference("engineer_id", to="engineers"),
        tenant_reference("site_id", to="sites"),
        tenant_reference("document_id", to="documents"),
        tenant_index("ix_safety_acknowledgements_worker", "worker_id"),
        tenant_index("ix_safety_acknowledgements_engineer", "engineer_id"),
    )
    append_only: ClassVar[bool] = True

    record: Mapped[str]
    reference: Mapped[str | None]
    worker_id: Mapped[UUID | None]
    engineer_id: Mapped[UUID | None]
    site_id: Mapped[UUID | None]
    document_id: Mapped[UUID | None]
    signed_on: Mapped[date]
    evidence: Mapped[str]
    actor: Mapped[str]


class SafetyEducation(TenantRow, Base):
    """A safety education of a site: its topics, and who chaired it (P05-10)."""

    __tablename__ = "safety_educations"
    __table_args__ = (
        tenant_reference("site_id", to="sites"),
        tenant_index("ix_safety_educations_site", "site_id", "id"),
    )
    append_only: ClassVar[bool] = True

    site_id: Mapped[UUID]
    topics: Mapped[list[str]]
    chaired_by: Mapped[list[str]]
    held_at: Mapped[datetime]
    evidence: Mapped[str]
    actor: Mapped[str]


class EducationAttendance(TenantRow, Base):
    """Which topics of an education a worker attended."""

    __tablename__ = "education_attendances"
    __table_args__ = (
        tenant_unique("education_id", "worker_id"),
        tenant_reference("education_id", to="safety_educations"),
        tenant_reference("worker_id", to="site_workers"),
        tenant_index("ix_education_attendances_worker", "worker_id"),
    )
    append_only: ClassVar[bool] = True

    education_id: Mapped[UUID]
    worker_id: Mapped[UUID]
    topics: Mapped[list[str]]


class GateEntry(TenantRow, Base):
    """Somebody who came in at a site's gate, and when he left; noted by a guard (P05-23)."""

    __tablename__ = "gate_entries"
    __table_args__ = (
        tenant_reference("site_id", to="sites"),
        tenant_reference("worker_id", to="site_workers"),
        tenant_reference("permit_id", to="safety_permits"),
        tenant_index("ix_gate_entries_site", "site_id", "id"),
        Index(
            "uq_gate_entries_worker_inside", "tenant_id", "worker_id", unique=True,
            postgresql_where=text("left_at is null"),
        ),
    )  # fmt: skip

    site_id: Mapped[UUID]
    worker_id: Mapped[UUID | None]
    permit_id: Mapped[UUID | None]
    name: Mapped[str]
    guard: Mapped[str]
    entered_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class SafetyPermit(TenantRow, Versioned, Base):
    """A permit: hot work, flammables, a visitor, whatever a rule names. `conditions` are those that are met: what
    fulfils each by its code. `crew` are the workers who work under it."""

    __tablename__ = "safety_permits"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("site_id", to="sites"),
        tenant_reference("approver_engineer_id", to="engineers"),
        tenant_index("ix_safety_permits_site", "site_id", "id"),
        one_of("state", PERMIT_STATES),
        CheckConstraint("valid_until > valid_from", name="period"),
    )

    number: Mapped[str]
    site_id: Mapped[UUID]
    vertical: Mapped[str]
    rule: Mapped[str]
    kind: Mapped[str]
    clause: Mapped[str | None]
    purpose: Mapped[str]
    holder: Mapped[str]
    crew: Mapped[list[str]]
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="requested")
    approver_engineer_id: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime]


class SafetyViolation(TenantRow, Base):
    """Somebody broke a rule: its code, who, where, with evidence (P05-11)."""

    __tablename__ = "safety_violations"
    __table_args__ = (
        tenant_reference("site_id", to="sites"),
        tenant_reference("worker_id", to="site_workers"),
        tenant_reference("permit_id", to="safety_permits"),
        tenant_reference("document_id", to="documents"),
        tenant_index("ix_safety_violations_site", "site_id", "at"),
        tenant_index("ix_safety_violations_permit", "permit_id"),
    )
    append_only: ClassVar[bool] = True

    site_id: Mapped[UUID]
    worker_id: Mapped[UUID | None]
    permit_id: Mapped[UUID | None]
    document_id: Mapped[UUID | None]
    code: Mapped[str]
    rule: Mapped[str]
    clause: Mapped[str | None]
    description: Mapped[str]
    evidence: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
