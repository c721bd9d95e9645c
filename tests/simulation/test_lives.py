"""Whole lives of contracts before they are signed: every date is written down by hand from the plan's text."""

from datetime import date
from typing import Any

import pytest

from aftersales.simulation.values import MissingField, SimulatedDate
from tests.fixtures.database import TestPlatform
from tests.simulation.lives import asked, simulated, told, waits
from tests.support.refusals import contents
from tests.tickets.world import World, settle


def one(dates: tuple[SimulatedDate, ...], kind: str, code: str, moment: str = "due") -> SimulatedDate:
    """The first date of a kind and code."""
    return next(found for found in dates if (found.kind, found.code, found.moment) == (kind, code, moment))


@pytest.mark.clause("P09-10", "P09-11", "P09-12", "P09-20", "P09-30", "P09-31", "P09-36")
async def test_plan_9_three_years_of_a_solar_contract(solar_world: World) -> None:
    """Given signature on 1 January and acceptance on 1 March 2026 of two heaters, then these are all dates it has."""
    command = asked("2026-01-01", {"acceptance": "2026-03-01"}, {"solar_water_heater": 2}, vertical="solar")
    found = (await simulated(solar_world, command)).simulation
    assert told(found) == [
        "2026-01-01 contract begins contract",
        "2026-03-01 phase begins warranty",
        "2026-03-01 warranty begins main_unit",
        "2026-03-01 warranty begins pipe_and_electrical",
        "2026-03-03 training due operators",
        "2026-03-03 training due users",
        "2026-03-03 customer_duty due training_venue",
        "2026-08-31 planned due maintenance",
        "2027-02-28 planned due maintenance",
        "2027-03-01 warranty ends pipe_and_electrical",
        "2027-08-31 planned due maintenance",
        "2028-02-29 planned due maintenance",
        "2028-08-31 planned due maintenance",
        "2029-02-28 planned due maintenance",
        "2029-03-01 warranty ends main_unit",
        "2029-03-02 phase begins lifetime_service",
    ]
    visit = one(found.dates, "planned", "maintenance")
    assert (visit.clause, visit.free, visit.count, visit.first_day) == ("P09-20", True, 2, date(2026, 3, 1))
    assert one(found.dates, "phase", "lifetime_service", "begins").free is False
    assert one(found.dates, "training", "operators").clause == "P09-30"
    assert (found.until, found.complete, found.missing) == (date(2029, 3, 1), True, ())
    standing = waits(found)
    assert standing["phase design"] == "site_survey"
    assert standing["deliverable user_manual"] == "handover"
    assert standing["planned quality_check"] is None
    assert standing["response company_on_site"] == "reported"
    assert "deliverable trade_secrets" not in standing
    [words] = [promise.words for promise in found.promises if promise.code == "company_on_site"]
    assert "12 小时" in words.zh
    assert "12 hours" in words.en


@pytest.mark.clause("P08-01", "P08-02", "P08-05")
async def test_plan_8_a_year_of_free_maintenance_for_a_hospital(hospital_world: World) -> None:
    """Given going live on 15 March and acceptance on 1 April, then training before the one, twelve months from the
    other."""
    command = asked(
        "2026-01-01", {"go_live": "2026-03-15", "acceptance": "2026-04-01"}, {"hospital_information_system": 1},
        vertical="software_his", region="110000",
    )  # fmt: skip
    found = (await simulated(hospital_world, command)).simulation
    assert told(found) == [
        "2026-01-01 contract begins contract",
        "2026-01-01 phase begins installation",
        "2026-03-15 deliverable due security_plan",
        "2026-03-15 training due operators",
        "2026-04-01 phase begins free_maintenance",
        "2026-04-01 warranty begins software",
        "2027-04-01 warranty ends software",
        "2027-04-02 phase begins paid_maintenance",
    ]
    assert one(found.dates, "phase", "installation", "begins").last_day == date(2026, 3, 31)
    standing = waits(found)
    assert standing["customer_duty staff_handover"] == "on_staff_change"
    # In Beijing the deadline of other regions isn't promised.
    assert "response on_site_beijing" in standing
    assert "response on_site_elsewhere" not in standing


