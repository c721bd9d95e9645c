"""Verticals made on the spot, for tests of what happens when one misbehaves."""

from types import ModuleType
from typing import Any

from aftersales import Label, Vertical, VerticalSettings


def vertical(
    name: str = "probe",
    *,
    engine: str = ">=0.1,<1",
    version: str = "1.0.0",
    settings: type[VerticalSettings] = VerticalSettings,
    **hooks: Any,
) -> Vertical:
    """A vertical with these hooks; each is a function marked with `hookimpl`."""
    module = ModuleType(f"{name}_hooks")
    vars(module).update(hooks)
    return Vertical(
        name=name,
        label=Label("试验", "Probe"),
        version=version,
        engine=engine,
        settings=settings,
        hooks=module,
    )
