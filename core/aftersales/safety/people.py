"""Workers, their papers and their education; who may come in; what is a violation."""

from uuid import UUID

from msgspec import Struct

from aftersales.access import require
from aftersales.documents.models import Document
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened, happened_on, locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, CODE_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.models import ServiceUnit, Site
from aftersales.safety import site_queries, site_rules
from aftersales.safety.declared import engineers_by_role, note, rules_of
from aftersales.safety.models import (
    CrewMember,
    EducationAttendance,
    SafetyAcknowledgement,
    SafetyEducation,
    SafetyViolation,
    SiteWorker,
    WorkerCertificate,
)
from aftersales.safety.site_commands import (
    AcknowledgeSafety,
    AssignWorker,
    CertifyWorker,
    RecordEducation,
    RecordViolation,
    RegisterWorker,
    ReleaseWorker,
    UpdateWorker,
)
from aftersales.scope import TenantWork
from aftersales.terms.planned import SafetyRule
from aftersales.work.models import Engineer

PEOPLE_LIMIT = 500
"""People of one education, meeting or briefing."""


class PaperGap(Struct, frozen=True, kw_only=True):
    """Somebody on a site who hasn't signed what a rule asks of him; a worker, or an engineer who holds a role."""

    record: str
    reference: str | None
    clause: str | None
    worker_id: UUID | None = None
    engineer_id: UUID | None = None


async def register_worker(uow: TenantWork, command: RegisterWorker) -> SiteWorker:
    """Take up a worker. WORKER_CODE_TAKEN."""
    require(uow.actor, "safety.manage")
    if command.service_unit_id is not None:
        await uow.get(ServiceUnit, command.service_unit_id)
    return uow.add(
        SiteWorker(
            id=new_id(),
            code=clean_text(command.code, "code", CODE_LIMIT, required=True),
            name=clean_text(command.name, "name", NAME_LIMIT, required=True),
            trade=clean_text(command.trade, "trade", CODE_LIMIT, required=True),
            phone=clean_text(command.phone, "phone", NAME_LIMIT) or None,
            service_unit_id=command.service_unit_id,
        )
    )


async def update_worker(uow: TenantWork, command: UpdateWorker) -> SiteWorker:
    """Change a worker; the crews that he belongs to already stay as they are. VERSION_STALE."""
    require(uow.actor, "safety.manage")
    worker = await locked(uow, SiteWorker, command.worker_id, command.expected_version)
    if command.name is not None:
        worker.name = clean_text(command.name, "name", NAME_LIMIT, required=True)
    if command.trade is not None:
        worker.trade = clean_text(command.trade, "trade", CODE_LIMIT, required=True)
    if command.phone is not None:
        worker.phone = clean_text(command.phone, "phone", NAME_LIMIT) or None
    if command.active is not None:
        worker.state = "active" if command.active else "inactive"
    return worker


async def certify_worker(uow: TenantWork, command: CertifyWorker) -> WorkerCertificate:
    """Add a certificate; of several of one kind the longest valid counts."""
    require(uow.actor, "safety.manage")
    worker = await uow.get(SiteWorker, command.worker_id)
    return uow.add(
        WorkerCertificate(
            id=new_id(),
            worker_id=worker.id,
            certificate=clean_text(command.certificate, "certificate", CODE_LIMIT, required=True),
            number=clean_text(command.number, "number", NAME_LIMIT, required=True),
            valid_until=command.valid_until,
        )
    )


async def assign_worker(uow: TenantWork, command: AssignWorker) -> CrewMember:
    """A worker joins a crew. What he hasn't signed of his trade is a warning, no obstacle (P05-41).

    WORKER_ON_SITE the second time, WORKER_INACTIVE.
    """
    require(uow.actor, "safety.manage")
    site = await uow.get(Site, command.site_id)
    worker = await locked(uow, SiteWorker, command.worker_id)
    if worker.state != "active":
        raise StateRefused("WORKER_INACTIVE", field="workerId")
    if await site_queries.presence(uow, site.id, worker.id) is not None:
        raise StateRefused("WORKER_ON_SITE", field="workerId")
    signed = await site_queries.papers_of(uow, site.id, [worker.id])
    warnings = [
        record
        for _, rule in rules_of(uow, "record", "trade")
        for record in rule.conditions
        if (worker.id, record, worker.trade) not in signed
    ]
    member = uow.add(CrewMember(id=new_id(), site_id=site.id, worker_id=worker.id, warnings=warnings, since=uow.now))
    await note(uow, "safety.worker_assigned", site, {"worker_id": worker.id, "warnings": warnings})
    return member


