"""Who is in a class, what was attended and shown, and the certificates that rest on it."""

from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from aftersales.access import require
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.errors import Conflict, InvalidInput, StateRefused
from aftersales.kit.guards import locked, today
from aftersales.kit.ids import new_id
from aftersales.scope import TenantWork
from aftersales.terms.planned import Curriculum
from aftersales.training import queries, rules
from aftersales.training.commands import (
    AssessTrainee,
    CertifyTrainee,
    EnrolTrainee,
    RecordAttendance,
    SessionCommand,
    WithdrawTrainee,
)
from aftersales.training.curricula import course_named, course_of, courses_in_force
from aftersales.training.duties import refresh, settle_if_complete
from aftersales.training.models import (
    Trainee,
    TrainingCertificate,
    TrainingDuty,
    TrainingEnrolment,
    TrainingSession,
)
from aftersales.training.sessions import LARGEST_CLASS, load_session, note_session
from aftersales.training.tasks import check_party

NUMBER_PREFIX: Final = "TC"
MOST_SUGGESTED: Final = 500
"""As many as a class without a stated capacity holds."""


async def enrol_trainee(uow: TenantWork, command: EnrolTrainee) -> TrainingEnrolment:
    """Put a person into a class; outside the audience (P01-21) or unprepared (P01-22) is noted in `warnings`.

    TRAINEE_TWICE, TRAINING_FULL, TRAINEE_LEFT, TRAINEE_OF_OTHER_PARTY, TRAINER_ENROLLED,
    TRAINING_SESSION_STATE_REFUSED.
    """
    require(uow.actor, "training.name")
    session = await _open(uow, command.training_session_id)
    trainee = await uow.get(Trainee, command.trainee_id)
    check_party(uow, "Trainee", trainee.customer_id, trainee.service_unit_id)
    course = await course_of(uow, session)
    _check_belongs(session, course, trainee)
    day = today(session.starts_at, uow.scope.time_zone)
    if trainee.left_on is not None and trainee.left_on < day:
        raise StateRefused("TRAINEE_LEFT", field="traineeId", left_on=trainee.left_on)
    if trainee.engineer_id == session.trainer_id:
        raise InvalidInput("TRAINER_ENROLLED", field="traineeId")
    enrolled = await queries.enrolments_of(uow, session.id)
    enrolment = await queries.enrolment(uow, session.id, trainee.id)
    if enrolment is not None and enrolment.withdrawn_at is None:
        raise Conflict("TRAINEE_TWICE", field="traineeId")
    if len(enrolled) >= (session.capacity or LARGEST_CLASS):
        raise StateRefused("TRAINING_FULL", field="trainingSessionId", capacity=session.capacity or LARGEST_CLASS)
    passed = (await queries.passed(uow, [trainee.id], day)).get(trainee.id, frozenset())
    courses = await courses_in_force(uow, session.vertical)
    warnings = rules.enrolment_warnings(course, trainee.role, passed, courses.values())
    if enrolment is None:
        enrolment = uow.add(
            TrainingEnrolment(id=new_id(), session_id=session.id, trainee_id=trainee.id, enrolled_at=uow.now)
        )
    enrolment.withdrawn_at, enrolment.warnings = None, msgspec.to_builtins(warnings)
    codes = [warning.code for warning in warnings]
    await note_session(uow, "training.enrolled", session, {"trainee_id": trainee.id, "warnings": codes})
    return enrolment


async def withdraw_trainee(uow: TenantWork, command: WithdrawTrainee) -> TrainingEnrolment:
    """Take a person out of a class. TRAINEE_NOT_ENROLLED, TRAINEE_ATTENDED once attendance was recorded."""
    require(uow.actor, "training.name")
    session = await _open(uow, command.training_session_id)
    enrolment = await _enrolled(uow, session, command.trainee_id)
    if enrolment.units:
        raise StateRefused("TRAINEE_ATTENDED", field="traineeId")
    enrolment.withdrawn_at = uow.now
    await note_session(uow, "training.enrolment_withdrawn", session, {"trainee_id": enrolment.trainee_id})
    return enrolment


