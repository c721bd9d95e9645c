"""What the records room does with a record; each function takes a unit of work and one command, and never commits."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from aftersales.access import require
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.errors import Conflict, Forbidden, InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, clean_text
from aftersales.records import forms, gates, queries, rules, search, subjects
from aftersales.records.commands import (
    ArchiveRecord,
    CorrectRecord,
    DeleteRecord,
    FillRecord,
    RecordCommand,
    SealRecord,
    SignRecord,
    StartRecord,
    SubmitRecord,
)
from aftersales.records.forms import retire_form_template, save_form_template
from aftersales.records.models import FormPoint, ServiceRecord
from aftersales.scope import TenantWork
from aftersales.terms.records import FormTemplate

__all__ = [
    "archive_record",
    "correct_record",
    "delete_record",
    "fill_record",
    "retire_form_template",
    "save_form_template",
    "seal_record",
    "sign_record",
    "start_record",
    "submit_record",
]

NUMBER_PREFIX = "R"
_COLUMN = {**queries.SUBJECTS, "worker": "person"}


async def start_record(uow: TenantWork, command: StartRecord) -> ServiceRecord:
    """Begin a record. It follows the form as it is now, whatever becomes of the form later.

    FORM_UNKNOWN, FORM_NOT_FOR_CALLER, RECORD_SUBJECT_REQUIRED, RECORD_OF_OTHER_CUSTOMER, RECORD_EXISTS, NOT_FOUND,
    and what `rules.checked_values` refuses.
    """
    require(uow.actor, "record.fill")
    links = await subjects.resolve(uow, command)
    _own_links(uow, links)
    vertical = command.vertical or links.vertical
    if command.vertical is not None:
        uow.scope.vertical(command.vertical)
    form = await forms.form_of(uow, command.form, vertical)
    template = form.template
    _check_caller(uow, template)
    if command.form_point_id is not None:
        point = await uow.get(FormPoint, command.form_point_id)
        if subjects.outsider(uow.actor) and point.customer_id not in {None, links.customer_id}:
            raise NotFound("NOT_FOUND", thing="FormPoint")
        if point.form != template.code:
            raise InvalidInput("FORM_POINT_OF_OTHER_FORM", field="formPointId", form=point.form)
    now = uow.now
    record = ServiceRecord(
        id=new_id(),
        number=await next_number(uow, NUMBER_PREFIX, now.astimezone(ZoneInfo(uow.scope.time_zone)).year),
        form=template.code,
        form_kind=template.kind,
        form_version=form.version,
        vertical=form.vertical or vertical,
        title_zh=template.label.zh,
        title_en=template.label.en,
        template=forms.to_stored(template),
        field_values=_kept(rules.checked_values(template, command.values)),
        internal=template.internal,
        person=clean_text(command.person, "person", NAME_LIMIT) or None,
        form_point_id=command.form_point_id,
        **{name: getattr(links, name) for name in subjects.LINKS},
        created_at=now,
        created_by=uow.actor.label,
    )
    for subject in template.about:
        if getattr(record, _COLUMN[subject]) is None:
            raise InvalidInput("RECORD_SUBJECT_REQUIRED", field=subject, subject=subject)
    key = _unique_key(template, record)
    if key is not None and await queries.is_taken(uow, key):
        raise Conflict("RECORD_EXISTS", field="form")
    uow.add(record)
    await _refresh(uow, record, template)
    await _note(uow, "record.started", record)
    return record


async def fill_record(uow: TenantWork, command: FillRecord) -> ServiceRecord:
    """Put values into a draft. RECORD_STATE_REFUSED for any other; signatures under other values fall away."""
    record, template = await _draft(uow, command, "fill")
    checked = rules.checked_values(template, command.values)
    values = _kept({**record.field_values, **checked})
    if values != record.field_values:
        record.field_values = values
        record.signatures, record.sealed_by, record.sealed_at = [], None, None
    await _refresh(uow, record, template)
    await _note(uow, "record.filled", record)
    return record


async def sign_record(uow: TenantWork, command: SignRecord) -> ServiceRecord:
    """Sign as one of those whom the form names. SIGNER_UNKNOWN; signing again takes the place of the first one."""
    record, template = await _draft(uow, command, "sign")
    signer = command.signer.strip()
    if signer not in template.signatures:
        known = ", ".join(template.signatures)
        raise InvalidInput("SIGNER_UNKNOWN", field="signer", value=command.signer, known=known)
    if signer != "customer" and subjects.outsider(uow.actor) and "customer" in uow.actor.roles:
        raise Forbidden("FORBIDDEN")
    name = clean_text(command.name, "name", NAME_LIMIT, required=True)
    kept = [one for one in record.signatures if one["signer"] != signer]
    signed = {"signer": signer, "name": name, "at": uow.now.isoformat(), "by": uow.actor.label}
    record.signatures = [*kept, signed]
    await _refresh(uow, record, template)
    await _note(uow, "record.signed", record, signer=signer, name=name)
    return record


async def seal_record(uow: TenantWork, command: SealRecord) -> ServiceRecord:
    """Put a company's stamp under a draft. SEAL_NOT_WANTED where the form carries none."""
    record, template = await _draft(uow, command, "seal")
    if not template.seal:
        raise InvalidInput("SEAL_NOT_WANTED", field="recordId")
    record.sealed_by = clean_text(command.sealed_by, "sealedBy", NAME_LIMIT, required=True)
    record.sealed_at = uow.now
    await _refresh(uow, record, template)
    await _note(uow, "record.sealed", record, sealed_by=record.sealed_by)
    return record


