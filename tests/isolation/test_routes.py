"""Every HTTP route below a tenant's address: without a token, with one that was closed, with another's."""

from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import pytest
from litestar import Litestar

from aftersales.kit import blobs
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer, ServiceUnit
from aftersales.plugins.registry import Registry
from aftersales_graphql.composition import parts_for
from aftersales_graphql.gateway import Gateway
from aftersales_graphql.http import graphql_handlers
from aftersales_graphql.machine.relay import encode_id
from aftersales_graphql.tables import table_handlers
from aftersales_server.asgi import create_app
from aftersales_server.feeds import feed_handler
from aftersales_server.files import file_handlers
from aftersales_server.settings import Settings
from aftersales_tenants.commands import TenantState, UpdateMember
from tests.fixtures.database import START, TestPlatform, TestTenant

BELOW_A_TENANT = "/t/{tenant}/"
ROUTES: dict[str, tuple[str, str, dict[str, str]]] = {
    "/t/{tenant}/files": ("POST", "files", {"of": encode_id("Customer", new_id()), "name": "a.txt"}),
    "/t/{tenant}/files/{file_id}": ("GET", f"files/{encode_id('StoredFile', new_id())}", {}),
    "/t/{tenant}/records/{record_id}/print": ("GET", f"records/{encode_id('ServiceRecord', new_id())}/print", {}),
    "/t/{tenant}/imports": ("POST", "imports", {"kind": "customers"}),
    "/t/{tenant}/imports/templates/{name}": ("GET", "imports/templates/customers.csv", {}),
    "/t/{tenant}/exports/{name}": ("GET", "exports/customers.csv", {}),
    "/t/{tenant}/exports/files/{export_id}": ("GET", f"exports/files/{encode_id('DataExport', new_id())}", {}),
    "/t/{tenant}/plans/document.docx": ("GET", "plans/document.docx", {"vertical": "solar"}),
}
"""By the path of each route that wants a token, something to ask of it."""
OTHERWISE_GUARDED = {
    "/t/{tenant}/graphql": "tests/api looks at it through every root",
    "/t/{tenant}/feeds/{name}": "the address is the secret; see tests/feeds",
}
BODY = b"code,name\nK1,One\n"


@pytest.fixture(autouse=True)
def storage() -> None:
    blobs.use(blobs.Blobs.at("memory://"))


@pytest.fixture
async def browser(platform: TestPlatform, installed_verticals: Registry) -> AsyncIterator[httpx.AsyncClient]:
    """All routes over one platform, with a share of three requests a minute for each tenant."""
    door: Any = platform.gateway
    gateway = Gateway(
        parts_for=parts_for(installed_verticals), authenticate=door.authenticate, open_unit_of_work=door.open,
        requests_per_minute=3,
    )  # fmt: skip
    handlers = [
        *graphql_handlers(gateway), *file_handlers(gateway, limit=1_000), *table_handlers(gateway),
        feed_handler(lambda: platform.gateway),
    ]  # fmt: skip
    app = Litestar(handlers, openapi_config=None, logging_config=None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(cast(Any, app)), base_url="http://test") as client:
        yield client


@pytest.fixture
async def tenant(platform: TestPlatform) -> TestTenant:
    return await platform.tenant({"solar": {}})


async def ask(browser: httpx.AsyncClient, slug: str, route: str, token: str | None) -> httpx.Response:
    method, path, params = ROUTES[route]
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    content = BODY if method == "POST" else None
    return await browser.request(method, f"/t/{slug}/{path}", params=params, content=content, headers=headers)


def code(answer: httpx.Response) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])


def test_every_route_of_the_application_is_looked_at(settings: Settings) -> None:
    """Given the application, then each route below a tenant's address stands in one of the two lists above."""
    found = {route.path_format for route in create_app(settings).routes if BELOW_A_TENANT in f"{route.path_format}/"}
    assert found == {*ROUTES, *OTHERWISE_GUARDED}


@pytest.mark.parametrize("route", ROUTES)
async def test_nobody_else_gets_in(
    browser: httpx.AsyncClient, platform: TestPlatform, tenant: TestTenant, route: str
) -> None:
    """Given no token, a wrong one, another tenant's, one whose member left: the same 401, and nothing is written."""
    stranger = await platform.tenant({"solar": {}})
    foreign = (await stranger.member("owner"))[1]
    member_id, left = await tenant.member("owner")
    async with tenant.work() as uow:
        email = await uow.connection.fetchval("select email from members where id = $1", member_id)
    await platform.registry.update_member(UpdateMember(slug=tenant.slug, email=email, state="inactive"))
    answers = [await ask(browser, tenant.slug, route, token) for token in (None, "x" * 43, foreign, left)]
    assert [(answer.status_code, code(answer)) for answer in answers] == [(401, "UNAUTHENTICATED")] * 4
    assert len({answer.text for answer in answers}) == 1
    for table in ("stored_files", "data_imports"):
        async with tenant.work() as uow:
            assert await uow.connection.fetchval(f"select count(*) from {table}") == 0


@pytest.mark.parametrize("route", ROUTES)
async def test_a_suspended_or_unknown_tenant_serves_nothing(
    browser: httpx.AsyncClient, platform: TestPlatform, tenant: TestTenant, route: str
) -> None:
    token = (await tenant.member("owner"))[1]
    assert (await ask(browser, "nobody-here", route, token)).status_code == 404
    await platform.registry.suspend(TenantState(slug=tenant.slug))
    answer = await ask(browser, tenant.slug, route, token)
    assert (answer.status_code, code(answer)) == (403, "TENANT_SUSPENDED")


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("role", ["customer", "dealer"])
async def test_outsiders_get_nothing_of_the_house(
    browser: httpx.AsyncClient, tenant: TestTenant, role: str, route: str
) -> None:
    """Given a customer's or a dealer's token, then tables and offers are refused, and foreign ids lead nowhere."""
    async with tenant.work() as uow:
        customer = uow.add(Customer(id=new_id(), code="C", name="C", created_at=START))
        unit = uow.add(ServiceUnit(id=new_id(), code="U", name="U", kind="dealer"))
    own: dict[str, Any] = {"customer_id": customer.id} if role == "customer" else {"service_unit_id": unit.id}
    token = (await tenant.member(role, **own))[1]
    answer = await ask(browser, tenant.slug, route, token)
    assert (answer.status_code, code(answer)) in {(403, "FORBIDDEN"), (404, "NOT_FOUND")}, answer.text


@pytest.mark.parametrize("route", ROUTES)
async def test_every_route_counts_towards_the_tenants_share(
    browser: httpx.AsyncClient, tenant: TestTenant, route: str
) -> None:
    """Given three requests a minute, when more come by any route, then they are too many."""
    token = (await tenant.member("owner"))[1]
    answers = [await ask(browser, tenant.slug, route, token) for _ in range(6)]
    late = [answer for answer in answers if answer.status_code == 429]
    assert late
    assert {code(answer) for answer in late} == {"RATE_LIMITED"}
    assert answers[0].status_code != 429