async def record_attendance(uow: TenantWork, command: RecordAttendance) -> TrainingEnrolment:
    """Note which units of a class a person attended; they take the place of those noted before.

    TRAINING_NOT_BEGUN before the class begins, TRAINING_NOT_CONFIRMED, TRAINEE_NOT_ENROLLED, TRAINING_UNIT_UNKNOWN,
    TRAINEE_ASSESSED once there are results.
    """
    require(uow.actor, "training.manage")
    session = await load_session(uow, SessionCommand(training_session_id=command.training_session_id))
    enrolment = await _enrolled(uow, session, command.trainee_id)
    if session.state not in ("confirmed", "held"):
        raise StateRefused("TRAINING_NOT_CONFIRMED", field="trainingSessionId", state=session.state)
    if session.starts_at > uow.now:
        raise StateRefused("TRAINING_NOT_BEGUN", field="trainingSessionId", starts_at=session.starts_at.isoformat())
    if enrolment.assessed_at is not None:
        raise StateRefused("TRAINEE_ASSESSED", field="traineeId")
    course = await course_of(uow, session)
    for unit in rules.check_units(course, command.units, "units"):
        if unit not in session.units:
            known = ", ".join(session.units)
            raise InvalidInput("TRAINING_UNIT_UNKNOWN", field="units", value=unit, known=known)
    enrolment.units = list(rules.check_units(course, command.units, "units"))
    data: dict[str, object] = {"trainee_id": enrolment.trainee_id, "units": enrolment.units}
    await note_session(uow, "training.attended", session, data)
    await uow.flush()
    if session.state == "held" and session.training_duty_id is not None and session.held_at is not None:
        duty = await locked(uow, TrainingDuty, session.training_duty_id)
        await settle_if_complete(uow, duty, session.held_at, session.venue)
    return enrolment


async def assess_trainee(uow: TenantWork, command: AssessTrainee) -> TrainingEnrolment:
    """Note which outcomes a person showed; a later result of an outcome takes the place of an earlier one.

    ASSESSMENT_BEFORE_ATTENDANCE, TRAINING_OUTCOME_UNKNOWN for one that the course doesn't ask of the person's role,
    TRAINING_OUTCOME_TWICE, TRAINEE_CERTIFIED once a certificate rests on it, TRAINEE_NOT_ENROLLED.
    """
    require(uow.actor, "training.manage")
    session = await load_session(uow, SessionCommand(training_session_id=command.training_session_id))
    enrolment = await _enrolled(uow, session, command.trainee_id)
    if not enrolment.units:
        raise StateRefused("ASSESSMENT_BEFORE_ATTENDANCE", field="traineeId")
    if enrolment.certificate_id is not None:
        raise StateRefused("TRAINEE_CERTIFIED", field="traineeId")
    if not command.results:
        raise InvalidInput("REQUIRED", field="results", field_name="results")
    course, trainee = await course_of(uow, session), await uow.get(Trainee, enrolment.trainee_id)
    given: dict[str, bool] = {}
    for position, result in enumerate(command.results):
        field = f"results.{position}.outcome"
        rules.check_outcome(course, trainee.role, result.outcome, field)
        if result.outcome in given:
            raise InvalidInput("TRAINING_OUTCOME_TWICE", field=field, value=result.outcome)
        given[result.outcome] = result.passed
    enrolment.results = {**enrolment.results, **given}
    enrolment.assessed_at, enrolment.assessed_by = uow.now, uow.actor.label
    await note_session(uow, "training.assessed", session, {"trainee_id": trainee.id, "results": given})
    return enrolment


async def certify_trainee(uow: TenantWork, command: CertifyTrainee) -> TrainingCertificate:
    """Issue a certificate to a person who attended all units and showed every outcome of the role (P09-35, P13-31).

    CERTIFICATE_UNEARNED names what is missing. What one certificate rests on doesn't serve for the next. One that
    has to be refreshed makes its refresher due at once.
    """
    require(uow.actor, "training.manage")
    trainee = await locked(uow, Trainee, command.trainee_id)
    course = await course_named(uow, trainee.vertical, command.curriculum)
    parts = (await queries.parts_of(uow, [trainee.id], trainee.vertical, course.code))[trainee.id]
    made = rules.progress(course, trainee.role, [_part(found) for found in parts])
    if not made.complete:
        missing = ", ".join((*made.missing_units, *made.missing_outcomes))
        raise StateRefused("CERTIFICATE_UNEARNED", field="traineeId", name=trainee.name, missing=missing)
    zone = uow.scope.time_zone
    day = today(uow.now, zone)
    certificate = uow.add(
        TrainingCertificate(
            id=new_id(), number=await next_number(uow, NUMBER_PREFIX, uow.now.astimezone(ZoneInfo(zone)).year),
            trainee_id=trainee.id, vertical=trainee.vertical, curriculum=course.code, outcomes=list(made.passed),
            issued_on=day, valid_until=rules.last_valid_day(day, course.valid_months, zone), issued_by=uow.actor.label,
        )
    )  # fmt: skip
    for found in parts:
        found.certificate_id = certificate.id
    await journal.record(
        uow, "training.certified", subject_type="trainee", subject_id=trainee.id, customer_id=trainee.customer_id,
        data={"number": certificate.number, "curriculum": course.code, "valid_until": certificate.valid_until},
        vertical=trainee.vertical,
    )  # fmt: skip
    await uow.flush()
    classes = [await uow.get(TrainingSession, found.session_id) for found in parts]
    await refresh(uow, trainee, course, day, max(found.held_at or uow.now for found in classes))
    return certificate


