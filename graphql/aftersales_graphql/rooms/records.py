"""Records in the shape of forms, their files, what was handed over, and what dispatches cost."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import ColumnElement, String, and_, cast, func, literal_column, or_, select
from strawberry.scalars import JSON

from aftersales.records import models
from aftersales_graphql.machine.declare import Columns, Viewer, column, connection, entity, find, many, one, sql
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.contracts import ServiceContract
from aftersales_graphql.rooms.documents import Document
from aftersales_graphql.rooms.parties import Customer, ServiceUnit, Site
from aftersales_graphql.rooms.visibility import own_or_given, staff_only, ticket_given

if TYPE_CHECKING:
    from aftersales_graphql.rooms.assets import Asset
    from aftersales_graphql.rooms.tickets import Ticket
    from aftersales_graphql.rooms.work import ServiceAppointment, WorkOrder

_records: Any = models.ServiceRecord.__table__


def _given(row: Columns, viewer: Viewer) -> ColumnElement[bool]:
    """A dealer's: what names its unit, or a ticket that its unit has."""
    return or_(row["service_unit_id"] == viewer.dealer_id, ticket_given(row, viewer))


def record_seen(row: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """Customers see what is finished about them, dealers what their unit has; both their own drafts, none deleted."""
    if not (viewer.is_customer or viewer.is_dealer):
        return None
    mine = row["created_by"] == func.concat(literal_column("'member:'"), cast(viewer.member_id, String))
    readable = and_(row["deleted_at"].is_(None), or_(row["state"] != literal_column("'draft'"), mine))
    if viewer.is_customer:
        return and_(row["customer_id"] == viewer.customer_id, row["internal"].is_(False), readable)
    return and_(_given(row, viewer), readable)


def file_seen(row: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """The same for files: those that are there and not put away, and of a record only while it is to be seen."""
    if not (viewer.is_customer or viewer.is_dealer):
        return None
    record = _records.alias()
    of_record = (
        select(literal_column("1"))
        .select_from(record)
        .where(
            record.c.tenant_id == row["tenant_id"],
            record.c.id == row["subject_id"],
            record_seen(record.c, viewer),  # type: ignore[arg-type]
        )
        .exists()
    )
    there = and_(
        row["state"] == literal_column("'stored'"),
        or_(row["subject_type"] != literal_column("'record'"), of_record),
    )
    if viewer.is_customer:
        return and_(row["customer_id"] == viewer.customer_id, row["internal"].is_(False), there)
    return and_(_given(row, viewer), there)


@entity(models.StoredFile, filters=("state", "purpose", "customer", "ticket"), orders=("created_at",),
        default_order="created_at", visible=file_seen)  # fmt: skip
class StoredFile(Node):
    """A file; its bytes are at `/t/{tenant}/files/{id}`."""

    name: str
    purpose: str
    field: str | None
    media_type: str
    size: Decimal = sql(lambda row, scope: cast(row["size"], String), description="In bytes.")
    sha256: str | None
    state: str
    created_at: datetime
    archived_at: datetime | None
    archive_reason: str | None
    version: int
    customer: Customer | None = one("customer_id")
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")


@entity(models.ServiceRecord,
        filters=("number", "form", "form_kind", "state", "complete", "deleted_at", "customer", "asset", "ticket",
                 "site", "contract", "service_unit"),
        orders=("created_at", "submitted_at"), default_order="created_at", visible=record_seen)  # fmt: skip
class ServiceRecord(Node):
    """A filled form: one revision of it, under the form as it was when the record was begun."""

    number: str
    revision: int
    form: str
    form_kind: str
    form_version: str
    title_zh: str
    title_en: str
    template: JSON
    values: JSON = column("field_values")
    signatures: JSON
    sealed_by: str | None
    sealed_at: datetime | None
    missing: list[str] = column(description="What it lacks: fields, `signature:<signer>`, `seal`.")
    complete: bool
    state: str
    person: str | None
    correction: str | None
    created_at: datetime
    submitted_at: datetime | None
    archived_at: datetime | None
    keep_until: date | None
    deleted_at: datetime | None
    deleted_by: str | None
    deletion_reason: str | None
    version: int
    previous: Annotated["ServiceRecord", strawberry.lazy("aftersales_graphql.rooms.records")] | None = one(
        "previous_id"
    )
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")
    work_order: Annotated["WorkOrder", strawberry.lazy("aftersales_graphql.rooms.work")] | None = one("work_order_id")
    appointment: Annotated["ServiceAppointment", strawberry.lazy("aftersales_graphql.rooms.work")] | None = one(
        "appointment_id"
    )
    asset: Annotated["Asset", strawberry.lazy("aftersales_graphql.rooms.assets")] | None = one("asset_id")
    site: Site | None = one("site_id")
    customer: Customer | None = one("customer_id")
    contract: ServiceContract | None = one("contract_id")
    service_unit: ServiceUnit | None = one("service_unit_id")
    files: list[StoredFile] = many("subject_id", order="created_at")


@entity(models.FormTemplateRow, name="FormTemplate", filters=("code", "state"), orders=("code", "created_at"),
        default_order="code", visible=staff_only)  # fmt: skip
class FormTemplate(Node):
    """A version of a form that the tenant made itself."""

    code: str
    form_version: int
    vertical: str | None
    definition: JSON
    state: str
    created_at: datetime
    version: int


@entity(models.FormIssue, visible=staff_only)
class FormIssue(Node):
    """So many blank forms were put out."""

    quantity: int
    at: datetime


@entity(models.FormPoint, filters=("code",), orders=("code",), default_order="code", visible=staff_only)
class FormPoint(Node):
    """A place where a form can be picked up."""

    code: str
    place: str
    form: str
    created_at: datetime
    version: int
    customer: Customer | None = one("customer_id")
    issues: list[FormIssue] = many("form_point_id", order="at")
    returned: list[ServiceRecord] = many("form_point_id", order="created_at")


@entity(models.DeliverableReceipt, filters=("deliverable", "due", "contract", "asset"), orders=("received_on",),
        default_order="received_on", visible=own_or_given())  # fmt: skip
class DeliverableReceipt(Node):
    """A document that the customer received."""

    deliverable: str
    due: str
    received_by: str
    received_on: date
    at: datetime
    contract: ServiceContract | None = one("contract_id")
    asset: Annotated["Asset", strawberry.lazy("aftersales_graphql.rooms.assets")] | None = one("asset_id")
    customer: Customer | None = one("customer_id")
    document: Document | None = one("document_id")
    record: ServiceRecord | None = one("record_id")


@entity(models.Handover, filters=("due", "contract", "asset"), orders=("completed_on",),
        default_order="completed_on", visible=own_or_given())  # fmt: skip
class Handover(Node):
    """A handover that was complete."""

    due: str
    received: list[str]
    completed_on: date
    at: datetime
    contract: ServiceContract | None = one("contract_id")
    asset: Annotated["Asset", strawberry.lazy("aftersales_graphql.rooms.assets")] | None = one("asset_id")
    customer: Customer | None = one("customer_id")


@entity(models.DispatchCost, visible=staff_only)
class DispatchCost(Node):
    """What a dispatch cost the company."""

    kind: str
    amount: Decimal
    currency: str
    note: str
    at: datetime
    appointment: Annotated["ServiceAppointment", strawberry.lazy("aftersales_graphql.rooms.work")] | None = one(
        "appointment_id"
    )


@root
class RecordQueries:
    record: ServiceRecord | None = find(description="One record by its id.")
    records: Connection[ServiceRecord] = connection(description="Records, filled in or being filled in.")
    stored_file: StoredFile | None = find(description="One file by its id.")
    stored_files: Connection[StoredFile] = connection(description="Files.")
    form_template: FormTemplate | None = find(description="One form of the tenant's own by its id.")
    form_templates: Connection[FormTemplate] = connection(description="Forms of the tenant's own, all versions.")
    form_point: FormPoint | None = find(description="One pick-up point by its id.")
    form_points: Connection[FormPoint] = connection(description="Pick-up points of forms.")
    deliverable_receipts: Connection[DeliverableReceipt] = connection(description="What customers received.")
    handovers: Connection[Handover] = connection(description="Completed handovers.")
