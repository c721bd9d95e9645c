"""What workers do for the outbox itself: forget messages that were done long ago."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from aftersales.kit.jobs import Round, make_rounds
from aftersales.kit.outbox_queries import DONE_TENANTS, FORGET
from aftersales.kit.statements import compiled
from aftersales.kit.unit_of_work import Connection, UnitOfWork

KEPT: Final = timedelta(days=30)
"""How long a done message is kept, for whoever asks what was sent; dead letters are kept until they are replayed."""

_done_tenants = compiled(DONE_TENANTS)


async def tenants_to_tidy(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """The tenants that have messages done more than thirty days ago."""
    arguments = _done_tenants.arguments({"before": now - KEPT, "limit": limit})
    return [record["tenant_id"] for record in await connection.fetch(_done_tenants.sql, *arguments)]


async def forget_done(uow: UnitOfWork[Any], limit: int) -> int:
    """Delete at most `limit` of a tenant's messages that were done more than thirty days ago; how many."""
    return len(await uow.fetch(FORGET, before=uow.now - KEPT, limit=limit))


make_rounds(Round("outbox", tenants_to_tidy, forget_done, at_once=1_000))