async def submit_record(uow: TenantWork, command: SubmitRecord) -> ServiceRecord:
    """The record is complete and counts from now on; the revision that it corrects counts no more.

    FORM_FIELD_REQUIRED names the field, NO_SIGNATURE, NO_SEAL, RECORD_EXISTS, and what a RecordRule wants first.
    """
    record, template = await _draft(uow, command, "submit")
    await _refresh(uow, record, template)
    rules.refuse_incomplete(record.missing)
    await gates.check_record(uow, record)
    if record.previous_id is not None:
        previous = await locked(uow, ServiceRecord, record.previous_id)
        previous.state, previous.unique_key = "superseded", None
        await search.hide(uow, previous.id)
        await uow.flush()
    key = _unique_key(template, record)
    if key is not None and await queries.is_taken(uow, key):
        raise Conflict("RECORD_EXISTS", field="form")
    record.unique_key = key
    record.state, record.submitted_at, record.submitted_by = "submitted", uow.now, uow.actor.label
    if template.keep_years is not None:
        record.keep_until = _years_on(today(uow.now, uow.scope.time_zone), template.keep_years)
    await search.index_record(uow, record, template)
    await _note(uow, "record.submitted", record)
    return record


async def archive_record(uow: TenantWork, command: ArchiveRecord) -> ServiceRecord:
    """Put a submitted record into the archive."""
    require(uow.actor, "record.archive")
    record = await _live(uow, command)
    if record.state != "submitted":
        raise StateRefused("RECORD_STATE_REFUSED", state=record.state, operation="archive")
    record.state, record.archived_at = "archived", uow.now
    await _note(uow, "record.archived", record)
    return record


async def correct_record(uow: TenantWork, command: CorrectRecord) -> ServiceRecord:
    """Begin a new revision with the old one's values; the old one counts until the new one is submitted.

    RECORD_STATE_REFUSED for a draft, RECORD_CORRECTION_OPEN, REQUIRED without a reason.
    """
    require(uow.actor, "record.fill")
    previous = await _live(uow, command)
    if previous.state not in queries.FINISHED:
        raise StateRefused("RECORD_STATE_REFUSED", state=previous.state, operation="correct")
    template = forms.from_stored(previous.template)
    _check_caller(uow, template)
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    if await queries.open_correction(uow, previous.number):
        raise Conflict("RECORD_CORRECTION_OPEN", field="recordId")
    checked = rules.checked_values(template, command.values)
    copied = (
        "number", "form", "form_kind", "form_version", "vertical", "title_zh", "title_en", "template", "internal",
        "person", "form_point_id", *subjects.LINKS,
    )  # fmt: skip
    record = uow.add(
        ServiceRecord(
            id=new_id(),
            **{name: getattr(previous, name) for name in copied},
            revision=await queries.last_revision(uow, previous.number) + 1,
            previous_id=previous.id,
            field_values=_kept({**previous.field_values, **checked}),
            correction=reason,
            created_at=uow.now,
            created_by=uow.actor.label,
        )
    )
    await _refresh(uow, record, template)
    await _note(uow, "record.corrected", record, reason=reason, revision=record.revision)
    return record


