"""What workers do: the next batch of an import that is being checked or run, a table that was asked for."""

from uuid import UUID

from aftersales.exchange import ordered, service
from aftersales.kit.jobs import handles
from aftersales.kit.outbox import OutboxMessage
from aftersales.scope import TenantWork


@handles(service.TOPIC)
async def next_batch(uow: TenantWork, message: OutboxMessage) -> None:
    """Check or write one batch, and ask for the one behind it, in one transaction."""
    asked = message.payload
    await service.advance(uow, UUID(asked["import_id"]), asked["state"], asked["position"])


@handles(ordered.TOPIC)
async def make_export(uow: TenantWork, message: OutboxMessage) -> None:
    """Write a table that was asked for."""
    await ordered.make_export(uow, UUID(message.payload["export_id"]))
