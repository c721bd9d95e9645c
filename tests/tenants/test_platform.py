"""The platform's admins and the development clock."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aftersales.kit.actor import Actor
from aftersales.kit.clock import FixedClock
from aftersales.kit.errors import AftersalesError
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.platform import Platform
from aftersales_tenants.scopes import Scopes
from tests.fixtures.database import START, TestPlatform

ADMIN = Actor(kind="platform_admin", name="Ada")


@pytest.fixture
def admin(bare_platform: TestPlatform) -> Platform:
    """The platform in an admin's hands, on an installation whose clock may be moved."""
    return Platform(bare_platform.pools, bare_platform.clock, ADMIN, may_move_clock=True)


async def _refused(platform: TestPlatform, token: str | None) -> str:
    with pytest.raises(AftersalesError) as refusal:
        await platform.gateway.authenticate_platform(token)
    return refusal.value.code


async def test_an_admins_token_opens_the_platform_and_no_tenant(bare_platform: TestPlatform, admin: Platform) -> None:
    tenant = await bare_platform.tenant()
    _, members = await tenant.member("owner")
    issued = await admin.issue_token("Ada")

    caller = await bare_platform.gateway.authenticate_platform(issued.token)
    assert (caller.actor.kind, caller.actor.name) == ("platform_admin", "Ada")
    with pytest.raises(AftersalesError, match="token"):
        await bare_platform.gateway.authenticate(tenant.slug, issued.token)
    for token in (None, "", "asp_wrong", members):
        assert await _refused(bare_platform, token) == "UNAUTHENTICATED"


async def test_an_admins_token_ends_and_can_be_revoked(bare_platform: TestPlatform, admin: Platform) -> None:
    end = START + timedelta(hours=1)
    ending, revoked = await admin.issue_token("Ada", end), await admin.issue_token("Ada")
    await admin.revoke_token(revoked.id)
    assert await _refused(bare_platform, revoked.token) == "UNAUTHENTICATED"
    bare_platform.clock.move_to(end)
    await bare_platform.gateway.authenticate_platform(ending.token)
    bare_platform.clock.advance(timedelta(seconds=1))
    assert await _refused(bare_platform, ending.token) == "UNAUTHENTICATED"


async def test_the_clock_moves_for_every_process_and_goes_back(bare_platform: TestPlatform, admin: Platform) -> None:
    """Given two gateways as in two processes, when the clock is moved, then both and their units agree."""
    tenant = await bare_platform.tenant()
    _, token = await tenant.member("owner")
    other = Gateway(bare_platform.pools, Scopes(bare_platform.compiler), FixedClock(START))
    wanted = START + timedelta(days=30)
    try:
        assert await admin.move_clock(wanted) == wanted
        assert await bare_platform.gateway.now() == await other.now() == wanted
        principal = await other.authenticate(tenant.slug, token)
        async with other.open(principal) as uow:
            assert uow.now == wanted
        assert (await other.system(tenant.id)).now == wanted
    finally:
        assert await admin.reset_clock() == START
    assert await other.now() == START


async def test_the_clock_stands_fast_where_the_installation_says_so(
    bare_platform: TestPlatform, admin: Platform
) -> None:
    fast = replace(admin, may_move_clock=False)
    for attempt in (fast.move_clock(START + timedelta(days=1)), fast.reset_clock()):
        with pytest.raises(AftersalesError) as refusal:
            await attempt
        assert refusal.value.code == "CLOCK_FIXED"
    assert await bare_platform.gateway.now() == START


async def test_a_clock_cant_be_moved_to_a_time_without_zone(admin: Platform) -> None:
    with pytest.raises(AftersalesError) as refusal:
        await admin.move_clock(datetime(2026, 7, 1))  # noqa: DTZ001 - what is refused
    assert refusal.value.code == "INSTANT_NAIVE"


async def test_what_an_admin_does_is_recorded(bare_platform: TestPlatform, admin: Platform) -> None:
    issued = await admin.issue_token("Recorded")
    rows = await bare_platform.pools.system.fetch(
        "select action, data from platform_actions where data ->> 'token' = $1", str(issued.id)
    )
    assert [(row["action"], issued.token in str(row["data"])) for row in rows] == [("platform_token.issued", False)]
