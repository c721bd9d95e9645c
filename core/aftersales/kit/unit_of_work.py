"""One unit of work: one transaction of one tenant, opened and committed at the edge.

Reads go through statements of a room's `queries.py`. Writes are collected: new rows with `add`, changed
attributes of rows that were read here, and are sent together, in one statement, by `flush`. An ORM session
does the same with a statement per row; on the busiest path that costs three to four times as much.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Generic, NoReturn, TypeAlias, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import bindparam, select
from sqlalchemy.sql import Executable

from aftersales.kit import writes
from aftersales.kit.actor import Actor
from aftersales.kit.database import Base
from aftersales.kit.entities import EntityShape, Values, shape_of
from aftersales.kit.errors import Conflict, NotFound, Unavailable
from aftersales.kit.outbox import OutboxMessage
from aftersales.kit.statements import compiled
from aftersales.kit.storage_errors import translate

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
Row = TypeVar("Row", bound=Base)
Scope = TypeVar("Scope")

logger = logging.getLogger(__name__)


class UnitOfWork(Generic[Scope]):
    """Everything that a service may do with the database, for one tenant, at one instant `now` (UTC).

    `scope` is what the layer above knows of the tenant (its Playbook, zone, language); the kit doesn't look
    inside. Services never commit: the edge that opened the unit does, or rolls everything back.
    """

    def __init__(self, connection: Connection, tenant_id: UUID, actor: Actor, now: datetime, scope: Scope) -> None:
        self.connection = connection
        self.tenant_id = tenant_id
        self.actor = actor
        self.now = now
        self.scope = scope
        self._new: dict[Any, tuple[EntityShape, Base]] = {}
        self._known: dict[Any, tuple[EntityShape, Base, Values]] = {}
        self._plain: list[tuple[EntityShape, Values]] = []
        self._after_commit: list[Callable[[], Awaitable[None]]] = []
        self._refusal: Exception | None = None
        self.enqueued = False
        """Whether something was put into the outbox."""
        self.memo: dict[Any, Any] = {}
        """What a room keeps at hand until this unit ends."""

    # --- reading -----------------------------------------------------------------------------------------

    async def fetch(self, statement: Executable, **params: Any) -> list[asyncpg.Record]:
        """All rows of a statement; `tenant_id` is filled in where the statement names it.

        What was added or changed here is seen after a `flush`.
        """
        query = compiled(statement)
        found: list[asyncpg.Record] = await self._run(
            self.connection.fetch, query.sql, query.arguments(self._with_tenant(query.names, params))
        )
        return found

    async def fetch_one(self, statement: Executable, **params: Any) -> asyncpg.Record | None:
        """The first row of a statement, or None."""
        query = compiled(statement)
        found: asyncpg.Record | None = await self._run(
            self.connection.fetchrow, query.sql, query.arguments(self._with_tenant(query.names, params))
        )
        return found

    def _with_tenant(self, names: frozenset[str], params: dict[str, Any]) -> dict[str, Any]:
        if "tenant_id" in names:
            params["tenant_id"] = self.tenant_id
        return params

    async def _run(self, run: Any, sql: str, arguments: list[Any]) -> Any:
        try:
            return await run(sql, *arguments)
        except asyncpg.PostgresError as fault:
            raise translate(fault) from fault
        except (asyncpg.InterfaceError, OSError) as fault:
            if is_lost(self.connection):
                raise Unavailable("DATABASE_UNAVAILABLE") from fault
            raise
        except asyncpg.InternalClientError as fault:
            # What asyncpg says when the server's farewell crosses a statement; the connection is of no more use.
            self.connection.terminate()
            raise Unavailable("DATABASE_UNAVAILABLE") from fault

    async def get(self, entity: type[Row], row_id: UUID, *, for_update: bool = False) -> Row:
        """The row of this tenant with that id; NOT_FOUND names the table's thing, whoever owns the id."""
        found = await self.find(entity, row_id, for_update=for_update)
        if found is None:
            raise NotFound("NOT_FOUND", thing=entity.__name__)
        return found

    async def find(self, entity: type[Row], row_id: UUID, *, for_update: bool = False) -> Row | None:
        """Like `get`, None instead of NOT_FOUND. Two reads of one row give the same object.

        `for_update` locks the row and brings the object up to date; what was changed here and not flushed stays.
        """
        added = self._new.get((entity, row_id))
        if added is not None:
            return added[1]  # type: ignore[return-value]
        known = self._known.get((entity, row_id))
        if known is not None and not for_update:
            return known[1]  # type: ignore[return-value]
        record = await self.fetch_one(_by_id(entity, for_update), id=row_id)
        return None if record is None else await self._read(entity, record, refresh=for_update)

    async def entities(self, entity: type[Row], statement: Executable, **params: Any) -> list[Row]:
        """The rows of a statement that selects all columns of the entity's table; changes to them are written.

        A statement with FOR UPDATE brings rows that were read before up to date.
        """
        records, refresh = await self.fetch(statement, **params), compiled(statement).locks
        return [await self._read(entity, record, refresh=refresh) for record in records]

    async def entity(self, entity: type[Row], statement: Executable, **params: Any) -> Row | None:
        """The first such row, or None."""
        record = await self.fetch_one(statement, **params)
        return None if record is None else await self._read(entity, record, refresh=compiled(statement).locks)

    async def _read(self, entity: type[Row], record: asyncpg.Record, *, refresh: bool) -> Row:
        row = self.track(entity, record, refresh=refresh)
        completion = _completions.get(entity)
        if completion is not None:
            await completion(self, row)
        return row

    def track(self, entity: type[Row], record: asyncpg.Record, *, refresh: bool = False) -> Row:
        """Make a record a tracked entity, or give the one that is tracked already (brought up to date: `refresh`)."""
        shape = shape_of(entity)
        key = (entity, shape.key_of(record))
        known = self._known.get(key)
        if known is None:
            row = shape.load(record)
            self._known[key] = (shape, row, shape.snapshot(shape.values(row)))
            return row  # type: ignore[return-value]
        row = known[1]
        if refresh:
            changed = shape.changes(row, known[2])
            fresh = shape.load(record)
            self._known[key] = (shape, row, shape.snapshot(shape.values(fresh)))
            row.__dict__.update(
                {name: fresh.__dict__[name] for name in (*shape.columns, *shape.computed) if name not in changed}
            )
        return row  # type: ignore[return-value]

    # --- writing -----------------------------------------------------------------------------------------

    def add(self, row: Row) -> Row:
        """Write a new row at the next flush; `tenant_id` and column defaults are filled in now."""
        shape = shape_of(type(row))
        owner = row.tenant_id  # type: ignore[attr-defined]
        if owner is not None and owner != self.tenant_id:
            raise ValueError(f"this {shape.entity.__name__} belongs to another tenant")
        row.tenant_id = self.tenant_id  # type: ignore[attr-defined]
        shape.fill(row)
        if self._new.setdefault((type(row), writes.row_key(shape, row)), (shape, row))[1] is not row:
            raise ValueError(f"two new rows of {shape.entity.__name__} with one key")
        return row

    def put(self, entity: type[Base], **values: Any) -> UUID | None:
        """Write a new row at the next flush of which nobody here wants the object; its id, if it has one.

        For the thousands of rows of a batch: without object and memory of it a row costs half.
        """
        shape = shape_of(entity)
        row = shape.written({**values, "tenant_id": self.tenant_id})
        self._plain.append((shape, row))
        return row.get("id")

    def enqueue(self, topic: str, payload: dict[str, Any], *, delay: timedelta = timedelta(0)) -> OutboxMessage:
        """Ask for a side effect: it is done at least once after this unit commits, never if it doesn't."""
        self.enqueued = True
        return self.add(OutboxMessage(topic=topic, payload=payload, created_at=self.now, available_at=self.now + delay))

    def tell(self, topic: str, payload: dict[str, Any]) -> None:
        """`enqueue` for what happens at every write, and whose message nobody here asks for."""
        self.enqueued = True
        self.put(OutboxMessage, topic=topic, payload=payload, created_at=self.now, available_at=self.now)

    async def flush(self, *, last: bool = False) -> None:
        """Send all collected writes in one statement; after the `last` one nothing is changed here any more.

        VERSION_STALE when somebody else changed a versioned row meanwhile; a broken constraint comes out as the
        error of `storage_errors`. A unit whose flush was refused stays refused: it can't be committed in part.
        """
        if self._refusal is not None:
            raise self._refusal
        try:
            await self._flush(last)
        except Exception as refusal:
            self._refusal = refusal
            raise

    async def _flush(self, last: bool) -> None:
        collected = writes.Writes()
        updated: list[tuple[EntityShape, Base, Values]] = []
        for shape, row, before in self._known.values():
            changed = shape.changes(row, before)
            if changed and collected.update(shape, before, changed):
                updated.append((shape, row, before))
        new, self._new = self._new, {}
        inserted = [(shape, row, shape.values(row)) for shape, row in new.values()]
        for shape, _, values in inserted:
            collected.insert(shape, values)
        plain, self._plain = self._plain, []
        for shape, values in plain:
            collected.insert(shape, values)
        batches = collected.batches
        if not batches:
            return
        answers = await self._run(
            self.connection.fetchrow, writes.statement(batches), writes.arguments(self.tenant_id, batches)
        )
        for batch, written in zip(batches, answers, strict=True):
            if (written if isinstance(written, int) else len(written)) != len(batch.rows):
                await self._refuse(batch, written)
        for shape, row, before in updated:
            if shape.versioned:
                row.version = before["version"] + 1  # type: ignore[attr-defined]
            if not last:
                self._remember(shape, row, shape.values(row))
        if not last:
            for shape, row, values in inserted:
                self._remember(shape, row, values)

    def _remember(self, shape: EntityShape, row: Base, values: Values) -> None:
        self._known[type(row), writes.row_key(shape, row)] = (shape, row, shape.snapshot(values))

    async def _refuse(self, batch: writes.Batch, written: Any) -> NoReturn:
        """Say why not every row of a batch was written."""
        shape = batch.shape
        if batch.kind == "update" and shape.versioned:
            stale = next(row for row in batch.rows if row["id"] not in written)
            record = await self.fetch_one(_by_id(shape.entity, False), id=stale["id"])
            if record is not None:
                raise Conflict("VERSION_STALE", actual=record["version"], expected=stale[writes.EXPECTED])
        raise NotFound("NOT_FOUND", thing=shape.entity.__name__)

    async def attempt(
        self, work: Callable[["UnitOfWork[Scope]"], Awaitable[bool]], *, actor: Actor | None = None
    ) -> bool:
        """Do something behind a savepoint, in a unit of its own; it stays only if `work` says so.

        What was added here before is sent first. Nothing of the inner unit is remembered, so a long row of them
        needs no more memory than one.
        """
        await self.flush()
        inner: UnitOfWork[Scope] = UnitOfWork(
            self.connection, self.tenant_id, actor or self.actor, self.now, self.scope
        )
        await self.connection.execute("savepoint attempt")
        try:
            kept = await work(inner)
            if kept:
                await inner.flush(last=True)
        except Exception:
            if not is_lost(self.connection):
                await self.connection.execute("rollback to savepoint attempt")
            raise
        if not kept:
            await self.connection.execute("rollback to savepoint attempt")
            return False
        await self.connection.execute("release savepoint attempt")
        self.enqueued = self.enqueued or inner.enqueued
        self._after_commit += inner._after_commit
        return True

    # --- around the commit -------------------------------------------------------------------------------

    def after_commit(self, action: Callable[[], Awaitable[None]]) -> None:
        """Run something cheap once the commit stands (ring a bell); it must not matter if it never runs."""
        self._after_commit.append(action)

    async def committed(self) -> None:
        """Called by the edge after its COMMIT; an action that fails is logged, since the commit stands."""
        actions, self._after_commit = self._after_commit, []
        for outcome in await asyncio.gather(*(action() for action in actions), return_exceptions=True):
            if isinstance(outcome, Exception):
                logger.error("an action after the commit failed", exc_info=outcome)


