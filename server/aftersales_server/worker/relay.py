"""Finds pending outbox rows and hands them to arq, under the row's own id, so that handing over twice is once."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from uuid import UUID

from arq.connections import ArqRedis
from redis.exceptions import RedisError

from aftersales.kit.outbox_queries import CLAIM, PENDING
from aftersales.kit.statements import compiled
from aftersales_server.worker.doors import Doors
from aftersales_server.worker.options import WorkerOptions
from aftersales_server.worker.supervision import CONNECTION_FAULTS, wait_for

logger = logging.getLogger(__name__)

JOB = "deliver"
BATCH = 500
_pending, _claim = compiled(PENDING), compiled(CLAIM)

Message = tuple[UUID, UUID, int]
"""Tenant, row, and how often it failed so far."""


class Relay:
    """One relay of any number. `wake` makes it look at once instead of at the end of its pause.

    While Redis is away it delivers by itself: Redis only spreads the work.
    """

    def __init__(
        self,
        doors: Doors,
        redis: ArqRedis,
        deliver: Callable[[UUID, UUID], Awaitable[bool]],
        options: WorkerOptions,
    ) -> None:
        self._doors = doors
        self._redis = redis
        self._deliver = deliver
        self._options = options
        self._hands = asyncio.Semaphore(options.concurrency)
        self.wake = asyncio.Event()

    async def run(self, stopping: asyncio.Event) -> None:
        """Relay until told to stop."""
        while not stopping.is_set():
            self.wake.clear()
            if await self.relay() < BATCH:
                await wait_for(self.wake, self._options.relay_pause.total_seconds())

    async def relay(self) -> int:
        """One round: lease what is pending and hand it over; how many rows were found."""
        now = await self._doors.now()
        pool = self._doors.system_pool
        found = await pool.fetch(_pending.sql, *_pending.arguments({"now": now, "limit": BATCH}))
        by_tenant: dict[UUID, list[UUID]] = defaultdict(list)
        for record in found:
            by_tenant[record["tenant_id"]].append(record["id"])
        claimed: list[Message] = []
        for tenant_id, ids in by_tenant.items():
            arguments = _claim.arguments({"tenant_id": tenant_id, "ids": ids, "now": now, "lease": self._options.lease})
            leased = await pool.fetch(_claim.sql, *arguments)
            claimed += [(tenant_id, record["id"], record["attempts"]) for record in leased]
        await self._each(claimed, self._hand_over)
        return len(found)

    async def _hand_over(self, tenant_id: UUID, message_id: UUID, failures: int) -> None:
        # arq still knows the job of a failed attempt for a moment, and would take the next one for its double.
        job_id = f"{message_id}:{failures}" if failures else str(message_id)
        try:
            await self._redis.enqueue_job(JOB, str(tenant_id), str(message_id), _job_id=job_id)
        except (RedisError, OSError, TimeoutError):
            try:
                await self._deliver(tenant_id, message_id)
            except CONNECTION_FAULTS as fault:
                logger.warning("message %s waits for its next lease: %s", message_id, fault)

    async def _each(self, messages: list[Message], action: Callable[[UUID, UUID, int], Awaitable[None]]) -> None:
        async def one(message: Message) -> None:
            async with self._hands:
                await action(*message)

        await asyncio.gather(*(one(message) for message in messages))
