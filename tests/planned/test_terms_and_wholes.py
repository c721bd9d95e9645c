"""What outlives a contract, what a part has from its whole, and what an ended contract leaves of planned visits."""

from typing import Any

import pytest

from aftersales.assets import service as assets
from aftersales.assets.commands import AcceptAsset, RegisterAsset, RetireAsset
from aftersales.contracts import service as contracts
from aftersales.contracts.commands import AmendContract, EndContract, LineDetails, RecordContractEvent, SignContract
from aftersales.contracts.models import ServiceContract
from aftersales.kit.ids import new_id
from aftersales.planned import service
from aftersales.planned.commands import ProposeVisits
from aftersales.planned.models import MaintenanceRule
from aftersales.planned.rules import PlanFacts, obligations_between
from aftersales.planned.service import schedule_visit
from aftersales.plans.commands import TermChange
from aftersales.work import service as work
from tests.contracts.lives import publish
from tests.fixtures.database import TestPlatform
from tests.planned.planning import cadence, day, dues, owed, plan, plan_of, settled, work_off
from tests.planned.test_visits import refusal, schedule, visit_of
from tests.tickets.world import World, local


async def sign(
    world: World, vertical: str, starts_on: str, ends_on: str | None = None, **fields: int
) -> ServiceContract:
    signed: ServiceContract = await world.do(
        contracts.sign_contract,
        SignContract(
            title="Care", vertical=vertical, customer_id=world.customer.id, starts_on=day(starts_on),
            ends_on=None if ends_on is None else day(ends_on), lines=(LineDetails(asset_id=world.asset.id),),
            fields=fields,
        ),
        world.owner,
    )  # fmt: skip
    await work_off(world)
    return signed


@pytest.mark.clause("P09-20", "P14-20")
async def test_given_a_contract_of_one_year_then_the_main_units_three_years_of_visits_are_owed(heater: World) -> None:
    """Given acceptance on 1 March 2026 and a contract to 28 February 2027, then visits go on to the term's end."""
    await sign(heater, "solar", "2026-03-01", "2027-02-28")
    for month in ("2027-04", "2028-04", "2029-03"):
        heater.clock.move_to(local(f"{month}-01 09:00"))
        await work_off(heater)
    assert await dues(heater, "maintenance") == [
        "2026-08-31", "2027-02-28", "2027-08-31", "2028-02-29", "2028-08-31", "2029-02-28",
    ]  # fmt: skip
    await heater.do(assets.retire_asset, RetireAsset(asset_id=heater.asset.id), heater.owner)
    await work_off(heater)
    heater.clock.move_to(local("2029-09-01 09:00"))
    await work_off(heater)
    assert len(await dues(heater, "maintenance")) == 6


@pytest.mark.clause("P03-17", "P13-17")
def test_given_a_free_period_longer_than_the_contract_then_patrols_end_with_the_period() -> None:
    """A cadence that is bound to no term ends with the contract; an asset that is retired has neither."""
    settings = {"starts": {"acceptance": day("2026-01-31")}, "last_day": day("2026-06-30")}
    monthly = cadence("patrol", clause="P03-17", every=1, unit="month")
    known = PlanFacts(**settings)  # type: ignore[arg-type]
    found = [str(one.due_on) for one in obligations_between(plan(monthly), known, day("2026-01-01"), day("2027-12-31"))]
    assert found == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]
    gone = PlanFacts(**settings, retired=True)  # type: ignore[arg-type]
    assert obligations_between(plan(monthly), gone, day("2026-01-01"), day("2027-12-31")) == []