async def unready(uow: TenantWork, course: Curriculum, vertical: str, people: list[Trainee], on: date) -> list[str]:
    """Who of these people neither holds the course's certificate nor has shown all that it asks of the role."""
    wanted = [person for person in people if rules.in_audience(course, person.role)]
    ids = [person.id for person in wanted]
    passed = await queries.passed(uow, ids, on)
    parts = await queries.parts_of(uow, ids, vertical, course.code)
    missing: list[str] = []
    for person in wanted:
        if course.code in passed.get(person.id, frozenset()):
            continue
        made = rules.progress(course, person.role, [_part(found) for found in parts[person.id]])
        if not rules.is_ready(course, person.role, made):
            missing.append(person.name)
    return missing


async def trainee_progress(uow: TenantWork, trainee_id: UUID, curriculum: str) -> rules.Progress:
    """How far a person is in a course since the last certificate (P13-35). NOT_FOUND, CURRICULUM_UNKNOWN."""
    trainee = await uow.get(Trainee, trainee_id)
    check_party(uow, "Trainee", trainee.customer_id, trainee.service_unit_id)
    course = await course_named(uow, trainee.vertical, curriculum)
    parts = (await queries.parts_of(uow, [trainee.id], trainee.vertical, course.code))[trainee.id]
    return rules.progress(course, trainee.role, [_part(found) for found in parts])


async def suggested_trainees(uow: TenantWork, training_session_id: UUID) -> list[Trainee]:
    """Who belongs into a class: in its audience, prepared for it (only graduates of the level below, P01-22), not
    certified yet, not enrolled. Customers and dealers are told of their own people. NOT_FOUND.
    """
    session = await uow.get(TrainingSession, training_session_id)
    outside = uow.actor.customer_id is not None or uow.actor.dealer_id is not None
    if outside:
        check_party(uow, "TrainingSession", session.customer_id, session.service_unit_id)
    course = await course_of(uow, session)
    day = today(session.starts_at, uow.scope.time_zone)
    named = await queries.people(
        uow, session.vertical, day, customer_id=session.customer_id, service_unit_id=session.service_unit_id,
        asset_id=session.asset_id, contract_id=session.contract_id,
    )  # fmt: skip
    passed = await queries.passed(uow, [person.id for person in named], day)
    needed = rules.preparing(course, (await courses_in_force(uow, session.vertical)).values())
    enrolled = {found.trainee_id for found in await queries.enrolments_of(uow, session.id)}
    found: list[Trainee] = []
    for person in named:
        has = passed.get(person.id, frozenset())
        fits = _belongs(session, course, person) and rules.in_audience(course, person.role)
        if fits and person.id not in enrolled and course.code not in has and all(codes & has for codes in needed):
            found.append(person)
    return found[:MOST_SUGGESTED]


# --- inside ----------------------------------------------------------------------------------------------------


def _part(enrolment: TrainingEnrolment) -> rules.Part:
    return rules.Part(units=tuple(enrolment.units), results=enrolment.results)


async def _enrolled(uow: TenantWork, session: TrainingSession, trainee_id: UUID) -> TrainingEnrolment:
    trainee = await uow.get(Trainee, trainee_id)
    check_party(uow, "Trainee", trainee.customer_id, trainee.service_unit_id)
    enrolment = await queries.enrolment(uow, session.id, trainee.id)
    if enrolment is None or enrolment.withdrawn_at is not None:
        raise StateRefused("TRAINEE_NOT_ENROLLED", field="traineeId")
    return enrolment


async def _open(uow: TenantWork, session_id: UUID) -> TrainingSession:
    """The class, locked so that its last seat is given once; nobody joins one that is over."""
    session = await load_session(uow, SessionCommand(training_session_id=session_id))
    if session.state in ("held", "cancelled"):
        raise StateRefused("TRAINING_SESSION_STATE_REFUSED", field="trainingSessionId", state=session.state)
    return session


def _belongs(session: TrainingSession, course: Curriculum, trainee: Trainee) -> bool:
    """A closed class is for its party's people; an open one for whom the course is given to."""
    kind = "customer" if trainee.customer_id else "dealer" if trainee.service_unit_id else "staff"
    if trainee.vertical != session.vertical or kind != course.given_to:
        return False
    if session.customer_id is not None:
        return trainee.customer_id == session.customer_id
    return session.service_unit_id is None or trainee.service_unit_id == session.service_unit_id


def _check_belongs(session: TrainingSession, course: Curriculum, trainee: Trainee) -> None:
    if not _belongs(session, course, trainee):
        raise InvalidInput("TRAINEE_OF_OTHER_PARTY", field="traineeId")
