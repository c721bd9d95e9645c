"""The office for the revisits' tests."""

import pytest

from aftersales.kit.clock import FixedClock
from aftersales_tenants.pools import Pools
from tests.revisits.office import office_of
from tests.tickets.world import World


@pytest.fixture
async def office(pools: Pools, clock: FixedClock) -> World:
    """A tenant whose vertical promises a revisit after each service."""
    return await office_of(pools, clock)
