"""What a process remembers of a tenant never outlives a change, and never reaches another tenant."""

import asyncio
import sys
from datetime import timedelta

import pytest

from aftersales.calendars.service import SaveCalendar, save_calendar
from aftersales.kit.errors import AftersalesError
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry as Verticals
from aftersales_tenants import scopes
from aftersales_tenants.commands import DisableVertical, EnableVertical, TenantState, UpdateTenant
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.scopes import Scopes
from tests.fixtures.database import TestPlatform, TestTenant
from tests.services import DatabaseUrls


def other_process(platform: TestPlatform, verticals: Verticals) -> Gateway:
    """A gateway with caches of its own over the same database, as another replica has it."""
    return Gateway(platform.pools, Scopes(PlaybookCompiler(verticals)), platform.clock)


async def test_a_change_of_settings_is_seen_by_the_next_request_in_every_process(
    platform: TestPlatform, installed_verticals: Verticals
) -> None:
    tenant = await platform.tenant({"software_his": {"profile": "hospital"}})
    _, token = await tenant.member("owner")
    here, there = platform.gateway, other_process(platform, installed_verticals)
    for gateway in (here, there):
        assert (await gateway.authenticate(tenant.slug, token)).enabled_verticals == {"software_his"}
    await platform.registry.enable_vertical(EnableVertical(slug=tenant.slug, vertical="solar", settings={}))
    for gateway in (here, there):
        assert (await gateway.authenticate(tenant.slug, token)).enabled_verticals == {"software_his", "solar"}
    await platform.registry.disable_vertical(DisableVertical(slug=tenant.slug, vertical="software_his"))
    await platform.registry.update_tenant(UpdateTenant(slug=tenant.slug, language="en"))
    for gateway in (here, there):
        principal = await gateway.authenticate(tenant.slug, token)
        assert (principal.enabled_verticals, principal.language) == ({"solar"}, "en")
        assert (await gateway.system(tenant.id)).enabled_verticals == {"solar"}


async def test_a_suspension_closes_every_process_at_once_and_leaves_jobs_working(
    platform: TestPlatform, installed_verticals: Verticals
) -> None:
    tenant = await platform.tenant({"solar": {}})
    _, token = await tenant.member("owner")
    there = other_process(platform, installed_verticals)
    await there.authenticate(tenant.slug, token)
    await platform.registry.suspend(TenantState(slug=tenant.slug, reason="unpaid"))
    with pytest.raises(AftersalesError) as refusal:
        await there.authenticate(tenant.slug, token)
    assert refusal.value.code == "TENANT_SUSPENDED"
    async with there.open(await there.system(tenant.id)) as uow:
        assert uow.scope.slug == tenant.slug


async def test_a_calendar_saved_by_the_tenant_itself_is_seen_by_the_next_unit_of_work(
    platform: TestPlatform, installed_verticals: Verticals
) -> None:
    tenant = await platform.tenant({"solar": {}})
    there = other_process(platform, installed_verticals)
    assert dict((await there.system(tenant.id)).scope.calendars) == {}
    definition = {"zone": "Asia/Shanghai", "weekly": {"monday": [["09:00", "12:00"]]}}
    async with tenant.work() as uow:
        await save_calendar(uow, SaveCalendar(code="own", name="Own", definition=definition))
    assert (await there.system(tenant.id)).scope.calendar("solar", "own").name == "Own"


async def test_tenants_share_a_playbook_only_while_their_settings_are_the_same(platform: TestPlatform) -> None:
    """A scope belongs to one tenant; a Playbook depends on nothing but verticals and settings."""
    settings = {"software_his": {"profile": "hospital"}}
    first, second, other = [
        (await (await platform.tenant(given)).principal()).scope for given in (settings, settings, {"solar": {}})
    ]
    assert first.playbook is second.playbook
    assert first.playbook.key != other.playbook.key
    assert len({first.id, second.id, other.id}) == 3
    assert {first.slug, second.slug, other.slug} != {first.slug}
    again = (await platform.gateway.system(first.id)).scope
    assert again is first, "kept while nothing changed"


async def test_what_is_remembered_is_bounded(bare_platform: TestPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scopes, "KEPT_SCOPES", 2)
    tenants = [await bare_platform.tenant() for _ in range(4)]
    for tenant in tenants:
        await bare_platform.gateway.system(tenant.id)
    kept = bare_platform.gateway.scopes._kept
    assert list(kept) == [tenant.id for tenant in tenants[2:]]


ANOTHER_PROCESS = """
import asyncio, sys
from aftersales.kit.clock import SystemClock
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.pools import open_pools
from aftersales_tenants.scopes import Scopes

async def main(app, system, slug, token):
    async with open_pools(app, system, app_size=1, system_size=1) as pools:
        gateway = Gateway(pools, Scopes(PlaybookCompiler(Registry.installed())), SystemClock())
        while sys.stdin.readline():
            principal = await gateway.authenticate(slug, token)
            print(",".join(sorted(principal.enabled_verticals)), flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_real_second_process_sees_the_change_with_its_next_request(
    platform: TestPlatform, database_urls: DatabaseUrls
) -> None:
    tenant: TestTenant = await platform.tenant({"solar": {}})
    _, token = await tenant.member("owner")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ANOTHER_PROCESS, database_urls.app, database_urls.system, tenant.slug, token,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None

    async def ask() -> str:
        process.stdin.write(b"\n")  # type: ignore[union-attr]
        async with asyncio.timeout(timedelta(seconds=30).total_seconds()):
            return (await process.stdout.readline()).decode().strip()  # type: ignore[union-attr]

    try:
        assert await ask() == "solar"
        await platform.registry.enable_vertical(EnableVertical(slug=tenant.slug, vertical="auto_4s", settings={}))
        assert await ask() == "auto_4s,solar"
    finally:
        process.stdin.close()
        await process.wait()
