"""Visits: who goes when, and what they meet of the ticket's promises."""

from datetime import MAXYEAR, date, datetime, timedelta

from aftersales.access import Right, require
from aftersales.assets.rules import start_of_day
from aftersales.kit.clock import require_aware
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.terms.deadlines import Party
from aftersales.tickets.assignment import fit_engineer
from aftersales.tickets.handling import check_visit_decided, load_ticket
from aftersales.tickets.milestones import milestone_reached
from aftersales.tickets.models import Ticket
from aftersales.work import queries, rules
from aftersales.work.commands import (
    AppointmentCommand,
    CancelAppointment,
    ConfirmAppointment,
    DispatchAppointment,
    FinishAppointment,
    MoveAppointment,
    PlanAppointment,
    ProposeEngineers,
    RecordArrival,
)
from aftersales.work.models import Engineer, ServiceAppointment, WorkOrder
from aftersales.work.orders import load_order
from aftersales.work.withdrawal import end_visit, note_visit

LONGEST_WINDOW = timedelta(days=31)


async def plan_appointment(uow: TenantWork, command: PlanAppointment) -> ServiceAppointment:
    """Plan a visit; the ticket's milestone `arranged` is reached.

    ENGINEER_BUSY when two visits of one engineer would share time, ENGINEER_REJECTED, ENGINEER_INACTIVE,
    SKILL_MISSING, CERTIFICATE_MISSING, CERTIFICATE_EXPIRED, PERIOD_INVERTED, PERIOD_PAST, WINDOW_TOO_LONG,
    WORK_ORDER_STATE_REFUSED, LADDER_STEP_REQUIRED before a visit was decided on (P08-19).
    """
    order, ticket = await load_order(uow, command, "ticket.dispatch")
    rules.next_order_state(order.state, "plan")
    await check_visit_decided(uow, ticket)
    start, end = _window(command.window_start, command.window_end)
    if end <= uow.now:
        raise InvalidInput("PERIOD_PAST", field="windowEnd")
    await fit_engineer(uow, ticket, command.engineer_id)
    # Locked, so that two dispatchers can't give the engineer two visits at once.
    engineer = await locked(uow, Engineer, command.engineer_id)
    await _check_fit(uow, ticket, order, engineer, end)
    if await queries.overlapping_visits(uow, engineer.id, start, end):
        raise StateRefused("ENGINEER_BUSY", field="engineerId", engineer=engineer.name)
    visit = uow.add(
        ServiceAppointment(
            id=new_id(),
            work_order_id=order.id,
            ticket_id=ticket.id,
            engineer_id=engineer.id,
            party=engineer.party,
            window_start=start,
            window_end=end,
        )
    )
    await note_visit(uow, "visit.planned", visit, ticket, engineer, uow.now)
    await milestone_reached(uow, ticket, "arranged", uow.now, party=_party(visit))
    return visit


async def dispatch_appointment(uow: TenantWork, command: DispatchAppointment) -> ServiceAppointment:
    """Send the engineer off: the milestone `dispatched`, for the party that sends. Who may go is checked again."""
    visit, ticket, engineer = await _load(uow, command, "ticket.dispatch")
    state = rules.next_visit_state(visit.state, "dispatch")
    at = happened(uow.now, command.at, "at", after=ticket.reported_at)
    await fit_engineer(uow, ticket, engineer.id)
    order = await uow.get(WorkOrder, visit.work_order_id)
    await _check_fit(uow, ticket, order, engineer, visit.window_end)
    visit.state, visit.dispatched_at = state, at
    await note_visit(uow, "visit.dispatched", visit, ticket, engineer, at)
    await milestone_reached(uow, ticket, "dispatched", at, party=_party(visit))
    return visit


async def record_arrival(uow: TenantWork, command: RecordArrival) -> ServiceAppointment:
    """The engineer is on site.

    An agent's arrival keeps the agent's promise and the company's, a company's arrival the company's own
    (P09-06, P09-07). Who wasn't dispatched before is dispatched by this, and checked like one who is.
    """
    visit, ticket, engineer = await _load(uow, command, "ticket.work")
    state = rules.next_visit_state(visit.state, "arrive")
    at = happened(uow.now, command.at, "at", after=visit.dispatched_at or ticket.reported_at)
    if visit.dispatched_at is None:
        await fit_engineer(uow, ticket, engineer.id)
        order = await uow.get(WorkOrder, visit.work_order_id)
        await _check_fit(uow, ticket, order, engineer, visit.window_end)
        visit.dispatched_at = at
        await milestone_reached(uow, ticket, "dispatched", at, party=_party(visit))
    visit.state, visit.arrived_at = state, at
    await note_visit(uow, "visit.arrived", visit, ticket, engineer, at)
    await milestone_reached(uow, ticket, "on_site", at, party=_party(visit))
    return visit


async def finish_appointment(uow: TenantWork, command: FinishAppointment) -> ServiceAppointment:
    """The engineer leaves; notes are kept."""
    visit, ticket, engineer = await _load(uow, command, "ticket.work")
    state = rules.next_visit_state(visit.state, "finish")
    at = happened(uow.now, command.at, "at", after=visit.arrived_at)
    notes = clean_text(command.notes, "notes", BODY_LIMIT)
    visit.state, visit.done_at, visit.notes = state, at, notes
    await note_visit(uow, "visit.done", visit, ticket, engineer, at)
    return visit


