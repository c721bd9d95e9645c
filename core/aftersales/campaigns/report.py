"""What became of a campaign, in figures."""

from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from aftersales.access import require
from aftersales.calendars.windows import end_of_day
from aftersales.campaigns import queries
from aftersales.campaigns.lines import ZERO
from aftersales.campaigns.models import Campaign
from aftersales.campaigns.stored import terms_of
from aftersales.scope import TenantWork
from aftersales.terms.base import Label


class OfferUptake(Struct, frozen=True, kw_only=True):
    """How an offer was taken up: orders, lines, what customers saved, gifts earned and handed over."""

    offer: str
    number: int
    label: Label
    clause: str | None
    orders: int
    lines: int
    saved: Decimal
    gifts_earned: int
    gifts_given: int


class CampaignReport(Struct, frozen=True, kw_only=True):
    """A campaign in figures (P06-24): uptake, budget, recovered customers, satisfaction of those who were asked.

    `inquiries` came in from the opening to the end of the last day. `recovered` are customers who were lost before
    their first order here; `satisfied` of `answered` confirmed the ticket of their order as solved to their
    satisfaction; `budget_left` may be negative, None without a budget.
    """

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
    offers: tuple[OfferUptake, ...]


async def campaign_report(uow: TenantWork, campaign_id: UUID) -> CampaignReport:
    """The figures of a campaign so far, offers in their order. FORBIDDEN for those outside the company."""
    require(uow.actor, "asset.manage")
    campaign = await uow.get(Campaign, campaign_id)
    sums = await queries.totals(uow, campaign.id)
    taken = await queries.uptake(uow, campaign.id)
    given = await queries.gifts_given(uow, campaign.id)
    found = []
    for offer in terms_of(campaign).offers:
        use, gift = taken.get(offer.code), given.get(offer.code)
        found.append(
            OfferUptake(
                offer=offer.code,
                number=offer.number,
                label=offer.label,
                clause=offer.clause,
                orders=use["orders"] if use else 0,
                lines=use["lines"] if use else 0,
                saved=use["saved"] if use else ZERO,
                gifts_earned=gift["earned"] if gift else 0,
                gifts_given=gift["given"] if gift else 0,
            )
        )
    saved = Decimal(sums["saved"])
    return CampaignReport(
        **{name: sums[name] for name in ("orders", "customers", "vehicles", "recovered", "satisfied", "answered")},
        inquiries=await queries.inquiries(
            uow,
            campaign.vertical,
            campaign.code,
            campaign.created_at,
            end_of_day(campaign.ends_on, ZoneInfo(uow.scope.time_zone)),
        ),
        listed=Decimal(sums["listed"]),
        payable=Decimal(sums["payable"]),
        saved=saved,
        budget=campaign.budget,
        budget_left=None if campaign.budget is None else campaign.budget - saved,
        offers=tuple(found),
    )
