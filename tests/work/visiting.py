"""Steps that the examples of visits share."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from aftersales.tickets.models import Ticket
from aftersales.work import service
from aftersales.work.models import ServiceAppointment, WorkOrder
from tests.tickets.world import World


async def order(world: World, ticket: Ticket, work_type: str | None = None) -> WorkOrder:
    """A work order for a ticket."""
    created: WorkOrder = await world.do(
        service.create_work_order, service.CreateWorkOrder(ticket_id=ticket.id, work_type=work_type)
    )
    return created


def visit(work_order: WorkOrder, engineer_id: UUID, start: datetime, hours: float = 2) -> service.PlanAppointment:
    """The command that plans a visit of so many hours."""
    return service.PlanAppointment(
        work_order_id=work_order.id,
        engineer_id=engineer_id,
        window_start=start,
        window_end=start + timedelta(hours=hours),
    )


async def plan(world: World, *args: Any, **given: Any) -> ServiceAppointment:
    """Plan that visit."""
    planned: ServiceAppointment = await world.do(service.plan_appointment, visit(*args, **given))
    return planned