async def cancel_appointment(uow: TenantWork, command: CancelAppointment) -> ServiceAppointment:
    """A visit doesn't take place, nobody came (`missed`), or the customer turned it away (`refused`).

    The arrival stays owed, its clock runs on; what only this visit had kept (`arranged`, `dispatched`) is owed again.
    """
    visit, ticket, engineer = await _load(uow, command, "ticket.dispatch")
    if command.missed and command.refused:
        raise InvalidInput("VISIT_OUTCOME_AMBIGUOUS", field="refused")
    operation: rules.VisitOperation = "miss" if command.missed else "refuse" if command.refused else "cancel"
    state = rules.next_visit_state(visit.state, operation)
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    await end_visit(uow, visit, ticket, engineer, state, reason)
    return visit


async def confirm_appointment(uow: TenantWork, command: ConfirmAppointment) -> ServiceAppointment:
    """The customer agrees to the window. APPOINTMENT_STATE_REFUSED once the engineer was sent off."""
    visit, ticket, engineer = await _load(uow, command, "ticket.confirm")
    rules.next_visit_state(visit.state, "confirm")
    given = clean_text(command.confirmed_by, "confirmedBy", NAME_LIMIT)
    visit.confirmed_at, visit.confirmed_by = uow.now, given or uow.actor.label
    await note_visit(uow, "visit.confirmed", visit, ticket, engineer, uow.now)
    return visit


async def move_appointment(uow: TenantWork, command: MoveAppointment) -> ServiceAppointment:
    """Move a visit that hasn't begun. Who may go then is checked like a new visit.

    ENGINEER_BUSY, PERIOD_PAST, PERIOD_INVERTED, WINDOW_TOO_LONG, CERTIFICATE_EXPIRED, APPOINTMENT_STATE_REFUSED.
    """
    visit, ticket, _ = await _load(uow, command, "ticket.confirm")
    rules.next_visit_state(visit.state, "move")
    start, end = _window(command.window_start, command.window_end)
    if end <= uow.now:
        raise InvalidInput("PERIOD_PAST", field="windowEnd")
    engineer = await locked(uow, Engineer, visit.engineer_id)
    await _check_fit(uow, ticket, await uow.get(WorkOrder, visit.work_order_id), engineer, end)
    if await queries.overlapping_visits(uow, engineer.id, start, end, other_than=visit.id):
        raise StateRefused("ENGINEER_BUSY", field="windowStart", engineer=engineer.name)
    visit.window_start, visit.window_end = start, end
    by_customer = uow.actor.customer_id is not None
    visit.confirmed_at, visit.confirmed_by = (uow.now, uow.actor.label) if by_customer else (None, None)
    await note_visit(uow, "visit.moved", visit, ticket, engineer, uow.now)
    return visit


async def propose_engineers(uow: TenantWork, command: ProposeEngineers) -> list[rules.Candidate]:
    """Who could go, the best first, each with the reasons of the score; behind them who may not go, and why.

    Writes nothing. NOT_FOUND, WORK_TYPE_UNKNOWN, PERIOD_INVERTED.
    """
    require(uow.actor, "ticket.dispatch")
    ticket = await uow.get(Ticket, command.ticket_id)
    start, end = _window(command.window_start, command.window_end)
    terms = uow.scope.vertical(ticket.vertical)
    work_type = rules.check_work_type(terms.work_types, command.work_type)
    if command.work_type is None and ticket.work_type is not None:
        work_type = terms.work_type(ticket.work_type)
    zone = uow.scope.time_zone
    day = today(start, zone)
    engineers = await queries.roster(
        uow,
        ticket_id=ticket.id,
        window=(start, end),
        day=(start_of_day(day, zone), start_of_day(day + timedelta(days=1), zone)),
    )
    needs = rules.needs_of(work_type, last_day=_last_day(end, zone), region=ticket.region, unit=ticket.service_unit_id)
    return rules.propose(needs, engineers)


async def _check_fit(uow: TenantWork, ticket: Ticket, order: WorkOrder, engineer: Engineer, end: datetime) -> None:
    work_type = uow.scope.vertical(ticket.vertical).work_type(order.work_type)
    needs = rules.needs_of(work_type, last_day=_last_day(end, uow.scope.time_zone))
    rules.check_fit(needs, engineer.skills, await queries.certificates_of(uow, engineer.id))


def _window(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    first, last = require_aware(start, "windowStart"), require_aware(end, "windowEnd")
    if last <= first:
        raise InvalidInput("PERIOD_INVERTED", field="windowEnd")
    if last.year == MAXYEAR:
        # The days after a window are asked about too, and the calendar ends with that year.
        raise InvalidInput("INSTANT_IMPOSSIBLE", field="windowEnd", value=last.isoformat())
    if last - first > LONGEST_WINDOW:
        raise InvalidInput("WINDOW_TOO_LONG", field="windowEnd", days=LONGEST_WINDOW.days)
    return first, last


def _last_day(end: datetime, zone: str) -> date:
    """The last local day on which there is work: a window that ends at midnight doesn't touch the next day."""
    return today(end - timedelta(microseconds=1), zone)


def _party(visit: ServiceAppointment) -> Party:
    return "agent" if visit.party == "agent" else "company"


async def _load(
    uow: TenantWork, command: AppointmentCommand, right: Right
) -> tuple[ServiceAppointment, Ticket, Engineer]:
    """The visit and its ticket, both locked, the ticket first."""
    ticket_id = (await uow.get(ServiceAppointment, command.appointment_id)).ticket_id
    ticket = await load_ticket(uow, ticket_id, right)
    visit = await locked(uow, ServiceAppointment, command.appointment_id, command.expected_version)
    return visit, ticket, await uow.get(Engineer, visit.engineer_id)
