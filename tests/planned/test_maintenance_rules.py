"""The tenant's own cadences, logged events, and one visit more than promised."""

from datetime import timedelta
from typing import Any

import pytest

from aftersales import Season
from aftersales.kit.actor import Actor
from aftersales.kit.errors import AftersalesError
from aftersales.planned import service
from aftersales.planned.commands import (
    EndMaintenanceRule,
    LogOccurrence,
    PlanExtraVisit,
    SetMaintenanceRule,
)
from aftersales.planned.models import MaintenanceRule, PlannedObligation
from tests.fixtures.database import TestPlatform
from tests.planned.planning import day, dues, owed, settled, work_off
from tests.tickets.world import World, local, member

SUMMER = Season(starts_month=6, starts_day=1, ends_month=8, ends_day=31)


async def set_rule(world: World, actor: Actor | None = None, **given: Any) -> MaintenanceRule:
    command = SetMaintenanceRule(**{"effective_from": day("2026-03-01"), "code": "quality_check", **given})
    rule: MaintenanceRule = await world.do(service.set_maintenance_rule, command, actor or world.owner)
    return rule


async def refusal(world: World, operation: Any, command: Any, actor: Actor | None = None) -> tuple[str, str | None]:
    """Code and field of a refusal that wrote nothing."""
    before = await world.counts()
    with pytest.raises(AftersalesError) as caught:
        await world.do(operation, command, actor or world.owner)
    assert await world.counts() == before
    assert caught.value.message("zh-CN") != caught.value.message("en")
    return caught.value.code, caught.value.field


@pytest.fixture
async def garden(platform: TestPlatform) -> World:
    """Works that were completed on 1 March 2026."""
    return await settled(platform, "landscaping", "landscape_works", completed_on="2026-03-01")


@pytest.mark.clause("P05-36")
async def test_given_a_number_that_the_text_leaves_open_when_the_tenant_sets_it_then_tasks_are_owed(
    garden: World,
) -> None:
    """A05: given watering every 7 days from June to August, then July has four tasks, and the duty has days now."""
    await work_off(garden)
    assert await dues(garden, "watering") == ["None"]
    rule = await set_rule(garden, vertical="landscaping", code="watering", every=7, unit="day", seasons=(SUMMER,))
    assert (rule.cadence["source"], rule.cadence["clause"]) == ("tenant", "P05-36")
    await work_off(garden)
    july = [due for due in await dues(garden, "watering") if due.startswith("2026-07")]
    assert july == ["2026-07-06", "2026-07-13", "2026-07-20", "2026-07-27"]
    assert "None" not in await dues(garden, "watering")


async def test_given_a_rule_when_another_follows_then_it_ends_the_day_before_and_done_work_stays(
    garden: World,
) -> None:
    weekly = await set_rule(garden, vertical="landscaping", code="watering", every=7, unit="day", seasons=(SUMMER,))
    await work_off(garden)
    garden.clock.move_to(local("2026-06-10 09:00"))
    await set_rule(
        garden, vertical="landscaping", code="watering", every=3, unit="day", seasons=(SUMMER,),
        effective_from=day("2026-06-15"),
    )  # fmt: skip
    await work_off(garden)
    [stored] = await garden.read(MaintenanceRule, id=weekly.id)
    assert stored.effective_until == day("2026-06-14")
    june = [due for due in await dues(garden, "watering") if due.startswith("2026-06")]
    assert june == ["2026-06-01", "2026-06-08", "2026-06-16", "2026-06-19", "2026-06-22", "2026-06-25", "2026-06-28"]


async def test_given_a_rule_when_it_ends_then_the_verticals_own_counts_again(garden: World) -> None:
    rule = await set_rule(garden, vertical="landscaping", code="watering", every=7, unit="day", seasons=(SUMMER,))
    await work_off(garden)
    garden.clock.move_to(local("2026-06-10 09:00"))
    await garden.do(service.end_maintenance_rule, EndMaintenanceRule(maintenance_rule_id=rule.id), garden.owner)
    await work_off(garden)
    assert await dues(garden, "watering") == ["2026-06-01", "2026-06-08", "None"]


async def test_given_bad_rules_when_set_then_each_is_refused_with_its_code_and_nothing_is_written(
    garden: World,
) -> None:
    base: dict[str, Any] = {"vertical": "landscaping", "code": "watering", "effective_from": day("2026-03-01")}
    inverted = Season(starts_month=8, starts_day=1, ends_month=6, ends_day=1)
    no_day = Season(starts_month=2, starts_day=30, ends_month=6, ends_day=1)
    for expected, given in (
        (("CADENCE_NEVER", "every"), {"every": 0, "unit": "day"}),
        (("CADENCE_ALWAYS", "count"), {"count": 2, "per": "day"}),
        (("CADENCE_INCOMPLETE", "unit"), {"every": 7}),
        (("CADENCE_INCOMPLETE", "meterUnit"), {"meter_every": 7}),
        (("SEASON_INVERTED", "seasons"), {"count": 1, "seasons": (inverted,)}),
        (("SEASON_DAY_INVALID", "seasons"), {"count": 1, "seasons": (no_day,)}),
        (("PERIOD_PAST", "effectiveFrom"), {"count": 1, "effective_from": day("2026-02-28")}),
        (("PERIOD_INVERTED", "effectiveUntil"), {"count": 1, "effective_until": day("2026-02-28")}),
        (("REQUIRED", "name"), {"code": "brand_new", "count": 1}),
        (("REQUIRED", "anchor"), {"code": "brand_new", "count": 1, "name": "New", "kind": "upkeep"}),
        (("VALUE_UNKNOWN", "anchor"), {"count": 1, "anchor": "full_moon"}),
        (("VERTICAL_NOT_ENABLED", "vertical"), {"count": 1, "vertical": "solar"}),
        (("LIST_TOO_LONG", "departments"), {"count": 1, "departments": tuple(map(str, range(51)))}),
        (("TEXT_TOO_LONG", "name"), {"count": 1, "name": "x" * 300}),
    ):
        assert await refusal(garden, service.set_maintenance_rule, SetMaintenanceRule(**{**base, **given})) == expected
    await set_rule(garden, vertical="landscaping", code="watering", count=1, effective_from=day("2026-04-01"))
    again = SetMaintenanceRule(**{**base, "count": 1})
    assert (await refusal(garden, service.set_maintenance_rule, again))[0] == "MAINTENANCE_RULE_OVERLAPS"
    for role in ("engineer", "finance", "customer", "dealer"):
        forbidden = await refusal(garden, service.set_maintenance_rule, again, member(role))
        assert forbidden == ("FORBIDDEN", None)


