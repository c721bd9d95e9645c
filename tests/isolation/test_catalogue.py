"""The catalogue of a migrated database keeps every rule; and the rules notice a table that breaks them."""

from collections.abc import Callable

import asyncpg
import pytest

from aftersales_server.migrations.runner import append_only_tables
from aftersales_server.settings import Settings
from tests.isolation.catalogue import DEFINER_FUNCTIONS, SWEEPER_INDEXES, WITHOUT_TENANT, problems
from tests.services import DatabaseUrls


async def test_a_migrated_database_keeps_every_rule(database_urls: DatabaseUrls) -> None:
    connection = await asyncpg.connect(database_urls.owner)
    try:
        assert await problems(connection, append_only_tables()) == []
    finally:
        await connection.close()


async def test_every_exception_is_still_one(database_urls: DatabaseUrls) -> None:
    """An exception that is no longer needed is taken off the list."""
    connection = await asyncpg.connect(database_urls.owner)
    try:
        indexes = {row[0] for row in await connection.fetch("select indexname from pg_indexes")}
        tables = {row[0] for row in await connection.fetch("select tablename from pg_tables")}
        functions = {row[0] for row in await connection.fetch("select proname from pg_proc where prosecdef")}
    finally:
        await connection.close()
    assert set(SWEEPER_INDEXES) <= indexes
    assert set(WITHOUT_TENANT) <= tables
    assert set(DEFINER_FUNCTIONS) <= functions


_GOOD = """
create table probe (tenant_id uuid not null references tenants(id), id uuid, customer_id uuid, note text,
                    primary key (tenant_id, id),
                    foreign key (tenant_id, customer_id) references customers(tenant_id, id));
select app.distribute('probe');
"""


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("create table probe (tenant_id uuid not null, id uuid, primary key (tenant_id, id))", "force row-level"),
        ("create table probe (id uuid primary key)", "no tenant_id"),
        (_GOOD + "alter table probe no force row level security", "force row-level"),
        (_GOOD + "drop policy tenant_isolation on probe", "tenant policy"),
        (_GOOD + "create policy wide on probe for select using (true)", "tenant policy"),
        (_GOOD + "alter table probe add unique (note)", "doesn't begin with tenant_id"),
        (_GOOD + "create index on probe (note)", "doesn't begin with tenant_id"),
        (_GOOD + "create index on probe (tenant_id, lower(note))", "expression"),
        (_GOOD + "alter table probe add foreign key (customer_id, tenant_id) references customers(id, tenant_id)",
         "leaves the tenant"),
        (_GOOD + "create type mood as enum ('good')", "enum mood"),
        (_GOOD + "create table other (tenant_id uuid not null, n serial, primary key (tenant_id, n));"
         "select app.distribute('other')", "sequence"),
        (_GOOD + "create trigger t before update on probe for each row execute function"
         " suppress_redundant_updates_trigger()", "trigger t"),
        (_GOOD + "alter table probe owner to aftersales_app", "owns table probe"),
        (_GOOD + "grant truncate on probe to aftersales_app", "TRUNCATE"),
        (_GOOD + "grant select on platform_tokens to aftersales_app", "platform_tokens"),
        (_GOOD + "grant update on events to aftersales_system", "events"),
        ("create function app.leak() returns bigint language sql security definer"
         " as 'select count(*) from customers'", "leak"),
    ],
)  # fmt: skip
async def test_a_table_that_breaks_a_rule_is_noticed(
    fresh_settings: Callable[..., Settings], sql: str, problem: str
) -> None:
    connection = await asyncpg.connect(fresh_settings().owner_dsn)
    try:
        await connection.execute(sql)
        found = await problems(connection, append_only_tables())
    finally:
        await connection.close()
    assert [text for text in found if problem in text] != [], found


async def test_the_rules_have_nothing_against_a_good_table(fresh_settings: Callable[..., Settings]) -> None:
    connection = await asyncpg.connect(fresh_settings().owner_dsn)
    try:
        await connection.execute(_GOOD)
        assert await problems(connection, append_only_tables()) == []
    finally:
        await connection.close()
