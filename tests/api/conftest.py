"""The example world and its executor."""

from collections.abc import AsyncIterator

import pytest

from aftersales_graphql.machine.executor import Executor
from aftersales_graphql.machine.schema import TenantSchema, compose
from tests.api.example_types import CORE
from tests.api.serving import Directory, Served, serve
from tests.api.world import Api, World
from tests.services import DatabaseUrls


@pytest.fixture(scope="session")
async def world(database_urls: DatabaseUrls) -> AsyncIterator[World]:
    made = World(database_urls.owner, database_urls.app)
    await made.build()
    yield made
    await made.close()


@pytest.fixture(scope="session")
def example_schema() -> TenantSchema:
    return compose([CORE], frozenset())


@pytest.fixture
def api(world: World, example_schema: TenantSchema) -> Api:
    return Api(world, Executor(example_schema, world.open), world.dispatcher)


@pytest.fixture(scope="session")
async def server(world: World) -> AsyncIterator[Served]:
    """The gateway behind real HTTP on a free port of this machine."""
    async with serve(world, Directory(world)) as running:
        yield running


@pytest.fixture
def served(server: Served) -> Served:
    """The server, with a directory as new."""
    server.directory.reset()
    return server


@pytest.fixture
def directory(served: Served) -> Directory:
    return served.directory
