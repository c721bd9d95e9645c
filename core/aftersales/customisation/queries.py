"""Customisation's reads."""

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from aftersales.customisation.models import CustomisationRequest
from aftersales.scope import TenantWork

_requests: Any = CustomisationRequest.__table__
_OF_TICKET = select(_requests).where(
    _requests.c.tenant_id == bindparam("tenant_id", type_=Uuid),
    _requests.c.ticket_id == bindparam("ticket_id", type_=Uuid),
)


async def of_ticket(uow: TenantWork, ticket_id: UUID) -> CustomisationRequest | None:
    """The request that a ticket is about, if it is about one."""
    return await uow.entity(CustomisationRequest, _OF_TICKET, ticket_id=ticket_id)
