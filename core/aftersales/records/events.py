"""What records demand of other rooms' operations: guards before a ticket's, reactions to what happened elsewhere."""

from uuid import UUID

from aftersales.assets.models import Asset
from aftersales.assets.rules import start_of_day
from aftersales.contracts.models import ServiceContract
from aftersales.journal.models import Event
from aftersales.journal.reactions import after
from aftersales.records import deliverables, gates, search
from aftersales.revisits.models import Revisit
from aftersales.scope import TenantWork
from aftersales.terms.records import GatedOperation
from aftersales.tickets import guards
from aftersales.tickets.models import Ticket
from aftersales.tickets.state_rules import Operation
from aftersales.work.models import ServiceAppointment, WorkOrder


@guards.before("start", "propose_plan", "resolve", "close")
async def records_before(uow: TenantWork, ticket: Ticket, operation: Operation) -> None:
    """A record that a RecordRule wants is there before the ticket moves on (P11-05, P12-12)."""
    await gates.check_ticket(uow, ticket, operation)  # type: ignore[arg-type]


@after("visit.done")
async def record_of_visit(uow: TenantWork, event: Event) -> None:
    """A visit ends with the report that belongs to it (P10-11)."""
    visit = await uow.get(ServiceAppointment, event.subject_id)
    await _of_work(uow, event, "visit_done", "visit", visit.work_order_id)


@after("work_order.done")
async def record_of_work_order(uow: TenantWork, event: Event) -> None:
    """Work is done when its report is there (P11-14)."""
    await _of_work(uow, event, "work_order_done", "work_order", event.subject_id)


async def _of_work(uow: TenantWork, event: Event, operation: GatedOperation, subject: str, work_order_id: UUID) -> None:
    order = await uow.get(WorkOrder, work_order_id)
    ticket = await uow.get(Ticket, order.ticket_id)
    await gates.check_ticket(
        uow, ticket, operation, subject=subject, subject_id=event.subject_id, work_type=order.work_type
    )


@after("work_order.line_added")
async def report_of_substitute(uow: TenantWork, event: Event) -> None:
    """A substitute part goes into work only with its test report (P01-13)."""
    substitute = event.data.get("substitute_for")
    if event.data.get("kind") != "part" or not substitute:
        return
    order = await uow.get(WorkOrder, event.subject_id)
    ticket = await uow.get(Ticket, order.ticket_id)
    await gates.check_ticket(
        uow, ticket, "substitute", subject="work_order", subject_id=order.id, key=str(event.data.get("description"))
    )


@after("asset.accepted")
async def records_of_acceptance(uow: TenantWork, event: Event) -> None:
    """Acceptance waits for the records and documents that belong to it."""
    asset = await uow.get(Asset, event.subject_id)
    applying = [rule for rule in await gates.rules_of(uow, asset.vertical, None) if rule.before == "acceptance"]
    await gates.check(uow, applying, "asset", asset.id, vertical=asset.vertical)
    for rule in applying:
        await deliverables.require_deliverables(uow, rule.deliverables, "asset_id", asset.id)


@after("contract.phase_entered")
async def records_of_phase(uow: TenantWork, event: Event) -> None:
    """A contract enters a phase with the records and documents that belong before it."""
    contract = await uow.get(ServiceContract, event.subject_id)
    phase = str(event.data.get("phase"))
    declared = await gates.rules_of(uow, contract.vertical, contract.id)
    applying = [rule for rule in declared if rule.before == "phase" and (not rule.phases or phase in rule.phases)]
    await gates.check(uow, applying, "contract", contract.id, vertical=contract.vertical)
    for rule in applying:
        await deliverables.require_deliverables(uow, rule.deliverables, "contract_id", contract.id)


@after("contract.event_recorded")
async def records_of_handover(uow: TenantWork, event: Event) -> None:
    """A contract's handover isn't noted without what belongs to it, whichever way it is noted (P11-35)."""
    if event.data.get("event") != "handover":
        return
    contract = await uow.get(ServiceContract, event.subject_id)
    applying = [rule for rule in await gates.rules_of(uow, contract.vertical, contract.id) if rule.before == "handover"]
    await gates.check(uow, applying, "contract", contract.id, vertical=contract.vertical)
    for rule in applying:
        await deliverables.require_deliverables(uow, rule.deliverables, "contract_id", contract.id)


@after("revisit.done")
async def record_of_revisit(uow: TenantWork, event: Event) -> None:
    """A revisit counts with its written report (P11-48): about its ticket or its customer, begun since it was owed.

    What a contact made superfluous is told by that contact's report.
    """
    if "reason" in event.data:
        return
    revisit = await uow.get(Revisit, event.subject_id)
    declared = await gates.rules_of(uow, revisit.vertical, revisit.contract_id)
    applying = [rule for rule in declared if rule.before == "revisit"]
    subject, subject_id = ("ticket", revisit.ticket_id) if revisit.ticket_id else ("customer", revisit.customer_id)
    if subject_id is not None:
        since = start_of_day(revisit.since, uow.scope.time_zone)
        await gates.check(uow, applying, subject, subject_id, vertical=revisit.vertical, since=since)


@after("document.added", "document.published")
async def find_documents(uow: TenantWork, event: Event) -> None:
    """A document can be found from the moment it is there."""
    await search.note_document(uow, event.subject_id)
