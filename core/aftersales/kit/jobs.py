"""What workers do for a room: outbox topics with their handlers, and rounds that look for what fell due.

A room's `jobs.py` registers both; `aftersales.rooms` imports it. PostgreSQL is the truth: a message is a row of the
transaction that caused it, a round finds its work by an index, so whatever is killed, nothing is lost.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from aftersales.kit.outbox import OutboxMessage
from aftersales.kit.unit_of_work import Connection, UnitOfWork

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
