"""Raises what fell due: one indexed statement while nothing did, a unit of work per tenant when something did."""

import asyncio
import logging
from uuid import UUID

from aftersales.commitments.sweeper import due_tenants, sweep_tenant
from aftersales_server.worker.doors import Doors
from aftersales_server.worker.metrics import ALARMS
from aftersales_server.worker.options import WorkerOptions
from aftersales_server.worker.supervision import CONNECTION_FAULTS, wait_for

logger = logging.getLogger(__name__)

TENANTS_AT_ONCE = 1_000
COMMITMENTS_AT_ONCE = 200
CONCURRENCY = 4
FAILED_TENANT_PAUSE_SECONDS = 30.0


class Sweeper:
    """One sweeper of any number: two that meet skip each other's rows, and an alarm is unique in the database."""

    def __init__(self, doors: Doors, options: WorkerOptions, relay_wake: asyncio.Event) -> None:
        self._doors = doors
        self._options = options
        self._relay_wake = relay_wake
        self._set_aside: dict[UUID, float] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        """Sweep until told to stop."""
        while not stopping.is_set():
            if await self.sweep() == 0:
                await wait_for(stopping, self._options.sweep_pause.total_seconds())

    async def sweep(self) -> int:
        """One round over all tenants with something due; how many alarms were raised."""
        now = await self._doors.now()
        async with self._doors.system_pool.acquire() as connection:
            tenants = await due_tenants(connection, now, TENANTS_AT_ONCE)
        time = asyncio.get_running_loop().time()
        self._set_aside = {tenant: until for tenant, until in self._set_aside.items() if until > time}
        hands = asyncio.Semaphore(CONCURRENCY)

        async def one(tenant_id: UUID) -> int:
            async with hands:
                return await self._tenant(tenant_id)

        raised = sum(await asyncio.gather(*(one(tenant) for tenant in tenants if tenant not in self._set_aside)))
        if raised:
            ALARMS.inc(raised)
            self._relay_wake.set()
        return raised

    async def _tenant(self, tenant_id: UUID) -> int:
        """A tenant whose terms or plugin fail keeps its alarms for later and holds up nobody else's."""
        total = 0
        try:
            while True:
                async with self._doors.tenant(tenant_id) as uow:
                    raised = await sweep_tenant(uow, COMMITMENTS_AT_ONCE)
                total += raised
                if raised < COMMITMENTS_AT_ONCE:
                    return total
        except CONNECTION_FAULTS:
            raise
        except Exception:
            logger.exception("sweeping tenant %s failed; it is tried again later", tenant_id)
            self._set_aside[tenant_id] = asyncio.get_running_loop().time() + FAILED_TENANT_PAUSE_SECONDS
            return total
