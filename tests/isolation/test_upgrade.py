"""A release meets a database that is in use: the rows stay, and so do the borders."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
from alembic.script import ScriptDirectory

from aftersales.kit.ids import new_id
from aftersales_server.migrations import current_revision, head_revision, metadata, pending_differences, upgrade
from aftersales_server.migrations.runner import _config
from aftersales_server.settings import Settings
from tests.isolation.rows import rows_of, tenant_tables
from tests.isolation.test_borders import insert

_CREATE_TENANT = """
insert into tenants (id, slug, name, state, time_zone, language, settings_version, created_at, version)
values ($1, $2, $2, 'active', 'Asia/Shanghai', 'zh-CN', 1, now(), 1)
"""
_COLUMNS = "select column_name from information_schema.columns where table_schema = 'public' and table_name = $1"


def revisions() -> list[str]:
    """All revisions, oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]


async def fill(settings: Settings, tenants: list[UUID]) -> dict[str, int]:
    """A row per tenant in every table that exists, in the columns that exist; how many rows each table has."""
    counts: dict[str, int] = {}
    connection = await asyncpg.connect(settings.system_dsn)
    try:
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=lambda value: "[]", decoder=str)
        for tenant_id in tenants:
            await connection.execute(_CREATE_TENANT, tenant_id, f"t-{tenant_id.hex[-12:]}")
            for table, row in rows_of(metadata(), tenant_id):
                existing = {record["column_name"] for record in await connection.fetch(_COLUMNS, table.name)}
                if existing:
                    old = {name: value for name, value in row.items() if name in existing}
                    await connection.execute(*insert(table.name, old))
                    counts[table.name] = counts.get(table.name, 0) + 1
    finally:
        await connection.close()
    return counts


async def seen(settings: Settings, tenant_id: UUID | None, tables: list[str]) -> dict[str, int]:
    """How many rows of each table the app's role sees inside the tenant, without a filter."""
    connection = await asyncpg.connect(settings.app_dsn)
    try:
        async with connection.transaction():
            if tenant_id is not None:
                await connection.execute("select app.set_tenant($1)", tenant_id)
            return {table: await connection.fetchval(f'select count(*) from "{table}"') for table in tables}
    finally:
        await connection.close()


async def borders(settings: Settings) -> dict[str, Any]:
    connection = await asyncpg.connect(settings.owner_dsn)
    try:
        rows = await connection.fetch(
            """
            select c.relname, c.relrowsecurity and c.relforcerowsecurity and exists (
                select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant_isolation') as closed
            from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
            """
        )
    finally:
        await connection.close()
    return {row["relname"]: row["closed"] for row in rows}


def test_given_the_last_release_in_use_when_upgraded_then_rows_and_borders_stay(
    fresh_settings: Callable[..., Settings],
) -> None:
    """At the revision before the newest, every table gets a row of two tenants; then the newest one comes."""
    settings = fresh_settings(migrated=False)
    *earlier, last = revisions()
    upgrade(settings, earlier[-1])
    assert current_revision(settings) == earlier[-1]
    tenants = [new_id(), new_id()]
    counts = asyncio.run(fill(settings, tenants))
    assert len(counts) > 20, "there was nothing to lose"
    assert set(counts.values()) == {2}
    upgrade(settings)
    assert current_revision(settings) == last == head_revision()
    assert pending_differences(settings) == []
    for tenant_id in tenants:
        assert set(asyncio.run(seen(settings, tenant_id, list(counts))).values()) == {1}
    assert set(asyncio.run(seen(settings, None, list(counts))).values()) == {0}
    closed = asyncio.run(borders(settings))
    assert [table.name for table in tenant_tables(metadata()) if not closed[table.name]] == []


def test_given_only_the_first_tables_in_use_when_upgraded_then_later_tables_are_closed_too(
    fresh_settings: Callable[..., Settings],
) -> None:
    settings = fresh_settings(migrated=False)
    upgrade(settings, revisions()[1])
    tenants = [new_id(), new_id()]
    counts = asyncio.run(fill(settings, tenants))
    assert counts, "the second revision has no table with a tenant any more: start at a later one"
    upgrade(settings)
    for tenant_id in tenants:
        assert set(asyncio.run(seen(settings, tenant_id, list(counts))).values()) == {1}
    assert asyncio.run(fill(settings, [new_id()])).keys() == {table.name for table in tenant_tables(metadata())}


def test_upgrading_twice_changes_nothing(fresh_settings: Callable[..., Settings]) -> None:
    settings = fresh_settings()
    upgrade(settings)
    assert current_revision(settings) == head_revision()
    assert pending_differences(settings) == []
