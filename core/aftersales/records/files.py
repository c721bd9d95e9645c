"""Files: begun as a row, then the bytes, then the row again; what is in between can't be read and is cleaned up."""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from aftersales.access import require
from aftersales.inspections.models import Inspection
from aftersales.journal import service as journal
from aftersales.kit.blobs import storage
from aftersales.kit.errors import Conflict, InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.statements import compiled
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, clean_text
from aftersales.kit.unit_of_work import Connection
from aftersales.records import file_rules, forms, queries, rules, subjects
from aftersales.records.commands import ArchiveFile
from aftersales.records.models import ServiceRecord, StoredFile
from aftersales.scope import TenantWork

ABANDONED_AFTER: Final = timedelta(hours=1)
"""An upload that has taken so long won't end."""
_DUE_TENANTS = compiled(queries.DUE_TENANTS)


class BeginUpload(Struct, frozen=True, kw_only=True):
    """A file that comes, and what it belongs to; `field` is the photo field of a record that it fills."""

    name: str
    subject_type: str
    subject_id: UUID
    purpose: Literal["photo", "document"] = "document"
    field: str | None = None


class Received(Struct, frozen=True, kw_only=True):
    """What arrived in the storage."""

    size: int
    sha256: str
    media_type: str


def key_of(tenant_id: UUID, file_id: UUID) -> str:
    """Where a file's bytes lie; nothing that a caller sends is part of it."""
    return f"{tenant_id}/{file_id}"


async def begin_upload(uow: TenantWork, command: BeginUpload) -> StoredFile:
    """Announce a file. FILE_SUBJECT_UNKNOWN, FILE_NAME_INVALID, NOT_FOUND for what the caller may not see.

    A record takes files while it is a draft only (RECORD_STATE_REFUSED); FORM_FIELD_UNKNOWN for a field that is no
    photo.
    """
    require(uow.actor, "record.fill")
    name = file_rules.checked_name(command.name)
    links = await subjects.subject_of(uow, command.subject_type, command.subject_id)
    if command.subject_type == "document":
        require(uow.actor, "document.send")
    field = clean_text(command.field, "field", NAME_LIMIT) or None
    if command.subject_type == "inspection":
        await _check_open(uow, command.subject_id)
    if command.subject_type == "record":
        record = await uow.get(ServiceRecord, command.subject_id)
        if record.state != "draft" or record.deleted_at is not None:
            raise StateRefused("RECORD_STATE_REFUSED", field="of", state=record.state, operation="attach")
        template = forms.from_stored(record.template)
        if field is not None and rules.field_of(template, field).kind != "photo":
            raise InvalidInput("FORM_FIELD_UNKNOWN", field="field", value=field, form=template.code)
    elif field is not None:
        raise InvalidInput("FORM_FIELD_UNKNOWN", field="field", value=field, form=command.subject_type)
    return uow.add(
        StoredFile(
            id=new_id(), name=name, purpose=command.purpose, field=field, media_type="application/octet-stream",
            subject_type=command.subject_type, subject_id=command.subject_id, ticket_id=links.ticket_id,
            customer_id=links.customer_id, service_unit_id=links.service_unit_id, internal=links.internal,
            created_at=uow.now, created_by=uow.actor.label,
        )
    )  # fmt: skip


async def receive(tenant_id: UUID, file: StoredFile, chunks: AsyncIterator[bytes], limit: int) -> Received:
    """Put the bytes into the storage as they come: neither the whole file nor a refused one is ever held.

    FILE_TOO_LARGE beyond `limit` bytes, FILE_EMPTY, FILE_TYPE_REFUSED, FILE_TYPE_MISMATCH; then nothing is stored.
    """
    digest, size = hashlib.sha256(), 0
    head = b""
    ended = True
    async for chunk in chunks:
        head += chunk
        if len(head) >= file_rules.HEAD_BYTES:
            ended = False
            break
    if len(head) > limit:
        raise InvalidInput("FILE_TOO_LARGE", field="file", limit=limit)
    media_type = file_rules.media_type_of(head[: file_rules.HEAD_BYTES], file.name, file.purpose)

    async def counted() -> AsyncIterator[bytes]:
        nonlocal size
        digest.update(head)
        size = len(head)
        yield head
        if ended:
            return
        async for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise InvalidInput("FILE_TOO_LARGE", field="file", limit=limit)
            digest.update(chunk)
            yield chunk

    await storage().put(key_of(tenant_id, file.id), counted())
    return Received(size=size, sha256=digest.hexdigest(), media_type=media_type)


