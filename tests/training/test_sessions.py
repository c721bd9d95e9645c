"""Classes and the people in them: what is refused, who may do what, what two people do at once."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from aftersales.assets import service as assets
from aftersales.assets.commands import AcceptAsset
from aftersales.contracts.commands import LineDetails
from aftersales.kit.actor import Actor
from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer, ServiceUnit
from aftersales.tickets import service as tickets
from aftersales.tickets.commands import AssignEngineer
from aftersales.training import service
from aftersales.training.commands import (
    AgreeSession,
    AssessTrainee,
    CancelSession,
    CertifyTrainee,
    ConfirmSession,
    EndTrainee,
    EnrolTrainee,
    HoldSession,
    MoveSession,
    NameTrainee,
    OutcomeResult,
    PlanSession,
    PublishCurriculum,
    RecordAttendance,
    RequestTraining,
    SetTrainingCadence,
    WithdrawCurriculum,
    WithdrawTrainee,
)
from aftersales.training.models import TrainingDuty, TrainingEnrolment, TrainingSession, TrainingTask
from tests.support.refusals import refused
from tests.tickets.world import World, local
from tests.training.classes import (
    HOUR,
    assess,
    attend,
    certify,
    enrol,
    enter_phase,
    graduate,
    hold,
    name,
    plan,
    publish,
    ready,
    sign,
)


def slot(world: World, **given: Any) -> PlanSession:
    """The command for a class of two hours in an hour's time."""
    start = world.clock.now() + HOUR
    return PlanSession(
        **{
            "vertical": "solar", "curriculum": "course", "customer_id": world.customer.id,
            "trainer_id": world.engineer.id, "starts_at": start, "ends_at": start + 2 * HOUR, **given,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"curriculum": "other"}, "CURRICULUM_UNKNOWN", "curriculum"),
        ({"curriculum": None}, "REQUIRED", "curriculum"),
        ({"vertical": None}, "REQUIRED", "vertical"),
        ({"vertical": "auto_4s"}, "VERTICAL_NOT_ENABLED", "vertical"),
        ({"units": ("none",)}, "TRAINING_UNIT_UNKNOWN", "units"),
        ({"ends_at": local("2026-06-10 09:30")}, "PERIOD_INVERTED", "endsAt"),
        ({"starts_at": local("2026-06-09 09:00"), "ends_at": local("2026-06-09 11:00")}, "PERIOD_PAST", "endsAt"),
        ({"ends_at": local("2027-06-12 11:00")}, "TRAINING_TOO_LONG", "endsAt"),
        ({"ends_at": local("9999-12-31 11:00")}, "INSTANT_IMPOSSIBLE", "endsAt"),
        ({"capacity": 0}, "CAPACITY_INVALID", "capacity"),
        ({"capacity": 501}, "CAPACITY_INVALID", "capacity"),
        ({"venue": "x" * 301}, "TEXT_TOO_LONG", "venue"),
        ({"trainer_id": new_id()}, "NOT_FOUND", None),
    ],
)
async def test_a_class_that_cannot_be_is_refused(
    solar_world: World, given: dict[str, Any], code: str, field: str | None
) -> None:
    await publish(solar_world, "course")
    error = await refused(solar_world, service.plan_session, slot(solar_world, **given))
    assert (error.code, error.field) == (code, field)


async def test_a_trainer_is_qualified_trained_and_free(solar_world: World) -> None:
    """Given a course that asks a skill of its trainer, then nobody else teaches it, and nobody twice at one time."""
    await publish(solar_world, "course", trainer_skill="teaching")
    error = await refused(solar_world, service.plan_session, slot(solar_world))
    assert (error.code, error.field) == ("TRAINER_UNQUALIFIED", "trainerId")
    await publish(solar_world, "course")
    first = await plan(solar_world, "course")
    error = await refused(
        solar_world, service.plan_session, slot(solar_world, starts_at=first.ends_at - timedelta(minutes=1),
                                                ends_at=first.ends_at + HOUR)
    )  # fmt: skip
    assert (error.code, error.field) == ("ENGINEER_BUSY", "trainerId")
    await plan(solar_world, "course", at=first.ends_at)
    await publish(solar_world, "entry", given_to="staff", gate="dispatch")
    error = await refused(
        solar_world, service.plan_session, slot(solar_world, trainer_id=solar_world.other_engineer.id)
    )
    assert error.code == "ENGINEER_UNTRAINED"


