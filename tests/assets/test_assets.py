"""Assets: typed attributes, known parts, parents, readings, acceptance."""

from datetime import date
from typing import Any

import pytest

from aftersales.assets import service
from aftersales.assets.commands import (
    AcceptAsset,
    AddComponent,
    AssignInstallationGuide,
    ComponentDetails,
    RecordUsage,
    RegisterAsset,
    RetireAsset,
    UpdateAsset,
)
from aftersales.assets.models import Asset, AssetComponent
from aftersales.assets.rules import months_after
from aftersales.journal.service import asset_archive
from aftersales.parties import service as parties
from aftersales.parties.commands import CreateCustomer
from aftersales.work import service as work
from tests.support.refusals import refused
from tests.tickets.world import World, member


def heater(world: World, **given: Any) -> RegisterAsset:
    """A solar water heater at the world's customer."""
    return RegisterAsset(
        **{
            "name": "Roof system",
            "vertical": "solar",
            "asset_type": "solar_water_heater",
            "customer_id": world.customer.id,
            **given,
        }
    )


async def test_attributes_are_kept_as_the_verticals_type_has_them(solar_world: World) -> None:
    asset = await solar_world.do(
        service.register_asset,
        heater(
            solar_world,
            attributes={"tank_litres": 300, "commissioned_on": "2026-06-01"},
            components=(ComponentDetails(component="tank", serial="T-1"),),
            installed_on=date(2026, 6, 1),
            site_id=solar_world.site.id,
        ),
    )
    [stored] = await solar_world.read(Asset, id=asset.id)
    assert stored.number == "A-2026-000001"
    assert stored.attributes == {
        "collector": "vacuum_tube",
        "collector_count": None,
        "tank_litres": 300,
        "auxiliary_heating": "none",
        "households": 1,
        "commissioned_on": "2026-06-01",
    }
    [part] = await solar_world.read(AssetComponent, asset_id=asset.id)
    assert (part.component, part.serial, part.installed_on) == ("tank", "T-1", date(2026, 6, 1))


@pytest.mark.parametrize(
    ("attributes", "field"),
    [
        ({"tank_litres": "many"}, "attributes.tank_litres"),
        ({"collector": "mirror"}, "attributes.collector"),
        ({"colour": "blue"}, "attributes.colour"),
    ],
)
async def test_an_attribute_that_does_not_fit_is_named(
    solar_world: World, attributes: dict[str, Any], field: str
) -> None:
    error = await refused(solar_world, service.register_asset, heater(solar_world, attributes=attributes))
    assert (error.code, error.field) == ("ATTRIBUTES_INVALID", field)


async def test_a_missing_attribute_is_named(garden_world: World) -> None:
    command = heater(
        garden_world, vertical="landscaping", asset_type="planting_batch", attributes={"species": "Ginkgo"}
    )
    error = await refused(garden_world, service.register_asset, command)
    assert (error.code, error.field) == ("ATTRIBUTES_INVALID", "attributes.size")


async def test_what_cannot_be_registered_is_refused(solar_world: World) -> None:
    other = await solar_world.do(parties.create_customer, CreateCustomer(code="O", name="Other"))
    cases = [
        (heater(solar_world, vertical="auto_4s", asset_type="passenger_car"), "VERTICAL_NOT_ENABLED", "vertical"),
        (heater(solar_world, asset_type="car"), "ASSET_TYPE_UNKNOWN", "assetType"),
        (heater(solar_world, components=(ComponentDetails(component="wheel"),)), "COMPONENT_UNKNOWN", "component"),
        (heater(solar_world, number="A1"), "ASSET_NUMBER_TAKEN", "number"),
        (heater(solar_world, customer_id=other.id, site_id=solar_world.site.id), "SITE_OF_OTHER_CUSTOMER", "siteId"),
        (
            heater(solar_world, customer_id=other.id, parent_asset_id=solar_world.asset.id),
            "PARENT_OF_OTHER_CUSTOMER",
            "parentAssetId",
        ),
        (heater(solar_world, usage=-1), "USAGE_INVALID", "usage"),
        (heater(solar_world, installed_on=date(2026, 6, 11)), "INSTANT_IN_FUTURE", "installedOn"),
        (heater(solar_world, name=""), "REQUIRED", "name"),
    ]
    for command, code, field in cases:
        error = await refused(solar_world, service.register_asset, command)
        assert (error.code, error.field) == (code, field)
    forbidden = await refused(solar_world, service.register_asset, heater(solar_world), solar_world.customer_member())
    assert forbidden.code == "FORBIDDEN"


async def test_an_asset_is_never_a_part_of_itself(solar_world: World) -> None:
    child = await solar_world.do(service.register_asset, heater(solar_world, parent_asset_id=solar_world.asset.id))
    grandchild = await solar_world.do(service.register_asset, heater(solar_world, parent_asset_id=child.id))
    for parent_id in (grandchild.id, solar_world.asset.id):
        command = UpdateAsset(asset_id=solar_world.asset.id, parent_asset_id=parent_id)
        error = await refused(solar_world, service.update_asset, command)
        assert (error.code, error.field) == ("ASSET_CYCLE", "parentAssetId")


