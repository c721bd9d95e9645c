"""A dealership with a Hyundai that may take part, on the first day of the summer campaign of 2026."""

import pytest

from tests.campaigns.dealership import Dealership, dealership
from tests.fixtures.database import TestPlatform


@pytest.fixture
async def shop(platform: TestPlatform) -> Dealership:
    return await dealership(platform)
