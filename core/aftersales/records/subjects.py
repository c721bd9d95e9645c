"""What records and files belong to, and whether the caller may see it: visibility as the thing itself has it."""

from typing import Any
from uuid import UUID

from msgspec import Struct

from aftersales.assets.models import Asset
from aftersales.contracts.models import ServiceContract
from aftersales.documents.models import Document
from aftersales.inspections.models import Inspection
from aftersales.inspections.report import is_for
from aftersales.kit.actor import Actor
from aftersales.kit.errors import InvalidInput, NotFound
from aftersales.parties.models import Customer, ServiceUnit, Site
from aftersales.records import queries
from aftersales.records.models import ServiceRecord
from aftersales.scope import TenantWork
from aftersales.tickets.models import Ticket
from aftersales.work.models import ServiceAppointment, WorkOrder

LINKS = (
    "ticket_id", "work_order_id", "appointment_id", "asset_id", "site_id", "customer_id", "contract_id",
    "service_unit_id",
)  # fmt: skip
"""What a record may be linked to."""


class Links(Struct, kw_only=True):
    """What something is linked to; the vertical under which it stands, and the unit that has its ticket."""

    ticket_id: UUID | None = None
    work_order_id: UUID | None = None
    appointment_id: UUID | None = None
    asset_id: UUID | None = None
    site_id: UUID | None = None
    customer_id: UUID | None = None
    contract_id: UUID | None = None
    service_unit_id: UUID | None = None
    vertical: str | None = None
    ticket_unit_id: UUID | None = None
    internal: bool = False


def outsider(actor: Actor) -> bool:
    """Whether the actor is a customer or a dealer, and not one of the company's own people too."""
    return actor.kind == "member" and bool(actor.roles) and actor.roles <= {"customer", "dealer"}


async def resolve(uow: TenantWork, given: Any) -> Links:
    """Everything that follows from what is named: the visit's order, its ticket, that one's asset and customer.

    NOT_FOUND for what there isn't; RECORD_OF_OTHER_CUSTOMER when they don't agree, NOT_FOUND for an outsider then.
    """
    links = Links(**{name: getattr(given, name) for name in LINKS})
    owners: set[UUID] = set()
    if links.appointment_id is not None:
        visit = await uow.get(ServiceAppointment, links.appointment_id)
        _take(links, "work_order_id", visit.work_order_id)
    if links.work_order_id is not None:
        order = await uow.get(WorkOrder, links.work_order_id)
        _take(links, "ticket_id", order.ticket_id)
    if links.ticket_id is not None:
        ticket = await uow.get(Ticket, links.ticket_id)
        owners.add(ticket.customer_id)
        links.vertical, links.ticket_unit_id = ticket.vertical, ticket.service_unit_id
        links.asset_id = links.asset_id or ticket.asset_id
        links.contract_id = links.contract_id or ticket.contract_id
        links.site_id = links.site_id or ticket.site_id
    if links.contract_id is not None:
        contract = await uow.get(ServiceContract, links.contract_id)
        owners.add(contract.customer_id)
        links.vertical = links.vertical or contract.vertical
    if links.asset_id is not None:
        asset = await uow.get(Asset, links.asset_id)
        owners.add(asset.customer_id)
        links.vertical = links.vertical or asset.vertical
        links.site_id = links.site_id or asset.site_id
    if links.site_id is not None:
        owners.add((await uow.get(Site, links.site_id)).customer_id)
    if links.service_unit_id is not None:
        await uow.get(ServiceUnit, links.service_unit_id)
    if links.customer_id is not None:
        owners.add((await uow.get(Customer, links.customer_id)).id)
    if len(owners) > 1:
        if outsider(uow.actor):
            raise NotFound("NOT_FOUND", thing="Customer")
        raise InvalidInput("RECORD_OF_OTHER_CUSTOMER", field="customerId")
    links.customer_id = next(iter(owners), None)
    return links


