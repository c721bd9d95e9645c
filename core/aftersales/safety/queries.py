"""The safety room's reads."""

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, func, or_, select

from aftersales.safety.models import Hazard, SiteBranch, SiteRole
from aftersales.scope import TenantWork

_roles: Any = SiteRole.__table__
_branches: Any = SiteBranch.__table__
_hazards: Any = Hazard.__table__
_tenant = bindparam("tenant_id", type_=Uuid)

_HELD = (
    select(_roles)
    .where(
        _roles.c.tenant_id == _tenant,
        _roles.c.ended_at.is_(None),
        or_(_roles.c.site_id.is_(None), _roles.c.site_id == bindparam("site_id", type_=Uuid)),
    )
    .order_by(_roles.c.id)
)
_FULL_TIME_ELSEWHERE = select(func.count().label("count")).where(
    _roles.c.tenant_id == _tenant,
    _roles.c.engineer_id == bindparam("engineer_id", type_=Uuid),
    _roles.c.role == "safety_officer",
    _roles.c.full_time,
    _roles.c.ended_at.is_(None),
)
_BRANCHES = (
    select(_branches.c.service_unit_id)
    .where(_branches.c.tenant_id == _tenant, _branches.c.site_id == bindparam("site_id", type_=Uuid))
    .order_by(_branches.c.id)
)
_STOPPING = select(func.count().label("count")).where(
    and_(
        _hazards.c.tenant_id == _tenant,
        _hazards.c.site_id == bindparam("site_id", type_=Uuid),
        _hazards.c.stops_work,
        _hazards.c.state != "resumed",
        _hazards.c.id != bindparam("hazard_id", type_=Uuid),
    )
)


async def roles_held(uow: TenantWork, site_id: UUID | None) -> list[SiteRole]:
    """The roles held now on a site and in the company; without a site the company's alone."""
    return await uow.entities(SiteRole, _HELD, site_id=site_id)


async def full_time_posts(uow: TenantWork, engineer_id: UUID) -> int:
    """On how many sites somebody is the full-time safety officer now."""
    row = await uow.fetch_one(_FULL_TIME_ELSEWHERE, engineer_id=engineer_id)
    return row["count"] if row else 0


async def branches_of(uow: TenantWork, site_id: UUID) -> list[UUID]:
    """The units that take part on a site."""
    return [row["service_unit_id"] for row in await uow.fetch(_BRANCHES, site_id=site_id)]


async def other_stopping_hazards(uow: TenantWork, site_id: UUID, hazard_id: UUID) -> int:
    """How many further hazards keep the site's work stopped."""
    row = await uow.fetch_one(_STOPPING, site_id=site_id, hazard_id=hazard_id)
    return row["count"] if row else 0
