"""Training's reads."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, DateTime, Text, Uuid, and_, any_, bindparam, or_, select

from aftersales.assets.models import Asset
from aftersales.scope import TenantWork
from aftersales.training.models import (
    KnowledgeTransfer,
    OwnCurriculum,
    ProjectTeamMember,
    Trainee,
    TrainingCadence,
    TrainingCertificate,
    TrainingDuty,
    TrainingEnrolment,
    TrainingSession,
    TrainingTask,
)
from aftersales.work.models import EngineerCertificate

_own: Any = OwnCurriculum.__table__
_trainees: Any = Trainee.__table__
_duties: Any = TrainingDuty.__table__
_sessions: Any = TrainingSession.__table__
_enrolments: Any = TrainingEnrolment.__table__
_certificates: Any = TrainingCertificate.__table__
_tasks: Any = TrainingTask.__table__
_cadences: Any = TrainingCadence.__table__
_team: Any = ProjectTeamMember.__table__
_transfers: Any = KnowledgeTransfer.__table__
_assets: Any = Asset.__table__
_papers: Any = EngineerCertificate.__table__
_tenant = bindparam("tenant_id", type_=Uuid)


def _is(column: Any, name: str, kind: Any = Uuid) -> Any:
    return column == bindparam(name, type_=kind)


def _same(column: Any, name: str) -> Any:
    """Equal, or both left open."""
    return column.is_not_distinct_from(bindparam(name, type_=Uuid))


def _maybe(column: Any, name: str) -> Any:
    """Equal, or nothing asked for."""
    given = bindparam(name, type_=Uuid)
    return or_(given.is_(None), column == given)


_OWN = (
    select(_own)
    .where(_own.c.tenant_id == _tenant, _is(_own.c.vertical, "vertical", Text))
    .order_by(_own.c.code, _own.c.revision)
)
_DUTIES = select(_duties).where(_duties.c.tenant_id == _tenant)
_OF_ASSET = _DUTIES.where(_is(_duties.c.asset_id, "asset_id")).order_by(_duties.c.id)
_OF_CONTRACT = _DUTIES.where(_is(_duties.c.contract_id, "contract_id")).order_by(_duties.c.id)
_OF_PARTY = _DUTIES.where(
    _is(_duties.c.curriculum, "curriculum", Text),
    _is(_duties.c.state, "state", Text),
    _same(_duties.c.customer_id, "customer_id"),
    _same(_duties.c.service_unit_id, "service_unit_id"),
    _same(_duties.c.trainee_id, "trainee_id"),
).order_by(_duties.c.id)
_SESSIONS = select(_sessions).where(_sessions.c.tenant_id == _tenant)
_OF_DUTY = _SESSIONS.where(_is(_sessions.c.training_duty_id, "training_duty_id")).order_by(_sessions.c.id)
_HELD_COURSES = select(_sessions.c.curriculum, _sessions.c.units, _sessions.c.terms).where(
    _sessions.c.tenant_id == _tenant,
    _sessions.c.state == "held",
    _is(_sessions.c.vertical, "vertical", Text),
    _same(_sessions.c.customer_id, "customer_id"),
    _same(_sessions.c.service_unit_id, "service_unit_id"),
    _maybe(_sessions.c.asset_id, "asset_id"),
)
_HELD_DUTIES = select(_duties.c.curriculum).where(
    _duties.c.tenant_id == _tenant,
    _duties.c.held_at.is_not(None),
    _is(_duties.c.vertical, "vertical", Text),
    _same(_duties.c.customer_id, "customer_id"),
    _same(_duties.c.service_unit_id, "service_unit_id"),
    _maybe(_duties.c.asset_id, "asset_id"),
)
_BUSY = select(_sessions.c.number).where(
    _sessions.c.tenant_id == _tenant,
    _is(_sessions.c.trainer_id, "trainer_id"),
    _sessions.c.state != "held",
    _sessions.c.state != "cancelled",
    _sessions.c.starts_at < bindparam("ends_at", type_=DateTime(timezone=True)),
    _sessions.c.ends_at > bindparam("starts_at", type_=DateTime(timezone=True)),
    _sessions.c.id != bindparam("session_id", type_=Uuid),
)
_ENROLMENTS = select(_enrolments).where(_enrolments.c.tenant_id == _tenant)
_IN_SESSION = _ENROLMENTS.where(
    _is(_enrolments.c.session_id, "session_id"), _enrolments.c.withdrawn_at.is_(None)
).order_by(_enrolments.c.id)
_ENROLMENT = _ENROLMENTS.where(
    _is(_enrolments.c.session_id, "session_id"), _is(_enrolments.c.trainee_id, "trainee_id")
).with_for_update()
_OF_COURSE = (
    select(_enrolments)
    .join(_sessions, and_(_sessions.c.tenant_id == _enrolments.c.tenant_id, _sessions.c.id == _enrolments.c.session_id))
    .where(
        _enrolments.c.tenant_id == _tenant,
        _enrolments.c.trainee_id == any_(bindparam("trainee_ids", type_=ARRAY(Uuid))),
        _enrolments.c.certificate_id.is_(None),
        _enrolments.c.withdrawn_at.is_(None),
        _sessions.c.state == "held",
        _is(_sessions.c.vertical, "vertical", Text),
        _is(_sessions.c.curriculum, "curriculum", Text),
    )
    .order_by(_sessions.c.starts_at, _enrolments.c.id)
)
_ACTIVE = and_(
    _trainees.c.tenant_id == _tenant,
    or_(_trainees.c.left_on.is_(None), _trainees.c.left_on >= bindparam("on", type_=Date)),
)
_PEOPLE = (
    select(_trainees)
    .where(
        _ACTIVE,
        _is(_trainees.c.vertical, "vertical", Text),
        _maybe(_trainees.c.customer_id, "customer_id"),
        _maybe(_trainees.c.service_unit_id, "service_unit_id"),
        or_(
            bindparam("asset_id", type_=Uuid).is_(None),
            _trainees.c.asset_id.is_(None),
            _trainees.c.asset_id == bindparam("asset_id", type_=Uuid),
        ),
        or_(
            bindparam("contract_id", type_=Uuid).is_(None),
            _trainees.c.contract_id.is_(None),
            _trainees.c.contract_id == bindparam("contract_id", type_=Uuid),
        ),
    )
    .order_by(_trainees.c.id)
)
_OF_ENGINEER = select(_trainees).where(
    _trainees.c.tenant_id == _tenant,
    _is(_trainees.c.engineer_id, "engineer_id"),
    _is(_trainees.c.vertical, "vertical", Text),
)
_PASSED = (
    select(_certificates.c.trainee_id, _certificates.c.curriculum, _certificates.c.valid_until)
    .where(
        _certificates.c.tenant_id == _tenant,
        _certificates.c.trainee_id == any_(bindparam("trainee_ids", type_=ARRAY(Uuid))),
        or_(_certificates.c.valid_until.is_(None), _certificates.c.valid_until >= bindparam("on", type_=Date)),
    )
    .order_by(_certificates.c.id)
)
_TASKS = (
    select(_tasks)
    .where(
        _tasks.c.tenant_id == _tenant,
        _is(_tasks.c.kind, "kind", Text),
        _tasks.c.state == "open",
        or_(
            _tasks.c.training_session_id == bindparam("session_id", type_=Uuid),
            _tasks.c.training_duty_id == bindparam("duty_id", type_=Uuid),
            _tasks.c.trainee_id == bindparam("trainee_id", type_=Uuid),
        ),
    )
    .with_for_update()
)
_CADENCE = (
    select(_cadences)
    .where(
        _cadences.c.tenant_id == _tenant,
        _is(_cadences.c.vertical, "vertical", Text),
        _is(_cadences.c.curriculum, "curriculum", Text),
        _same(_cadences.c.service_unit_id, "service_unit_id"),
        _same(_cadences.c.customer_id, "customer_id"),
    )
    .with_for_update()
)
_MEMBER = select(_team).where(
    _team.c.tenant_id == _tenant,
    _is(_team.c.contract_id, "contract_id"),
    _is(_team.c.engineer_id, "engineer_id"),
    _team.c.left_on.is_(None),
)
_TRANSFERS = select(_transfers.c.curriculum, _transfers.c.topics).where(
    _transfers.c.tenant_id == _tenant, _is(_transfers.c.appointment_id, "appointment_id")
)
_PAPERS = select(_papers.c.certificate).where(
    _papers.c.tenant_id == _tenant,
    _is(_papers.c.engineer_id, "engineer_id"),
    _papers.c.valid_until >= bindparam("on", type_=Date),
)


def _types() -> Any:
    """The types of an asset and of everything it is a part of."""
    start = (
        select(_assets.c.id, _assets.c.parent_asset_id, _assets.c.asset_type)
        .where(_assets.c.tenant_id == bindparam("tenant_id"), _assets.c.id == bindparam("asset_id"))
        .cte("ancestors", recursive=True)
    )
    upper = _assets.alias("upper")
    above = select(upper.c.id, upper.c.parent_asset_id, upper.c.asset_type).where(
        upper.c.tenant_id == bindparam("tenant_id"), upper.c.id == start.c.parent_asset_id
    )
    return select(start.union(above).c.asset_type)


_TYPES = _types()


async def own_curricula(uow: TenantWork, vertical: str) -> list[OwnCurriculum]:
    """Every revision of the tenant's own courses, the youngest of a code last."""
    return await uow.entities(OwnCurriculum, _OWN, vertical=vertical)


