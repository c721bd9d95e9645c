"""The plan documents' reads."""

from typing import Any
from uuid import UUID

from sqlalchemy import Text, bindparam, select

from aftersales.contracts.models import ServiceContract
from aftersales.scope import TenantWork

_contracts: Any = ServiceContract.__table__

_BY_NUMBER = select(_contracts.c.id).where(
    _contracts.c.tenant_id == bindparam("tenant_id"), _contracts.c.number == bindparam("number", type_=Text)
)


async def contract_of_number(uow: TenantWork, number: str) -> UUID | None:
    """The contract of that number."""
    row = await uow.fetch_one(_BY_NUMBER, number=number)
    return None if row is None else row["id"]