async def test_a_change_merges_attributes_and_checks_the_version(solar_world: World) -> None:
    asset = await solar_world.do(service.register_asset, heater(solar_world, attributes={"tank_litres": 300}))
    await solar_world.do(
        service.update_asset,
        UpdateAsset(asset_id=asset.id, name="Roof", attributes={"households": 4}, expected_version=1),
    )
    [stored] = await solar_world.read(Asset, id=asset.id)
    assert (stored.name, stored.attributes["tank_litres"], stored.attributes["households"]) == ("Roof", 300, 4)
    stale = await refused(
        solar_world, service.update_asset, UpdateAsset(asset_id=asset.id, name="Late", expected_version=1)
    )
    assert stale.code == "VERSION_STALE"


async def test_a_reading_never_runs_back(solar_world: World) -> None:
    asset_id = solar_world.asset.id
    await solar_world.do(service.record_usage, RecordUsage(asset_id=asset_id, usage=120))
    await solar_world.do(service.record_usage, RecordUsage(asset_id=asset_id, usage=120))
    error = await refused(solar_world, service.record_usage, RecordUsage(asset_id=asset_id, usage=119))
    assert (error.code, error.field) == ("USAGE_BACKWARD", "usage")


async def test_a_part_is_added_only_if_the_type_has_it(solar_world: World) -> None:
    asset_id = solar_world.asset.id
    await solar_world.do(service.add_component, AddComponent(asset_id=asset_id, component="pump", serial="P-1"))
    assert [part.component for part in await solar_world.read(AssetComponent)] == ["pump"]
    error = await refused(solar_world, service.add_component, AddComponent(asset_id=asset_id, component="wheel"))
    assert (error.code, error.field) == ("COMPONENT_UNKNOWN", "component")


async def test_nothing_new_happens_to_a_retired_asset(solar_world: World) -> None:
    asset_id = solar_world.asset.id
    await solar_world.do(service.retire_asset, RetireAsset(asset_id=asset_id))
    error = await refused(solar_world, service.record_usage, RecordUsage(asset_id=asset_id, usage=1))
    assert error.code == "ASSET_RETIRED"


async def test_a_vertical_that_was_disabled_refuses_new_use_and_keeps_the_archive(solar_world: World) -> None:
    registered = await solar_world.do(service.register_asset, heater(solar_world))
    async with solar_world.work() as uow:
        await uow.connection.execute(
            "update tenant_verticals set enabled = false where tenant_id = $1 and vertical = 'solar'",
            solar_world.scope.id,
        )
        await uow.connection.execute("select app.settings_changed()")
    again = await refused(solar_world, service.register_asset, heater(solar_world))
    assert again.code == "VERTICAL_NOT_ENABLED"
    used = await refused(solar_world, service.record_usage, RecordUsage(asset_id=registered.id, usage=1))
    assert used.code == "VERTICAL_NOT_ENABLED"
    async with solar_world.work() as uow:
        assert [event.kind for event in await asset_archive(uow, registered.id)] == ["asset.created"]


@pytest.mark.clause("P09-02", "P14-02")
async def test_the_installation_has_a_guide_with_the_skill_until_acceptance(solar_world: World) -> None:
    asset_id = solar_world.asset.id
    guide = await solar_world.do(
        work.create_engineer, work.CreateEngineer(code="G", name="Guide", skills=("installation_guide",))
    )
    unskilled = AssignInstallationGuide(asset_id=asset_id, installation_guide_id=solar_world.engineer.id)
    error = await refused(solar_world, service.assign_installation_guide, unskilled)
    assert (error.code, error.field) == ("SKILL_MISSING", "installationGuideId")

    named = AssignInstallationGuide(asset_id=asset_id, installation_guide_id=guide.id)
    await solar_world.do(service.assign_installation_guide, named)
    [stored] = await solar_world.read(Asset, id=asset_id)
    assert stored.installation_guide_id == guide.id

    await solar_world.do(service.accept_asset, AcceptAsset(asset_id=asset_id))
    assert (await refused(solar_world, service.assign_installation_guide, named)).code == "ASSET_ACCEPTED"


async def test_an_engineer_who_left_guides_nothing(solar_world: World) -> None:
    await solar_world.do(work.update_engineer, work.UpdateEngineer(engineer_id=solar_world.engineer.id, active=False))
    command = AssignInstallationGuide(asset_id=solar_world.asset.id, installation_guide_id=solar_world.engineer.id)
    assert (await refused(solar_world, service.assign_installation_guide, command)).code == "ENGINEER_INACTIVE"


async def test_an_asset_is_accepted_once_and_not_before_it_was_installed(solar_world: World) -> None:
    asset = await solar_world.do(service.register_asset, heater(solar_world, installed_on=date(2026, 6, 5)))
    early = AcceptAsset(asset_id=asset.id, accepted_on=date(2026, 6, 4))
    assert (await refused(solar_world, service.accept_asset, early)).code == "PERIOD_INVERTED"
    future = AcceptAsset(asset_id=asset.id, accepted_on=date(2026, 6, 11))
    assert (await refused(solar_world, service.accept_asset, future)).code == "INSTANT_IN_FUTURE"
    await solar_world.do(service.accept_asset, AcceptAsset(asset_id=asset.id, accepted_on=date(2026, 6, 6)))
    again = await refused(solar_world, service.accept_asset, AcceptAsset(asset_id=asset.id))
    assert (again.code, again.field) == ("ASSET_ACCEPTED", "assetId")
    finance = await refused(solar_world, service.accept_asset, AcceptAsset(asset_id=asset.id), member("finance"))
    assert finance.code == "FORBIDDEN"


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 6, 10), 12, date(2027, 6, 10)),
        (date(2026, 12, 5), 0, date(2026, 12, 5)),
    ],
)
def test_a_month_later_is_the_corresponding_day(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected
