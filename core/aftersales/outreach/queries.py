"""The outreach room's reads."""

from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, func, or_, select

from aftersales.outreach.models import OutreachGood, OutreachOpinion, OutreachPoint, OutreachStaff
from aftersales.parties.models import Contact, Customer
from aftersales.scope import TenantWork

_points: Any = OutreachPoint.__table__
_staff: Any = OutreachStaff.__table__
_goods: Any = OutreachGood.__table__
_opinions: Any = OutreachOpinion.__table__
_customers: Any = Customer.__table__
_contacts: Any = Contact.__table__
_tenant = bindparam("tenant_id", type_=Uuid)
_event = bindparam("event_id", type_=Uuid)
_phone = bindparam("phone", type_=Text)

_POINTS = (
    select(_points)
    .where(_points.c.tenant_id == _tenant, _points.c.event_id == _event)
    .order_by(_points.c.day, _points.c.starts, _points.c.id)
)
_STAFF = (
    select(_staff.c.department, func.count().label("count"))
    .where(_staff.c.tenant_id == _tenant, _staff.c.event_id == _event)
    .group_by(_staff.c.department)
)
_NAMED = select(_staff.c.id).where(
    _staff.c.tenant_id == _tenant,
    _staff.c.event_id == _event,
    _staff.c.department == bindparam("department", type_=Text),
    _staff.c.name == bindparam("name", type_=Text),
)
_GOODS = select(_goods).where(_goods.c.tenant_id == _tenant, _goods.c.event_id == _event).order_by(_goods.c.item)
_REGISTER = (
    select(
        _opinions.c.phone, _opinions.c.category, _opinions.c.known_before, _opinions.c.ticket_id, _opinions.c.day,
        _opinions.c.point_id,
    )
    .where(_opinions.c.tenant_id == _tenant, _opinions.c.event_id == _event)
    .order_by(_opinions.c.id)
)  # fmt: skip
_SAID_BEFORE = (
    select(_opinions.c.customer_id, _opinions.c.known_before)
    .where(_opinions.c.tenant_id == _tenant, _opinions.c.event_id == _event, _opinions.c.phone == _phone)
    .order_by(_opinions.c.id)
)
_BY_PHONE = (
    select(_customers.c.id)
    .where(
        _customers.c.tenant_id == _tenant,
        or_(
            _customers.c.phone == _phone,
            select(_contacts.c.id)
            .where(
                _contacts.c.tenant_id == _customers.c.tenant_id,
                _contacts.c.customer_id == _customers.c.id,
                _contacts.c.phone == _phone,
            )
            .exists(),
        ),
    )
    .order_by(_customers.c.id)
    .limit(1)
)


async def points(uow: TenantWork, event_id: UUID) -> list[OutreachPoint]:
    """An event's itinerary, in order (Attachment 1)."""
    return await uow.entities(OutreachPoint, _POINTS, event_id=event_id)


async def staff(uow: TenantWork, event_id: UUID) -> dict[str, int]:
    """How many people each department sends."""
    return {record["department"]: record["count"] for record in await uow.fetch(_STAFF, event_id=event_id)}


async def goods(uow: TenantWork, event_id: UUID) -> list[OutreachGood]:
    """An event's goods list."""
    return await uow.entities(OutreachGood, _GOODS, event_id=event_id)


async def register(uow: TenantWork, event_id: UUID) -> list[Any]:
    """The rows of an event's register, in order, as far as the summary needs them."""
    return await uow.fetch(_REGISTER, event_id=event_id)


async def said_before(uow: TenantWork, event_id: UUID, phone: str) -> tuple[UUID | None, bool] | None:
    """The customer behind a number that spoke at this event before, and whether it was known by then."""
    records = await uow.fetch(_SAID_BEFORE, event_id=event_id, phone=phone)
    if not records:
        return None
    return next((row["customer_id"] for row in records if row["customer_id"]), None), records[0]["known_before"]


async def customer_of_phone(uow: TenantWork, phone: str) -> UUID | None:
    """The customer with that number, or with a contact that has it."""
    record = await uow.fetch_one(_BY_PHONE, phone=phone)
    return None if record is None else record["id"]


async def is_named(uow: TenantWork, event_id: UUID, *, department: str, name: str) -> bool:
    """Whether a department sends that person already."""
    return await uow.fetch_one(_NAMED, event_id=event_id, department=department, name=name) is not None
