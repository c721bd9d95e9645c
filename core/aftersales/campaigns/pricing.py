"""What an order costs under a campaign: pure, to the cent, with the reason of every line.

One price rule per line: the one made for the operation, else the general one (A34); gifts are apart from prices.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from aftersales.campaigns.lines import (
    CENT,
    ZERO,
    CampaignLine,
    CampaignOrder,
    Listed,
    Stacking,
    TierMode,
    listed_lines,
)
from aftersales.plugins.verdicts import EligibilityVerdict
from aftersales.terms.base import Label
from aftersales.terms.money import CampaignOffer, EligibilityRule, LabourOperation

__all__ = [
    "CampaignLine", "CampaignOrder", "CampaignTerms", "Gift", "LostOffer", "PricedCampaign", "PricedCheck",
    "PricedLine", "SameDaySpend", "VehicleFacts", "price",
]  # fmt: skip

VISIT = "visit"
GENERAL = "repair"
SPEND = "routine_spend_per_day"
"""What triggers an offer that isn't made for one operation: coming, any repair, what the day's repairs cost."""
PAID_ORDER = "paid_after_sales_order"
"""What an EligibilityRule requires so that a campaign counts for orders with something to pay only (P06-08)."""
ORDER_CLASSES: Mapping[str, str] = {"accident": "accident_car"}
"""What an offer's `excludes` calls an order of that type."""
TOUCHES: Mapping[str, frozenset[str]] = {
    "free": frozenset({"labour", "material", "service"}),
    "fixed": frozenset({"labour", "material", "service"}),
    "waive_labour": frozenset({"labour"}),
    "discount_material": frozenset({"material"}),
    "discount_labour": frozenset({"labour"}),
    "discount_all": frozenset({"labour", "material", "service"}),
    "gift": frozenset(),
}
"""The lines whose price a price rule changes."""


class CampaignTerms(Struct, frozen=True, kw_only=True):
    """A campaign as it was opened: both days of the window are included, local dates of the tenant."""

    code: str
    starts_on: date
    ends_on: date
    offers: tuple[CampaignOffer, ...]
    rules: tuple[EligibilityRule, ...] = ()
    labour: tuple[LabourOperation, ...] = ()
    labour_rate: Decimal | None = None
    stacking: Stacking = "specific_first"
    tier_mode: TierMode = "cumulative"


class VehicleFacts(Struct, frozen=True, kw_only=True):
    """What the vertical says of the vehicle: may it take part, and which offers it doesn't get although it may."""

    verdict: EligibilityVerdict
    refused: dict[str, EligibilityVerdict] = {}


class SameDaySpend(Struct, frozen=True, kw_only=True):
    """The vehicle's earlier orders of the same calendar day: net routine spend, and the tiers already reached."""

    amount: Decimal = ZERO
    given: tuple[str, ...] = ()


class LostOffer(Struct, frozen=True, kw_only=True):
    """An offer that was about a line and didn't price it, and why."""

    offer: str
    number: int
    clause: str | None
    reason: Label


class PricedLine(Struct, frozen=True, kw_only=True):
    """A line with what it lists at and what is to be paid, by which offer, and which offers lost."""

    position: int
    operation: str
    item: Literal["labour", "material", "service"]
    quantity: Decimal
    listed: Decimal
    payable: Decimal
    reason: Label
    offer: str | None = None
    number: int | None = None
    clause: str | None = None
    routine: bool = False
    lost: tuple[LostOffer, ...] = ()

    @property
    def saved(self) -> Decimal:
        return self.listed - self.payable


class PricedCheck(Struct, frozen=True, kw_only=True):
    """A line of a free check."""

    offer: str
    clause: str | None
    check: str
    payable: Decimal = ZERO


class Gift(Struct, frozen=True, kw_only=True):
    """Something given: once per operation, or once per vehicle, day and tier. `position`: the line that became free."""

    offer: str
    number: int
    clause: str | None
    gift: str
    trigger: str
    quantity: int = 1
    position: int | None = None
    tier: bool = False


class PricedCampaign(Struct, frozen=True, kw_only=True):
    """An order under a campaign. `refused` says why no offer counted at all; `routine_spend` is this order's share
    of what the tiers look at, `day_spend` the vehicle's whole day with it.
    """

    lines: tuple[PricedLine, ...]
    checks: tuple[PricedCheck, ...]
    gifts: tuple[Gift, ...]
    listed: Decimal
    payable: Decimal
    routine_spend: Decimal
    day_spend: Decimal
    lost_tiers: tuple[LostOffer, ...] = ()
    refused: Label | None = None
    refused_clause: str | None = None

    @property
    def saved(self) -> Decimal:
        return self.listed - self.payable