@pytest.mark.clause("P11-37")
async def test_given_a_logged_event_then_only_the_places_that_it_hit_get_a_visit(heater: World) -> None:
    """Given hail in Beijing while the heater stands in Beijing, then one visit is due; for Guangdong's hail none."""
    await set_rule(
        heater, vertical="solar", code="hail", name="After hail", kind="visit", anchor="acceptance",
        on_events=("hail",), every=2, unit="day",
    )  # fmt: skip
    for region in ("11", "44"):
        event = LogOccurrence(vertical="solar", code="hail", description="Hail", regions=(region,))
        await heater.do(service.log_occurrence, event, heater.owner)
    await work_off(heater)
    [visit] = await owed(heater, "hail")
    assert (visit.due_on, visit.kind) == (day("2026-03-03"), "visit")
    await work_off(heater)
    assert len(await owed(heater, "hail")) == 1
    unknown = LogOccurrence(vertical="solar", code="snow", description="Snow")
    assert await refusal(heater, service.log_occurrence, unknown) == ("OCCURRENCE_UNKNOWN", "code")
    nowhere = LogOccurrence(vertical="solar", code="hail", description="Hail", regions=("99",))
    assert (await refusal(heater, service.log_occurrence, nowhere))[0] == "REGION_UNKNOWN"
    tomorrow = LogOccurrence(vertical="solar", code="hail", description="Hail", happened_on=day("2026-03-02"))
    assert await refusal(heater, service.log_occurrence, tomorrow) == ("INSTANT_IN_FUTURE", "happenedOn")
    long_ago = LogOccurrence(vertical="solar", code="hail", description="Hail", happened_on=day("2025-12-01"))
    assert await refusal(heater, service.log_occurrence, long_ago) == ("PERIOD_PAST", "happenedOn")


async def test_given_an_event_of_last_week_when_logged_late_then_its_visit_is_owed_all_the_same(
    heater: World,
) -> None:
    await set_rule(
        heater, vertical="solar", code="hail", name="After hail", kind="visit", anchor="acceptance", on_events=("hail",)
    )
    heater.later(days=20)
    event = LogOccurrence(vertical="solar", code="hail", description="Hail", happened_on=day("2026-03-14"))
    await heater.do(service.log_occurrence, event, heater.owner)
    await work_off(heater)
    assert await dues(heater, "hail") == ["2026-03-14"]


@pytest.mark.clause("P01-19", "P09-20")
async def test_given_two_free_visits_a_year_when_a_third_is_planned_then_it_isnt_free(heater: World) -> None:
    await work_off(heater)
    third: PlannedObligation = await heater.do(
        service.plan_extra_visit,
        PlanExtraVisit(asset_id=heater.asset.id, code="maintenance", due_on=day("2026-12-01")),
        heater.owner,
    )
    assert (third.free, third.clause, third.state) == (False, "P09-20", "open")
    await work_off(heater)
    assert (await dues(heater, "maintenance"))[:3] == ["2026-08-31", "2026-12-01", "2027-02-28"]


@pytest.mark.clause("P09-20")
@pytest.mark.parametrize(("due_on", "free"), [("2029-03-01", True), ("2029-03-02", False), ("2029-09-01", False)])
async def test_given_the_end_of_the_main_units_term_then_a_visit_behind_it_isnt_free(
    heater: World, due_on: str, free: bool
) -> None:
    """Given acceptance on 2026-03-01, then the last day of the three years is 2029-03-01 (A01), and a visit after it
    is one more that somebody pays (A52). On that day itself a fourth contract year has begun, with visits of its own.
    """
    heater.clock.move_to(local("2029-02-28 09:00"))
    await work_off(heater)
    extra: PlannedObligation = await heater.do(
        service.plan_extra_visit,
        PlanExtraVisit(asset_id=heater.asset.id, code="maintenance", due_on=day(due_on)),
        heater.owner,
    )
    assert extra.free is free


async def test_an_extra_visit_that_cant_be_is_refused(heater: World) -> None:
    await work_off(heater)
    for expected, given in (
        ("CADENCE_UNKNOWN", {"code": "no_such"}),
        ("PERIOD_PAST", {"due_on": heater.clock.now().date() - timedelta(days=2)}),
    ):
        values: dict[str, Any] = {"asset_id": heater.asset.id, "code": "maintenance", "due_on": day("2026-12-01")}
        command = PlanExtraVisit(**{**values, **given})
        assert (await refusal(heater, service.plan_extra_visit, command))[0] == expected
