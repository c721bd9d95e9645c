"""The outbox from an operator's side, for the command line."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from aftersales.kit.errors import NotFound
from aftersales.kit.statements import compiled
from aftersales.notices import dead_letters
from aftersales_server.settings import Settings
from aftersales_server.worker.health import OutboxFigures, outbox_figures
from aftersales_server.worker.platform import PlatformDoors, open_doors
from aftersales_tenants.queries import TENANT_BY_SLUG


class DeadLetter(Struct, frozen=True, kw_only=True):
    """A message that was given up."""

    id: UUID
    topic: str
    attempts: int
    dead_at: datetime | None
    last_error: str | None


async def count(settings: Settings) -> OutboxFigures:
    """The outbox of all tenants in figures."""
    async with open_doors(settings) as doors:
        now = await doors.now()
        async with doors.system_pool.acquire() as connection:
            return await outbox_figures(connection, now)


async def list_dead(settings: Settings, slug: str) -> list[DeadLetter]:
    """All dead letters of a tenant; TENANT_UNKNOWN when there is no such tenant."""
    async with open_doors(settings) as doors:
        return await _all_dead(doors, await _tenant(doors, slug))


async def replay_dead(settings: Settings, slug: str, ids: Sequence[UUID] | None) -> int:
    """Replay these messages, or all dead ones with None; how many. NOT_FOUND and OUTBOX_MESSAGE_NOT_DEAD stop it."""
    async with open_doors(settings) as doors:
        tenant_id = await _tenant(doors, slug)
        wanted = [letter.id for letter in await _all_dead(doors, tenant_id)] if ids is None else ids
        async with doors.tenant(tenant_id) as uow:
            for message_id in wanted:
                await dead_letters.replay(uow, message_id)
        return len(wanted)


async def _tenant(doors: PlatformDoors, slug: str) -> UUID:
    query = compiled(TENANT_BY_SLUG)
    row = await doors.system_pool.fetchrow(query.sql, *query.arguments({"slug": slug}))
    if row is None:
        raise NotFound("TENANT_UNKNOWN", slug=slug)
    tenant_id: UUID = row["id"]
    return tenant_id


async def _all_dead(doors: PlatformDoors, tenant_id: UUID) -> list[DeadLetter]:
    found: list[DeadLetter] = []
    async with doors.tenant(tenant_id) as uow:
        while True:
            page = await dead_letters.dead_letters(uow, after=found[-1].id if found else None)
            found += [
                DeadLetter(
                    id=row.id, topic=row.topic, attempts=row.attempts, dead_at=row.dead_at, last_error=row.last_error
                )
                for row in page
            ]
            if len(page) < dead_letters.PAGE_LIMIT:
                return found
