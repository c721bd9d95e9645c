"""What the documents room does; each function takes a unit of work and one command, and never commits."""

from uuid import UUID

from msgspec import Struct

from aftersales.access import require
from aftersales.documents.models import CONFIDENTIALITY, Document, DocumentDispatch
from aftersales.documents.rules import check_may_leave
from aftersales.journal import service as journal
from aftersales.kit.errors import StateRefused
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties.models import Customer
from aftersales.parties.rules import check_known
from aftersales.scope import TenantWork


class AddDocument(Struct, frozen=True, kw_only=True):
    """A document and how confidential it is: public, customer or secret."""

    title: str
    body: str
    confidentiality: str = "customer"


class ReclassifyDocument(Struct, frozen=True, kw_only=True):
    """Make a document more or less confidential."""

    document_id: UUID
    confidentiality: str
    expected_version: int | None = None


class SendDocument(Struct, frozen=True, kw_only=True):
    """Send a document to a customer."""

    document_id: UUID
    customer_id: UUID


async def add_document(uow: TenantWork, command: AddDocument) -> Document:
    """Keep a document. VALUE_UNKNOWN for a confidentiality that there isn't."""
    require(uow.actor, "document.send")
    document = uow.add(
        Document(
            id=new_id(),
            title=clean_text(command.title, "title", TITLE_LIMIT, required=True),
            confidentiality=check_known(command.confidentiality, CONFIDENTIALITY, "confidentiality"),
            body=clean_text(command.body, "body", BODY_LIMIT, required=True),
            created_at=uow.now,
        )
    )
    await _note(uow, "document.added", document, None)
    return document


async def reclassify_document(uow: TenantWork, command: ReclassifyDocument) -> Document:
    """Change how confidential a document is: the company's own decision, so staff managers only."""
    require(uow.actor, "settings.manage")
    confidentiality = check_known(command.confidentiality, CONFIDENTIALITY, "confidentiality")
    document = await locked(uow, Document, command.document_id, command.expected_version)
    document.confidentiality = confidentiality
    await _note(uow, "document.reclassified", document, None)
    return document


async def send_document(uow: TenantWork, command: SendDocument) -> DocumentDispatch:
    """Send a document to a customer. DOCUMENT_SECRET for a secret one (P09-03), CUSTOMER_ARCHIVED."""
    require(uow.actor, "document.send")
    document = await locked(uow, Document, command.document_id)
    check_may_leave(document.confidentiality)
    customer = await uow.get(Customer, command.customer_id)
    if customer.state != "active":
        raise StateRefused("CUSTOMER_ARCHIVED", field="customerId")
    dispatch = uow.add(
        DocumentDispatch(
            id=new_id(),
            document_id=document.id,
            customer_id=customer.id,
            sent_at=uow.now,
            actor=uow.actor.label,
        )
    )
    await _note(uow, "document.sent", document, customer.id)
    return dispatch


async def _note(uow: TenantWork, kind: str, document: Document, customer_id: UUID | None) -> None:
    await journal.record(
        uow,
        kind,
        subject_type="document",
        subject_id=document.id,
        customer_id=customer_id,
        data={"title": document.title, "confidentiality": document.confidentiality},
    )
