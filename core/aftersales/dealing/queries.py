"""The dealings' reads."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, func, select

from aftersales.dealing.models import DealerEntry, DealerSettlement
from aftersales.scope import TenantWork

_entries: Any = DealerEntry.__table__
_settlements: Any = DealerSettlement.__table__
_tenant = bindparam("tenant_id", type_=Uuid)
_unit = bindparam("service_unit_id", type_=Uuid)
_currency = bindparam("currency", type_=Text)

_BALANCE = select(func.coalesce(func.sum(_entries.c.amount), 0).label("balance")).where(
    _entries.c.tenant_id == _tenant, _entries.c.service_unit_id == _unit, _entries.c.currency == _currency
)
_CONFIRMED = (
    select(_settlements)
    .where(
        _settlements.c.tenant_id == _tenant,
        _settlements.c.service_unit_id == _unit,
        _settlements.c.currency == _currency,
        _settlements.c.state == "confirmed",
    )
    .order_by(_settlements.c.confirmed_at, _settlements.c.id)
    .with_for_update()
)


async def balance(uow: TenantWork, service_unit_id: UUID, currency: str) -> Decimal:
    """What a dealer owes; negative when it paid ahead."""
    record = await uow.fetch_one(_BALANCE, service_unit_id=service_unit_id, currency=currency)
    return Decimal(record["balance"] if record else 0).quantize(Decimal("0.01"))


async def confirmed(uow: TenantWork, service_unit_id: UUID, currency: str) -> list[DealerSettlement]:
    """The write-offs that a dealer confirmed and that aren't taken off wholly, oldest confirmation first; locked."""
    return await uow.entities(DealerSettlement, _CONFIRMED, service_unit_id=service_unit_id, currency=currency)
