"""Outreach events with their itinerary, people, goods and register."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.scalars import JSON

from aftersales.outreach import models
from aftersales_graphql.machine.declare import connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.documents import Document
from aftersales_graphql.rooms.parties import Customer
from aftersales_graphql.rooms.visibility import staff_only

if TYPE_CHECKING:
    from aftersales_graphql.rooms.tickets import Ticket


@entity(models.OutreachPoint, orders=("day",), default_order="day", visible=staff_only)
class OutreachPoint(Node):
    """A stop of the itinerary; times are local."""

    kind: str
    place: str
    region: str | None
    day: date
    starts: str
    ends: str
    staff: list[str]
    version: int


@entity(models.OutreachStaff, orders=("name",), default_order="name", visible=staff_only)
class OutreachStaff(Node):
    """Somebody whom a department sends."""

    department: str
    name: str


@entity(models.OutreachGood, orders=("item",), default_order="item", visible=staff_only)
class OutreachGood(Node):
    """An item of the goods list."""

    item: str
    needed: int
    in_stock: int
    version: int


@entity(models.OutreachOpinion, filters=("category", "day"), orders=("id",), default_order="id", visible=staff_only)
class OutreachOpinion(Node):
    """A row of the register."""

    day: date
    name: str
    phone: str
    category: str
    content: str
    known_before: bool
    at: datetime
    point: OutreachPoint | None = one("point_id")
    customer: Customer | None = one("customer_id")
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")


@entity(models.OutreachEvent, filters=("code", "year", "state"), orders=("starts_on",), default_order="starts_on",
        visible=staff_only)  # fmt: skip
class OutreachEvent(Node):
    """A campaign of service out of the house; `summary` is there once it is closed."""

    code: str
    year: int
    title: str
    vertical: str
    owner_department: str
    clause: str | None
    phases: JSON
    staffing: JSON
    starts_on: date
    ends_on: date
    state: str
    summary: JSON
    version: int
    published_at: datetime | None
    closed_at: datetime | None
    created_at: datetime
    plan_document: Document | None = one("plan_document_id")
    itinerary: list[OutreachPoint] = many("event_id", order="day")
    staff: list[OutreachStaff] = many("event_id", order="name")
    goods: list[OutreachGood] = many("event_id", order="item")
    register: Connection[OutreachOpinion] = connection("event_id")


@root
class OutreachQueries:
    outreach_event: OutreachEvent | None = find(description="One outreach event by its id.")
    outreach_events: Connection[OutreachEvent] = connection(description="Outreach events.")
