"""Bells in Redis: "something is in the outbox", "an event was committed". Nobody relies on hearing one."""

import asyncio
import logging
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

OUTBOX_CHANNEL = "aftersales:outbox"


def event_channel(tenant_id: UUID) -> str:
    """Where the ids of a tenant's committed events are published."""
    return f"tenant:{tenant_id}:events"


class Bell:
    """Rings after a commit: `uow.after_commit(bell.outbox)`. A Redis that is away only means a later look."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._rung = False
        self._ringing: asyncio.Task[None] | None = None

    async def outbox(self) -> None:
        """Wake the relays, without letting the caller wait for Redis; rings during a ring become one more."""
        self._rung = True
        if self._ringing is None or self._ringing.done():
            self._ringing = asyncio.create_task(self._ring())

    async def _ring(self) -> None:
        while self._rung:
            self._rung = False
            await self._publish(OUTBOX_CHANNEL, "")

    async def event(self, tenant_id: UUID, event_id: UUID) -> None:
        """Tell the tenant's subscriptions which event to look at."""
        await self._publish(event_channel(tenant_id), str(event_id))

    async def _publish(self, channel: str, text: str) -> None:
        try:
            await self._redis.publish(channel, text)
        except (RedisError, OSError, TimeoutError) as fault:
            logger.debug("the bell %s wasn't heard: %s", channel, fault)
