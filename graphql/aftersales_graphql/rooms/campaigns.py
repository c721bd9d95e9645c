"""Campaigns, what was ordered under them, and what was given."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Optional

import strawberry
from strawberry.scalars import JSON

from aftersales.campaigns import models
from aftersales_graphql.machine.declare import Columns, Viewer, connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.parties import Customer, ServiceUnit
from aftersales_graphql.rooms.visibility import own_or_given, staff_only, through

if TYPE_CHECKING:
    from aftersales_graphql.rooms.assets import Asset
    from aftersales_graphql.rooms.tickets import Ticket

_orders: Any = models.CampaignOrder.__table__
_own: Any = own_or_given()


def _published(row: Columns, viewer: Viewer) -> Any:
    """Those outside the company see a campaign once it is published."""
    return row["state"] != "draft" if viewer.is_customer or viewer.is_dealer else None


@entity(models.CampaignUse, visible=staff_only)
class CampaignUse(Node):
    """How many lines of an order took an offer, and what they saved."""

    offer: str
    clause: str | None
    lines: int
    saved: Decimal


@entity(models.CampaignGift, visible=through(_orders, "order_id", _own))
class CampaignGift(Node):
    """A gift that an order earned, and when it was handed over."""

    offer: str
    clause: str | None
    gift: str
    quantity: int
    tier: bool
    day: date
    earned_at: datetime
    handed_over_at: datetime | None
    version: int


@entity(models.CampaignOrder, filters=("number", "customer", "asset", "campaign", "day"), orders=("at", "number"),
        default_order="-at", visible=_own)  # fmt: skip
class RedeemedOrder(Node):
    """An order as it was paid under a campaign; `lines` with the offer, clause and reason of each price."""

    number: str
    order_type: str
    day: date
    listed: Decimal
    payable: Decimal
    saved: Decimal
    routine_spend: Decimal
    segment: str | None
    lines: JSON
    at: datetime
    campaign: Optional["Campaign"] = one("campaign_id")
    customer: Customer | None = one("customer_id")
    asset: Annotated["Asset", strawberry.lazy("aftersales_graphql.rooms.assets")] | None = one("asset_id")
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")
    service_unit: ServiceUnit | None = one("service_unit_id")
    uses: list[CampaignUse] = many("order_id", order="offer")
    gifts: list[CampaignGift] = many("order_id", order="offer")


@entity(models.Campaign, filters=("vertical", "code", "year", "state"), orders=("starts_on",),
        default_order="-starts_on", visible=_published)  # fmt: skip
class Campaign(Node):
    """A campaign from its first to its last day, both included; `offers` as they were when it was opened."""

    vertical: str
    code: str
    year: int
    name: str
    prepare_by: date | None
    starts_on: date
    ends_on: date
    offers: JSON
    parameters: JSON
    labour_rate: Decimal | None
    stacking: str
    tier_mode: str
    currency: str
    state: str
    version: int
    created_at: datetime
    published_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None


@root
class CampaignQueries:
    campaign: Campaign | None = find(description="One campaign by its id.")
    campaigns: Connection[Campaign] = connection(description="Campaigns.")
    campaign_orders: Connection[RedeemedOrder] = connection(description="Orders under campaigns.")