async def test_a_trainee_is_enrolled_once_and_never_beyond_the_seats(solar_world: World) -> None:
    await publish(solar_world, "course")
    session = await plan(solar_world, "course", capacity=1)
    first, second = await name(solar_world, "a"), await name(solar_world, "b")
    await enrol(solar_world, session, first)
    again = EnrolTrainee(training_session_id=session.id, trainee_id=first.id)
    error = await refused(solar_world, service.enrol_trainee, again)
    assert (error.code, error.field) == ("TRAINEE_TWICE", "traineeId")
    other = EnrolTrainee(training_session_id=session.id, trainee_id=second.id)
    assert (await refused(solar_world, service.enrol_trainee, other)).code == "TRAINING_FULL"
    out = WithdrawTrainee(training_session_id=session.id, trainee_id=first.id)
    await solar_world.do(service.withdraw_trainee, out)
    assert (await refused(solar_world, service.withdraw_trainee, out)).code == "TRAINEE_NOT_ENROLLED"
    await solar_world.do(service.enrol_trainee, other)
    assert (await refused(solar_world, service.enrol_trainee, again)).code == "TRAINING_FULL"


async def test_two_people_who_take_the_last_seat_at_once_leave_it_to_one(solar_world: World) -> None:
    await publish(solar_world, "course")
    session = await plan(solar_world, "course", capacity=1)
    people = [await name(solar_world, who) for who in ("a", "b", "c")]
    outcomes = await asyncio.gather(*(enrol(solar_world, session, person) for person in people), return_exceptions=True)
    codes = sorted(found.code for found in outcomes if isinstance(found, AftersalesError))
    assert codes == ["TRAINING_FULL", "TRAINING_FULL"]
    assert len(await solar_world.read(TrainingEnrolment)) == 1


async def test_nobody_is_assessed_before_attending_nor_for_what_isnt_asked(solar_world: World) -> None:
    await publish(solar_world, "course", ("one", "two"), outcomes=("able",))
    session, person = await ready(solar_world, "course"), await name(solar_world, "a")
    await enrol(solar_world, session, person)
    this: dict[str, Any] = {"training_session_id": session.id, "trainee_id": person.id}

    async def code(*results: OutcomeResult) -> str:
        return (await refused(solar_world, service.assess_trainee, AssessTrainee(**this, results=results))).code

    able = OutcomeResult(outcome="able", passed=True)
    assert await code(able) == "ASSESSMENT_BEFORE_ATTENDANCE"
    early = RecordAttendance(**this, units=("one",))
    assert (await refused(solar_world, service.record_attendance, early)).code == "TRAINING_NOT_BEGUN"
    solar_world.clock.move_to(session.starts_at)
    unknown = RecordAttendance(**this, units=("three",))
    assert (await refused(solar_world, service.record_attendance, unknown)).code == "TRAINING_UNIT_UNKNOWN"
    await attend(solar_world, session, person, "one")
    assert await code() == "REQUIRED"
    assert await code(OutcomeResult(outcome="flying", passed=True)) == "TRAINING_OUTCOME_UNKNOWN"
    assert await code(able, able) == "TRAINING_OUTCOME_TWICE"
    await assess(solar_world, session, person, able=True)
    assert (await refused(solar_world, service.record_attendance, early)).code == "TRAINEE_ASSESSED"
    await hold(solar_world, session)
    certify_now = CertifyTrainee(trainee_id=person.id, curriculum="course")
    error = await refused(solar_world, service.certify_trainee, certify_now)
    assert (error.code, error.params["missing"]) == ("CERTIFICATE_UNEARNED", "two")


