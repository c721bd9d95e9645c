"""A company for each plan, on 10 June 2026, 09:00 in Shanghai; files in memory."""

import pytest

from aftersales.kit import blobs
from aftersales.kit.clock import FixedClock
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from aftersales.plugins.vertical import Vertical
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.pools import Pools
from aftersales_tenants.scopes import Scopes
from tests.fixtures.database import TestPlatform
from tests.records import plans
from tests.tickets.world import World, settle


@pytest.fixture(autouse=True)
def storage() -> blobs.Blobs:
    kept = blobs.Blobs.at("memory://")
    blobs.use(kept)
    return kept


async def company(pools: Pools, clock: FixedClock, vertical: Vertical) -> World:
    compiler = PlaybookCompiler(Registry([vertical]))
    platform = TestPlatform(pools, clock, Gateway(pools, Scopes(compiler), clock), compiler)
    return await settle(platform, {vertical.name: {}}, vertical=vertical.name, asset_type="product")


@pytest.fixture
async def lighting(pools: Pools, clock: FixedClock) -> World:
    return await company(pools, clock, plans.LIGHTING)


@pytest.fixture
async def consumer(pools: Pools, clock: FixedClock) -> World:
    return await company(pools, clock, plans.CONSUMER)


@pytest.fixture
async def windows(pools: Pools, clock: FixedClock) -> World:
    return await company(pools, clock, plans.WINDOWS)


@pytest.fixture
async def services(pools: Pools, clock: FixedClock) -> World:
    return await company(pools, clock, plans.SERVICE)


@pytest.fixture
async def dealers(pools: Pools, clock: FixedClock) -> World:
    return await company(pools, clock, plans.DEALERS)


@pytest.fixture
async def gates(pools: Pools, clock: FixedClock) -> World:
    return await company(pools, clock, plans.GATES)
