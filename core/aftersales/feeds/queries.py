"""The reads of calendar feeds."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Date, DateTime, Text, Uuid, and_, bindparam, literal_column, or_, select

from aftersales.feeds.models import CalendarFeed
from aftersales.parties.models import Customer, Site
from aftersales.planned.models import PlannedObligation
from aftersales.scope import TenantWork
from aftersales.tickets.models import Ticket
from aftersales.work.models import Engineer, ServiceAppointment

_feeds: Any = CalendarFeed.__table__
_visits: Any = ServiceAppointment.__table__
_engineers: Any = Engineer.__table__
_tickets: Any = Ticket.__table__
_customers: Any = Customer.__table__
_sites: Any = Site.__table__
_owed: Any = PlannedObligation.__table__

_tenant = bindparam("tenant_id", type_=Uuid)
_nobody = UUID(int=0)
MOST_ENTRIES = 2_000

_LIVE = select(_feeds).where(
    _feeds.c.tenant_id == _tenant, _feeds.c.digest == bindparam("digest", type_=Text), _feeds.c.revoked_at.is_(None)
)
_ENTRIES = (
    select(
        _visits.c.id,
        _visits.c.window_start,
        _visits.c.window_end,
        _visits.c.state,
        _visits.c.version,
        _visits.c.confirmed_at,
        _engineers.c.name.label("engineer"),
        _tickets.c.number,
        _tickets.c.title,
        _customers.c.name.label("customer"),
        _sites.c.name.label("site"),
        _sites.c.address,
    )
    .join(_engineers, and_(_engineers.c.tenant_id == _visits.c.tenant_id, _engineers.c.id == _visits.c.engineer_id))
    .join(_tickets, and_(_tickets.c.tenant_id == _visits.c.tenant_id, _tickets.c.id == _visits.c.ticket_id))
    .join(_customers, and_(_customers.c.tenant_id == _tickets.c.tenant_id, _customers.c.id == _tickets.c.customer_id))
    .outerjoin(_sites, and_(_sites.c.tenant_id == _tickets.c.tenant_id, _sites.c.id == _tickets.c.site_id))
    .where(
        _visits.c.tenant_id == _tenant,
        _visits.c.window_end > bindparam("since", type_=DateTime(timezone=True)),
        _visits.c.state.in_([literal_column(f"'{state}'") for state in ("planned", "dispatched", "arrived", "done")]),
        or_(
            _visits.c.engineer_id == bindparam("engineer_id", type_=Uuid),
            _engineers.c.service_unit_id == bindparam("service_unit_id", type_=Uuid),
            _tickets.c.customer_id == bindparam("customer_id", type_=Uuid),
        ),
    )
    .order_by(_visits.c.window_start, _visits.c.id)
    .limit(MOST_ENTRIES)
)
_OWED = (
    select(_owed.c.id, _owed.c.name, _owed.c.due_on, _owed.c.opens_on, _owed.c.version, _owed.c.clause)
    .where(
        _owed.c.tenant_id == _tenant,
        _owed.c.customer_id == bindparam("customer_id", type_=Uuid),
        _owed.c.state == "open",
        _owed.c.due_on >= bindparam("since", type_=Date),
    )
    .order_by(_owed.c.due_on, _owed.c.id)
    .limit(MOST_ENTRIES)
)


async def live_feed(uow: TenantWork, digest: str) -> CalendarFeed | None:
    """The feed behind an address; None for one that never was, or was revoked."""
    return await uow.entity(CalendarFeed, _LIVE, digest=digest)


async def visits_of(uow: TenantWork, feed: CalendarFeed, since: datetime) -> list[asyncpg.Record]:
    """The visits that a feed shows: those that end behind an instant, in order."""
    return await uow.fetch(
        _ENTRIES,
        since=since,
        engineer_id=feed.engineer_id or _nobody,
        service_unit_id=feed.service_unit_id or _nobody,
        customer_id=feed.customer_id or _nobody,
    )


async def owed_to(uow: TenantWork, customer_id: UUID, since: date) -> list[asyncpg.Record]:
    """What is owed to a customer and has no visit yet."""
    return await uow.fetch(_OWED, customer_id=customer_id, since=since)