def price(
    order: CampaignOrder,
    campaign: CampaignTerms,
    vehicle: VehicleFacts,
    day: date,
    same_day_spend: SameDaySpend = SameDaySpend(),  # noqa: B008 - immutable
) -> PricedCampaign:
    """Price an order of a vehicle on a local day, line by line.

    Spend tiers look at the net payable of routine orders of one vehicle on one day, after discounts, without
    lines at a fixed campaign price (A36). CAMPAIGN_LINE_INVALID, LABOUR_RATE_REQUIRED.
    """
    lines = listed_lines(order, campaign.offers, campaign.labour, campaign.labour_rate)
    gate = _gate(lines, campaign, vehicle, day)
    open_offers, closed = _open_offers(order, campaign, vehicle, gate)
    gifts = _gifts(lines, open_offers)
    priced = tuple(_priced(line, open_offers, closed, gifts, campaign.stacking, order) for line in lines)
    payable = sum((line.payable for line in priced), ZERO)
    routine = sum((line.payable for line in priced if line.routine), ZERO)
    closed_tiers = [lost for offer, lost in closed.values() if offer.trigger == SPEND]
    tiers, lost_tiers = _tiers(open_offers, campaign.tier_mode, order, routine, same_day_spend)
    return PricedCampaign(
        lines=priced,
        checks=tuple(
            PricedCheck(offer=offer.code, clause=offer.clause, check=check)
            for offer in open_offers
            if offer.trigger == VISIT
            for check in offer.checks
        ),
        gifts=(*gifts, *tiers),
        listed=sum((line.listed for line in priced), ZERO),
        payable=payable,
        routine_spend=routine,
        day_spend=same_day_spend.amount + routine,
        lost_tiers=(*closed_tiers, *lost_tiers),
        refused=gate[0] if gate else None,
        refused_clause=gate[1] if gate else None,
    )


Gate = tuple[Label, str | None]
Closed = dict[str, tuple[CampaignOffer, LostOffer]]


def _gate(lines: Iterable[Listed], campaign: CampaignTerms, vehicle: VehicleFacts, day: date) -> Gate | None:
    """Why none of the offers counts: the window, the vehicle, or nothing to pay."""
    if not campaign.starts_on <= day <= campaign.ends_on:
        clause = next((offer.clause for offer in campaign.offers), None)
        return Label(f"{day} 不在活动期间", f"{day} is outside the campaign's window"), clause
    if not vehicle.verdict.eligible:
        return vehicle.verdict.reason, vehicle.verdict.clause
    paid = next((rule for rule in campaign.rules if PAID_ORDER in rule.requires), None)
    if paid is not None and not any(line.listed > ZERO for line in lines):
        return Label("没有售后消费", "there is no after-sales spending"), paid.clause
    return None


def _open_offers(
    order: CampaignOrder, campaign: CampaignTerms, vehicle: VehicleFacts, gate: Gate | None
) -> tuple[list[CampaignOffer], Closed]:
    """The offers that this order may get, and why not the others."""
    found: list[CampaignOffer] = []
    closed: Closed = {}
    order_class = ORDER_CLASSES.get(order.order_type)
    for offer in sorted(campaign.offers, key=lambda offer: offer.number):
        refused = vehicle.refused.get(offer.code)
        if gate is not None:
            closed[offer.code] = (offer, _lost(offer, gate[0]))
        elif refused is not None:
            closed[offer.code] = (offer, _lost(offer, refused.reason, refused.clause))
        elif order_class is not None and order_class in offer.excludes:
            closed[offer.code] = (offer, _lost(offer, Label("不含事故车", "not for accident orders")))
        else:
            found.append(offer)
    return found, closed


def _lost(offer: CampaignOffer, reason: Label, clause: str | None = None) -> LostOffer:
    return LostOffer(offer=offer.code, number=offer.number, clause=clause or offer.clause, reason=reason)


def _about(offer: CampaignOffer, line: Listed) -> Literal["specific", "general"] | None:
    """Whether an offer is made for a line's operation or product, or for any repair labour."""
    if offer.trigger in line.names:
        return "specific"
    return "general" if offer.trigger == GENERAL and line.item == "labour" else None


