"""A landscaping company with a project, and a solar one whose customer was promised availability."""

import pytest

from tests.fixtures.database import TestPlatform
from tests.tickets.world import World, settle


@pytest.fixture
async def project(platform: TestPlatform) -> World:
    """A tenant with the vertical `landscaping` on 10 June 2026, 09:00 in Shanghai."""
    return await settle(platform, {"landscaping": {}}, vertical="landscaping", asset_type="planting")


@pytest.fixture
async def plant(platform: TestPlatform) -> World:
    """A tenant with the vertical `solar` on the same morning."""
    return await settle(platform, {"solar": {}}, vertical="solar", asset_type="solar_water_heater")
