"""The reads of a site's daily safety."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid, and_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from aftersales.inspections.models import Inspection
from aftersales.safety.models import (
    BriefingSignature,
    CrewMember,
    EducationAttendance,
    GateEntry,
    MachineRun,
    PatrolRound,
    SafetyAcknowledgement,
    SafetyAlert,
    SafetyEducation,
    SafetyPermit,
    SafetyStandard,
    SafetyViolation,
    SafetyWatch,
    ShiftMeeting,
    SiteMachine,
    SiteWorker,
    WorkerCertificate,
)
from aftersales.scope import TenantWork

_tenant = bindparam("tenant_id", type_=Uuid)
_site = bindparam("site_id", type_=Uuid)
_worker = bindparam("worker_id", type_=Uuid)


def _t(entity: Any) -> Any:
    return entity.__table__


_crew, _workers, _papers = _t(CrewMember), _t(SiteWorker), _t(SafetyAcknowledgement)
_taught, _educations, _certificates = _t(EducationAttendance), _t(SafetyEducation), _t(WorkerCertificate)
_entries, _permits, _violations = _t(GateEntry), _t(SafetyPermit), _t(SafetyViolation)
_meetings, _signatures, _machines, _runs = _t(ShiftMeeting), _t(BriefingSignature), _t(SiteMachine), _t(MachineRun)
_rounds, _watches, _alerts, _standards = _t(PatrolRound), _t(SafetyWatch), _t(SafetyAlert), _t(SafetyStandard)
_inspections = _t(Inspection)

_PRESENT = select(_crew).where(
    _crew.c.tenant_id == _tenant, _crew.c.site_id == _site, _crew.c.worker_id == _worker, _crew.c.ended_at.is_(None)
)
_CREW = (
    select(_workers)
    .select_from(
        _workers.join(_crew, and_(_crew.c.tenant_id == _workers.c.tenant_id, _crew.c.worker_id == _workers.c.id))
    )
    .where(
        _workers.c.tenant_id == _tenant,
        _crew.c.tenant_id == _tenant,
        _crew.c.site_id == _site,
        _crew.c.ended_at.is_(None),
    )
    .order_by(_workers.c.code)
)
_PAPERS = select(_papers.c.record, _papers.c.reference, _papers.c.worker_id, _papers.c.engineer_id).where(
    _papers.c.tenant_id == _tenant,
    or_(_papers.c.site_id.is_(None), _papers.c.site_id == _site),
    or_(
        _papers.c.worker_id == func.any(bindparam("worker_ids", type_=ARRAY(Uuid))),
        _papers.c.engineer_id == func.any(bindparam("engineer_ids", type_=ARRAY(Uuid))),
    ),
)
_TAUGHT = (
    select(_taught.c.topics)
    .select_from(
        _taught.join(
            _educations,
            and_(_educations.c.tenant_id == _taught.c.tenant_id, _educations.c.id == _taught.c.education_id),
        )
    )
    .where(
        _taught.c.tenant_id == _tenant,
        _taught.c.worker_id == _worker,
        _educations.c.tenant_id == _tenant,
        _educations.c.site_id == _site,
        _educations.c.held_at <= bindparam("at", type_=DateTime(timezone=True)),
    )
)
_CERTIFIED = select(func.max(_certificates.c.valid_until).label("valid_until")).where(
    _certificates.c.tenant_id == _tenant,
    _certificates.c.worker_id == _worker,
    _certificates.c.certificate == bindparam("certificate", type_=Text),
)
_INSIDE = select(_entries.c.worker_id).where(
    _entries.c.tenant_id == _tenant,
    _entries.c.site_id == _site,
    _entries.c.left_at.is_(None),
    _entries.c.worker_id.is_not(None),
)
_PERMITS = (
    select(_permits)
    .where(
        _permits.c.tenant_id == _tenant,
        _permits.c.site_id == _site,
        _permits.c.state == bindparam("state", type_=Text),
    )
    .order_by(_permits.c.id)
)
_LEFT_OPEN = select(_violations.c.id).where(
    _violations.c.tenant_id == _tenant, _violations.c.permit_id == bindparam("permit_id", type_=Uuid)
)
_MEETING = select(_meetings.c.id, _meetings.c.held_at).where(
    _meetings.c.tenant_id == _tenant, _meetings.c.shift_id == bindparam("shift_id", type_=Uuid)
)
_SIGNATURES = (
    select(_signatures)
    .where(_signatures.c.tenant_id == _tenant, _signatures.c.sheet_id == bindparam("sheet_id", type_=Uuid))
    .order_by(_signatures.c.id)
)
_CHECKS = (
    select(
        _inspections.c.id,
        _inspections.c.machine_id,
        _inspections.c.moment,
        _inspections.c.passed,
        _inspections.c.vertical,
        _machines.c.code,
        _machines.c.name,
    )
    .select_from(
        _inspections.join(
            _machines,
            and_(_machines.c.tenant_id == _inspections.c.tenant_id, _machines.c.id == _inspections.c.machine_id),
        )
    )
    .where(
        _inspections.c.tenant_id == _tenant,
        _machines.c.tenant_id == _tenant,
        _inspections.c.shift_id == bindparam("shift_id", type_=Uuid),
        _inspections.c.state == "completed",
        _inspections.c.moment.is_not(None),
    )
    .order_by(_inspections.c.id)
)
_RUNNING = select(_runs.c.id).where(
    _runs.c.tenant_id == _tenant,
    _runs.c.shift_id == bindparam("shift_id", type_=Uuid),
    _runs.c.stopped_at.is_(None),
)
_RUN_OF = select(_runs.c.id).where(
    _runs.c.tenant_id == _tenant,
    _runs.c.machine_id == bindparam("machine_id", type_=Uuid),
    _runs.c.stopped_at.is_(None),
)
_of_area = (
    _rounds.c.tenant_id == _tenant,
    _rounds.c.site_id == _site,
    _rounds.c.rule == bindparam("rule", type_=Text),
    _rounds.c.area == bindparam("area", type_=Text),
)
_LAST_ROUND = select(_rounds).where(*_of_area).order_by(_rounds.c.at.desc(), _rounds.c.id.desc()).limit(1)
_ROUND_BEFORE = select(func.max(_rounds.c.at).label("at")).where(
    *_of_area, _rounds.c.at < bindparam("begin", type_=DateTime(timezone=True))
)
_ROUNDS = (
    select(_rounds.c.at)
    .where(
        *_of_area,
        _rounds.c.at >= bindparam("begin", type_=DateTime(timezone=True)),
        _rounds.c.at <= bindparam("end", type_=DateTime(timezone=True)),
    )
    .order_by(_rounds.c.at)
)
_WATCHES = (
    select(_watches)
    .where(_watches.c.tenant_id == _tenant, _watches.c.site_id == _site)
    .where(_watches.c.rule == bindparam("rule", type_=Text))
    .order_by(_watches.c.since)
)
_ALERTED = select(_alerts.c.id).where(
    _alerts.c.tenant_id == _tenant, _alerts.c.dedupe_key == bindparam("dedupe_key", type_=Text)
)
_STANDARDS = select(_standards).where(_standards.c.tenant_id == _tenant).order_by(_standards.c.code).limit(1000)


async def presence(uow: TenantWork, site_id: UUID, worker_id: UUID) -> CrewMember | None:
    """The worker's place in the site's crew now."""
    return await uow.entity(CrewMember, _PRESENT, site_id=site_id, worker_id=worker_id)


async def crew_of(uow: TenantWork, site_id: UUID) -> list[SiteWorker]:
    """Who works on the site now."""
    return await uow.entities(SiteWorker, _CREW, site_id=site_id)


async def papers_of(
    uow: TenantWork, site_id: UUID, worker_ids: Sequence[UUID], engineer_ids: Sequence[UUID] = ()
) -> set[tuple[UUID, str, str | None]]:
    """What these people signed for the site or for all sites: who, which record, about what."""
    rows = await uow.fetch(_PAPERS, site_id=site_id, worker_ids=list(worker_ids), engineer_ids=list(engineer_ids))
    return {(row["worker_id"] or row["engineer_id"], row["record"], row["reference"]) for row in rows}


async def topics_attended(uow: TenantWork, site_id: UUID, worker_id: UUID, at: datetime) -> set[str]:
    """The topics that a worker attended in the site's educations up to an instant."""
    rows = await uow.fetch(_TAUGHT, site_id=site_id, worker_id=worker_id, at=at)
    return {topic for row in rows for topic in row["topics"]}