def _take(links: Links, name: str, value: UUID) -> None:
    known = getattr(links, name)
    if known is not None and known != value:
        raise InvalidInput("RECORD_OF_OTHER_CUSTOMER", field="ticketId")
    setattr(links, name, value)


def visible(actor: Actor, links: Links) -> bool:
    """Whether the caller may see what has these links: customers their own, dealers what their unit has."""
    if not outsider(actor):
        return True
    if "customer" in actor.roles and actor.customer_id is not None:
        return links.customer_id == actor.customer_id and not links.internal
    if actor.dealer_id is None:
        return False
    return actor.dealer_id in {links.ticket_unit_id, links.service_unit_id}


def check_visible(actor: Actor, links: Links, thing: str) -> None:
    """NOT_FOUND, the same answer as for what there isn't."""
    if not visible(actor, links):
        raise NotFound("NOT_FOUND", thing=thing)


async def links_of_record(uow: TenantWork, record: ServiceRecord) -> Links:
    """What a record is linked to; the ticket's unit as it is now."""
    ticket = None if record.ticket_id is None else await uow.get(Ticket, record.ticket_id)
    return Links(
        **{name: getattr(record, name) for name in LINKS},
        vertical=record.vertical,
        ticket_unit_id=ticket.service_unit_id if ticket else None,
        internal=record.internal,
    )


async def visible_record(uow: TenantWork, record_id: UUID) -> ServiceRecord:
    """The record, when the caller may see it; customers see a draft only when they began it."""
    record = await uow.get(ServiceRecord, record_id)
    check_visible(uow.actor, await links_of_record(uow, record), "ServiceRecord")
    if outsider(uow.actor) and (record.deleted_at is not None or hidden_draft(uow.actor, record)):
        raise NotFound("NOT_FOUND", thing="ServiceRecord")
    return record


def hidden_draft(actor: Actor, record: ServiceRecord) -> bool:
    """Whether an outsider may not see the record because others are still at it."""
    return record.state == "draft" and record.created_by != actor.label


async def subject_of(uow: TenantWork, subject_type: str, subject_id: UUID) -> Links:
    """What a file's subject is linked to, when the caller may see that subject; FILE_SUBJECT_UNKNOWN, NOT_FOUND."""
    match subject_type:
        case "record":
            return await links_of_record(uow, await visible_record(uow, subject_id))
        case "document":
            return await _of_document(uow, subject_id)
        case "inspection":
            return await _of_inspection(uow, subject_id)
        case "ticket" | "work_order" | "asset" | "customer" | "contract":
            links = await resolve(uow, _links_to(subject_type, subject_id))
            if outsider(uow.actor) and "customer" not in uow.actor.roles and links.ticket_id is None:
                raise NotFound("NOT_FOUND", thing=subject_type)
            check_visible(uow.actor, links, subject_type)
            return links
    raise InvalidInput("FILE_SUBJECT_UNKNOWN", field="of", value=subject_type)


def _links_to(subject_type: str, subject_id: UUID) -> Links:
    links = Links()
    setattr(links, f"{subject_type}_id", subject_id)
    return links


async def _of_inspection(uow: TenantWork, inspection_id: UUID) -> Links:
    """Photos are the company's own until the inspection is completed; then its customer sees them with the report."""
    inspection = await uow.get(Inspection, inspection_id)
    shared = is_for(inspection, inspection.customer_id) if inspection.customer_id is not None else False
    links = Links(customer_id=inspection.customer_id, ticket_id=inspection.ticket_id, internal=not shared)
    check_visible(uow.actor, links, "Inspection")
    return links


async def _of_document(uow: TenantWork, document_id: UUID) -> Links:
    """A document is the company's own; a customer sees one that was sent to it and is no secret."""
    document = await uow.get(Document, document_id)
    actor = uow.actor
    if outsider(actor):
        sent = actor.customer_id is not None and await queries.was_sent(uow, document_id, actor.customer_id)
        if not sent or document.confidentiality == "secret":
            raise NotFound("NOT_FOUND", thing="Document")
    return Links(internal=True)
