"""What rooms do when something happened in another one, inside the transaction in which it happened.

The room where it happened knows nothing of those that react: a closed ticket makes a revisit due, a signed contract
is planned. A reaction is short: it writes rows of its own room, or leaves an outbox message for a job. Its error
refuses the whole operation. Reactions stand in a room's `events.py`, which `aftersales.rooms` imports.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from aftersales.journal.models import Event
from aftersales.scope import TenantWork

Reaction = Callable[[TenantWork, Event], Awaitable[None]]
SharedReaction = Callable[[TenantWork, Sequence[Event]], Awaitable[None]]

_reactions: Final[dict[str, list[Reaction]]] = defaultdict(list)
_shared: Final[dict[str, list[SharedReaction]]] = defaultdict(list)
_HELD: Final = "held reactions"


def after(*kinds: str) -> Callable[[Reaction], Reaction]:
    """React to events of these kinds, such as `ticket.closed`, in the order in which reactions were put there."""

    def put(reaction: Reaction) -> Reaction:
        for kind in kinds:
            if reaction not in _reactions[kind]:
                _reactions[kind].append(reaction)
        return reaction

    return put


def after_all(*kinds: str) -> Callable[[SharedReaction], SharedReaction]:
    """React to many events at once: a batch has it asked once, everybody else with each event alone.

    Only for what refuses nothing: within a batch it comes after the last row, too late to say which one was wrong.
    """

    def put(reaction: SharedReaction) -> SharedReaction:
        for kind in kinds:
            if reaction not in _shared[kind]:
                _shared[kind].append(reaction)
        return reaction

    return put


async def react(uow: TenantWork, event: Event) -> None:
    """Ask everyone who reacts to events of this kind."""
    for reaction in _reactions.get(event.kind, ()):
        await reaction(uow, event)
    held: dict[SharedReaction, list[Event]] | None = uow.memo.get(_HELD)
    for shared in _shared.get(event.kind, ()):
        if held is None:
            await shared(uow, [event])
        else:
            held.setdefault(shared, []).append(event)


def hold(uow: TenantWork) -> None:
    """From now on a batch is carried out: what reacts to many at once waits for `release`."""
    uow.memo[_HELD] = {}


async def release(uow: TenantWork) -> None:
    """The batch is complete: ask what waited, once each."""
    held: dict[SharedReaction, list[Event]] = uow.memo.pop(_HELD, {})
    for shared, events in held.items():
        await shared(uow, events)


def names(kind: str) -> list[str]:
    """Which reactions follow an event of this kind."""
    return [reaction.__name__ for reaction in (*_reactions.get(kind, ()), *_shared.get(kind, ()))]
