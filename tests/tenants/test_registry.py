"""What platform admins may ask of the registry, and what a refusal leaves behind: nothing."""

from typing import Any

import pytest

from aftersales.kit.actor import Actor
from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer, ServiceUnit
from aftersales_tenants.commands import (
    AddMember,
    CreateTenant,
    DisableVertical,
    EnableVertical,
    IssueToken,
    RevokeToken,
    TenantState,
    UpdateTenant,
)
from tests.fixtures.database import TestPlatform, TestTenant

TABLES = ("tenants", "tenant_verticals", "members", "api_tokens", "platform_actions")


async def contents(platform: TestPlatform) -> dict[str, str]:
    """A digest of every table of the registry."""
    async with platform.pools.system.acquire() as connection:
        return {
            table: await connection.fetchval(
                f"select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from {table} t"
            )
            for table in TABLES
        }


async def refused(platform: TestPlatform, operation: str, command: Any) -> tuple[str, str | None]:
    """Code and field of the refusal of an operation that wrote nothing."""
    before = await contents(platform)
    with pytest.raises(AftersalesError) as refusal:
        await getattr(platform.registry, operation)(command)
    assert await contents(platform) == before
    assert refusal.value.message("zh-CN") != refusal.value.message("en")
    return refusal.value.code, refusal.value.field


async def actions(tenant: TestTenant) -> list[str]:
    async with tenant.platform.pools.system.acquire() as connection:
        rows = await connection.fetch(
            "select action from platform_actions where subject_tenant_id = $1 order by id", tenant.id
        )
    return [row["action"] for row in rows]


async def version(tenant: TestTenant) -> int:
    found: int = (await tenant.platform.registry.tenant(tenant.slug))["settings_version"]
    return found


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"slug": "Upper"}, "SLUG_INVALID", "slug"),
        ({"slug": "-edge"}, "SLUG_INVALID", "slug"),
        ({"slug": "edge-"}, "SLUG_INVALID", "slug"),
        ({"slug": "a" * 64}, "SLUG_INVALID", "slug"),
        ({"slug": "two words"}, "SLUG_INVALID", "slug"),
        ({"slug": "line\n"}, "SLUG_INVALID", "slug"),
        ({"slug": ""}, "SLUG_INVALID", "slug"),
        ({"name": "  "}, "REQUIRED", "name"),
        ({"name": "x" * 201}, "TEXT_TOO_LONG", "name"),
        ({"name": "a\x00b"}, "TEXT_INVALID", "name"),
        ({"hotline": "4" * 51}, "TEXT_TOO_LONG", "hotline"),
        ({"time_zone": "Mars/Base"}, "ZONE_UNKNOWN", "timeZone"),
        ({"time_zone": "../etc/passwd"}, "ZONE_UNKNOWN", "timeZone"),
        ({"language": "tlh"}, "LANGUAGE_UNKNOWN", "language"),
        ({"verticals": {"no_such": {}}}, "VERTICAL_UNKNOWN", "vertical"),
        ({"verticals": {"software_his": {"profile": "no_such"}}}, "VERTICAL_SETTINGS_INVALID", "settings"),
        ({"verticals": {"solar": {}, "software_his": {"profile": 7}}}, "VERTICAL_SETTINGS_INVALID", "settings"),
    ],
)
async def test_a_tenant_that_cant_be_is_refused(
    platform: TestPlatform, given: dict[str, Any], code: str, field: str
) -> None:
    command = CreateTenant(**{"slug": "good", "name": "Good", **given})
    assert await refused(platform, "create_tenant", command) == (code, field)