async def finish_upload(uow: TenantWork, file_id: UUID, received: Received) -> StoredFile:
    """The bytes are there: from now on the file can be read, and counts as a record's photo.

    RECORD_STATE_REFUSED when the record was submitted meanwhile; NOT_FOUND when the upload took too long.
    """
    file = await locked(uow, StoredFile, file_id)
    if file.state != "pending":
        raise Conflict("FILE_STATE_REFUSED", field="fileId", state=file.state)
    record = None
    if file.subject_type == "record":
        record = await locked(uow, ServiceRecord, file.subject_id)
        if record.state != "draft" or record.deleted_at is not None:
            raise StateRefused("RECORD_STATE_REFUSED", field="of", state=record.state, operation="attach")
    file.size, file.sha256, file.media_type = received.size, received.sha256, received.media_type
    file.state = "stored"
    await uow.flush()
    if record is not None:
        await refresh_record(uow, record)
    await _note(uow, "file.stored", file, size=file.size, media_type=file.media_type)
    return file


async def drop_upload(uow: TenantWork, file_id: UUID) -> None:
    """An upload was refused or broken off: nothing of it stays. A file that was stored after all isn't touched."""
    file = await uow.find(StoredFile, file_id, for_update=True)
    if file is not None and file.state != "pending":
        return
    await storage().delete(key_of(uow.tenant_id, file_id))
    await queries.drop_upload(uow, file_id)


async def readable_file(uow: TenantWork, file_id: UUID) -> StoredFile:
    """A file that the caller may read: whoever may see what it belongs to. NOT_FOUND, FILE_NOT_READY."""
    file = await uow.get(StoredFile, file_id)
    await subjects.subject_of(uow, file.subject_type, file.subject_id)
    if file.state == "archived" and subjects.outsider(uow.actor):
        raise NotFound("NOT_FOUND", thing="StoredFile")
    if file.state == "pending":
        raise StateRefused("FILE_NOT_READY", field="fileId")
    return file


async def archive_file(uow: TenantWork, command: ArchiveFile) -> StoredFile:
    """Take a file out of use, with reason and actor; its bytes stay. FILE_STATE_REFUSED, RECORD_STATE_REFUSED."""
    require(uow.actor, "record.delete")
    await readable_file(uow, command.file_id)
    file = await locked(uow, StoredFile, command.file_id, command.expected_version)
    if file.state != "stored":
        raise StateRefused("FILE_STATE_REFUSED", field="fileId", state=file.state)
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    record = None
    if file.subject_type == "record":
        record = await locked(uow, ServiceRecord, file.subject_id)
        if record.state != "draft":
            raise StateRefused("RECORD_STATE_REFUSED", field="fileId", state=record.state, operation="archive_file")
    file.state, file.archived_at, file.archived_by, file.archive_reason = "archived", uow.now, uow.actor.label, reason
    await uow.flush()
    if record is not None:
        await refresh_record(uow, record)
    await _note(uow, "file.archived", file, reason=reason)
    return file


async def refresh_record(uow: TenantWork, record: ServiceRecord) -> None:
    """Say anew what a draft lacks."""
    template = forms.from_stored(record.template)
    photos = await queries.photo_fields(uow, record.id)
    signers = [str(one["signer"]) for one in record.signatures or ()]
    lacking = rules.missing(template, record.field_values, signers, sealed=record.sealed_at is not None, photos=photos)
    record.missing, record.complete = lacking, not lacking


async def due_tenants(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """The tenants with abandoned uploads, longest waiting first."""
    given = {"now": now - ABANDONED_AFTER, "limit": limit}
    return [row["tenant_id"] for row in await connection.fetch(_DUE_TENANTS.sql, *_DUE_TENANTS.arguments(given))]


async def clean_up(uow: TenantWork, limit: int) -> int:
    """Remove abandoned uploads: the bytes first, so that a row without bytes is met again, never the reverse."""
    found = await queries.abandoned_uploads(uow, uow.now - ABANDONED_AFTER, limit)
    for file in found:
        await drop_upload(uow, file.id)
    return len(found)


async def _check_open(uow: TenantWork, inspection_id: UUID) -> None:
    inspection = await uow.get(Inspection, inspection_id)
    if inspection.state != "open":
        raise StateRefused("INSPECTION_STATE_REFUSED", field="of", state=inspection.state, operation="attach")


async def _note(uow: TenantWork, kind: str, file: StoredFile, **data: object) -> None:
    await journal.record(
        uow, kind, subject_type="file", subject_id=file.id, ticket_id=file.ticket_id, customer_id=file.customer_id,
        data={"name": file.name, **data},
    )  # fmt: skip
