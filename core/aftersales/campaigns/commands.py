"""What callers ask of campaigns: one frozen Struct per operation. Instants are tz-aware; left out, they mean now."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from msgspec import Struct

from aftersales.campaigns.lines import CampaignLine, OrderType, Stacking, TierMode

PriceRule = Literal["free", "fixed", "waive_labour", "discount_material", "discount_labour", "discount_all", "gift"]


class OwnOffer(Struct, frozen=True, kw_only=True):
    """An offer that the tenant adds to the vertical's; `trigger` is an operation or a class of products."""

    code: str
    name: str
    number: int
    trigger: str
    price_rule: PriceRule
    factor: Decimal | None = None
    fixed_price: Decimal | None = None
    list_price: Decimal | None = None
    threshold: Decimal | None = None
    gifts: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


class OpenCampaign(Struct, frozen=True, kw_only=True):
    """A draft of a vertical's campaign for a year.

    `parameters` are values that its rules ask for, by default those of the vertical's settings. `labour_rate` is
    the price of one labour hour, by default the vertical's fee table's. `without` leaves offers out.
    """

    vertical: str
    campaign: str
    year: int
    name: str | None = None
    parameters: dict[str, int] = {}
    labour_rate: Decimal | None = None
    budget: Decimal | None = None
    stacking: Stacking = "specific_first"
    tier_mode: TierMode = "cumulative"
    without: tuple[str, ...] = ()
    own_offers: tuple[OwnOffer, ...] = ()


class ChangeCampaign(Struct, frozen=True, kw_only=True):
    """Change a draft; what is left out stays."""

    campaign_id: UUID
    parameters: dict[str, int] | None = None
    labour_rate: Decimal | None = None
    budget: Decimal | None = None
    stacking: Stacking | None = None
    tier_mode: TierMode | None = None
    expected_version: int | None = None


class PublishCampaign(Struct, frozen=True, kw_only=True):
    """Make a draft known; from now on its terms stand."""

    campaign_id: UUID
    expected_version: int | None = None


class EndCampaign(Struct, frozen=True, kw_only=True):
    """End a published campaign, with the reason."""

    campaign_id: UUID
    reason: str
    expected_version: int | None = None


class PriceOrder(Struct, frozen=True, kw_only=True):
    """What an order of a vehicle costs under a campaign on a local day, by default today; writes nothing."""

    campaign_id: UUID
    asset_id: UUID
    lines: tuple[CampaignLine, ...]
    order_type: OrderType = "routine"
    service_unit_id: UUID | None = None
    on: date | None = None


class RedeemOrder(Struct, frozen=True, kw_only=True):
    """An order that is paid under a campaign. `number` is the order's own: the same order twice is stored once."""

    campaign_id: UUID
    asset_id: UUID
    number: str
    lines: tuple[CampaignLine, ...]
    order_type: OrderType = "routine"
    service_unit_id: UUID | None = None
    ticket_id: UUID | None = None
    at: datetime | None = None


class HandOverGift(Struct, frozen=True, kw_only=True):
    """The customer gets a gift that an order earned."""

    gift_id: UUID
    at: datetime | None = None
    expected_version: int | None = None
