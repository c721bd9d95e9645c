"""What is done with campaigns; what an order costs under one, and what became of it."""

from decimal import Decimal

import strawberry

from aftersales.campaigns import service
from aftersales.campaigns.commands import PriceOrder
from aftersales.campaigns.pricing import LostOffer, PricedCampaign
from aftersales_graphql.language import told
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.machine.structs import input_type, to_struct
from aftersales_graphql.rooms.campaigns import Campaign, CampaignGift, RedeemedOrder
from aftersales_graphql.rooms.commands import ID_TYPES, command, id_given

CampaignPriceInput = input_type(PriceOrder)


@strawberry.type(description="An offer that was about a line and didn't price it.")
class LostCampaignOffer:
    offer: str
    number: int
    clause: str | None
    reason: str = strawberry.field(description="In the caller's language.")


@strawberry.type(description="A line with its list price and what is to be paid, by which offer, and which ones lost.")
class CampaignPriceLine:
    operation: str
    item: str
    quantity: Decimal
    listed: Decimal
    payable: Decimal
    offer: str | None
    number: int | None
    clause: str | None
    reason: str = strawberry.field(description="In the caller's language.")
    lost: list[LostCampaignOffer]


@strawberry.type(description="A line of a free check.")
class CampaignCheck:
    offer: str
    check: str
    clause: str | None
    payable: Decimal


@strawberry.type(description="Something that the order earns.")
class EarnedGift:
    offer: str
    number: int
    clause: str | None
    gift: str
    quantity: int


@strawberry.type(description="An order under a campaign; amounts include VAT and are rounded half-up to 0.01.")
class CampaignPrice:
    lines: list[CampaignPriceLine]
    checks: list[CampaignCheck]
    gifts: list[EarnedGift]
    listed: Decimal
    payable: Decimal
    saved: Decimal
    routine_spend: Decimal
    day_spend: Decimal = strawberry.field(description="The vehicle's net routine spend on that day, with this order.")
    lost_tiers: list[LostCampaignOffer]
    refused: str | None = strawberry.field(description="Why no offer counts at all, in the caller's language.")


@strawberry.type(description="How an offer was taken up.")
class CampaignOfferUptake:
    offer: str
    number: int
    label: str = strawberry.field(description="In the caller's language.")
    clause: str | None
    orders: int
    lines: int
    saved: Decimal
    gifts_earned: int
    gifts_given: int


@strawberry.type(
    description="A campaign in figures. Recovered customers were lost before their first order in it; of those who "
    "answered, the satisfied confirmed the ticket of their order."
)
class CampaignFigures:
    orders: int
    customers: int
    vehicles: int
    recovered: int
    inquiries: int
    satisfied: int
    answered: int
    listed: Decimal
    payable: Decimal
    saved: Decimal
    budget: Decimal | None
    budget_left: Decimal | None
    offers: list[CampaignOfferUptake]


def _lost(found: tuple[LostOffer, ...], call: Call) -> list[LostCampaignOffer]:
    return [
        LostCampaignOffer(
            offer=lost.offer, number=lost.number, clause=lost.clause, reason=told(lost.reason, call.language)
        )
        for lost in found
    ]


def _told(priced: PricedCampaign, call: Call) -> CampaignPrice:
    return CampaignPrice(
        lines=[
            CampaignPriceLine(
                operation=line.operation,
                item=line.item,
                quantity=line.quantity,
                listed=line.listed,
                payable=line.payable,
                offer=line.offer,
                number=line.number,
                clause=line.clause,
                reason=told(line.reason, call.language),
                lost=_lost(line.lost, call),
            )
            for line in priced.lines
        ],
        checks=[
            CampaignCheck(offer=check.offer, check=check.check, clause=check.clause, payable=check.payable)
            for check in priced.checks
        ],
        gifts=[
            EarnedGift(offer=gift.offer, number=gift.number, clause=gift.clause, gift=gift.gift, quantity=gift.quantity)
            for gift in priced.gifts
        ],
        listed=priced.listed,
        payable=priced.payable,
        saved=priced.saved,
        routine_spend=priced.routine_spend,
        day_spend=priced.day_spend,
        lost_tiers=_lost(priced.lost_tiers, call),
        refused=None if priced.refused is None else told(priced.refused, call.language),
    )


async def _campaign_price(call: Call, input: CampaignPriceInput) -> CampaignPrice:  # type: ignore[valid-type]
    """What an order of a vehicle costs under a campaign, line by line with reasons; writes nothing."""
    return _told(await service.price_order(call.uow, to_struct(input, PriceOrder, ID_TYPES)), call)


campaign_price = query(name="campaignPrice")(_campaign_price)


@query()
async def campaign_report(call: Call, campaign_id: strawberry.ID) -> CampaignFigures:
    """Uptake, budget, recovered customers and satisfaction of a campaign so far."""
    report = await service.campaign_report(call.uow, id_given("Campaign", campaign_id, "campaignId"))
    return CampaignFigures(
        orders=report.orders,
        customers=report.customers,
        vehicles=report.vehicles,
        recovered=report.recovered,
        inquiries=report.inquiries,
        satisfied=report.satisfied,
        answered=report.answered,
        listed=report.listed,
        payable=report.payable,
        saved=report.saved,
        budget=report.budget,
        budget_left=report.budget_left,
        offers=[
            CampaignOfferUptake(
                offer=found.offer,
                number=found.number,
                label=told(found.label, call.language),
                clause=found.clause,
                orders=found.orders,
                lines=found.lines,
                saved=found.saved,
                gifts_earned=found.gifts_earned,
                gifts_given=found.gifts_given,
            )
            for found in report.offers
        ],
    )


@root
class CampaignAnswerQueries:
    campaign_price = campaign_price
    campaign_report = campaign_report


@root
class CampaignMutations:
    open_campaign = command(service.open_campaign, returns=Campaign)
    change_campaign = command(service.change_campaign, returns=Campaign)
    publish_campaign = command(service.publish_campaign, returns=Campaign)
    end_campaign = command(service.end_campaign, returns=Campaign)
    redeem_order = command(service.redeem_order, returns=RedeemedOrder, under="order")
    hand_over_gift = command(service.hand_over_gift, returns=CampaignGift, under="gift")
