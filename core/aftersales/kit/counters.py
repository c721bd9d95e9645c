"""People-facing numbers such as T-2026-000123, from a counter row per tenant and kind."""

from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from aftersales.kit.outbox import TenantCounter
from aftersales.kit.unit_of_work import UnitOfWork

NUMBER_WIDTH = 6

_counters = TenantCounter.__table__
_TAKE = (
    insert(TenantCounter)
    .values(tenant_id=bindparam("tenant_id"), kind=bindparam("kind"), next_number=2)
    .on_conflict_do_update(
        index_elements=[TenantCounter.tenant_id, TenantCounter.kind],
        set_={"next_number": TenantCounter.next_number + 1},
    )
    .returning(TenantCounter.next_number)
)


async def next_number(uow: UnitOfWork[Any], prefix: str, year: int) -> str:
    """The next number of a kind and year. The counter row stays locked until the unit ends: no gaps, no twins."""
    record = await uow.fetch_one(_TAKE, kind=f"{prefix}-{year}")
    assert record is not None  # noqa: S101 - an upsert with RETURNING always has a row
    return f"{prefix}-{year}-{record['next_number'] - 1:0{NUMBER_WIDTH}d}"
