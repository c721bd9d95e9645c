"""The user's archive and its quality tracking (P09-09)."""

from datetime import date
from typing import Any

import pytest

from aftersales.assets import service
from aftersales.assets.commands import RecordRevisit, RegisterAsset
from aftersales.commitments.models import Commitment
from aftersales.journal.service import asset_archive
from tests.fixtures.database import TestPlatform
from tests.support.refusals import refused
from tests.tickets.world import World, local, settle


async def install(world: World) -> Any:
    """A heater that was installed on 1 June 2026."""
    return await world.do(
        service.register_asset,
        RegisterAsset(
            name="Roof",
            vertical="solar",
            asset_type="solar_water_heater",
            customer_id=world.customer.id,
            installed_on=date(2026, 6, 1),
        ),
    )


@pytest.mark.clause("P09-09", "P14-09")
async def test_an_installation_has_an_archive_and_a_tracking_duty_without_a_number(solar_world: World) -> None:
    asset = await install(solar_world)
    async with solar_world.work() as uow:
        archive = [event.kind for event in await asset_archive(uow, asset.id)]
    [duty] = await solar_world.read(Commitment, subject_id=asset.id)
    assert archive == ["asset.created", "asset.tracking_started"]
    assert (duty.milestone, duty.clause, duty.due_at, duty.state) == ("quality_tracking", "P09-09", None, "running")


@pytest.mark.clause("P09-09", "P14-09")
async def test_a_tenants_own_cadence_dates_each_contact_after_the_last(platform: TestPlatform) -> None:
    world = await settle(
        platform, {"solar": {"quality_tracking_months": 6}}, vertical="solar", asset_type="solar_water_heater"
    )
    asset = await install(world)
    [first] = await world.read(Commitment, subject_id=asset.id)
    assert (first.due_at, first.source) == (local("2026-12-02 00:00"), "tenant")

    world.clock.move_to(local("2026-11-20 10:00"))
    await world.do(
        service.record_revisit, RecordRevisit(asset_id=asset.id, rule="quality_tracking", notes="Works well.")
    )
    kept, following = await world.read(Commitment, subject_id=asset.id)
    assert (kept.state, kept.outcome) == ("met", "in_time")
    assert (following.state, following.due_at) == ("running", local("2027-05-21 00:00"))


async def test_a_contact_names_a_rule_of_the_vertical(solar_world: World) -> None:
    asset = await install(solar_world)
    unknown = RecordRevisit(asset_id=asset.id, rule="birthday", notes="Hello")
    error = await refused(solar_world, service.record_revisit, unknown)
    assert (error.code, error.field) == ("REVISIT_RULE_UNKNOWN", "rule")
    early = RecordRevisit(asset_id=asset.id, rule="quality_tracking", notes="Hello", at=local("2026-05-31 23:59"))
    assert (await refused(solar_world, service.record_revisit, early)).code == "PERIOD_INVERTED"
