"""The worker's doors, as the platform builds them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import asyncpg

from aftersales.notices.rules import Recipient
from aftersales.scope import TenantWork
from aftersales_server.bell import Bell
from aftersales_server.composition import open_composition
from aftersales_server.settings import Settings
from aftersales_server.worker.members import recipients
from aftersales_tenants.gateway import Gateway

APP_CONNECTIONS = 24
SYSTEM_CONNECTIONS = 8


class PlatformDoors:
    """The worker's ways into the database, through the tenants' gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    @property
    def system_pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        """Connections of the system role."""
        return self._gateway.pools.system

    async def now(self) -> datetime:
        """The platform's instant."""
        return await self._gateway.now()

    @asynccontextmanager
    async def tenant(self, tenant_id: UUID) -> AsyncIterator[TenantWork]:
        """A unit of work of the tenant by the system's hand, whatever state the tenant is in."""
        async with self._gateway.open(await self._gateway.system(tenant_id)) as uow:
            yield uow

    async def recipients(self, uow: TenantWork, roles: Sequence[str]) -> list[Recipient]:
        """The tenant's active members who hold one of the roles, or are owners."""
        return await recipients(uow, roles)


@asynccontextmanager
async def open_doors(settings: Settings, bell: Bell | None = None) -> AsyncIterator[PlatformDoors]:
    """Pools and gateway with all installed verticals; an OSError or PostgresError while the database is away."""
    async with open_composition(
        settings, bell=bell, app_size=APP_CONNECTIONS, system_size=SYSTEM_CONNECTIONS
    ) as composition:
        yield PlatformDoors(composition.gateway)
