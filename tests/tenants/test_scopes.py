"""A tenant's scope: shared while nothing changes, new in every process when something does."""

import asyncio
import os
import sys

import msgspec
import pytest

from aftersales.calendars.rules import CalendarDefinition, monday_to_friday
from aftersales.calendars.service import SaveCalendar, save_calendar
from aftersales.kit.errors import AftersalesError
from aftersales_server.settings import Settings
from aftersales_tenants import scopes
from aftersales_tenants.commands import EnableVertical, UpdateTenant
from aftersales_tenants.scopes import Scopes
from tests.fixtures.database import TestPlatform

HIS = "software_his"


async def test_requests_share_a_scope_until_something_changes(platform: TestPlatform) -> None:
    tenant = await platform.tenant({HIS: {"profile": "hospital"}})
    _, token = await tenant.member("owner")
    first = (await platform.gateway.authenticate(tenant.slug, token)).scope
    assert (await platform.gateway.authenticate(tenant.slug, token)).scope is first

    await platform.registry.update_tenant(UpdateTenant(slug=tenant.slug, hotline="400-1"))
    second = (await platform.gateway.authenticate(tenant.slug, token)).scope
    assert second.hotline == "400-1"
    assert second.settings_version > first.settings_version
    assert first.hotline != "400-1", "a request under way keeps what it began with"


async def test_tenants_with_equal_settings_share_a_playbook_and_others_dont(platform: TestPlatform) -> None:
    hospital, other, projects = [
        await platform.tenant({HIS: {"profile": profile}}) for profile in ("hospital", "hospital", "project_management")
    ]
    books = [(await platform.gateway.system(tenant.id)).scope.playbook for tenant in (hospital, other, projects)]
    assert books[0] is books[1]
    assert books[0].verticals[HIS].settings != books[2].verticals[HIS].settings


async def test_another_process_sees_a_change_with_its_next_request(platform: TestPlatform, settings: Settings) -> None:
    """Given a gateway that has served a tenant, when another process changes its verticals, then the next request
    here is served with the change, without any message between the two."""
    tenant = await platform.tenant({"solar": {}})
    _, token = await tenant.member("owner")
    before = await platform.gateway.authenticate(tenant.slug, token)
    assert before.enabled_verticals == {"solar"}

    other = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "aftersales_server.cli", "tenant", "enable", tenant.slug, "landscaping",
        env={**os.environ, **settings.to_environment()},
    )  # fmt: skip
    assert await other.wait() == 0

    after = await platform.gateway.authenticate(tenant.slug, token)
    assert after.enabled_verticals == {"solar", "landscaping"}
    assert after.settings_version > before.settings_version


async def test_a_tenants_own_calendar_is_part_of_its_scope_and_of_no_others(platform: TestPlatform) -> None:
    tenant, neighbour = await platform.tenant({"solar": {}}), await platform.tenant({"solar": {}})
    definition = msgspec.to_builtins(
        CalendarDefinition(code="desk", name="Desk", zone="Asia/Shanghai", weekly=monday_to_friday(("09:00", "12:00")))
    )
    async with tenant.work(tenant.actor("owner")) as uow:
        await save_calendar(uow, SaveCalendar(code="desk", name="Desk", definition=definition))
    async with tenant.work() as uow:
        assert set(uow.scope.calendars) == {"desk"}
    async with neighbour.work() as uow:
        assert set(uow.scope.calendars) == set()


async def test_the_number_of_kept_scopes_is_bounded(platform: TestPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scopes, "KEPT_SCOPES", 2)
    kept = Scopes(platform.compiler)
    tenants = [await platform.tenant() for _ in range(3)]
    async with platform.pools.system.acquire() as connection:
        for tenant in tenants:
            scope = await kept.scope(connection, tenant.id, 1)
            assert (scope.id, scope.slug) == (tenant.id, tenant.slug)
    assert len(kept._kept) == 2


async def test_a_tenant_whose_vertical_fails_harms_nobody_else(platform: TestPlatform) -> None:
    """Given settings that no longer fit their vertical, when the tenant calls, then it is told so, and others work."""
    broken, whole = await platform.tenant({"solar": {}}), await platform.tenant({"solar": {}})
    await platform.pools.system.execute(
        "update tenant_verticals set settings = $2 where tenant_id = $1", broken.id, {"no_such_setting": 1}
    )
    with pytest.raises(AftersalesError) as refusal:
        await platform.gateway.system(broken.id)
    assert refusal.value.code == "VERTICAL_SETTINGS_INVALID"
    assert (await platform.gateway.system(whole.id)).enabled_verticals == {"solar"}
    await platform.registry.enable_vertical(EnableVertical(slug=broken.slug, vertical="solar", settings={}))
    assert (await platform.gateway.system(broken.id)).enabled_verticals == {"solar"}
