"""Forms of a tenant, filled records, files, what was handed over, and the words by which they are found."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.kit.database import (
    Base,
    TenantRow,
    Versioned,
    one_of,
    tenant_index,
    tenant_reference,
    tenant_unique,
)
from aftersales.kit.storage_errors import on_unique

RECORD_STATES = ("draft", "submitted", "archived", "superseded")
FILE_STATES = ("pending", "stored", "archived")
FILE_SUBJECTS = ("record", "document", "ticket", "work_order", "asset", "customer", "contract", "inspection")
COST_KINDS = ("labour", "travel", "lodging", "parts", "other")

on_unique("uq_form_templates_tenant_id_code_form_version", "FORM_VERSION_TAKEN", "code")
on_unique("uq_service_records_tenant_id_unique_key", "RECORD_EXISTS", "form")
on_unique("uq_form_points_tenant_id_code", "FORM_POINT_TAKEN", "code")
on_unique("uq_handovers_tenant_id_subject_id_due", "HANDOVER_DONE", "due")


class FormTemplateRow(TenantRow, Versioned, Base):
    """A version of a form that the tenant made itself; records keep the version under which they were filled."""

    __tablename__ = "form_templates"
    __table_args__ = (
        tenant_unique("code", "form_version"),
        one_of("state", ("active", "retired")),
        CheckConstraint("form_version > 0", name="form_version_positive"),
    )

    code: Mapped[str]
    form_version: Mapped[int]
    vertical: Mapped[str | None]
    definition: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[datetime]
    actor: Mapped[str]


class FormPoint(TenantRow, Versioned, Base):
    """A place where a form can be picked up (P04-15)."""

    __tablename__ = "form_points"
    __table_args__ = (tenant_unique("code"), tenant_reference("customer_id", to="customers"))

    code: Mapped[str]
    place: Mapped[str]
    form: Mapped[str]
    customer_id: Mapped[UUID | None]
    created_at: Mapped[datetime]


class FormIssue(TenantRow, Base):
    """So many blank forms were put out at a point."""

    __tablename__ = "form_issues"
    __table_args__ = (
        tenant_reference("form_point_id", to="form_points"),
        tenant_index("ix_form_issues_point", "form_point_id", "id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )
    append_only: ClassVar[bool] = True

    form_point_id: Mapped[UUID]
    quantity: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str]


class ServiceRecord(TenantRow, Versioned, Base):
    """A filled form, one revision of it. `template` is the form as it was when the record was begun.

    `missing` names what is not there yet, field by field; a submitted record is never changed, a correction is a
    new revision (`previous_id`) that supersedes it. A deleted one stays, with reason and actor (P07-06).
    """

    __tablename__ = "service_records"
    __table_args__ = (
        tenant_unique("number", "revision"),
        tenant_unique("unique_key"),
        tenant_reference("previous_id", to="service_records"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("work_order_id", to="work_orders"),
        tenant_reference("appointment_id", to="service_appointments"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("site_id", to="sites"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("contract_id", to="service_contracts"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_reference("form_point_id", to="form_points"),
        tenant_index("ix_service_records_form", "form", "id"),
        tenant_index("ix_service_records_ticket", "ticket_id"),
        tenant_index("ix_service_records_work_order", "work_order_id"),
        tenant_index("ix_service_records_appointment", "appointment_id"),
        tenant_index("ix_service_records_asset", "asset_id", "id"),
        tenant_index("ix_service_records_customer", "customer_id", "id"),
        tenant_index("ix_service_records_contract", "contract_id"),
        tenant_index("ix_service_records_unit", "service_unit_id", "id"),
        tenant_index("ix_service_records_point", "form_point_id"),
        one_of("state", RECORD_STATES),
        CheckConstraint("revision > 0", name="revision_positive"),
    )

    number: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    previous_id: Mapped[UUID | None]
    form: Mapped[str]
    form_kind: Mapped[str]
    form_version: Mapped[str]
    vertical: Mapped[str | None]
    title_zh: Mapped[str]
    title_en: Mapped[str]
    template: Mapped[dict[str, Any]]
    field_values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    signatures: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    sealed_by: Mapped[str | None]
    sealed_at: Mapped[datetime | None]
    missing: Mapped[list[str]] = mapped_column(default=list)
    complete: Mapped[bool] = mapped_column(default=False)
    internal: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="draft")
    unique_key: Mapped[str | None]
    person: Mapped[str | None]
    ticket_id: Mapped[UUID | None]
    work_order_id: Mapped[UUID | None]
    appointment_id: Mapped[UUID | None]
    asset_id: Mapped[UUID | None]
    site_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None]
    contract_id: Mapped[UUID | None]
    service_unit_id: Mapped[UUID | None]
    form_point_id: Mapped[UUID | None]
    correction: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[str | None]
    archived_at: Mapped[datetime | None]
    keep_until: Mapped[date | None]
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[str | None]
    deletion_reason: Mapped[str | None]


class StoredFile(TenantRow, Versioned, Base):
    """A file in the object storage, under `<tenant>/<id>`. A `pending` one is being uploaded and can't be read."""

    __tablename__ = "stored_files"
    __table_args__ = (
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_index("ix_stored_files_subject", "subject_id", "id"),
        # The round looks for abandoned uploads over all tenants, as the system role.
        Index("ix_stored_files_pending", "created_at", postgresql_where=text("state = 'pending'")),
        one_of("state", FILE_STATES),
        one_of("subject_type", FILE_SUBJECTS),
        one_of("purpose", ("photo", "document")),
    )

    name: Mapped[str]
    purpose: Mapped[str]
    field: Mapped[str | None]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    sha256: Mapped[str | None]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    ticket_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None]
    service_unit_id: Mapped[UUID | None]
    internal: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="pending")
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    archived_at: Mapped[datetime | None]
    archived_by: Mapped[str | None]
    archive_reason: Mapped[str | None]


