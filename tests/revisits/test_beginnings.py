"""Cadences that begin with an installation or with going live, and what happens to a ticket's revisits in between."""

from datetime import date, timedelta

import pytest

from aftersales.assets import service as assets
from aftersales.assets.commands import RegisterAsset, RetireAsset, UpdateAsset
from aftersales.contracts import service as contracts
from aftersales.contracts.commands import RecordContractEvent, SignContract
from aftersales.revisits.models import Revisit
from tests.revisits.office import VERTICAL, close, complete, customer, incomplete, one, put_into_force, revisits
from tests.tickets.world import World, local


async def open_days(world: World, **where: object) -> list[tuple[str, str | None]]:
    return [
        (row.code, None if row.due_on is None else str(row.due_on))
        for row in await revisits(world, state="open", **where)
    ]


@pytest.mark.clause("P09-09", "P14-09")
async def test_quality_is_tracked_from_the_installation(office: World) -> None:
    """Given 9 months from an installation on 31 May, then by 28 February; after an early contact 9 months from it."""
    await put_into_force(office, trigger="installation", months=9, dimensions=("quality",), clause="P09-09")
    household = await customer(office, "H")
    assert await open_days(office, customer_id=household.id) == []
    heater = await office.do(
        assets.register_asset,
        RegisterAsset(number="H-1", name="Heater", vertical=VERTICAL, asset_type="screen", customer_id=household.id),
        office.owner,
    )
    assert await open_days(office, customer_id=household.id) == []
    installed = UpdateAsset(asset_id=heater.id, installed_on=date(2026, 5, 31))
    await office.do(assets.update_asset, installed, office.owner)
    assert await open_days(office, customer_id=household.id) == [("installation", "2027-02-28")]
    office.clock.move_to(local("2026-08-31 10:00"))
    await complete(office, await one(office, customer_id=household.id), scores={"quality": 4})
    assert await open_days(office, customer_id=household.id) == [("installation", "2027-05-31")]
    await office.do(assets.retire_asset, RetireAsset(asset_id=heater.id), office.owner)
    assert await open_days(office, customer_id=household.id) == []


@pytest.mark.clause("P10-25")
async def test_the_quarters_begin_with_going_live(office: World) -> None:
    """Given a visit before going live, then it doesn't count; a late one moves the next, as A41 counts from it."""
    await put_into_force(office, trigger="go_live", months=3, channels=("visit",), clause="P10-25")
    who = await customer(office, "L")
    signed = await office.do(
        contracts.sign_contract,
        SignContract(title="Care", vertical=VERTICAL, customer_id=who.id, starts_on=date(2026, 6, 1)),
        office.owner,
    )
    assert await open_days(office, customer_id=who.id) == []
    office.clock.move_to(local("2026-06-30 09:00"))
    went_live = RecordContractEvent(contract_id=signed.id, event="go_live", on=date(2026, 6, 15))
    await office.do(contracts.record_contract_event, went_live, office.owner)
    assert await open_days(office, customer_id=who.id) == [("go_live", "2026-09-15")]
    office.clock.move_to(local("2026-09-20 10:00"))
    await complete(office, await one(office, customer_id=who.id))
    assert await open_days(office, customer_id=who.id) == [("go_live", "2026-12-20")]


async def states(world: World, ticket_id: object) -> list[str]:
    return sorted(row.state for row in await world.read(Revisit, ticket_id=ticket_id))


@pytest.mark.clause("P03-18", "P13-18", "P08-21")
async def test_each_end_of_a_service_is_asked_about_once(office: World) -> None:
    """Given a revisit that finds the customer dissatisfied, then the next end of the same ticket owes one more."""
    from aftersales.tickets import service as tickets
    from aftersales.tickets.commands import AssignEngineer, CloseTicket, Resolve, StartWork

    ticket = await close(office)
    [first] = await revisits(office, ticket_id=ticket.id)
    early = await incomplete(
        office, first, channel="phone", scores={"attitude": 5, "quality": 2, "solved": 1},
        held_at=office.clock.now() - timedelta(minutes=1),
    )  # fmt: skip
    assert (early.code, early.field) == ("PERIOD_INVERTED", "heldAt")
    await complete(
        office, first, channel="phone", scores={"attitude": 5, "quality": 2, "solved": 1}, satisfied=False,
        opinion="It flickers again",
    )  # fmt: skip
    assert await states(office, ticket.id) == ["done"]
    office.later(days=1)
    other = AssignEngineer(ticket_id=ticket.id, engineer_id=office.other_engineer.id)
    await office.do(tickets.assign_engineer, other)
    await office.do(tickets.start_work, StartWork(ticket_id=ticket.id))
    await office.do(tickets.resolve, Resolve(ticket_id=ticket.id, cause="wear", measures="replaced"))
    await office.do(tickets.close_ticket, CloseTicket(ticket_id=ticket.id))
    assert await states(office, ticket.id) == ["done", "open"]
    second = await one(office, ticket_id=ticket.id, state="open")
    assert second.engineer_id == office.other_engineer.id
