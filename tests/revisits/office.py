"""A service office of a made-up vertical whose text promises revisits, and what its workers do."""

import sys
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from aftersales import AssetType, Label, RevisitRule, Vertical, VerticalSettings, hookimpl
from aftersales.assets.models import Asset
from aftersales.commitments.models import Commitment
from aftersales.commitments.sweeper import sweep_tenant
from aftersales.kit import jobs
from aftersales.kit.clock import FixedClock
from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales.kit.outbox import OutboxMessage
from aftersales.parties.models import Customer, Site
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from aftersales.revisits import plans, service
from aftersales.revisits.commands import CompleteRevisit, OpenRevisitPlan, OwnRevisitRule
from aftersales.revisits.models import Revisit, RevisitPlan
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.pools import Pools
from aftersales_tenants.scopes import Scopes
from tests.fixtures.database import TestPlatform
from tests.support.refusals import refused
from tests.tickets.world import ZONE, World, settle

VERTICAL = "display"
DIMENSIONS = ("attitude", "quality", "solved")


@hookimpl
def asset_types(settings: VerticalSettings) -> Any:
    return (AssetType(code="screen", label=Label("显示屏", "Screen"), clause="P03-01"),)


@hookimpl
def revisit_rules(settings: VerticalSettings) -> Sequence[RevisitRule]:
    """Plans 3 and 13."""
    return (
        RevisitRule(
            code="each_service", label=Label("服务回访", "After each service"), clause="P03-18",
            trigger="ticket_closed", channels=("phone", "visit"), dimensions=DIMENSIONS, owner="service_centre",
        ),
        RevisitRule(
            code="management_visit", label=Label("总经理走访", "Visit of the management"), clause="P03-20",
            trigger="manual", channels=("visit",), participants=("general_manager", "service_centre"),
            dimensions=("product", "service"), owner="service_centre",
        ),
    )  # fmt: skip


DISPLAY = Vertical(
    name=VERTICAL, label=Label("显示", "Displays"), version="1.0", engine=">=0.1,<1", settings=VerticalSettings,
    hooks=sys.modules[__name__],
)  # fmt: skip


async def office_of(pools: Pools, clock: FixedClock) -> World:
    """A tenant of the made-up vertical, on 10 June 2026, 09:00 in Shanghai."""
    compiler = PlaybookCompiler(Registry([DISPLAY]))
    platform = TestPlatform(pools, clock, Gateway(pools, Scopes(compiler), clock), compiler)
    return await settle(platform, {VERTICAL: {}}, vertical=VERTICAL, asset_type="screen")


async def put_into_force(world: World, starts_on: date | None = None, **rule: Any) -> RevisitPlan:
    """A plan of the tenant's own rule; what it concerns at once is enrolled."""
    given = {"code": rule["trigger"], "name": "Rule", **rule}
    command = OpenRevisitPlan(vertical=VERTICAL, own=OwnRevisitRule(**given), starts_on=starts_on)
    plan: RevisitPlan = await world.do(service.open_revisit_plan, command)
    await work_off(world)
    return plan


async def work_off(world: World) -> int:
    """Do what rooms asked workers for, and what that asks for in turn; how many messages there were."""
    count = 0
    while pending := [
        message
        for message in await world.read(OutboxMessage)
        if message.done_at is None
        and jobs.handler_of(message.topic) is not None
        and message.available_at <= world.clock.now()
    ]:
        for message in pending:
            await handle(world, message.id)
            count += 1
    return count


async def handle(world: World, message_id: UUID, *, note: bool = True) -> None:
    """One message, as the worker carries it out."""
    async with world.tenant.work() as uow:
        message = await uow.get(OutboxMessage, message_id)
        handler = jobs.handler_of(message.topic)
        assert handler is not None
        await handler(uow, message)
        if note:
            message.done_at = uow.now


async def make_round(world: World) -> int:
    """A worker's round over the plans, with what it asks for."""
    async with world.tenant.work() as uow:
        count = await plans.run_plans(uow, 20)
    await work_off(world)
    return count


async def sweep(world: World) -> None:
    """Let the sweeper see what fell due."""
    async with world.tenant.work() as uow:
        await sweep_tenant(uow, 100)


async def revisits(world: World, **where: Any) -> list[Revisit]:
    return await world.read(Revisit, **where)


async def one(world: World, **where: Any) -> Revisit:
    [found] = await world.read(Revisit, **where)
    return found


async def promise(world: World, revisit: Revisit) -> Commitment:
    """The deadline of a revisit."""
    [found] = await world.read(Commitment, subject_id=revisit.id)
    return found


async def complete(world: World, revisit: Revisit, **given: Any) -> Revisit:
    command = CompleteRevisit(**{"revisit_id": revisit.id, "channel": "visit", **given})
    done: Revisit = await world.do(service.complete_revisit, command)
    return done


async def incomplete(world: World, revisit: Revisit, **given: Any) -> AftersalesError:
    """Why an outcome is refused; nothing is written."""
    command = CompleteRevisit(**{"revisit_id": revisit.id, "channel": "visit", **given})
    return await refused(world, service.complete_revisit, command)


async def close(world: World, **given: Any) -> Any:
    """A ticket of the first engineer, opened, resolved and closed."""
    from aftersales.tickets import service as tickets
    from aftersales.tickets.commands import AssignEngineer, CloseTicket, Resolve, StartWork

    ticket = await world.open(**given)
    await world.do(tickets.assign_engineer, AssignEngineer(ticket_id=ticket.id, engineer_id=world.engineer.id))
    await world.do(tickets.start_work, StartWork(ticket_id=ticket.id))
    await world.do(tickets.resolve, Resolve(ticket_id=ticket.id, cause="wear", measures="repaired"))
    return await world.do(tickets.close_ticket, CloseTicket(ticket_id=ticket.id))


async def customer(world: World, code: str, **given: Any) -> Customer:
    """A customer of the office, told to everybody who reacts to a new one."""
    from aftersales.parties import service as parties
    from aftersales.parties.commands import CreateCustomer

    made: Customer = await world.do(parties.create_customer, CreateCustomer(code=code, name=code, **given))
    return made


async def projects(world: World, count: int, region: str = "310000", **site: Any) -> list[Site]:
    """So many sites of one owner in a region, each with a screen."""
    owner = Customer(id=new_id(), code=f"OWNER-{new_id()}", name="Owner", region=region, created_at=world.clock.now())
    sites = [
        Site(id=new_id(), customer_id=owner.id, name=f"P{number}", region=region, **site) for number in range(count)
    ]
    screens = [
        Asset(
            id=new_id(), number=f"S-{new_id()}", name="Screen", vertical=VERTICAL, asset_type="screen",
            customer_id=owner.id, site_id=site.id, created_at=world.clock.now(),
        )
        for site in sites
    ]  # fmt: skip
    await world.add(owner, *sites, *screens)
    return sites


def wall(instant: datetime | None) -> str:
    """An instant as on the wall in Shanghai."""
    assert instant is not None
    return instant.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