def _priced(
    line: Listed,
    offers: Iterable[CampaignOffer],
    closed: Closed,
    gifts: Iterable[Gift],
    stacking: Stacking,
    order: CampaignOrder,
) -> PricedLine:
    base = PricedLine(
        position=line.position,
        operation=line.operation,
        item=line.item,
        quantity=line.quantity,
        listed=line.listed,
        payable=line.listed,
        reason=line.note or Label("按标价", "list price"),
        routine=order.order_type == "routine",
    )
    if line.quantity == 0:
        return base
    given = next((gift for gift in gifts if gift.position == line.position), None)
    if given is not None:
        left = _cents(line.unit * max(line.quantity - given.quantity, ZERO))
        reason = Label(f"第 {given.number} 项赠送 {given.quantity} 件", f"offer {given.number} gives {given.quantity}")
        return replace(base, payable=left, reason=reason, offer=given.offer, number=given.number, clause=given.clause)
    lost = [found for offer, found in closed.values() if _about(offer, line) and line.item in TOUCHES[offer.price_rule]]
    candidates: list[tuple[int, Decimal, int, CampaignOffer]] = []
    for offer in offers:
        about = _about(offer, line)
        if about is None or line.item not in TOUCHES[offer.price_rule]:
            continue
        if hit := sorted(line.names & set(offer.excludes)):
            lost.append(_lost(offer, Label(f"不含 {hit[0]}", f"not for {hit[0]}")))
            continue
        rank = 0 if about == "specific" or stacking == "lowest_price" else 1
        candidates.append((rank, _payable(offer, line), offer.number, offer))
    if not candidates:
        return replace(base, lost=tuple(lost))
    candidates.sort(key=lambda found: found[:3])
    won = candidates[0][3]
    for *_, offer in candidates[1:]:
        reason = Label(
            f"每行只用一条价格规则:第 {won.number} 项优先", f"one price rule per line: offer {won.number} goes before"
        )
        lost.append(_lost(offer, reason))
    return replace(
        base,
        payable=candidates[0][1],
        offer=won.code,
        number=won.number,
        clause=won.clause,
        reason=won.label,
        routine=base.routine and won.price_rule != "fixed",
        lost=tuple(lost),
    )


def _payable(offer: CampaignOffer, line: Listed) -> Decimal:
    """What a line costs by an offer; never more than it lists at."""
    if offer.price_rule in {"free", "waive_labour"} or (offer.price_rule == "fixed" and line.item == "labour"):
        return ZERO
    if offer.price_rule == "fixed":
        assert offer.fixed_price is not None  # noqa: S101 - a campaign without it isn't opened
        return min(line.listed, _cents(offer.fixed_price * line.quantity))
    assert offer.factor is not None  # noqa: S101 - a campaign without it isn't opened
    return _cents(line.listed * offer.factor)


def _gifts(lines: Iterable[Listed], offers: Iterable[CampaignOffer]) -> list[Gift]:
    """What comes with operations: each gift once per operation, whatever the number of pieces (A34)."""
    lines = list(lines)
    found: list[Gift] = []
    taken: set[int] = set()
    for offer in offers:
        if not offer.gifts or offer.trigger in {SPEND, VISIT}:
            continue
        matching = [line for line in lines if offer.trigger in line.names and not line.names & set(offer.excludes)]
        for operation in dict.fromkeys(line.operation for line in matching):
            for gift in offer.gifts:
                on_order = next((line for line in lines if gift in line.names and line.item != "labour"
                                 and line.position not in taken and line not in matching), None)  # fmt: skip
                if on_order is not None:
                    taken.add(on_order.position)
                found.append(
                    Gift(offer=offer.code, number=offer.number, clause=offer.clause, gift=gift, trigger=operation,
                         position=None if on_order is None else on_order.position)
                )  # fmt: skip
    return found


def _tiers(
    offers: Iterable[CampaignOffer], mode: TierMode, order: CampaignOrder, routine: Decimal, before: SameDaySpend
) -> tuple[list[Gift], list[LostOffer]]:
    """The tiers that the vehicle's day reaches with this order: all of them, or the highest only (A35)."""
    tiers = [offer for offer in offers if offer.trigger == SPEND and offer.threshold is not None]
    if order.order_type != "routine":
        return [], [_lost(offer, Label("不是日常维修", "not a routine repair")) for offer in tiers]
    spend = before.amount + routine
    reached = [offer for offer in tiers if offer.threshold is not None and spend >= offer.threshold]
    lost = [
        _lost(offer, Label(f"当天 {spend},未达到 {offer.threshold}", f"{spend} on the day, {offer.threshold} needed"))
        for offer in tiers
        if offer not in reached
    ]
    if mode == "highest":
        top = max(reached, key=lambda offer: offer.threshold or ZERO, default=None)
        lost += [
            _lost(offer, Label("只取最高一档", "only the highest tier counts")) for offer in reached if offer != top
        ]
        reached = [] if top is None else [top]
    found: list[Gift] = []
    for offer in reached:
        if offer.code in before.given:
            lost.append(_lost(offer, Label("当天已赠送", "given already on this day")))
            continue
        found += [
            Gift(offer=offer.code, number=offer.number, clause=offer.clause, gift=gift, trigger=SPEND, tier=True)
            for gift in offer.gifts
        ]
    return found, lost


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
