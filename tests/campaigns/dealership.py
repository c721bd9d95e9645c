"""A dealership, its campaign, and orders under it."""

from typing import Any
from uuid import UUID

from aftersales.assets.models import Asset
from aftersales.campaigns import service
from aftersales.campaigns.commands import OpenCampaign, PriceOrder, PublishCampaign, RedeemOrder
from aftersales.campaigns.lines import CampaignLine
from aftersales.campaigns.models import Campaign, CampaignGift, CampaignOrder
from aftersales.campaigns.pricing import PricedCampaign
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer
from tests.fixtures.database import TestPlatform
from tests.tickets.world import World, local, member, settle

FINANCE = member("finance")
CAR = {"brand": "Hyundai", "sold_on": "2020-01-01"}
OPEN: dict[str, Any] = {"vertical": "auto_4s", "campaign": "summer", "year": 2026}


class Dealership:
    """What a test does in the shop."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def open(self, *, published: bool = True, **given: Any) -> Campaign:
        """The summer campaign of 2026 from 5,000 km, with the labour hour at 100.00."""
        command = OpenCampaign(**{**OPEN, "parameters": {"minimum_campaign_kilometres": 5_000}, **given})
        campaign: Campaign = await self.world.do(service.open_campaign, command, FINANCE)
        if published:
            await self.world.do(service.publish_campaign, PublishCampaign(campaign_id=campaign.id), FINANCE)
        return campaign

    async def car(self, number: str, *, usage: int | None = 60_000, **attributes: Any) -> Asset:
        """A car of the shop's customer."""
        car = Asset(
            id=new_id(), number=number, name=number, vertical="auto_4s", asset_type="passenger_car", usage=usage,
            customer_id=self.world.customer.id, attributes={**CAR, **attributes}, created_at=self.world.clock.now(),
        )  # fmt: skip
        await self.world.add(car)
        return car

    def order(self, campaign: Campaign, number: str, *lines: CampaignLine, **given: Any) -> RedeemOrder:
        return RedeemOrder(
            **{"campaign_id": campaign.id, "asset_id": self.world.asset.id, "number": number, "lines": lines, **given}
        )

    async def redeem(self, campaign: Campaign, number: str, *lines: CampaignLine, **given: Any) -> CampaignOrder:
        stored: CampaignOrder = await self.world.do(service.redeem_order, self.order(campaign, number, *lines, **given))
        return stored

    async def price(self, campaign: Campaign, *lines: CampaignLine, **given: Any) -> PricedCampaign:
        command = PriceOrder(**{"campaign_id": campaign.id, "asset_id": self.world.asset.id, "lines": lines, **given})
        priced: PricedCampaign = await self.world.do(service.price_order, command)
        return priced

    async def gifts(self, order_id: UUID) -> list[str]:
        return [gift.gift for gift in await self.world.read(CampaignGift, order_id=order_id)]

    async def last_paid_visit(self) -> Any:
        [customer] = await self.world.read(Customer, id=self.world.customer.id)
        return customer.last_paid_visit_on


async def dealership(platform: TestPlatform) -> Dealership:
    """A tenant with the vertical `auto_4s`, standing on 18 June 2026, 09:00 in Shanghai."""
    platform.clock.move_to(local("2026-06-18 09:00"))
    world = await settle(platform, {"auto_4s": {}}, vertical="auto_4s", asset_type="passenger_car")
    async with world.work() as uow:
        car = await uow.get(Asset, world.asset.id)
        car.attributes = CAR
        car.usage = 60_000
    return Dealership(world)
