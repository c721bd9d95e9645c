"""What fees demand of a ticket's way: consent before billable work, an invoice or receipt before the end.

The tickets room knows nothing of fees; it asks whoever put a guard before an operation.
"""

from datetime import date

from aftersales.fees import queries
from aftersales.fees.quotes import verdict_for
from aftersales.kit.errors import StateRefused
from aftersales.kit.guards import today
from aftersales.scope import TenantWork
from aftersales.tickets import guards
from aftersales.tickets.models import Ticket
from aftersales.tickets.state_rules import Operation


@guards.before("start")
async def consent_before_work(uow: TenantWork, ticket: Ticket, operation: Operation) -> None:
    """Billable work starts only with an accepted, unexpired quote (P09-18): CONSENT_REQUIRED, QUOTE_EXPIRED …"""
    await _check_consent(uow, ticket, today(uow.now, uow.scope.time_zone), starting=True)


@guards.before("resolve")
async def consent_before_result(uow: TenantWork, ticket: Ticket, operation: Operation) -> None:
    """Work that nobody agreed to can't be reported as done, however it began; a quote may have run out meanwhile."""
    await _check_consent(uow, ticket, date.min, starting=False)


@guards.before("close")
async def document_before_close(uow: TenantWork, ticket: Ticket, operation: Operation) -> None:
    """Every charge has its invoice or receipt (P09-19, P09-28); accepted work is charged, or its quote withdrawn."""
    await _check_documents(uow, ticket)
    accepted = next((found for found in await queries.quotes_of(uow, ticket.id) if found.state == "accepted"), None)
    if accepted is not None and not any(
        charge.quote_id == accepted.id for charge in await queries.charges_of(uow, ticket.id)
    ):
        raise StateRefused("CHARGES_MISSING", number=accepted.number)


@guards.before("cancel")
async def document_before_cancelling(uow: TenantWork, ticket: Ticket, operation: Operation) -> None:
    """What was charged before a ticket is dropped needs its document as well."""
    await _check_documents(uow, ticket)


async def _check_documents(uow: TenantWork, ticket: Ticket) -> None:
    waiting = await queries.open_charges(uow, ticket.id)
    if waiting:
        raise StateRefused("DOCUMENT_REQUIRED", count=len(waiting), total=str(sum(charge.total for charge in waiting)))


async def _check_consent(uow: TenantWork, ticket: Ticket, on: date, *, starting: bool) -> None:
    verdict = await verdict_for(uow, ticket, on, starting=starting)
    if verdict.code is None:
        return
    quote = next((found for found in await queries.quotes_of(uow, ticket.id) if found.id == verdict.quote_id), None)
    valid_until = quote.valid_until.isoformat() if quote else ""
    raise StateRefused(verdict.code, field="ticketId", valid_until=valid_until)
