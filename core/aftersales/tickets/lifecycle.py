"""From the first answer to the end: acknowledge, plan, wait, restore, cancel, parent and contract."""

from typing import Any

from aftersales.commitments import service as commitments
from aftersales.contracts.models import ServiceContract
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import happened
from aftersales.kit.text import BODY_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.tickets import queries
from aftersales.tickets.commands import (
    Acknowledge,
    CancelTicket,
    ChangeContract,
    ProposePlan,
    ReportRestored,
    Resume,
    SetParent,
    StartWork,
    WaitForCustomer,
)
from aftersales.tickets.handling import (
    facts_under,
    in_force,
    load,
    move,
    refresh_due,
    start_clocks,
    started_events,
    subject_of,
    visible_to,
)
from aftersales.tickets.instants import told
from aftersales.tickets.milestones import milestone_reached
from aftersales.tickets.models import Ticket


async def acknowledge(uow: TenantWork, command: Acknowledge) -> Ticket:
    """The customer got a first answer (P08-12, P10-20); a major incident may be acknowledged before its plan."""
    ticket = await load(uow, command, "ticket.work")
    await move(uow, ticket, "acknowledge")
    at = happened(uow.now, command.at, "at", after=ticket.reported_at)
    notes = clean_text(command.notes, "notes", BODY_LIMIT)
    if ticket.acknowledged_at is None:
        await milestone_reached(uow, ticket, "acknowledged", at)
    if ticket.customer_replied_at is not None:
        await milestone_reached(uow, ticket, "next_response", at)
    if notes:
        await _note(uow, ticket, "ticket.answered", {"notes": notes})
    return ticket


async def start_work(uow: TenantWork, command: StartWork) -> Ticket:
    """Work begins; a major incident needs its emergency plan first (P10-26)."""
    ticket = await load(uow, command, "ticket.work")
    await move(uow, ticket, "start")
    await _note(uow, ticket, "ticket.started", {})
    return ticket


async def propose_plan(uow: TenantWork, command: ProposePlan) -> Ticket:
    """A solution was proposed to the customer (P08-14)."""
    ticket = await load(uow, command, "ticket.work")
    await move(uow, ticket, "propose_plan")
    at = happened(uow.now, command.at, "at", after=ticket.reported_at)
    plan = clean_text(command.plan, "plan", BODY_LIMIT, required=True)
    await _note(uow, ticket, "ticket.plan_proposed", {"plan": plan})
    await milestone_reached(uow, ticket, "plan_proposed", at)
    return ticket


async def wait_for_customer(uow: TenantWork, command: WaitForCustomer) -> Ticket:
    """Pause all clocks of the ticket, with the reason, until `resume`."""
    ticket = await load(uow, command, "ticket.work")
    await move(uow, ticket, "wait")
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    at = happened(uow.now, command.at, "at", after=ticket.reported_at)
    await commitments.pause(uow, subject_of(ticket), reason, at)
    ticket.waiting_reason = reason
    await refresh_due(uow, ticket)
    await journal.record(
        uow, "ticket.paused", subject_type="ticket", subject_id=ticket.id, ticket=ticket, data={"reason": reason},
        at=at,
    )  # fmt: skip
    return ticket


async def resume(uow: TenantWork, command: Resume) -> Ticket:
    """The customer answered: clocks run on, those that an answer starts begin."""
    ticket = await load(uow, command, "ticket.work")
    at = happened(uow.now, command.at, "at", after=ticket.reported_at)
    await move(uow, ticket, "resume", at)
    ticket.customer_replied_at = at
    await start_clocks(uow, ticket, "customer_replied", at)
    await refresh_due(uow, ticket)
    return ticket


async def report_restored(uow: TenantWork, command: ReportRestored) -> Ticket:
    """The service runs again; from the crash on, that is the time to restore (P10-09)."""
    ticket = await load(uow, command, "ticket.work")
    await move(uow, ticket, "restore")
    if command.crashed_at is not None:
        ticket.crashed_at = told(uow, command.crashed_at, "crashedAt")
    at = happened(uow.now, command.restored_at, "restoredAt", after=ticket.crashed_at)
    await milestone_reached(uow, ticket, "restored", at)
    return ticket


async def cancel_ticket(uow: TenantWork, command: CancelTicket) -> Ticket:
    """End a ticket without work; nothing is owed any more."""
    ticket = await load(uow, command, "ticket.close")
    await move(uow, ticket, "cancel")
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    _, open_sessions, open_children = await queries.evidence_of(uow, ticket)
    if open_children:
        raise StateRefused("CHILDREN_OPEN", count=open_children)
    if open_sessions:
        raise StateRefused("REMOTE_SESSION_OPEN")
    await commitments.cancel(uow, subject_of(ticket), reason, uow.now)
    await refresh_due(uow, ticket)
    ticket.closed_at = uow.now
    await _note(uow, ticket, "ticket.cancelled", {"reason": reason})
    return ticket


async def set_parent(uow: TenantWork, command: SetParent) -> Ticket:
    """Hang the ticket under another one of the same customer; PARENT_CYCLE when that one hangs under this."""
    ticket = await load(uow, command, "ticket.dispatch")
    await move(uow, ticket, "set_parent")
    if command.parent_ticket_id is not None:
        parent = await uow.find(Ticket, command.parent_ticket_id)
        if parent is None or parent.customer_id != ticket.customer_id or not visible_to(uow.actor, parent):
            raise NotFound("NOT_FOUND", field="parentTicketId", thing="Ticket")
        if ticket.id in await queries.with_ancestors(uow, parent.id):
            raise InvalidInput("PARENT_CYCLE", field="parentTicketId")
        if parent.state in {"closed", "cancelled"}:
            raise StateRefused("PARENT_CLOSED", field="parentTicketId")
    ticket.parent_ticket_id = command.parent_ticket_id
    await _note(uow, ticket, "ticket.parent_set", {"parent_ticket_id": command.parent_ticket_id})
    return ticket


async def change_contract(uow: TenantWork, command: ChangeContract) -> Ticket:
    """Put the ticket under another contract: every open deadline is re-computed, pauses kept."""
    ticket = await load(uow, command, "ticket.dispatch")
    await move(uow, ticket, "change_contract")
    contract = None
    if command.contract_id is not None:
        contract = await uow.find(ServiceContract, command.contract_id)
        if contract is None or contract.customer_id != ticket.customer_id:
            raise NotFound("NOT_FOUND", field="contractId", thing="ServiceContract")
        if not in_force(uow, contract, ticket.vertical):
            raise StateRefused("CONTRACT_NOT_IN_FORCE", field="contractId")
    previous, ticket.contract_id = ticket.contract_id, command.contract_id
    await commitments.retarget(
        uow,
        subject_of(ticket),
        facts_under(ticket, contract),
        "contract changed",
        uow.now,
        started=started_events(ticket),
    )
    await refresh_due(uow, ticket)
    data = {"contract_id": ticket.contract_id, "previous_contract_id": previous}
    await _note(uow, ticket, "ticket.contract_changed", data)
    return ticket


async def _note(uow: TenantWork, ticket: Ticket, kind: str, data: dict[str, Any]) -> None:
    await journal.record(uow, kind, subject_type="ticket", subject_id=ticket.id, ticket=ticket, data=data)
