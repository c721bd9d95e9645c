"""What workers do for a room: outbox topics with their handlers, and rounds that look for what fell due.

A room's `jobs.py` registers both; `aftersales.rooms` imports it. PostgreSQL is the truth: a message is a row of the
transaction that caused it, a round finds its work by an index, so whatever is killed, nothing is lost.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from aftersales.kit.errors import AftersalesError, Unavailable
from aftersales.kit.outbox import OutboxMessage
from aftersales.kit.unit_of_work import Connection, UnitOfWork, is_lost

logger = logging.getLogger(__name__)

Piece = TypeVar("Piece")
PUT_ASIDE: Final = timedelta(minutes=15)
"""When a piece of a round that couldn't be done is looked at again."""

Handler = Callable[[UnitOfWork[Any], OutboxMessage], Awaitable[None]]


@dataclass(frozen=True)
class Round:
    """Work that falls due by itself, such as alarms or the next visits of a plan.

    `due_tenants(connection, now, limit)` names the tenants that have some, longest waiting first: one index scan on
    the system role's connection. `work(uow, limit)` does at most `limit` pieces in one unit of work of one tenant
    and says how many; less than `limit` means that nothing more is due. Both skip what another worker has in hand.
    """

    name: str
    due_tenants: Callable[[Connection, datetime, int], Awaitable[list[UUID]]]
    work: Callable[[UnitOfWork[Any], int], Awaitable[int]]
    at_once: int = 200


_handlers: Final[dict[str, Handler]] = {}
_rounds: Final[dict[str, Round]] = {}


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Carry out the messages of a topic. Called any number of times for one message; has to write once."""

    def put(handler: Handler) -> Handler:
        if _handlers.setdefault(topic, handler) is not handler:
            raise RuntimeError(f"two handlers for the topic {topic}")
        return handler

    return put


def handler_of(topic: str) -> Handler | None:
    """Who carries out a topic; None for nobody."""
    return _handlers.get(topic)


def make_rounds(*rounds: Round) -> None:
    """Have workers make these rounds."""
    for one in rounds:
        if _rounds.setdefault(one.name, one) is not one:
            raise RuntimeError(f"two rounds of the name {one.name}")


def rounds() -> tuple[Round, ...]:
    """All rounds, in the order in which they were registered."""
    return tuple(_rounds.values())


async def work_off(
    uow: UnitOfWork[Any],
    pieces: Sequence[Piece],
    work: Callable[[UnitOfWork[Any], Sequence[Piece]], Awaitable[None]],
    put_aside: Callable[[Piece], None],
    *,
    what: str,
) -> None:
    """Do the pieces of a round together; when that fails, each by itself, and put aside those that can't be done.

    One piece whose terms can't be read, or that another room refuses, holds up none of the tenant's others. `work`
    reads what it changes in the unit that it gets. A lost database is raised: the round is made again.
    """
    if len(pieces) > 1 and await _tried(uow, pieces, work, what):
        return
    for piece in pieces:
        if not await _tried(uow, [piece], work, what):
            put_aside(piece)


async def _tried(
    uow: UnitOfWork[Any],
    pieces: Sequence[Piece],
    work: Callable[[UnitOfWork[Any], Sequence[Piece]], Awaitable[None]],
    what: str,
) -> bool:
    async def run(inner: UnitOfWork[Any]) -> bool:
        await work(inner, pieces)
        return True

    try:
        return await uow.attempt(run)
    except Unavailable:
        raise
    except AftersalesError as refusal:
        logger.warning("%d of %s of tenant %s can't be done: %s", len(pieces), what, uow.tenant_id, refusal.code)
    except Exception:
        if is_lost(uow.connection):
            raise
        logger.exception("%d of %s of tenant %s can't be done", len(pieces), what, uow.tenant_id)
    return False
