"""An import survives SIGKILL: it goes on with the batch that was under way, and writes every row once."""

from uuid import UUID

from aftersales.exchange import service
from aftersales.exchange.commands import ImportDetails, StartImport
from aftersales.exchange.service import Upload
from tests.jobs.stage import Stage, kill
from tests.support.wait import eventually

ROWS = 1_500
BATCH = 50
LONG_SECONDS = 90


async def uploaded(stage: Stage, tenant: UUID) -> UUID:
    """A file with so many customers, in small batches."""
    async with stage.doors.tenant(tenant) as uow:
        taken = Upload(uow, ImportDetails(kind="customers", file_name="x.csv"), ["code", "name", "contact_name"])
        for begin in range(0, ROWS, BATCH):
            await taken.add([[f"K{number}", f"Customer {number}", "Li"] for number in range(begin, begin + BATCH)])
        return (await taken.finish()).id


async def test_an_import_that_is_killed_again_and_again_writes_each_row_once(stage: Stage) -> None:
    """Given 1,500 rows, when the worker is killed while it checks and while it writes, then each row is there once."""
    tenant = await stage.tenant("solar")
    this = await uploaded(stage, tenant)

    worker = stage.start_worker()
    await eventually(lambda: stage.count("data_imports where position >= 5"), seconds=LONG_SECONDS, what="a check")
    kill(worker)
    worker = stage.start_worker()
    await eventually(
        lambda: stage.count("data_imports where state = 'checked'"), seconds=LONG_SECONDS, what="the check's end"
    )
    kill(worker)
    assert await stage.count("customers") == 0

    async with stage.doors.tenant(tenant) as uow:
        await service.start_import(uow, StartImport(import_id=this))
    for least in (3, 15):
        worker = stage.start_worker()
        await eventually(
            lambda least=least: stage.count(f"data_imports where position >= {least}"),  # type: ignore[misc]
            seconds=LONG_SECONDS, what=f"{least} batches",
        )  # fmt: skip
        kill(worker)
        # A batch and its progress are one transaction: never a part of one.
        written = await stage.count("customers")
        assert written % BATCH == 0
        [row] = await stage.rows("select rows_written, rows_seen from data_imports")
        assert (row["rows_written"], row["rows_seen"]) == (written, written)
    stage.start_worker()
    await eventually(
        lambda: stage.count("data_imports where state = 'done'"), seconds=LONG_SECONDS, what="the import's end"
    )

    assert await stage.count("customers") == ROWS
    assert await stage.count("(select distinct code from customers) found") == ROWS
    assert await stage.count("contacts") == ROWS
    assert await stage.count("import_faults") == 0
