"""What quotes mean for a request, and what a request means for its ticket's end."""

from aftersales.customisation import queries, rules
from aftersales.customisation.models import CustomisationRequest
from aftersales.customisation.service import check_complete, note
from aftersales.fees.models import Quote
from aftersales.journal.models import Event
from aftersales.journal.reactions import after
from aftersales.kit.errors import StateRefused
from aftersales.kit.guards import locked
from aftersales.scope import TenantWork
from aftersales.tickets import guards
from aftersales.tickets.models import Ticket
from aftersales.tickets.state_rules import Operation

ENDED = frozenset({"completed", "withdrawn", "declined"})


@after("quote.issued")
async def quoted_with_days(uow: TenantWork, event: Event) -> None:
    """A quote for a change states days and amount (P10-05): ESTIMATE_REQUIRED, whichever way it was issued."""
    request = await _of(uow, event)
    if request is None or not request.needs_estimate:
        return
    quote = await uow.get(Quote, event.subject_id)
    if quote.working_days is None or quote.total <= 0:
        raise StateRefused("ESTIMATE_REQUIRED", field="workingDays" if quote.working_days is None else "lines")
    if request.state in {"requested", "quoted", "declined"}:
        request.working_days, request.amount = quote.working_days, quote.total
        request.quote_id, request.state = quote.id, "quoted"


@after("quote.accepted", "quote.declined")
async def answered(uow: TenantWork, event: Event) -> None:
    """The customer's yes or no to the quote is one to the change."""
    request = await _of(uow, event)
    if request is None or request.quote_id != event.subject_id:
        return
    yes = event.kind == "quote.accepted"
    rules.check_state(request.state, "accept" if yes else "decline")
    request.state = "accepted" if yes else "declined"
    ticket = await uow.get(Ticket, request.ticket_id)
    await note(uow, f"customisation.{request.state}", request, ticket, {})


@guards.before("resolve", "close")
async def complete_before_end(uow: TenantWork, ticket: Ticket, operation: Operation) -> None:
    """A ticket that asks for a change doesn't end before the change is complete, declined or withdrawn."""
    request = await queries.of_ticket(uow, ticket.id)
    if request is not None and request.state not in ENDED:
        check_complete(request)


async def _of(uow: TenantWork, event: Event) -> CustomisationRequest | None:
    if event.ticket_id is None:
        return None
    found = await queries.of_ticket(uow, event.ticket_id)
    return None if found is None else await locked(uow, CustomisationRequest, found.id)
