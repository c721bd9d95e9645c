"""A whole vertical for tests: every hook, every kind of term, none of the four industries' business."""

from aftersales import Label, Vertical
from tests.dummy_vertical import hooks
from tests.dummy_vertical.settings import DummySettings

DUMMY = Vertical(
    name="dummy",
    label=Label("茶壶", "Teapots"),
    version="1.0.0",
    engine=">=0.1,<1",
    settings=DummySettings,
    hooks=hooks,
)
