"""The planner: the horizon rolls, nothing is stored twice, changes re-plan the future and leave the past."""

import asyncio
from datetime import UTC, datetime

import pytest

from aftersales.assets import service as assets
from aftersales.assets.commands import RecordUsage, RetireAsset
from aftersales.assets.rules import start_of_day
from aftersales.commitments import service as commitments
from aftersales.commitments.fixed import beginning
from aftersales.commitments.models import ClockSegmentRow, Commitment
from aftersales.commitments.rules import Budget
from aftersales.commitments.service import Subject
from aftersales.commitments.sweeper import sweep_tenant
from aftersales.contracts import service as contracts
from aftersales.contracts.commands import EndContract, LineDetails, RecordContractEvent, SignContract
from aftersales.contracts.models import ServiceContract
from aftersales.journal import service as journal
from aftersales.kit.ids import new_id
from aftersales.planned import service
from aftersales.planned.commands import FulfilObligation
from aftersales.planned.models import MaintenancePlan
from aftersales.planned.planner import plan_due
from aftersales.plugins.vertical import VerticalSettings
from aftersales.terms.base import Label
from aftersales.terms.playbook import VerticalPlaybook
from tests.fixtures.database import TestPlatform
from tests.planned.planning import between, day, dues, on_wall, owed, plan_of, promise_of, settled, work_off
from tests.tickets.world import World, local
from tests.training.classes import sign


@pytest.mark.clause("P09-20", "P14-20")
async def test_given_acceptance_when_planned_then_the_year_has_two_free_visits_with_deadlines(heater: World) -> None:
    """Given acceptance on 2026-03-01, then two visits are due by 31 August and 28 February, free, as commitments."""
    assert await work_off(heater) == 1
    first, second, *later = await owed(heater, "maintenance")
    assert [str(row.due_on) for row in (first, second)] == ["2026-08-31", "2027-02-28"]
    assert (first.free, first.provider, first.clause, first.kind) == (True, "authorised_unit", "P09-20", "maintenance")
    assert all(str(row.due_on) > "2027-02-28" for row in later)
    promise = await promise_of(heater, first)
    assert (on_wall(promise.due_at), promise.clause, promise.state) == ("2026-09-01 00:00", "P09-20", "running")


async def test_given_a_plan_when_the_planner_runs_again_then_nothing_is_doubled(heater: World) -> None:
    await work_off(heater)
    before = await heater.counts()
    async with heater.tenant.work() as uow:
        plan = await uow.get(MaintenancePlan, (await plan_of(heater)).id)
        plan.next_at = uow.now
    assert await work_off(heater) == 1
    assert await heater.counts() == before


async def test_given_three_years_when_the_horizon_rolls_then_it_stores_what_a_person_would_count(heater: World) -> None:
    """Given daily rounds over four years, then six visits were stored, and the plan was touched only for them."""
    await work_off(heater)
    touched = 0
    for _ in range(4 * 53):
        heater.later(days=7)
        touched += await work_off(heater)
    assert await dues(heater, "maintenance") == [
        "2026-08-31", "2027-02-28", "2027-08-31", "2028-02-29", "2028-08-31", "2029-02-28",
    ]  # fmt: skip
    assert touched <= 6
    assert (await plan_of(heater)).next_at is None


async def test_given_a_day_beyond_the_horizon_when_asked_then_it_is_computed(heater: World) -> None:
    await work_off(heater)
    assert await between(heater, "2028-06-01", "2030-01-01") == ["2028-08-31 maintenance", "2029-02-28 maintenance"]


async def test_given_a_missed_visit_when_its_day_is_over_then_an_alarm_is_raised(heater: World) -> None:
    await work_off(heater)
    heater.clock.move_to(local("2026-09-01 00:01"))
    async with heater.tenant.work() as uow:
        await sweep_tenant(uow, 100)
    promise = await promise_of(heater, (await owed(heater, "maintenance"))[0])
    assert on_wall(promise.breached_at) == "2026-09-01 00:00"


