"""The parties' reads."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, func, literal_column, select

from aftersales.parties.models import Customer, ServiceUnit, WarrantyCard
from aftersales.parties.rules import UnitFacts
from aftersales.scope import TenantWork
from aftersales.tickets.models import OPEN_STATES, Ticket

_customers: Any = Customer.__table__
_cards: Any = WarrantyCard.__table__
_units: Any = ServiceUnit.__table__
_tickets: Any = Ticket.__table__

_VALID_CARD = select(_cards).where(
    _cards.c.tenant_id == bindparam("tenant_id"),
    _cards.c.site_id == bindparam("site_id"),
    _cards.c.replaced_at.is_(None),
)
_OPEN_TICKETS = select(func.count().label("count")).where(
    _tickets.c.tenant_id == bindparam("tenant_id"),
    _tickets.c.customer_id == bindparam("customer_id"),
    _tickets.c.state.in_([literal_column(f"'{state}'") for state in OPEN_STATES]),
)
_UNITS = select(_units).where(_units.c.tenant_id == bindparam("tenant_id"), _units.c.state == "active")
_HIGHEST_CHILD = select(func.max(_units.c.level).label("level")).where(
    _units.c.tenant_id == bindparam("tenant_id"), _units.c.parent_id == bindparam("unit_id")
)
_ACTIVE_CUSTOMERS = (
    select(_customers)
    .where(
        _customers.c.tenant_id == bindparam("tenant_id"),
        _customers.c.state == "active",
        _customers.c.code > bindparam("after", type_=Text),
    )
    .order_by(_customers.c.code)
    .limit(bindparam("first"))
)
_AMONG = _ACTIVE_CUSTOMERS.where(_customers.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid))))


async def valid_card(uow: TenantWork, site_id: UUID) -> WarrantyCard | None:
    """The warranty card of a site that is valid now."""
    return await uow.entity(WarrantyCard, _VALID_CARD, site_id=site_id)


async def open_tickets(uow: TenantWork, customer_id: UUID) -> int:
    """How many tickets of a customer are open."""
    row = await uow.fetch_one(_OPEN_TICKETS, customer_id=customer_id)
    return row["count"] if row else 0


async def active_units(uow: TenantWork) -> list[UnitFacts]:
    """Every active unit of the service organisation."""
    return [
        UnitFacts(
            id=unit.id, code=unit.code, level=unit.level, kind=unit.kind, regions=tuple(unit.regions),
            authorised=unit.authorised,
        )
        for unit in await uow.entities(ServiceUnit, _UNITS)
    ]  # fmt: skip


async def highest_child(uow: TenantWork, unit_id: UUID) -> int | None:
    """The highest level among the units right under a unit."""
    row = await uow.fetch_one(_HIGHEST_CHILD, unit_id=unit_id)
    return row["level"] if row else None


async def active_customers(uow: TenantWork, *, after: str, first: int) -> list[Customer]:
    """Active customers in the order of their codes, beginning behind the code `after`."""
    return await uow.entities(Customer, _ACTIVE_CUSTOMERS, after=after, first=first)


async def active_customers_among(uow: TenantWork, ids: list[UUID], *, after: str, first: int) -> list[Customer]:
    """Those of the customers that are active, in the order of their codes, beginning behind the code `after`."""
    return await uow.entities(Customer, _AMONG, ids=ids, after=after, first=first)
