"""What callers ask of records: one frozen Struct per operation. Days are local ones of the tenant."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from aftersales.terms.records import Due, FieldKind, RecordSubject

FIELDS_AT_ONCE = 200
CHOICES_AT_ONCE = 100


class ConditionDetails(Struct, frozen=True, kw_only=True):
    """Another field has one of these values."""

    field: str
    values: tuple[str, ...]


class FieldDetails(Struct, frozen=True, kw_only=True):
    """A field of a form: its name in both languages and what may be put into it."""

    code: str
    name_zh: str
    name_en: str
    kind: FieldKind = "text"
    required: bool = True
    required_when: ConditionDetails | None = None
    choices: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    must_be: tuple[str, ...] = ()
    section: str | None = None


class SaveFormTemplate(Struct, frozen=True, kw_only=True):
    """A form of the tenant's own, or its next version; records that were begun keep theirs."""

    code: str
    name_zh: str
    name_en: str
    fields: tuple[FieldDetails, ...]
    signatures: tuple[str, ...] = ()
    seal: bool = False
    unique_per: RecordSubject | None = None
    about: tuple[RecordSubject, ...] = ()
    filled_by: tuple[Literal["customer", "dealer"], ...] = ()
    internal: bool = False
    keep_years: Annotated[int, Meta(ge=1, le=100)] | None = None
    vertical: str | None = None


class RetireFormTemplate(Struct, frozen=True, kw_only=True):
    """Use a form of the tenant's own no more."""

    form_template_id: UUID
    expected_version: int | None = None


class StartRecord(Struct, frozen=True, kw_only=True):
    """Begin to fill in a form about a ticket, a visit, an asset …; the rest follows from what is named.

    `values` are by the codes of the form's fields. `person` is who it is about where it is one per worker.
    """

    form: str
    values: dict[str, Any] = {}
    vertical: str | None = None
    ticket_id: UUID | None = None
    work_order_id: UUID | None = None
    appointment_id: UUID | None = None
    asset_id: UUID | None = None
    site_id: UUID | None = None
    customer_id: UUID | None = None
    contract_id: UUID | None = None
    service_unit_id: UUID | None = None
    form_point_id: UUID | None = None
    person: str | None = None


class RecordCommand(Struct, frozen=True, kw_only=True):
    """The record that an operation is about."""

    record_id: UUID
    expected_version: int | None = None


class FillRecord(RecordCommand, frozen=True, kw_only=True):
    """Put values into a draft; null empties a field. Signatures that stood under other values fall away."""

    values: dict[str, Any]


class SignRecord(RecordCommand, frozen=True, kw_only=True):
    """Sign a draft as one of the signers that its form names."""

    signer: str
    name: str


class SealRecord(RecordCommand, frozen=True, kw_only=True):
    """Put a company's stamp under a draft."""

    sealed_by: str


class SubmitRecord(RecordCommand, frozen=True, kw_only=True):
    """The record is complete: from now on it isn't changed."""


class ArchiveRecord(RecordCommand, frozen=True, kw_only=True):
    """Put a submitted record into the archive."""


class CorrectRecord(RecordCommand, frozen=True, kw_only=True):
    """Begin a new revision of a submitted record, with the reason; the old one counts until it is submitted."""

    reason: str
    values: dict[str, Any] = {}


class DeleteRecord(RecordCommand, frozen=True, kw_only=True):
    """Take a record out of use, with the reason; it stays on file."""

    reason: str


class ArchiveFile(Struct, frozen=True, kw_only=True):
    """Take a file out of use, with the reason; it stays in the storage."""

    file_id: UUID
    reason: str
    expected_version: int | None = None


class AddFormPoint(Struct, frozen=True, kw_only=True):
    """A place where a form can be picked up."""

    code: str
    place: str
    form: str = "suggestion_form"
    customer_id: UUID | None = None


class IssueForms(Struct, frozen=True, kw_only=True):
    """Put out blank forms at a point."""

    form_point_id: UUID
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)]


class RecordReceipt(Struct, frozen=True, kw_only=True):
    """The customer received what is to be handed over for a contract or an asset, and who signed for it."""

    deliverable: str
    received_by: str
    contract_id: UUID | None = None
    asset_id: UUID | None = None
    document_id: UUID | None = None
    record_id: UUID | None = None
    received_on: date | None = None


class CompleteHandover(Struct, frozen=True, kw_only=True):
    """Everything that is due for a contract or an asset has been handed over."""

    due: Due
    contract_id: UUID | None = None
    asset_id: UUID | None = None


class RecordDispatchCost(Struct, frozen=True, kw_only=True):
    """What a dispatch cost; a negative amount corrects an entry."""

    appointment_id: UUID
    kind: Literal["labour", "travel", "lodging", "parts", "other"]
    amount: Decimal
    currency: str = "CNY"
    note: str = ""