async def test_given_a_retired_asset_when_planned_anew_then_the_future_is_withdrawn_and_the_past_stays(
    heater: World,
) -> None:
    await work_off(heater)
    heater.clock.move_to(local("2026-10-01 09:00"))
    await heater.do(assets.retire_asset, RetireAsset(asset_id=heater.asset.id), heater.owner)
    await work_off(heater)
    assert await dues(heater, "maintenance") == ["2026-08-31"]
    promises = [row for row in await heater.read(Commitment) if row.milestone == "maintenance"]
    assert sorted(row.state for row in promises) == ["cancelled"] * (len(promises) - 1) + ["running"]


async def test_given_a_contract_when_it_ends_then_what_would_have_followed_isnt_owed(platform: TestPlatform) -> None:
    """Given quarterly visits from going live on 31 January, when the contract ends in July, then the later are gone."""
    world = await settled(
        platform, "software_his", "project_management_system", at="2026-01-31 09:00",
        settings={"profile": "project_management"}, went_live_on="2026-01-31",
    )  # fmt: skip
    signed: ServiceContract = await world.do(
        contracts.sign_contract,
        SignContract(title="Care", vertical="software_his", customer_id=world.customer.id, starts_on=day("2026-01-31"),
                     lines=(LineDetails(asset_id=world.asset.id),), fields={"guarantee_months": 24}),
        world.owner,
    )  # fmt: skip
    await work_off(world)
    assert (await dues(world, "quarterly_visit"))[:4] == ["2026-04-30", "2026-07-31", "2026-10-31", "2027-01-31"]
    world.clock.move_to(local("2026-05-10 09:00"))
    await world.do(contracts.end_contract, EndContract(contract_id=signed.id, ends_on=day("2026-07-31")), world.owner)
    await work_off(world)
    assert await dues(world, "quarterly_visit") == ["2026-04-30", "2026-07-31"]


async def test_given_an_event_of_the_contract_when_recorded_then_its_phase_and_its_assets_are_planned(
    platform: TestPlatform,
) -> None:
    """Given a construction site, when the phase begins, then the rainy season's daily checks are owed from then."""
    world = await settled(
        platform, "landscaping", "landscape_works", at="2026-05-20 09:00", settings={"rainy_months": [6]}
    )
    signed: ServiceContract = await world.do(
        contracts.sign_contract,
        SignContract(title="Park", vertical="landscaping", customer_id=world.customer.id, starts_on=day("2026-05-20"),
                     lines=(LineDetails(asset_id=world.asset.id),)),
        world.owner,
    )  # fmt: skip
    await work_off(world)
    assert await owed(world, "rainy_season") == []
    async with world.work(world.owner) as uow:
        await journal.record(
            uow, "contract.phase_entered", subject_type="contract", subject_id=signed.id,
            data={"phase": "construction", "on": "2026-06-11", "previous": None},
        )  # fmt: skip
    await work_off(world)
    assert (await dues(world, "rainy_season"))[:20] == [f"2026-06-{number}" for number in range(11, 31)]


async def test_given_readings_when_a_mark_is_passed_then_one_service_is_due(platform: TestPlatform) -> None:
    """Given every 10,000 km, when the meter reads 9,999 none is due, at 10,000 one, at 35,000 only the last mark's."""
    world = await settled(
        platform, "auto_4s", "passenger_car", settings={"maintenance_kilometres": 10_000}, sold_on="2026-02-01"
    )
    for reading, marks in ((9_999, []), (10_000, ["meter:10000"]), (35_000, ["meter:10000", "meter:30000"])):
        await world.do(assets.record_usage, RecordUsage(asset_id=world.asset.id, usage=reading), world.owner)
        await work_off(world)
        assert sorted(row.occurrence for row in await owed(world, "periodic_maintenance")) == marks


async def test_given_a_duty_without_a_number_when_planned_then_it_is_tracked_and_never_broken(heater: World) -> None:
    """A05: the periodic check of P09-09 has no number: one duty, no deadline."""
    await work_off(heater)
    [check] = await owed(heater, "quality_check")
    promise = await promise_of(heater, check)
    assert (check.due_on, promise.due_at, promise.state) == (None, None, "running")


