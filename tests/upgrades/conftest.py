"""Tenants of plans 1, 3 and 10."""

import pytest

from tests.fixtures.database import TestPlatform
from tests.support.declaring import over
from tests.tickets.world import World, settle
from tests.upgrades.plans import DISPLAYS, LIGHTING, SYSTEM


@pytest.fixture
async def lighting(platform: TestPlatform) -> World:
    """A tenant of plan 1 on 10 June 2026, 09:00 in Shanghai."""
    return await settle(over(platform, LIGHTING), {"lighting": {}}, vertical="lighting", asset_type=SYSTEM)


@pytest.fixture
async def displays(platform: TestPlatform) -> World:
    """A tenant of plan 3."""
    return await settle(over(platform, DISPLAYS), {"led_display": {}}, vertical="led_display", asset_type=SYSTEM)


@pytest.fixture
async def projects(platform: TestPlatform) -> World:
    """A tenant of plan 10."""
    settings = {"software_his": {"profile": "project_management"}}
    return await settle(platform, settings, vertical="software_his", asset_type="project_management_system")
