"""The broadcasts' reads."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Integer, Text, Uuid, bindparam, func, literal_column, select

from aftersales.assets.models import Asset
from aftersales.broadcasts.models import Broadcast, BroadcastRecipient, GuideRelease, ReminderSeries
from aftersales.broadcasts.rules import OwnedThing, Person
from aftersales.kit.statements import compiled
from aftersales.kit.unit_of_work import Connection
from aftersales.parties.models import Contact, Site
from aftersales.scope import TenantWork

_broadcasts: Any = Broadcast.__table__
_recipients: Any = BroadcastRecipient.__table__
_series: Any = ReminderSeries.__table__
_guides: Any = GuideRelease.__table__
_assets: Any = Asset.__table__
_sites: Any = Site.__table__
_contacts: Any = Contact.__table__
_tenant = bindparam("tenant_id", type_=Uuid)
_customers = bindparam("customer_ids", type_=ARRAY(Uuid))

DUE_TENANTS = (
    select(_series.c.tenant_id, func.min(_series.c.next_at).label("earliest"))
    .where(_series.c.next_at <= bindparam("now", type_=DateTime(timezone=True)))
    .group_by(_series.c.tenant_id)
    .order_by(func.min(_series.c.next_at))
    .limit(bindparam("limit", type_=Integer))
)
"""Across tenants, for the system role alone: who has a reminder to send, the longest waiting first."""
_DUE = (
    select(_series)
    .where(_series.c.tenant_id == _tenant, _series.c.next_at <= bindparam("now", type_=DateTime(timezone=True)))
    .order_by(_series.c.next_at)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
)
_BY_KEY = select(_broadcasts).where(
    _broadcasts.c.tenant_id == _tenant, _broadcasts.c.key == bindparam("key", type_=Text)
)
_THINGS = (
    select(
        _assets.c.customer_id,
        _assets.c.vertical,
        _assets.c.asset_type,
        _assets.c.attributes["model"].astext.label("model"),
        _sites.c.region,
    )
    .select_from(
        _assets.outerjoin(_sites, (_sites.c.tenant_id == _assets.c.tenant_id) & (_sites.c.id == _assets.c.site_id))
    )
    .where(
        _assets.c.tenant_id == _tenant,
        _assets.c.customer_id == func.any(_customers),
        _assets.c.state != literal_column("'retired'"),
    )
    .distinct()
)
_SITE_REGIONS = (
    select(_sites.c.customer_id, _sites.c.region)
    .distinct()
    .where(_sites.c.tenant_id == _tenant, _sites.c.customer_id == func.any(_customers))
)
_PEOPLE = (
    select(_contacts)
    .where(_contacts.c.tenant_id == _tenant, _contacts.c.customer_id == func.any(_customers))
    .order_by(_contacts.c.id)
)
_ADDRESSED = select(_recipients.c.customer_id, _recipients.c.person).where(
    _recipients.c.tenant_id == _tenant,
    _recipients.c.broadcast_id == bindparam("broadcast_id", type_=Uuid),
    _recipients.c.customer_id == func.any(_customers),
)
_COUNTS = (
    select(_recipients.c.state, func.count().label("count"))
    .where(_recipients.c.tenant_id == _tenant, _recipients.c.broadcast_id == bindparam("broadcast_id", type_=Uuid))
    .group_by(_recipients.c.state)
)
_EARLIER_GUIDES = select(_guides).where(
    _guides.c.tenant_id == _tenant,
    _guides.c.code == bindparam("code", type_=Text),
    _guides.c.state == literal_column("'released'"),
)


async def due_tenants(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """The tenants with a reminder that is due; one index scan when there is none."""
    query = compiled(DUE_TENANTS)
    records = await connection.fetch(query.sql, *query.arguments({"now": now, "limit": limit}))
    return [record["tenant_id"] for record in records]


async def due_series(uow: TenantWork, limit: int) -> list[ReminderSeries]:
    """The series that are due, locked; those that another worker has in hand are skipped."""
    return await uow.entities(ReminderSeries, _DUE, now=uow.now, limit=limit)


async def by_key(uow: TenantWork, key: str) -> Broadcast | None:
    """The broadcast of a cause."""
    return await uow.entity(Broadcast, _BY_KEY, key=key)


async def things_of(uow: TenantWork, customer_ids: list[UUID]) -> dict[UUID, list[OwnedThing]]:
    """What customers own, what is alike once, however many there are."""
    found: dict[UUID, list[OwnedThing]] = defaultdict(list)
    for record in await uow.fetch(_THINGS, customer_ids=customer_ids):
        found[record["customer_id"]].append(
            OwnedThing(
                vertical=record["vertical"], asset_type=record["asset_type"], model=record["model"],
                region=record["region"],
            )
        )  # fmt: skip
    return found


async def site_regions(uow: TenantWork, customer_ids: list[UUID]) -> dict[UUID, list[str | None]]:
    """Where customers have sites, each region once."""
    found: dict[UUID, list[str | None]] = defaultdict(list)
    for record in await uow.fetch(_SITE_REGIONS, customer_ids=customer_ids):
        found[record["customer_id"]].append(record["region"])
    return found


async def people_of(uow: TenantWork, customer_ids: list[UUID]) -> dict[UUID, list[Person]]:
    """Customers' contacts, with what they chose."""
    found: dict[UUID, list[Person]] = defaultdict(list)
    for row in await uow.entities(Contact, _PEOPLE, customer_ids=customer_ids):
        found[row.customer_id].append(
            Person(
                id=row.id, name=row.name, email=row.email, channels=tuple(row.notice_channels),
                refused=row.notices_refused, language=row.language,
            )
        )  # fmt: skip
    return found


async def addressed(uow: TenantWork, broadcast_id: UUID, customer_ids: list[UUID]) -> set[tuple[UUID, str]]:
    """Who of the customers has a copy already."""
    records = await uow.fetch(_ADDRESSED, broadcast_id=broadcast_id, customer_ids=customer_ids)
    return {(record["customer_id"], record["person"]) for record in records}


async def progress(uow: TenantWork, broadcast_id: UUID) -> dict[str, int]:
    """How many copies are in which state."""
    return {record["state"]: record["count"] for record in await uow.fetch(_COUNTS, broadcast_id=broadcast_id)}


async def released(uow: TenantWork, code: str) -> list[GuideRelease]:
    """The releases of a guide that customers see now."""
    return await uow.entities(GuideRelease, _EARLIER_GUIDES, code=code)
