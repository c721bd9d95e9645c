"""Makes the rooms' rounds: one indexed statement while nothing is due, a unit of work per tenant when something is."""

import asyncio
import logging
from collections.abc import Sequence
from uuid import UUID

from aftersales.kit.jobs import Round
from aftersales_server.worker.doors import Doors
from aftersales_server.worker.metrics import ROUNDS
from aftersales_server.worker.options import WorkerOptions
from aftersales_server.worker.supervision import CONNECTION_FAULTS, wait_for

logger = logging.getLogger(__name__)

TENANTS_AT_ONCE = 1_000
CONCURRENCY = 4
FAILED_TENANT_PAUSE_SECONDS = 30.0


class Sweeper:
    """One sweeper of any number: two that meet skip each other's rows, and what is done is done once.

    The alarms are a round, and so is whatever else falls due by itself.
    """

    def __init__(
        self, doors: Doors, options: WorkerOptions, relay_wake: asyncio.Event, rounds: Sequence[Round]
    ) -> None:
        self._doors = doors
        self._options = options
        self._relay_wake = relay_wake
        self._rounds = rounds
        self._set_aside: dict[tuple[str, UUID], float] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        """Sweep until told to stop."""
        while not stopping.is_set():
            if await self.sweep() == 0:
                await wait_for(stopping, self._options.sweep_pause.total_seconds())

    async def sweep(self) -> int:
        """Every round once, over all tenants with something due; how many pieces of work were done."""
        time = asyncio.get_running_loop().time()
        self._set_aside = {key: until for key, until in self._set_aside.items() if until > time}
        return sum([await self._make(one) for one in self._rounds])

    async def _make(self, one: Round) -> int:
        now = await self._doors.now()
        async with self._doors.system_pool.acquire() as connection:
            tenants = await one.due_tenants(connection, now, TENANTS_AT_ONCE)
        hands = asyncio.Semaphore(CONCURRENCY)

        async def visit(tenant_id: UUID) -> int:
            async with hands:
                return await self._tenant(one, tenant_id)

        waiting = (tenant for tenant in tenants if (one.name, tenant) not in self._set_aside)
        done = sum(await asyncio.gather(*(visit(tenant) for tenant in waiting)))
        if done:
            ROUNDS.labels(one.name).inc(done)
            self._relay_wake.set()
        return done

    async def _tenant(self, one: Round, tenant_id: UUID) -> int:
        """A tenant whose terms or plugin fail keeps its work for later and holds up nobody else's."""
        total = 0
        try:
            while True:
                async with self._doors.tenant(tenant_id) as uow:
                    done = await one.work(uow, one.at_once)
                total += done
                if done < one.at_once:
                    return total
        except CONNECTION_FAULTS:
            raise
        except Exception:
            logger.exception("the round %s of tenant %s failed; it is tried again later", one.name, tenant_id)
            self._set_aside[one.name, tenant_id] = asyncio.get_running_loop().time() + FAILED_TENANT_PAUSE_SECONDS
            return total
