"""Releases with the customers' choices, what assets run, the backlog; requests for customisation."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from aftersales.customisation import models as customisation
from aftersales.upgrades import models
from aftersales_graphql.machine.declare import connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.documents import Document
from aftersales_graphql.rooms.fees import Quote
from aftersales_graphql.rooms.parties import Customer
from aftersales_graphql.rooms.visibility import own_or_given, staff_only

if TYPE_CHECKING:
    from aftersales_graphql.rooms.assets import Asset
    from aftersales_graphql.rooms.tickets import Ticket

_own: Any = own_or_given()
LazyAsset = Annotated["Asset", strawberry.lazy("aftersales_graphql.rooms.assets")]
LazyTicket = Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")]


def _catalogue(row: Any, viewer: Any) -> Any:
    """Customers read the catalogue, as they choose from it; dealers don't."""
    return staff_only(row, viewer) if viewer.is_dealer else None


@entity(models.ProductRelease, filters=("vertical", "asset_type", "kind", "state"), orders=("published_at",),
        default_order="published_at", visible=_catalogue)  # fmt: skip
class ProductRelease(Node):
    """An upgrade, a patch or an expansion of a product."""

    vertical: str
    asset_type: str
    kind: str
    subject: str
    release: str
    title: str
    notes: str
    fixes: list[str]
    state: str
    reason: str | None
    published_at: datetime
    withdrawn_at: datetime | None
    version: int


@entity(models.ReleaseChoice, filters=("state", "asset", "customer", "release"), orders=("decided_at",),
        default_order="decided_at", visible=_own)  # fmt: skip
class ReleaseChoice(Node):
    """What a customer decided about a release for an asset, by which channel, and what it cost."""

    state: str
    basis: str
    clause: str | None
    channel: str
    fee: Decimal | None
    currency: str | None
    reason: str
    planned_at: datetime | None
    decided_at: datetime
    installed_at: datetime | None
    version: int
    release: ProductRelease | None = one("release_id")
    asset: LazyAsset | None = one("asset_id")
    customer: Customer | None = one("customer_id")


@entity(models.InstalledVersion, filters=("asset", "customer", "origin"), orders=("installed_at",),
        default_order="installed_at", visible=_own)  # fmt: skip
class InstalledVersion(Node):
    """A version that an asset got; the latest one is what it runs."""

    origin: str
    version_tag: str
    installed_at: datetime
    asset: LazyAsset | None = one("asset_id")
    customer: Customer | None = one("customer_id")
    release: ProductRelease | None = one("release_id")


@entity(models.BacklogTicket, visible=staff_only)
class BacklogTicket(Node):
    """A ticket that an item of the backlog comes from."""

    ticket: LazyTicket | None = one("ticket_id")


@entity(models.BacklogItem, filters=("vertical", "year", "quarter", "state"), orders=("created_at",),
        default_order="created_at", visible=staff_only)  # fmt: skip
class BacklogItem(Node):
    """A problem of a quarter, by its cause, with the tickets that it comes from."""

    vertical: str
    cause: str
    year: int
    quarter: int
    tickets: int
    state: str
    created_at: datetime
    version: int
    release: ProductRelease | None = one("release_id")
    sources: list[BacklogTicket] = many("item_id", order="id")


@entity(customisation.CustomisationRequest, filters=("type", "state", "asset", "customer", "ticket"),
        orders=("requested_at",), default_order="requested_at", visible=_own)  # fmt: skip
class CustomisationRequest(Node):
    """A change that a customer asked for, with its estimate, its training and the version that came of it."""

    number: str
    type: str
    title: str
    description: str
    vertical: str
    clause: str | None
    needs_estimate: bool
    needs_training: bool
    needs_version_tag: bool
    needs_plan: bool
    working_days: int | None
    amount: Decimal | None
    version_tag: str | None
    trained_on: date | None
    training_reference: str | None
    trainees: int | None
    state: str
    reason: str | None
    requested_at: datetime
    delivered_at: datetime | None
    completed_at: datetime | None
    version: int
    ticket: LazyTicket | None = one("ticket_id")
    asset: LazyAsset | None = one("asset_id")
    customer: Customer | None = one("customer_id")
    quote: Quote | None = one("quote_id")
    plan: Document | None = one("plan_id")


@root
class UpgradeQueries:
    product_release: ProductRelease | None = find(description="One release by its id.")
    product_releases: Connection[ProductRelease] = connection(description="The catalogue of releases.")
    release_choices: Connection[ReleaseChoice] = connection(description="What customers chose.")
    installed_versions: Connection[InstalledVersion] = connection(description="What assets got.")
    backlog_items: Connection[BacklogItem] = connection(description="Problems that releases are to mend.")
    customisation_request: CustomisationRequest | None = find(description="One request by its id.")
    customisation_requests: Connection[CustomisationRequest] = connection(description="Changes asked for.")
