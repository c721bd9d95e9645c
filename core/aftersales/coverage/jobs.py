"""What workers do for coverage: the next page of a fleet that is being reviewed."""

from uuid import UUID

from aftersales.coverage import reviews
from aftersales.kit.jobs import handles
from aftersales.kit.outbox import OutboxMessage
from aftersales.scope import TenantWork


@handles(reviews.TOPIC)
async def next_page(uow: TenantWork, message: OutboxMessage) -> None:
    """Decide one page, and ask for the one behind it, in one transaction."""
    await reviews.advance(uow, UUID(message.payload["fleet_review_id"]), message.payload["page"])