async def asset_types(uow: TenantWork, asset_id: UUID) -> frozenset[str]:
    """The types of an asset and of everything it is a part of."""
    return frozenset(row["asset_type"] for row in await uow.fetch(_TYPES, asset_id=asset_id))


async def duties_of_asset(uow: TenantWork, asset_id: UUID) -> list[TrainingDuty]:
    """The courses that are due for an asset, held or not."""
    return await uow.entities(TrainingDuty, _OF_ASSET, asset_id=asset_id)


async def duties_of_contract(uow: TenantWork, contract_id: UUID) -> list[TrainingDuty]:
    """The courses that are due under a contract, held or not."""
    return await uow.entities(TrainingDuty, _OF_CONTRACT, contract_id=contract_id)


async def due_for(
    uow: TenantWork,
    curriculum: str,
    *,
    customer_id: UUID | None = None,
    service_unit_id: UUID | None = None,
    trainee_id: UUID | None = None,
) -> list[TrainingDuty]:
    """The duties of exactly that party which are still due."""
    return await uow.entities(
        TrainingDuty, _OF_PARTY, curriculum=curriculum, state="due", customer_id=customer_id,
        service_unit_id=service_unit_id, trainee_id=trainee_id,
    )  # fmt: skip


async def sessions_of_duty(uow: TenantWork, duty_id: UUID) -> list[TrainingSession]:
    """The classes that serve a duty."""
    return await uow.entities(TrainingSession, _OF_DUTY, training_duty_id=duty_id)


