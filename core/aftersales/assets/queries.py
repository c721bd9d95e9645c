"""The assets' reads."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from aftersales.assets.models import Asset
from aftersales.scope import TenantWork

_assets: Any = Asset.__table__


def _ancestors() -> Any:
    start = (
        select(_assets.c.id, _assets.c.parent_asset_id)
        .where(_assets.c.tenant_id == bindparam("tenant_id"), _assets.c.id == bindparam("asset_id"))
        .cte("ancestors", recursive=True)
    )
    upper = _assets.alias("upper")
    above = select(upper.c.id, upper.c.parent_asset_id).where(
        upper.c.tenant_id == bindparam("tenant_id"), upper.c.id == start.c.parent_asset_id
    )
    return select(start.union(above).c.id)


_ANCESTORS = _ancestors()


async def with_ancestors(uow: TenantWork, asset_id: UUID) -> frozenset[UUID]:
    """The asset and everything it is a part of."""
    return frozenset(row["id"] for row in await uow.fetch(_ANCESTORS, asset_id=asset_id))
