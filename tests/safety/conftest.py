"""A landscaping company with a park under construction."""

import pytest

from tests.fixtures.database import TestPlatform
from tests.safety.park import Park
from tests.tickets.world import settle

SETTINGS = {"patrol_gap_minutes": 240, "rainy_months": (6, 7, 8), "large_tree_centimetres": "15"}


@pytest.fixture
async def park(platform: TestPlatform) -> Park:
    """A tenant of plan 5 that has set what the text leaves open, on 10 June 2026, 09:00 in Shanghai."""
    made = Park(await settle(platform, {"landscaping": SETTINGS}, vertical="landscaping", asset_type="landscape_works"))
    await made.staff()
    return made
