"""Work on a site: shifts, briefings, machines, patrols, alerts, the standards that hold."""

from datetime import datetime
from typing import ClassVar
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

MACHINE_STATES = ("ready", "defective", "in_repair", "retired")

on_unique("uq_shift_meetings_tenant_id_shift_id", "SHIFT_MEETING_HELD", "shiftId")
on_unique("uq_briefing_signatures_tenant_id_sheet_id_worker_id", "WORKER_TWICE", "workerIds")
on_unique("uq_site_machines_tenant_id_code", "MACHINE_CODE_TAKEN", "code")
on_unique("uq_machine_runs_running", "MACHINE_RUNNING", "machineId")
on_unique("uq_safety_standards_tenant_id_vertical_code", "STANDARD_CODE_TAKEN", "code")


class SiteShift(TenantRow, Versioned, Base):
    """A shift on a site: planned, running after its meeting, closed."""

    __tablename__ = "site_shifts"
    __table_args__ = (
        tenant_reference("site_id", to="sites"),
        tenant_index("ix_site_shifts_site", "site_id", "id"),
        one_of("state", ("planned", "running", "closed")),
        CheckConstraint("ends_at > starts_at", name="period"),
    )

    site_id: Mapped[UUID]
    name: Mapped[str]
    foreman: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="planned")
    started_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class ShiftMeeting(TenantRow, Base):
    """The meeting before a shift; safety is a topic of it (P05-06)."""

    __tablename__ = "shift_meetings"
    __table_args__ = (tenant_unique("shift_id"), tenant_reference("shift_id", to="site_shifts"))
    append_only: ClassVar[bool] = True

    shift_id: Mapped[UUID]
    held_at: Mapped[datetime]
    safety_topic: Mapped[str]
    topics: Mapped[list[str]]
    attendees: Mapped[list[str]]
    actor: Mapped[str]


class BriefingSheet(TenantRow, Versioned, Base):
    """What a work process asks for to be safe, told to every worker before it starts (P05-13)."""

    __tablename__ = "briefing_sheets"
    __table_args__ = (
        tenant_reference("site_id", to="sites"),
        tenant_index("ix_briefing_sheets_site", "site_id", "id"),
        one_of("state", ("issued", "started")),
    )

    site_id: Mapped[UUID]
    process: Mapped[str]
    content: Mapped[str]
    issued_by: Mapped[str]
    issued_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="issued")
    started_at: Mapped[datetime | None]


class BriefingSignature(TenantRow, Base):
    """A worker who has to acknowledge a briefing, and when he did."""

    __tablename__ = "briefing_signatures"
    __table_args__ = (
        tenant_unique("sheet_id", "worker_id"),
        tenant_reference("sheet_id", to="briefing_sheets"),
        tenant_reference("worker_id", to="site_workers"),
    )

    sheet_id: Mapped[UUID]
    worker_id: Mapped[UUID]
    acknowledged_at: Mapped[datetime | None]
    evidence: Mapped[str] = mapped_column(default="")


class SiteMachine(TenantRow, Versioned, Base):
    """A machine that works on a site. Only a ready one may run; `certificate` is what its operator must hold."""

    __tablename__ = "site_machines"
    __table_args__ = (
        tenant_unique("code"),
        tenant_reference("site_id", to="sites"),
        tenant_index("ix_site_machines_site", "site_id", "id"),
        one_of("state", MACHINE_STATES),
    )

    site_id: Mapped[UUID]
    vertical: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    certificate: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="ready")
    defect: Mapped[str | None]


class MachineRun(TenantRow, Base):
    """An entry of a machine's running log: who ran it in which shift, from when until when (P05-16)."""

    __tablename__ = "machine_runs"
    __table_args__ = (
        tenant_reference("machine_id", to="site_machines"),
        tenant_reference("shift_id", to="site_shifts"),
        tenant_reference("worker_id", to="site_workers"),
        tenant_index("ix_machine_runs_machine", "machine_id", "id"),
        tenant_index("ix_machine_runs_shift", "shift_id"),
        Index(
            "uq_machine_runs_running", "tenant_id", "machine_id", unique=True,
            postgresql_where=text("stopped_at is null"),
        ),
    )  # fmt: skip

    machine_id: Mapped[UUID]
    shift_id: Mapped[UUID]
    worker_id: Mapped[UUID]
    started_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")


class MachineRepair(TenantRow, Versioned, Base):
    """A repair with its lock-out record: `secured` are the conditions that held when it began (P05-17)."""

    __tablename__ = "machine_repairs"
    __table_args__ = (
        tenant_reference("machine_id", to="site_machines"),
        tenant_index("ix_machine_repairs_machine", "machine_id", "id"),
        one_of("state", ("open", "done")),
    )

    machine_id: Mapped[UUID]
    repairer: Mapped[str]
    secured: Mapped[list[str]]
    attendant: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    repaired: Mapped[bool | None]


class SafetyWatch(TenantRow, Base):
    """Who is put in charge of a patrol or of a season's checks, since and until when (P05-29)."""

    __tablename__ = "safety_watches"
    __table_args__ = (
        tenant_reference("site_id", to="sites"),
        tenant_reference("engineer_id", to="engineers"),
        tenant_reference("worker_id", to="site_workers"),
        tenant_index("ix_safety_watches_site", "site_id", "rule"),
    )

    site_id: Mapped[UUID]
    rule: Mapped[str]
    engineer_id: Mapped[UUID | None]
    worker_id: Mapped[UUID | None]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PatrolRound(TenantRow, Base):
    """A round: one place, or one thing that was looked at, at an instant (P05-26)."""

    __tablename__ = "patrol_rounds"
    __table_args__ = (
        tenant_reference("site_id", to="sites"),
        tenant_reference("engineer_id", to="engineers"),
        tenant_reference("worker_id", to="site_workers"),
        tenant_reference("hazard_id", to="hazards"),
        tenant_index("ix_patrol_rounds_site", "site_id", "rule", "area", "at"),
    )
    append_only: ClassVar[bool] = True

    site_id: Mapped[UUID]
    rule: Mapped[str]
    area: Mapped[str]
    at: Mapped[datetime]
    engineer_id: Mapped[UUID | None]
    worker_id: Mapped[UUID | None]
    hazard_id: Mapped[UUID | None]
    note: Mapped[str]
    actor: Mapped[str]


class SafetyAlert(TenantRow, Base):
    """Something that wasn't done in time, told once: `dedupe_key` is what it is about."""

    __tablename__ = "safety_alerts"
    __table_args__ = (
        tenant_unique("dedupe_key"),
        tenant_reference("site_id", to="sites"),
        tenant_reference("machine_id", to="site_machines"),
        tenant_reference("shift_id", to="site_shifts"),
        tenant_index("ix_safety_alerts_site", "site_id", "id"),
    )
    append_only: ClassVar[bool] = True

    site_id: Mapped[UUID]
    machine_id: Mapped[UUID | None]
    shift_id: Mapped[UUID | None]
    code: Mapped[str]
    clause: Mapped[str | None]
    message_zh: Mapped[str]
    message_en: Mapped[str]
    dedupe_key: Mapped[str]
    at: Mapped[datetime]


class SafetyStandard(TenantRow, Versioned, Base):
    """A published standard in the company's register; one with a vertical's code takes that one's place (P05-09)."""

    __tablename__ = "safety_standards"
    __table_args__ = (tenant_unique("vertical", "code"),)

    vertical: Mapped[str]
    code: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    designation: Mapped[str]
    superseded_by: Mapped[str | None]
    note: Mapped[str]
