"""What the exchange does: takes a file in, checks it without writing, runs it batch by batch.

A batch and its progress are one transaction: whatever is killed, the import goes on with the batch that was under
way, and no row is written in part. Checking is running that is undone, so a row that passed is a row that works.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from aftersales.access import require
from aftersales.exchange import queries
from aftersales.exchange.columns import Layout, layout_of, read_header, with_own_columns
from aftersales.exchange.commands import CancelImport, ImportDetails, StartImport
from aftersales.exchange.models import EXISTING, POLICIES, DataImport, ImportBatch, ImportFault
from aftersales.exchange.rows import FIELD_COLUMNS, Outcome, carry_out, known_of
from aftersales.exchange.rules import FIELDS, Cells, key_of, read_row, restored
from aftersales.journal import reactions
from aftersales.journal import service as journal
from aftersales.kit.actor import Actor
from aftersales.kit.entities import encode
from aftersales.kit.errors import AftersalesError, InvalidInput, PluginFault, StateRefused, Unavailable
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import NAME_LIMIT, clean_text
from aftersales.parties.rules import check_known
from aftersales.scope import TenantWork

TOPIC: Final = "import"
BATCH_ROWS: Final = 500
FAULT_LIMIT: Final = 10_000
"""Faults that are kept; a file with more of them is rejected as a whole."""
FAULTS_AT_ONCE: Final = 500
UNDER_WAY_LIMIT: Final = 10
"""Imports of a tenant that are checked or run at one time."""
ENDED: Final = frozenset({"done", "stopped", "rejected", "cancelled"})


class Upload:
    """Takes the rows of a file in, batch by batch: first the headings, then `add` for each batch, then `finish`."""

    def __init__(self, uow: TenantWork, details: ImportDetails, heading: Sequence[str]) -> None:
        self._layout = layout_for(uow, details.kind)
        require(uow.actor, self._layout.right)
        self._uow = uow
        self._seen: dict[int, int] = {}
        self._owned: set[int] = set()
        self.row = DataImport(
            id=new_id(),
            kind=details.kind,
            file_name=clean_text(details.file_name, "file_name", NAME_LIMIT, required=True),
            policy=check_known(details.policy, POLICIES, "policy"),
            existing=check_known(details.existing, EXISTING, "existing"),
            columns=read_header(self._layout, heading),
            state="checking",
            actor=uow.actor.label,
            created_at=uow.now,
        )
        uow.add(self.row)
        self._number = 1

    @staticmethod
    async def check(uow: TenantWork, kind: str) -> None:
        """Before a file is read at all: FORBIDDEN, VALUE_UNKNOWN, IMPORTS_UNDER_WAY while many others are."""
        require(uow.actor, layout_of(kind).right)
        count = await queries.under_way(uow)
        if count >= UNDER_WAY_LIMIT:
            raise StateRefused("IMPORTS_UNDER_WAY", field="file", count=count)

    async def add(self, rows: Sequence[Sequence[str]]) -> None:
        """Keep a batch. Blank rows are passed over; a row whose key was there before is marked."""
        kept: list[dict[str, Any]] = []
        for cells in rows:
            self._number += 1
            if not any(cell.strip() for cell in cells):
                continue
            entry: dict[str, Any] = {"n": self._number, "c": [cell.replace("\x00", "\ufffd") for cell in cells]}
            key = key_of(self._layout, self.row.columns, list(cells))
            if all(key):
                first = self._seen.setdefault(hash(key), self._number)
                if first != self._number:
                    entry["d"] = first
                if self._layout.kind == "assets" and self._follows(key, cells):
                    entry["p"] = True
            kept.append(entry)
        if not kept:
            return
        position = self.row.batches

        async def put(inner: TenantWork) -> bool:
            inner.add(ImportBatch(id=new_id(), import_id=self.row.id, position=position, rows=kept))
            return True

        await self._uow.attempt(put)
        self.row.batches += 1
        self.row.rows_total += len(kept)

    def _follows(self, key: tuple[str, ...], cells: Sequence[str]) -> bool:
        """Whether a row above brings the asset of the same customer that this row's is a part of."""
        given = {code: restored(cell).strip() for code, cell in zip(self.row.columns, cells, strict=False)}
        whose = given.get("customer_code", "")
        parent = given.get("parent_number", "")
        self._owned.add(hash((*key, whose)))
        return bool(parent) and parent != key[0] and hash((parent, whose)) in self._owned

    async def finish(self) -> DataImport:
        """Have the rows checked. IMPORT_FILE_EMPTY for headings alone."""
        if self.row.rows_total == 0:
            raise InvalidInput("IMPORT_FILE_EMPTY", field="file")
        _next(self._uow, self.row)
        await _note(self._uow, "import.uploaded", self.row)
        return self.row


