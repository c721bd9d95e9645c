"""The records' reads."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, Text, Uuid, and_, bindparam, delete, func, or_, select
from sqlalchemy import literal_column as literal

from aftersales.assets.models import Asset
from aftersales.documents.models import Document, DocumentDispatch
from aftersales.records.models import (
    DeliverableReceipt,
    DispatchCost,
    FormIssue,
    FormTemplateRow,
    Handover,
    ServiceRecord,
    StoredFile,
)
from aftersales.scope import TenantWork
from aftersales.tickets.models import Ticket
from aftersales.work.models import ServiceAppointment

_templates: Any = FormTemplateRow.__table__
_records: Any = ServiceRecord.__table__
_files: Any = StoredFile.__table__
_receipts: Any = DeliverableReceipt.__table__
_handovers: Any = Handover.__table__
_issues: Any = FormIssue.__table__
_costs: Any = DispatchCost.__table__
_dispatches: Any = DocumentDispatch.__table__
_documents: Any = Document.__table__
_visits: Any = ServiceAppointment.__table__
_tickets: Any = Ticket.__table__
_assets: Any = Asset.__table__
_tenant = bindparam("tenant_id", type_=Uuid)
TEMPLATES_LIMIT = 1_000
RECORDS_LIMIT = 500
SUBJECTS = {
    "ticket": "ticket_id", "work_order": "work_order_id", "visit": "appointment_id", "asset": "asset_id",
    "contract": "contract_id", "site": "site_id", "customer": "customer_id", "dealer": "service_unit_id",
    "record": "id",
}  # fmt: skip
"""What a record can be about -> the column that says so."""
FINISHED = ("submitted", "archived")
_FINISHED = or_(_records.c.state == literal("'submitted'"), _records.c.state == literal("'archived'"))

_ACTIVE_TEMPLATES = (
    select(_templates)
    .where(_templates.c.tenant_id == _tenant, _templates.c.state == literal("'active'"))
    .order_by(_templates.c.code, _templates.c.form_version.desc())
    .limit(TEMPLATES_LIMIT)
)
_TEMPLATES_OF_CODE = (
    select(_templates)
    .where(_templates.c.tenant_id == _tenant, _templates.c.code == bindparam("code", type_=Text))
    .order_by(_templates.c.form_version)
    .with_for_update()
)
_PHOTO_FIELDS = select(_files.c.field).where(
    _files.c.tenant_id == _tenant,
    _files.c.subject_id == bindparam("subject_id", type_=Uuid),
    _files.c.state == literal("'stored'"),
    _files.c.purpose == literal("'photo'"),
    _files.c.field.is_not(None),
)
_PHOTO_COUNTS = _PHOTO_FIELDS.with_only_columns(_files.c.field, func.count().label("count")).group_by(_files.c.field)
_BY_KEY = select(_records.c.id).where(
    _records.c.tenant_id == _tenant, _records.c.unique_key == bindparam("unique_key", type_=Text)
)
_CORRECTION = select(_records.c.id).where(
    _records.c.tenant_id == _tenant,
    _records.c.number == bindparam("number", type_=Text),
    _records.c.state == literal("'draft'"),
    _records.c.deleted_at.is_(None),
)
_LAST_REVISION = select(func.max(_records.c.revision).label("revision")).where(
    _records.c.tenant_id == _tenant, _records.c.number == bindparam("number", type_=Text)
)
_OF_SUBJECT = {
    name: select(_records)
    .where(
        _records.c.tenant_id == _tenant,
        _records.c[column] == bindparam("subject_id", type_=Uuid),
        _records.c.form == bindparam("form", type_=Text),
        _records.c.deleted_at.is_(None),
        _records.c.state != literal("'superseded'"),
    )
    .order_by(_records.c.id.desc())
    .limit(RECORDS_LIMIT)
    for name, column in SUBJECTS.items()
}
_OF_FORM = (
    select(_records)
    .where(
        _records.c.tenant_id == _tenant,
        _records.c.form == bindparam("form", type_=Text),
        _records.c.deleted_at.is_(None),
        _FINISHED,
    )
    .order_by(_records.c.id.desc())
    .limit(RECORDS_LIMIT)
)
_MATCHING = _OF_FORM.where(
    _records.c.field_values.op("->>")(bindparam("field", type_=Text)) == bindparam("key", type_=Text)
)
_SENT = (
    select(_dispatches.c.id)
    .where(
        _dispatches.c.tenant_id == _tenant,
        _dispatches.c.document_id == bindparam("document_id", type_=Uuid),
        _dispatches.c.customer_id == bindparam("customer_id", type_=Uuid),
    )
    .limit(1)
)
_ABANDONED = (
    select(_files)
    .where(
        _files.c.tenant_id == _tenant,
        _files.c.state == literal("'pending'"),
        _files.c.created_at < bindparam("before", type_=DateTime(timezone=True)),
    )
    .order_by(_files.c.created_at)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
)
_RECEIPTS = {
    column: select(_receipts)
    .where(_receipts.c.tenant_id == _tenant, _receipts.c[column] == bindparam("subject_id", type_=Uuid))
    .order_by(_receipts.c.id)
    .limit(RECORDS_LIMIT)
    for column in ("contract_id", "asset_id")
}
_HANDOVER = select(_handovers.c.id).where(
    _handovers.c.tenant_id == _tenant,
    _handovers.c.subject_id == bindparam("subject_id", type_=Uuid),
    _handovers.c.due == bindparam("due", type_=Text),
)
_ISSUED = select(func.coalesce(func.sum(_issues.c.quantity), 0).label("count")).where(
    _issues.c.tenant_id == _tenant, _issues.c.form_point_id == bindparam("form_point_id", type_=Uuid)
)
_RETURNED = select(func.count().label("count")).where(
    _records.c.tenant_id == _tenant,
    _records.c.form_point_id == bindparam("form_point_id", type_=Uuid),
    _FINISHED,
    _records.c.deleted_at.is_(None),
)
_FAILURES = (
    select(
        _assets.c.vertical,
        _assets.c.asset_type,
        func.coalesce(_assets.c.attributes.op("->>")(bindparam("attribute", type_=Text)), _assets.c.asset_type).label(
            "product"
        ),
        func.count().label("failures"),
        func.count(func.distinct(_tickets.c.asset_id)).label("assets"),
        func.max(_tickets.c.reported_at).label("last_at"),
    )
    .select_from(
        _tickets.join(_assets, and_(_assets.c.tenant_id == _tickets.c.tenant_id, _assets.c.id == _tickets.c.asset_id))
    )
    .where(
        _tickets.c.tenant_id == _tenant,
        _tickets.c.kind == literal("'fault'"),
        _tickets.c.state != literal("'cancelled'"),
        _tickets.c.reported_at >= bindparam("begin", type_=DateTime(timezone=True)),
        _tickets.c.reported_at < bindparam("end", type_=DateTime(timezone=True)),
    )
    .group_by(literal("1"), literal("2"), literal("3"))
    .order_by(literal("4 desc"), literal("3"))
    .limit(RECORDS_LIMIT)
)
_DISPATCHES = (
    select(
        _visits.c.id,
        _visits.c.dispatched_at,
        _visits.c.state,
        _visits.c.engineer_id,
        _visits.c.ticket_id,
        _costs.c.currency,
        func.sum(_costs.c.amount).label("amount"),
    )
    .select_from(
        _visits.outerjoin(
            _costs,
            and_(
                _costs.c.tenant_id == _visits.c.tenant_id,
                _costs.c.appointment_id == _visits.c.id,
                _costs.c.tenant_id == _tenant,
            ),
        )
    )
    .where(
        _visits.c.tenant_id == _tenant,
        _visits.c.dispatched_at >= bindparam("begin", type_=DateTime(timezone=True)),
        _visits.c.dispatched_at < bindparam("end", type_=DateTime(timezone=True)),
    )
    .group_by(
        _visits.c.id, _visits.c.dispatched_at, _visits.c.state, _visits.c.engineer_id, _visits.c.ticket_id,
        _costs.c.currency,
    )
    .order_by(_visits.c.dispatched_at, _visits.c.id)
    .limit(bindparam("limit", type_=Integer))
)  # fmt: skip
DUE_TENANTS = (
    select(_files.c.tenant_id)
    .where(
        _files.c.state == literal("'pending'"), _files.c.created_at < bindparam("now", type_=DateTime(timezone=True))
    )
    .group_by(_files.c.tenant_id)
    .order_by(func.min(_files.c.created_at))
    .limit(bindparam("limit", type_=Integer))
)


async def active_templates(uow: TenantWork) -> list[FormTemplateRow]:
    """The forms of the tenant's own that are in use."""
    return await uow.entities(FormTemplateRow, _ACTIVE_TEMPLATES)