async def release_worker(uow: TenantWork, command: ReleaseWorker) -> CrewMember:
    """A worker leaves a crew. WORKER_NOT_ON_SITE."""
    require(uow.actor, "safety.manage")
    site = await uow.get(Site, command.site_id)
    worker = await locked(uow, SiteWorker, command.worker_id)
    member = await site_queries.presence(uow, site.id, worker.id)
    if member is None:
        raise StateRefused("WORKER_NOT_ON_SITE", field="workerId", worker=worker.name)
    member.ended_at = uow.now
    await note(uow, "safety.worker_released", site, {"worker_id": worker.id})
    return member


async def acknowledge_safety(uow: TenantWork, command: AcknowledgeSafety) -> SafetyAcknowledgement:
    """Keep a signed paper. VALUE_UNKNOWN for a record that no rule asks for, REQUIRED unless exactly one signed,
    EVIDENCE_REQUIRED, INSTANT_IN_FUTURE."""
    require(uow.actor, "safety.record")
    worker = None if command.worker_id is None else await uow.get(SiteWorker, command.worker_id)
    if command.engineer_id is not None:
        await uow.get(Engineer, command.engineer_id)
    site = None if command.site_id is None else await uow.get(Site, command.site_id)
    if command.document_id is not None:
        await uow.get(Document, command.document_id)
    if (worker is None) == (command.engineer_id is None):
        raise InvalidInput("REQUIRED", field="workerId", field_name="workerId")
    of_trade = {record for _, rule in rules_of(uow, "record", "trade") for record in rule.conditions}
    known = sorted(of_trade | {record for _, rule in rules_of(uow, "record", "worker") for record in rule.conditions})
    if command.record not in known:
        raise InvalidInput(
            "VALUE_UNKNOWN", field="record", field_name="record", value=command.record, known=", ".join(known)
        )
    reference = clean_text(command.reference, "reference", CODE_LIMIT) or None
    if reference is None and command.record in of_trade and worker is not None:
        reference = worker.trade
    return uow.add(
        SafetyAcknowledgement(
            id=new_id(),
            record=command.record,
            reference=reference,
            worker_id=command.worker_id,
            engineer_id=command.engineer_id,
            site_id=site.id if site else None,
            document_id=command.document_id,
            signed_on=happened_on(uow.now, uow.scope.time_zone, command.signed_on, "signedOn"),
            evidence=evidence_of(command.evidence),
            actor=uow.actor.label,
        )
    )


async def paper_gaps(uow: TenantWork, site_id: UUID) -> list[PaperGap]:
    """Who on a site hasn't signed what: workers their letters and their trade's procedure, holders of roles their
    letters (P05-05)."""
    require(uow.actor, "safety.record")
    site = await uow.get(Site, site_id)
    await uow.flush()
    crew = await site_queries.crew_of(uow, site.id)
    engineers = sorted({one for held in (await engineers_by_role(uow, site)).values() for one in held})
    signed = await site_queries.papers_of(uow, site.id, [worker.id for worker in crew], engineers)
    who_signed = {(who, record) for who, record, _ in signed}
    gaps: list[PaperGap] = []
    for _, rule in rules_of(uow, "record", "worker"):
        for record in rule.conditions:
            gaps += [
                PaperGap(record=record, reference=None, clause=rule.clause, worker_id=worker.id)
                for worker in crew
                if (worker.id, record) not in who_signed
            ]
            gaps += [
                PaperGap(record=record, reference=None, clause=rule.clause, engineer_id=engineer)
                for engineer in engineers
                if (engineer, record) not in who_signed
            ]
    for _, rule in rules_of(uow, "record", "trade"):
        gaps += [
            PaperGap(record=record, reference=worker.trade, clause=rule.clause, worker_id=worker.id)
            for record in rule.conditions
            for worker in crew
            if (worker.id, record, worker.trade) not in signed
        ]
    return gaps


