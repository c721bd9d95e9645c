"""Visits that won't take place: what only they had kept of the ticket's promises is owed again."""

from datetime import datetime
from uuid import UUID

from aftersales.commitments import service as commitments
from aftersales.journal import service as journal
from aftersales.scope import TenantWork
from aftersales.terms.deadlines import Milestone
from aftersales.tickets.handling import refresh_due, subject_of
from aftersales.tickets.models import OPEN_STATES, Ticket
from aftersales.work import queries, rules
from aftersales.work.models import Engineer, ServiceAppointment

LIVE: frozenset[str] = frozenset({"planned", "dispatched", "arrived", "done"})
"""States in which a visit keeps what it promised."""


async def withdraw_visits(uow: TenantWork, ticket: Ticket, engineer_id: UUID, reason: str) -> None:
    """Cancel the visits of an engineer on the ticket that haven't begun."""
    engineer = await uow.get(Engineer, engineer_id)
    for visit in await queries.visits_of(uow, ticket.id):
        if visit.engineer_id == engineer_id and visit.state in {"planned", "dispatched"}:
            await end_visit(uow, visit, ticket, engineer, rules.next_visit_state(visit.state, "cancel"), reason)


async def end_visit(
    uow: TenantWork, visit: ServiceAppointment, ticket: Ticket, engineer: Engineer, state: str, reason: str
) -> None:
    """Bring a visit that nobody arrived for into its last state, with the reason; see `_owe_again`."""
    visit.state, visit.notes = state, reason
    await note_visit(uow, f"visit.{state}", visit, ticket, engineer, uow.now)
    await _owe_again(uow, visit, ticket)


async def _owe_again(uow: TenantWork, visit: ServiceAppointment, ticket: Ticket) -> None:
    """`arranged` and `dispatched` run again unless another visit of the ticket keeps them; the arrival always ran."""
    if ticket.state not in OPEN_STATES:
        return
    await uow.flush()
    visits = await queries.visits_of(uow, ticket.id)
    others = [found for found in visits if found.id != visit.id and found.state in LIVE]
    lost: set[Milestone] = set()
    if not others:
        lost.add("arranged")
    if visit.dispatched_at is not None and all(found.dispatched_at is None for found in others):
        lost.add("dispatched")
    if not lost:
        return
    subject, why = subject_of(ticket), f"visit {visit.state}"
    await commitments.reopen(uow, subject, uow.now, milestones=frozenset(lost), reason=why)
    if ticket.state == "waiting_customer":
        await commitments.pause(uow, subject, ticket.waiting_reason or why, uow.now)
    await refresh_due(uow, ticket)


async def note_visit(
    uow: TenantWork, kind: str, visit: ServiceAppointment, ticket: Ticket, engineer: Engineer, at: datetime
) -> None:
    """Tell the journal about a visit."""
    await journal.record(
        uow,
        kind,
        subject_type="visit",
        subject_id=visit.id,
        ticket=ticket,
        data={
            "engineer_id": engineer.id,
            "engineer": engineer.name,
            "party": visit.party,
            "window_start": visit.window_start,
            "window_end": visit.window_end,
            "notes": visit.notes,
        },
        at=at,
    )
