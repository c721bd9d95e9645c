"""Loops that outlive whatever they depend on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import asyncpg
from redis.exceptions import RedisError

from aftersales.kit.errors import Unavailable

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0

CONNECTION_FAULTS = (
    RedisError,
    OSError,
    TimeoutError,
    Unavailable,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
)
"""What a server that is away, starting or going down looks like from here."""


async def keep_running(name: str, body: Callable[[], Awaitable[None]], stopping: asyncio.Event) -> None:
    """Run `body` again whenever it fails, with a growing pause, until `stopping` is set.

    A server that is away is a warning in the log; anything else is an error with its traceback, and is tried
    again all the same: a promise isn't dropped because of a defect elsewhere.
    """
    pause = FIRST_PAUSE_SECONDS
    while not stopping.is_set():
        began = asyncio.get_running_loop().time()
        try:
            await body()
        except CONNECTION_FAULTS as fault:
            logger.warning("%s: lost a connection (%s: %s), trying again", name, type(fault).__name__, fault)
        except Exception:
            logger.exception("%s: failed, trying again", name)
        if asyncio.get_running_loop().time() - began > LONGEST_PAUSE_SECONDS:
            pause = FIRST_PAUSE_SECONDS
        await wait_for(stopping, pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


async def wait_for(event: asyncio.Event, seconds: float) -> bool:
    """Whether the event was set within so many seconds."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
