"""Car dealers with workshop (4S): plan 6 of the seed, a summer campaign; the rest from statute or the tenant."""

from aftersales import Label, Vertical
from aftersales_auto_4s import hooks
from aftersales_auto_4s.settings import Auto4sSettings

VERTICAL = Vertical(
    name="auto_4s",
    label=Label("汽车 4S 店", "Car dealership (4S)"),
    version="1.0.0",
    engine=">=0.1,<1",
    settings=Auto4sSettings,
    hooks=hooks,
)

__all__ = ["VERTICAL", "Auto4sSettings"]