async def test_a_slug_is_taken_once(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant()
    assert await refused(bare_platform, "create_tenant", CreateTenant(slug=tenant.slug, name="Copy")) == (
        "TENANT_SLUG_TAKEN",
        "slug",
    )


async def test_a_new_tenant_is_what_was_asked_for(platform: TestPlatform) -> None:
    tenant = await platform.tenant({"solar": {}}, time_zone="Europe/Berlin", language="en", hotline=" 400 1 ")
    told = await platform.registry.tenant(tenant.slug)
    assert (told["state"], told["time_zone"], told["language"], told["hotline"]) == (
        "active", "Europe/Berlin", "en", "400 1",
    )  # fmt: skip
    assert (told["verticals"], told["disabled_verticals"], told["members"]) == ({"solar": {}}, [], [])
    assert await actions(tenant) == ["tenant.created"]
    listed = {one["slug"]: one["verticals"] for one in await platform.registry.tenants()}
    assert listed[tenant.slug] == {"solar": {}}


async def test_an_update_changes_what_it_names_and_raises_the_settings_version(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant(time_zone="Europe/Berlin")
    before = await version(tenant)
    await bare_platform.registry.update_tenant(UpdateTenant(slug=tenant.slug, name="New name", hotline=""))
    told = await bare_platform.registry.tenant(tenant.slug)
    assert (told["name"], told["time_zone"], told["hotline"]) == ("New name", "Europe/Berlin", None)
    assert await version(tenant) == before + 1
    for given, code in (({"time_zone": "Mars"}, "ZONE_UNKNOWN"), ({"language": "x"}, "LANGUAGE_UNKNOWN")):
        assert (await refused(bare_platform, "update_tenant", UpdateTenant(slug=tenant.slug, **given)))[0] == code  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("operation", "command"),
    [
        ("update_tenant", UpdateTenant(slug="nobody", name="x")),
        ("suspend", TenantState(slug="nobody")),
        ("enable_vertical", EnableVertical(slug="nobody", vertical="solar")),
        ("disable_vertical", DisableVertical(slug="nobody", vertical="solar")),
        ("add_member", AddMember(slug="nobody", name="x", email="x@example.org", roles=["owner"])),
        ("issue_token", IssueToken(slug="nobody", email="x@example.org")),
        ("revoke_token", RevokeToken(slug="nobody", token_id=new_id())),
    ],
)
async def test_of_an_unknown_tenant_nothing_can_be_asked(platform: TestPlatform, operation: str, command: Any) -> None:
    assert (await refused(platform, operation, command))[0] == "TENANT_UNKNOWN"


async def test_a_tenant_is_suspended_resumed_and_archived_for_good(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant()
    state = TenantState(slug=tenant.slug, reason="unpaid")
    registry = bare_platform.registry
    assert (await refused(bare_platform, "resume", state))[0] == "TENANT_STATE_REFUSED"
    await registry.suspend(state)
    assert (await refused(bare_platform, "suspend", state))[0] == "TENANT_STATE_REFUSED"
    await registry.resume(state)
    await registry.archive(state)
    for operation in ("suspend", "resume", "archive"):
        assert (await refused(bare_platform, operation, state))[0] == "TENANT_STATE_REFUSED"
    assert await actions(tenant) == ["tenant.created", "tenant.suspended", "tenant.active", "tenant.archived"]


async def test_refused_settings_leave_the_old_ones_in_force(platform: TestPlatform) -> None:
    tenant = await platform.tenant({"software_his": {"profile": "hospital"}})
    command = EnableVertical(slug=tenant.slug, vertical="software_his", settings={"profile": "no_such"})
    assert (await refused(platform, "enable_vertical", command))[0] == "VERTICAL_SETTINGS_INVALID"
    unknown = EnableVertical(slug=tenant.slug, vertical="no_such", settings={})
    assert (await refused(platform, "enable_vertical", unknown))[0] == "VERTICAL_UNKNOWN"


async def test_disabling_a_vertical_keeps_settings_and_data_and_refuses_new_use(platform: TestPlatform) -> None:
    tenant = await platform.tenant({"software_his": {"profile": "hospital"}, "solar": {}})
    async with tenant.work() as uow:
        customer = uow.add(Customer(id=new_id(), code="C", name="Hospital", created_at=uow.now))
    disable = DisableVertical(slug=tenant.slug, vertical="software_his")
    await platform.registry.disable_vertical(disable)
    assert (await refused(platform, "disable_vertical", disable))[0] == "VERTICAL_NOT_ENABLED"
    told = await platform.registry.tenant(tenant.slug)
    assert (told["verticals"], told["disabled_verticals"]) == ({"solar": {}}, ["software_his"])
    async with tenant.work() as uow:
        assert (await uow.get(Customer, customer.id)).name == "Hospital"
        with pytest.raises(AftersalesError) as refusal:
            uow.scope.vertical("software_his")
        assert refusal.value.code == "VERTICAL_NOT_ENABLED"
    await platform.registry.enable_vertical(EnableVertical(slug=tenant.slug, vertical="software_his"))
    told = await platform.registry.tenant(tenant.slug)
    assert told["verticals"]["software_his"] == {"profile": "hospital"}, "the settings that it had"


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"name": " "}, "REQUIRED", "name"),
        ({"email": "no-address"}, "EMAIL_INVALID", "email"),
        ({"email": "two@@example.org x@y.z"}, "EMAIL_INVALID", "email"),
        ({"roles": []}, "VALUE_UNKNOWN", "roles"),
        ({"roles": ["owner", "emperor"]}, "VALUE_UNKNOWN", "roles"),
        ({"roles": ["customer"]}, "REQUIRED", "customerId"),
        ({"roles": ["dealer"]}, "REQUIRED", "serviceUnitId"),
        ({"language": "tlh"}, "LANGUAGE_UNKNOWN", "language"),
        ({"roles": ["customer"], "customer_id": new_id()}, "REFERENCE_MISSING", None),
    ],
)
async def test_a_member_that_cant_be_is_refused(
    bare_platform: TestPlatform, given: dict[str, Any], code: str, field: str | None
) -> None:
    tenant = await bare_platform.tenant()
    command = AddMember(**{"slug": tenant.slug, "name": "Li", "email": "li@example.org", "roles": ["owner"], **given})
    assert await refused(bare_platform, "add_member", command) == (code, field)


