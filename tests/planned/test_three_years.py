"""Three simulated years of every vertical: exactly the visits that a person counts by hand, written out."""

from typing import Any

import pytest

from aftersales.planned.models import PlannedObligation
from tests.fixtures.database import TestPlatform
from tests.planned.planning import settled, work_off
from tests.tickets.world import World

WEEKS = 3 * 53


async def lived_through(world: World) -> dict[str, list[str]]:
    """Three years of weekly rounds; afterwards the due days up to their end, by cadence."""
    end = world.clock.now().astimezone().date().replace(year=2029)
    await work_off(world)
    for _ in range(WEEKS):
        world.later(days=7)
        await work_off(world)
    found: dict[str, list[str]] = {}
    for row in await world.read(PlannedObligation):
        if row.state != "withdrawn" and row.due_on is not None and row.due_on <= end:
            found.setdefault(row.code, []).append(str(row.due_on))
    return {code: sorted(days) for code, days in found.items()}


@pytest.mark.clause("P09-20", "P14-20")
async def test_solar_six_visits_in_the_main_units_three_years(platform: TestPlatform) -> None:
    world = await settled(platform, "solar", "solar_water_heater", accepted_on="2026-03-01")
    assert await lived_through(world) == {
        "maintenance": ["2026-08-31", "2027-02-28", "2027-08-31", "2028-02-29", "2028-08-31", "2029-02-28"],
    }


@pytest.mark.clause("P10-23", "P10-25")
async def test_project_management_twelve_visits_and_three_health_checks(platform: TestPlatform) -> None:
    """Given going live on 31 August, then quarters end with the last day of months that have no 31st."""
    settings: dict[str, Any] = {"profile": "project_management", "health_checks_per_year": 1}
    world = await settled(
        platform, "software_his", "project_management_system", at="2026-08-31 09:00", settings=settings,
        went_live_on="2026-08-31",
    )  # fmt: skip
    assert await lived_through(world) == {
        "quarterly_visit": [
            "2026-11-30", "2027-02-28", "2027-05-31", "2027-08-31", "2027-11-30", "2028-02-29", "2028-05-31",
            "2028-08-31", "2028-11-30", "2029-02-28", "2029-05-31", "2029-08-31",
        ],
        "health_check": ["2027-08-30", "2028-08-30", "2029-08-30"],
    }  # fmt: skip


async def test_hospital_no_visits_as_plan_8_promises_none(platform: TestPlatform) -> None:
    world = await settled(
        platform, "software_his", "hospital_information_system", settings={"profile": "hospital"},
        went_live_on="2026-03-01",
    )  # fmt: skip
    assert await lived_through(world) == {}


@pytest.mark.clause("P05-36")
async def test_landscaping_upkeep_for_two_years_and_not_a_day_longer(platform: TestPlatform) -> None:
    """Given completion on 1 July 2026, then two summers are watered whole or in part, and nothing after 2028-07-01."""
    settings: dict[str, Any] = {
        "pruning_per_year": 2, "fertilising_per_year": 4, "watering_every_days": 10, "watering_months": [6, 7, 8],
    }  # fmt: skip
    world = await settled(
        platform, "landscaping", "landscape_works", at="2026-07-01 09:00", settings=settings, completed_on="2026-07-01"
    )
    assert await lived_through(world) == {
        "pruning": ["2026-12-31", "2027-06-30", "2027-12-31", "2028-06-30"],
        "fertilising": [
            "2026-09-30", "2026-12-31", "2027-03-31", "2027-06-30", "2027-09-30", "2027-12-31", "2028-03-31",
            "2028-06-30",
        ],
        "watering": [
            "2026-07-01", "2026-07-11", "2026-07-21", "2026-07-31", "2026-08-10", "2026-08-20", "2026-08-30",
            "2027-06-01", "2027-06-11", "2027-06-21", "2027-07-01", "2027-07-11", "2027-07-21", "2027-07-31",
            "2027-08-10", "2027-08-20", "2027-08-30",
            "2028-06-01", "2028-06-11", "2028-06-21", "2028-07-01",
        ],
    }  # fmt: skip


async def test_workshop_services_by_month_and_no_visit_that_plan_6_doesnt_promise(platform: TestPlatform) -> None:
    """Given the dealership's own interval of 6 months, then six services; without one, none at all."""
    own = await settled(platform, "auto_4s", "passenger_car", settings={"maintenance_months": 6}, sold_on="2026-02-28")
    assert await lived_through(own) == {
        "periodic_maintenance": [
            "2026-08-28", "2027-02-28", "2027-08-28", "2028-02-28", "2028-08-28", "2029-02-28",
        ],
    }  # fmt: skip
    bare = await settled(platform, "auto_4s", "passenger_car", sold_on="2026-02-28")
    assert await lived_through(bare) == {}
