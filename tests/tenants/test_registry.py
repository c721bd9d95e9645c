"""What platform admins may do with a tenant, and what is refused."""

from collections.abc import Awaitable
from typing import Any

import pytest

from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer
from aftersales_tenants.commands import (
    AddMember,
    CreateTenant,
    DisableVertical,
    EnableVertical,
    IssueToken,
    RevokeToken,
    TenantState,
    UpdateMember,
    UpdateTenant,
)
from tests.fixtures.database import START, TestPlatform, TestTenant


async def refusal(attempt: Awaitable[Any]) -> tuple[str, str | None]:
    """Code and field of what was refused."""
    with pytest.raises(AftersalesError) as refused:
        await attempt
    return refused.value.code, refused.value.field


async def actions(platform: TestPlatform, tenant: TestTenant) -> list[tuple[str, str]]:
    rows = await platform.pools.system.fetch(
        "select actor, action from platform_actions where subject_tenant_id = $1 order by id", tenant.id
    )
    return [(row["actor"], row["action"]) for row in rows]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"slug": "Über"}, ("SLUG_INVALID", "slug")),
        ({"slug": "-a"}, ("SLUG_INVALID", "slug")),
        ({"slug": "a" * 64}, ("SLUG_INVALID", "slug")),
        ({"slug": ""}, ("SLUG_INVALID", "slug")),
        ({"name": "  "}, ("REQUIRED", "name")),
        ({"name": "x" * 201}, ("TEXT_TOO_LONG", "name")),
        ({"time_zone": "China/Peking"}, ("ZONE_UNKNOWN", "timeZone")),
        ({"language": "fr"}, ("LANGUAGE_UNKNOWN", "language")),
        ({"verticals": {"casino": {}}}, ("VERTICAL_UNKNOWN", "vertical")),
        ({"verticals": {"solar": {"no_such": 1}}}, ("VERTICAL_SETTINGS_INVALID", "settings")),
    ],
)
async def test_a_tenant_that_cant_stand_is_refused(
    platform: TestPlatform, given: dict[str, Any], told: tuple[str, str]
) -> None:
    command = CreateTenant(**{"slug": f"r-{new_id().hex}", "name": "Name", **given})
    assert await refusal(platform.registry.create_tenant(command)) == told


async def test_a_slug_is_given_once(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant()
    command = CreateTenant(slug=tenant.slug, name="Another")
    assert await refusal(bare_platform.registry.create_tenant(command)) == ("TENANT_SLUG_TAKEN", "slug")


async def test_disabling_a_vertical_keeps_its_settings_and_refuses_new_use(platform: TestPlatform) -> None:
    """Given a vertical with settings, when it is disabled and enabled again, then it is as it was."""
    tenant = await platform.tenant({"software_his": {"profile": "hospital"}})
    async with tenant.work() as uow:
        assert uow.scope.enabled("software_his").vertical == "software_his"

    await platform.registry.disable_vertical(DisableVertical(slug=tenant.slug, vertical="software_his"))
    async with tenant.work() as uow:
        with pytest.raises(AftersalesError, match="isn't enabled"):
            uow.scope.enabled("software_his")
        under_way = uow.scope.vertical("software_his")
        assert under_way.grade_scheme is not None  # what is under way goes on by its terms
    again = DisableVertical(slug=tenant.slug, vertical="software_his")
    assert (await refusal(platform.registry.disable_vertical(again)))[0] == "VERTICAL_NOT_ENABLED"

    await platform.registry.enable_vertical(EnableVertical(slug=tenant.slug, vertical="software_his"))
    told = await platform.registry.tenant(tenant.slug)
    assert told["verticals"] == {"software_his": {"profile": "hospital"}}


async def test_refused_settings_change_nothing(platform: TestPlatform) -> None:
    tenant = await platform.tenant({"software_his": {"profile": "hospital"}})
    before = await platform.registry.tenant(tenant.slug)
    command = EnableVertical(slug=tenant.slug, vertical="software_his", settings={"profile": "circus"})
    assert (await refusal(platform.registry.enable_vertical(command)))[0] == "VERTICAL_SETTINGS_INVALID"
    assert await platform.registry.tenant(tenant.slug) == before


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"roles": []}, "VALUE_UNKNOWN"),
        ({"roles": ["emperor"]}, "VALUE_UNKNOWN"),
        ({"email": "nobody"}, "EMAIL_INVALID"),
        ({"roles": ["customer"]}, "REQUIRED"),
        ({"roles": ["dealer"]}, "REQUIRED"),
        ({"roles": ["customer"], "customer_id": new_id()}, "REFERENCE_MISSING"),
        ({"language": "fr"}, "LANGUAGE_UNKNOWN"),
    ],
)
async def test_a_member_that_cant_stand_is_refused(
    bare_platform: TestPlatform, given: dict[str, Any], told: str
) -> None:
    tenant = await bare_platform.tenant()
    member = {"slug": tenant.slug, "name": "Name", "email": "a@example.org", "roles": ["dispatcher"], **given}
    assert (await refusal(bare_platform.registry.add_member(AddMember(**member))))[0] == told
    assert (await bare_platform.registry.tenant(tenant.slug))["members"] == []


async def test_a_customers_member_belongs_to_a_customer_of_the_same_tenant(bare_platform: TestPlatform) -> None:
    ours, theirs = await bare_platform.tenant(), await bare_platform.tenant()
    async with theirs.work() as uow:
        customer = uow.add(Customer(id=new_id(), code="C", name="C", created_at=START))
    given = AddMember(slug=ours.slug, name="N", email="c@example.org", roles=["customer"], customer_id=customer.id)
    assert (await refusal(bare_platform.registry.add_member(given)))[0] == "REFERENCE_MISSING"
    _, token = await theirs.member("customer", customer_id=customer.id)
    principal = await bare_platform.gateway.authenticate(theirs.slug, token)
    assert principal.customer_id == customer.id


