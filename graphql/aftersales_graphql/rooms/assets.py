"""Assets, their components, arrivals at a workshop."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Optional

import strawberry

from aftersales.assets import models
from aftersales_graphql.machine.declare import connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.parties import Customer, ServiceUnit, Site
from aftersales_graphql.rooms.visibility import own_or_on_ticket, through_asset

if TYPE_CHECKING:
    from aftersales_graphql.rooms.exchange import PastService
    from aftersales_graphql.rooms.journal import Event
    from aftersales_graphql.rooms.tickets import Ticket
    from aftersales_graphql.rooms.training import TrainingDuty


@entity(models.AssetComponent, orders=("component",), default_order="component", visible=through_asset)
class AssetComponent(Node):
    """A part of an asset that its vertical names."""

    component: str
    serial: str | None
    installed_on: date | None
    replaced_on: date | None


@entity(models.Arrival, orders=("arrived_at",), default_order="-arrived_at", visible=through_asset)
class Arrival(Node):
    """An arrival of the asset at a workshop, and whether the dealer system has it."""

    arrived_at: datetime
    usage: int | None
    synchronisation: str
    service_unit: ServiceUnit | None = one("service_unit_id")


@entity(
    models.Asset,
    filters=("number", "vertical", "asset_type", "customer", "site", "serial", "state"),
    orders=("number", "created_at"),
    default_order="number",
    visible=own_or_on_ticket("customer_id", "asset_id"),
)
class Asset(Node):
    """A product in a customer's hands. Attributes of its vertical stand in the field named after the vertical."""

    number: str
    name: str
    vertical: str
    asset_type: str
    serial: str | None
    installed_on: date | None
    accepted_on: date | None
    usage: int | None
    remote_allowed: bool
    state: str
    version: int
    created_at: datetime
    customer: Customer | None = one("customer_id")
    site: Site | None = one("site_id")
    parent: Optional["Asset"] = one("parent_asset_id")
    children: list["Asset"] = many("parent_asset_id", order="number")
    components: list[AssetComponent] = many("asset_id", order="component")
    arrivals: list[Arrival] = many("asset_id", order="-arrived_at")
    training_duties: list[Annotated["TrainingDuty", strawberry.lazy("aftersales_graphql.rooms.training")]] = many(
        "asset_id", order="triggered_on"
    )
    tickets: Connection[Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")]] = connection(
        "asset_id"
    )
    past_services: Connection[Annotated["PastService", strawberry.lazy("aftersales_graphql.rooms.exchange")]] = (
        connection("asset_id", description="Services from before the platform.")
    )
    archive: Connection[Annotated["Event", strawberry.lazy("aftersales_graphql.rooms.journal")]] = connection(
        "asset_id", description="Everything that ever happened to this asset, in order."
    )


@root
class AssetQueries:
    asset: Asset | None = find(description="One asset by its id.")
    assets: Connection[Asset] = connection(description="Assets.")
