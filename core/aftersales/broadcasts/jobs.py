"""What workers do for broadcasts: write the copies page by page, and send the reminders that are due."""

from typing import Final
from uuid import UUID

from aftersales.broadcasts import service
from aftersales.broadcasts.planned import remind_customers, reminding_tenants
from aftersales.broadcasts.queries import due_tenants
from aftersales.kit.jobs import Round, handles, make_rounds
from aftersales.kit.outbox import OutboxMessage
from aftersales.scope import TenantWork

REMINDERS: Final = Round("reminders", due_tenants, service.remind, at_once=20)

PLANNED: Final = Round("planned reminders", reminding_tenants, remind_customers)

make_rounds(REMINDERS, PLANNED)


@handles(service.EXPAND)
async def expand(uow: TenantWork, message: OutboxMessage) -> None:
    """Write a page of copies."""
    await service.expand(uow, UUID(message.payload["broadcast_id"]), message.payload["after"])
