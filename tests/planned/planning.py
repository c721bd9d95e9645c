"""Steps that the examples of planned work share."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from aftersales.assets import service as assets
from aftersales.assets.commands import AcceptAsset, UpdateAsset
from aftersales.commitments.models import Commitment
from aftersales.kit.jobs import handler_of
from aftersales.kit.outbox import OutboxMessage
from aftersales.planned import planner, service
from aftersales.planned.models import MaintenancePlan, PlannedObligation
from aftersales.plugins.vertical import VerticalSettings
from aftersales.terms.base import Label
from aftersales.terms.planned import InspectionCadence
from aftersales.terms.playbook import VerticalPlaybook
from tests.fixtures.database import TestPlatform
from tests.tickets.world import ZONE, World, local, settle

BATCH = 200


def cadence(code: str = "check", **more: Any) -> InspectionCadence:
    """A free inspection of the tests' own, anchored on acceptance."""
    return InspectionCadence(
        **{
            "code": code, "label": Label(code, code), "clause": "TEST", "kind": "inspection", "count": None,
            "per": "contract_year", "anchor": "acceptance", "free": True, **more,
        }
    )  # fmt: skip


def plan(*cadences: InspectionCadence, **more: Any) -> VerticalPlaybook:
    """The terms of a plan whose vertical isn't built: these cadences."""
    return VerticalPlaybook(vertical="plan", settings=VerticalSettings(), inspection_cadences=cadences, **more)


def day(text: str) -> date:
    return date.fromisoformat(text)


async def settled(
    platform: TestPlatform, vertical: str, asset_type: str, *, at: str = "2026-03-01 09:00",
    accepted_on: str | None = None, settings: dict[str, Any] | None = None, **attributes: str,
) -> World:  # fmt: skip
    """A tenant with one asset that was accepted, and whose attributes tell the rest, at a moment in Shanghai."""
    platform.clock.move_to(local(at))
    world = await settle(platform, {vertical: settings or {}}, vertical=vertical, asset_type=asset_type)
    if attributes:
        command = UpdateAsset(asset_id=world.asset.id, attributes=attributes)
        await world.do(assets.update_asset, command, world.owner)
    if accepted_on is not None:
        accept = AcceptAsset(asset_id=world.asset.id, accepted_on=day(accepted_on))
        await world.do(assets.accept_asset, accept, world.owner)
    return world


async def work_off(world: World) -> int:
    """What a worker would do about plans: the jobs in the outbox, then the round until nothing is due."""
    done: set[UUID] = world.__dict__.setdefault("jobs_done", set())
    handler = handler_of("plan")
    assert handler is not None
    while waiting := [row for row in await world.read(OutboxMessage, topic="plan") if row.id not in done]:
        for message in waiting:
            async with world.tenant.work() as uow:
                await handler(uow, message)
            done.add(message.id)
    total = 0
    while True:
        async with world.tenant.work() as uow:
            found = await planner.plan_due(uow, BATCH)
        total += found
        if found < BATCH:
            return total


async def owed(world: World, code: str | None = None) -> list[PlannedObligation]:
    """What is stored, by due day, without what was withdrawn."""
    rows = [row for row in await world.read(PlannedObligation) if row.state != "withdrawn"]
    chosen = [row for row in rows if code in {None, row.code}]
    return sorted(chosen, key=lambda row: (row.due_on or date.max, row.code))


async def dues(world: World, code: str) -> list[str]:
    """The due days of a cadence as they are stored."""
    return [str(row.due_on) for row in await owed(world, code)]


async def promise_of(world: World, obligation: PlannedObligation) -> Commitment:
    """The latest deadline of an obligation."""
    return (await world.read(Commitment, subject_id=obligation.id))[-1]


async def plan_of(world: World) -> MaintenancePlan:
    """The asset's plan."""
    [found] = await world.read(MaintenancePlan, subject_id=world.asset.id)
    return found


async def between(world: World, first: str, last: str) -> list[str]:
    """The due days of the asset between two days, stored or not, each with its code."""
    async with world.work(world.owner) as uow:
        found = await service.planned_between(uow, day(first), day(last), asset_id=world.asset.id)
        return [f"{one.due_on} {one.cadence.code}" for _, one, _ in found]


def on_wall(instant: datetime | None) -> str:
    """An instant as on the wall in Shanghai."""
    assert instant is not None
    return instant.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def days(*texts: str) -> Sequence[date]:
    return [day(text) for text in texts]
