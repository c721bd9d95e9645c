"""The roles and the schema that every installation begins with, on a real PostgreSQL."""

from collections.abc import Callable
from uuid import uuid4

import asyncpg
import pytest

from aftersales_server.errors import OperatorError
from aftersales_server.migrations import current_revision, head_revision, upgrade
from aftersales_server.settings import Settings, with_database
from tests.services import DatabaseUrls


def test_given_an_empty_database_when_upgraded_then_it_is_at_the_newest_revision(
    fresh_settings: Callable[..., Settings],
) -> None:
    settings = fresh_settings(migrated=False)
    assert current_revision(settings) is None
    upgrade(settings)
    assert current_revision(settings) == head_revision()


def test_given_an_upgraded_database_when_upgraded_again_then_nothing_changes(
    fresh_settings: Callable[..., Settings],
) -> None:
    settings = fresh_settings()
    upgrade(settings)
    assert current_revision(settings) == head_revision()


def test_given_an_unknown_revision_when_upgraded_then_it_is_named(fresh_settings: Callable[..., Settings]) -> None:
    settings = fresh_settings()
    with pytest.raises(OperatorError, match="no_such_revision"):
        upgrade(settings, "no_such_revision")


def test_given_a_missing_database_when_upgraded_then_the_sentence_names_it(shared_settings: Settings) -> None:
    missing = Settings(
        data_folder=shared_settings.data_folder,
        secret_key=shared_settings.secret_key,
        database_url=with_database(shared_settings.owner_dsn, "nowhere"),
    )
    with pytest.raises(OperatorError, match="database nowhere"):
        upgrade(missing)


async def test_the_app_role_obeys_row_level_security_and_the_system_role_does_not(
    database_urls: DatabaseUrls,
) -> None:
    for dsn, bypasses in ((database_urls.app, False), (database_urls.system, True)):
        connection = await asyncpg.connect(dsn)
        try:
            row = await connection.fetchrow(
                "SELECT rolbypassrls, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user"
            )
        finally:
            await connection.close()
        assert row is not None
        assert tuple(row) == (bypasses, False, False)


async def test_the_tenant_is_set_for_one_transaction_only(database_urls: DatabaseUrls) -> None:
    connection = await asyncpg.connect(database_urls.app)
    tenant = uuid4()
    try:
        async with connection.transaction():
            await connection.execute("SELECT app.set_tenant($1)", tenant)
            assert await connection.fetchval("SELECT app.current_tenant()") == tenant
        assert await connection.fetchval("SELECT app.current_tenant()") is None
    finally:
        await connection.close()


@pytest.mark.parametrize(("function", "writable"), [("distribute", True), ("distribute_append_only", False)])
async def test_given_a_tenant_table_then_each_tenant_sees_its_own_rows_only(
    fresh_settings: Callable[..., Settings], function: str, writable: bool
) -> None:
    settings = fresh_settings()
    mine, other = uuid4(), uuid4()
    owner = await asyncpg.connect(settings.owner_dsn)
    try:
        await owner.execute("CREATE TABLE probe (tenant_id uuid NOT NULL, id uuid PRIMARY KEY)")
        await owner.execute(f"SELECT app.{function}('probe')")
        await owner.executemany("INSERT INTO probe VALUES ($1, $2)", [(mine, uuid4()), (other, uuid4())])
    finally:
        await owner.close()
    app = await asyncpg.connect(settings.app_dsn)
    try:
        assert await app.fetch("SELECT * FROM probe") == []
        async with app.transaction():
            await app.execute("SELECT app.set_tenant($1)", mine)
            assert [row["tenant_id"] for row in await app.fetch("SELECT * FROM probe")] == [mine]
        intrusion = app.transaction()
        await intrusion.start()
        await app.execute("SELECT app.set_tenant($1)", mine)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("INSERT INTO probe VALUES ($1, $2)", other, uuid4())
        await intrusion.rollback()
        if writable:
            async with app.transaction():
                await app.execute("SELECT app.set_tenant($1)", mine)
                assert await app.execute("DELETE FROM probe") == "DELETE 1"
        else:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute("DELETE FROM probe")
    finally:
        await app.close()
    system = await asyncpg.connect(settings.system_dsn)
    try:
        assert await system.fetchval("SELECT count(*) FROM probe WHERE tenant_id = $1", other) == 1
    finally:
        await system.close()
