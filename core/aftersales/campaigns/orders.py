"""Orders under a campaign: priced, stored, and the gifts that they earn."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from aftersales.access import require
from aftersales.assets.models import Asset
from aftersales.assets.service import visible
from aftersales.campaigns import queries, rules
from aftersales.campaigns.commands import HandOverGift, PriceOrder, RedeemOrder
from aftersales.campaigns.lines import ZERO
from aftersales.campaigns.lines import CampaignOrder as Order
from aftersales.campaigns.models import Campaign, CampaignGift, CampaignOrder, CampaignUse
from aftersales.campaigns.pricing import (
    SPEND,
    CampaignTerms,
    Gift,
    PricedCampaign,
    SameDaySpend,
    VehicleFacts,
    price,
)
from aftersales.campaigns.stored import note, stored, terms_of
from aftersales.journal import service as journal
from aftersales.kit.errors import Conflict, InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import happened, locked, today
from aftersales.kit.idempotency import fingerprint
from aftersales.kit.ids import new_id
from aftersales.kit.text import NAME_LIMIT, clean_text
from aftersales.parties.models import Customer, ServiceUnit
from aftersales.plugins.verdicts import CustomerFacts, EligibilityFacts, EligibilityVerdict, SegmentVerdict
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.tickets.models import Ticket


async def price_order(uow: TenantWork, command: PriceOrder) -> PricedCampaign:
    """What an order would cost, line by line with reasons; writes nothing. A draft may be tried out by staff.

    NOT_FOUND, ASSET_OF_OTHER_VERTICAL, CAMPAIGN_LINE_INVALID, LABOUR_RATE_REQUIRED.
    """
    campaign, asset, unit = await _subject(uow, command.campaign_id, command.asset_id, command.service_unit_id)
    if campaign.state != "published" and (uow.actor.customer_id is not None or campaign.state == "ended"):
        rules.check_state(campaign.state, "published", "price")
    day = command.on or today(uow.now, uow.scope.time_zone)
    order = Order(lines=command.lines, order_type=command.order_type)
    return await _price(uow, campaign, asset, unit, order, day)


async def redeem_order(uow: TenantWork, command: RedeemOrder) -> CampaignOrder:
    """Store a paid order under a campaign with its prices, uses and gifts; the same order again gives what is stored.

    CAMPAIGN_STATE_REFUSED, CAMPAIGN_NOT_RUNNING outside the window (local days, both included), CAMPAIGN_REFUSED
    for a vehicle that may not take part, ORDER_REDEEMED for a known number with other content, GIFT_TWICE,
    TICKET_OF_OTHER_ASSET, INSTANT_IN_FUTURE, and what `price_order` refuses.
    """
    require(uow.actor, "asset.manage")
    campaign, asset, unit = await _subject(uow, command.campaign_id, command.asset_id, command.service_unit_id)
    ticket = None if command.ticket_id is None else await uow.get(Ticket, command.ticket_id)
    if ticket is not None and ticket.asset_id != asset.id:
        raise InvalidInput("TICKET_OF_OTHER_ASSET", field="ticketId")
    number = clean_text(command.number, "number", NAME_LIMIT, required=True)
    digest = fingerprint("redeem_order", msgspec.structs.replace(command, number=number))
    # Orders of one vehicle wait for each other: the tiers look at the sum of its day.
    await locked(uow, Asset, asset.id)
    known = await queries.order_by_number(uow, campaign.id, number)
    if known is not None:
        if known.fingerprint != digest:
            raise Conflict("ORDER_REDEEMED", field="number")
        return known
    rules.check_state(campaign.state, "published", "redeem")
    at = happened(uow.now, command.at, "at")
    day = today(at, uow.scope.time_zone)
    if not campaign.starts_on <= day <= campaign.ends_on:
        raise StateRefused(
            "CAMPAIGN_NOT_RUNNING", field="at", day=str(day), starts_on=campaign.starts_on, ends_on=campaign.ends_on
        )
    priced = await _price(uow, campaign, asset, unit, Order(lines=command.lines, order_type=command.order_type), day)
    if priced.refused is not None:
        raise StateRefused(
            "CAMPAIGN_REFUSED", field="assetId", reason_zh=priced.refused.zh, reason_en=priced.refused.en
        )
    customer = await locked(uow, Customer, asset.customer_id)
    segment = await _segment(uow, campaign, customer, day)
    order = uow.add(
        CampaignOrder(
            id=new_id(),
            campaign_id=campaign.id,
            number=number,
            asset_id=asset.id,
            customer_id=customer.id,
            ticket_id=command.ticket_id,
            service_unit_id=command.service_unit_id,
            order_type=command.order_type,
            day=day,
            listed=priced.listed,
            payable=priced.payable,
            saved=priced.saved,
            routine_spend=priced.routine_spend,
            segment=None if segment is None else segment.segment,
            lines=stored(priced.lines),
            fingerprint=digest,
            at=at,
            actor=uow.actor.label,
        )
    )
    if priced.payable > ZERO and (customer.last_paid_visit_on is None or customer.last_paid_visit_on < day):
        customer.last_paid_visit_on = day
    before = await queries.saved_by(uow, campaign.id)
    _add_uses(uow, order, priced)
    _add_gifts(uow, order, priced.gifts)
    await journal.record(
        uow,
        "campaign.redeemed",
        subject_type="campaign",
        subject_id=campaign.id,
        ticket=ticket,
        asset_id=asset.id,
        customer_id=customer.id,
        data={"order": number, "payable": order.payable, "saved": order.saved, "gifts": len(priced.gifts)},
        at=at,
        vertical=campaign.vertical,
    )
    if campaign.budget is not None and before < campaign.budget <= before + order.saved:
        await note(uow, "campaign.budget_spent", campaign, {"budget": campaign.budget, "saved": before + order.saved})
    return order


async def hand_over_gift(uow: TenantWork, command: HandOverGift) -> CampaignGift:
    """The gift is handed over, once: GIFT_TWICE. INSTANT_IN_FUTURE, PERIOD_INVERTED before it was earned."""
    require(uow.actor, "asset.manage")
    gift = await locked(uow, CampaignGift, command.gift_id, command.expected_version)
    if gift.handed_over_at is not None:
        raise StateRefused("GIFT_TWICE", field="giftId")
    gift.handed_over_at = happened(uow.now, command.at, "at", after=gift.earned_at)
    gift.handed_over_by = uow.actor.label
    campaign = await uow.get(Campaign, gift.campaign_id)
    await journal.record(
        uow, "campaign.gift_handed_over", subject_type="campaign", subject_id=campaign.id, asset_id=gift.asset_id,
        data={"gift": gift.gift, "offer": gift.offer, "quantity": gift.quantity}, vertical=campaign.vertical,
    )  # fmt: skip
    return gift


async def _subject(
    uow: TenantWork, campaign_id: UUID, asset_id: UUID, unit_id: UUID | None
) -> tuple[Campaign, Asset, ServiceUnit | None]:
    campaign = await uow.get(Campaign, campaign_id)
    asset = await uow.get(Asset, asset_id)
    if not visible(uow, asset):
        raise NotFound("NOT_FOUND", thing="Asset")
    unit = None if unit_id is None else await uow.get(ServiceUnit, unit_id)
    if asset.vertical != campaign.vertical:
        raise InvalidInput(
            "ASSET_OF_OTHER_VERTICAL", field="assetId", actual=asset.vertical, vertical=campaign.vertical
        )
    return campaign, asset, unit


async def _price(
    uow: TenantWork, campaign: Campaign, asset: Asset, unit: ServiceUnit | None, order: Order, day: date
) -> PricedCampaign:
    terms = terms_of(campaign)
    spent, given = await queries.spent_on(uow, campaign.id, asset.id, day)
    vehicle = await _vehicle(uow, campaign, terms, asset, unit, day)
    return price(order, terms, vehicle, day, SameDaySpend(amount=spent, given=given))


async def _vehicle(
    uow: TenantWork, campaign: Campaign, terms: CampaignTerms, asset: Asset, unit: ServiceUnit | None, day: date
) -> VehicleFacts:
    """What the vertical says of the vehicle: the campaign as a whole, then the offers that exclude somebody."""
    verdict = await _judge(uow, campaign, asset, unit, None, day)
    refused: dict[str, EligibilityVerdict] = {}
    for offer in terms.offers if verdict.eligible else ():
        if offer.excludes and offer.trigger != SPEND:
            about = await _judge(uow, campaign, asset, unit, offer.code, day)
            if not about.eligible:
                refused[offer.code] = about
    return VehicleFacts(verdict=verdict, refused=refused)


async def _judge(
    uow: TenantWork, campaign: Campaign, asset: Asset, unit: ServiceUnit | None, offer: str | None, day: date
) -> EligibilityVerdict:
    """The vertical's verdict, with the values that this campaign was opened with instead of the present settings."""
    facts = EligibilityFacts(
        campaign=campaign.code,
        offer=offer,
        asset_type=asset.asset_type,
        attributes=asset.attributes,
        usage=asset.usage,
        service_unit=unit.code if unit else None,
        on=day,
    )
    verdict: EligibilityVerdict | None = await uow.scope.registry.behave(
        campaign.vertical, "judge_eligibility", facts=facts, settings=_settings(uow, campaign)
    )
    return verdict or EligibilityVerdict(eligible=True, reason=Label("没有限制条件", "nothing restricts this campaign"))


