"""Engineers, work orders, visits."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Optional

import strawberry

from aftersales.work import models
from aftersales_graphql.machine.declare import connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.parties import ServiceUnit
from aftersales_graphql.rooms.visibility import engineer_seen, staff_only, through_ticket

if TYPE_CHECKING:
    from aftersales_graphql.rooms.tickets import Ticket


@entity(models.EngineerCertificate, orders=("valid_until",), default_order="valid_until", visible=staff_only)
class EngineerCertificate(Node):
    """A certificate with its last valid day."""

    certificate: str
    number: str
    valid_until: date


@entity(models.Engineer, filters=("code", "name", "party", "state", "service_unit"), orders=("code", "name"),
        default_order="code", visible=engineer_seen)  # fmt: skip
class Engineer(Node):
    """A person who is sent to work."""

    code: str
    name: str
    phone: str | None
    party: str
    skills: list[str]
    regions: list[str]
    state: str
    service_unit: ServiceUnit | None = one("service_unit_id")
    certificates: list[EngineerCertificate] = many("engineer_id", order="valid_until")


@entity(models.WorkOrderLine, visible=staff_only)
class WorkOrderLine(Node):
    """Labour, a part or travel on a work order."""

    kind: str
    description: str
    quantity: Decimal
    substitute_for: str | None


@entity(models.ServiceAppointment, filters=("state", "engineer", "window_start"), orders=("window_start",),
        default_order="window_start", visible=through_ticket)  # fmt: skip
class ServiceAppointment(Node):
    """A visit: who goes, in which window, when they left, arrived and finished."""

    party: str
    window_start: datetime
    window_end: datetime
    state: str
    dispatched_at: datetime | None
    arrived_at: datetime | None
    done_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    notes: str
    version: int
    engineer: Engineer | None = one("engineer_id")
    work_order: Optional["WorkOrder"] = one("work_order_id")
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")


@entity(models.WorkOrder, filters=("number", "state", "work_type", "due_on"), orders=("number", "due_on"),
        default_order="number",
        visible=through_ticket)  # fmt: skip
class WorkOrder(Node):
    """Work that a ticket needs, by when where a contract says so, and who signed it off."""

    due_on: date | None
    number: str
    work_type: str
    instructions: str
    state: str
    cause: str | None
    measures: str | None
    signed_off_by: str | None
    signed_off_at: datetime | None
    version: int
    created_at: datetime
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")
    lines: list[WorkOrderLine] = many("work_order_id", order="id")
    appointments: list[ServiceAppointment] = many("work_order_id", order="window_start")


@root
class WorkQueries:
    engineer: Engineer | None = find(description="One engineer by its id.")
    engineers: Connection[Engineer] = connection(description="Engineers.")
    work_order: WorkOrder | None = find(description="One work order by its id.")
    work_orders: Connection[WorkOrder] = connection(description="Work orders.")
    appointments: Connection[ServiceAppointment] = connection(description="Visits.")
