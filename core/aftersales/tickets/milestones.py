"""Milestones: what a ticket promised to reach, reached."""

from datetime import datetime

from aftersales.commitments import service as commitments
from aftersales.journal import service as journal
from aftersales.scope import TenantWork
from aftersales.terms.deadlines import Milestone, Party
from aftersales.tickets.handling import begin_work, refresh_due, subject_of
from aftersales.tickets.models import Ticket


async def milestone_reached(
    uow: TenantWork, ticket: Ticket, milestone: Milestone, at: datetime, *, party: Party | None = None
) -> None:
    """Meet the milestone's commitments (of every party when `party` is None) and note it in the journal.

    The caller has checked rights and the instant; a milestone that nothing promised is noted all the same.
    """
    await commitments.meet(uow, subject_of(ticket), milestone, at, party=party)
    if milestone == "acknowledged" and ticket.acknowledged_at is None:
        ticket.acknowledged_at = at
    if milestone == "on_site":
        ticket.step = "on_site"
    if milestone in {"dispatched", "on_site"}:
        await begin_work(uow, ticket)
    if milestone == "restored":
        ticket.restored_at = at
    await journal.record(
        uow,
        "ticket.milestone",
        subject_type="ticket",
        subject_id=ticket.id,
        ticket=ticket,
        data={"milestone": milestone, "party": party},
        at=at,
    )
    await refresh_due(uow, ticket)
