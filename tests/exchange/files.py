"""Files to import, and a worker's part played by hand."""

import io
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import xlsxwriter

from aftersales.exchange import service
from aftersales.exchange.commands import ImportDetails, StartImport
from aftersales.exchange.models import DataImport, ImportFault
from aftersales.exchange.service import Upload
from aftersales.exchange.tables import read_table
from aftersales.kit.actor import Actor
from tests.tickets.world import World

CUSTOMERS = "code,name,tier,region,phone,contact_name,contact_phone"


def csv_file(*lines: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO("\n".join(lines).encode(encoding))


def workbook(*rows: Sequence[object]) -> io.BytesIO:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    out.seek(0)
    return out


async def upload(world: World, kind: str, file: io.BytesIO, actor: Actor | None = None, **given: str) -> DataImport:
    """What the upload route does, with a batch for every two rows, so that short files have several."""
    details = ImportDetails(kind=kind, file_name="file.csv", **given)
    rows = list(read_table(file))
    async with world.work(actor or world.owner) as uow:
        taken = Upload(uow, details, rows[0])
        for begin in range(1, len(rows), 2):
            await taken.add(rows[begin : begin + 2])
        return await taken.finish()


async def work_off(world: World, import_id: UUID) -> DataImport:
    """What a worker does: batch after batch, until nothing is left of the phase."""
    while True:
        [row] = await world.read(DataImport, id=import_id)
        if row.state not in {"checking", "running"}:
            return row
        async with world.work() as uow:
            await service.advance(uow, row.id, row.state, row.position)


async def check(world: World, kind: str, file: io.BytesIO, **given: Any) -> DataImport:
    """Upload a file and have it checked."""
    return await work_off(world, (await upload(world, kind, file, **given)).id)


async def run(world: World, kind: str, file: io.BytesIO, **given: Any) -> DataImport:
    """Upload, check, run."""
    checked = await check(world, kind, file, **given)
    await world.do(service.start_import, StartImport(import_id=checked.id), world.owner)
    return await work_off(world, checked.id)


async def faults(world: World, row: DataImport) -> list[tuple[int, str | None, str]]:
    """What is wrong: row, column, code."""
    found = [(one.row_number, one.column_code, one.code) for one in await world.read(ImportFault, import_id=row.id)]
    return sorted(found, key=lambda one: one[0])
