"""What the documents room does; each function takes a unit of work and one command, and never commits."""

from uuid import UUID

from msgspec import Struct

from aftersales.access import require
from aftersales.documents.models import CONFIDENTIALITY, Document, DocumentDispatch
from aftersales.documents.rules import check_may_leave, check_publishable
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties.models import Customer
from aftersales.parties.rules import check_known
from aftersales.scope import TenantWork
from aftersales.terms.records import Deliverable

SECTIONS_LIMIT = 50


class AddDocument(Struct, frozen=True, kw_only=True):
    """A document and how confidential it is: public, customer or secret.

    `deliverable` is the code of what it serves as, declared by `vertical`; then it waits to be published.
    """

    title: str
    body: str
    confidentiality: str = "customer"
    vertical: str | None = None
    deliverable: str | None = None
    author_department: str | None = None


class WriteDocumentSection(Struct, frozen=True, kw_only=True):
    """Write a section of a document that isn't published yet."""

    document_id: UUID
    section: str
    text: str
    expected_version: int | None = None


class PublishDocument(Struct, frozen=True, kw_only=True):
    """The document is ready: it may be handed over, and isn't changed any more."""

    document_id: UUID
    expected_version: int | None = None


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
    """Keep a document. VALUE_UNKNOWN for a confidentiality that there isn't; DELIVERABLE_UNKNOWN."""
    require(uow.actor, "document.send")
    if command.deliverable is not None:
        _declared(uow, command.vertical, command.deliverable)
    document = uow.add(
        Document(
            id=new_id(),
            title=clean_text(command.title, "title", TITLE_LIMIT, required=True),
            confidentiality=check_known(command.confidentiality, CONFIDENTIALITY, "confidentiality"),
            body=clean_text(command.body, "body", BODY_LIMIT, required=True),
            vertical=command.vertical if command.deliverable is not None else None,
            deliverable=command.deliverable,
            author_department=clean_text(command.author_department, "authorDepartment", NAME_LIMIT) or None,
            created_at=uow.now,
        )
    )
    await _note(uow, "document.added", document, None)
    return document


async def write_document_section(uow: TenantWork, command: WriteDocumentSection) -> Document:
    """Write a section. DOCUMENT_PUBLISHED afterwards; an empty text is refused (REQUIRED)."""
    require(uow.actor, "document.send")
    document = await _unpublished(uow, command.document_id, command.expected_version)
    section = clean_text(command.section, "section", NAME_LIMIT, required=True)
    text = clean_text(command.text, "text", BODY_LIMIT, required=True)
    document.sections = {**document.sections, section: text}
    if len(document.sections) > SECTIONS_LIMIT:
        raise InvalidInput("TEXT_TOO_LONG", field="section", field_name="section", limit=SECTIONS_LIMIT,
                           length=len(document.sections))  # fmt: skip
    await _note(uow, "document.written", document, None)
    return document


async def publish_document(uow: TenantWork, command: PublishDocument) -> Document:
    """Publish a document that serves as a deliverable.

    DOCUMENT_AUTHOR_WRONG, DOCUMENT_SECTION_MISSING names the section (P11-34), DOCUMENT_PUBLISHED.
    """
    require(uow.actor, "document.send")
    document = await _unpublished(uow, command.document_id, command.expected_version)
    if document.deliverable is not None:
        declared = _declared(uow, document.vertical, document.deliverable)
        check_publishable(declared, document.author_department, document.sections)
    document.published_at = uow.now
    await _note(uow, "document.published", document, None)
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
    if document.deliverable is not None and document.published_at is None:
        declared = _declared(uow, document.vertical, document.deliverable)
        if declared.sections or declared.author:
            raise StateRefused("DOCUMENT_UNPUBLISHED", field="documentId")
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


async def _unpublished(uow: TenantWork, document_id: UUID, expected_version: int | None) -> Document:
    document = await locked(uow, Document, document_id, expected_version)
    if document.published_at is not None:
        raise StateRefused("DOCUMENT_PUBLISHED", field="documentId")
    return document


def _declared(uow: TenantWork, vertical: str | None, code: str) -> Deliverable:
    """The vertical's deliverable of that code; DELIVERABLE_UNKNOWN."""
    terms = uow.scope.vertical(vertical).deliverables if vertical is not None else ()
    found = next((one for one in terms if one.code == code), None)
    if found is None:
        raise InvalidInput("DELIVERABLE_UNKNOWN", field="deliverable", deliverable=code)
    return found


async def _note(uow: TenantWork, kind: str, document: Document, customer_id: UUID | None) -> None:
    await journal.record(
        uow,
        kind,
        subject_type="document",
        subject_id=document.id,
        customer_id=customer_id,
        data={"title": document.title, "confidentiality": document.confidentiality},
    )
