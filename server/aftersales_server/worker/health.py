"""How the worker shows that it lives and how far behind it is: a heartbeat row, and figures for Prometheus."""

import asyncio
from datetime import datetime, timedelta

import asyncpg
from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from aftersales.kit.clock import SystemClock
from aftersales.kit.outbox_queries import FIGURES
from aftersales.kit.statements import compiled
from aftersales.kit.unit_of_work import Connection
from aftersales_server.worker.doors import Doors
from aftersales_server.worker.metrics import DEAD, LAG, PENDING
from aftersales_server.worker.supervision import wait_for
from aftersales_tenants.models import PlatformSetting

HEARTBEAT_KEY = "worker.heartbeat"
HEARTBEAT_PAUSE_SECONDS = 5.0
HEARTBEAT_VALID = timedelta(seconds=20)

_wall_clock = SystemClock()
_BEAT = compiled(
    insert(PlatformSetting)
    .values(key=HEARTBEAT_KEY, value=bindparam("value", type_=JSONB))
    .on_conflict_do_update(index_elements=[PlatformSetting.key], set_={"value": bindparam("value", type_=JSONB)})
)
_HEARD = compiled(select(PlatformSetting.value).where(PlatformSetting.key == HEARTBEAT_KEY))
_FIGURES = compiled(FIGURES)


class OutboxFigures(Struct, frozen=True, kw_only=True):
    """The outbox over all tenants; `lag` is zero when nothing waits."""

    pending: int
    dead: int
    lag: timedelta


async def outbox_figures(connection: Connection, now: datetime) -> OutboxFigures:
    """Counted by the partial indexes, as the system role; `now` is the platform's instant."""
    record = await connection.fetchrow(_FIGURES.sql, *_FIGURES.arguments({}))
    assert record is not None  # noqa: S101 - a select without FROM always has a row
    lag = max(now - record["oldest"], timedelta(0)) if record["oldest"] is not None else timedelta(0)
    return OutboxFigures(pending=record["pending"], dead=record["dead"], lag=lag)


async def worker_alive(connection: Connection) -> bool:
    """Whether some worker gave a sign within the last twenty seconds, by the machine's clock (system role)."""
    value = await connection.fetchval(_HEARD.sql, *_HEARD.arguments({}))
    return value is not None and _wall_clock.now() - datetime.fromisoformat(value["at"]) < HEARTBEAT_VALID


async def beat(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """Leave the sign."""
    value = {"at": _wall_clock.now().isoformat()}
    await pool.execute(_BEAT.sql, *_BEAT.arguments({"value": value}))


async def keep_beating(doors: Doors, stopping: asyncio.Event) -> None:
    """Give signs and refresh the gauges until told to stop."""
    while not stopping.is_set():
        await beat(doors.system_pool)
        now = await doors.now()
        async with doors.system_pool.acquire() as connection:
            figures = await outbox_figures(connection, now)
        PENDING.set(figures.pending)
        DEAD.set(figures.dead)
        LAG.set(figures.lag.total_seconds())
        await wait_for(stopping, HEARTBEAT_PAUSE_SECONDS)
