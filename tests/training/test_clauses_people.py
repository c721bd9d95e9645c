"""Who is trained: audiences, levels, teams, gates (plans 1, 8, 12, 15)."""

from datetime import date
from typing import Any

import pytest

from aftersales.assets import service as assets
from aftersales.assets.commands import AcceptAsset
from aftersales.commitments.models import Commitment
from aftersales.commitments.sweeper import sweep_tenant
from aftersales.contracts import service as contracts
from aftersales.contracts.commands import RecordContractEvent
from aftersales.contracts.models import ServiceContract
from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales.parties.models import ServiceUnit
from aftersales.training import service
from aftersales.training.commands import (
    EndTrainee,
    JoinProjectTeam,
    NameTrainee,
    PublishCurriculum,
    SetTrainingCadence,
)
from aftersales.training.models import Trainee, TrainingCertificate, TrainingDuty, TrainingSession, TrainingTask
from aftersales.work.models import EngineerCertificate
from tests.support.refusals import refused
from tests.tickets.world import World, local
from tests.training.classes import (
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


async def team(world: World, curriculum: str, **party: Any) -> list[str]:
    """Names of who holds the course's certificate today."""
    async with world.work() as uow:
        found = await service.trained_team(uow, world.asset.vertical, curriculum, **party)
        return [person.name for person in found]


@pytest.mark.clause("P01-01")
async def test_the_customers_technicians_who_complete_the_course_are_its_maintenance_team(solar_world: World) -> None:
    """Given three technicians, when all complete the course "maintenance", then the team has three members."""
    await publish(solar_world, "maintenance", ("lamps", "wiring"), audience=("technician",))
    people = [await name(solar_world, who) for who in ("a", "b", "c")]
    await name(solar_world, "d")
    assert await team(solar_world, "maintenance", customer_id=solar_world.customer.id) == []

    await graduate(solar_world, "maintenance", *people)

    assert await team(solar_world, "maintenance", customer_id=solar_world.customer.id) == ["a", "b", "c"]


async def test_who_left_is_no_member_of_the_team_from_the_next_day_on(solar_world: World) -> None:
    await publish(solar_world, "maintenance")
    person = await name(solar_world, "a")
    await graduate(solar_world, "maintenance", person)
    leave = EndTrainee(trainee_id=person.id, left_on=date(2026, 6, 12))
    await solar_world.do(service.end_trainee, leave)
    solar_world.clock.move_to(local("2026-06-12 23:59"))
    assert await team(solar_world, "maintenance", customer_id=solar_world.customer.id) == ["a"]
    solar_world.clock.move_to(local("2026-06-13 00:00"))
    assert await team(solar_world, "maintenance", customer_id=solar_world.customer.id) == []


@pytest.mark.clause("P01-08")
async def test_only_trained_engineers_get_into_a_projects_team(solar_world: World) -> None:
    """Given an engineer without a training record, when assigned to the team, then rejected."""
    contract = await sign(solar_world)
    join = JoinProjectTeam(contract_id=contract.id, engineer_id=solar_world.engineer.id)
    error = await refused(solar_world, service.join_project_team, join)
    assert (error.code, error.field) == ("ENGINEER_UNTRAINED", "engineerId")

    await publish(solar_world, "lamps", given_to="staff", valid_months=12)
    person = await name(solar_world, "", "engineer", engineer_id=solar_world.engineer.id)
    await graduate(solar_world, "lamps", person, trainer_id=solar_world.other_engineer.id, customer_id=None)
    await solar_world.do(service.join_project_team, join)
    twice = await refused(solar_world, service.join_project_team, join)
    assert twice.code == "TEAM_MEMBER_TWICE"


@pytest.mark.clause("P01-08")
@pytest.mark.parametrize(("valid_until", "joins"), [(date(2026, 6, 10), True), (date(2026, 6, 9), False)])
async def test_a_record_counts_to_its_last_day(solar_world: World, valid_until: date, joins: bool) -> None:
    contract = await sign(solar_world)
    paper = EngineerCertificate(
        id=new_id(), engineer_id=solar_world.engineer.id, certificate="luminaires", number="1", valid_until=valid_until
    )
    await solar_world.add(paper)
    join = JoinProjectTeam(contract_id=contract.id, engineer_id=solar_world.engineer.id)
    if joins:
        await solar_world.do(service.join_project_team, join)
    else:
        assert (await refused(solar_world, service.join_project_team, join)).code == "ENGINEER_UNTRAINED"


@pytest.mark.clause("P01-21")
async def test_somebody_outside_the_audience_is_enrolled_with_a_warning(solar_world: World) -> None:
    """Given a course for technicians, when an accountant is enrolled, then there is a warning "outside audience"."""
    await publish(solar_world, "maintenance", audience=("technician",))
    session = await plan(solar_world, "maintenance")
    accountant = await enrol(solar_world, session, await name(solar_world, "Zhou", "accountant"))
    technician = await enrol(solar_world, session, await name(solar_world, "Qian", "technician"))
    assert [found["code"] for found in accountant.warnings] == ["TRAINEE_OUTSIDE_AUDIENCE"]
    assert technician.warnings == []


@pytest.mark.clause("P01-22")
async def test_only_graduates_of_the_level_below_are_suggested_for_a_class(solar_world: World) -> None:
    """Given three levels, when a level-2 class is scheduled, then only level-1 graduates are suggested."""
    for level in (1, 2, 3):
        await publish(solar_world, f"level_{level}", track="lamps", level=level, audience=("technician",))
    graduated, beginner, accountant = [
        await name(solar_world, who, role)
        for who, role in (("a", "technician"), ("b", "technician"), ("c", "accountant"))
    ]
    await graduate(solar_world, "level_1", graduated)

    async def suggested(session: TrainingSession) -> list[str]:
        async with solar_world.work() as uow:
            return [person.name for person in await service.suggested_trainees(uow, session.id)]

    second = await plan(solar_world, "level_2", at=local("2026-08-01 09:00"))
    assert await suggested(second) == ["a"]
    first = await plan(solar_world, "level_1", at=local("2026-08-02 09:00"))
    assert await suggested(first) == ["b"]
    third = await plan(solar_world, "level_3", at=local("2026-08-03 09:00"))
    assert await suggested(third) == []
    unprepared = await enrol(solar_world, second, beginner)
    assert [found["code"] for found in unprepared.warnings] == ["TRAINEE_UNPREPARED"]
    await enrol(solar_world, second, graduated)
    assert await suggested(second) == []
    assert accountant.role == "accountant"


# --- plan 8 ----------------------------------------------------------------------------------------------------


async def operators(world: World, count: int) -> list[Trainee]:
    return [await name(world, f"operator {number}", "operator") for number in range(1, count + 1)]


@pytest.mark.clause("P08-01")
async def test_acceptance_waits_until_every_named_operator_works_independently(hospital_world: World) -> None:
    """Given ten named operators and nine assessed independent, when accepted, then blocked for training."""
    people = await operators(hospital_world, 10)
    await name(hospital_world, "director", "director")
    session = await ready(hospital_world, "operators")
    for person in people:
        await enrol(hospital_world, session, person)
        await attend(hospital_world, session, person)
        await assess(hospital_world, session, person, works_independently=person is not people[9])
    await hold(hospital_world, session)
    accept = AcceptAsset(asset_id=hospital_world.asset.id)
    error = await refused(hospital_world, assets.accept_asset, accept)
    assert error.code == "TRAINING_GATE_CLOSED"
    assert (error.params["count"], error.params["people"]) == (1, "operator 10")

    await assess(hospital_world, session, people[9], works_independently=True)
    accepted = await hospital_world.do(assets.accept_asset, accept)
    assert accepted.accepted_on == date(2026, 6, 10)


@pytest.mark.clause("P08-01")
async def test_going_live_waits_for_the_operators_as_well(hospital_world: World) -> None:
    contract = await sign(hospital_world)
    [person] = await operators(hospital_world, 1)
    [duty] = await hospital_world.read(TrainingDuty, contract_id=contract.id)
    assert (duty.curriculum, duty.state) == ("operators", "due")
    with pytest.raises(AftersalesError, match="operator 1") as refusal:
        await enter_phase(hospital_world, contract.id, "go_live", "2026-06-10")
    assert refusal.value.code == "TRAINING_GATE_CLOSED"
    session = await ready(hospital_world, "operators")
    await enrol(hospital_world, session, person)
    await attend(hospital_world, session, person)
    await assess(hospital_world, session, person, works_independently=True)
    await hold(hospital_world, session)
    await enter_phase(hospital_world, contract.id, "go_live", "2026-06-10", "trial")
    [kept] = await hospital_world.read(TrainingDuty, id=duty.id)
    assert kept.state == "held"


@pytest.mark.clause("P08-01")
async def test_a_contracts_own_events_wait_for_the_operators(hospital_world: World) -> None:
    """Given ten operators and nine independent, then neither going live nor the acceptance that begins the free
    maintenance is recorded; with the tenth both are, and the course was held in time.
    """
    contract = await sign(hospital_world)
    people = await operators(hospital_world, 10)
    session = await ready(hospital_world, "operators")
    for person in people:
        await enrol(hospital_world, session, person)
        await attend(hospital_world, session, person)
        await assess(hospital_world, session, person, works_independently=person is not people[9])
    await hold(hospital_world, session)
    customer = hospital_world.customer_member()
    for event, actor in (("go_live", None), ("acceptance", customer)):
        early = RecordContractEvent(contract_id=contract.id, event=event)
        error = await refused(hospital_world, contracts.record_contract_event, early, actor)
        assert (error.code, error.params["people"]) == ("TRAINING_GATE_CLOSED", "operator 10")
    [stored] = await hospital_world.read(ServiceContract, id=contract.id)
    assert (stored.phase, stored.start_events) == ("installation", {})

    await assess(hospital_world, session, people[9], works_independently=True)
    for event, actor in (("go_live", None), ("acceptance", customer)):
        command = RecordContractEvent(contract_id=contract.id, event=event)
        await hospital_world.do(contracts.record_contract_event, command, actor)
    [stored] = await hospital_world.read(ServiceContract, id=contract.id)
    [kept] = await hospital_world.read(TrainingDuty, contract_id=contract.id)
    assert (stored.phase, kept.state) == ("free_maintenance", "held")


@pytest.mark.clause("P08-01")
async def test_a_course_that_was_not_held_before_going_live_stays_unmet(hospital_world: World) -> None:
    """Given nobody named, so that nobody waits, and no class by 2026-06-10, then the course is late from then on."""
    contract = await sign(hospital_world)
    command = RecordContractEvent(contract_id=contract.id, event="go_live", on=date(2026, 6, 10))
    await hospital_world.do(contracts.record_contract_event, command)
    [duty] = await hospital_world.read(TrainingDuty, contract_id=contract.id)
    promises = [row for row in await hospital_world.read(Commitment, subject_id=duty.id) if row.state == "running"]
    assert (duty.state, [row.due_at for row in promises]) == ("unmet", [local("2026-06-11 00:00")])


@pytest.mark.clause("P08-08")
async def test_an_operator_who_leaves_without_a_successor_alerts_the_customer(hospital_world: World) -> None:
    """Given an operator who leaves on 2026-07-01 without a successor, then the customer's obligation is told."""
    [first, second] = await operators(hospital_world, 2)
    await hospital_world.do(service.end_trainee, EndTrainee(trainee_id=first.id, left_on=date(2026, 7, 1)))
    [task] = await hospital_world.read(TrainingTask)
    assert (task.kind, task.state, task.clause, task.trainee_id) == ("name_successor", "open", "P08-08", first.id)
    assert "training.successor_missing" in [message["kind"] for message in await hospital_world.outbox("event")]

    command = NameTrainee(
        vertical="software_his", name="new", role="operator", customer_id=hospital_world.customer.id,
        succeeds_id=first.id,
    )  # fmt: skip
    successor = await hospital_world.do(service.name_trainee, command, hospital_world.customer_member())
    [task] = await hospital_world.read(TrainingTask)
    assert task.state == "done"
    await hospital_world.do(service.end_trainee, EndTrainee(trainee_id=second.id, successor_id=successor.id))
    assert len(await hospital_world.read(TrainingTask)) == 1
    again = await refused(hospital_world, service.end_trainee, EndTrainee(trainee_id=first.id))
    assert again.code == "TRAINEE_LEFT"


async def test_a_successor_is_owed_what_a_change_of_staff_triggers(hospital_world: World) -> None:
    await publish(hospital_world, "handover_course", trigger="staff_change", audience=("operator",), due_days=3)
    [first, second] = await operators(hospital_world, 2)
    await hospital_world.do(service.end_trainee, EndTrainee(trainee_id=first.id, successor_id=second.id))
    [duty] = await hospital_world.read(TrainingDuty, trainee_id=second.id)
    [promise] = await hospital_world.read(Commitment, subject_id=duty.id)
    assert (duty.curriculum, promise.due_at) == ("handover_course", local("2026-06-14 00:00"))


# --- plan 15 ---------------------------------------------------------------------------------------------------


async def dealer(world: World) -> ServiceUnit:
    unit = ServiceUnit(id=new_id(), code="D-1", name="Dealer", kind="dealer")
    await world.add(unit)
    return unit


@pytest.mark.clause("P15-10")
async def test_a_dealer_is_trained_again_within_the_tenants_cadence(solar_world: World) -> None:
    """Given twelve months and the last class on 2026-02-01, then it is overdue on 2027-02-02 and not a day before."""
    unit = await dealer(solar_world)
    await publish(solar_world, "repair", given_to="dealer", trigger="periodic")
    command = SetTrainingCadence(
        vertical="solar", curriculum="repair", service_unit_id=unit.id, months=12, last_held_on=date(2026, 2, 1)
    )
    await solar_world.do(service.set_training_cadence, command, solar_world.owner)
    [duty] = await solar_world.read(TrainingDuty)
    [promise] = await solar_world.read(Commitment, subject_id=duty.id)
    assert promise.due_at == local("2027-02-02 00:00")

    solar_world.clock.move_to(local("2027-02-01 23:59"))
    assert await state_after_sweep(solar_world) == (None, None)
    solar_world.clock.move_to(local("2027-02-02 00:01"))
    assert await state_after_sweep(solar_world) == (local("2027-02-02 00:00"), None)


async def state_after_sweep(world: World) -> tuple[Any, Any]:
    async with world.work() as uow:
        await sweep_tenant(uow, 100)
    [promise] = await world.read(Commitment)
    return promise.breached_at, promise.met_at


@pytest.mark.clause("P15-10")
async def test_a_class_begins_the_cadence_anew_and_without_months_it_is_only_tracked(solar_world: World) -> None:
    """A05: the plan gives no number, so before the tenant does, nothing can be overdue."""
    unit = await dealer(solar_world)
    await publish(solar_world, "repair", given_to="dealer", trigger="periodic")
    party: dict[str, Any] = {"vertical": "solar", "curriculum": "repair", "service_unit_id": unit.id}
    await solar_world.do(service.set_training_cadence, SetTrainingCadence(**party), solar_world.owner)
    [tracked] = await solar_world.read(Commitment)
    assert (tracked.due_at, tracked.next_alarm_at) == (None, None)
    await solar_world.do(service.set_training_cadence, SetTrainingCadence(**party, months=6), solar_world.owner)

    technician = await name(solar_world, "Sun", service_unit_id=unit.id)
    session = await ready(solar_world, "repair", service_unit_id=unit.id)
    await enrol(solar_world, session, technician)
    await attend(solar_world, session, technician)
    await hold(solar_world, session)

    assert sorted(duty.state for duty in await solar_world.read(TrainingDuty)) == ["cancelled", "due", "held"]
    [following] = [row for row in await solar_world.read(Commitment) if row.state == "running"]
    assert following.due_at == local("2026-12-11 00:00")


@pytest.mark.clause("P15-11")
async def test_a_dealers_technicians_become_its_repair_team(solar_world: World) -> None:
    """Given a dealer that names its technicians, when they pass, then they are the dealer's repair team."""
    unit = await dealer(solar_world)
    await publish(solar_world, "repair", given_to="dealer", audience=("technician",))
    command = NameTrainee(vertical="solar", name="Sun", role="technician", service_unit_id=unit.id)
    own = solar_world.tenant.actor("dealer", dealer_id=unit.id)
    person = await solar_world.do(service.name_trainee, command, own)
    await name(solar_world, "Zhao", service_unit_id=unit.id)
    await graduate(solar_world, "repair", person, service_unit_id=unit.id)
    assert await team(solar_world, "repair", service_unit_id=unit.id) == ["Sun"]


async def test_a_certificate_that_runs_out_makes_its_refresher_due(solar_world: World) -> None:
    """Given a certificate for twelve months, then the refresher is due by its last day, and passing starts anew."""
    await publish(solar_world, "maintenance", valid_months=12)
    person = await name(solar_world, "a")
    await graduate(solar_world, "maintenance", person)
    [certificate] = [await certificate_of(solar_world)]
    assert certificate.valid_until == date(2027, 6, 10)
    [duty] = await solar_world.read(TrainingDuty, trainee_id=person.id)
    [promise] = await solar_world.read(Commitment, subject_id=duty.id)
    assert (duty.trigger, promise.due_at) == ("refresher", local("2027-06-11 00:00"))
    unearned = await refused_certificate(solar_world, person)
    assert unearned == "CERTIFICATE_UNEARNED"

    solar_world.clock.move_to(local("2027-06-01 09:00"))
    await graduate(solar_world, "maintenance", person)
    states = [row.state for row in await solar_world.read(TrainingDuty, trainee_id=person.id)]
    assert states == ["held", "due"]
    [kept] = await solar_world.read(Commitment, subject_id=duty.id)
    assert (kept.state, kept.outcome) == ("met", "in_time")


async def certificate_of(world: World) -> Any:
    [found] = await world.read(TrainingCertificate)
    return found


async def refused_certificate(world: World, person: Trainee) -> str:
    with pytest.raises(AftersalesError) as refusal:
        await certify(world, person, "maintenance")
    return refusal.value.code


@pytest.mark.clause("P08-01")
async def test_the_customers_acceptance_of_a_contract_waits_for_the_operators(hospital_world: World) -> None:
    """Given four operators of whom one can't work alone, when the customer signs the acceptance, then it is refused.

    The phase that it begins is called otherwise; what it is entered on is the acceptance.
    """
    contract = await sign(hospital_world)
    people = await operators(hospital_world, 4)
    session = await ready(hospital_world, "operators")
    for person in people:
        await enrol(hospital_world, session, person)
        await attend(hospital_world, session, person)
        await assess(hospital_world, session, person, works_independently=person is not people[0])
    await hold(hospital_world, session)
    accept = RecordContractEvent(contract_id=contract.id, event="acceptance")
    for event in ("acceptance", "go_live"):
        command = RecordContractEvent(contract_id=contract.id, event=event)
        who = hospital_world.customer_member() if event == "acceptance" else hospital_world.owner
        error = await refused(hospital_world, contracts.record_contract_event, command, who)
        assert (error.code, error.params["people"]) == ("TRAINING_GATE_CLOSED", "operator 1")
    await assess(hospital_world, session, people[0], works_independently=True)
    entered = await hospital_world.do(contracts.record_contract_event, accept, hospital_world.customer_member())
    assert entered.phase == "free_maintenance"


@pytest.mark.clause("P08-01")
async def test_operators_who_were_not_trained_before_going_live_are_a_broken_promise(hospital_world: World) -> None:
    """Given a contract whose operators nobody named, when it goes live untrained, then its course is unmet."""
    contract = await sign(hospital_world)
    live = RecordContractEvent(contract_id=contract.id, event="go_live")
    await hospital_world.do(contracts.record_contract_event, live, hospital_world.owner)
    [duty] = await hospital_world.read(TrainingDuty, contract_id=contract.id)
    assert duty.state == "unmet"


@pytest.mark.parametrize("gate", ["moonrise", "site_entry", "dispatch"])
async def test_a_course_cannot_claim_a_gate_that_nothing_keeps(solar_world: World, gate: str) -> None:
    """Given a course of the tenant's own before something that nobody would refuse, then it isn't published."""
    command = PublishCurriculum(vertical="solar", code="x", name="x", units=("one",), trigger="request", gate=gate)
    error = await refused(solar_world, service.publish_curriculum, command, solar_world.owner)
    assert (error.code, error.field) == ("CURRICULUM_INVALID", "gate")
