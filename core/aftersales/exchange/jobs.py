"""What workers do for imports: the next batch of whatever is being checked or run."""

from uuid import UUID

from aftersales.exchange import service
from aftersales.kit.jobs import handles
from aftersales.kit.outbox import OutboxMessage
from aftersales.scope import TenantWork


@handles(service.TOPIC)
async def next_batch(uow: TenantWork, message: OutboxMessage) -> None:
    """Check or write one batch, and ask for the one behind it, in one transaction."""
    asked = message.payload
    await service.advance(uow, UUID(asked["import_id"]), asked["state"], asked["position"])