def layout_for(uow: TenantWork, kind: str) -> Layout:
    """The layout of a kind with the columns that the tenant's verticals add to it; VALUE_UNKNOWN."""
    return with_own_columns(layout_of(kind), uow.scope.playbook.verticals.values())


async def start_import(uow: TenantWork, command: StartImport) -> DataImport:
    """Write what was checked. IMPORT_NOT_CHECKED; IMPORT_HAS_ERRORS under all_or_nothing with a bad row."""
    row = await _of_caller(uow, command.import_id, command.expected_version)
    if row.state != "checked":
        raise StateRefused("IMPORT_NOT_CHECKED", field="importId", state=row.state)
    if row.policy == "all_or_nothing" and row.rows_failed:
        raise StateRefused("IMPORT_HAS_ERRORS", field="importId", count=row.rows_failed)
    row.state = "running"
    row.position = row.rows_seen = row.rows_written = row.rows_unchanged = row.rows_failed = 0
    _next(uow, row)
    await _note(uow, "import.started", row)
    return row


async def cancel_import(uow: TenantWork, command: CancelImport) -> DataImport:
    """Write no further rows; batches that were written stay. IMPORT_ENDED."""
    row = await _of_caller(uow, command.import_id, command.expected_version)
    if row.state not in {"checking", "checked", "running"}:
        raise StateRefused("IMPORT_ENDED", field="importId", state=row.state)
    await _end(uow, row, "cancelled")
    return row


async def advance(uow: TenantWork, import_id: UUID, state: str, position: int) -> None:
    """Do one batch of the phase `state`, if it is that batch's turn; asked twice, it does nothing the second time."""
    row = await locked(uow, DataImport, import_id)
    if (row.state, row.position) != (state, position):
        return
    layout = layout_for(uow, row.kind)
    batch = await queries.batch(uow, row.id, row.position)
    running = row.state == "running"
    bad: set[int] = set()
    if running and batch:
        bad = await queries.faulty_rows(uow, row.id, batch[0]["n"], batch[-1]["n"])
    faults = await _carry(uow, row, layout, [entry for entry in batch if entry["n"] not in bad], write=running)
    for fault in faults:
        uow.add(fault)
    row.rows_seen += len(batch)
    row.rows_failed += len(bad | {fault.row_number for fault in faults})
    row.position += 1
    if running and faults and row.policy == "all_or_nothing":
        # What was right when it was checked isn't any more: somebody changed what the rows refer to.
        await _end(uow, row, "stopped")
    elif row.rows_failed > FAULT_LIMIT:
        await _end(uow, row, "rejected" if not running else "stopped")
    elif row.position < row.batches:
        _next(uow, row)
        await _note(uow, "import.progressed", row)
    elif running:
        await _end(uow, row, "done")
    else:
        row.state = "checked"
        await _note(uow, "import.checked", row)


async def import_faults(uow: TenantWork, import_id: UUID, *, after: int, first: int) -> list[Any]:
    """What is wrong, in the order of the file's rows: at most `first` entries behind row `after`."""
    if not 0 < first <= FAULTS_AT_ONCE:
        raise InvalidInput("PAGE_SIZE_INVALID", field="first", value=first, limit=FAULTS_AT_ONCE)
    row = await uow.get(DataImport, import_id)
    _require(uow, row)
    return await queries.faults(uow, row.id, after=after, limit=first)


async def _of_caller(uow: TenantWork, import_id: UUID, expected_version: int | None) -> DataImport:
    """The import, locked, for who has its table's right."""
    _require(uow, await uow.get(DataImport, import_id))
    return await locked(uow, DataImport, import_id, expected_version)


def _require(uow: TenantWork, row: DataImport) -> None:
    require(uow.actor, layout_of(row.kind).right)


