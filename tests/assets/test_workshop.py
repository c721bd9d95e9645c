"""Arrivals at a workshop (P06-03) and who may take part in a campaign there (P06-05, P06-07)."""

from datetime import date
from typing import Any

import pytest

from aftersales.assets import service
from aftersales.assets.commands import CheckEligibility, CheckIn, RegisterAsset
from aftersales.assets.models import Arrival, Asset
from aftersales.journal.service import asset_archive
from aftersales.kit.errors import InvalidInput, NotFound
from aftersales.parties import service as parties
from aftersales.parties.commands import CreateServiceUnit
from aftersales.parties.models import Customer
from tests.fixtures.database import TestPlatform
from tests.support.refusals import refused
from tests.tickets.world import World, local, settle

IN_WINDOW = date(2026, 7, 1)


async def register(world: World, *, usage: int | None = None, **attributes: Any) -> Asset:
    """A passenger car of the world's customer."""
    car: Asset = await world.do(
        service.register_asset,
        RegisterAsset(
            name="Car",
            vertical="auto_4s",
            asset_type="passenger_car",
            customer_id=world.customer.id,
            attributes={"brand": "Hyundai", **attributes},
            usage=usage,
        ),
    )
    return car


@pytest.mark.clause("P06-03")
async def test_an_arrival_is_recorded_the_contact_confirmed_and_the_dealer_system_queued(car_world: World) -> None:
    car_world.clock.move_to(local("2026-06-20 09:10"))
    car = await register(car_world)
    store = await car_world.do(parties.create_service_unit, CreateServiceUnit(code="S1", name="Store", kind="workshop"))
    arrival = await car_world.do(
        service.check_in,
        CheckIn(asset_id=car.id, service_unit_id=store.id, usage=8200, phone="13900000000"),
    )
    [stored] = await car_world.read(Arrival, asset_id=car.id)
    [customer] = await car_world.read(Customer, id=car_world.customer.id)
    assert (stored.arrived_at, stored.usage, stored.synchronisation) == (local("2026-06-20 09:10"), 8200, "queued")
    assert (customer.contact_confirmed_on, customer.phone) == (date(2026, 6, 20), "13900000000")
    assert await car_world.outbox("dms_sync") == [{"arrival_id": str(arrival.id)}]
    async with car_world.work() as uow:
        assert [event.kind for event in await asset_archive(uow, car.id)] == ["asset.created", "asset.arrived"]


@pytest.mark.clause("P06-03")
async def test_an_incomplete_arrival_is_told_to_the_dispatcher_through_the_vertical(car_world: World) -> None:
    car = await register(car_world)
    await car_world.do(service.check_in, CheckIn(asset_id=car.id))
    [notice] = await car_world.outbox("notice")
    assert (notice["vertical"], notice["clause"]) == ("auto_4s", "P06-03")


async def test_an_arrival_that_cannot_be_is_refused(car_world: World) -> None:
    car = await register(car_world, usage=8200)
    ticket = await car_world.open()
    cases = [
        (CheckIn(asset_id=car.id, usage=8199), "USAGE_BACKWARD", "usage"),
        (CheckIn(asset_id=car.id, arrived_at=local("2026-06-10 09:01")), "INSTANT_IN_FUTURE", "arrivedAt"),
        (CheckIn(asset_id=car.id, ticket_id=ticket.id), "TICKET_OF_OTHER_ASSET", "ticketId"),
    ]
    for command, code, field in cases:
        error = await refused(car_world, service.check_in, command)
        assert (error.code, error.field) == (code, field)
    dealer = await refused(car_world, service.check_in, CheckIn(asset_id=car.id), car_world.customer_member())
    assert dealer.code == "FORBIDDEN"


async def test_an_older_arrival_does_not_turn_back_the_confirmation(car_world: World) -> None:
    car = await register(car_world)
    await car_world.do(service.check_in, CheckIn(asset_id=car.id))
    await car_world.do(service.check_in, CheckIn(asset_id=car.id, arrived_at=local("2026-06-01 10:00")))
    [customer] = await car_world.read(Customer, id=car_world.customer.id)
    assert customer.contact_confirmed_on == date(2026, 6, 10)


@pytest.mark.clause("P06-05")
@pytest.mark.parametrize(
    ("usage", "brand", "eligible"), [(4999, "Hyundai", False), (5000, "Hyundai", True), (9000, "Other", False)]
)
async def test_brand_class_and_mileage_decide(car_world: World, usage: int, brand: str, eligible: bool) -> None:
    car = await register(car_world, usage=usage, brand=brand)
    async with car_world.work() as uow:
        verdict = await service.check_eligibility(
            uow, CheckEligibility(asset_id=car.id, campaign="summer", on=IN_WINDOW)
        )
    assert (verdict.eligible, verdict.clause) == (eligible, "P06-05")


@pytest.mark.clause("P06-07")
async def test_a_commercial_car_takes_part_at_its_designated_store_only(car_world: World) -> None:
    taxi = await register(car_world, usage=80_000, use="commercial", designated_store="A")
    stores = {
        code: await car_world.do(parties.create_service_unit, CreateServiceUnit(code=code, name=code, kind="workshop"))
        for code in ("A", "B")
    }
    async with car_world.work() as uow:
        verdicts = {
            code: await service.check_eligibility(
                uow,
                CheckEligibility(asset_id=taxi.id, campaign="summer", service_unit_id=store.id, on=IN_WINDOW),
            )
            for code, store in stores.items()
        }
    assert {code: verdict.eligible for code, verdict in verdicts.items()} == {"A": True, "B": False}
    assert verdicts["B"].clause == "P06-07"


async def test_eligibility_is_asked_of_own_assets_and_known_campaigns(car_world: World) -> None:
    car = await register(car_world, usage=9000)
    async with car_world.work() as uow:
        with pytest.raises(InvalidInput) as unknown:
            await service.check_eligibility(uow, CheckEligibility(asset_id=car.id, campaign="winter"))
        assert unknown.value.code == "CAMPAIGN_UNKNOWN"
    stranger = car_world.tenant.actor("customer", customer_id=car.id)
    async with car_world.work(stranger) as uow:
        with pytest.raises(NotFound):
            await service.check_eligibility(uow, CheckEligibility(asset_id=car.id, campaign="summer"))


async def test_without_a_mileage_condition_nobody_takes_part(platform: TestPlatform) -> None:
    world = await settle(platform, {"auto_4s": {}}, vertical="auto_4s", asset_type="passenger_car")
    car = await register(world, usage=9000)
    async with world.work() as uow:
        verdict = await service.check_eligibility(
            uow, CheckEligibility(asset_id=car.id, campaign="summer", on=IN_WINDOW)
        )
    assert not verdict.eligible