Completion = Callable[[UnitOfWork[Any], Any], Awaitable[None]]
_completions: dict[type[Base], Completion] = {}


def after_reading(entity: type[Base]) -> Callable[[Completion], Completion]:
    """Have a row completed whenever it is read as an entity, with what pure code wants to find at it.

    Called once per read, so it has to be cheap when the row is complete already.
    """

    def put(completion: Completion) -> Completion:
        if _completions.setdefault(entity, completion) is not completion:
            raise RuntimeError(f"two completions for {entity.__name__}")
        return completion

    return put


_by_id_statements: dict[tuple[type[Base], bool], Executable] = {}


def _by_id(entity: type[Base], for_update: bool) -> Executable:
    statement = _by_id_statements.get((entity, for_update))
    if statement is None:
        table = shape_of(entity).table
        query = select(table).where(table.c.tenant_id == bindparam("tenant_id"), table.c.id == bindparam("id"))
        statement = _by_id_statements[entity, for_update] = query.with_for_update() if for_update else query
    return statement


@asynccontextmanager
async def transaction(pool: "asyncpg.Pool[asyncpg.Record]") -> AsyncIterator[Connection]:
    """A connection in a READ COMMITTED transaction: committed when the block ends, rolled back when it raises."""
    async with pool.acquire() as connection:
        await connection.execute("begin")
        try:
            yield connection
        except BaseException:
            await roll_back(connection)
            raise
        else:
            await commit(connection)


def is_lost(connection: Connection) -> bool:
    """Whether the connection is closed; a pool takes a closed one back at once, and its proxy then only raises."""
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:
        return True


async def roll_back(connection: Connection) -> None:
    """ROLLBACK; with a connection that is lost PostgreSQL does so by itself."""
    try:
        if not is_lost(connection):
            await connection.execute("rollback")
    except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError) as fault:
        logger.info("the connection was lost before its rollback: %s", fault)


async def commit(connection: Connection) -> None:
    """COMMIT, and nothing less: a transaction that PostgreSQL had aborted would end as a silent ROLLBACK."""
    if await connection.execute("commit") != "COMMIT":
        raise RuntimeError("a refusal of the database was caught inside the unit of work; nothing was written")
