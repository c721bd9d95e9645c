"""What is taught in which order and phase, and on visits (plans 11, 12 and 13)."""

from decimal import Decimal

import pytest

from aftersales.assets import service as assets
from aftersales.assets.commands import AcceptAsset
from aftersales.assets.models import Asset
from aftersales.commitments.models import Commitment
from aftersales.contracts import service as contracts
from aftersales.contracts.commands import AddContractLine, LineDetails
from aftersales.kit.ids import new_id
from aftersales.training import service
from aftersales.training.commands import (
    CertifyTrainee,
    ConfirmSession,
    HoldSession,
    PassKnowledge,
    RequestTraining,
)
from aftersales.training.models import TrainingDuty, TrainingEnrolment
from aftersales.work import service as work
from tests.fixtures.database import TestPlatform
from tests.support.refusals import refused
from tests.tickets.world import World, local, settle
from tests.training.classes import (
    agree,
    assess,
    attend,
    courses,
    enrol,
    enter_phase,
    hold,
    name,
    plan,
    publish,
    ready,
    sign,
    taught,
)
from tests.work.visiting import order
from tests.work.visiting import plan as plan_visit

# --- plan 11 ---------------------------------------------------------------------------------------------------


async def windows(world: World) -> TrainingDuty:
    """A contract under which the owner's people are trained before the handover."""
    await publish(world, "upkeep", trigger="contract", before="handover", clause="P11-50")
    contract = await sign(world, "2026-03-01")
    [duty] = await world.read(TrainingDuty, contract_id=contract.id, curriculum="upkeep")
    return duty


@pytest.mark.clause("P11-50")
@pytest.mark.parametrize(
    ("held", "state", "outcome"),
    [("2026-03-09 10:00", "held", "untimed"), ("2026-03-10 16:00", "held", "in_time"),
     ("2026-03-11 09:00", "unmet", "late")],
)  # fmt: skip
async def test_training_after_the_handover_breaks_the_rule(
    solar_world: World, held: str, state: str, outcome: str
) -> None:
    """Given the handover on 2026-03-10, when held on 2026-03-11, then the rule is broken; the day itself counts."""
    solar_world.clock.move_to(local("2026-03-01 09:00"))
    duty = await windows(solar_world)
    [tracked] = await solar_world.read(Commitment, subject_id=duty.id)
    assert tracked.due_at is None
    person = await name(solar_world, "owner's man")
    session = await ready(solar_world, training_duty_id=duty.id, at=local(held))
    await enrol(solar_world, session, person)
    if held > "2026-03-10":
        solar_world.clock.move_to(local("2026-03-10 18:00"))
        await enter_phase(solar_world, duty.contract_id or new_id(), "handover", "2026-03-10", "construction")
        await attend(solar_world, session, person)
        await hold(solar_world, session)
    else:
        await attend(solar_world, session, person)
        await hold(solar_world, session)
        solar_world.clock.move_to(local("2026-03-10 20:00"))
        await enter_phase(solar_world, duty.contract_id or new_id(), "handover", "2026-03-10", "construction")
    [kept] = await solar_world.read(TrainingDuty, id=duty.id)
    promises = [row for row in await solar_world.read(Commitment, subject_id=duty.id) if row.state == "met"]
    assert (kept.state, [row.outcome for row in promises]) == (state, [outcome])


async def test_a_class_before_the_handover_that_is_noted_later_keeps_the_rule(solar_world: World) -> None:
    solar_world.clock.move_to(local("2026-03-01 09:00"))
    duty = await windows(solar_world)
    person = await name(solar_world, "owner's man")
    session = await ready(solar_world, training_duty_id=duty.id, at=local("2026-03-09 09:00"))
    await enrol(solar_world, session, person)
    solar_world.clock.move_to(local("2026-03-12 09:00"))
    await enter_phase(solar_world, duty.contract_id or new_id(), "handover", "2026-03-10")
    await attend(solar_world, session, person)
    await hold(solar_world, session, held_at=local("2026-03-09 11:00"))
    [kept] = await solar_world.read(TrainingDuty, id=duty.id)
    assert kept.state == "held"


