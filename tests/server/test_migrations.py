"""The migrated database is what the models say, and every table knows whose rows it holds."""

import asyncio
import runpy
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from aftersales_server import migrations
from aftersales_server.errors import OperatorError
from aftersales_server.migrations import (
    current_revision,
    head_revision,
    metadata,
    pending_differences,
    tables_of,
    upgrade,
)
from aftersales_server.settings import Settings


def test_the_migrated_database_is_what_the_models_say(fresh_settings: Callable[..., Settings]) -> None:
    assert pending_differences(fresh_settings()) == []


def test_every_table_of_the_models_is_isolated_or_granted_on_purpose(fresh_settings: Callable[..., Settings]) -> None:
    settings = fresh_settings()

    async def rights() -> dict[str, tuple[bool, bool, bool]]:
        connection = await asyncpg.connect(settings.owner_dsn)
        try:
            rows = await connection.fetch(
                """
                SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced,
                       has_table_privilege('aftersales_app', c.oid, 'SELECT') AS app_reads,
                       has_table_privilege('aftersales_system', c.oid, 'SELECT') AS system_reads
                FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
                """
            )
        finally:
            await connection.close()
        return {row["relname"]: (row["forced"], row["app_reads"], row["system_reads"]) for row in rows}

    found = asyncio.run(rights())
    tables = metadata().tables
    assert set(tables) == set(found) - {"alembic_version"}
    assert [name for name, (_, _, system_reads) in found.items() if name in tables and not system_reads] == []
    of_tenants = {name for name, table in tables.items() if "tenant_id" in table.columns or name == "tenants"}
    assert [name for name in of_tenants if found[name] != (True, True, True)] == []
    assert found["platform_tokens"] == (False, False, True)


def test_a_version_can_be_limited_to_tables_that_exist() -> None:
    assert tables_of(["tenants"]) == {"tenants"}
    assert "tenants" in tables_of(["aftersales_tenants"])
    with pytest.raises(OperatorError, match="no_such_table"):
        tables_of(["no_such_table"])


def test_given_an_older_revision_with_data_when_upgraded_then_the_data_are_kept_and_usable(
    fresh_settings: Callable[..., Settings],
) -> None:
    settings = fresh_settings(migrated=False)
    tenant_id = uuid4()

    async def insert_tenant() -> None:
        connection = await asyncpg.connect(settings.system_dsn)
        try:
            await connection.execute(
                """
                INSERT INTO tenants (id, slug, name, state, time_zone, language, settings_version, created_at, version)
                VALUES ($1, 'old-hand', 'Old hand', 'active', 'Asia/Shanghai', 'zh-CN', 1, now(), 1)
                """,
                tenant_id,
            )
        finally:
            await connection.close()

    async def read_as_the_tenant() -> tuple[str, int]:
        connection = await asyncpg.connect(settings.app_dsn)
        try:
            async with connection.transaction():
                await connection.execute("SELECT app.set_tenant($1)", tenant_id)
                name = await connection.fetchval("SELECT name FROM tenants")
                return name, await connection.fetchval("SELECT count(*) FROM tickets")
        finally:
            await connection.close()

    upgrade(settings, "0002")
    asyncio.run(insert_tenant())
    upgrade(settings)
    assert current_revision(settings) == head_revision()
    assert asyncio.run(read_as_the_tenant()) == ("Old hand", 0)


def test_the_versions_are_one_chain_without_a_gap() -> None:
    """Two rooms that each bring a version must agree on an order before either lands."""
    folder = Path(migrations.__file__).parent / "versions"
    names = sorted(file.name for file in folder.glob("[0-9]*.py"))
    links = [
        (found["revision"], found["down_revision"]) for found in (runpy.run_path(str(folder / name)) for name in names)
    ]

    numbers = [f"{number:04d}" for number in range(1, len(names) + 1)]
    assert [name[:4] for name in names] == numbers
    assert links == list(zip(numbers, [None, *numbers[:-1]], strict=True))
