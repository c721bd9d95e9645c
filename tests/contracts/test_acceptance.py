"""An asset's acceptance is its contract's, where the contract names that asset alone; and the customer's duties."""

from datetime import date

import pytest

from aftersales.assets import service as assets
from aftersales.assets.commands import AcceptAsset
from aftersales.contracts import service
from aftersales.contracts.commands import LineDetails, RecordContractEvent
from aftersales.contracts.models import ServiceContract
from aftersales.journal.models import Event
from aftersales.kit.errors import NotFound
from aftersales_software_his import VERTICAL as SOFTWARE
from tests.contracts.lives import FINANCE, entering, happened, sign, stored
from tests.contracts.upgrades import upgrade, upgraded, with_fields
from tests.support.refusals import refused
from tests.tickets.world import World, member


async def accept(world: World, on: date = date(2026, 6, 1)) -> None:
    await world.do(assets.accept_asset, AcceptAsset(asset_id=world.asset.id, accepted_on=on), world.owner)


async def guaranteed(world: World, **given: object) -> ServiceContract:
    """Plan 10: twelve months from the acceptance, which anybody who manages assets may note."""
    lines = given.pop("lines", (LineDetails(asset_id=world.asset.id),))
    return await sign(world, fields={"guarantee_months": 12}, lines=lines, **given)


async def test_an_accepted_asset_starts_the_term_of_its_contract(project_world: World) -> None:
    """Given a contract on one system, when that is accepted on 1 June, then it is free to 1 June of the next year; said
    again for the same day it changes nothing, for another day it is refused."""
    signed = await guaranteed(project_world)
    await happened(project_world, signed, "go_live", date(2026, 5, 20))
    await accept(project_world)
    found = await stored(project_world, signed)
    assert (found.start_events["acceptance"], found.free_until) == ("2026-06-01", date(2027, 6, 1))
    [noted] = [row for row in await project_world.read(Event, kind="contract.event_recorded")
               if row.data["event"] == "acceptance"]  # fmt: skip
    assert noted.data["evidence"] == project_world.asset.number
    await happened(project_world, signed, "acceptance", date(2026, 6, 1))
    assert (await stored(project_world, signed)).version == found.version
    other = RecordContractEvent(contract_id=signed.id, event="acceptance", on=date(2026, 6, 2))
    assert (await refused(project_world, service.record_contract_event, other, FINANCE)).code == "CONTRACT_EVENT_TWICE"


@pytest.mark.parametrize("lines", ["type", "more"])
async def test_an_asset_among_others_is_not_the_whole(project_world: World, lines: str) -> None:
    by_type = LineDetails(asset_type=project_world.asset.asset_type)
    given = (by_type,) if lines == "type" else (LineDetails(asset_id=project_world.asset.id), by_type)
    signed = await guaranteed(project_world, lines=given)
    await accept(project_world)
    assert "acceptance" not in (await stored(project_world, signed)).start_events


async def test_a_contracts_own_acceptance_stays(project_world: World) -> None:
    signed = await guaranteed(project_world)
    await happened(project_world, signed, "acceptance", date(2026, 5, 2))
    await accept(project_world)
    assert (await stored(project_world, signed)).start_events["acceptance"] == "2026-05-02"


async def test_what_only_the_customer_confirms_is_put_before_it(solar_world: World) -> None:
    """Given plan 9, whose acceptance the customer signs, then the asset's acceptance asks for it and signs nothing."""
    signed = await sign(solar_world, lines=(LineDetails(asset_id=solar_world.asset.id),))
    await happened(solar_world, signed, "site_survey", date(2026, 5, 1))
    await happened(solar_world, signed, "installation_started", date(2026, 5, 2))
    await accept(solar_world)
    found = await stored(solar_world, signed)
    assert (found.phase, "acceptance" in found.start_events) == ("installation", False)
    [asked] = await solar_world.read(Event, kind="contract.confirmation_awaited")
    assert (asked.customer_id, asked.data["on"]) == (solar_world.customer.id, "2026-06-01")
    await solar_world.do(
        service.enter_phase, entering(signed, "warranty", date(2026, 6, 1)), solar_world.customer_member()
    )
    assert (await stored(solar_world, signed)).free_until == date(2029, 6, 1)


@pytest.mark.clause("P08-08", "P09-31")
async def test_the_customers_duties_are_those_that_were_signed(hospital_world: World) -> None:
    """Given plan 8, then handing over on staff moves is the customer's duty, whatever the next version calls it."""
    signed = await sign(hospital_world)
    await upgrade(hospital_world, upgraded(SOFTWARE, customer_duties=with_fields(clause="P08-99")))

    async def duties(actor: object = None) -> list[tuple[str, str | None]]:
        async with hospital_world.work(actor) as uow:  # type: ignore[arg-type]
            return [(duty.due, duty.clause) for duty in await service.customer_duties(uow, signed.id)]

    assert await duties() == [("on_staff_change", "P08-08")]
    assert await duties(hospital_world.customer_member()) == await duties()
    for stranger in (
        member("customer", customer_id=hospital_world.team.id), member("dealer", dealer_id=hospital_world.team.id)
    ):  # fmt: skip
        with pytest.raises(NotFound):
            await duties(stranger)