async def test_an_address_is_one_members_whatever_its_case(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant()
    given = {"slug": tenant.slug, "name": "N", "roles": ["owner"]}
    await bare_platform.registry.add_member(AddMember(email="One@Example.org", **given))  # type: ignore[arg-type]
    again = AddMember(email="one@example.ORG", **given)  # type: ignore[arg-type]
    assert await refusal(bare_platform.registry.add_member(again)) == ("MEMBER_EMAIL_TAKEN", "email")


async def test_only_the_digest_of_a_token_is_kept(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant()
    _, token = await tenant.member("owner")
    assert len(token) > 40
    kept = await bare_platform.pools.system.fetch("select * from api_tokens where tenant_id = $1", tenant.id)
    assert [str(value) for row in kept for value in row.values() if token in str(value)] == []


async def test_a_token_of_another_tenant_cant_be_revoked(bare_platform: TestPlatform) -> None:
    ours, theirs = await bare_platform.tenant(), await bare_platform.tenant()
    _, token = await theirs.member("owner")
    [kept] = (await bare_platform.registry.tenant(theirs.slug))["tokens"]
    command = RevokeToken(slug=ours.slug, token_id=kept["id"])
    assert (await refusal(bare_platform.registry.revoke_token(command)))[0] == "NOT_FOUND"
    await bare_platform.gateway.authenticate(theirs.slug, token)


async def test_a_token_for_nobody_or_for_the_past_is_refused(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant()
    await tenant.member("owner")
    [member] = (await bare_platform.registry.tenant(tenant.slug))["members"]
    nobody = IssueToken(slug=tenant.slug, email="nobody@example.org")
    assert await refusal(bare_platform.registry.issue_token(nobody)) == ("NOT_FOUND", "email")
    past = IssueToken(slug=tenant.slug, email=member["email"], expires_at=bare_platform.clock.now())
    assert (await refusal(bare_platform.registry.issue_token(past)))[1] == "expiresAt"


async def test_a_members_changes_hold_from_the_next_request_on(bare_platform: TestPlatform) -> None:
    """Given a member with a token, when its roles change or it becomes inactive, then the same token says so."""
    tenant = await bare_platform.tenant()
    _, token = await tenant.member("dispatcher")
    [member] = (await bare_platform.registry.tenant(tenant.slug))["members"]

    async def update(**changes: Any) -> None:
        await bare_platform.registry.update_member(UpdateMember(slug=tenant.slug, email=member["email"], **changes))

    await update(roles=["finance"], language="en")
    principal = await bare_platform.gateway.authenticate(tenant.slug, token)
    assert principal.roles == {"finance"}
    assert principal.language == "en"
    await update(state="inactive")
    assert (await refusal(bare_platform.gateway.authenticate(tenant.slug, token)))[0] == "UNAUTHENTICATED"
    await update(state="active")
    await bare_platform.gateway.authenticate(tenant.slug, token)

    for changes, told in (
        ({"roles": ["customer"]}, ("REQUIRED", "customerId")),
        ({"roles": []}, ("VALUE_UNKNOWN", "roles")),
        ({"state": "asleep"}, ("VALUE_UNKNOWN", "state")),
        ({"language": "fr"}, ("LANGUAGE_UNKNOWN", "language")),
    ):
        assert await refusal(update(**changes)) == told
    assert (await bare_platform.gateway.authenticate(tenant.slug, token)).roles == {"finance"}


async def test_nothing_leads_out_of_the_archive(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant()
    command = TenantState(slug=tenant.slug, reason="ended")
    await bare_platform.registry.archive(command)
    for step in (bare_platform.registry.resume, bare_platform.registry.suspend, bare_platform.registry.archive):
        assert (await refusal(step(command)))[0] == "TENANT_STATE_REFUSED"


async def test_every_action_is_recorded_with_who_did_it(platform: TestPlatform) -> None:
    tenant = await platform.tenant()
    await platform.registry.update_tenant(UpdateTenant(slug=tenant.slug, name="New name"))
    await platform.registry.enable_vertical(EnableVertical(slug=tenant.slug, vertical="solar"))
    await tenant.member("owner")
    await platform.registry.suspend(TenantState(slug=tenant.slug))

    recorded = await actions(platform, tenant)
    assert {actor for actor, _ in recorded} == {"platform_admin"}
    assert [action for _, action in recorded] == [
        "tenant.created", "tenant.updated", "vertical.enabled", "member.added", "token.issued", "tenant.suspended",
    ]  # fmt: skip


async def test_a_refused_action_is_not_recorded(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant()
    command = AddMember(slug=tenant.slug, name="N", email="c@example.org", roles=["customer"], customer_id=new_id())
    await refusal(bare_platform.registry.add_member(command))
    assert [action for _, action in await actions(bare_platform, tenant)] == ["tenant.created"]


async def test_an_admin_at_work_doesnt_hold_up_the_tenant(bare_platform: TestPlatform) -> None:
    """Given an admin's open change of a tenant, when the tenant writes, then it needn't wait.

    Every row refers to its tenant, so a stronger lock on that row would stop every insert.
    """
    tenant = await bare_platform.tenant()
    registry = bare_platform.registry
    async with registry._work(tenant.slug) as admin:
        await admin.connection.execute("update tenants set name = 'x' where id = $1", tenant.id)
        async with tenant.work() as uow:
            await uow.connection.execute("set local lock_timeout = '2s'")
            uow.add(Customer(id=new_id(), code="C", name="C", created_at=START))
    async with tenant.work() as uow:
        assert await uow.connection.fetchval("select count(*) from customers") == 1
