"""The upgrades' reads."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy import DateTime, Text, Uuid, bindparam, func, select

from aftersales.scope import TenantWork
from aftersales.tickets.models import Ticket
from aftersales.upgrades.models import BacklogItem, BacklogTicket, InstalledVersion, ProductRelease, ReleaseChoice

_releases: Any = ProductRelease.__table__
_choices: Any = ReleaseChoice.__table__
_installed: Any = InstalledVersion.__table__
_items: Any = BacklogItem.__table__
_linked: Any = BacklogTicket.__table__
_tickets: Any = Ticket.__table__
_tenant = bindparam("tenant_id", type_=Uuid)
_asset = bindparam("asset_id", type_=Uuid)
MOST_RELEASES: Final = 500

_CHOICE = select(_choices).where(
    _choices.c.tenant_id == _tenant, _choices.c.asset_id == _asset, _choices.c.release_id == bindparam("release_id")
)
_CHOICES = select(_choices).where(_choices.c.tenant_id == _tenant, _choices.c.asset_id == _asset)
_OF_PRODUCT = (
    select(_releases)
    .where(
        _releases.c.tenant_id == _tenant,
        _releases.c.vertical == bindparam("vertical", type_=Text),
        _releases.c.asset_type == bindparam("asset_type", type_=Text),
        _releases.c.state == "published",
    )
    .order_by(_releases.c.published_at.desc(), _releases.c.id.desc())
    .limit(MOST_RELEASES)
)
_CURRENT = (
    select(_installed)
    .where(_installed.c.tenant_id == _tenant, _installed.c.asset_id == _asset)
    .order_by(_installed.c.installed_at.desc(), _installed.c.id.desc())
    .limit(1)
)
_CAUSE = func.btrim(_tickets.c.cause)
_PROBLEMS = (
    select(_tickets.c.id, _CAUSE.label("cause"))
    .where(
        _tickets.c.tenant_id == _tenant,
        _tickets.c.vertical == bindparam("vertical", type_=Text),
        _tickets.c.reported_at >= bindparam("begin", type_=DateTime(timezone=True)),
        _tickets.c.reported_at < bindparam("end", type_=DateTime(timezone=True)),
        _tickets.c.state != "cancelled",
        _CAUSE != "",
    )
    .order_by(_tickets.c.id)
)
_ITEMS = (
    select(_items)
    .where(
        _items.c.tenant_id == _tenant,
        _items.c.vertical == bindparam("vertical", type_=Text),
        _items.c.year == bindparam("year"),
        _items.c.quarter == bindparam("quarter"),
    )
    .order_by(_items.c.id)
    .with_for_update()
)
_LINKED = (
    select(_linked.c.item_id, _linked.c.ticket_id)
    .join(_items, (_items.c.tenant_id == _linked.c.tenant_id) & (_items.c.id == _linked.c.item_id))
    .where(
        _linked.c.tenant_id == _tenant,
        _items.c.tenant_id == _tenant,
        _items.c.vertical == bindparam("vertical", type_=Text),
        _items.c.year == bindparam("year"),
        _items.c.quarter == bindparam("quarter"),
    )
)


async def choice_of(uow: TenantWork, asset_id: UUID, release_id: UUID) -> ReleaseChoice | None:
    """What was decided about a release for an asset."""
    return await uow.entity(ReleaseChoice, _CHOICE, asset_id=asset_id, release_id=release_id)


async def choices_of(uow: TenantWork, asset_id: UUID) -> dict[UUID, ReleaseChoice]:
    """An asset's choices by release."""
    return {found.release_id: found for found in await uow.entities(ReleaseChoice, _CHOICES, asset_id=asset_id)}


async def releases_of(uow: TenantWork, vertical: str, asset_type: str) -> list[ProductRelease]:
    """A product's published releases, the newest first; at most 500."""
    return await uow.entities(ProductRelease, _OF_PRODUCT, vertical=vertical, asset_type=asset_type)


async def current_version(uow: TenantWork, asset_id: UUID) -> InstalledVersion | None:
    """What an asset runs; None when nothing is on record."""
    return await uow.entity(InstalledVersion, _CURRENT, asset_id=asset_id)


async def problems(uow: TenantWork, vertical: str, begin: datetime, end: datetime) -> list[asyncpg.Record]:
    """Tickets with a cause that were reported in a period: `id` and `cause`."""
    return await uow.fetch(_PROBLEMS, vertical=vertical, begin=begin, end=end)


async def items_of(uow: TenantWork, vertical: str, year: int, quarter: int) -> list[BacklogItem]:
    """The backlog of a quarter, locked."""
    return await uow.entities(BacklogItem, _ITEMS, vertical=vertical, year=year, quarter=quarter)


async def linked(uow: TenantWork, vertical: str, year: int, quarter: int) -> set[tuple[UUID, UUID]]:
    """Which tickets hang on which items of a quarter."""
    rows = await uow.fetch(_LINKED, vertical=vertical, year=year, quarter=quarter)
    return {(row["item_id"], row["ticket_id"]) for row in rows}
