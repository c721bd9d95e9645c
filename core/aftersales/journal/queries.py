"""The journal's reads: what happened, in order."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from aftersales.journal.models import Event
from aftersales.scope import TenantWork

BEGINNING = UUID(int=0)

_events: Any = Event.__table__


def _history(column: str) -> Any:
    return (
        select(_events)
        .where(
            _events.c.tenant_id == bindparam("tenant_id"),
            _events.c[column] == bindparam("subject"),
            _events.c.id > bindparam("after"),
        )
        .order_by(_events.c.id)
        .limit(bindparam("first"))
    )


_OF_ASSET = _history("asset_id")
_OF_TICKET = _history("ticket_id")


async def events_of_asset(uow: TenantWork, asset_id: UUID, *, after: UUID = BEGINNING, first: int) -> list[Event]:
    """The events of an asset in the order of recording, beginning behind the event `after`."""
    return await uow.entities(Event, _OF_ASSET, subject=asset_id, after=after, first=first)


async def events_of_ticket(uow: TenantWork, ticket_id: UUID, *, after: UUID = BEGINNING, first: int) -> list[Event]:
    """The events of a ticket in the order of recording, beginning behind the event `after`."""
    return await uow.entities(Event, _OF_TICKET, subject=ticket_id, after=after, first=first)
