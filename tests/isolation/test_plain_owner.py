"""On servers of one's own the owner of the database is no superuser, so row-level security binds it as well."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace

import asyncpg
import pytest

from aftersales.calendars.service import SaveCalendar, save_calendar
from aftersales.kit.clock import FixedClock
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry as Verticals
from aftersales_server.migrations import upgrade
from aftersales_server.settings import Settings, database_name, with_credentials
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.pools import open_pools
from aftersales_tenants.scopes import Scopes
from tests.fixtures.database import START, TestPlatform
from tests.services import apart


@pytest.fixture
def owned(fresh_settings: Callable[..., Settings]) -> Settings:
    """An empty database of an owner who may do nothing else; both roles exist already."""
    settings = fresh_settings(migrated=False)
    role, password = f"owner_{secrets.token_hex(4)}", secrets.token_hex(8)

    async def hand_over() -> None:
        connection = await asyncpg.connect(settings.owner_dsn)
        try:
            await connection.execute(f"create role {role} login password '{password}' nosuperuser nobypassrls")
            await connection.execute(f'alter database "{database_name(settings.owner_dsn)}" owner to {role}')
        finally:
            await connection.close()

    apart(hand_over())
    return replace(settings, database_url=with_credentials(settings.owner_dsn, role, password))


async def test_given_a_plain_owner_then_migrations_provisioning_and_borders_work(owned: Settings) -> None:
    await asyncio.to_thread(upgrade, owned)
    compiler, clock = PlaybookCompiler(Verticals([])), FixedClock(START)
    async with open_pools(owned.app_dsn, owned.system_dsn, app_size=2, system_size=2) as pools:
        platform = TestPlatform(pools, clock, Gateway(pools, Scopes(compiler), clock), compiler)
        ours, theirs = await platform.tenant(), await platform.tenant()
        versions = [(await platform.registry.tenant(one.slug))["settings_version"] for one in (ours, theirs)]
        definition = {"zone": "Asia/Shanghai", "weekly": {"monday": [["09:00", "12:00"]]}}
        async with ours.work() as uow:
            await save_calendar(uow, SaveCalendar(code="own", name="Own", definition=definition))
        after = [(await platform.registry.tenant(one.slug))["settings_version"] for one in (ours, theirs)]
        assert after == [versions[0] + 1, versions[1]], "the function of the owner reaches this tenant, and no other"
        async with theirs.work() as uow:
            assert await uow.connection.fetchval("select count(*) from business_calendars") == 0
    owner = await asyncpg.connect(owned.owner_dsn)
    try:
        assert await owner.fetchval("select count(*) from business_calendars") == 0, "the policy binds the owner too"
    finally:
        await owner.close()
