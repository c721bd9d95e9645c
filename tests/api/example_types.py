"""The example world's GraphQL types: what a declaration looks like."""

import enum
from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Optional

import strawberry
from sqlalchemy import BindParameter, ColumnElement, and_, any_, select
from strawberry.scalars import JSON

from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales_graphql.machine.declare import (
    Columns,
    Filter,
    Scope,
    Viewer,
    column,
    computed,
    connection,
    embedded,
    entity,
    find,
    json_path,
    many,
    one,
    sql,
)
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Connection, Node, Ref, id_of
from aftersales_graphql.machine.roots import Payload, mutation, query, root, subscription
from aftersales_graphql.machine.schema import SchemaPart, extends
from tests.api import example_tables as tables


@strawberry.enum
class TicketStatus(enum.Enum):
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"


def own_customer_only(column_name: str) -> Any:
    def visible(row: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
        return row[column_name] == viewer.customer_id if viewer.is_customer else None

    return visible


def parent_of(child: BindParameter[Any], scope: Scope) -> Any:
    table = tables.tickets.alias("child")
    found = select(table.c.parent_id).where(table.c.tenant_id == scope.tenant_id, table.c.id == child)
    return found.scalar_subquery()


@strawberry.type
class Age:
    hours: int
    words: str


def age_of(row: Any, call: Call) -> Age:
    hours = int((call.now - row.opened_at).total_seconds() // 3600)
    return Age(hours=hours, words=f"{hours} 小时" if call.language == "zh-CN" else f"{hours} hours")


@entity(tables.customers, filters=("id", "name"), orders=("name",), visible=own_customer_only("id"))
class Customer(Node):
    """Who was promised something."""

    name: str
    tier: str = column(roles={"dispatcher", "owner"})
    tickets: Connection["Ticket"] = connection("customer_id")


@entity(tables.assets, visible=own_customer_only("customer_id"))
class Asset(Node):
    """What the promise is about."""

    serial: str
    colour: str | None = json_path("attributes", "colour")
    customer: Optional["Customer"] = one("customer_id")


@entity(tables.events)
class TicketEvent(Node):
    """Something that happened to a ticket."""

    kind: str
    occurred_at: datetime
    detail: JSON


@entity(
    tables.tickets,
    filters=(
        "id", "number", "title", "status", "hours", "due_at", "price", "customer", "parent",
        Filter("late", bool, lambda row, value, scope: and_(value, row.due_at < scope.now)),
        Filter("numbers", list[str], lambda row, value, scope: row.number == any_(value)),
        Filter("child", strawberry.ID, lambda row, value, scope: row.id == parent_of(value, scope), target="Ticket"),
    ),
    orders=("due_at", "opened_at", "number", "hours", "title"),
    default_order="-opened_at",
    visible=own_customer_only("customer_id"),
)  # fmt: skip
class Ticket(Node):
    """A request of a customer."""

    number: str
    title: str
    status: TicketStatus
    hours: int
    price: Decimal | None
    opened_at: datetime
    due_at: datetime | None
    late: bool | None = sql(lambda ticket, scope: ticket.due_at < scope.now, description="Past its deadline.")
    age: Age = computed("opened_at", resolve=age_of)
    customer: Optional["Customer"] = one("customer_id")
    asset: Optional["Asset"] = one("asset_id")
    parent: Optional["Ticket"] = one("parent_id")
    events: list["TicketEvent"] = many("ticket_id", order="-occurred_at", cap=50)
    children: Connection["Ticket"] = connection("parent_id", order="number")


@strawberry.type
class Me:
    roles: list[str]
    customer: Customer | None


@root
class Queries:
    ticket: Ticket | None = find()
    ticket_by_number: Ticket | None = find(by="number")
    tickets: Connection[Ticket] = connection()
    customer: Customer | None = find()
    customers: Connection[Customer] = connection()


@query()
async def me(call: Call) -> Me:
    """Who is asking."""
    customer = call.principal.customer_id
    return Me(roles=sorted(call.principal.roles), customer=Ref(Customer, customer) if customer else None)  # type: ignore[arg-type]


@query()
async def broken(call: Call) -> str | None:
    """Fails in a way that nobody foresaw."""
    raise RuntimeError("the secret of the cellar")


@strawberry.input
class RenameTicketInput:
    id: strawberry.ID
    title: str
    fail_after_writing: bool = False


@strawberry.type
class RenameTicketPayload(Payload):
    ticket: Ticket | None = None
    tickets: list[Ticket] | None = None


@mutation(roles={"dispatcher", "owner"})
async def rename_ticket(call: Call, input: RenameTicketInput) -> RenameTicketPayload:
    """Give a ticket another title."""
    if not input.title:
        raise InvalidInput("REQUIRED", field="title", field_name="title")
    identifier = id_of("Ticket", input.id)
    assert identifier is not None
    await call.uow.connection.execute(
        "update example.tickets set title = $3 where tenant_id = $1 and id = $2",
        call.principal.tenant_id, identifier, input.title,
    )  # fmt: skip
    if input.title == "explode":
        raise RuntimeError("the secret of the cellar")
    if input.fail_after_writing:
        raise StateRefused("CHECK_REFUSED", field="failAfterWriting", constraint="example")
    reference: Any = Ref(Ticket, identifier)
    return RenameTicketPayload(ticket=reference, tickets=[reference, reference])


@subscription()
async def ticket_events(call: Call, ticket_id: strawberry.ID) -> AsyncIterator[Ticket]:
    """A ticket, again and again, whenever something happens to it."""
    identifier = id_of("Ticket", ticket_id)
    assert identifier is not None
    async for _ in call.services["events"](identifier):
        reference: Any = Ref(Ticket, identifier)
        yield reference


@strawberry.type
class SolarAttributes:
    """Typed attributes that the solar vertical keeps with an asset."""

    tank_litres: int
    collector: str = json_path("collector", default="flat")
    freeze_protected: bool | None = json_path("freeze_protected")


@extends(Asset)
class SolarAsset:
    solar: SolarAttributes | None = embedded("attributes", "solar")


@root
class SolarQueries:
    asset: Asset | None = find()


CORE = SchemaPart(queries=(Queries, me, broken), mutations=(rename_ticket,), subscriptions=(ticket_events,))
SOLAR = SchemaPart(queries=(SolarQueries,), extensions=(SolarAsset,))