async def test_given_a_late_visit_when_done_then_the_next_isnt_shifted_and_the_promise_is_late(
    platform: TestPlatform,
) -> None:
    """A12: a late visit does not shift the next."""
    world = await settled(
        platform, "software_his", "project_management_system", at="2026-01-31 09:00",
        settings={"profile": "project_management"}, went_live_on="2026-01-31",
    )  # fmt: skip
    await work_off(world)
    first = (await owed(world, "quarterly_visit"))[0]
    world.clock.move_to(local("2026-05-20 10:00"))
    await world.do(service.fulfil_obligation, FulfilObligation(obligation_id=first.id, evidence="sheet 1"), world.owner)
    await work_off(world)
    assert (await promise_of(world, first)).outcome == "late"
    assert (await dues(world, "quarterly_visit"))[:3] == ["2026-04-30", "2026-07-31", "2026-10-31"]


async def test_given_a_zone_with_summer_time_when_a_day_ends_then_it_ends_at_midnight_on_the_wall(
    platform: TestPlatform,
) -> None:
    """Given Berlin, when 31 October 2026 is the last day, then it ends at 23:00 UTC, an hour later than in summer."""
    tenant = await platform.tenant({}, time_zone="Europe/Berlin")
    platform.clock.move_to(datetime(2026, 6, 1, 9, tzinfo=UTC))
    async with tenant.work() as uow:
        for first, last, expected in (
            (day("2026-09-30"), 31, "2026-10-31 23:00"),
            (day("2026-08-31"), 30, "2026-09-30 22:00"),
        ):
            begun = beginning(
                VerticalPlaybook(vertical="plan", settings=VerticalSettings()), "inspection", Label("巡检", "Check"),
                Budget(amount=last, unit="calendar_day"), start_of_day(first, uow.scope.time_zone),
                uow.scope.time_zone,
            )  # fmt: skip
            assert begun.due_at is not None
            assert begun.due_at.strftime("%Y-%m-%d %H:%M") == expected


async def test_given_what_begins_alike_when_worked_out_once_then_it_is_what_a_clock_of_its_own_says(
    heater: World,
) -> None:
    """Given two deadlines of the same kind, when one is opened with a ledger of its own, then both rows are equal."""
    async with heater.tenant.work() as uow:
        rows = [
            await commitments.start_fixed(
                uow, Subject(type="planned", id=new_id()), vertical="solar", milestone="maintenance",
                budget=Budget(amount=40, unit="calendar_day"), clause="P09-20", source="vertical", at=uow.now,
                label=Label("保养", "Maintenance"), fresh=fresh,
            )
            for fresh in (True, False)
        ]  # fmt: skip
        segments = [row.id for row in rows]
    alike, own = [row.__dict__ | {"id": None, "subject_id": None} for row in rows]
    assert {name: alike[name] for name in Commitment.__table__.columns.keys()} == {  # noqa: SIM118 - a collection
        name: own[name]
        for name in Commitment.__table__.columns.keys()  # noqa: SIM118
    }
    stored = [row for row in await heater.read(ClockSegmentRow) if row.commitment_id in segments]
    told = [(row.sequence, row.kind, row.starts_at, row.reason, row.budget, row.calendar) for row in stored]
    assert told[0] == told[1]


async def test_two_planners_at_once_store_each_obligation_once(heater: World) -> None:
    """Given one plan whose time has come, when two planners look at once, then one of them skips what the other has."""

    async def round_made() -> int:
        async with heater.tenant.work() as uow:
            return await plan_due(uow, 200)

    assert sum(await asyncio.gather(round_made(), round_made())) == 1
    await work_off(heater)
    keys = [(row.plan_id, row.rule, row.occurrence) for row in await owed(heater)]
    assert len(keys) == len(set(keys)) == 3


async def test_nobodys_work_is_refused_while_a_planner_has_the_plan_in_hand(heater: World) -> None:
    """Given a planner in the middle of its run, when something happens to a contract and its heater, then it is noted;
    the plan hears of it afterwards.
    """
    contract = await sign(heater, "2026-03-01", lines=(LineDetails(asset_id=heater.asset.id),))
    async with heater.tenant.work() as uow:
        assert await plan_due(uow, 10) == 2
        told = RecordContractEvent(contract_id=contract.id, event="site_survey")
        noted = asyncio.create_task(heater.do(contracts.record_contract_event, told))
        await asyncio.wait({noted}, timeout=2)
    assert (await noted).phase == "design"
    await work_off(heater)
    [plan] = await heater.read(MaintenancePlan, subject_id=contract.id)
    assert plan.entered == {"design": "2026-03-01"}
