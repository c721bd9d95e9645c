"""Events as they happen."""

from collections.abc import AsyncIterator

import strawberry

from aftersales.journal.models import Event as EventRow
from aftersales.tickets.models import Ticket as TicketRow
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Ref, id_of
from aftersales_graphql.machine.roots import root, subscription
from aftersales_graphql.rooms.disclosure import disclosed
from aftersales_graphql.rooms.journal import Event


@subscription(description="Events of the tenant's tickets as they are committed; of one ticket, when its id is given.")
async def ticket_events(call: Call, ticket_id: strawberry.ID | None = None) -> AsyncIterator[Event]:
    wanted = id_of("Ticket", ticket_id, "ticketId") if ticket_id is not None else None
    if ticket_id is not None and wanted is None:
        return
    principal = call.principal
    allowed = disclosed(is_customer=principal.customer_id is not None, is_dealer=principal.dealer_id is not None)
    async for event_id in call.services["events"](principal.tenant_id):
        async with call.services["open"](principal) as uow:
            event = await uow.find(EventRow, event_id)
            if event is None or event.ticket_id is None or (wanted is not None and event.ticket_id != wanted):
                continue
            if allowed is not None and event.kind not in allowed:
                continue
            if principal.customer_id is not None and event.customer_id != principal.customer_id:
                continue
            if principal.dealer_id is not None:
                ticket = await uow.get(TicketRow, event.ticket_id)
                if ticket.service_unit_id != principal.dealer_id:
                    continue
        yield Ref(Event, event_id)  # type: ignore[misc]


@root
class EventSubscriptions:
    ticket_events = ticket_events
