"""No tenant sees or touches another's rows: in every table, by statements that forget the tenant altogether."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from aftersales.kit.ids import new_id
from aftersales_server.migrations import metadata
from aftersales_server.migrations.runner import append_only_tables
from aftersales_tenants.pools import Pools
from tests.fixtures.database import TestPlatform
from tests.isolation.rows import rows_of, tenant_tables

TABLES = [table.name for table in tenant_tables(metadata())]
CHANGEABLE = sorted(set(TABLES) - append_only_tables())
APPEND_ONLY = sorted(set(TABLES) & append_only_tables())
REFUSED = asyncpg.InsufficientPrivilegeError


@dataclass(frozen=True)
class Neighbours:
    """Two tenants with a row in every table."""

    pools: Pools
    ours: UUID
    theirs: UUID
    rows: dict[UUID, dict[str, dict[str, Any]]]

    @asynccontextmanager
    async def inside(self, tenant_id: UUID | None = None, *, system: bool = False) -> AsyncIterator[Any]:
        """A connection of the app's role inside a tenant, or inside none; nothing that it does is kept."""
        pool = self.pools.system if system else self.pools.app
        async with pool.acquire() as connection:
            transaction = connection.transaction()
            await transaction.start()
            try:
                if tenant_id is not None:
                    await connection.execute("select app.set_tenant($1)", tenant_id)
                yield connection
            finally:
                await transaction.rollback()

    def their_row(self, table: str) -> dict[str, Any]:
        return self.rows[self.theirs][table]


@pytest.fixture
async def neighbours(bare_platform: TestPlatform) -> Neighbours:
    ours, theirs = await bare_platform.tenant(), await bare_platform.tenant()
    rows: dict[UUID, dict[str, dict[str, Any]]] = {}
    async with bare_platform.pools.system.acquire() as connection:
        for tenant in (ours, theirs):
            rows[tenant.id] = {}
            for table, row in rows_of(metadata(), tenant.id):
                await connection.execute(*insert(table.name, row))
                rows[tenant.id][table.name] = row
    return Neighbours(bare_platform.pools, ours.id, theirs.id, rows)


def insert(table: str, row: dict[str, Any]) -> tuple[Any, ...]:
    names = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    return f'insert into "{table}" ({names}) values ({places})', *row.values()


async def test_every_table_has_a_row_of_both(neighbours: Neighbours) -> None:
    """What follows would prove nothing about an empty table."""
    async with neighbours.inside(system=True) as connection:
        for table in TABLES:
            owners = await connection.fetch(
                f'select distinct tenant_id from "{table}" where tenant_id = any($1)',
                [neighbours.ours, neighbours.theirs],
            )
            assert len(owners) == 2, table


async def test_a_select_that_forgets_the_tenant_finds_ones_own_rows_only(neighbours: Neighbours) -> None:
    async with neighbours.inside(neighbours.ours) as connection:
        for table in TABLES:
            owners = await connection.fetch(f'select distinct tenant_id from "{table}"')
            assert [row["tenant_id"] for row in owners] == [neighbours.ours], table


async def test_a_select_for_another_tenant_finds_nothing(neighbours: Neighbours) -> None:
    async with neighbours.inside(neighbours.ours) as connection:
        for table in TABLES:
            sql = f'select count(*) from "{table}" where tenant_id = $1'
            assert await connection.fetchval(sql, neighbours.theirs) == 0, table


async def test_without_a_tenant_nothing_is_found(neighbours: Neighbours) -> None:
    async with neighbours.inside() as connection:
        for table in [*TABLES, "tenants"]:
            assert await connection.fetchval(f'select count(*) from "{table}"') == 0, table


async def test_a_tenant_sees_itself_in_the_registry_and_nobody_else(neighbours: Neighbours) -> None:
    async with neighbours.inside(neighbours.ours) as connection:
        assert [row["id"] for row in await connection.fetch("select id from tenants")] == [neighbours.ours]


