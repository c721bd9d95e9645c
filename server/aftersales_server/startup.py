"""What `aftersales run` does between migrating and serving, and what it then prints.

A module that has something to do there (provision demo tenants, say) registers a step:

    @startup_step("Provisioning demo tenants")
    async def provision(settings: Settings) -> list[Access]: ...

Steps run in the order of registration, on every start, and must be repeatable.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aftersales_server.embedded.process import Progress
from aftersales_server.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Access:
    """A door into the running platform: printed as a title with its lines (URL, tokens, a query to try)."""

    title: str
    url: str
    lines: tuple[tuple[str, str], ...] = ()
    """Label and value, e.g. ("dispatcher", "<token>")."""
    example: str = ""
    """Something to paste into a terminal."""


StartupStep = Callable[[Settings], Awaitable[list[Access]]]

_steps: list[tuple[str, StartupStep]] = []


def startup_step(title: str) -> Callable[[StartupStep], StartupStep]:
    """Register a step; `title` is shown while it runs."""

    def register(step: StartupStep) -> StartupStep:
        _steps.append((title, step))
        return step

    return register


def run_startup_steps(settings: Settings, progress: Progress) -> list[Access]:
    """Run all registered steps and give what they want printed."""
    found: list[Access] = []
    for title, step in _steps:
        with progress(title):
            found.extend(asyncio.run(_finish(step, settings)))
    return found


async def _finish(step: StartupStep, settings: Settings) -> list[Access]:
    return await step(settings)
