"""A solar company with an accepted heater, a landscaping one with finished works, a software company that went live."""

import pytest

from tests.fixtures.database import TestPlatform
from tests.planned.planning import settled
from tests.tickets.world import World


@pytest.fixture
async def heater(platform: TestPlatform) -> World:
    """A tenant of plan 9 on 1 March 2026; its heater was accepted that day."""
    return await settled(platform, "solar", "solar_water_heater", accepted_on="2026-03-01")
