"""What work does when something happens elsewhere: a contract's task that wants a visit becomes a work order."""

from uuid import UUID

from aftersales.contracts.models import ServiceContract
from aftersales.journal import reactions
from aftersales.journal.models import Event
from aftersales.kit.guards import today
from aftersales.scope import TenantWork
from aftersales.tickets.commands import OpenTicket
from aftersales.tickets.intake import take_in
from aftersales.work.orders import order_work


@reactions.after("contract.task_due")
async def order_visit(uow: TenantWork, event: Event) -> None:
    """Somebody is sent, such as with advice for the final acceptance when a trial run is complete (P03-05)."""
    if not event.data["visit"]:
        return
    contract = await uow.get(ServiceContract, UUID(event.data["contract_id"]))
    begun = contract.starts_on <= today(uow.now, uow.scope.time_zone)
    ticket = await take_in(
        uow,
        OpenTicket(
            kind="maintenance",
            channel="outreach",
            title=event.data["name"],
            customer_id=contract.customer_id,
            vertical=contract.vertical,
            contract_id=contract.id if begun else None,
        ),
    )
    await order_work(uow, ticket, None, event.data["name"])
