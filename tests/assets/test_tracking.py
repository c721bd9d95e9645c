"""The user's archive and its quality tracking (P09-09)."""

from datetime import date
from typing import Any

import pytest

from aftersales.assets import service
from aftersales.assets.commands import AcceptAsset, RecordRevisit, RegisterAsset, RetireAsset
from aftersales.commitments.models import Commitment
from aftersales.journal.service import asset_archive
from aftersales.training.models import TrainingDuty
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


async def contact(world: World, asset: Any) -> None:
    await world.do(service.record_revisit, RecordRevisit(asset_id=asset.id, rule="quality_tracking", notes="Fine."))


async def test_tracking_without_a_number_stays_owed_after_a_contact(solar_world: World) -> None:
    asset = await install(solar_world)
    await contact(solar_world, asset)
    first, following = await solar_world.read(Commitment, subject_id=asset.id)
    assert (first.state, first.outcome) == ("met", "untimed")
    assert (following.state, following.due_at, following.milestone) == ("running", None, "quality_tracking")


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-12-01", "2027-06-02 00:00"),  # on the very day: from that day
        ("2027-01-15", "2027-06-02 00:00"),  # six weeks late: the rhythm of 1 December stands
        ("2027-07-15", "2027-12-02 00:00"),  # a whole period late: the next day of the same rhythm
    ],
)
async def test_a_late_contact_does_not_shift_the_rhythm(platform: TestPlatform, day: str, due: str) -> None:
    world = await settle(
        platform, {"solar": {"quality_tracking_months": 6}}, vertical="solar", asset_type="solar_water_heater"
    )
    asset = await install(world)
    world.clock.move_to(local(f"{day} 10:00"))
    await contact(world, asset)
    _, following = await world.read(Commitment, subject_id=asset.id)
    assert (following.state, following.due_at) == ("running", local(due))


async def test_a_retired_asset_owes_neither_contacts_nor_courses(solar_world: World) -> None:
    asset = await install(solar_world)
    await solar_world.do(service.accept_asset, AcceptAsset(asset_id=asset.id))
    duties = await solar_world.read(TrainingDuty, asset_id=asset.id)
    await solar_world.do(service.retire_asset, RetireAsset(asset_id=asset.id))
    promises = await solar_world.read(Commitment)
    assert {row.subject_id for row in promises} == {asset.id, *(duty.id for duty in duties)}
    assert duties
    assert {(row.state, row.next_alarm_at) for row in promises} == {("cancelled", None)}
    await contact(solar_world, asset)
    assert {row.state for row in await solar_world.read(Commitment)} == {"cancelled"}
