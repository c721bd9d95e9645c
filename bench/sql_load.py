"""The same statements by plain asyncpg: BEGIN, set the tenant, the statements, COMMIT."""

import asyncio
from collections.abc import Iterator
from time import perf_counter
from typing import TYPE_CHECKING

import asyncpg
import msgspec

from bench import identifiers as ids
from bench.rates import Rate

if TYPE_CHECKING:
    from bench.requests import Replay, Target


async def _codec(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: msgspec.json.encode(value).decode(),
        decoder=msgspec.json.decode,
    )


class SqlLoad:
    """A fixed number of connections as the app's role."""

    def __init__(self, dsn: str, connections: int) -> None:
        self._dsn = dsn
        self._connections = connections
        self._open: list[asyncpg.Connection] = []

    async def __aenter__(self) -> "SqlLoad":
        for _ in range(self._connections):
            connection = await asyncpg.connect(self._dsn)
            await _codec(connection)
            self._open.append(connection)
        return self

    async def __aexit__(self, *_: object) -> None:
        for connection in self._open:
            await connection.close()

    async def round(self, replay: "Replay", targets: "Iterator[Target]", seconds: float) -> Rate:
        """As many units of work as go in `seconds`; making their arguments isn't counted."""
        latencies: list[float] = []
        preparing = 0.0
        began = perf_counter()
        until = began + seconds

        async def work(connection: asyncpg.Connection) -> None:
            nonlocal preparing
            while (started := perf_counter()) < until:
                target = next(targets)
                statements = replay.statements(target)
                tenant = ids.identifier(ids.TENANT, target.tenant)
                ready = perf_counter()
                preparing += ready - started
                await connection.execute("begin")
                await connection.fetchval("select app.set_tenant($1)", tenant)
                for sql, args in statements:
                    await connection.fetch(sql, *args)
                await connection.execute("commit")
                latencies.append(perf_counter() - ready)

        await asyncio.gather(*(work(connection) for connection in self._open))
        # One processor does the preparing for all connections, so its time was nobody's working time.
        return Rate.of(latencies, perf_counter() - began - preparing)