async def held_courses(
    uow: TenantWork, vertical: str, *, customer_id: UUID | None, service_unit_id: UUID | None, asset_id: UUID | None
) -> frozenset[str]:
    """The courses that were held to their last unit for a party (and an asset, where one is named)."""
    where = {
        "vertical": vertical, "customer_id": customer_id, "service_unit_id": service_unit_id, "asset_id": asset_id,
    }  # fmt: skip
    taught: dict[str, set[str]] = {}
    wanted: dict[str, list[str]] = {}
    for row in await uow.fetch(_HELD_COURSES, **where):
        taught.setdefault(row["curriculum"], set()).update(row["units"])
        wanted[row["curriculum"]] = row["terms"]["units"]
    complete = {code for code, units in wanted.items() if taught[code].issuperset(units)}
    return frozenset(complete | {row["curriculum"] for row in await uow.fetch(_HELD_DUTIES, **where)})


async def overlapping_sessions(
    uow: TenantWork, trainer_id: UUID, starts_at: datetime, ends_at: datetime, *, besides: UUID
) -> list[str]:
    """Numbers of the trainer's other classes that share time with a window."""
    rows = await uow.fetch(_BUSY, trainer_id=trainer_id, starts_at=starts_at, ends_at=ends_at, session_id=besides)
    return [row["number"] for row in rows]


async def enrolments_of(uow: TenantWork, session_id: UUID) -> list[TrainingEnrolment]:
    """Who is in a class."""
    return await uow.entities(TrainingEnrolment, _IN_SESSION, session_id=session_id)


