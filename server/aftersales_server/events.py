"""Committed events for subscriptions: one Redis connection per process, handed out per tenant."""

import asyncio
import logging
from collections.abc import AsyncIterator
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from aftersales_server.bell import event_channel

logger = logging.getLogger(__name__)

WAITING_EVENTS = 1_000
"""Events that may wait for a slow subscriber; then its oldest are dropped (it can read the journal)."""
_PATTERN = "tenant:*:events"
_RETRY_SECONDS = 1.0


class EventHub:
    """Listens to the bells of all tenants and rings only those who listen for theirs.

    Redis may come and go: while it is away nothing is heard, afterwards listening goes on.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._listeners: dict[str, set[asyncio.Queue[UUID]]] = {}

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.psubscribe(_PATTERN)
                    async for message in pubsub.listen():
                        if message["type"] == "pmessage":
                            self._hand_out(_text(message["channel"]), _text(message["data"]))
            except (RedisError, OSError) as fault:
                logger.warning("events can't be heard: %s", fault)
                await asyncio.sleep(_RETRY_SECONDS)

    def _hand_out(self, channel: str, text: str) -> None:
        for queue in self._listeners.get(channel, ()):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(UUID(text))

    async def events(self, tenant_id: UUID) -> AsyncIterator[UUID]:
        """The ids of the tenant's events from now on, until the caller stops listening."""
        channel = event_channel(tenant_id)
        queue: asyncio.Queue[UUID] = asyncio.Queue(WAITING_EVENTS)
        self._listeners.setdefault(channel, set()).add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._listeners[channel].discard(queue)
            if not self._listeners[channel]:
                del self._listeners[channel]


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
