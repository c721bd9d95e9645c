"""The campaigns' reads."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Date, DateTime, Text, Uuid, and_, bindparam, case, distinct, func, literal_column, or_, select

from aftersales.campaigns.models import Campaign, CampaignGift, CampaignOrder, CampaignUse
from aftersales.scope import TenantWork
from aftersales.tickets.models import Ticket

_campaigns: Any = Campaign.__table__
_orders: Any = CampaignOrder.__table__
_uses: Any = CampaignUse.__table__
_gifts: Any = CampaignGift.__table__
_tickets: Any = Ticket.__table__
INQUIRIES = ("question", "advice")
"""The kinds of tickets that ask something, rather than report it."""
_tenant = bindparam("tenant_id", type_=Uuid)
_campaign = bindparam("campaign_id", type_=Uuid)
_asset = bindparam("asset_id", type_=Uuid)
_day = bindparam("day", type_=Date)

_OF_YEAR = select(_campaigns.c.id).where(
    _campaigns.c.tenant_id == _tenant,
    _campaigns.c.vertical == bindparam("vertical", type_=Text),
    _campaigns.c.code == bindparam("code", type_=Text),
    _campaigns.c.year == bindparam("year"),
)
_BY_NUMBER = select(_orders).where(
    _orders.c.tenant_id == _tenant,
    _orders.c.campaign_id == _campaign,
    _orders.c.number == bindparam("number", type_=Text),
)
_SPENT = select(func.coalesce(func.sum(_orders.c.routine_spend), 0).label("spent")).where(
    _orders.c.tenant_id == _tenant,
    _orders.c.campaign_id == _campaign,
    _orders.c.asset_id == _asset,
    _orders.c.day == _day,
)
_TIERS = select(_gifts.c.offer).where(
    _gifts.c.tenant_id == _tenant,
    _gifts.c.campaign_id == _campaign,
    _gifts.c.asset_id == _asset,
    _gifts.c.day == _day,
    _gifts.c.tier,
)
_SAVED = select(func.coalesce(func.sum(_orders.c.saved), 0).label("saved")).where(
    _orders.c.tenant_id == _tenant, _orders.c.campaign_id == _campaign
)
_LOST: Any = literal_column("'lost'")
_TOTALS = (
    select(
        func.count(_orders.c.id).label("orders"),
        func.count(distinct(_orders.c.customer_id)).label("customers"),
        func.count(distinct(_orders.c.asset_id)).label("vehicles"),
        func.count(distinct(case((_orders.c.segment == _LOST, _orders.c.customer_id)))).label("recovered"),
        func.coalesce(func.sum(_orders.c.listed), 0).label("listed"),
        func.coalesce(func.sum(_orders.c.payable), 0).label("payable"),
        func.coalesce(func.sum(_orders.c.saved), 0).label("saved"),
        func.count(case((_tickets.c.customer_satisfied, 1))).label("satisfied"),
        func.count(_tickets.c.customer_satisfied).label("answered"),
    )
    .select_from(
        _orders.outerjoin(
            _tickets, and_(_tickets.c.tenant_id == _orders.c.tenant_id, _tickets.c.id == _orders.c.ticket_id)
        )
    )
    .where(_orders.c.tenant_id == _tenant, _orders.c.campaign_id == _campaign)
)
_UPTAKE = (
    select(
        _uses.c.offer,
        func.count(_uses.c.id).label("orders"),
        func.sum(_uses.c.lines).label("lines"),
        func.sum(_uses.c.saved).label("saved"),
    )
    .where(_uses.c.tenant_id == _tenant, _uses.c.campaign_id == _campaign)
    .group_by(_uses.c.offer)
)
_GIVEN = (
    select(
        _gifts.c.offer,
        func.sum(_gifts.c.quantity).label("earned"),
        func.coalesce(func.sum(case((_gifts.c.handed_over_at.is_not(None), _gifts.c.quantity))), 0).label("given"),
    )
    .where(_gifts.c.tenant_id == _tenant, _gifts.c.campaign_id == _campaign)
    .group_by(_gifts.c.offer)
)
_INQUIRIES = select(func.count(_tickets.c.id).label("count")).where(
    _tickets.c.tenant_id == _tenant,
    _tickets.c.vertical == bindparam("vertical", type_=Text),
    _tickets.c.campaign == bindparam("code", type_=Text),
    or_(*(_tickets.c.kind == literal_column(f"'{kind}'") for kind in INQUIRIES)),
    _tickets.c.reported_at >= bindparam("since", type_=DateTime(timezone=True)),
    _tickets.c.reported_at < bindparam("until", type_=DateTime(timezone=True)),
)


async def opened_in(uow: TenantWork, vertical: str, code: str, year: int) -> bool:
    """Whether the campaign was opened for the year."""
    return await uow.fetch_one(_OF_YEAR, vertical=vertical, code=code, year=year) is not None


async def order_by_number(uow: TenantWork, campaign_id: UUID, number: str) -> CampaignOrder | None:
    """The order of that number under the campaign."""
    return await uow.entity(CampaignOrder, _BY_NUMBER, campaign_id=campaign_id, number=number)


async def spent_on(uow: TenantWork, campaign_id: UUID, asset_id: UUID, day: date) -> tuple[Decimal, tuple[str, ...]]:
    """A vehicle's net routine spend on a day so far, and the tiers that it reached."""
    row = await uow.fetch_one(_SPENT, campaign_id=campaign_id, asset_id=asset_id, day=day)
    tiers = await uow.fetch(_TIERS, campaign_id=campaign_id, asset_id=asset_id, day=day)
    return (Decimal(row["spent"]) if row else Decimal(0)), tuple(sorted(found["offer"] for found in tiers))


async def saved_by(uow: TenantWork, campaign_id: UUID) -> Decimal:
    """What all orders saved so far."""
    row = await uow.fetch_one(_SAVED, campaign_id=campaign_id)
    return Decimal(row["saved"]) if row else Decimal(0)


async def totals(uow: TenantWork, campaign_id: UUID) -> asyncpg.Record:
    """One row of sums over a campaign's orders."""
    row = await uow.fetch_one(_TOTALS, campaign_id=campaign_id)
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return row


async def uptake(uow: TenantWork, campaign_id: UUID) -> dict[str, asyncpg.Record]:
    """How each offer was taken up."""
    return {row["offer"]: row for row in await uow.fetch(_UPTAKE, campaign_id=campaign_id)}


async def gifts_given(uow: TenantWork, campaign_id: UUID) -> dict[str, asyncpg.Record]:
    """How many gifts each offer earned and gave."""
    return {row["offer"]: row for row in await uow.fetch(_GIVEN, campaign_id=campaign_id)}


async def inquiries(uow: TenantWork, vertical: str, code: str, since: datetime, until: datetime) -> int:
    """How many inquiries that were tagged with the campaign came in between two instants."""
    row = await uow.fetch_one(_INQUIRIES, vertical=vertical, code=code, since=since, until=until)
    return int(row["count"]) if row else 0