async def test_a_class_goes_its_way_and_no_other(solar_world: World) -> None:
    """Given a class, then it isn't held before it was confirmed, began and had somebody in it; nor touched after."""
    await publish(solar_world, "course")
    session, person = await plan(solar_world, "course", venue="Hall"), await name(solar_world, "a")
    this: dict[str, Any] = {"training_session_id": session.id}
    held = HoldSession(**this)
    assert (await refused(solar_world, service.hold_session, held)).code == "TRAINING_SESSION_STATE_REFUSED"
    unnamed = await refused(solar_world, service.agree_session, AgreeSession(**this))
    assert (unnamed.code, unnamed.field) == ("REQUIRED", "agreedWith")
    await solar_world.do(service.agree_session, AgreeSession(**this), solar_world.customer_member())
    move = MoveSession(**this, starts_at=session.starts_at + HOUR, ends_at=session.ends_at + HOUR)
    assert (await solar_world.do(service.move_session, move)).state == "tentative"
    await solar_world.do(service.agree_session, AgreeSession(**this, agreed_with="Dr. Li"))
    await solar_world.do(service.confirm_session, ConfirmSession(**this))
    assert (await refused(solar_world, service.hold_session, held)).code == "PERIOD_INVERTED"
    solar_world.clock.move_to(session.ends_at + HOUR)
    assert (await refused(solar_world, service.hold_session, held)).code == "TRAINING_NOBODY_CAME"
    await enrol(solar_world, session, person)
    await attend(solar_world, session, person)
    await hold(solar_world, session)
    for operation, command in (
        (service.hold_session, held),
        (service.cancel_session, CancelSession(**this, reason="rain")),
        (service.enrol_trainee, EnrolTrainee(training_session_id=session.id, trainee_id=person.id)),
    ):
        assert (await refused(solar_world, operation, command)).code == "TRAINING_SESSION_STATE_REFUSED"


async def test_a_cancelled_class_leaves_its_duty_due(solar_world: World) -> None:
    await solar_world.do(assets.accept_asset, AcceptAsset(asset_id=solar_world.asset.id))
    [duty] = await solar_world.read(TrainingDuty, curriculum="users")
    session = await plan(solar_world, training_duty_id=duty.id)
    await solar_world.do(service.cancel_session, CancelSession(training_session_id=session.id, reason="rain"))
    [stored] = await solar_world.read(TrainingDuty, id=duty.id)
    [task] = await solar_world.read(TrainingTask, training_session_id=session.id)
    assert (stored.state, task.state) == ("due", "cancelled")


# --- whose it is -----------------------------------------------------------------------------------------------


async def stranger(world: World) -> Customer:
    customer = Customer(id=new_id(), code="C2", name="Stranger", created_at=world.clock.now())
    await world.add(customer)
    return customer


async def test_nobody_reaches_into_the_roster_of_another_customer(solar_world: World) -> None:
    await publish(solar_world, "course")
    other = await stranger(solar_world)
    outsider = solar_world.customer_member(other)
    session, person = await plan(solar_world, "course"), await name(solar_world, "a")
    alien = await name(solar_world, "x", customer_id=other.id)
    cases: Sequence[tuple[Any, Any, Actor | None, str]] = (
        (service.enrol_trainee, EnrolTrainee(training_session_id=session.id, trainee_id=alien.id), None,
         "TRAINEE_OF_OTHER_PARTY"),
        (service.enrol_trainee, EnrolTrainee(training_session_id=session.id, trainee_id=alien.id), outsider,
         "NOT_FOUND"),
        (service.enrol_trainee, EnrolTrainee(training_session_id=session.id, trainee_id=person.id), outsider,
         "NOT_FOUND"),
        (service.end_trainee, EndTrainee(trainee_id=person.id), outsider, "NOT_FOUND"),
        (service.name_trainee,
         NameTrainee(vertical="solar", name="y", role="user", customer_id=solar_world.customer.id), outsider,
         "NOT_FOUND"),
        (service.name_trainee,
         NameTrainee(vertical="solar", name="y", role="user", customer_id=other.id, asset_id=solar_world.asset.id),
         outsider, "NOT_FOUND"),
        (service.name_trainee,
         NameTrainee(vertical="solar", name="y", role="user", customer_id=other.id, asset_id=solar_world.asset.id),
         None, "ASSET_OF_OTHER_CUSTOMER"),
        (service.name_trainee, NameTrainee(vertical="solar", name="y", role="user"), None, "TRAINEE_PARTY_INVALID"),
        (service.agree_session, AgreeSession(training_session_id=session.id), outsider, "NOT_FOUND"),
        (service.end_trainee, EndTrainee(trainee_id=person.id, successor_id=alien.id), None, "TRAINEE_OF_OTHER_PARTY"),
        (service.end_trainee, EndTrainee(trainee_id=person.id, left_on=date(2026, 6, 9)), None, "PERIOD_INVERTED"),
        (service.plan_session, slot(solar_world, customer_id=other.id, asset_id=solar_world.asset.id), None,
         "ASSET_OF_OTHER_CUSTOMER"),
    )  # fmt: skip
    for operation, command, actor, code in cases:
        assert (await refused(solar_world, operation, command, actor)).code == code, command