async def _segment(uow: TenantWork, campaign: Campaign, customer: Customer, day: date) -> SegmentVerdict | None:
    """The customer's segment before this order, by the campaign's own definition of a lost customer."""
    facts = CustomerFacts(tier=customer.tier, last_paid_visit_on=customer.last_paid_visit_on, on=day)
    verdict: SegmentVerdict | None = await uow.scope.registry.behave(
        campaign.vertical, "segment_customer", facts=facts, settings=_settings(uow, campaign)
    )
    return verdict


def _settings(uow: TenantWork, campaign: Campaign) -> Any:
    """The vertical's settings with the values that the campaign was opened with."""
    settings: Any = uow.scope.vertical(campaign.vertical).settings
    own = {
        name: value
        for name, value in campaign.parameters.items()
        if value is not None and name in settings.__struct_fields__
    }
    return msgspec.structs.replace(settings, **own)


def _add_uses(uow: TenantWork, order: CampaignOrder, priced: PricedCampaign) -> None:
    used: dict[str, CampaignUse] = {}
    for code, clause, saved in [
        *((line.offer, line.clause, line.saved) for line in priced.lines if line.offer is not None),
        *((check.offer, check.clause, ZERO) for check in priced.checks),
    ]:
        use = used.get(code)
        if use is None:
            use = used[code] = uow.add(
                CampaignUse(
                    id=new_id(), campaign_id=order.campaign_id, order_id=order.id, offer=code, clause=clause, lines=0,
                    saved=ZERO,
                )
            )  # fmt: skip
        use.lines += 1
        use.saved += saved


def _add_gifts(uow: TenantWork, order: CampaignOrder, gifts: Sequence[Gift]) -> None:
    for gift in gifts:
        earned_by = f"{order.asset_id}/{order.day}" if gift.tier else f"{order.number}/{gift.trigger}"
        uow.add(
            CampaignGift(
                id=new_id(),
                campaign_id=order.campaign_id,
                order_id=order.id,
                asset_id=order.asset_id,
                day=order.day,
                offer=gift.offer,
                clause=gift.clause,
                gift=gift.gift,
                quantity=gift.quantity,
                tier=gift.tier,
                key=f"{gift.offer}/{gift.gift}/{earned_by}",
                earned_at=order.at,
            )
        )