# --- plan 12 ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("P12-19")
async def test_a_visit_on_which_nothing_was_taught_is_incomplete(solar_world: World) -> None:
    """Given the item "knowledge passed" unchecked, then the visit is incomplete."""
    await publish(solar_world, "basics", ("repair", "upkeep"), trigger="visit", gate="visit", clause="P12-19")
    ticket = await solar_world.open()
    visit = await plan_visit(
        solar_world, await order(solar_world, ticket), solar_world.engineer.id, local("2026-06-10 14:00")
    )
    teach = PassKnowledge(appointment_id=visit.id, recipients="Mrs. Li", topics=("repair",))
    early = await refused(solar_world, service.pass_knowledge, teach)
    assert early.code == "VISIT_NOT_ARRIVED"
    solar_world.clock.move_to(local("2026-06-10 14:00"))
    await solar_world.do(work.record_arrival, work.RecordArrival(appointment_id=visit.id))
    finish = work.FinishAppointment(appointment_id=visit.id)
    error = await refused(solar_world, work.finish_appointment, finish)
    assert (error.code, error.params["topics"]) == ("VISIT_INCOMPLETE", "repair, upkeep")
    await solar_world.do(service.pass_knowledge, teach)
    error = await refused(solar_world, work.finish_appointment, finish)
    assert (error.code, error.params["topics"]) == ("VISIT_INCOMPLETE", "upkeep")
    await solar_world.do(service.pass_knowledge, PassKnowledge(appointment_id=visit.id, recipients="Mrs. Li"))
    done = await solar_world.do(work.finish_appointment, finish)
    assert done.state == "done"


# --- plan 13 ---------------------------------------------------------------------------------------------------

BASIC = ("computers", "principle", "software", "upkeep and safety")
ON_SITE = ("installation", "role of devices", "instruments", "content", "daily upkeep", "simple faults", "care")


async def display(world: World) -> Asset:
    """A second display of the customer."""
    asset = Asset(
        id=new_id(), number="A2", name="Second display", vertical="solar", asset_type="solar_water_heater",
        customer_id=world.customer.id, site_id=world.site.id, created_at=world.clock.now(),
    )  # fmt: skip
    await world.add(asset)
    return asset


@pytest.mark.clause("P13-30")
async def test_a_course_is_attached_to_the_assets_of_a_group_and_to_their_parts(platform: TestPlatform) -> None:
    """Given the group "meeting room", then its course is attached to it and what it consists of, not to others."""
    world = await settle(platform, {"landscaping": {}}, vertical="landscaping", asset_type="landscape_works")
    await publish(world, "meeting_room", asset_types=("landscape_works",))
    part = Asset(
        id=new_id(), number="A2", name="Display", vertical="landscaping", asset_type="planting",
        customer_id=world.customer.id, parent_asset_id=world.asset.id, created_at=world.clock.now(),
    )  # fmt: skip
    other = Asset(
        id=new_id(), number="A3", name="Elsewhere", vertical="landscaping", asset_type="planting",
        customer_id=world.customer.id, created_at=world.clock.now(),
    )  # fmt: skip
    await world.add(part)
    await world.add(other)
    attached = {
        asset.number: "meeting_room" in [course.code for course in await courses(world, asset_id=asset.id)]
        for asset in (world.asset, part, other)
    }
    assert attached == {"A1": True, "A2": True, "A3": False}
    command = RequestTraining(
        vertical="landscaping", curriculum="meeting_room", customer_id=world.customer.id, asset_ids=(other.id,)
    )
    assert (await refused(world, service.request_training, command)).code == "CURRICULUM_NOT_FOR_ASSET"


@pytest.mark.clause("P13-31")
async def test_an_operator_who_can_only_operate_is_not_certified(solar_world: World) -> None:
    await publish(solar_world, "display", audience=("operator",), outcomes=("operate", "basic_faults"))
    person = await name(solar_world, "Ma", "operator")
    session = await ready(solar_world, "display")
    await taught(solar_world, session, person)
    await assess(solar_world, session, person, operate=True)
    command = CertifyTrainee(trainee_id=person.id, curriculum="display")
    error = await refused(solar_world, service.certify_trainee, command)
    assert (error.code, error.params["missing"]) == ("CERTIFICATE_UNEARNED", "basic_faults")
    await assess(solar_world, session, person, basic_faults=True)
    await solar_world.do(service.certify_trainee, command)