async def certified_until(uow: TenantWork, worker_id: UUID, certificate: str) -> date | None:
    """The last day on which the worker's certificate of that kind is valid."""
    row = await uow.fetch_one(_CERTIFIED, worker_id=worker_id, certificate=certificate)
    return row["valid_until"] if row else None


async def workers_inside(uow: TenantWork, site_id: UUID) -> set[UUID]:
    """The workers who came in and didn't leave."""
    return {row["worker_id"] for row in await uow.fetch(_INSIDE, site_id=site_id)}


async def permits_in_force(uow: TenantWork, site_id: UUID) -> list[SafetyPermit]:
    """The approved permits of a site that weren't closed."""
    return await uow.entities(SafetyPermit, _PERMITS, site_id=site_id, state="approved")


async def has_violation(uow: TenantWork, permit_id: UUID) -> bool:
    """Whether a violation of this permit is on record."""
    return await uow.fetch_one(_LEFT_OPEN, permit_id=permit_id) is not None


async def meeting_held_at(uow: TenantWork, shift_id: UUID) -> datetime | None:
    """When the meeting of a shift was held."""
    row = await uow.fetch_one(_MEETING, shift_id=shift_id)
    return row["held_at"] if row else None


async def signatures_of(uow: TenantWork, sheet_id: UUID) -> list[BriefingSignature]:
    """Who has to sign a briefing sheet, and who did."""
    return await uow.entities(BriefingSignature, _SIGNATURES, sheet_id=sheet_id)