async def watched_import(uow: TenantWork, import_id: UUID) -> DataImport:
    """The import whose progress the caller wants to hear of. NOT_FOUND, FORBIDDEN without its right."""
    row = await uow.get(DataImport, import_id)
    _require(uow, row)
    return row


async def _carry(
    uow: TenantWork, row: DataImport, layout: Layout, batch: Sequence[dict[str, Any]], *, write: bool
) -> list[ImportFault]:
    """Carry the rows out, and undo it unless `write`; what is wrong with them. Bad rows leave no trace."""
    faults: list[ImportFault] = []
    good: list[tuple[int, Cells]] = []
    awaited: set[str] = set()
    for entry in batch:
        try:
            if "d" in entry:
                raise InvalidInput("IMPORT_ROW_TWICE", field=layout.key[-1], first=entry["d"])
            good.append((entry["n"], read_row(layout, row.columns, entry["c"])))
            if "p" in entry and not write:
                awaited.add(good[-1][1]["parent_number"])
        except AftersalesError as refusal:
            faults.append(_fault(row, layout, entry["n"], refusal))
    counts: dict[Outcome, int] = {"written": 0, "unchanged": 0}
    kept = False
    while good and not kept:
        refused, counts, kept = await _attempt(uow, row, layout, good, frozenset(awaited), write=write)
        faults += refused
        wrong = {fault.row_number for fault in refused}
        good = [(number, cells) for number, cells in good if number not in wrong]
    if good:
        row.rows_written += counts["written"]
        row.rows_unchanged += counts["unchanged"]
    return faults


async def _attempt(
    uow: TenantWork, row: DataImport, layout: Layout, good: Sequence[tuple[int, Cells]], awaited: frozenset[str], *,
    write: bool,
) -> tuple[list[ImportFault], dict[Outcome, int], bool]:  # fmt: skip
    """Carry all rows out behind a savepoint: what was refused, what was done, and whether that is the last word."""
    refused: list[ImportFault] = []
    counts: dict[Outcome, int] = {"written": 0, "unchanged": 0}

    async def run(inner: TenantWork) -> bool:
        reactions.hold(inner)
        known = await known_of(inner, layout, [cells for _, cells in good], awaited)
        for number, cells in good:
            try:
                counts[await carry_out(inner, layout, cells, known, update=row.existing == "update")] += 1
            except (PluginFault, Unavailable):
                raise
            except AftersalesError as refusal:
                refused.append(_fault(row, layout, number, refusal))
        if not refused:
            await reactions.release(inner)
            await inner.flush()
        return write and not refused

    actor = Actor(kind="system", id=row.id, name=f"import by {row.actor}")
    kept = await uow.attempt(run, actor=actor)
    return refused, counts, kept or not (write or refused)


def _fault(row: DataImport, layout: Layout, number: int, refusal: AftersalesError) -> ImportFault:
    details: dict[str, Any] = msgspec.to_builtins(
        {name: value if isinstance(value, int | str) else str(value) for name, value in refusal.params.items()},
        enc_hook=encode,
    )
    return ImportFault(
        id=new_id(), import_id=row.id, row_number=number, column_code=_column(layout, refusal.field),
        code=refusal.code, details=details,
    )  # fmt: skip


def _column(layout: Layout, field: str | None) -> str | None:
    """The column of a command's field: `customerId` -> `customer_code`; None when the row as a whole is wrong."""
    if field is None:
        return None
    snake = "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in field)
    if snake.startswith(("attributes", FIELDS)):
        return snake
    if snake.startswith("lines"):
        return "asset_types" if snake.endswith("asset_type") else "asset_numbers"
    found = FIELD_COLUMNS.get(snake, snake)
    return found if layout.column(found) else None


def _next(uow: TenantWork, row: DataImport) -> None:
    uow.enqueue(TOPIC, {"import_id": str(row.id), "state": row.state, "position": row.position})


async def _end(uow: TenantWork, row: DataImport, state: str) -> None:
    row.state = state
    row.finished_at = uow.now
    await _note(uow, f"import.{state}", row)


async def _note(uow: TenantWork, kind: str, row: DataImport) -> None:
    await journal.record(
        uow, kind, subject_type="import", subject_id=row.id,
        data={"kind": row.kind, "rows": row.rows_total, "state": row.state, "seen": row.rows_seen,
              "written": row.rows_written, "failed": row.rows_failed},
    )  # fmt: skip