class DeliverableReceipt(TenantRow, Base):
    """A document that the customer received, with who signed for it."""

    __tablename__ = "deliverable_receipts"
    __table_args__ = (
        tenant_reference("contract_id", to="service_contracts"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("document_id", to="documents"),
        tenant_reference("record_id", to="service_records"),
        tenant_index("ix_deliverable_receipts_contract", "contract_id"),
        tenant_index("ix_deliverable_receipts_asset", "asset_id"),
    )
    append_only: ClassVar[bool] = True

    deliverable: Mapped[str]
    due: Mapped[str]
    contract_id: Mapped[UUID | None]
    asset_id: Mapped[UUID | None]
    customer_id: Mapped[UUID]
    document_id: Mapped[UUID | None]
    record_id: Mapped[UUID | None]
    received_by: Mapped[str]
    received_on: Mapped[date]
    at: Mapped[datetime]
    actor: Mapped[str]


class Handover(TenantRow, Base):
    """A handover that was complete: everything due for it had been received."""

    __tablename__ = "handovers"
    __table_args__ = (
        tenant_unique("subject_id", "due"),
        tenant_reference("contract_id", to="service_contracts"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("customer_id", to="customers"),
    )
    append_only: ClassVar[bool] = True

    subject_id: Mapped[UUID]
    contract_id: Mapped[UUID | None]
    asset_id: Mapped[UUID | None]
    customer_id: Mapped[UUID]
    due: Mapped[str]
    received: Mapped[list[str]]
    completed_on: Mapped[date]
    at: Mapped[datetime]
    actor: Mapped[str]


class DispatchCost(TenantRow, Base):
    """What a dispatch cost the company; a correction is an entry with a negative amount."""

    __tablename__ = "dispatch_costs"
    __table_args__ = (
        tenant_reference("appointment_id", to="service_appointments"),
        tenant_index("ix_dispatch_costs_appointment", "appointment_id"),
        one_of("kind", COST_KINDS),
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_form"),
    )
    append_only: ClassVar[bool] = True

    appointment_id: Mapped[UUID]
    kind: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    currency: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]


class SearchEntry(TenantRow, Base):
    """A record or document as it is found; its id is that of what is found."""

    __tablename__ = "search_entries"
    __table_args__ = (
        tenant_reference("customer_id", to="customers"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_index("ix_search_entries_customer", "customer_id", "id"),
        one_of("kind", ("record", "document")),
    )

    kind: Mapped[str]
    title: Mapped[str]
    customer_id: Mapped[UUID | None]
    service_unit_id: Mapped[UUID | None]
    ticket_id: Mapped[UUID | None]
    internal: Mapped[bool]
    hidden: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]


class SearchToken(Base):
    """A word, or two neighbouring Chinese characters, of what can be found.

    A plain B-tree over text: its comparison is leakproof, so row-level security leaves the index in use, which it
    doesn't for full-text operators. The key alone is the posting list: nothing else is stored, and no foreign key
    is checked for each of a record's hundred words.
    """

    __tablename__ = "search_tokens"

    tenant_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tenants.id"), primary_key=True)
    token: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
