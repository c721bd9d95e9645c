"""What work does when something happens elsewhere: a contract's task that wants a visit becomes a work order."""

from datetime import date
from uuid import UUID

from aftersales.contracts import queries as contracts
from aftersales.contracts.models import ContractTask, ServiceContract
from aftersales.contracts.tasks import finish_task
from aftersales.journal import reactions
from aftersales.journal.models import Event
from aftersales.kit.guards import locked, today
from aftersales.scope import TenantWork
from aftersales.tickets.commands import OpenTicket
from aftersales.tickets.intake import take_in
from aftersales.work.models import WorkOrder
from aftersales.work.orders import order_work


@reactions.after("contract.task_due")
async def order_visit(uow: TenantWork, event: Event) -> None:
    """Somebody is sent, such as with advice for the final acceptance when a trial run is complete (P03-05).

    The order waits for an engineer and a window; nobody asked for it, so no answer is owed and the visit is decided on.
    """
    if not event.data["visit"]:
        return
    contract = await uow.get(ServiceContract, UUID(event.data["contract_id"]))
    lines = await contracts.lines_of(uow, contract.id)
    begun = contract.starts_on <= today(uow.now, uow.scope.time_zone)
    due_on: str | None = event.data["due_on"]
    ticket = await take_in(
        uow,
        OpenTicket(
            kind="maintenance",
            channel="outreach",
            title=event.data["name"],
            customer_id=contract.customer_id,
            vertical=contract.vertical,
            asset_id=lines[0].asset_id if len(lines) == 1 else None,
            contract_id=contract.id if begun else None,
        ),
        asked_for=False,
    )
    await order_work(
        uow, ticket, None, event.data["name"], due_on=None if due_on is None else date.fromisoformat(due_on),
        contract_task_id=event.subject_id,
    )  # fmt: skip


@reactions.after("work_order.done")
async def task_done(uow: TenantWork, event: Event) -> None:
    """The contract's task that the work was for is done with it; the order is the proof."""
    order = await uow.get(WorkOrder, event.subject_id)
    if order.contract_task_id is None:
        return
    task = await locked(uow, ContractTask, order.contract_task_id)
    if task.state == "open":
        await finish_task(uow, task, today(uow.now, uow.scope.time_zone), order.number)
