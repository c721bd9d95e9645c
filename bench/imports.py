"""How many rows a second an import checks and writes, and what memory a long one takes."""

import resource
import time
from typing import Any
from uuid import UUID

from aftersales.exchange import service
from aftersales.exchange.commands import ImportDetails, StartImport
from aftersales.exchange.models import DataImport
from aftersales.exchange.service import BATCH_ROWS, Upload

AIM_ROWS_PER_SECOND = 2_000


async def import_rate(open_unit: Any, rows: int) -> dict[str, float]:
    """Rows per second of the upload, the check and the run of so many customers; `open_unit()` is a unit of work."""
    figures: dict[str, float] = {}
    began = time.perf_counter()
    async with open_unit() as uow:
        taken = Upload(uow, ImportDetails(kind="customers", file_name="bench.csv"), ["code", "name", "tier", "phone"])
        for begin in range(0, rows, BATCH_ROWS):
            numbers = range(begin, min(begin + BATCH_ROWS, rows))
            await taken.add([[f"B{number}", f"Customer {number}", "standard", "+86 10"] for number in numbers])
        this = (await taken.finish()).id
    figures["upload"] = rows / (time.perf_counter() - began)
    figures["check"] = await _phase(open_unit, this, "checking", rows)
    half = _peak()
    async with open_unit() as uow:
        await service.start_import(uow, StartImport(import_id=this))
    figures["run"] = await _phase(open_unit, this, "running", rows)
    figures["growth_mb"] = _peak() - half
    return figures


async def _phase(open_unit: Any, this: UUID, state: str, rows: int) -> float:
    began, position = time.perf_counter(), 0
    while True:
        async with open_unit() as uow:
            if (await uow.get(DataImport, this)).state != state:
                return rows / (time.perf_counter() - began)
            await service.advance(uow, this, state, position)
        position += 1


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
