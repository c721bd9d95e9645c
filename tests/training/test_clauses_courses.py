"""What is taught, when and where: courses, venues, stages, phases (plans 9, 10 and 14)."""

import pytest

from aftersales.assets import service as assets
from aftersales.assets.commands import AcceptAsset
from aftersales.commitments.models import Commitment
from aftersales.kit.errors import AftersalesError
from aftersales.training import service
from aftersales.training.commands import (
    CertifyTrainee,
    ConfirmSession,
    ProvideVenue,
)
from aftersales.training.models import TrainingDuty, TrainingTask
from aftersales.training.rules import outcomes_for
from tests.support.refusals import refused
from tests.tickets.world import World
from tests.training.classes import (
    assess,
    certify,
    courses,
    name,
    plan,
    ready,
    taught,
)


async def accept(world: World, venue: str | None = None) -> TrainingDuty:
    """Acceptance today; the duty of the operators' course."""
    await world.do(assets.accept_asset, AcceptAsset(asset_id=world.asset.id, training_venue=venue))
    [duty] = await world.read(TrainingDuty, curriculum="operators")
    return duty


# --- solar: plans 9 and 14 -------------------------------------------------------------------------------------


@pytest.mark.clause("P09-31", "P14-31")
async def test_a_class_without_a_venue_is_not_confirmed_and_the_customer_has_to_provide_one(solar_world: World) -> None:
    """Given no venue, when the class is confirmed, then it is refused and the customer's task stays open."""
    duty = await accept(solar_world)
    session = await plan(solar_world, training_duty_id=duty.id, agreed_with="Dr. Li")
    confirm = ConfirmSession(training_session_id=session.id)
    error = await refused(solar_world, service.confirm_session, confirm)
    assert error.code == "TRAINING_VENUE_REQUIRED"
    tasks = await solar_world.read(TrainingTask, customer_id=solar_world.customer.id)
    assert {(task.kind, task.state, task.clause) for task in tasks} == {("provide_venue", "open", "P09-31")}

    venue = ProvideVenue(training_session_id=session.id, venue="Boiler room")
    await solar_world.do(service.provide_venue, venue, solar_world.customer_member())
    tasks = await solar_world.read(TrainingTask)
    about = {task.training_session_id or task.training_duty_id: task.state for task in tasks}
    assert (about[session.id], about[duty.id]) == ("done", "done")
    confirmed = await solar_world.do(service.confirm_session, confirm)
    assert confirmed.state == "confirmed"


@pytest.mark.clause("P09-32", "P14-32")
async def test_the_audience_are_managers_plumbers_electricians_and_users(solar_world: World) -> None:
    for role, found in {
        "equipment_manager": ["operators"], "plumber": ["operators"], "electrician": ["operators"], "user": ["users"],
        "gardener": [],
    }.items():  # fmt: skip
        assert [course.code for course in await courses(solar_world, role=role)] == found


@pytest.mark.clause("P09-33", "P14-33")
async def test_the_course_has_five_units_and_is_complete_with_the_last(solar_world: World) -> None:
    duty = await accept(solar_world, "Boiler room")
    [course] = await courses(solar_world, role="electrician")
    assert len(course.units) == 5
    person = await name(solar_world, "Wu", "electrician")
    first = await ready(solar_world, training_duty_id=duty.id, units=course.units[:4])
    await taught(solar_world, first, person)
    [unfinished] = await solar_world.read(TrainingDuty, id=duty.id)
    assert unfinished.state == "due"
    last = await ready(solar_world, training_duty_id=duty.id, units=course.units[4:])
    await taught(solar_world, last, person)
    [finished] = await solar_world.read(TrainingDuty, id=duty.id)
    [promise] = await solar_world.read(Commitment, subject_id=duty.id)
    assert (finished.state, promise.outcome) == ("held", "in_time")


@pytest.mark.clause("P09-34", "P14-34")
async def test_users_show_safe_use_and_no_damage(solar_world: World) -> None:
    """Given the role user, when assessed, then the outcomes are safe_use and no_damage, and nothing else."""
    await accept(solar_world, "Boiler room")
    [course] = await courses(solar_world, role="user")
    assert set(outcomes_for(course, "user")) == {"safe_use", "no_damage"}
    person = await name(solar_world, "Sun", "user")
    session = await ready(solar_world, "users")
    await taught(solar_world, session, person)
    with pytest.raises(AftersalesError) as refusal:
        await assess(solar_world, session, person, simple_repair=True)
    assert (refusal.value.code, refusal.value.params["value"]) == ("TRAINING_OUTCOME_UNKNOWN", "simple_repair")
    await assess(solar_world, session, person, safe_use=True, no_damage=True)
    certificate = await certify(solar_world, person, "users")
    assert set(certificate.outcomes) == {"safe_use", "no_damage"}


@pytest.mark.clause("P09-35", "P14-35")
async def test_an_electrician_who_failed_simple_repair_gets_no_certificate(solar_world: World) -> None:
    await accept(solar_world, "Boiler room")
    person = await name(solar_world, "Wu", "electrician")
    session = await ready(solar_world, "operators")
    await taught(solar_world, session, person)
    await assess(solar_world, session, person, safe_use=True, no_damage=True, simple_repair=False)
    command = CertifyTrainee(trainee_id=person.id, curriculum="operators")
    error = await refused(solar_world, service.certify_trainee, command)
    assert (error.code, error.params["missing"]) == ("CERTIFICATE_UNEARNED", "simple_repair")
    await assess(solar_world, session, person, simple_repair=True)
    assert (await solar_world.do(service.certify_trainee, command)).number == "TC-2026-000001"


@pytest.mark.clause("P09-36", "P14-36")
async def test_after_acceptance_the_users_training_is_open_until_it_was_held(solar_world: World) -> None:
    """Given an accepted project, when no training exists, then the duty is open."""
    assert await solar_world.read(TrainingDuty) == []
    await accept(solar_world, "Boiler room")
    [duty] = await solar_world.read(TrainingDuty, curriculum="users")
    assert (duty.state, duty.held_at) == ("due", None)
    await taught(solar_world, await ready(solar_world, "users"), await name(solar_world, "Sun", "user"))
    [duty] = await solar_world.read(TrainingDuty, curriculum="users")
    assert duty.state == "held"


# --- plan 10 ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("P10-01")
async def test_track_one_has_seven_modules(project_world: World) -> None:
    [course] = await courses(project_world, track="1")
    assert course.units == ("进度", "成本", "采购", "合同", "质量", "安全", "招投标")


@pytest.mark.clause("P10-02")
async def test_track_two_has_six_centres(project_world: World) -> None:
    [course] = await courses(project_world, track="2")
    assert len(course.units) == 6


@pytest.mark.clause("P10-03")
async def test_executives_are_suggested_track_three(project_world: World) -> None:
    assert [course.track for course in await courses(project_world, role="executive")] == ["3"]
