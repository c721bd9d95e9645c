"""Finds what rooms registered: reactions and guards in their `events.py`, handlers and rounds in their `jobs.py`.

Every process that opens units of work imports this module once (the gateway does), so that an operation has the same
guards and consequences in the API, the worker and the commands.
"""

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

REGISTERING: Final = ("events", "jobs")


def _load() -> tuple[str, ...]:
    """Import them, room by room in the order of the alphabet."""
    found: list[str] = []
    for room in pkgutil.iter_modules([str(Path(__file__).parent)], "aftersales."):
        if not room.ispkg:
            continue
        for name in REGISTERING:
            module = f"{room.name}.{name}"
            if find_spec(module) is not None:
                import_module(module)
                found.append(module)
    return tuple(found)


LOADED: Final = _load()
"""The modules that registered something."""