@pytest.mark.clause("P10-25")
async def test_given_a_planned_visit_when_the_contract_ended_and_the_visit_falls_through_then_nothing_is_owed(
    platform: TestPlatform,
) -> None:
    world = await settled(
        platform, "software_his", "project_management_system", at="2026-01-31 09:00",
        settings={"profile": "project_management"}, went_live_on="2026-01-31",
    )  # fmt: skip
    signed = await sign(world, "software_his", "2026-01-31", guarantee_months=12)
    second = (await owed(world, "quarterly_visit"))[1]
    planned = await schedule(world, [second], world.engineer.id, "2026-07-20 09:00")
    await world.do(contracts.end_contract, EndContract(contract_id=signed.id, ends_on=day("2026-06-30")), world.owner)
    await work_off(world)
    assert [row.state for row in await owed(world, "quarterly_visit")] == ["open", "scheduled"]
    lost = work.CancelAppointment(appointment_id=planned.id, reason="The contract is over")
    await world.do(work.cancel_appointment, lost)
    await work_off(world)
    assert await dues(world, "quarterly_visit") == ["2026-04-30"]


@pytest.mark.clause("P10-25")
async def test_given_a_contract_when_its_system_goes_live_then_the_quarters_are_counted_from_there(
    platform: TestPlatform,
) -> None:
    """Given a system that doesn't say when it went live, when its contract does, then visits are owed from that day."""
    world = await settled(
        platform, "software_his", "project_management_system", at="2026-11-30 09:00",
        settings={"profile": "project_management"},
    )  # fmt: skip
    signed = await sign(world, "software_his", "2026-11-01", guarantee_months=12)
    assert await dues(world, "quarterly_visit") == []
    went_live = RecordContractEvent(contract_id=signed.id, event="go_live", on=day("2026-11-30"))
    await world.do(contracts.record_contract_event, went_live, world.owner)
    await work_off(world)
    assert (await dues(world, "quarterly_visit"))[:4] == ["2027-02-28", "2027-05-30", "2027-08-30", "2027-11-30"]


@pytest.mark.clause("P11-52")
async def test_given_a_part_when_its_whole_is_accepted_then_what_names_the_part_is_owed_and_nothing_twice(
    platform: TestPlatform,
) -> None:
    """Given a batch of plants that is a part of works, when the works are accepted, then its own checks are owed."""
    world = await settled(platform, "landscaping", "landscape_works", at="2026-03-01 09:00")
    half_yearly: dict[str, Any] = {
        "code": "connectors", "label": {"zh": "连接件", "en": "Connectors"}, "source": "tenant", "kind": "inspection",
        "count": None, "per": "contract_year", "anchor": "acceptance", "free": True, "every": 6, "unit": "month",
    }  # fmt: skip
    named = {**half_yearly, "code": "named", "asset_types": ["planting_batch"]}
    await world.add(
        *(
            MaintenanceRule(
                id=new_id(), vertical="landscaping", code=rule["code"], name="Rule", cadence=rule,
                effective_from=day("2026-03-01"), created_at=world.clock.now(),
            )
            for rule in (half_yearly, named)
        )
    )  # fmt: skip
    part = await world.do(
        assets.register_asset,
        RegisterAsset(
            number="PART", name="Trees", asset_type="planting_batch", vertical="landscaping",
            customer_id=world.customer.id, parent_asset_id=world.asset.id,
            attributes={"species": "Ginkgo", "size": "D12"},
        ),
        world.owner,
    )  # fmt: skip
    await work_off(world)
    assert await owed(world, "named") == []
    world.clock.move_to(local("2026-03-31 09:00"))
    await world.do(assets.accept_asset, AcceptAsset(asset_id=world.asset.id), world.owner)
    await work_off(world)
    assert [(row.asset_id, str(row.due_on)) for row in await owed(world, "named")][:2] == [
        (part.id, "2026-09-30"), (part.id, "2027-03-31"),
    ]  # fmt: skip
    assert {row.asset_id for row in await owed(world, "connectors")} == {world.asset.id}
    assert (await plan_of(world)).asset_id == world.asset.id