async def test_customers_dont_hold_classes_nor_publish_courses(solar_world: World) -> None:
    await publish(solar_world, "course")
    session, person = await ready(solar_world, "course"), await name(solar_world, "a")
    customer = solar_world.customer_member()
    await solar_world.do(
        service.enrol_trainee, EnrolTrainee(training_session_id=session.id, trainee_id=person.id), customer
    )
    solar_world.clock.move_to(session.ends_at)
    both: dict[str, Any] = {"training_session_id": session.id, "trainee_id": person.id}
    for operation, command in (
        (service.record_attendance, RecordAttendance(**both, units=("all",))),
        (service.hold_session, HoldSession(training_session_id=session.id)),
        (service.certify_trainee, CertifyTrainee(trainee_id=person.id, curriculum="course")),
        (service.publish_curriculum,
         PublishCurriculum(vertical="solar", code="x", name="x", units=("a",), trigger="request")),
        (service.set_training_cadence,
         SetTrainingCadence(vertical="solar", curriculum="course", customer_id=solar_world.customer.id)),
        (service.request_training,
         RequestTraining(vertical="solar", curriculum="course", customer_id=solar_world.customer.id)),
    ):  # fmt: skip
        assert (await refused(solar_world, operation, command, customer)).code == "FORBIDDEN"


async def test_a_dealer_sees_its_own_people_only(solar_world: World) -> None:
    unit = ServiceUnit(id=new_id(), code="D-1", name="Dealer", kind="dealer")
    await solar_world.add(unit)
    dealer = solar_world.tenant.actor("dealer", dealer_id=unit.id)
    person = await name(solar_world, "a")
    assert (
        await refused(solar_world, service.end_trainee, EndTrainee(trainee_id=person.id), dealer)
    ).code == "NOT_FOUND"
    async with solar_world.work(dealer) as uow:
        with pytest.raises(AftersalesError) as refusal:
            await service.trained_team(uow, "solar", "operators", customer_id=solar_world.customer.id)
    assert refusal.value.code == "NOT_FOUND"


# --- courses of the tenant's own -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"units": ()}, "units"),
        ({"units": ("a", "a")}, "units"),
        ({"units": ("",)}, "units"),
        ({"due_days": 0}, "dueDays"),
        ({"valid_months": 0}, "validMonths"),
        ({"refresher_months": 1201}, "refresherMonths"),
        ({"stage": 0}, "stage"),
        ({"level": 21}, "level"),
        ({"trigger": "phase"}, "phase"),
        ({"phase": "installation"}, "phase"),
        ({"prerequisites": ("course",)}, "prerequisites"),
        ({"prerequisites": ("nothing",)}, "prerequisites"),
        ({"trigger": "moonrise"}, "trigger"),
        ({"asset_types": ("spaceship",)}, "assetTypes"),
        ({"name": " "}, "name"),
        ({"code": ""}, "code"),
    ],
)
async def test_a_course_that_cannot_stand_names_the_field(
    solar_world: World, given: dict[str, Any], field: str
) -> None:
    command = PublishCurriculum(
        **{"vertical": "solar", "code": "course", "name": "Course", "units": ("a",), "trigger": "request", **given}
    )
    error = await refused(solar_world, service.publish_curriculum, command, solar_world.owner)
    assert error.field == field


