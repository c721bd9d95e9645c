"""Steps that the examples of the training room share: courses, people, classes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from aftersales.contracts import service as contracts
from aftersales.contracts.commands import SignContract
from aftersales.contracts.models import ServiceContract
from aftersales.journal import service as journal
from aftersales.terms.planned import Curriculum
from aftersales.training import service
from aftersales.training.commands import (
    AgreeSession,
    AssessTrainee,
    CertifyTrainee,
    ConfirmSession,
    EnrolTrainee,
    HoldSession,
    NameTrainee,
    OutcomeResult,
    PlanSession,
    PublishCurriculum,
    RecordAttendance,
)
from aftersales.training.models import Trainee, TrainingCertificate, TrainingEnrolment, TrainingSession
from tests.tickets.world import World

HOUR = timedelta(hours=1)


async def publish(world: World, code: str, units: Iterable[str] = ("all",), **given: Any) -> None:
    """A course of the tenant's own, on request unless said otherwise."""
    command = PublishCurriculum(
        **{"vertical": world.asset.vertical, "code": code, "name": code, "units": tuple(units), "trigger": "request",
           **given}
    )  # fmt: skip
    await world.do(service.publish_curriculum, command, world.owner)


async def name(world: World, who: str, role: str = "technician", **given: Any) -> Trainee:
    """A person of the customer, unless another party is given."""
    if not given.keys() & {"customer_id", "service_unit_id", "engineer_id"}:
        given["customer_id"] = world.customer.id
    command = NameTrainee(vertical=world.asset.vertical, name=who, role=role, **given)
    trainee: Trainee = await world.do(service.name_trainee, command)
    return trainee


async def plan(
    world: World, curriculum: str | None = None, at: datetime | None = None, **given: Any
) -> TrainingSession:
    """A class of two hours in an hour's time, for the customer unless said otherwise."""
    starts_at = at or world.clock.now() + HOUR
    given.setdefault("trainer_id", world.engineer.id)
    if "training_duty_id" not in given:
        given = {"vertical": world.asset.vertical, "curriculum": curriculum, **given}
        if not given.keys() & {"customer_id", "service_unit_id"}:
            given["customer_id"] = world.customer.id
    command = PlanSession(starts_at=starts_at, ends_at=starts_at + 2 * HOUR, **given)
    session: TrainingSession = await world.do(service.plan_session, command)
    return session


async def enrol(world: World, session: TrainingSession, trainee: Trainee) -> TrainingEnrolment:
    command = EnrolTrainee(training_session_id=session.id, trainee_id=trainee.id)
    enrolment: TrainingEnrolment = await world.do(service.enrol_trainee, command)
    return enrolment


async def ready(world: World, curriculum: str | None = None, **given: Any) -> TrainingSession:
    """A class that was agreed and confirmed, with a venue."""
    session = await plan(world, curriculum, **{"venue": "Room 1", "agreed_with": "Dr. Li", **given})
    await world.do(service.confirm_session, ConfirmSession(training_session_id=session.id))
    return session


async def attend(world: World, session: TrainingSession, trainee: Trainee, *units: str) -> None:
    """Note what a person attended once the class has begun; all of it when no units are given."""
    if world.clock.now() < session.starts_at:
        world.clock.move_to(session.starts_at)
    command = RecordAttendance(
        training_session_id=session.id, trainee_id=trainee.id, units=units or tuple(session.units)
    )
    await world.do(service.record_attendance, command)


async def assess(world: World, session: TrainingSession, trainee: Trainee, **results: bool) -> None:
    shown = tuple(OutcomeResult(outcome=outcome, passed=passed) for outcome, passed in results.items())
    command = AssessTrainee(training_session_id=session.id, trainee_id=trainee.id, results=shown)
    await world.do(service.assess_trainee, command)


async def hold(world: World, session: TrainingSession, **given: Any) -> TrainingSession:
    """Note that the class was held, at its end unless the clock is behind it."""
    if world.clock.now() < session.ends_at:
        world.clock.move_to(session.ends_at)
    held: TrainingSession = await world.do(service.hold_session, HoldSession(training_session_id=session.id, **given))
    return held


async def certify(world: World, trainee: Trainee, curriculum: str) -> TrainingCertificate:
    certificate: TrainingCertificate = await world.do(
        service.certify_trainee, CertifyTrainee(trainee_id=trainee.id, curriculum=curriculum)
    )
    return certificate


async def graduate(world: World, curriculum: str, *trainees: Trainee, **given: Any) -> None:
    """Everybody attends a whole class of a course and gets the certificate."""
    session = await ready(world, curriculum, **given)
    for trainee in trainees:
        await enrol(world, session, trainee)
    for trainee in trainees:
        await attend(world, session, trainee)
    await hold(world, session)
    for trainee in trainees:
        await certify(world, trainee, curriculum)


async def agree(world: World, session: TrainingSession) -> None:
    await world.do(service.agree_session, AgreeSession(training_session_id=session.id, agreed_with="Dr. Li"))


async def sign(world: World, starts_on: str = "2026-01-01", **given: Any) -> ServiceContract:
    command = SignContract(
        title="Service", vertical=world.asset.vertical, customer_id=world.customer.id,
        starts_on=date.fromisoformat(starts_on), **given,
    )  # fmt: skip
    contract: ServiceContract = await world.do(contracts.sign_contract, command, world.owner)
    return contract


async def enter_phase(world: World, contract_id: UUID, phase: str, on: str, previous: str | None = None) -> None:
    """What the contracts room records when a contract enters a phase."""
    async with world.work(world.owner) as uow:
        await journal.record(
            uow, "contract.phase_entered", subject_type="contract", subject_id=contract_id,
            customer_id=world.customer.id, data={"phase": phase, "on": on, "previous": previous},
            vertical=world.asset.vertical,
        )  # fmt: skip


async def courses(world: World, **given: Any) -> list[Curriculum]:
    async with world.work() as uow:
        return await service.curricula(uow, world.asset.vertical, **given)


async def taught(world: World, session: TrainingSession, *people: Trainee) -> None:
    """People attend the whole class, and it was held."""
    for person in people:
        await enrol(world, session, person)
    for person in people:
        await attend(world, session, person)
    await hold(world, session)
