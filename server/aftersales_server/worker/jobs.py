"""arq's worker, kept on a short leash.

arq's worker ends when Redis drops, keeps pickled jobs, counts tries in Redis, and refuses an id whose result it
still holds. Here it is made anew after every end, jobs are JSON, tries are counted in PostgreSQL, and no
result is kept, so that a row can be rung for again.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec
from arq.connections import ArqRedis
from arq.worker import Worker, func
from redis.asyncio import BlockingConnectionPool
from redis.exceptions import RedisError

from aftersales_server.bell import OUTBOX_CHANNEL
from aftersales_server.worker.options import WorkerOptions
from aftersales_server.worker.relay import JOB

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.05
CONNECT_TIMEOUT_SECONDS = 2.0
ANSWER_TIMEOUT_SECONDS = 10.0
FINISHING_SECONDS = 8.0
CANCEL_AGAIN_SECONDS = 0.2
_NEVER_BY_ARQ = 1_000_000


def _to_json(job: dict[str, Any]) -> bytes:
    return msgspec.json.encode(job, enc_hook=str)


def connect_redis(url: str, connections: int) -> ArqRedis:
    """A client that connects when first used; at most so many connections, callers wait for a free one."""
    pool: Any = BlockingConnectionPool.from_url(
        url,
        max_connections=connections,
        timeout=ANSWER_TIMEOUT_SECONDS,
        socket_connect_timeout=CONNECT_TIMEOUT_SECONDS,
        socket_timeout=ANSWER_TIMEOUT_SECONDS,
    )
    return ArqRedis(pool, job_serializer=_to_json, job_deserializer=msgspec.json.decode)


class Jobs:
    """Runs arq's worker once; supervision runs it again."""

    def __init__(
        self, redis_url: str, deliver: Callable[[UUID, UUID], Awaitable[bool]], options: WorkerOptions
    ) -> None:
        self._redis_url = redis_url
        self._deliver = deliver
        self._options = options

    async def run(self, stopping: asyncio.Event) -> None:
        """Take jobs until told to stop, then let those in hand finish; a lost Redis raises."""

        async def deliver(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:
            tenant_id, message_id = args
            await self._deliver(UUID(tenant_id), UUID(message_id))

        redis = connect_redis(self._redis_url, self._options.concurrency + 4)
        lease = self._options.lease.total_seconds()
        worker = Worker(
            functions=[func(deliver, name=JOB, keep_result=0, max_tries=_NEVER_BY_ARQ, timeout=lease)],
            redis_pool=redis,
            handle_signals=False,
            max_jobs=self._options.concurrency,
            poll_delay=POLL_SECONDS,
            keep_result=0,
            log_results=False,
            job_serializer=_to_json,
            job_deserializer=msgspec.json.decode,
        )
        # arq adds ten seconds of its own to the time for which it believes that a killed worker still works.
        worker.in_progress_timeout_s = lease
        working = asyncio.create_task(worker.async_run())
        told = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
            if stopping.is_set():
                worker.allow_pick_jobs = False
                if worker.tasks:
                    await asyncio.wait(list(worker.tasks.values()), timeout=FINISHING_SECONDS)
            elif (fault := working.exception()) is not None:
                raise fault
        finally:
            await _end(told, working, *worker.tasks.values())
            with contextlib.suppress(RedisError, OSError):
                await redis.aclose(close_connection_pool=True)


async def _end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel until every task has ended: between arq and redis-py one cancellation can be swallowed."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        ended, pending = await asyncio.wait(pending, timeout=CANCEL_AGAIN_SECONDS)
        for task in ended:
            if not task.cancelled() and (fault := task.exception()) is not None:
                logger.debug("ended with %r", fault)


async def listen(redis_url: str, wake: asyncio.Event, stopping: asyncio.Event) -> None:
    """Set `wake` whenever the outbox's bell rings; a lost Redis raises."""
    redis = connect_redis(redis_url, 1)
    try:
        async with redis.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(OUTBOX_CHANNEL)
            # What was rung while nobody listened.
            wake.set()
            while not stopping.is_set():
                if await channel.get_message(timeout=1.0) is not None:
                    wake.set()
    finally:
        with contextlib.suppress(RedisError, OSError):
            await redis.aclose(close_connection_pool=True)
