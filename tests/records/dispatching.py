"""Visits that somebody was sent to."""

from datetime import timedelta

from aftersales.work import service as work
from aftersales.work.commands import CreateWorkOrder, DispatchAppointment, PlanAppointment
from aftersales.work.models import ServiceAppointment
from tests.tickets.world import World


async def dispatched(world: World) -> ServiceAppointment:
    """A visit whose engineer is on the way; the clock goes on by three hours."""
    ticket = await world.open(channel="web")
    order = await world.do(work.create_work_order, CreateWorkOrder(ticket_id=ticket.id))
    start = world.clock.now() + timedelta(hours=1)
    plan = PlanAppointment(
        work_order_id=order.id, engineer_id=world.engineer.id, window_start=start,
        window_end=start + timedelta(hours=1),
    )  # fmt: skip
    visit: ServiceAppointment = await world.do(work.plan_appointment, plan)
    await world.do(work.dispatch_appointment, DispatchAppointment(appointment_id=visit.id))
    world.later(hours=3)
    return visit
