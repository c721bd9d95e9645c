"""A tenant with a customer, a site, an asset and engineers, and one unit of work per step of an example."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from aftersales.assets.models import Asset
from aftersales.commitments.models import Commitment
from aftersales.journal.models import Event
from aftersales.kit.actor import Actor
from aftersales.kit.database import Base
from aftersales.kit.entities import shape_of
from aftersales.kit.ids import new_id
from aftersales.kit.outbox import OutboxMessage
from aftersales.parties.models import Contact, Customer, ServiceUnit, Site
from aftersales.scope import TenantScope, TenantWork
from aftersales.terms.classification import ChannelCode
from aftersales.tickets import service
from aftersales.tickets.commands import CallDetails, OpenTicket
from aftersales.tickets.models import Ticket
from aftersales.work.models import Engineer
from tests.fixtures.database import TestPlatform, TestTenant

ZONE = ZoneInfo("Asia/Shanghai")
Row = TypeVar("Row", bound=Base)

CALL = CallDetails(handler_name="Chen", caller="Dr. Li", notes="The system doesn't answer.")


def local(text: str) -> datetime:
    """An instant written as on the wall in Shanghai: `2026-06-10 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


class World:
    """One tenant under a clock that stands until it is moved."""

    def __init__(self, tenant: TestTenant, scope: TenantScope) -> None:
        self.tenant = tenant
        self.scope = scope
        self.clock = tenant.platform.clock
        self.dispatcher = member("dispatcher")
        self.engineer_member = member("engineer")
        self.owner = member("owner")
        self.customer: Customer
        self.contact: Contact
        self.site: Site
        self.asset: Asset
        self.headquarters: ServiceUnit
        self.team: ServiceUnit
        self.engineer: Engineer
        self.other_engineer: Engineer

    def work(self, actor: Actor | None = None) -> AbstractAsyncContextManager[TenantWork]:
        """A unit of work, committed at its end."""
        return self.tenant.work(actor or self.dispatcher)

    async def do(self, operation: Any, command: Any, actor: Actor | None = None) -> Any:
        """One operation in a unit of its own."""
        async with self.work(actor) as uow:
            return await operation(uow, command)

    async def open(self, actor: Actor | None = None, **given: Any) -> Ticket:
        """A ticket by phone about the asset, unless said otherwise."""
        channel: ChannelCode = given.setdefault("channel", "phone")
        if channel == "phone":
            given.setdefault("call", CALL)
        given.setdefault("asset_id", self.asset.id)
        command = OpenTicket(**{"kind": "fault", "title": "It broke", "customer_id": self.customer.id, **given})
        ticket: Ticket = await self.do(service.open_ticket, command, actor)
        return ticket

    async def read(self, entity: type[Row], **where: Any) -> list[Row]:
        """The tenant's rows of a table, in the order of their ids."""
        conditions = "".join(f" and {name} = ${number}" for number, name in enumerate(where, start=2))
        shape = shape_of(entity)
        async with self.work() as uow:
            records = await uow.connection.fetch(
                f"select * from {shape.name} where tenant_id = $1{conditions} order by id",
                self.scope.id,
                *where.values(),
            )
        return [shape.load(record) for record in records]  # type: ignore[misc]

    async def ticket(self, ticket_id: UUID) -> Ticket:
        """The ticket as it is stored."""
        [found] = await self.read(Ticket, id=ticket_id)
        return found

    async def events(self, ticket: Ticket) -> list[str]:
        """What the journal tells of a ticket, in order."""
        return [event.kind for event in await self.read(Event, ticket_id=ticket.id)]

    async def due(self, ticket: Ticket) -> dict[tuple[str, str], datetime | None]:
        """The deadlines that run for a ticket, by milestone and party, on Shanghai's wall."""
        rows = await self.read(Commitment, ticket_id=ticket.id)
        open_rows = [row for row in rows if row.state in {"running", "paused"}]
        return {(row.milestone, row.party): row.due_at and row.due_at.astimezone(ZONE) for row in open_rows}

    async def counts(self) -> dict[str, int]:
        """How many rows each table of the tenant holds; equal before and after means nothing was written."""
        async with self.work() as uow:
            return {
                table.name: await uow.connection.fetchval(
                    f"select count(*) from {table.name} where tenant_id = $1",
                    self.scope.id,
                )
                for table in Base.metadata.tables.values()
                if "tenant_id" in table.columns and table.name not in _NOT_FOR_TENANTS
            }

    async def outbox(self, topic: str) -> list[dict[str, Any]]:
        """What workers are asked to do on a topic."""
        return [message.payload for message in await self.read(OutboxMessage, topic=topic)]

    def customer_member(self, customer: Customer | None = None) -> Actor:
        return member("customer", customer_id=(customer or self.customer).id)

    def later(self, **step: float) -> datetime:
        """Move the clock on."""
        self.clock.advance(timedelta(**step))
        return self.clock.now()

    async def add(self, *rows: Base) -> None:
        """Store rows as they are."""
        async with self.work() as uow:
            for row in rows:
                uow.add(row)


_NOT_FOR_TENANTS = frozenset({"platform_actions"})


def member(*roles: str, customer_id: UUID | None = None, dealer_id: UUID | None = None) -> Actor:
    """A member of the tenant with these roles."""
    return Actor(kind="member", id=new_id(), roles=frozenset(roles), customer_id=customer_id, dealer_id=dealer_id)


async def settle(
    platform: TestPlatform,
    settings: Mapping[str, Mapping[str, Any]],
    *,
    vertical: str,
    asset_type: str,
    region: str = "110000",
) -> World:
    """Create a tenant, a headquarters, a team, a customer with contact, site and asset, and two engineers."""
    tenant = await platform.tenant(settings)
    async with tenant.work() as uow:
        world = World(tenant, uow.scope)
    now = world.clock.now()
    world.headquarters = ServiceUnit(
        id=new_id(), code="HQ", name="Headquarters", kind="headquarters", level=3, hotline="400-800-2000",
        on_call="138-0000-0000",
    )  # fmt: skip
    world.team = ServiceUnit(id=new_id(), code="TEAM", name="Team one", kind="department")
    world.customer = Customer(id=new_id(), code="C1", name="Hospital", region=region, created_at=now)
    world.contact = Contact(id=new_id(), customer_id=world.customer.id, name="Dr. Li", may_authorise=True)
    world.site = Site(id=new_id(), customer_id=world.customer.id, name="Main building", region=region)
    world.asset = Asset(
        id=new_id(), number="A1", name="Main system", vertical=vertical, asset_type=asset_type,
        customer_id=world.customer.id, site_id=world.site.id, created_at=now,
    )  # fmt: skip
    world.engineer = Engineer(id=new_id(), code="E1", name="Wang", service_unit_id=world.team.id)
    world.other_engineer = Engineer(id=new_id(), code="E2", name="Zhao", service_unit_id=world.headquarters.id)
    await world.add(
        world.headquarters, world.team, world.customer, world.contact, world.site, world.asset, world.engineer,
        world.other_engineer,
    )  # fmt: skip
    return world
