"""Another version of an installed vertical, with other figures: what a plugin's upgrade looks like to a tenant."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import msgspec

from aftersales import Vertical, hookimpl
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.scopes import Scopes
from tests.fixtures.database import TestPlatform, TestTenant
from tests.tickets.world import World

Edit = Callable[[Any], Any]


def upgraded(vertical: Vertical, **edits: Edit) -> Vertical:
    """The vertical's next version: each named declaration goes through an edit, term by term."""
    hooks = ModuleType("next_version")
    for name, value in vars(vertical.hooks).items():
        if not name.startswith("__"):
            setattr(hooks, name, value)
    for name, edit in edits.items():
        setattr(hooks, name, _edited(getattr(vertical.hooks, name), edit))
    return Vertical(
        name=vertical.name, label=vertical.label, version="9.0.0", engine=vertical.engine, settings=vertical.settings,
        hooks=hooks,
    )  # fmt: skip


def _edited(declare: Any, edit: Edit) -> Any:
    @hookimpl
    def declared(settings: Any) -> Any:
        return [edit(term) for term in declare(settings=settings)]

    return declared


def with_fields(**values: Any) -> Edit:
    return lambda term: msgspec.structs.replace(term, **values)


async def upgrade(world: World, vertical: Vertical) -> None:
    """Let the world's tenant go on in a process that has the vertical's next version."""
    old = world.tenant.platform
    compiler = PlaybookCompiler(Registry([vertical]))
    platform = TestPlatform(old.pools, old.clock, Gateway(old.pools, Scopes(compiler), old.clock), compiler)
    world.tenant = TestTenant(platform, world.tenant.id, world.tenant.slug)
    async with world.work() as uow:
        world.scope = uow.scope
