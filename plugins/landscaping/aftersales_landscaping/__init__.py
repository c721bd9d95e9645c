"""Landscaping: plan 5 of the seed, site safety and after-sales of planted and built works."""

from aftersales import Label, Vertical
from aftersales_landscaping import hooks
from aftersales_landscaping.settings import LandscapingSettings

VERTICAL = Vertical(
    name="landscaping",
    label=Label("园林绿化", "Landscaping"),
    version="1.0.0",
    engine=">=0.1,<1",
    settings=LandscapingSettings,
    hooks=hooks,
)

__all__ = ["VERTICAL", "LandscapingSettings"]
