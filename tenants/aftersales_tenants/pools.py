"""The two ways into PostgreSQL at run time: as the app, which row-level security binds, and as the system."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import msgspec

from aftersales.kit.entities import encode

STATEMENTS_KEPT = 1024
"""Prepared statements per connection; every shape of a planned read or of a flush is one."""
LONGEST_STATEMENT_KEPT = 65_536
"""Bytes of SQL; a wide planned read is longer than asyncpg's 15 KiB, and would be prepared anew each time."""


@dataclass(frozen=True)
class Pools:
    """`app` serves tenants; `system` finds out who calls, provisions, and sweeps."""

    app: "asyncpg.Pool[asyncpg.Record]"
    system: "asyncpg.Pool[asyncpg.Record]"


async def prepare(connection: Any) -> None:
    """Let jsonb be Python values on a new connection."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: msgspec.json.encode(value, enc_hook=encode).decode(),
        decoder=msgspec.json.decode,
    )


async def _keep(connection: Any) -> None:
    """Nothing to reset between two units of work: they leave only what SET LOCAL undoes by itself."""


@asynccontextmanager
async def open_pools(
    app_dsn: str, system_dsn: str, *, app_size: int = 20, system_size: int = 5
) -> AsyncIterator[Pools]:
    """Both pools, opened lazily and closed at the end; each connection works in UTC."""
    options: dict[str, Any] = {
        "min_size": 1,
        "init": prepare,
        "reset": _keep,
        "statement_cache_size": STATEMENTS_KEPT,
        "max_cacheable_statement_size": LONGEST_STATEMENT_KEPT,
        "server_settings": {"timezone": "UTC", "application_name": "aftersales", "jit": "off"},
    }
    async with (
        asyncpg.create_pool(app_dsn, max_size=app_size, **options) as app,
        asyncpg.create_pool(system_dsn, max_size=system_size, **options) as system,
    ):
        yield Pools(app, system)
