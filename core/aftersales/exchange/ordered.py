"""Exports that a worker makes: asked for, written into the object storage in one go, fetched within some days."""

import tempfile
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final
from uuid import UUID

from aftersales.exchange import queries
from aftersales.exchange.commands import RequestExport
from aftersales.exchange.export import (
    CHUNK_BYTES,
    SPOOL_BYTES,
    ExportFilter,
    check_export,
    csv_chunks,
    rows,
    workbook_chunks,
)
from aftersales.exchange.models import DataExport
from aftersales.journal import service as journal
from aftersales.kit.blobs import storage
from aftersales.kit.errors import AftersalesError, StateRefused, Unavailable
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import NAME_LIMIT, clean_text
from aftersales.scope import TenantWork

TOPIC: Final = "export"
KEPT: Final = timedelta(days=7)
"""Our default: an export holds people's data, so its bytes go when the first export after that time is made."""
EXPIRED_AT_ONCE: Final = 50


def key_of(tenant_id: UUID, export_id: UUID) -> str:
    """Where an export's bytes lie; nothing that a caller sends is part of it."""
    return f"{tenant_id}/{export_id}"


async def request_export(uow: TenantWork, command: RequestExport) -> DataExport:
    """Have a table made. VALUE_UNKNOWN for a kind or format, VERTICAL_NOT_ENABLED, FORBIDDEN."""
    layout, format_ = check_export(uow, command.kind, command.format)
    if command.vertical is not None:
        uow.scope.enabled(command.vertical)
    row = uow.add(
        DataExport(
            id=new_id(), kind=layout.kind, format=format_, vertical=command.vertical, state="waiting",
            customer_code=clean_text(command.customer_code, "customerCode", NAME_LIMIT) or None,
            actor=uow.actor.label, created_at=uow.now,
        )
    )  # fmt: skip
    uow.enqueue(TOPIC, {"export_id": str(row.id)})
    await _note(uow, "export.requested", row)
    return row


async def make_export(uow: TenantWork, export_id: UUID) -> None:
    """Write the table; asked twice, it does nothing the second time. Killed on the way, it is made anew as a whole."""
    row = await locked(uow, DataExport, export_id)
    if row.state != "waiting":
        return
    layout, format_ = check_export(uow, row.kind, row.format)
    count = 0

    async def counted() -> AsyncIterator[list[str]]:
        nonlocal count
        async for cells in rows(uow, layout, ExportFilter(row.customer_code, row.vertical)):
            count += 1
            yield cells

    with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as file:
        try:
            async for chunk in csv_chunks(counted()) if format_ == "csv" else workbook_chunks(counted()):
                file.write(chunk)
        except Unavailable:
            raise
        except AftersalesError as refusal:
            row.state, row.fault, row.finished_at = "failed", refusal.code, uow.now
            await _note(uow, "export.failed", row)
            return
        row.size = file.tell()
        file.seek(0)

        async def pieces() -> AsyncIterator[bytes]:
            while piece := file.read(CHUNK_BYTES):
                yield piece

        await storage().put(key_of(uow.tenant_id, row.id), pieces())
    row.state, row.rows, row.finished_at = "done", count - 1, uow.now
    for old in await queries.exports_before(uow, uow.now - KEPT, EXPIRED_AT_ONCE):
        await storage().delete(key_of(uow.tenant_id, old.id))
        old.state = "expired"
    await _note(uow, "export.done", row)


async def ready_export(uow: TenantWork, export_id: UUID) -> DataExport:
    """An export whose bytes can be fetched. NOT_FOUND, FORBIDDEN, EXPORT_NOT_READY."""
    row = await uow.get(DataExport, export_id)
    check_export(uow, row.kind, row.format)
    if row.state != "done":
        raise StateRefused("EXPORT_NOT_READY", field="exportId", state=row.state)
    return row


async def _note(uow: TenantWork, kind: str, row: DataExport) -> None:
    await journal.record(
        uow, kind, subject_type="export", subject_id=row.id,
        data={"kind": row.kind, "format": row.format, "rows": row.rows, "fault": row.fault},
    )  # fmt: skip