async def test_a_new_revision_changes_nothing_that_is_due_or_planned(solar_world: World) -> None:
    """Given a course that takes the place of the vertical's, then it counts for what comes; withdrawn, the old does."""
    await solar_world.do(assets.accept_asset, AcceptAsset(asset_id=solar_world.asset.id))
    [duty] = await solar_world.read(TrainingDuty, curriculum="users")
    await publish(solar_world, "users", ("only this",), audience=("user",))
    planned = await plan(solar_world, training_duty_id=duty.id)
    assert len(planned.units) == 5
    asked = RequestTraining(vertical="solar", curriculum="users", customer_id=solar_world.customer.id)
    [fresh] = await solar_world.do(service.request_training, asked)
    assert list(fresh.terms["units"]) == ["only this"]
    withdraw = WithdrawCurriculum(vertical="solar", code="users")
    await solar_world.do(service.withdraw_curriculum, withdraw, solar_world.owner)
    async with solar_world.work() as uow:
        [course] = await service.curricula(uow, "solar", role="user")
    assert (course.source, len(course.units)) == ("vertical", 5)
    again = await refused(solar_world, service.withdraw_curriculum, withdraw, solar_world.owner)
    assert again.code == "CURRICULUM_UNKNOWN"


async def test_what_was_signed_isnt_changed_by_a_course_that_is_published_later(solar_world: World) -> None:
    """Given a signed contract, when the tenant publishes its own `users`, then the contract's duties keep the old."""
    contract = await sign(solar_world, lines=(LineDetails(asset_id=solar_world.asset.id),))
    solar_world.later(hours=1)
    await publish(solar_world, "users", ("only this",), trigger="go_live")
    await publish(solar_world, "extra", trigger="go_live")
    await enter_phase(solar_world, contract.id, "go_live", "2026-06-10")
    await enter_phase(solar_world, contract.id, "go_live", "2026-06-10")
    assert [duty.curriculum for duty in await solar_world.read(TrainingDuty)] == ["extra"]


async def test_an_untrained_engineer_is_neither_assigned_nor_sent(solar_world: World) -> None:
    """Given a course for staff that gates the dispatch, when somebody without it is assigned, then it is refused."""
    ticket = await solar_world.open()
    assign = AssignEngineer(ticket_id=ticket.id, engineer_id=solar_world.engineer.id)
    await publish(solar_world, "entry", given_to="staff", gate="dispatch", valid_months=12)
    error = await refused(solar_world, tickets.assign_engineer, assign)
    assert (error.code, error.field) == ("ENGINEER_UNTRAINED", "engineerId")
    person = await name(solar_world, "", "engineer", engineer_id=solar_world.engineer.id)
    await graduate(solar_world, "entry", person, trainer_id=solar_world.other_engineer.id, customer_id=None)
    assert (await solar_world.do(tickets.assign_engineer, assign)).engineer_id == solar_world.engineer.id
    twice = NameTrainee(vertical="solar", role="engineer", engineer_id=solar_world.engineer.id)
    assert (await refused(solar_world, service.name_trainee, twice)).code == "TRAINEE_NAMED_ALREADY"


async def test_one_certificate_rests_on_its_own_classes(solar_world: World) -> None:
    await publish(solar_world, "course")
    person = await name(solar_world, "a")
    await graduate(solar_world, "course", person)
    with pytest.raises(AftersalesError) as refusal:
        await certify(solar_world, person, "course")
    assert refusal.value.code == "CERTIFICATE_UNEARNED"
    [session] = await solar_world.read(TrainingSession)
    assert session.state == "held"