async def templates_of_code(uow: TenantWork, code: str) -> list[FormTemplateRow]:
    """Every version of one of them, locked."""
    return await uow.entities(FormTemplateRow, _TEMPLATES_OF_CODE, code=code)


async def photo_fields(uow: TenantWork, record_id: UUID) -> set[str]:
    """The fields of a record for which a photo was uploaded."""
    return {row["field"] for row in await uow.fetch(_PHOTO_FIELDS, subject_id=record_id)}


async def photo_counts(uow: TenantWork, record_id: UUID) -> dict[str, int]:
    """How many photos each field of a record has."""
    return {row["field"]: int(row["count"]) for row in await uow.fetch(_PHOTO_COUNTS, subject_id=record_id)}


async def is_taken(uow: TenantWork, unique_key: str) -> bool:
    """Whether a record holds the key of its one thing."""
    return await uow.fetch_one(_BY_KEY, unique_key=unique_key) is not None


async def open_correction(uow: TenantWork, number: str) -> bool:
    """Whether a correction of a record is under way."""
    return await uow.fetch_one(_CORRECTION, number=number) is not None


async def last_revision(uow: TenantWork, number: str) -> int:
    """The highest revision of a record, deleted ones included."""
    row = await uow.fetch_one(_LAST_REVISION, number=number)
    return int(row["revision"] or 0) if row else 0