async def checks_of_shift(uow: TenantWork, shift_id: UUID) -> list[dict[str, Any]]:
    """The completed machine checks of a shift, in order: id, machine_id, moment, passed, vertical, code, name."""
    return [dict(row) for row in await uow.fetch(_CHECKS, shift_id=shift_id)]


async def is_any_running(uow: TenantWork, shift_id: UUID) -> bool:
    """Whether a run of the shift is still open."""
    return await uow.fetch_one(_RUNNING, shift_id=shift_id) is not None


async def is_running(uow: TenantWork, machine_id: UUID) -> bool:
    """Whether the machine runs."""
    return await uow.fetch_one(_RUN_OF, machine_id=machine_id) is not None


async def last_round(uow: TenantWork, site_id: UUID, rule: str, area: str) -> PatrolRound | None:
    """The latest round of an area."""
    return await uow.entity(PatrolRound, _LAST_ROUND, site_id=site_id, rule=rule, area=area)


async def rounds_between(
    uow: TenantWork, site_id: UUID, rule: str, area: str, begin: datetime, end: datetime
) -> tuple[datetime | None, list[datetime]]:
    """The last round of an area before a time, and those within it."""
    about = {"site_id": site_id, "rule": rule, "area": area, "begin": begin}
    before = await uow.fetch_one(_ROUND_BEFORE, **about)
    rows = await uow.fetch(_ROUNDS, **about, end=end)
    return (before["at"] if before else None), [row["at"] for row in rows]


async def watches_of(uow: TenantWork, site_id: UUID, rule: str) -> list[SafetyWatch]:
    """Everybody who was or is in charge of a rule on a site, in order."""
    return await uow.entities(SafetyWatch, _WATCHES, site_id=site_id, rule=rule)


async def is_alerted(uow: TenantWork, dedupe_key: str) -> bool:
    """Whether this was told before."""
    return await uow.fetch_one(_ALERTED, dedupe_key=dedupe_key) is not None


async def standards(uow: TenantWork) -> list[SafetyStandard]:
    """The register's own entries."""
    return await uow.entities(SafetyStandard, _STANDARDS)
