"""Finds pending outbox rows and hands them to arq, under the row's own id, so that handing over twice is once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from uuid import UUID

from arq.connections import ArqRedis
from redis.exceptions import RedisError

from aftersales.kit.outbox_queries import CLAIM, PENDING_TENANTS
from aftersales.kit.statements import compiled
from aftersales_server.worker.doors import Doors
from aftersales_server.worker.options import WorkerOptions
from aftersales_server.worker.supervision import CONNECTION_FAULTS, wait_for

logger = logging.getLogger(__name__)

JOB = "deliver"
BATCH = 500
"""Rows that a round leases, shared among the tenants that wait: a busy one doesn't hold the others up."""
_pending, _claim = compiled(PENDING_TENANTS), compiled(CLAIM)

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
            if not await self.relay():
                await wait_for(self.wake, self._options.relay_pause.total_seconds())

    async def relay(self) -> bool:
        """One round: lease what is pending and hand it over; whether some tenant may have more than its share."""
        now = await self._doors.now()
        pool = self._doors.system_pool
        waiting = await pool.fetch(_pending.sql, *_pending.arguments({"now": now, "limit": BATCH}))
        share = BATCH // max(len(waiting), 1)
        claimed: list[Message] = []
        more = len(waiting) == BATCH
        for record in waiting:
            tenant_id: UUID = record["tenant_id"]
            arguments = {"tenant_id": tenant_id, "limit": share, "now": now, "lease": self._options.lease}
            leased = await pool.fetch(_claim.sql, *_claim.arguments(arguments))
            claimed += [(tenant_id, row["id"], row["attempts"]) for row in leased]
            more = more or len(leased) == share
        await self._each(claimed, self._hand_over)
        return more

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
