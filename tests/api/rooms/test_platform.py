"""The platform admins' API: provisioning from nothing to the first answer, and what it refuses."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from aftersales.kit.actor import Actor
from aftersales.kit.clock import SystemClock
from aftersales_tenants.platform import Platform
from tests.fixtures.database import TestPlatform

ERRORS = "userErrors { code field message }"


class Admin:
    """A platform admin who asks the running application."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self.client = client
        self.headers = {"authorization": f"Bearer {token}", "accept-language": "en"}

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = await self.client.post(
            "/platform/graphql", json={"query": query, "variables": variables}, headers=self.headers
        )
        assert "errors" not in answer.json(), answer.json()
        data: dict[str, Any] = answer.json()["data"]
        return data

    async def do(self, mutation: str, type_name: str, select: str, **given: Any) -> dict[str, Any]:
        text = f"mutation ($input: {type_name}!) {{ {mutation}(input: $input) {{ {ERRORS} {select} }} }}"
        payload: dict[str, Any] = (await self.ask(text, input=given))[mutation]
        return payload


@pytest.fixture
async def admin(port: int, platform: TestPlatform) -> AsyncIterator[Admin]:
    """An admin of the real application; the development clock stands right again afterwards."""
    there = Platform(platform.pools, SystemClock(), Actor(kind="platform_admin", name="tests"), may_move_clock=True)
    issued = await there.issue_token("tests")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        yield Admin(client, issued.token)
    await there.reset_clock()


async def test_a_tenant_is_provisioned_and_answers(admin: Admin) -> None:
    """Given nothing, when an admin makes a tenant, a vertical, a member and a token, then the member asks its API."""
    made = await admin.do(
        "createTenant", "CreateTenantInput", "tenant { slug state verticals }", slug="new-company", name="New",
        language="en",
    )  # fmt: skip
    assert made == {"userErrors": [], "tenant": {"slug": "new-company", "state": "active", "verticals": {}}}
    enabled = await admin.do(
        "enableVertical", "EnableVerticalInput", "tenant { verticals settingsVersion }", slug="new-company",
        vertical="solar", settings={},
    )  # fmt: skip
    assert list(enabled["tenant"]["verticals"]) == ["solar"]
    member = await admin.do(
        "addMember", "AddMemberInput", "memberId", slug="new-company", name="Ann", email="ann@example.org",
        roles=["owner"],
    )  # fmt: skip
    assert member["memberId"]
    issued = await admin.do(
        "issueToken", "IssueTokenInput", "tokenId token", slug="new-company", email="ann@example.org"
    )
    asked = {"query": "{ viewer { roles member { name } } tenant { verticals } }"}
    headers = {"authorization": f"Bearer {issued['token']}"}
    answer = await admin.client.post("/t/new-company/graphql", json=asked, headers=headers)
    assert answer.json()["data"] == {
        "viewer": {"roles": ["owner"], "member": {"name": "Ann"}}, "tenant": {"verticals": ["solar"]}
    }  # fmt: skip
    seen = await admin.ask('{ tenant(slug: "new-company") { members { name roles } tokens { memberName revokedAt } } }')
    assert seen["tenant"] == {
        "members": [{"name": "Ann", "roles": ["owner"]}], "tokens": [{"memberName": "Ann", "revokedAt": None}]
    }  # fmt: skip
    await admin.do("revokeToken", "RevokeTokenInput", "tokenId", slug="new-company", tokenId=issued["tokenId"])
    assert (await admin.client.post("/t/new-company/graphql", json=asked, headers=headers)).status_code == 401


async def test_states_follow_each_other(admin: Admin) -> None:
    """Given a tenant, when it is suspended, resumed, archived and resumed, then the last is refused."""
    await admin.do("createTenant", "CreateTenantInput", "", slug="moving", name="Moving")
    for mutation, state in (("suspendTenant", "suspended"), ("resumeTenant", "active"), ("archiveTenant", "archived")):
        moved = await admin.do(mutation, "TenantStateInput", "tenant { state }", slug="moving", reason="a test")
        assert moved == {"userErrors": [], "tenant": {"state": state}}
    refused = await admin.do("resumeTenant", "TenantStateInput", "tenant { state }", slug="moving", reason="a test")
    assert refused["tenant"] is None
    assert refused["userErrors"][0]["code"] == "TENANT_STATE_REFUSED"


CREATE, ENABLE = ("createTenant", "CreateTenantInput"), ("enableVertical", "EnableVerticalInput")
ISSUE, REVOKE = ("issueToken", "IssueTokenInput"), ("revokeToken", "RevokeTokenInput")


@pytest.mark.parametrize(
    ("mutation", "given", "code", "field"),
    [
        (CREATE, {"slug": "No Blank", "name": "N"}, "SLUG_INVALID", "slug"),
        (CREATE, {"slug": "zone", "name": "N", "timeZone": "Mars/A"}, "ZONE_UNKNOWN", "timeZone"),
        (CREATE, {"slug": "tongue", "name": "N", "language": "fr"}, "LANGUAGE_UNKNOWN", "language"),
        (ENABLE, {"slug": "nobody", "vertical": "solar"}, "TENANT_UNKNOWN", "slug"),
        (ISSUE, {"slug": "nobody", "email": "a@example.org"}, "TENANT_UNKNOWN", "slug"),
        (REVOKE, {"slug": "nobody", "tokenId": "x"}, "ID_MALFORMED", "tokenId"),
    ],
)
async def test_bad_input_is_refused(
    admin: Admin, mutation: tuple[str, str], given: dict[str, Any], code: str, field: str
) -> None:
    """Given input that can't be right, when an admin sends it, then code and field name it and no tenant is made."""
    before = await admin.ask("{ tenants { slug settingsVersion } }")
    [error] = (await admin.do(*mutation, "", **given))["userErrors"]
    assert (error["code"], error["field"]) == (code, field)
    assert await admin.ask("{ tenants { slug settingsVersion } }") == before


async def test_the_clock_is_moved_and_put_right(admin: Admin) -> None:
    """Given a development clock, when an admin moves it by a day, then the platform's now follows until it is reset."""
    now = SystemClock().now()
    moved = await admin.do("moveClock", "MoveClockInput", "now", to=(now + timedelta(days=1)).isoformat())
    assert moved["userErrors"] == []
    later = (await admin.ask("{ clock { now movable } }"))["clock"]
    assert later["movable"]
    assert later["now"] > (now + timedelta(hours=23)).isoformat()
    await admin.ask("mutation { resetClock { now } }")
    assert (await admin.ask("{ clock { now } }"))["clock"]["now"] < (now + timedelta(hours=23)).isoformat()


async def test_a_tenants_token_opens_nothing_here(admin: Admin, platform: TestPlatform) -> None:
    """Given an owner's token of a tenant, when it is used at the platform's address, then it is refused."""
    tenant = await platform.tenant({})
    _, token = await tenant.member("owner")
    stranger = Admin(admin.client, token)
    answer = await stranger.client.post(
        "/platform/graphql", json={"query": "{ tenants { slug } }"}, headers=stranger.headers
    )
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