@pytest.mark.clause("P13-32")
async def test_each_display_brings_a_free_course_at_a_time_that_the_customer_agrees_to(solar_world: World) -> None:
    """Given two displays, then two free entitlements; a time that the customer hasn't agreed to is tentative."""
    await publish(solar_world, "display", per_asset=True, free=True, clause="P13-32")
    second = await display(solar_world)
    command = RequestTraining(
        vertical="solar", curriculum="display", customer_id=solar_world.customer.id,
        asset_ids=(solar_world.asset.id, second.id),
    )  # fmt: skip
    duties = await solar_world.do(service.request_training, command)
    assert [(duty.asset_id, duty.fee) for duty in duties] == [
        (solar_world.asset.id, Decimal(0)),
        (second.id, Decimal(0)),
    ]
    priced = RequestTraining(
        vertical="solar", curriculum="display", customer_id=solar_world.customer.id, asset_ids=(second.id,),
        fee=Decimal(100),
    )  # fmt: skip
    assert (await refused(solar_world, service.request_training, priced)).code == "TRAINING_FREE"

    session = await plan(solar_world, training_duty_id=duties[0].id, venue="Hall")
    assert session.state == "tentative"
    confirm = ConfirmSession(training_session_id=session.id)
    assert (await refused(solar_world, service.confirm_session, confirm)).code == "TRAINING_NOT_AGREED"
    await agree(solar_world, session)
    assert (await solar_world.do(service.confirm_session, confirm)).state == "confirmed"


@pytest.mark.clause("P13-32")
async def test_a_signed_contract_brings_a_free_course_for_each_display_it_names(solar_world: World) -> None:
    """Given a contract with one display, when a second joins it, then there are two entitlements, and never three."""
    await publish(solar_world, "display", trigger="contract", per_asset=True, free=True)
    second = await display(solar_world)
    contract = await sign(solar_world, lines=(LineDetails(asset_id=solar_world.asset.id),))
    for asset_id in (second.id, second.id):
        line = AddContractLine(contract_id=contract.id, asset_id=asset_id)
        await solar_world.do(contracts.add_contract_line, line, solar_world.owner)
    duties = await solar_world.read(TrainingDuty, curriculum="display")
    assert [(duty.asset_id, duty.fee) for duty in duties] == [
        (solar_world.asset.id, Decimal(0)),
        (second.id, Decimal(0)),
    ]


@pytest.mark.clause("P09-36", "P14-36")
@pytest.mark.parametrize("contract_first", [True, False])
async def test_a_project_accepted_as_a_contract_and_as_an_asset_owes_its_courses_once(
    solar_world: World, contract_first: bool
) -> None:
    contract = await sign(solar_world, lines=(LineDetails(asset_id=solar_world.asset.id),))
    for by_contract in (contract_first, not contract_first):
        if by_contract:
            await enter_phase(solar_world, contract.id, "acceptance", "2026-06-10")
        else:
            await solar_world.do(assets.accept_asset, AcceptAsset(asset_id=solar_world.asset.id))
    duties = await solar_world.read(TrainingDuty)
    assert sorted(duty.curriculum for duty in duties) == ["operators", "users"]
    assert {row.due_at for row in await solar_world.read(Commitment, milestone="training")} == {
        local("2026-06-13 00:00")
    }


async def stages(world: World) -> None:
    await publish(world, "basic", BASIC, track="display", stage=1, clause="P13-34")
    await publish(world, "on_site", ON_SITE, track="display", stage=2, clause="P13-35")


