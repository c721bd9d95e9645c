"""Which statements one request sends, and how many hooks it dispatches: watched in an API within this process."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import asyncpg
import httpx

from aftersales.plugins.registry import Registry
from aftersales_server.asgi import create_app
from aftersales_server.settings import Settings

_METHODS = ("execute", "fetch", "fetchrow", "fetchval")


@dataclass
class Watched:
    """What happened while watching, in order."""

    statements: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    hooks: list[str] = field(default_factory=list)

    def clear(self) -> None:
        self.statements.clear()
        self.hooks.clear()


@contextmanager
def watching() -> Iterator[Watched]:
    """Every statement that asyncpg sends and every hook call in this process, while inside."""
    watched = Watched()
    originals: list[tuple[type, str, Any]] = []

    def statement(name: str) -> None:
        original = getattr(asyncpg.Connection, name)

        async def call(self: Any, query: str, *args: Any, **options: Any) -> Any:
            watched.statements.append((query, args))
            return await original(self, query, *args, **options)

        originals.append((asyncpg.Connection, name, original))
        setattr(asyncpg.Connection, name, call)

    for name in _METHODS:
        statement(name)
    dispatch = Registry.call

    def call(self: Registry, vertical: str, hook: str, **facts: Any) -> Any:
        watched.hooks.append(f"{vertical}.{hook}")
        return dispatch(self, vertical, hook, **facts)

    originals.append((Registry, "call", dispatch))
    Registry.call = call  # type: ignore[method-assign]
    try:
        yield watched
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


@asynccontextmanager
async def inner_api(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The same application as the served one, in this process."""
    app = create_app(settings)
    async with app.lifespan():
        transport = httpx.ASGITransport(app=cast(Any, app))
        async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
            yield client
