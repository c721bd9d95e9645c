"""Rooms that want to know what became of a notice: delivered (`sent`) or given up (`undeliverable`).

Asked in the transaction that notes the outcome. They stand in a room's `events.py`, which `aftersales.rooms` imports.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from aftersales.notices.models import Notice
from aftersales.scope import TenantWork

Outcome = Callable[[TenantWork, Notice], Awaitable[None]]

_outcomes: Final[list[Outcome]] = []


def after(outcome: Outcome) -> Outcome:
    """Hear of every notice's end."""
    if outcome not in _outcomes:
        _outcomes.append(outcome)
    return outcome


async def settle(uow: TenantWork, notice: Notice) -> None:
    """Tell everyone who wants to know."""
    for outcome in _outcomes:
        await outcome(uow, notice)