@pytest.mark.clause("P01-19")
async def test_given_two_dates_of_a_cadence_then_one_visit_counts_for_one_of_them(heater: World) -> None:
    await work_off(heater)
    both = visit_of(await owed(heater, "maintenance"), heater.engineer.id)
    assert await refusal(heater, schedule_visit, both) == ("OBLIGATION_TWICE", "obligationIds")


async def test_given_a_type_of_work_then_who_lacks_its_skill_or_certificate_is_named_and_ruled_out(
    heater: World,
) -> None:
    await work_off(heater)
    asked: dict[str, Any] = {"first": day("2026-08-01"), "last": day("2026-08-31")}
    [plain] = await heater.do(service.propose_visits, ProposeVisits(**asked))
    assert [one.fit for one in plain.candidates] == [True, True]
    [skilled] = await heater.do(service.propose_visits, ProposeVisits(**asked, work_type="installation_guidance"))
    assert {reason.code for one in skilled.candidates for reason in one.reasons if reason.blocks} == {"skill_missing"}
    unknown = ProposeVisits(**asked, work_type="flying")
    assert await refusal(heater, service.propose_visits, unknown) == ("VALUE_UNKNOWN", "workType")


def maintained(count: int) -> TermChange:
    return TermChange(
        declaration="inspection_cadences", code="maintenance", fields={"count": count, "per": "contract_year"},
        clause="T-1",
    )  # fmt: skip


@pytest.mark.clause("P09-20", "P01-19")
@pytest.mark.parametrize(
    ("before", "after", "amended_on", "expected"),
    [
        (2, 4, "2026-10-10", ["2026-08-31 open", "2026-11-30 open", "2027-02-28 open", "2027-05-31 open"]),
        (4, 2, "2026-07-01", ["2026-05-31 done", "2026-08-31 open", "2027-02-28 open"]),
        (4, 2, "2026-10-10", ["2026-05-31 done", "2026-08-31 open", "2027-02-28 open", "2027-08-31 open"]),
        (4, 2, "2027-01-10", [
            "2026-05-31 done", "2026-08-31 open", "2026-11-30 open", "2027-02-28 open", "2027-08-31 open",
        ]),
    ],
)  # fmt: skip
async def test_given_an_amendment_then_the_future_is_planned_anew_and_the_past_stays(
    heater: World, before: int, after: int, amended_on: str, expected: list[str]
) -> None:
    """Whatever number of visits a year a contract has from now on, none of the coming ones is lost to the past ones."""
    await publish(heater, maintained(before))
    signed = await sign(heater, "solar", "2026-03-01")
    if before == 4:
        heater.clock.move_to(local("2026-05-20 09:00"))
        visit = await schedule(heater, [(await owed(heater, "maintenance"))[0]], heater.engineer.id, "2026-05-20 10:00")
        heater.clock.move_to(local("2026-05-20 10:00"))
        await heater.do(work.record_arrival, work.RecordArrival(appointment_id=visit.id), heater.engineer_member)
        done = work.FinishAppointment(appointment_id=visit.id)
        await heater.do(work.finish_appointment, done, heater.engineer_member)
    heater.clock.move_to(local(f"{amended_on} 09:00"))
    await work_off(heater)
    await publish(heater, maintained(after))
    amend = AmendContract(contract_id=signed.id, reason="New price", adopt_plan=True)
    await heater.do(contracts.amend_contract, amend, heater.owner)
    for _ in range(2):
        await work_off(heater)
        heater.later(days=1)
    found = [f"{row.due_on} {row.state}" for row in await owed(heater, "maintenance")]
    assert found[: len(expected)] == expected
    async with heater.work(heater.owner) as uow:
        told = await service.planned_between(uow, day("2026-03-01"), day("2027-07-31"), asset_id=heater.asset.id)
    assert [f"{one.due_on} {row.state}" for _, one, row in told if row is not None] == [
        row for row in found if row < "2027-08"
    ]  # fmt: skip
    assert len(told) == len([row for row in found if row < "2027-08"])
