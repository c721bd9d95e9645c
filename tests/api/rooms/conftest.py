"""The API over real tenants."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import uvicorn

from aftersales.plugins.registry import Registry
from aftersales_server.asgi import create_app
from aftersales_server.settings import Settings
from aftersales_tenants.pools import Pools
from tests.api.rooms.api import EVERYTHING, Api, Caller, Tables
from tests.fixtures.database import TestPlatform, TestTenant

START_LIMIT_SECONDS = 10.0
MakeCaller = Callable[..., Awaitable[Caller]]


@pytest.fixture(scope="session")
async def session_api(installed_verticals: Registry) -> AsyncIterator[Api]:
    made = Api(installed_verticals)
    yield made
    await made.client.aclose()


@pytest.fixture
def rooms(session_api: Api, platform: TestPlatform) -> Api:
    """The API over this test's platform."""
    session_api.platform = platform
    session_api.statements.clear()
    session_api.feed = None
    return session_api


@pytest.fixture
def tables(pools: Pools) -> Tables:
    return Tables(pools.system)


@pytest.fixture
async def company(platform: TestPlatform) -> TestTenant:
    """A tenant with all four verticals."""
    return await platform.tenant({name: {} for name in EVERYTHING})


@pytest.fixture
def caller(rooms: Api) -> MakeCaller:
    """Make a member of a tenant who asks: `await caller(tenant, "dispatcher")`."""

    async def make(tenant: TestTenant, *roles: str, **more: Any) -> Caller:
        _, token = await tenant.member(*roles, **more)
        return Caller(rooms, tenant, token)

    return make


@pytest.fixture
async def owner(caller: MakeCaller, company: TestTenant) -> Caller:
    return await caller(company, "owner")


@pytest.fixture
async def port(settings: Settings) -> AsyncIterator[int]:
    """The real application on a free port, started and stopped as in production."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings), log_config=None, ws="websockets-sansio", lifespan="on")
    )
    running = asyncio.create_task(server.serve([listener]))
    try:
        async with asyncio.timeout(START_LIMIT_SECONDS):
            while not server.started:
                await asyncio.wait([running], timeout=0.02)
                assert not running.done(), "the server didn't start"
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await running
        listener.close()
