"""What a failed item leads to: a ticket, a work order, a hazard, a machine that is blocked, advice to the owner."""

from aftersales.contracts.models import ServiceContract
from aftersales.inspections.models import Finding, Inspection
from aftersales.journal import service as journal
from aftersales.kit.errors import StateRefused
from aftersales.kit.guards import locked
from aftersales.kit.text import TITLE_LIMIT
from aftersales.parties.models import Site
from aftersales.safety.commands import ReportHazard
from aftersales.safety.hazards import open_hazard
from aftersales.safety.machines import block
from aftersales.safety.models import SiteMachine
from aftersales.scope import TenantWork
from aftersales.terms.checklists import STOPPING
from aftersales.tickets.commands import OpenTicket
from aftersales.tickets.handling import in_force
from aftersales.tickets.intake import take_in
from aftersales.work.orders import order_work

CHANNEL = "visit"
"""How a ticket of an inspection comes in: somebody was there."""


async def follow(uow: TenantWork, inspection: Inspection, finding: Finding, category: str) -> None:
    """Carry out what the finding leads to, and link both ways.

    Something that needs no action (severity `none`) is a record alone. FINDING_NEEDS_CUSTOMER, FINDING_NEEDS_SITE and
    FINDING_NEEDS_MACHINE where the inspection has none; whatever refuses a ticket refuses the finding.
    """
    if finding.severity == "none":
        finding.consequence = "record"
    match finding.consequence:
        case "ticket" | "work_order":
            await _open_ticket(uow, inspection, finding)
        case "hazard":
            await _open_hazard(uow, inspection, finding, category)
        case "block_machine":
            await _block(uow, inspection, finding)
        case "advice":
            await journal.record(
                uow, "advice.issued", subject_type="inspection", subject_id=inspection.id,
                ticket_id=inspection.ticket_id, asset_id=inspection.asset_id, customer_id=inspection.customer_id,
                data={"advice_zh": finding.advice_zh, "advice_en": finding.advice_en, "clause": finding.clause},
            )  # fmt: skip


async def _open_ticket(uow: TenantWork, inspection: Inspection, finding: Finding) -> None:
    if inspection.customer_id is None:
        raise StateRefused("FINDING_NEEDS_CUSTOMER", field="inspectionId")
    contract = None
    if inspection.contract_id is not None:
        contract = await uow.get(ServiceContract, inspection.contract_id)
    counts = contract is not None and in_force(uow, contract, inspection.vertical)
    ticket = await take_in(
        uow,
        OpenTicket(
            kind="fault",
            channel=CHANNEL,
            title=f"{inspection.number}: {finding.description}"[:TITLE_LIMIT],
            description=f"{inspection.number} {inspection.name_zh} / {inspection.name_en}\n{finding.description}",
            customer_id=inspection.customer_id,
            vertical=inspection.vertical,
            asset_id=inspection.asset_id,
            site_id=inspection.site_id,
            contract_id=inspection.contract_id if counts else None,
        ),
    )
    finding.ticket_id = ticket.id
    if finding.consequence == "work_order":
        order = await order_work(uow, ticket, None, finding.description)
        finding.work_order_id = order.id
    await journal.record(
        uow, "inspection.finding", subject_type="inspection", subject_id=inspection.id, ticket=ticket,
        data={"inspection": inspection.number, "item": finding.item, "severity": finding.severity},
    )  # fmt: skip


async def _open_hazard(uow: TenantWork, inspection: Inspection, finding: Finding, category: str) -> None:
    if inspection.site_id is None:
        raise StateRefused("FINDING_NEEDS_SITE", field="inspectionId")
    site = await locked(uow, Site, inspection.site_id)
    hazard = await open_hazard(
        uow,
        site,
        ReportHazard(
            site_id=site.id,
            category=category,
            description=f"{inspection.number}: {finding.description}",
            severity=finding.severity,
            stops_work=finding.severity in STOPPING,
        ),
    )
    finding.hazard_id = hazard.id


async def _block(uow: TenantWork, inspection: Inspection, finding: Finding) -> None:
    if inspection.machine_id is None:
        raise StateRefused("FINDING_NEEDS_MACHINE", field="inspectionId")
    machine = await locked(uow, SiteMachine, inspection.machine_id)
    await block(uow, machine, f"{inspection.number}: {finding.description}")
    finding.machine_id = machine.id
