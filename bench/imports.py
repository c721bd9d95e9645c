"""Imports: rows a second from upload to the last write, new ones and known ones, and the memory of a long one."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from uuid import UUID

import psutil

from aftersales.exchange import service
from aftersales.exchange.commands import ImportDetails, StartImport
from aftersales.exchange.models import DataImport
from aftersales.exchange.service import BATCH_ROWS, Upload
from aftersales_server.settings import Settings
from aftersales_server.worker.memory import settle_memory
from aftersales_server.worker.platform import PlatformDoors, open_doors
from bench.planned import solar_company
from bench.report import Report

GROUP = "imports"
AIM = "≥ 2,000 rows/s"
WARM_UP = 20
"""Batches after which the process has its size."""
MEGABYTE = 1 << 20

Cells = Callable[[int], list[str]]


@dataclass(frozen=True)
class Table:
    """A file of one kind: its headings, and the cells of row `number`."""

    title: str
    kind: str
    heading: list[str]
    cells: Cells


CUSTOMERS = ["code", "name", "tier", "region", "phone", "contact_name", "contact_phone"]
ASSETS = ["number", "name", "vertical", "asset_type", "customer_code", "components"]
TABLES = (
    Table("new customers with a contact each", "customers", CUSTOMERS, lambda number: [
        f"B{number}", f"Customer {number}", "standard", "320100", "+86 10", f"Contact {number}", "+86 11",
    ]),
    Table("known customers, every one changed", "customers", CUSTOMERS, lambda number: [
        f"B{number}", f"Company {number}", "important", "320100", "+86 12", f"Contact {number}", "+86 11",
    ]),
    Table("new heaters with a part each", "assets", ASSETS, lambda number: [
        f"H{number}", f"Heater {number}", "solar", "solar_water_heater", f"B{number}", f"tank:S{number}",
    ]),
    Table("known heaters, every one changed", "assets", ASSETS, lambda number: [
        f"H{number}", f"Solar heater {number}", "solar", "solar_water_heater", f"B{number}", f"tank:S{number}",
    ]),
)  # fmt: skip


async def measure(report: Report, settings: Settings, rows: int) -> None:
    """Every table uploaded, checked and run by one worker's hand, `rows` rows each."""
    process = psutil.Process()
    async with open_doors(settings) as doors:
        tenant = await solar_company(settings, "imports", 1)
        settle_memory()
        for table in TABLES:
            peaks: list[int] = []
            began = perf_counter()
            this = await _upload(doors, tenant, table, rows)
            uploaded = perf_counter()
            await _work_off(doors, tenant, this, "checking", peaks, process)
            checked = perf_counter()
            async with doors.tenant(tenant) as uow:
                await service.start_import(uow, StartImport(import_id=this))
            await _work_off(doors, tenant, this, "running", peaks, process)
            ended = perf_counter()
            async with doors.tenant(tenant) as uow:
                written = (await uow.get(DataImport, this)).rows_written
            if written != rows:
                raise RuntimeError(f"{written} rows were written instead of {rows}")
            whole = rows / (ended - began)
            report.add(
                GROUP, f"{table.title}: written", rows / (ended - checked), "rows/s", AIM, rows=rows,
                uploaded_per_second=rows / (uploaded - began), checked_per_second=rows / (checked - uploaded),
            )  # fmt: skip
            report.add(GROUP, f"{table.title}: upload, check and write together", whole, "rows/s")
            settled = peaks[: max(WARM_UP, 1)]
            report.add(
                GROUP, f"{table.title}: memory gained by {rows:,} rows", (max(peaks) - max(settled)) / MEGABYTE, "MB",
                "flat",
            )  # fmt: skip


async def _upload(doors: PlatformDoors, tenant: UUID, table: Table, rows: int) -> UUID:
    async with doors.tenant(tenant) as uow:
        taken = Upload(uow, ImportDetails(kind=table.kind, file_name="bench.csv"), table.heading)
        for begin in range(0, rows, BATCH_ROWS):
            await taken.add([table.cells(number) for number in range(begin, min(begin + BATCH_ROWS, rows))])
        return (await taken.finish()).id


async def _work_off(
    doors: PlatformDoors, tenant: UUID, this: UUID, state: str, peaks: list[int], process: psutil.Process
) -> None:
    position = 0
    while True:
        async with doors.tenant(tenant) as uow:
            if (await uow.get(DataImport, this)).state != state:
                return
            await service.advance(uow, this, state, position)
        position += 1
        peaks.append(process.memory_info().rss)
