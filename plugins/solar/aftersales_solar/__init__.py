"""Solar thermal water heating: plans 9 and 14 of the seed (the same promises, word for word)."""

from aftersales import Label, Vertical
from aftersales_solar import hooks
from aftersales_solar.settings import SolarSettings

VERTICAL = Vertical(
    name="solar",
    label=Label("太阳能热水", "Solar water heating"),
    version="1.0.0",
    engine=">=0.1,<1",
    settings=SolarSettings,
    hooks=hooks,
)

__all__ = ["VERTICAL", "SolarSettings"]