async def enrolment(uow: TenantWork, session_id: UUID, trainee_id: UUID) -> TrainingEnrolment | None:
    """A person in a class, or withdrawn from it; locked."""
    return await uow.entity(TrainingEnrolment, _ENROLMENT, session_id=session_id, trainee_id=trainee_id)


async def parts_of(
    uow: TenantWork, trainee_ids: list[UUID], vertical: str, curriculum: str
) -> dict[UUID, list[TrainingEnrolment]]:
    """What people have from held classes of a course that served for no certificate yet, in the order of classes."""
    found: dict[UUID, list[TrainingEnrolment]] = {trainee_id: [] for trainee_id in trainee_ids}
    for row in await uow.entities(
        TrainingEnrolment, _OF_COURSE, trainee_ids=trainee_ids, vertical=vertical, curriculum=curriculum
    ):
        found[row.trainee_id].append(row)
    return found


async def people(
    uow: TenantWork,
    vertical: str,
    on: date,
    *,
    customer_id: UUID | None = None,
    service_unit_id: UUID | None = None,
    asset_id: UUID | None = None,
    contract_id: UUID | None = None,
) -> list[Trainee]:
    """Who was named and hasn't left on a day; who was named without an asset or a contract belongs to each."""
    return await uow.entities(
        Trainee, _PEOPLE, vertical=vertical, on=on, customer_id=customer_id, service_unit_id=service_unit_id,
        asset_id=asset_id, contract_id=contract_id,
    )  # fmt: skip


async def trainee_of_engineer(uow: TenantWork, engineer_id: UUID, vertical: str) -> Trainee | None:
    """An engineer of the company as a person who is trained."""
    return await uow.entity(Trainee, _OF_ENGINEER, engineer_id=engineer_id, vertical=vertical)


async def passed(uow: TenantWork, trainee_ids: list[UUID], on: date) -> dict[UUID, frozenset[str]]:
    """The courses of which people hold a certificate that is valid on a day."""
    found: dict[UUID, set[str]] = {}
    for row in await uow.fetch(_PASSED, trainee_ids=trainee_ids, on=on):
        found.setdefault(row["trainee_id"], set()).add(row["curriculum"])
    return {trainee_id: frozenset(codes) for trainee_id, codes in found.items()}


async def open_tasks(
    uow: TenantWork,
    kind: str,
    *,
    session_id: UUID | None = None,
    duty_id: UUID | None = None,
    trainee_id: UUID | None = None,
) -> list[TrainingTask]:
    """What a customer still has to do about a class, a duty or a person; locked."""
    return await uow.entities(
        TrainingTask, _TASKS, kind=kind, session_id=session_id, duty_id=duty_id, trainee_id=trainee_id
    )


async def cadence(
    uow: TenantWork, vertical: str, curriculum: str, *, service_unit_id: UUID | None, customer_id: UUID | None
) -> TrainingCadence | None:
    """How often that party is trained again; locked."""
    return await uow.entity(
        TrainingCadence, _CADENCE, vertical=vertical, curriculum=curriculum, service_unit_id=service_unit_id,
        customer_id=customer_id,
    )  # fmt: skip


async def team_member(uow: TenantWork, contract_id: UUID, engineer_id: UUID) -> ProjectTeamMember | None:
    """An engineer in the team of a contract."""
    return await uow.entity(ProjectTeamMember, _MEMBER, contract_id=contract_id, engineer_id=engineer_id)


async def taught_on(uow: TenantWork, appointment_id: UUID) -> dict[str, frozenset[str]]:
    """What was taught on a visit, by course."""
    found: dict[str, set[str]] = {}
    for row in await uow.fetch(_TRANSFERS, appointment_id=appointment_id):
        found.setdefault(row["curriculum"], set()).update(row["topics"])
    return {code: frozenset(topics) for code, topics in found.items()}


async def papers_of(uow: TenantWork, engineer_id: UUID, on: date) -> frozenset[str]:
    """The certificates of an engineer from outside that are valid on a day."""
    return frozenset(row["certificate"] for row in await uow.fetch(_PAPERS, engineer_id=engineer_id, on=on))
