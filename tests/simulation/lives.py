"""Steps that the examples of simulated contracts share."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from aftersales.simulation import service
from aftersales.simulation.commands import AssumedAssets, AssumedEvent, SimulateContract
from aftersales.simulation.service import SimulatedContract
from aftersales.simulation.values import Simulation
from tests.tickets.world import World, member

FINANCE = member("finance")


def day(text: str) -> date:
    return date.fromisoformat(text)


def asked(
    starts_on: str, events: Mapping[str, str] | None = None, assets: Mapping[str, int] | None = None, **more: Any
) -> SimulateContract:
    """A question about a contract from a day on, with events and assets told in short."""
    return SimulateContract(
        starts_on=day(starts_on),
        events=tuple(AssumedEvent(event=event, on=day(on)) for event, on in (events or {}).items()),
        assets=tuple(AssumedAssets(asset_type=kind, count=count) for kind, count in (assets or {}).items()),
        **more,
    )


async def simulated(world: World, command: SimulateContract) -> SimulatedContract:
    found: SimulatedContract = await world.do(service.simulate_contract, command, FINANCE)
    return found


def told(simulation: Simulation, *kinds: str) -> list[str]:
    """Day, kind, moment and code of every date, of some kinds or of all."""
    return [
        f"{one.on} {one.kind} {one.moment} {one.code}"
        for one in simulation.dates
        if not kinds or one.kind in kinds
    ]  # fmt: skip


def waits(simulation: Simulation) -> dict[str, str | None]:
    """Of every standing promise what it waits for."""
    return {f"{one.kind} {one.code}": one.waits_for for one in simulation.promises}