@pytest.mark.parametrize("table", TABLES)
async def test_a_row_of_another_tenant_is_refused(neighbours: Neighbours, table: str) -> None:
    row = {**neighbours.their_row(table)}
    row.update({name: new_id() for name in ("id",) if name in row})
    for inside in (neighbours.ours, None):
        async with neighbours.inside(inside) as connection:
            with pytest.raises(REFUSED, match="row-level security"):
                await connection.execute(*insert(table, row))


@pytest.mark.parametrize("table", CHANGEABLE)
async def test_rows_of_another_tenant_cant_be_changed_deleted_or_taken_over(neighbours: Neighbours, table: str) -> None:
    column = next(name for name in neighbours.their_row(table) if name not in {"tenant_id", "id"})
    async with neighbours.inside(neighbours.ours) as connection:
        for sql in (
            f'update "{table}" set "{column}" = "{column}" where tenant_id = $1',
            f'delete from "{table}" where tenant_id = $1',
        ):
            assert (await connection.execute(sql, neighbours.theirs)).endswith(" 0"), sql
        with pytest.raises(REFUSED, match="row-level security"):
            await connection.execute(f'update "{table}" set tenant_id = $1', neighbours.theirs)


async def test_an_update_that_forgets_the_tenant_stays_at_home(neighbours: Neighbours) -> None:
    async with neighbours.inside(neighbours.ours) as connection:
        for table in CHANGEABLE:
            column = next(name for name in neighbours.their_row(table) if name not in {"tenant_id", "id"})
            own = await connection.fetchval(f'select count(*) from "{table}"')
            assert await connection.execute(f'update "{table}" set "{column}" = "{column}"') == f"UPDATE {own}", table


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("system", [False, True], ids=["app", "system"])
async def test_append_only_rows_are_neither_changed_nor_deleted(
    neighbours: Neighbours, table: str, system: bool
) -> None:
    for sql in (f'update "{table}" set id = id', f'delete from "{table}"', f'truncate "{table}"'):
        async with neighbours.inside(neighbours.ours, system=system) as connection:
            with pytest.raises(REFUSED, match="permission denied"):
                await connection.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "update tenants set name = 'mine'",
        "insert into tenants (id) values ('01890000-0000-7000-8000-000000000000')",
        "delete from tenants",
        "select * from platform_tokens",
        "select * from platform_actions",
        "update platform_settings set value = '{}'",
        "select * from alembic_version",
        "alter table customers disable row level security",
        "drop policy tenant_isolation on customers",
        "create table mine (n int)",
        "set role aftersales_system",
        "set session authorization aftersales_system",
    ],
)
async def test_the_apps_role_may_not(neighbours: Neighbours, sql: str) -> None:
    async with neighbours.inside(neighbours.ours) as connection:
        with pytest.raises(REFUSED):
            await connection.execute(sql)


async def test_row_level_security_cant_be_switched_off(neighbours: Neighbours) -> None:
    async with neighbours.inside(neighbours.ours) as connection:
        await connection.execute("set local row_security = off")
        with pytest.raises(REFUSED):
            await connection.fetch("select * from customers")


async def test_a_tenants_admin_actions_cant_be_rewritten_by_the_system_either(neighbours: Neighbours) -> None:
    for sql in ("update platform_actions set action = 'x'", "delete from platform_actions"):
        async with neighbours.inside(system=True) as connection:
            with pytest.raises(REFUSED, match="permission denied"):
                await connection.execute(sql)


async def test_a_settings_change_reaches_ones_own_version_only(neighbours: Neighbours) -> None:
    async with neighbours.inside(system=True) as connection:
        before = {row["id"]: row["settings_version"] for row in await connection.fetch("select * from tenants")}
    async with neighbours.pools.app.acquire() as connection, connection.transaction():
        await connection.execute("select app.set_tenant($1)", neighbours.ours)
        await connection.execute("select app.settings_changed()")
    async with neighbours.inside(system=True) as connection:
        after = {row["id"]: row["settings_version"] for row in await connection.fetch("select * from tenants")}
    assert {tenant for tenant, version in after.items() if before[tenant] != version} == {neighbours.ours}
    assert after[neighbours.ours] == before[neighbours.ours] + 1
