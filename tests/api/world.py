"""The example world in PostgreSQL: schema, row-level security, two tenants with rows, and a unit of work over them."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import msgspec
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import dialect as postgresql_dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from aftersales.kit.errors import Language
from aftersales_graphql.machine.executor import Executor, Request
from aftersales_graphql.machine.relay import encode_id
from tests.api import example_tables as tables

NAMESPACE = UUID("5f0c6f4e-6a0e-4d0a-9a51-3c8c4f1f2b10")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STATUSES = ("open", "in_progress", "closed")


def identifier(*parts: object) -> UUID:
    """The same id for the same words, in every run."""
    return uuid5(NAMESPACE, "/".join(str(part) for part in parts))


@dataclass(frozen=True)
class Caller:
    """A principal as the tenants room would give it."""

    tenant_id: UUID
    roles: frozenset[str] = frozenset({"dispatcher"})
    member_id: UUID | None = None
    customer_id: UUID | None = None
    dealer_id: UUID | None = None
    language: Language = "en"
    enabled_verticals: frozenset[str] = frozenset()
    settings_version: int = 1

    def as_customer(self, customer_id: UUID) -> "Caller":
        return replace(self, roles=frozenset({"customer"}), customer_id=customer_id)


@dataclass
class CountingConnection:
    """An asyncpg connection that remembers the statements it ran."""

    inner: Any
    statements: list[str] = field(default_factory=list)

    async def fetchval(self, query: str, *args: Any) -> Any:
        self.statements.append(query)
        return await self.inner.fetchval(query, *args)

    async def execute(self, query: str, *args: Any) -> Any:
        return await self.inner.execute(query, *args)


@dataclass
class Unit:
    connection: CountingConnection
    now: datetime = NOW

    async def flush(self) -> None:
        """Nothing is collected in the example world: its mutations write at once."""


class World:
    """Two tenants with the same shape of data, in a PostgreSQL schema of their own."""

    def __init__(self, owner_dsn: str, app_dsn: str, tickets: int = 30) -> None:
        self._owner_dsn, self._app_dsn, self._tickets = owner_dsn, app_dsn, tickets
        self.statements: list[str] = []
        self.ours, self.theirs = identifier("tenant", "ours"), identifier("tenant", "theirs")
        self.now = NOW
        self.rows: dict[str, list[tables.Row]] = {}
        self.app: asyncpg.Pool[asyncpg.Record]

    async def build(self, tenants: Iterable[UUID] = ()) -> None:
        """Create the tables with their policies and fill them; an earlier world is dropped."""
        owner = await asyncpg.connect(self._owner_dsn)
        try:
            await owner.execute(
                f"drop schema if exists {tables.SCHEMA} cascade; create schema {tables.SCHEMA};"
                f"grant usage on schema {tables.SCHEMA} to aftersales_app"
            )
            for table in tables.metadata.sorted_tables:
                dialect = postgresql_dialect()  # type: ignore[no-untyped-call]
                await owner.execute(str(CreateTable(table).compile(dialect=dialect)))
                for index in sorted(table.indexes, key=lambda index: str(index.name)):
                    await owner.execute(str(CreateIndex(index).compile(dialect=dialect)))
                await owner.execute(
                    f"alter table {table.fullname} enable row level security, force row level security;"
                    f"create policy tenant on {table.fullname} using (tenant_id = app.current_tenant());"
                    f"grant select, insert, update, delete on {table.fullname} to aftersales_app"
                )
            for tenant in tenants or (self.ours, self.theirs):
                for table, rows in self._rows_of(tenant):
                    self.rows.setdefault(table.name, []).extend(rows)
                    await self._insert(owner, table, rows)
            await owner.execute("analyze")
        finally:
            await owner.close()
        self.app = await asyncpg.create_pool(self._app_dsn, min_size=1, max_size=4, server_settings={"timezone": "UTC"})

    async def close(self) -> None:
        await self.app.close()

    async def _insert(self, owner: Any, table: Table, rows: list[tables.Row]) -> None:
        names = [column.name for column in table.columns]
        records = [[_stored(row[name]) for name in names] for row in rows]
        await owner.copy_records_to_table(table.name, schema_name=tables.SCHEMA, columns=names, records=records)

    def _rows_of(self, tenant: UUID) -> list[tuple[Table, list[tables.Row]]]:
        def make(kind: str, count: int, values: Any) -> list[tables.Row]:
            return [{"tenant_id": tenant, "id": identifier(tenant, kind, n), **values(n)} for n in range(count)]

        customers = make("customer", 3, lambda n: {"name": f"Customer {n}", "tier": "gold" if n == 0 else "basic"})
        assets = make("asset", 6, lambda n: {
            "serial": f"S-{n}", "customer_id": customers[n % 3]["id"],
            "attributes": {"colour": "red" if n % 2 else None} | ({"solar": {"tank_litres": 100 + n}} if n < 3 else {}),
        })  # fmt: skip
        tickets = make("ticket", self._tickets, lambda n: {
            "number": f"T-{n:05}", "title": f"Ticket \"{n}\" 漏水\\", "status": STATUSES[n % 3], "hours": n % 5,
            "price": None if n % 4 == 0 else Decimal(n) / 4, "opened_at": NOW - timedelta(hours=n // 2),
            "due_at": None if n % 7 == 0 else NOW + timedelta(hours=n % 6 - 3),
            "customer_id": customers[n % 3]["id"], "asset_id": None if n % 5 == 0 else assets[n % 6]["id"],
            "parent_id": identifier(tenant, "ticket", 0) if 0 < n < 8 else None,
        })  # fmt: skip
        events = make("event", self._tickets * 3, lambda n: {
            "ticket_id": tickets[n // 3]["id"], "occurred_at": NOW - timedelta(minutes=n), "kind": f"kind {n % 3}",
            "detail": {"n": n, "text": "停机"},
        })  # fmt: skip
        return [
            (tables.customers, customers), (tables.assets, assets), (tables.tickets, tickets), (tables.events, events)
        ]  # fmt: skip

    @asynccontextmanager
    async def open(self, principal: Any) -> AsyncIterator[Unit]:
        """A unit of work, as the kit opens one: tenant set, committed at the end, rolled back on an exception."""
        async with self.app.acquire() as connection:
            await connection.execute("begin")
            try:
                await connection.execute("select app.set_tenant($1)", principal.tenant_id)
                yield Unit(CountingConnection(connection, self.statements), self.now)
            except BaseException:
                await connection.execute("rollback")
                raise
            await connection.execute("commit")

    def of(self, table: str, tenant: UUID | None = None) -> list[tables.Row]:
        """The rows that a tenant has, as Python values."""
        return [row for row in self.rows[table] if row["tenant_id"] == (tenant or self.ours)]

    def ticket_id(self, n: int, tenant: UUID | None = None) -> str:
        return encode_id("Ticket", identifier(tenant or self.ours, "ticket", n))

    @property
    def dispatcher(self) -> Caller:
        return Caller(self.ours)


def _stored(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


@dataclass
class Api:
    """Asks an executor as a caller would, and answers with decoded JSON."""

    world: World
    executor: Executor
    caller: Caller

    async def ask(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        caller: Caller | None = None,
        operation: str | None = None,
        language: Language = "en",
    ) -> dict[str, Any]:
        self.world.statements.clear()
        request = Request(text, variables, operation, caller or self.caller, language, "request-1")
        body = await self.executor.execute(request)
        answer: dict[str, Any] = msgspec.json.decode(body)
        return answer

    async def data(self, text: str, variables: Mapping[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        answer = await self.ask(text, variables, **options)
        assert "errors" not in answer, answer["errors"]
        found: dict[str, Any] = answer["data"]
        return found
