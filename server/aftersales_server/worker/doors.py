"""What the worker needs of the rest of the platform, so that it can be told apart from how that is built."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

import asyncpg

from aftersales.notices.rules import Recipient
from aftersales.scope import TenantWork


class Doors(Protocol):
    """The worker's ways into the database."""

    @property
    def system_pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        """Connections of the system role, which sees every tenant's rows."""
        ...

    async def now(self) -> datetime:
        """The platform's instant: the machine's time, moved by the development clock's offset."""
        ...

    def tenant(self, tenant_id: UUID) -> AbstractAsyncContextManager[TenantWork]:
        """A unit of work of the tenant by the system's hand, committed when the block ends."""
        ...

    async def recipients(self, uow: TenantWork, roles: Sequence[str]) -> list[Recipient]:
        """The tenant's active members who hold one of the roles, or are owners."""
        ...
