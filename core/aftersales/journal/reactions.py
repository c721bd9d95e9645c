"""What rooms do when something happened in another one, inside the transaction in which it happened.

The room where it happened knows nothing of those that react: a closed ticket makes a revisit due, a signed contract
is planned. A reaction is short: it writes rows of its own room, or leaves an outbox message for a job. Its error
refuses the whole operation. Reactions stand in a room's `events.py`, which `aftersales.rooms` imports.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Final

from aftersales.journal.models import Event
from aftersales.scope import TenantWork

Reaction = Callable[[TenantWork, Event], Awaitable[None]]

_reactions: Final[dict[str, list[Reaction]]] = defaultdict(list)


def after(*kinds: str) -> Callable[[Reaction], Reaction]:
    """React to events of these kinds, such as `ticket.closed`, in the order in which reactions were put there."""

    def put(reaction: Reaction) -> Reaction:
        for kind in kinds:
            if reaction not in _reactions[kind]:
                _reactions[kind].append(reaction)
        return reaction

    return put


async def react(uow: TenantWork, event: Event) -> None:
    """Ask everyone who reacts to events of this kind."""
    for reaction in _reactions.get(event.kind, ()):
        await reaction(uow, event)


def names(kind: str) -> list[str]:
    """Which reactions follow an event of this kind."""
    return [reaction.__name__ for reaction in _reactions.get(kind, ())]
