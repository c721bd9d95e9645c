"""What can't be simulated is refused with its code and field, in both languages, and nothing is written."""

from datetime import date
from typing import Any

import msgspec
import pytest

from aftersales.kit.ids import new_id
from aftersales.planned import service as planned
from aftersales.planned.commands import SetMaintenanceRule
from aftersales.plans import service as plans
from aftersales.plans.commands import DraftServicePlan
from aftersales.simulation import rules, service
from aftersales.simulation.commands import AssumedAssets, AssumedEvent
from tests.fixtures.database import TestPlatform
from tests.simulation.lives import FINANCE, asked, simulated
from tests.support.refusals import refused
from tests.tickets.world import World, settle

START = "2026-01-01"


def event(name: str, on: str) -> AssumedEvent:
    return AssumedEvent(event=name, on=date.fromisoformat(on))


@pytest.mark.parametrize(
    ("code", "field", "given"),
    [
        ("PERIOD_INVERTED", "endsOn", {"ends_on": date(2025, 12, 31)}),
        ("PERIOD_INVERTED", "endsOn", {"ends_on": date(2026, 1, 1)}),
        ("PERIOD_INVERTED", "until", {"until": date(2025, 12, 31)}),
        ("PERIOD_INVERTED", "commissioningDue", {"commissioning_due": date(2025, 12, 31)}),
        ("PERIOD_INVERTED", "guaranteesFrom", {"guarantees_from": date(2025, 12, 31)}),
        ("PERIOD_TOO_LONG", "until", {"until": date(2040, 1, 1)}),
        ("YEAR_INVALID", "startsOn", {"starts_on": date(1, 1, 1)}),
        ("YEAR_INVALID", "startsOn", {"starts_on": date(9999, 12, 31)}),
        ("YEAR_INVALID", "endsOn", {"ends_on": date(9999, 12, 31)}),
        ("YEAR_INVALID", "events.0.on", {"events": (event("acceptance", "9999-12-31"),)}),
        ("CONTRACT_EVENT_UNKNOWN", "events.0.event", {"events": (event("christmas", "2026-03-01"),)}),
        ("CONTRACT_EVENT_UNKNOWN", "events.0.event", {"events": (event("warranty_ended", "2026-03-01"),)}),
        (
            "CONTRACT_EVENT_TWICE", "events.1.event",
            {"events": (event("acceptance", "2026-03-01"), event("acceptance", "2026-03-02"))},
        ),
        (
            "CONTRACT_EVENTS_DISORDERED", "on",
            {"events": (event("installation_started", "2026-03-02"), event("acceptance", "2026-03-01"))},
        ),
        ("ASSET_TYPE_UNKNOWN", "assets.0.assetType", {"assets": (AssumedAssets(asset_type="aeroplane"),)}),
        ("QUANTITY_INVALID", "assets.0.count", {"assets": (AssumedAssets(asset_type="solar_water_heater", count=0),)}),
        ("LIST_TOO_LONG", "assets", {"assets": (AssumedAssets(asset_type="solar_water_heater"),) * 21}),
        ("REGION_UNKNOWN", "region", {"region": "990000"}),
        ("CONTRACT_FIELD_UNKNOWN", "fields.colour", {"fields": {"colour": "red"}}),
        ("REQUIRED", "vertical", {"vertical": None}),
        ("VERTICAL_NOT_ENABLED", "vertical", {"vertical": "auto_4s"}),
        ("NOT_FOUND", None, {"service_plan_id": new_id()}),
        ("NOT_FOUND", None, {"compared_with_plan_id": new_id()}),
    ],
)  # fmt: skip
async def test_what_can_not_be_is_refused(
    solar_world: World, code: str, field: str | None, given: dict[str, Any]
) -> None:
    command = msgspec.structs.replace(asked(START, vertical="solar"), **given)
    refusal = await refused(solar_world, service.simulate_contract, command, FINANCE)
    assert (refusal.code, refusal.field) == (code, field)


async def test_a_plan_of_another_vertical_or_tenant_is_refused(platform: TestPlatform, solar_world: World) -> None:
    """Given a plan for landscaping, then a solar contract isn't compared with it; another tenant's isn't found."""
    verticals: dict[str, dict[str, Any]] = {"solar": {}, "landscaping": {}}
    both = await settle(platform, verticals, vertical="solar", asset_type="solar_water_heater")
    plan = await both.do(plans.draft_service_plan, DraftServicePlan(vertical="landscaping", name="P"), FINANCE)
    for name in ("service_plan_id", "compared_with_plan_id"):
        command = asked(START, vertical="solar", **{name: plan.id})
        refusal = await refused(both, service.simulate_contract, command, FINANCE)
        assert refusal.code == "PLAN_OF_OTHER_VERTICAL"
        assert (await refused(solar_world, service.simulate_contract, command, FINANCE)).code == "NOT_FOUND"


async def test_a_list_that_grows_too_long_says_how_far_it_goes(solar_world: World) -> None:
    """Given a daily visit for each of twenty years, then the list ends after ten, and says so."""
    rule = SetMaintenanceRule(
        vertical="solar", code="daily", name="Daily", kind="patrol", anchor="contract_start", every=1, unit="day",
        per="day", effective_from=date(2027, 1, 1),
    )  # fmt: skip
    await solar_world.do(planned.set_maintenance_rule, rule, solar_world.owner)
    assets = {"solar_water_heater": 1}
    long = asked("2027-01-01", assets=assets, vertical="solar", ends_on=date(2046, 12, 31))
    found = (await simulated(solar_world, long)).simulation
    assert found.until == date(2027, 1, 1) + rules.LONGEST_LOOK
    assert found.complete is False
    short = asked("2027-01-01", assets=assets, vertical="solar", ends_on=date(2027, 12, 31))
    assert (await simulated(solar_world, short)).simulation.complete is True
