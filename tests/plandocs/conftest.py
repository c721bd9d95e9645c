"""A solar company on 10 June 2026, 09:00 in Shanghai."""

import pytest

from tests.fixtures.database import TestPlatform
from tests.tickets.world import World, settle


@pytest.fixture
async def plant(platform: TestPlatform) -> World:
    """A tenant with the vertical `solar`, its customer with a site and a water heater."""
    return await settle(platform, {"solar": {}}, vertical="solar", asset_type="solar_water_heater")