async def test_an_address_belongs_to_one_member_whatever_its_case(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant()
    await bare_platform.registry.add_member(
        AddMember(slug=tenant.slug, name="Li", email="Li@Example.org", roles=["owner"])
    )
    again = AddMember(slug=tenant.slug, name="Li", email="lI@example.ORG", roles=["engineer"])
    assert await refused(bare_platform, "add_member", again) == ("MEMBER_EMAIL_TAKEN", "email")


async def test_a_customers_member_of_another_tenant_cant_be_made(bare_platform: TestPlatform) -> None:
    ours, theirs = await bare_platform.tenant(), await bare_platform.tenant()
    async with theirs.work() as uow:
        customer = uow.add(Customer(id=new_id(), code="C", name="Theirs", created_at=uow.now))
        unit = uow.add(ServiceUnit(id=new_id(), code="U", name="Theirs", kind="dealer", level=1))
    for roles, given in ((["customer"], {"customer_id": customer.id}), (["dealer"], {"service_unit_id": unit.id})):
        command = AddMember(slug=ours.slug, name="Spy", email="spy@example.org", roles=roles, **given)
        assert (await refused(bare_platform, "add_member", command))[0] == "REFERENCE_MISSING"


async def test_tokens_are_shown_once_and_never_kept(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant()
    _, token = await tenant.member("owner")
    told = await bare_platform.registry.tenant(tenant.slug)
    assert token not in str(told)
    assert "digest" not in told["tokens"][0]
    async with bare_platform.pools.system.acquire() as connection:
        stored = await connection.fetch("select t::text as row from api_tokens t where tenant_id = $1", tenant.id)
    assert [token in row["row"] for row in stored] == [False]


async def test_a_token_needs_a_member_and_a_time_to_live(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant()
    await tenant.member("owner")
    email = (await bare_platform.registry.tenant(tenant.slug))["members"][0]["email"]
    over = IssueToken(slug=tenant.slug, email=email, expires_at=bare_platform.clock.now())
    assert await refused(bare_platform, "issue_token", over) == ("PERIOD_INVERTED", "expiresAt")
    naive = IssueToken(slug=tenant.slug, email=email, expires_at=bare_platform.clock.now().replace(tzinfo=None))
    assert await refused(bare_platform, "issue_token", naive) == ("INSTANT_NAIVE", "expiresAt")
    nobody = IssueToken(slug=tenant.slug, email="nobody@example.org")
    assert await refused(bare_platform, "issue_token", nobody) == ("NOT_FOUND", "email")


async def test_another_tenants_token_cant_be_revoked(bare_platform: TestPlatform) -> None:
    ours, theirs = await bare_platform.tenant(), await bare_platform.tenant()
    _, token = await theirs.member("owner")
    token_id = (await bare_platform.registry.tenant(theirs.slug))["tokens"][0]["id"]
    assert (await refused(bare_platform, "revoke_token", RevokeToken(slug=ours.slug, token_id=token_id)))[
        0
    ] == "NOT_FOUND"
    assert (await bare_platform.gateway.authenticate(theirs.slug, token)).actor == Actor(
        kind="member", id=(await bare_platform.registry.tenant(theirs.slug))["members"][0]["id"],
        name=f"owner of {theirs.slug}", roles=frozenset({"owner"}),
    )  # fmt: skip