async def records_about(uow: TenantWork, subject: str, subject_id: UUID, form: str) -> list[ServiceRecord]:
    """The records of a form about something, latest first; neither deleted nor superseded ones."""
    return await uow.entities(ServiceRecord, _OF_SUBJECT[subject], subject_id=subject_id, form=form)


async def records_of_form(uow: TenantWork, form: str) -> list[ServiceRecord]:
    """The finished records of a form, latest first."""
    return await uow.entities(ServiceRecord, _OF_FORM, form=form)


async def records_matching(uow: TenantWork, form: str, field: str, key: str) -> list[ServiceRecord]:
    """The finished records of a form in which a field has a value."""
    return await uow.entities(ServiceRecord, _MATCHING, form=form, field=field, key=key)


async def was_sent(uow: TenantWork, document_id: UUID, customer_id: UUID) -> bool:
    """Whether a document was sent to a customer."""
    return await uow.fetch_one(_SENT, document_id=document_id, customer_id=customer_id) is not None


async def abandoned_uploads(uow: TenantWork, before: datetime, limit: int) -> list[StoredFile]:
    """Uploads that began before an instant and never ended, locked; what another worker has is skipped."""
    return await uow.entities(StoredFile, _ABANDONED, before=before, limit=limit)


async def receipts_of(uow: TenantWork, column: str, subject_id: UUID) -> list[DeliverableReceipt]:
    """What was received for a contract or an asset."""
    return await uow.entities(DeliverableReceipt, _RECEIPTS[column], subject_id=subject_id)


async def is_handed_over(uow: TenantWork, subject_id: UUID, due: str) -> bool:
    """Whether a handover was completed."""
    return await uow.fetch_one(_HANDOVER, subject_id=subject_id, due=due) is not None


async def form_counts(uow: TenantWork, form_point_id: UUID) -> tuple[int, int]:
    """How many forms were put out at a point, and how many came back."""
    issued = await uow.fetch_one(_ISSUED, form_point_id=form_point_id)
    returned = await uow.fetch_one(_RETURNED, form_point_id=form_point_id)
    return (int(issued["count"]) if issued else 0, int(returned["count"]) if returned else 0)


async def failures_between(uow: TenantWork, begin: datetime, end: datetime, attribute: str) -> list[Any]:
    """Fault tickets by product."""
    return await uow.fetch(_FAILURES, begin=begin, end=end, attribute=attribute)


async def dispatches_between(uow: TenantWork, begin: datetime, end: datetime, limit: int) -> list[Any]:
    """Dispatches with what they cost, a row for each currency."""
    return await uow.fetch(_DISPATCHES, begin=begin, end=end, limit=limit)


_DROP_UPLOAD = (
    delete(_files)
    .where(
        _files.c.tenant_id == _tenant,
        _files.c.id == bindparam("file_id", type_=Uuid),
        _files.c.state == literal("'pending'"),
    )
    .returning(_files.c.id)
)


async def drop_upload(uow: TenantWork, file_id: UUID) -> None:
    """Forget an upload that never ended."""
    await uow.fetch(_DROP_UPLOAD, file_id=file_id)