@pytest.mark.clause("P13-33")
async def test_the_on_site_stage_before_the_basic_one_is_noted(solar_world: World) -> None:
    """Given the basic stage isn't done, when the on-site stage is scheduled, then there is a warning."""
    await stages(solar_world)
    early = await plan(solar_world, "on_site", at=local("2026-06-20 09:00"))
    assert [found["code"] for found in early.warnings] == ["TRAINING_STAGE_ORDER"]
    half = await ready(solar_world, "basic", units=BASIC[:3])
    person = await name(solar_world, "Ma")
    await taught(solar_world, half, person)
    still_early = await plan(solar_world, "on_site", at=local("2026-06-21 09:00"))
    assert [found["code"] for found in still_early.warnings] == ["TRAINING_STAGE_ORDER"]
    await taught(solar_world, await ready(solar_world, "basic", units=BASIC[3:]), person)
    in_order = await plan(solar_world, "on_site", at=local("2026-06-22 09:00"))
    assert in_order.warnings == []


@pytest.mark.clause("P13-34")
async def test_the_basic_stage_has_four_units_in_order(solar_world: World) -> None:
    await stages(solar_world)
    basic, on_site = await courses(solar_world, track="display")
    assert (basic.units, basic.stage, on_site.stage) == (BASIC, 1, 2)


@pytest.mark.clause("P13-35")
async def test_six_of_seven_units_are_incomplete(solar_world: World) -> None:
    await stages(solar_world)
    person = await name(solar_world, "Ma")
    await taught(solar_world, await ready(solar_world, "on_site", units=ON_SITE[:6]), person)

    async def progress() -> tuple[bool, tuple[str, ...]]:
        async with solar_world.work() as uow:
            made = await service.trainee_progress(uow, person.id, "on_site")
            return made.complete, made.missing_units

    assert await progress() == (False, ("care",))
    await taught(solar_world, await ready(solar_world, "on_site", units=ON_SITE[6:]), person)
    assert await progress() == (True, ())


@pytest.mark.clause("P13-36")
@pytest.mark.parametrize(("present", "state"), [((True, True), "held"), ((True, False), "unmet")])
async def test_operators_take_part_in_the_installation(
    solar_world: World, present: tuple[bool, bool], state: str
) -> None:
    """Given the installation is done and an operator was absent, then the training requirement is unmet."""
    await publish(
        solar_world, "taking_part", trigger="phase", phase="installation", attendance="all_named",
        audience=("operator",), clause="P13-36",
    )  # fmt: skip
    people = [await name(solar_world, who, "operator") for who in ("Ma", "Lu")]
    await name(solar_world, "director", "director")
    contract = await sign(solar_world)
    await enter_phase(solar_world, contract.id, "installation", "2026-06-10", "construction")
    [duty] = await solar_world.read(TrainingDuty, curriculum="taking_part")
    session = await ready(solar_world, training_duty_id=duty.id)
    for person, there in zip(people, present, strict=True):
        await enrol(solar_world, session, person)
        if there:
            await attend(solar_world, session, person)
    await hold(solar_world, session)
    solar_world.clock.move_to(local("2026-06-12 09:00"))
    await enter_phase(solar_world, contract.id, "acceptance", "2026-06-12", "installation")
    [kept] = await solar_world.read(TrainingDuty, id=duty.id)
    assert kept.state == state
    [promise] = [row for row in await solar_world.read(Commitment, subject_id=duty.id) if row.state != "cancelled"]
    assert (promise.due_at is None, promise.met_at is None) == (state == "held", state == "unmet")


async def test_a_class_counts_for_whoever_attended_and_only_what_was_taught(solar_world: World) -> None:
    """Given a class whose second unit was dropped, then who was noted for it blocks that, and it isn't counted."""
    await stages(solar_world)
    person = await name(solar_world, "Ma")
    session = await ready(solar_world, "basic")
    await enrol(solar_world, session, person)
    await attend(solar_world, session, person, *BASIC[:2])
    solar_world.clock.move_to(session.ends_at)
    command = HoldSession(training_session_id=session.id, units=BASIC[:1])
    assert (await refused(solar_world, service.hold_session, command)).code == "TRAINING_UNIT_ATTENDED"
    await hold(solar_world, session, units=BASIC[:2])
    [enrolment] = await solar_world.read(TrainingEnrolment)
    assert enrolment.units == list(BASIC[:2])
