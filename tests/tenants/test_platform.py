"""Platform admins' tokens and the development clock."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aftersales.kit.actor import Actor
from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales_tenants.platform import Platform
from tests.fixtures.database import TestPlatform


@pytest.fixture
async def admin(bare_platform: TestPlatform) -> AsyncIterator[Platform]:
    """A platform admin where the clock may be moved; it is reset afterwards, since the offset is everybody's."""
    actor = Actor(kind="platform_admin", name="tests")
    platform = Platform(bare_platform.pools, bare_platform.clock, actor, may_move_clock=True)
    try:
        yield platform
    finally:
        await platform.reset_clock()


async def refused(platform: TestPlatform, token: str | None) -> str:
    with pytest.raises(AftersalesError) as refusal:
        await platform.gateway.authenticate_platform(token)
    return refusal.value.code


async def test_a_platform_token_opens_the_platform_until_it_is_revoked(
    bare_platform: TestPlatform, admin: Platform
) -> None:
    issued = await admin.issue_token("Wang")
    principal = await bare_platform.gateway.authenticate_platform(issued.token)
    assert (principal.actor.kind, principal.actor.name, principal.now) == (
        "platform_admin", "Wang", bare_platform.clock.now(),
    )  # fmt: skip
    await admin.revoke_token(issued.id)
    assert await refused(bare_platform, issued.token) == "UNAUTHENTICATED"
    with pytest.raises(AftersalesError) as refusal:
        await admin.revoke_token(new_id())
    assert refusal.value.code == "NOT_FOUND"


async def test_a_platform_token_is_valid_until_its_last_instant(bare_platform: TestPlatform, admin: Platform) -> None:
    end = bare_platform.clock.now() + timedelta(hours=1)
    issued = await admin.issue_token("Wang", end)
    bare_platform.clock.move_to(end)
    await bare_platform.gateway.authenticate_platform(issued.token)
    bare_platform.clock.advance(timedelta(microseconds=1))
    assert await refused(bare_platform, issued.token) == "UNAUTHENTICATED"
    with pytest.raises(AftersalesError) as refusal:
        await admin.issue_token("Wang", end)
    assert refusal.value.code == "PERIOD_INVERTED"


async def test_a_tenants_token_doesnt_open_the_platform_nor_the_other_way_round(
    bare_platform: TestPlatform, admin: Platform
) -> None:
    tenant = await bare_platform.tenant()
    _, token = await tenant.member("owner")
    issued = await admin.issue_token("Wang")
    for wrong in (token, None, "", "asp_wrong"):
        assert await refused(bare_platform, wrong) == "UNAUTHENTICATED"
    with pytest.raises(AftersalesError) as refusal:
        await bare_platform.gateway.authenticate(tenant.slug, issued.token)
    assert refusal.value.code == "UNAUTHENTICATED"


async def test_the_clock_moves_for_every_process_and_back(bare_platform: TestPlatform, admin: Platform) -> None:
    tenant = await bare_platform.tenant()
    _, token = await tenant.member("owner")
    later = bare_platform.clock.now() + timedelta(days=40)
    assert await admin.move_clock(later) == later
    assert await bare_platform.gateway.now() == later
    assert (await bare_platform.gateway.authenticate(tenant.slug, token)).now == later
    assert (await bare_platform.gateway.system(tenant.id)).now == later
    await admin.reset_clock()
    assert await bare_platform.gateway.now() == bare_platform.clock.now()


async def test_where_the_clock_is_fixed_nobody_moves_it(bare_platform: TestPlatform, admin: Platform) -> None:
    production = replace(admin, may_move_clock=False)
    for attempt in (production.move_clock(bare_platform.clock.now()), production.reset_clock()):
        with pytest.raises(AftersalesError) as refusal:
            await attempt
        assert refusal.value.code == "CLOCK_FIXED"


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("2026-06-11T09:00:00", "INSTANT_NAIVE"),
        ("9999-12-31T23:59:59-08:00", "INSTANT_IMPOSSIBLE"),
        ("0001-01-01T00:00:00+08:00", "INSTANT_IMPOSSIBLE"),
        ("2900-01-01T00:00:00+00:00", "INSTANT_IMPOSSIBLE"),
    ],
)
async def test_the_clock_shows_no_time_that_cant_be_counted_from(
    bare_platform: TestPlatform, admin: Platform, to: str, code: str
) -> None:
    with pytest.raises(AftersalesError) as refusal:
        await admin.move_clock(datetime.fromisoformat(to))
    assert refusal.value.code == code
    assert await bare_platform.gateway.now() == bare_platform.clock.now()
