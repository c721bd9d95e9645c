"""Worlds for the tickets room: one tenant per test, with the real verticals."""

from typing import Any

import pytest

from tests.fixtures.database import TestPlatform
from tests.tickets.world import World, settle

PROJECT_MANAGEMENT: dict[str, Any] = {
    "profile": "project_management",
    "on_call_mobile": "139-0000-1001",
    "module_codes": {"COST": "成本"},
    "error_codes": {"E-1001": "登录失败"},
}


@pytest.fixture
async def hospital(platform: TestPlatform) -> World:
    """A tenant of plan 8 whose customer lies in Beijing."""
    settings = {"software_his": {"profile": "hospital"}}
    return await settle(platform, settings, vertical="software_his", asset_type="hospital_information_system")


@pytest.fixture
async def projects(platform: TestPlatform) -> World:
    """A tenant of plan 10."""
    settings = {"software_his": PROJECT_MANAGEMENT}
    return await settle(platform, settings, vertical="software_his", asset_type="project_management_system")


@pytest.fixture
async def solar(platform: TestPlatform) -> World:
    """A tenant of plan 9."""
    return await settle(platform, {"solar": {}}, vertical="solar", asset_type="solar_water_heater")


@pytest.fixture
async def gardens(platform: TestPlatform) -> World:
    """A tenant of plan 5."""
    return await settle(platform, {"landscaping": {}}, vertical="landscaping", asset_type="landscape_works")


@pytest.fixture
async def workshop(platform: TestPlatform) -> World:
    """A tenant of plan 6."""
    return await settle(platform, {"auto_4s": {}}, vertical="auto_4s", asset_type="passenger_car")
