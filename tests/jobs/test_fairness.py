"""One tenant's flood doesn't hold up the others."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from arq.connections import ArqRedis

from aftersales.kit.outbox_queries import PENDING_TENANTS
from aftersales.kit.statements import compiled
from aftersales_server.worker.options import WorkerOptions
from aftersales_server.worker.relay import BATCH, Relay
from tests.jobs.stage import Stage

FLOOD = """insert into outbox_messages (tenant_id, id, topic, payload, created_at, available_at, attempts, lapses)
select $1, gen_random_uuid(), 'event', '{}', now() - interval '1 hour', now() - interval '1 hour', 0, 0
from generate_series(1, $2)"""


class Silent(ArqRedis):
    """A Redis that is away, so that the relay delivers by itself."""

    async def enqueue_job(self, *args: object, **more: object) -> None:
        raise OSError("away")


async def test_a_round_of_the_relay_is_shared_among_the_tenants_that_wait(stage: Stage) -> None:
    """Given a tenant with thousands of older messages, when a quiet one has two, then the first round takes both."""
    busy, quiet = await stage.tenant("busy"), await stage.tenant("quiet")
    await stage.doors.system_pool.execute(FLOOD, busy, 10 * BATCH)
    for _ in range(2):
        await stage.enqueue(quiet, "event", {})
    delivered: Counter[UUID] = Counter()

    async def deliver(tenant_id: UUID, message_id: UUID) -> bool:
        delivered[tenant_id] += 1
        return True

    relay = Relay(stage.doors, Silent(), deliver, WorkerOptions(lease=timedelta(minutes=5)))
    assert await relay.relay()
    assert delivered == {busy: BATCH // 2, quiet: 2}
    assert await relay.relay()
    assert delivered == {busy: BATCH // 2 + BATCH, quiet: 2}


async def test_the_tenants_that_wait_are_found_by_the_index(stage: Stage) -> None:
    """Given many messages that are done and few that wait, when tenants are picked, then only these are read."""
    tenant = await stage.tenant("busy")
    await stage.doors.system_pool.execute(FLOOD, tenant, 20_000)
    await stage.doors.system_pool.execute("update outbox_messages set done_at = now()")
    await stage.enqueue(tenant, "event", {})
    pending = compiled(PENDING_TENANTS)
    arguments = pending.arguments({"now": await stage.doors.now(), "limit": BATCH})
    plan = await stage.doors.system_pool.fetch(f"explain {pending.sql}", *arguments)
    assert "ix_outbox_messages_pending" in "\n".join(row[0] for row in plan)
