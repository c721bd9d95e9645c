"""Acceptance makes training due (P09-29, P09-30)."""

from datetime import date
from typing import Any

import pytest

from aftersales.assets import service as assets
from aftersales.assets.commands import AcceptAsset
from aftersales.commitments.models import Commitment
from aftersales.contracts import service as contracts
from aftersales.contracts.commands import LineDetails, RecordContractEvent
from aftersales.training import service
from aftersales.training.commands import HoldTraining
from aftersales.training.models import TrainingDuty
from tests.support.refusals import refused
from tests.tickets.world import World, local
from tests.training.classes import sign


async def accept(world: World) -> TrainingDuty:
    """Acceptance on 2026-03-10; the operators' course."""
    world.clock.move_to(local("2026-03-10 15:00"))
    await world.do(
        assets.accept_asset,
        AcceptAsset(asset_id=world.asset.id, accepted_on=date(2026, 3, 10), training_venue="Boiler room"),
    )
    [operators] = await world.read(TrainingDuty, curriculum="operators")
    return operators


@pytest.mark.clause("P09-29", "P09-30", "P14-29", "P14-30")
@pytest.mark.parametrize(
    ("held", "state", "outcome"),
    [
        ("2026-03-12 09:00", "met", "in_time"),
        ("2026-03-12 23:59", "met", "in_time"),
        ("2026-03-13 00:00", "met", "in_time"),
        ("2026-03-13 00:01", "met", "late"),
        ("2026-03-13 09:00", "met", "late"),
    ],
)
async def test_training_is_due_at_the_end_of_the_second_day_after_acceptance(
    solar_world: World, held: str, state: str, outcome: str
) -> None:
    duty = await accept(solar_world)
    [promise] = await solar_world.read(Commitment, subject_id=duty.id)
    assert (promise.due_at, promise.clause) == (local("2026-03-13 00:00"), "P09-30")

    solar_world.clock.move_to(local(held))
    await solar_world.do(service.hold_training, HoldTraining(training_duty_id=duty.id))
    [kept] = await solar_world.read(Commitment, subject_id=duty.id)
    assert (kept.state, kept.outcome) == (state, outcome)
    [stored] = await solar_world.read(TrainingDuty, id=duty.id)
    assert (stored.held_at, stored.venue) == (local(held), "Boiler room")


async def test_every_course_of_acceptance_is_due_with_its_own_promise(solar_world: World) -> None:
    await accept(solar_world)
    duties = await solar_world.read(TrainingDuty)
    promises = [row for row in await solar_world.read(Commitment) if row.subject_type == "training"]
    assert sorted(duty.curriculum for duty in duties) == ["operators", "users"]
    assert {promise.subject_id for promise in promises} == {duty.id for duty in duties}


@pytest.mark.clause("P09-29", "P09-30")
async def test_acceptance_under_a_contract_makes_the_courses_due_once(solar_world: World) -> None:
    """Given a contract whose customer accepts on 2026-03-10, then both courses are due on the 12th, and accepting the
    asset as well makes nothing due twice.
    """
    solar_world.clock.move_to(local("2026-03-10 15:00"))
    contract = await sign(solar_world, "2026-03-01", lines=(LineDetails(asset_id=solar_world.asset.id),))
    for event, actor in (
        ("site_survey", None), ("installation_started", None), ("acceptance", solar_world.customer_member()),
    ):  # fmt: skip
        command = RecordContractEvent(contract_id=contract.id, event=event)
        await solar_world.do(contracts.record_contract_event, command, actor)
    duties = await solar_world.read(TrainingDuty, contract_id=contract.id)
    promises = [row for row in await solar_world.read(Commitment) if row.subject_type == "training"]
    assert sorted(duty.curriculum for duty in duties) == ["operators", "users"]
    assert {promise.due_at for promise in promises} == {local("2026-03-13 00:00")}
    await solar_world.do(assets.accept_asset, AcceptAsset(asset_id=solar_world.asset.id))
    assert len(await solar_world.read(TrainingDuty)) == 2


async def test_a_course_is_held_once_after_it_fell_due_and_not_in_the_future(solar_world: World) -> None:
    duty = await accept(solar_world)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"held_at": local("2026-03-09 23:59")}, "PERIOD_INVERTED"),
        ({"held_at": local("2026-03-10 15:01")}, "INSTANT_IN_FUTURE"),
        ({"expected_version": 7}, "VERSION_STALE"),
    ]
    for given, code in cases:
        error = await refused(solar_world, service.hold_training, HoldTraining(training_duty_id=duty.id, **given))
        assert error.code == code
    await solar_world.do(service.hold_training, HoldTraining(training_duty_id=duty.id))
    again = await refused(solar_world, service.hold_training, HoldTraining(training_duty_id=duty.id))
    assert (again.code, again.field) == ("TRAINING_HELD", "trainingDutyId")