@pytest.mark.clause("P05-31", "P05-35", "P05-36", "P05-38", "P05-39")
async def test_plan_5_two_terms_that_begin_on_two_days(platform: TestPlatform) -> None:
    """Given completion on 1 July and handover on 1 August 2026, then upkeep goes on for two years beyond the handover.

    Two prunings a year, the survival count at the end of the two years, paid upkeep behind the longer term.
    """
    world = await settle(
        platform, {"landscaping": {"pruning_per_year": 2}}, vertical="landscaping", asset_type="landscape_works"
    )
    events = {"site_opened": "2026-03-01", "completion": "2026-07-01", "handover": "2026-08-01"}
    found = (
        await simulated(world, asked("2026-03-01", events, {"landscape_works": 1}, vertical="landscaping"))
    ).simulation
    assert told(found) == [
        "2026-03-01 contract begins contract",
        "2026-03-01 phase begins construction",
        "2026-07-01 phase begins upkeep",
        "2026-07-01 warranty begins upkeep",
        "2026-07-01 guarantee begins survival_rate",
        "2026-08-01 phase begins warranty",
        "2026-08-01 warranty begins electrical_and_plumbing",
        "2026-08-01 warranty begins works",
        "2026-12-31 planned due pruning",
        "2027-06-30 planned due pruning",
        "2027-12-31 planned due pruning",
        "2028-06-30 planned due pruning",
        "2028-07-01 warranty ends upkeep",
        "2028-07-01 guarantee due survival_rate",
        "2028-08-01 warranty ends electrical_and_plumbing",
        "2028-08-01 warranty ends works",
        "2028-08-02 phase begins paid_upkeep",
    ]
    assert waits(found)["training site_entry"] == "site_entry"
    later = asked("2026-03-01", events, guarantees_from=date(2026, 10, 1), vertical="landscaping")
    assert "2028-10-01 guarantee due survival_rate" in told((await simulated(world, later)).simulation)


@pytest.mark.clause("P10-25", "P10-33")
async def test_what_the_contract_must_state_is_told_and_is_the_term_once_it_is_stated(project_world: World) -> None:
    """Given plan 10, where the guarantee's length is the contract's, then it is missing, and with 24 months it ends."""
    command: dict[str, Any] = {"vertical": "software_his", "until": date(2026, 12, 31)}
    events, assets = {"go_live": "2026-03-31"}, {"project_management_system": 1}
    bare = (await simulated(project_world, asked("2026-01-01", events, assets, **command))).simulation
    assert [(one.field, one.stated) for one in bare.missing] == [("guarantee_months", "signing")]
    assert isinstance(bare.missing[0], MissingField)
    assert waits(bare)["warranty software"] == "guarantee_months"
    # A quarter from 31 March ends on the last day of June, of September and of December.
    assert told(bare, "planned") == [
        "2026-06-30 planned due quarterly_visit",
        "2026-09-30 planned due quarterly_visit",
        "2026-12-31 planned due quarterly_visit",
    ]
    stated = asked("2026-01-01", events, assets, fields={"guarantee_months": 24}, **command)
    full = (await simulated(project_world, stated)).simulation
    assert full.missing == ()
    assert told(full, "warranty")[-2:] == ["2028-03-31 warranty ends hardware", "2028-03-31 warranty ends software"]
    assert one(full.dates, "warranty", "software", "ends").source == "contract"


async def test_a_floor_of_law_stands_in_the_place_of_a_shorter_promise(platform: TestPlatform) -> None:
    """Given a car and its invoice, then the whole car has the three years or 60,000 km of the law."""
    world = await settle(platform, {"auto_4s": {}}, vertical="auto_4s", asset_type="passenger_car")
    command = asked("2026-07-01", {"invoice": "2026-07-01"}, {"passenger_car": 1}, vertical="auto_4s")
    found = (await simulated(world, command)).simulation
    end = one(found.dates, "warranty", "whole_car", "ends")
    assert end.on == date(2029, 7, 1)
    assert end.usage_limit is not None
    assert (end.usage_limit.amount, end.usage_limit.unit) == (60_000, "kilometre")


async def test_a_contract_with_an_end_and_commissioning(solar_world: World) -> None:
    """Given a contract for a year that is to be commissioned by 15 February, then both stand in the list."""
    command = asked(
        "2026-01-01", {"acceptance": "2026-03-01"}, {"solar_water_heater": 1}, vertical="solar",
        ends_on=date(2026, 12, 31), commissioning_due=date(2026, 2, 15),
    )  # fmt: skip
    found = (await simulated(solar_world, command)).simulation
    assert told(found, "task", "planned", "contract") == [
        "2026-01-01 contract begins contract",
        "2026-02-15 task due commission",
        "2026-02-15 task due install",
        "2026-02-15 task due train",
        "2026-08-31 planned due maintenance",
        "2026-12-31 contract ends contract",
    ]
    assert found.until == date(2026, 12, 31)


async def test_nothing_is_written(solar_world: World) -> None:
    """Given any simulation, then no row of any table has come, gone or changed, no number and no message either."""
    before = await contents(solar_world)
    await simulated(solar_world, asked("2026-01-01", {"acceptance": "2026-03-01"}, vertical="solar"))
    await simulated(solar_world, asked("2026-01-01", vertical="solar", compared_with_present=True))
    assert await contents(solar_world) == before