async def record_education(uow: TenantWork, command: RecordEducation) -> SafetyEducation:
    """An education was held, chaired by those whom the rule names (P05-10).

    EDUCATION_CHAIR_MISSING, VALUE_UNKNOWN for a topic, WORKER_TWICE, REQUIRED without topics or attendees,
    EVIDENCE_REQUIRED, INSTANT_IN_FUTURE.
    """
    require(uow.actor, "safety.manage")
    site = await uow.get(Site, command.site_id)
    for engineer_id in command.chair_engineer_ids:
        await uow.get(Engineer, engineer_id)
    for attendee in command.attendees:
        await uow.get(SiteWorker, attendee.worker_id)
    ids = [attendee.worker_id for attendee in command.attendees]
    check_people(ids, "attendees")
    held_at = happened(uow.now, command.held_at, "heldAt")
    gates = [rule for _, rule in rules_of(uow, "gate", "site_entry")]
    topics = _topics(command.topics, gates, "topics")
    held = await engineers_by_role(uow, site)
    for rule in gates:
        missing = site_rules.unheld_chairs(rule, held, command.chair_engineer_ids)
        if missing:
            raise InvalidInput("EDUCATION_CHAIR_MISSING", field="chairEngineerIds", roles=", ".join(missing))
    education = uow.add(
        SafetyEducation(
            id=new_id(), site_id=site.id, topics=topics, chaired_by=[str(one) for one in command.chair_engineer_ids],
            held_at=held_at, evidence=evidence_of(command.evidence), actor=uow.actor.label,
        )
    )  # fmt: skip
    for attendee in command.attendees:
        attended = _topics(attendee.topics, gates, "attendees.topics") if attendee.topics else topics
        uow.add(
            EducationAttendance(
                id=new_id(), education_id=education.id, worker_id=attendee.worker_id,
                topics=[topic for topic in topics if topic in attended],
            )
        )  # fmt: skip
    await note(uow, "safety.educated", site, {"topics": topics, "workers": len(ids)}, at=held_at)
    return education


async def record_violation(uow: TenantWork, command: RecordViolation) -> SafetyViolation:
    """Somebody broke a rule. VALUE_UNKNOWN for a code that no rule names, EVIDENCE_REQUIRED, INSTANT_IN_FUTURE."""
    require(uow.actor, "safety.record")
    site = await uow.get(Site, command.site_id)
    if command.worker_id is not None:
        await uow.get(SiteWorker, command.worker_id)
    if command.document_id is not None:
        await uow.get(Document, command.document_id)
    declared = {
        code: rule
        for terms in uow.scope.playbook.verticals.values()
        for rule in terms.safety_rules
        for code in rule.violations
    }
    rule = declared.get(command.code)
    if rule is None:
        known = ", ".join(sorted(declared))
        raise InvalidInput("VALUE_UNKNOWN", field="code", field_name="code", value=command.code, known=known)
    at = happened(uow.now, command.at, "at")
    violation = uow.add(
        SafetyViolation(
            id=new_id(), site_id=site.id, worker_id=command.worker_id, document_id=command.document_id,
            code=command.code, rule=rule.code, clause=rule.clause,
            description=clean_text(command.description, "description", BODY_LIMIT),
            evidence=evidence_of(command.evidence), at=at, actor=uow.actor.label,
        )
    )  # fmt: skip
    await note(uow, "safety.violation", site, {"code": command.code, "worker_id": command.worker_id}, at=at)
    return violation


def evidence_of(value: str) -> str:
    """The evidence, cleaned; EVIDENCE_REQUIRED."""
    text = clean_text(value, "evidence", BODY_LIMIT)
    if not text:
        raise InvalidInput("EVIDENCE_REQUIRED", field="evidence")
    return text


def check_people(ids: list[UUID], field: str) -> None:
    """REQUIRED for nobody, LIST_TOO_LONG for too many, WORKER_TWICE for one who is named twice."""
    if not ids:
        raise InvalidInput("REQUIRED", field=field, field_name=field)
    if len(ids) > PEOPLE_LIMIT:
        raise InvalidInput("SAFETY_LIST_TOO_LONG", field=field, count=len(ids), limit=PEOPLE_LIMIT)
    if len(set(ids)) < len(ids):
        raise InvalidInput("WORKER_TWICE", field=field)


def _topics(given: tuple[str, ...], gates: list[SafetyRule], field: str) -> list[str]:
    known = {topic for rule in gates for topic in rule.conditions}
    topics = list(dict.fromkeys(clean_text(topic, field, CODE_LIMIT, required=True) for topic in given))
    if not topics:
        raise InvalidInput("REQUIRED", field=field, field_name=field)
    for topic in topics:
        if known and topic not in known:
            raise InvalidInput(
                "VALUE_UNKNOWN", field=field, field_name=field, value=topic, known=", ".join(sorted(known))
            )
    return topics
