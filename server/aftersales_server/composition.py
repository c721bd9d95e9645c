"""How the platform is put together at run time: pools, gateway, registry; the same for API, worker and commands."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aftersales.kit import blobs
from aftersales.kit.actor import Actor
from aftersales.kit.clock import Clock, SystemClock
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry as Verticals
from aftersales_server.bell import Bell
from aftersales_server.settings import Settings
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.platform import Platform
from aftersales_tenants.pools import Pools, open_pools
from aftersales_tenants.scopes import Scopes
from aftersales_tenants.service import Registry


@dataclass(frozen=True)
class Composition:
    """The parts that are open while a process works."""

    settings: Settings
    pools: Pools
    clock: Clock
    compiler: PlaybookCompiler
    gateway: Gateway

    async def registry(self, actor: Actor) -> Registry:
        """The registry of tenants in the hands of an admin, at the platform's present instant."""
        return Registry(self.pools, self.compiler, actor, await self.gateway.now())

    def platform(self, actor: Actor) -> Platform:
        """The platform's own settings in the hands of an admin."""
        return Platform(self.pools, self.clock, actor, may_move_clock=self.settings.development_clock)


@asynccontextmanager
async def open_composition(
    settings: Settings,
    *,
    bell: Bell | None = None,
    verticals: Verticals | None = None,
    clock: Clock | None = None,
    app_size: int = 20,
    system_size: int = 8,
) -> AsyncIterator[Composition]:
    """Open the pools and wire the rest; an OSError or PostgresError while the database is away."""
    compiler = PlaybookCompiler(verticals or Verticals.installed())
    clock = clock or SystemClock()
    blobs.use(blobs.Blobs.at(settings.files_url))
    async with open_pools(settings.app_dsn, settings.system_dsn, app_size=app_size, system_size=system_size) as pools:
        ring = bell.outbox if bell is not None else None
        gateway = Gateway(pools, Scopes(compiler), clock, ring=ring)
        yield Composition(settings, pools, clock, compiler, gateway)
