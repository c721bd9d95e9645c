"""Customers, contacts, sites, service units, warranty cards."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Optional

import strawberry

from aftersales.parties import models
from aftersales_graphql.machine.declare import connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.visibility import own_or_given, own_or_on_ticket, staff_only

if TYPE_CHECKING:
    from aftersales_graphql.rooms.assets import Asset
    from aftersales_graphql.rooms.contracts import ServiceContract
    from aftersales_graphql.rooms.journal import Event
    from aftersales_graphql.rooms.tickets import Ticket

_CUSTOMER_STAFF = {"owner", "dispatcher", "engineer", "finance", "quality_supervisor"}


@entity(
    models.ServiceUnit,
    filters=("code", "kind", "level", "authorised", "parent"),
    orders=("code", "level"),
    default_order="code",
    visible=own_or_given(None, "id"),
)
class ServiceUnit(Node):
    """A part of the service organisation: headquarters, office, agent, dealer, department."""

    code: str
    name: str
    kind: str
    level: int
    parent: Optional["ServiceUnit"] = one("parent_id")
    regions: list[str]
    authorised: bool
    hotline: str | None
    on_call: str | None
    state: str


@entity(models.Contact, orders=("name",), default_order="name",
        visible=own_or_on_ticket("customer_id", "contact_id"))  # fmt: skip
class Contact(Node):
    """A person at a customer; `mayAuthorise` lets the person permit remote access."""

    name: str
    phone: str | None
    email: str | None
    position: str | None
    may_authorise: bool
    notice_channels: list[str]
    notices_refused: bool
    language: str | None
    customer: Optional["Customer"] = one("customer_id")


@entity(models.WarrantyCard, orders=("number",), default_order="number", visible=staff_only)
class WarrantyCard(Node):
    """The warranty card of an installation; a replaced one is no longer valid."""

    number: str
    issued_on: date
    replaced_at: datetime | None


@entity(models.Site, filters=("customer", "region", "state"), orders=("name",), default_order="name",
        visible=own_or_on_ticket("customer_id", "site_id"))  # fmt: skip
class Site(Node):
    """A place where a customer's assets stand; `region` is a GB/T 2260 code."""

    name: str
    address: str | None
    region: str | None
    tags: list[str]
    state: str
    version: int
    customer: Optional["Customer"] = one("customer_id")
    warranty_cards: list[WarrantyCard] = many("site_id", order="-issued_on")


@entity(
    models.Customer,
    filters=("code", "name", "tier", "region", "state"),
    orders=("code", "name", "created_at"),
    default_order="code",
    visible=own_or_on_ticket("id", "customer_id"),
)
class Customer(Node):
    """A customer with its tier."""

    code: str
    name: str
    tier: str
    region: str | None
    phone: str | None
    email: str | None
    last_paid_visit_on: date | None
    contact_confirmed_on: date | None
    tags: list[str]
    state: str
    version: int
    created_at: datetime
    contacts: list[Contact] = many("customer_id", order="name")
    sites: list[Site] = many("customer_id", order="name")
    assets: Connection[Annotated["Asset", strawberry.lazy("aftersales_graphql.rooms.assets")]] = connection(
        "customer_id"
    )
    contracts: list[Annotated["ServiceContract", strawberry.lazy("aftersales_graphql.rooms.contracts")]] = many(
        "customer_id", order="number"
    )
    tickets: Connection[Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")]] = connection(
        "customer_id"
    )
    events: Connection[Annotated["Event", strawberry.lazy("aftersales_graphql.rooms.journal")]] = connection(
        "customer_id", description="Everything that ever happened with this customer."
    )


@root
class PartyQueries:
    customer: Customer | None = find(description="One customer by its id.")
    customers: Connection[Customer] = connection(description="Customers.", roles=_CUSTOMER_STAFF)
    site: Site | None = find(description="One site by its id.")
    sites: Connection[Site] = connection(description="Sites.")
    service_units: Connection[ServiceUnit] = connection(description="The service organisation.")
