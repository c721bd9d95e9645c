"""The tables of site safety. Here: who is responsible, which hazards stop the work; people and work stand beside."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.kit.database import Base, TenantRow, Versioned, one_of, tenant_index, tenant_reference
from aftersales.kit.storage_errors import on_unique
from aftersales.safety.people_models import (
    PERMIT_STATES,
    CrewMember,
    EducationAttendance,
    GateEntry,
    SafetyAcknowledgement,
    SafetyEducation,
    SafetyPermit,
    SafetyViolation,
    SiteWorker,
    WorkerCertificate,
)
from aftersales.safety.work_models import (
    MACHINE_STATES,
    BriefingSheet,
    BriefingSignature,
    MachineRepair,
    MachineRun,
    PatrolRound,
    SafetyAlert,
    SafetyStandard,
    SafetyWatch,
    ShiftMeeting,
    SiteMachine,
    SiteShift,
)
from aftersales.terms.checklists import SEVERITIES

__all__ = [
    "HAZARD_CATEGORIES",
    "HAZARD_STATES",
    "MACHINE_STATES",
    "PERMIT_STATES",
    "SITE_ROLES",
    "BriefingSheet",
    "BriefingSignature",
    "CrewMember",
    "EducationAttendance",
    "GateEntry",
    "Hazard",
    "MachineRepair",
    "MachineRun",
    "PatrolRound",
    "SafetyAcknowledgement",
    "SafetyAlert",
    "SafetyEducation",
    "SafetyPermit",
    "SafetyStandard",
    "SafetyViolation",
    "SafetyWatch",
    "ShiftMeeting",
    "SiteBranch",
    "SiteMachine",
    "SiteRole",
    "SiteShift",
    "SiteWorker",
    "WorkerCertificate",
]

SITE_ROLES = (
    "project_manager",
    "safety_officer",
    "safety_contact",
    "safety_supervision",
    "production_manager",
)
HAZARD_CATEGORIES = ("behaviour", "condition", "environment", "management")
HAZARD_STATES = ("open", "rectified", "verified", "resumed")

on_unique("uq_site_roles_full_time_officer", "SAFETY_OFFICER_TAKEN", "engineerId")


class SiteRole(TenantRow, Base):
    """Who holds a safety role on a site (or, with `site_id` empty, in the company), since and until when."""

    __tablename__ = "site_roles"
    __table_args__ = (
        tenant_reference("site_id", to="sites"),
        tenant_reference("engineer_id", to="engineers"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_index("ix_site_roles_site", "site_id"),
        Index(
            "uq_site_roles_full_time_officer", "tenant_id", "engineer_id", unique=True,
            postgresql_where=text("role = 'safety_officer' and full_time and ended_at is null"),
        ),
        one_of("role", SITE_ROLES),
    )  # fmt: skip

    site_id: Mapped[UUID | None]
    role: Mapped[str]
    engineer_id: Mapped[UUID | None]
    service_unit_id: Mapped[UUID | None]
    full_time: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SiteBranch(TenantRow, Base):
    """A branch or department that takes part on a site and must name a safety contact (P05-44)."""

    __tablename__ = "site_branches"
    __table_args__ = (
        tenant_reference("site_id", to="sites"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_index("ix_site_branches_site", "site_id"),
    )

    site_id: Mapped[UUID]
    service_unit_id: Mapped[UUID]


class Hazard(TenantRow, Versioned, Base):
    """A hazard on a site: found, rectified, verified, and only then work resumes (P05-27)."""

    __tablename__ = "hazards"
    __table_args__ = (
        tenant_reference("site_id", to="sites"),
        tenant_index("ix_hazards_site", "site_id", "id"),
        one_of("category", HAZARD_CATEGORIES),
        one_of("state", HAZARD_STATES),
        one_of("severity", SEVERITIES),
    )

    site_id: Mapped[UUID]
    category: Mapped[str]
    description: Mapped[str]
    severity: Mapped[str | None]
    stops_work: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(default="open")
    found_at: Mapped[datetime]
    leader: Mapped[str | None]
    rectification: Mapped[str | None]
    rectified_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    resumed_at: Mapped[datetime | None]
