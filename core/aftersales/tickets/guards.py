"""Guards of other rooms before a ticket's operations: they refuse, and tickets needn't know of them."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Final

from aftersales.scope import TenantWork
from aftersales.tickets.models import Ticket
from aftersales.tickets.state_rules import Operation

Guard = Callable[[TenantWork, Ticket, Operation], Awaitable[None]]

_guards: Final[dict[Operation, list[Guard]]] = defaultdict(list)


def before(*operations: Operation) -> Callable[[Guard], Guard]:
    """Put a guard before operations; it raises what is to be refused, and writes nothing."""

    def put(guard: Guard) -> Guard:
        for operation in operations:
            if guard not in _guards[operation]:
                _guards[operation].append(guard)
        return guard

    return put


async def check(uow: TenantWork, ticket: Ticket, operation: Operation) -> None:
    """Ask every guard of an operation, in the order in which they were put there."""
    for guard in _guards.get(operation, ()):
        await guard(uow, ticket, operation)


def names(operation: Operation) -> list[str]:
    """Which guards stand before an operation."""
    return [guard.__name__ for guard in _guards.get(operation, ())]
