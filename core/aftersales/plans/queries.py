"""The service plans' reads."""

from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Text, Uuid, bindparam, func, or_, select

from aftersales.plans.models import ServicePlan
from aftersales.scope import TenantWork

_plans: Any = ServicePlan.__table__
_tenant = bindparam("tenant_id", type_=Uuid)
_vertical = bindparam("vertical", type_=Text)

_EFFECTIVE = (
    select(_plans)
    .where(
        _plans.c.tenant_id == _tenant,
        _plans.c.vertical == _vertical,
        _plans.c.state != "draft",
        _plans.c.effective_from <= bindparam("on", type_=Date),
        or_(_plans.c.retired_on.is_(None), _plans.c.retired_on > bindparam("on", type_=Date)),
    )
    .order_by(_plans.c.effective_from.desc(), _plans.c.edition.desc())
    .limit(1)
)
_LAST_EDITION = select(func.coalesce(func.max(_plans.c.edition), 0).label("edition")).where(
    _plans.c.tenant_id == _tenant, _plans.c.vertical == _vertical
)
_SAME_DAY = (
    select(_plans.c.edition)
    .where(
        _plans.c.tenant_id == _tenant,
        _plans.c.vertical == _vertical,
        _plans.c.state == "published",
        _plans.c.effective_from == bindparam("on", type_=Date),
    )
    .limit(bindparam("limit", type_=Integer))
)


async def effective(uow: TenantWork, vertical: str, on: date) -> ServicePlan | None:
    """The plan that counts for a contract signed on a day; None where the tenant published none."""
    return await uow.entity(ServicePlan, _EFFECTIVE, vertical=vertical, on=on)


async def last_edition(uow: TenantWork, vertical: str) -> int:
    """The number of the youngest published plan of a vertical."""
    record = await uow.fetch_one(_LAST_EDITION, vertical=vertical)
    return 0 if record is None else int(record["edition"])


async def published_for(uow: TenantWork, vertical: str, on: date) -> int | None:
    """The edition that begins to count on that very day."""
    record = await uow.fetch_one(_SAME_DAY, vertical=vertical, on=on, limit=1)
    return None if record is None else int(record["edition"])
