"""Visits for what is owed: a ticket that nobody had to open, a work order, an appointment."""

from typing import Any
from uuid import UUID

from aftersales.access import require
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import locked
from aftersales.parties.models import ServiceUnit
from aftersales.planned import queries
from aftersales.planned.commands import ScheduleVisit
from aftersales.planned.keeping import bounded, check_authorised, fulfil, note
from aftersales.planned.models import MaintenancePlan, PlannedObligation
from aftersales.planned.values import by_event
from aftersales.scope import TenantWork
from aftersales.tickets.commands import OpenTicket
from aftersales.tickets.intake import take_in
from aftersales.tickets.models import OPEN_STATES, Ticket
from aftersales.work.commands import CreateWorkOrder, PlanAppointment
from aftersales.work.models import Engineer, ServiceAppointment, WorkOrder
from aftersales.work.orders import create_work_order
from aftersales.work.visits import plan_appointment


async def schedule_visit(uow: TenantWork, command: ScheduleVisit) -> ServiceAppointment:
    """Plan one visit for obligations of one customer and vertical; who may go is checked like on any ticket.

    REQUIRED without an obligation, OBLIGATION_STATE_REFUSED unless each is open, OBLIGATIONS_APART when they are of
    several customers or verticals, OBLIGATION_TWICE when one visit would count for two dates of the same cadence,
    PROVIDER_NOT_AUTHORISED for an engineer of no authorised unit (P09-20), ENGINEER_BUSY, SKILL_MISSING and
    whatever else `plan_appointment` refuses.
    """
    require(uow.actor, "ticket.dispatch")
    ids = dict.fromkeys(bounded(command.obligation_ids, "obligationIds"))
    if not ids:
        raise InvalidInput("REQUIRED", field="obligationIds", field_name="obligationIds")
    owed = [await locked(uow, PlannedObligation, one) for one in sorted(ids)]
    for obligation in owed:
        if obligation.state != "open":
            raise StateRefused("OBLIGATION_STATE_REFUSED", field="obligationIds", state=obligation.state)
    if len({(obligation.customer_id, obligation.vertical) for obligation in owed}) > 1:
        raise InvalidInput("OBLIGATIONS_APART", field="obligationIds")
    dated = [(obligation.plan_id, obligation.rule) for obligation in owed if not by_event(obligation.occurrence)]
    if len(set(dated)) < len(dated):
        raise InvalidInput("OBLIGATION_TWICE", field="obligationIds")
    ticket = await _ticket(uow, owed, command.work_type)
    for obligation in owed:
        obligation.ticket_id, obligation.state = ticket.id, "scheduled"
    await uow.flush()
    order = await create_work_order(uow, CreateWorkOrder(ticket_id=ticket.id, work_type=command.work_type))
    return await plan_appointment(
        uow,
        PlanAppointment(
            work_order_id=order.id,
            engineer_id=command.engineer_id,
            window_start=command.window_start,
            window_end=command.window_end,
        ),
    )


async def _ticket(uow: TenantWork, owed: list[PlannedObligation], work_type: str | None) -> Ticket:
    """The open ticket of an earlier visit that fell through, else a new one about all that is owed."""
    first = owed[0]
    earlier = {obligation.ticket_id for obligation in owed}
    if len(earlier) == 1 and first.ticket_id is not None:
        ticket = await locked(uow, Ticket, first.ticket_id)
        if ticket.state in OPEN_STATES:
            return ticket
    assets = {obligation.asset_id for obligation in owed}
    sites = {obligation.site_id for obligation in owed}
    return await take_in(
        uow,
        OpenTicket(
            kind="maintenance",
            channel="outreach",
            title=" / ".join(dict.fromkeys(obligation.name for obligation in owed))[:300],
            customer_id=first.customer_id,
            vertical=first.vertical,
            asset_id=first.asset_id if len(assets) == 1 else None,
            site_id=first.site_id if len(sites) == 1 else None,
            region=first.region,
            work_type=work_type,
        ),
        asked_for=False,
    )


async def check_provider(uow: TenantWork, ticket_id: UUID, visit_id: UUID) -> None:
    """PROVIDER_NOT_AUTHORISED when what a visit is for needs an authorised unit and its engineer is of none."""
    owed = await queries.of_ticket(uow, ticket_id)
    if not any(obligation.provider == "authorised_unit" for obligation in owed):
        return
    visit = await uow.get(ServiceAppointment, visit_id)
    engineer = await uow.get(Engineer, visit.engineer_id)
    unit = None if engineer.service_unit_id is None else await uow.get(ServiceUnit, engineer.service_unit_id)
    if unit is None or not unit.authorised or unit.state != "active":
        raise StateRefused("PROVIDER_NOT_AUTHORISED", field="engineerId", unit=unit.name if unit else "")


async def visit_planned(uow: TenantWork, ticket_id: UUID) -> None:
    """What was open again has a visit once more."""
    for obligation in await queries.of_ticket(uow, ticket_id):
        if obligation.state == "open":
            obligation.state = "scheduled"


async def visit_done(uow: TenantWork, ticket_id: UUID, visit_id: UUID) -> None:
    """What the visit was for is done, with the visit as its evidence; its promise is kept at the visit's end."""
    visit = await uow.get(ServiceAppointment, visit_id)
    order = await uow.find(WorkOrder, visit.work_order_id)
    for obligation in await queries.of_ticket(uow, ticket_id):
        if obligation.state not in {"open", "scheduled"}:
            continue
        at = visit.done_at or uow.now
        await check_authorised(uow, obligation, at)
        named = f"{order.number if order else visit.id}: {visit.notes}".rstrip(": ")
        await fulfil(uow, obligation, at, named, obligation.present)


async def visit_lost(uow: TenantWork, ticket_id: UUID, visit_id: UUID, kind: str) -> None:
    """A visit was cancelled, missed or refused: what it was for is owed as before, unless another visit is planned."""
    if await queries.has_live_visit(uow, ticket_id, visit_id):
        return
    cause = (await uow.get(ServiceAppointment, visit_id)).notes
    for obligation in await queries.of_ticket(uow, ticket_id):
        if obligation.state == "scheduled":
            await _reopen(uow, obligation, {"visit": kind, "cause": cause})


async def ticket_cancelled(uow: TenantWork, ticket_id: UUID) -> None:
    """Its ticket is gone: what is owed needs a new one."""
    for obligation in await queries.of_ticket(uow, ticket_id):
        if obligation.state in {"open", "scheduled"}:
            obligation.ticket_id = None
            await _reopen(uow, obligation, {"visit": "ticket.cancelled", "cause": ""})


async def _reopen(uow: TenantWork, obligation: PlannedObligation, told: dict[str, Any]) -> None:
    """It is owed as before; the plan is looked at, as its terms may have changed while a visit was planned."""
    obligation.state = "open"
    plan = await locked(uow, MaintenancePlan, obligation.plan_id)
    plan.next_at = uow.now
    await note(uow, "planned.reopened", obligation, told)
