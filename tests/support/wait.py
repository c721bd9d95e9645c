"""Waiting for something that happens elsewhere, by asking until it did or the time is up."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")
PATIENCE_SECONDS = 20.0
_LOOK_EVERY_SECONDS = 0.02


async def eventually(
    look: Callable[[], Awaitable[Found]], *, seconds: float = PATIENCE_SECONDS, what: str = "the condition"
) -> Found:
    """The first true answer of `look`; AssertionError with the last answer when there was none in time."""
    deadline = time.monotonic() + seconds
    never = asyncio.Event()
    while True:
        found = await look()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} didn't come true within {seconds:g} s, last seen: {found!r}"
        try:
            await asyncio.wait_for(never.wait(), _LOOK_EVERY_SECONDS)
        except TimeoutError:
            continue
