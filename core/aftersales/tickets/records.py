"""Records beside the ticket: calls and emergency plans."""

from datetime import datetime
from uuid import UUID

from aftersales.journal import service as journal
from aftersales.kit.guards import happened
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.tickets.commands import AddCallRecord, AddEmergencyPlan, CallDetails
from aftersales.tickets.handling import load, move, plan_outstanding
from aftersales.tickets.models import CallRecord, EmergencyPlan, Ticket


def new_call_record(uow: TenantWork, ticket_id: UUID, call: CallDetails, *, not_before: datetime | None) -> CallRecord:
    """The row of a call; who answered, who called and what was said are required (P08-11)."""
    return CallRecord(
        ticket_id=ticket_id,
        at=happened(uow.now, call.at, "call.at", after=not_before),
        direction=call.direction,
        handler_member_id=call.handler_member_id or uow.actor.id,
        handler_name=clean_text(call.handler_name, "call.handlerName", NAME_LIMIT, required=True),
        caller=clean_text(call.caller, "call.caller", NAME_LIMIT, required=True),
        phone=clean_text(call.phone, "call.phone", NAME_LIMIT) or None,
        notes=clean_text(call.notes, "call.notes", BODY_LIMIT, required=True),
    )


async def add_call_record(uow: TenantWork, command: AddCallRecord) -> CallRecord:
    """Note a further call about the ticket."""
    ticket = await load(uow, command, "ticket.work")
    await move(uow, ticket, "record")
    call = uow.add(new_call_record(uow, ticket.id, command.call, not_before=ticket.reported_at))
    await journal.record(
        uow,
        "ticket.called",
        subject_type="ticket",
        subject_id=ticket.id,
        ticket=ticket,
        data={"direction": call.direction, "caller": call.caller, "handler": call.handler_name},
        at=call.at,
    )
    return call


async def add_emergency_plan(uow: TenantWork, command: AddEmergencyPlan) -> Ticket:
    """Put the emergency plan of a major incident on record; work may go on from here (P10-26)."""
    ticket = await load(uow, command, "ticket.work")
    await move(uow, ticket, "record")
    convened = await plan_outstanding(uow, ticket)
    body = clean_text(command.body, "body", BODY_LIMIT, required=True)
    uow.add(EmergencyPlan(ticket_id=ticket.id, body=body, at=uow.now, actor=uow.actor.label))
    if convened and ticket.state == "open":
        ticket.state = "in_progress"
    await journal.record(
        uow,
        "ticket.emergency_plan",
        subject_type="ticket",
        subject_id=ticket.id,
        ticket=ticket,
        data={"body": body},
    )
    return ticket
