"""A solar company on 10 June 2026, 09:00 in Shanghai."""

import pytest

from tests.fixtures.database import TestPlatform
from tests.tickets.world import World, settle


@pytest.fixture
async def plant(platform: TestPlatform) -> World:
    """A tenant with the vertical `solar`, its customer C1 with the site "Main building" and the water heater A1."""
    return await settle(platform, {"solar": {}}, vertical="solar", asset_type="solar_water_heater")
