"""Work orders: what a ticket needs done, and the customer's signature for it."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from aftersales.access import Right
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened, locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.tickets.handling import load_ticket
from aftersales.tickets.models import OPEN_STATES, Ticket
from aftersales.work import queries, rules
from aftersales.work.commands import (
    AddWorkOrderLine,
    CancelWorkOrder,
    CompleteWorkOrder,
    CreateWorkOrder,
    SignOffWorkOrder,
    WorkOrderCommand,
)
from aftersales.work.models import WorkOrder, WorkOrderLine

NUMBER_PREFIX = "W"
LARGEST_QUANTITY = Decimal(100_000)
QUANTITY_STEP = Decimal("0.001")
"""What a quantity is rounded to before it is judged: the column keeps three decimals."""


async def create_work_order(uow: TenantWork, command: CreateWorkOrder) -> WorkOrder:
    """Order work for an open ticket. WORK_TYPE_UNKNOWN for a type that the ticket's vertical hasn't."""
    ticket = await load_ticket(uow, command.ticket_id, "ticket.work")
    if ticket.state not in OPEN_STATES:
        raise StateRefused("TICKET_STATE_REFUSED", state=ticket.state, operation="create_work_order")
    return await order_work(uow, ticket, command.work_type, command.instructions)


async def order_work(
    uow: TenantWork,
    ticket: Ticket,
    wanted: str | None,
    told: str,
    *,
    due_on: date | None = None,
    contract_task_id: UUID | None = None,
) -> WorkOrder:
    """The same for a ticket at hand, whoever acts: what a contract makes due orders work by itself."""
    work_type = rules.check_work_type(uow.scope.vertical(ticket.vertical).work_types, wanted)
    instructions = clean_text(told, "instructions", BODY_LIMIT)
    year = uow.now.astimezone(ZoneInfo(uow.scope.time_zone)).year
    order = uow.add(
        WorkOrder(
            id=new_id(),
            number=await next_number(uow, NUMBER_PREFIX, year),
            ticket_id=ticket.id,
            work_type=work_type.code if work_type else rules.ANY_WORK,
            instructions=instructions,
            due_on=due_on,
            contract_task_id=contract_task_id,
            created_at=uow.now,
        )
    )
    await _note(uow, "work_order.created", order, ticket, {"work_type": order.work_type})
    return order


async def add_work_order_line(uow: TenantWork, command: AddWorkOrderLine) -> WorkOrder:
    """Note labour, a part or travel. WORK_ORDER_STATE_REFUSED once it is signed off; QUANTITY_INVALID."""
    order, ticket = await load_order(
        uow,
        WorkOrderCommand(work_order_id=command.work_order_id, expected_version=command.expected_version),
        "ticket.work",
    )
    rules.next_order_state(order.state, "add_line")
    quantity = _quantity(command.quantity)
    description = clean_text(command.description, "description", TITLE_LIMIT, required=True)
    substitute_for = clean_text(command.substitute_for, "substituteFor", TITLE_LIMIT) or None
    uow.add(
        WorkOrderLine(
            id=new_id(),
            work_order_id=order.id,
            kind=command.kind,
            description=description,
            quantity=quantity,
            substitute_for=substitute_for,
        )
    )
    line: dict[str, object] = {"kind": command.kind, "description": description, "substitute_for": substitute_for}
    await _note(uow, "work_order.line_added", order, ticket, line)
    return order


async def complete_work_order(uow: TenantWork, command: CompleteWorkOrder) -> WorkOrder:
    """The work is done, with cause and measures. WORK_ORDER_VISITS_OPEN while a visit isn't over."""
    order, ticket = await load_order(uow, command, "ticket.work")
    state = rules.next_order_state(order.state, "complete")
    cause = clean_text(command.cause, "cause", BODY_LIMIT, required=True)
    measures = clean_text(command.measures, "measures", BODY_LIMIT, required=True)
    await _check_visits_over(uow, order)
    order.state, order.cause, order.measures = state, cause, measures
    await _note(uow, "work_order.done", order, ticket, {"cause": cause, "measures": measures})
    return order


async def sign_off_work_order(uow: TenantWork, command: SignOffWorkOrder) -> WorkOrder:
    """The customer signed for the work that was done."""
    order, ticket = await load_order(uow, command, "ticket.work")
    state = rules.next_order_state(order.state, "sign_off")
    signed_off_by = clean_text(command.signed_off_by, "signedOffBy", NAME_LIMIT, required=True)
    at = happened(uow.now, command.at, "at", after=order.created_at)
    order.state, order.signed_off_by, order.signed_off_at = state, signed_off_by, at
    await _note(uow, "work_order.signed_off", order, ticket, {"signed_off_by": signed_off_by})
    return order


async def cancel_work_order(uow: TenantWork, command: CancelWorkOrder) -> WorkOrder:
    """Drop an order with a reason. WORK_ORDER_VISITS_OPEN while a visit stands."""
    order, ticket = await load_order(uow, command, "ticket.dispatch")
    state = rules.next_order_state(order.state, "cancel")
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    await _check_visits_over(uow, order)
    order.state = state
    await _note(uow, "work_order.cancelled", order, ticket, {"reason": reason})
    return order


async def load_order(uow: TenantWork, command: WorkOrderCommand, right: Right) -> tuple[WorkOrder, Ticket]:
    """The order and its ticket, both locked, the ticket first. FORBIDDEN, NOT_FOUND, VERSION_STALE."""
    ticket_id = (await uow.get(WorkOrder, command.work_order_id)).ticket_id
    ticket = await load_ticket(uow, ticket_id, right)
    order = await locked(uow, WorkOrder, command.work_order_id, command.expected_version)
    return order, ticket


def _quantity(given: Decimal) -> Decimal:
    # What is far too large to be rounded within the precision at hand is too large in any case.
    if given.is_finite() and 0 < given < LARGEST_QUANTITY + 1:
        rounded = given.quantize(QUANTITY_STEP, ROUND_HALF_UP)
        if 0 < rounded <= LARGEST_QUANTITY:
            return rounded
    raise InvalidInput("QUANTITY_INVALID", field="quantity", value=str(given))


async def _check_visits_over(uow: TenantWork, order: WorkOrder) -> None:
    count = await queries.unfinished_visits(uow, order.id)
    if count:
        raise StateRefused("WORK_ORDER_VISITS_OPEN", field="workOrderId", count=count)


async def _note(uow: TenantWork, kind: str, order: WorkOrder, ticket: Ticket, data: dict[str, object]) -> None:
    await journal.record(
        uow, kind, subject_type="work_order", subject_id=order.id, ticket=ticket,
        data={"number": order.number, **data},
    )  # fmt: skip