async def delete_record(uow: TenantWork, command: DeleteRecord) -> ServiceRecord:
    """Take a record out of use, with reason and actor; nothing is erased (P07-06).

    RECORD_KEPT_UNTIL within the retention period of its form.
    """
    require(uow.actor, "record.delete")
    record = await _live(uow, command)
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    present = today(uow.now, uow.scope.time_zone)
    if record.keep_until is not None and present <= record.keep_until:
        raise StateRefused("RECORD_KEPT_UNTIL", field="recordId", until=record.keep_until.isoformat())
    record.deleted_at, record.deleted_by, record.deletion_reason = uow.now, uow.actor.label, reason
    record.unique_key = None
    await search.hide(uow, record.id)
    await _note(uow, "record.deleted", record, reason=reason)
    return record


def _check_caller(uow: TenantWork, template: FormTemplate) -> None:
    """The company's own people fill in every form, customers and dealers those that are meant for them."""
    require(uow.actor, "record.fill")
    if subjects.outsider(uow.actor) and not uow.actor.roles & set(template.filled_by):
        raise Forbidden("FORM_NOT_FOR_CALLER", field="form")


def _own_links(uow: TenantWork, links: subjects.Links) -> None:
    """What an outsider fills in is its own: NOT_FOUND for another's ticket, asset or unit."""
    actor = uow.actor
    if not subjects.outsider(actor):
        return
    if "customer" in actor.roles:
        links.customer_id = links.customer_id or actor.customer_id
        if links.service_unit_id is not None:
            raise NotFound("NOT_FOUND", thing="ServiceUnit")
    elif links.ticket_id is None:
        if links.customer_id is not None or links.service_unit_id not in {None, actor.dealer_id}:
            raise NotFound("NOT_FOUND", thing="Customer")
        links.service_unit_id = actor.dealer_id
    elif links.service_unit_id not in {None, actor.dealer_id}:
        raise NotFound("NOT_FOUND", thing="ServiceUnit")
    elif links.ticket_unit_id == actor.dealer_id:
        links.service_unit_id = actor.dealer_id
    subjects.check_visible(actor, links, "Ticket")


async def _live(uow: TenantWork, command: RecordCommand) -> ServiceRecord:
    """The record, locked; NOT_FOUND for one that the caller may not see, RECORD_DELETED."""
    await subjects.visible_record(uow, command.record_id)
    record = await locked(uow, ServiceRecord, command.record_id, command.expected_version)
    if record.deleted_at is not None:
        raise StateRefused("RECORD_DELETED", field="recordId")
    return record


async def _draft(uow: TenantWork, command: RecordCommand, operation: str) -> tuple[ServiceRecord, FormTemplate]:
    record = await _live(uow, command)
    template = forms.from_stored(record.template)
    _check_caller(uow, template)
    if record.state != "draft":
        raise StateRefused("RECORD_STATE_REFUSED", state=record.state, operation=operation)
    return record, template


async def _refresh(uow: TenantWork, record: ServiceRecord, template: FormTemplate) -> None:
    """Say anew what is missing."""
    photos = await queries.photo_fields(uow, record.id)
    signers = [str(one["signer"]) for one in record.signatures or ()]
    lacking = rules.missing(template, record.field_values, signers, sealed=record.sealed_at is not None, photos=photos)
    record.missing, record.complete = lacking, not lacking


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    return {code: value for code, value in values.items() if value is not None}


def _unique_key(template: FormTemplate, record: ServiceRecord) -> str | None:
    """What there is one record of at most; None where the form may be filled in any number of times."""
    if template.unique_per is None:
        return None
    about = getattr(record, _COLUMN[template.unique_per])
    if about is None:
        subject = template.unique_per
        raise InvalidInput("RECORD_SUBJECT_REQUIRED", field=subject, subject=subject)
    return f"{template.code}/{template.unique_per}/{about}"


def _years_on(day: date, years: int) -> date:
    found: date = day + relativedelta(years=years)
    return found


async def _note(uow: TenantWork, kind: str, record: ServiceRecord, **data: Any) -> None:
    await journal.record(
        uow, kind, subject_type="record", subject_id=record.id, ticket_id=record.ticket_id, asset_id=record.asset_id,
        customer_id=record.customer_id, data={"number": record.number, "form": record.form, **data},
    )  # fmt: skip
