"""Who works on a ticket, and whom the customer doesn't want again."""

from uuid import UUID

from aftersales.journal import service as journal
from aftersales.kit.errors import StateRefused
from aftersales.kit.text import BODY_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.tickets import queries
from aftersales.tickets.commands import AssignEngineer, RejectEngineer
from aftersales.tickets.handling import load, move
from aftersales.tickets.models import EngineerRejection, Ticket
from aftersales.work.models import Engineer
from aftersales.work.withdrawal import withdraw_visits


async def fit_engineer(uow: TenantWork, ticket: Ticket, engineer_id: UUID) -> Engineer:
    """The engineer, if this one may work on the ticket.

    ENGINEER_REJECTED when the customer excluded this one (P10-32), ENGINEER_INACTIVE, NOT_FOUND; a complaint
    about an engineer isn't given to the engineer's own team (P10-31: COMPLAINT_OWN_TEAM).
    """
    engineer = await uow.get(Engineer, engineer_id)
    if engineer_id in await queries.rejected_engineers(uow, ticket.id):
        raise StateRefused("ENGINEER_REJECTED", field="engineerId")
    if engineer.state != "active":
        raise StateRefused("ENGINEER_INACTIVE", field="engineerId")
    if ticket.kind == "complaint" and engineer.service_unit_id in await queries.units_of_rejected(uow, ticket.id):
        raise StateRefused("COMPLAINT_OWN_TEAM", field="engineerId")
    return engineer


async def assign_engineer(uow: TenantWork, command: AssignEngineer) -> Ticket:
    """Give the ticket to an engineer; see `fit_engineer` for who is refused."""
    ticket = await load(uow, command, "ticket.dispatch")
    await move(uow, ticket, "assign")
    engineer = await fit_engineer(uow, ticket, command.engineer_id)
    previous = ticket.engineer_id
    ticket.engineer_id = engineer.id
    await journal.record(
        uow,
        "ticket.assigned",
        subject_type="ticket",
        subject_id=ticket.id,
        ticket=ticket,
        data={"engineer_id": engineer.id, "engineer": engineer.name, "previous_engineer_id": previous},
    )
    return ticket


async def reject_engineer(uow: TenantWork, command: RejectEngineer) -> Ticket:
    """The customer doesn't want this engineer on the ticket: taken off now, refused from here on (P10-31, P10-32)."""
    ticket = await load(uow, command, "ticket.confirm")
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    await exclude(uow, ticket, command.engineer_id, reason)
    return ticket


async def exclude(uow: TenantWork, ticket: Ticket, engineer_id: UUID, reason: str) -> None:
    """Keep a rejection, once per ticket and engineer; take the engineer and the engineer's visits off the ticket."""
    engineer = await uow.get(Engineer, engineer_id)
    if ticket.engineer_id == engineer.id:
        ticket.engineer_id = None
    await withdraw_visits(uow, ticket, engineer.id, reason)
    if engineer.id in await queries.rejected_engineers(uow, ticket.id):
        return
    uow.add(
        EngineerRejection(
            ticket_id=ticket.id, engineer_id=engineer.id, reason=reason, at=uow.now, actor=uow.actor.label
        )
    )
    await journal.record(
        uow,
        "ticket.engineer_rejected",
        subject_type="ticket",
        subject_id=ticket.id,
        ticket=ticket,
        data={"engineer_id": engineer.id, "engineer": engineer.name, "reason": reason},
    )
