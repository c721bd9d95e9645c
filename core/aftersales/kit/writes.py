"""The one statement of a flush: a CTE per table and set of columns, the rows as one JSON argument each."""

from functools import lru_cache
from typing import Literal
from uuid import UUID

from msgspec import Struct

from aftersales.kit.database import Base
from aftersales.kit.entities import EntityShape, Values, json_text, rows_text
from aftersales.kit.errors import Conflict

EXPECTED = "_expected"
"""The version that an update read, in its JSON row."""


MANY = 100
"""From so many new rows of a table on, what all of them have alike is sent once: PostgreSQL reads half the JSON."""


class Batch(Struct):
    """Rows of one table that are written alike; `alike` are the columns in which they are the same."""

    kind: Literal["update", "insert"]
    shape: EntityShape
    columns: tuple[str, ...]
    rows: list[Values]
    alike: tuple[str, ...] = ()


class Writes:
    """Collects a flush. Updates come before inserts, so that a row may take the place of one that steps aside."""

    def __init__(self) -> None:
        self._inserts: dict[str, Batch] = {}
        self._updates: dict[tuple[str, tuple[str, ...]], Batch] = {}

    def insert(self, shape: EntityShape, values: Values) -> None:
        batch = self._inserts.get(shape.name)
        if batch is None:
            batch = self._inserts[shape.name] = Batch("insert", shape, shape.columns, [])
        batch.rows.append(values)

    def update(self, shape: EntityShape, before: Values, changed: Values) -> bool:
        """Whether there is anything to write. APPEND_ONLY for a table whose rows never change."""
        if shape.versioned:
            # The version rises by itself; what somebody assigns to it doesn't count.
            changed.pop("version", None)
        if not changed:
            return False
        if shape.append_only:
            raise Conflict("APPEND_ONLY", thing=shape.entity.__name__)
        if changed.keys() & {"tenant_id", *shape.key}:
            raise ValueError(f"the key of a {shape.entity.__name__} can't change")
        columns = tuple(sorted(changed))
        batch = self._updates.get((shape.name, columns))
        if batch is None:
            batch = self._updates[shape.name, columns] = Batch("update", shape, columns, [])
        row = {**{name: before[name] for name in shape.key}, **changed}
        if shape.versioned:
            row[EXPECTED] = before["version"]
        batch.rows.append(row)
        return True

    @property
    def batches(self) -> list[Batch]:
        """In the order of the statement's counts."""
        for batch in self._inserts.values():
            if len(batch.rows) >= MANY:
                batch.alike = _alike(batch)
        return [*self._updates.values(), *self._inserts.values()]


def _alike(batch: Batch) -> tuple[str, ...]:
    found: list[str] = []
    for name in batch.columns:
        first = batch.rows[0].get(name)
        text = json_text(first)
        # Equal values may still be written differently: 1 and true, 1.0 and 1.00.
        if all(
            (value := row.get(name)) is first or (value == first and json_text(value) == text) for row in batch.rows
        ):
            found.append(name)
    return tuple(found)


def statement(batches: list[Batch]) -> str:
    """The SQL; `$1` is the tenant, each batch's rows follow in order.

    It answers with a column per batch: the ids of the rows that were updated where versions are compared, else a
    count.
    """
    return _statement(tuple((batch.kind, batch.shape, batch.columns, batch.alike) for batch in batches))


def arguments(tenant_id: UUID, batches: list[Batch]) -> list[UUID | str]:
    """The tenant, the rows of each batch, then what the rows of a batch have alike, for each that has any."""
    rows = [rows_text(_differing(batch)) for batch in batches]
    alike = [rows_text([{name: batch.rows[0].get(name) for name in batch.alike}]) for batch in batches if batch.alike]
    return [tenant_id, *rows, *alike]


def _differing(batch: Batch) -> list[Values]:
    if not batch.alike:
        return batch.rows
    differing = [name for name in batch.columns if name not in batch.alike]
    return [{name: row.get(name) for name in differing} for row in batch.rows]


@lru_cache(maxsize=2048)
def _statement(parts: tuple[tuple[str, EntityShape, tuple[str, ...], tuple[str, ...]], ...]) -> str:
    expressions, behind = [], 2 + len(parts)
    for position, (kind, shape, columns, alike) in enumerate(parts, start=2):
        if kind == "update":
            sql = _update(shape, columns, position)
        else:
            sql = _insert(shape, position, alike, behind)
            behind += bool(alike)
        expressions.append(f"w{position} as ({sql})")
    answers = [
        # Only numbers go into these.
        f'array(select "id" from w{position})'  # noqa: S608
        if kind == "update" and shape.versioned
        else f"(select count(*) from w{position})"  # noqa: S608
        for position, (kind, shape, _, _) in enumerate(parts, start=2)
    ]
    return f"with {', '.join(expressions)} select {', '.join(answers)}"


def _insert(shape: EntityShape, position: int, alike: tuple[str, ...], behind: int) -> str:
    columns = ", ".join(f'"{name}"' for name in shape.columns)
    rows = _rows(shape, tuple(name for name in shape.columns if name not in alike), position)
    if alike:
        typed = ", ".join(f'"{name}" {shape.types[name]}' for name in alike)
        rows += f" cross join jsonb_to_recordset(${behind}::text::jsonb) as s({typed})"
    return (
        f'insert into "{shape.name}" ({columns}) select {columns} '  # noqa: S608 - names come from our own metadata
        f"from {rows} where tenant_id = $1 returning 1"
    )


def _update(shape: EntityShape, columns: tuple[str, ...], position: int) -> str:
    settings = [f'"{name}" = r."{name}"' for name in columns]
    matched = " and ".join(["t.tenant_id = $1", *(f't."{name}" = r."{name}"' for name in shape.key)])
    extra, answer = "", "1"
    if shape.versioned:
        settings.append('"version" = t."version" + 1')
        matched += f' and t."version" = r.{EXPECTED}'
        extra, answer = f", {EXPECTED} bigint", 't."id"'
    return (
        f'update "{shape.name}" t set {", ".join(settings)} '  # noqa: S608 - names come from our own metadata
        f"from {_rows(shape, (*shape.key, *columns), position, extra)} where {matched} returning {answer}"
    )


def _rows(shape: EntityShape, columns: tuple[str, ...], position: int, extra: str = "") -> str:
    typed = ", ".join(f'"{name}" {shape.types[name]}' for name in columns)
    return f"jsonb_to_recordset(${position}::text::jsonb) as r({typed}{extra})"


def row_key(shape: EntityShape, row: Base) -> object:
    """What identifies the row within its tenant."""
    return shape.key_of(row.__dict__)
