"""Messages that were given up: an admin sees why, and may have them tried again."""

from uuid import UUID

from aftersales.access import require
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.outbox import OutboxMessage
from aftersales.kit.outbox_queries import DEAD
from aftersales.scope import TenantWork

PAGE_LIMIT = 100
_BEGINNING = UUID(int=0)


async def dead_letters(uow: TenantWork, *, after: UUID | None = None, first: int = PAGE_LIMIT) -> list[OutboxMessage]:
    """The tenant's dead letters in the order of their making, behind the message `after`; at most 100 at once."""
    require(uow.actor, "outbox.manage")
    if not 0 < first <= PAGE_LIMIT:
        raise InvalidInput("PAGE_SIZE_INVALID", field="first", value=first, limit=PAGE_LIMIT)
    return await uow.entities(OutboxMessage, DEAD, after=after or _BEGINNING, first=first)


async def replay(uow: TenantWork, message_id: UUID) -> OutboxMessage:
    """Have a dead letter tried again from the first attempt on; OUTBOX_MESSAGE_NOT_DEAD for any other message."""
    require(uow.actor, "outbox.manage")
    message = await uow.get(OutboxMessage, message_id, for_update=True)
    if message.dead_at is None:
        raise StateRefused("OUTBOX_MESSAGE_NOT_DEAD", field="messageId")
    message.dead_at, message.attempts, message.lapses, message.leased_until = None, 0, 0, None
    message.available_at = uow.now
    return message
