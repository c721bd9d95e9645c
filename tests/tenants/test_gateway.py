"""Who may come in, and as whom."""

from datetime import timedelta

import pytest

from aftersales.kit.errors import AftersalesError
from aftersales_tenants.commands import IssueToken, RevokeToken, TenantState
from aftersales_tenants.models import Member
from tests.fixtures.database import TestPlatform


async def refused(platform: TestPlatform, slug: str, token: str | None) -> str:
    with pytest.raises(AftersalesError) as refusal:
        await platform.gateway.authenticate(slug, token)
    return refusal.value.code


async def test_a_members_token_opens_its_tenant(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant()
    member, token = await tenant.member("dispatcher", "owner", language="en")

    principal = await bare_platform.gateway.authenticate(tenant.slug, token)

    assert (principal.tenant_id, principal.member_id) == (tenant.id, member)
    assert principal.roles == {"dispatcher", "owner"}
    assert principal.language == "en"
    async with bare_platform.gateway.open(principal) as uow:
        assert (await uow.get(Member, member)).roles == ["dispatcher", "owner"]


async def test_one_answer_for_every_token_that_isnt_valid(bare_platform: TestPlatform) -> None:
    ours, theirs = await bare_platform.tenant(), await bare_platform.tenant()
    _, foreign = await theirs.member("owner")
    await ours.member("owner")
    member = (await bare_platform.registry.tenant(ours.slug))["members"][0]
    end = bare_platform.clock.now() + timedelta(hours=1)
    expiring = await bare_platform.registry.issue_token(
        IssueToken(slug=ours.slug, email=member["email"], expires_at=end)
    )
    revoked = await bare_platform.registry.issue_token(IssueToken(slug=ours.slug, email=member["email"]))
    await bare_platform.registry.revoke_token(RevokeToken(slug=ours.slug, token_id=revoked.id))

    bare_platform.clock.move_to(end)
    assert (await bare_platform.gateway.authenticate(ours.slug, expiring.token)).member_id == member["id"]
    bare_platform.clock.advance(timedelta(microseconds=1))
    for token in (None, "", "as_wrong", foreign, revoked.token, expiring.token):
        assert await refused(bare_platform, ours.slug, token) == "UNAUTHENTICATED"


async def test_unknown_suspended_and_archived_tenants_are_closed(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant()
    _, token = await tenant.member("owner")

    assert await refused(bare_platform, "nobody-here", token) == "TENANT_UNKNOWN"
    await bare_platform.registry.suspend(TenantState(slug=tenant.slug))
    assert await refused(bare_platform, tenant.slug, token) == "TENANT_SUSPENDED"
    await bare_platform.registry.resume(TenantState(slug=tenant.slug))
    await bare_platform.gateway.authenticate(tenant.slug, token)
    await bare_platform.registry.archive(TenantState(slug=tenant.slug))
    assert await refused(bare_platform, tenant.slug, token) == "TENANT_ARCHIVED"


async def test_an_exception_leaves_nothing_behind(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant()
    member, _ = await tenant.member("owner")

    async def change_and_fail() -> None:
        async with tenant.work() as uow:
            (await uow.get(Member, member)).name = "changed"
            await uow.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await change_and_fail()

    async with tenant.work() as uow:
        assert (await uow.get(Member, member)).name != "changed"
