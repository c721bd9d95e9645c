"""A stage for the worker: tenants with members and due promises, and workers as real processes."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from aftersales.assets.models import Arrival, Asset
from aftersales.commitments.clocks import Clock, stored_terms
from aftersales.commitments.models import Commitment
from aftersales.commitments.rules import AlarmRule, Budget
from aftersales.journal import service as journal
from aftersales.kit.clock import SystemClock
from aftersales.kit.ids import new_id
from aftersales.notices.models import WebhookEndpoint
from aftersales.parties.models import Customer
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales_server.settings import Settings
from aftersales_server.worker.doors import Doors
from aftersales_server.worker.platform import open_doors

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LEASE_SECONDS = 2
_wall_clock = SystemClock()


@dataclass
class Stage:
    """A migrated database of one's own, with the tenants that a test makes in it."""

    settings: Settings
    doors: Doors
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    async def tenant(self, slug: str, roles: Sequence[Sequence[str]] = (("owner",), ("dispatcher",))) -> UUID:
        """A tenant with one member for each set of roles, `<first role>@<slug>.example`."""
        tenant_id = new_id()
        async with self.doors.system_pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "insert into tenants"
                " (id, slug, name, state, time_zone, language, settings_version, version, created_at)"
                " values ($1, $2, $2, 'active', 'Asia/Shanghai', 'zh-CN', 1, 1, now())",
                tenant_id,
                slug,
            )
            for held in roles:
                await connection.execute(
                    "insert into members (tenant_id, id, name, email, roles, notice_addresses, state, version)"
                    " values ($1, $2, $3, $4, $5, '[]', 'active', 1)",
                    tenant_id,
                    new_id(),
                    held[0].title(),
                    f"{held[0]}@{slug}.example",
                    list(held),
                )
        return tenant_id

    async def promises(self, tenant_id: UUID, count: int) -> None:
        """So many promises of one hour that were given two hours ago, each with one alarm for the dispatcher."""
        async with self.doors.tenant(tenant_id) as uow:
            for _ in range(count):
                broken_promise(uow)

    async def endpoint(self, tenant_id: UUID, url: str, *kinds: str) -> UUID:
        async with self.doors.tenant(tenant_id) as uow:
            row = WebhookEndpoint(id=new_id(), url=url, secret=SECRET, event_kinds=list(kinds), created_at=uow.now)
            return uow.add(row).id

    async def arrival(self, tenant_id: UUID) -> UUID:
        """A car of a customer that drove into the workshop, to be passed on to the dealer system."""
        async with self.doors.tenant(tenant_id) as uow:
            customer = uow.add(Customer(id=new_id(), code="C-1", name="王先生", created_at=uow.now))
            car = uow.add(
                Asset(
                    id=new_id(), number="沪A12345", name="轿车", vertical="auto_4s", asset_type="passenger_car",
                    customer_id=customer.id, created_at=uow.now,
                )
            )  # fmt: skip
            arrival = uow.add(Arrival(id=new_id(), asset_id=car.id, arrived_at=uow.now, usage=12_000))
            uow.enqueue("dms_sync", {"arrival_id": str(arrival.id)})
            return arrival.id

    async def enqueue(self, tenant_id: UUID, topic: str, payload: dict[str, Any]) -> UUID:
        async with self.doors.tenant(tenant_id) as uow:
            return uow.enqueue(topic, payload).id

    async def event(self, tenant_id: UUID, kind: str) -> UUID:
        """An event in the journal, with its outbox row."""
        async with self.doors.tenant(tenant_id) as uow:
            return (await journal.record(uow, kind, subject_type="ticket", subject_id=new_id())).id

    async def count(self, sql: str, *arguments: Any) -> int:
        """`select count(*) from …` as the system role; -1 while the database is away."""
        try:
            return int(await self.doors.system_pool.fetchval(f"select count(*) from {sql}", *arguments))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return -1

    async def rows(self, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        return await self.doors.system_pool.fetch(sql, *arguments)

    async def settled(self) -> bool:
        """Whether nothing in the outbox waits."""
        return await self.count("outbox_messages where done_at is null and dead_at is null") == 0

    def start_worker(self, **options: str) -> subprocess.Popen[bytes]:
        """`aftersales worker` as a process, with short leases and quick retries."""
        environment = {
            **os.environ,
            **self.settings.to_environment(),
            "AFTERSALES_WORKER_LEASE_SECONDS": str(LEASE_SECONDS),
            "AFTERSALES_RETRY_FIRST_SECONDS": "0.05",
            "AFTERSALES_WEBHOOK_ALLOW_PRIVATE": "1",
            **options,
        }
        log = Path(self.settings.data_folder) / f"worker-{len(self.workers)}.log"
        with log.open("ab") as file:
            worker = subprocess.Popen(
                [sys.executable, "-m", "aftersales_server.cli", "worker"],
                env=environment,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        self.workers.append(worker)
        return worker

    def end_workers(self) -> list[int]:
        """SIGTERM to all; their exit codes."""
        for worker in self.workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGTERM)
        codes = [worker.wait(20) for worker in self.workers]
        self.workers.clear()
        return codes

    def log(self) -> str:
        return "\n".join(file.read_text() for file in Path(self.settings.data_folder).glob("worker-*.log"))


def kill(worker: subprocess.Popen[bytes]) -> None:
    """SIGKILL, and wait until the process is gone."""
    worker.kill()
    worker.wait()


def broken_promise(uow: TenantWork) -> None:
    """One promise whose deadline passed an hour ago."""
    began = uow.now - timedelta(hours=2)
    rungs = (AlarmRule(code="breach", kind="breach", offset_minutes=0, escalate_to="dispatcher"),)
    label = Label(zh="到场", en="arrival on site")
    row = Commitment(
        id=new_id(), subject_type="test", subject_id=new_id(), milestone="on_site", clause="P09-06", source="vertical",
        terms=stored_terms("on_site", label, "reported", rungs, (), "none"), state="running", started_at=began,
        created_at=uow.now,
    )  # fmt: skip
    uow.add(row)
    Clock(uow, row, [], {}).append(
        "running", began, reason="reported", budget=Budget(amount=1, unit="hour"), calendar=None
    )


@asynccontextmanager
async def stage_on(settings: Settings) -> AsyncIterator[Stage]:
    """A stage on these servers; workers that a test leaves running are killed at the end."""
    async with open_doors(settings) as doors:
        stage = Stage(settings, doors)
        try:
            yield stage
        finally:
            for worker in stage.workers:
                if worker.poll() is None:
                    kill(worker)
