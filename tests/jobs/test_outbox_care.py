"""The outbox keeps itself in order: messages that kill are given up, messages done long ago are forgotten."""

from datetime import timedelta
from uuid import UUID

from redis.asyncio import Redis

from aftersales.kit.jobs import rounds
from aftersales.kit.outbox_queries import CLAIM
from aftersales.kit.retries import RetryPolicy
from aftersales.kit.statements import compiled
from aftersales.notices import dead_letters
from aftersales.notices.effects import Effect
from aftersales_server.bell import Bell
from aftersales_server.worker.deliver import LAPSES_LIMIT, Deliverer
from tests.jobs.stage import Stage

CLAIMING = compiled(CLAIM)


class NoWire:
    """Nothing may leave."""

    async def send(self, effect: Effect) -> int | None:
        raise AssertionError(effect)


async def claim(stage: Stage, tenant: UUID) -> int:
    """A worker's claim that lapses at once, as if the worker had died of it; how many messages were claimed."""
    arguments = CLAIMING.arguments(
        {"tenant_id": tenant, "limit": 10, "now": await stage.doors.now(), "lease": timedelta(0)}
    )
    return len(await stage.doors.system_pool.fetch(CLAIMING.sql, *arguments))


async def test_a_message_that_kills_its_worker_is_given_up(stage: Stage) -> None:
    """Given twenty claims that ended without a word, when it is tried again, then it is dead until it is replayed."""
    tenant = await stage.tenant("solar")
    await stage.event(tenant, "ticket.opened")
    for _ in range(LAPSES_LIMIT):
        assert await claim(stage, tenant) == 1
    assert [row["lapses"] for row in await stage.rows("select lapses from outbox_messages")] == [LAPSES_LIMIT - 1]
    await claim(stage, tenant)
    message = (await stage.rows("select id from outbox_messages"))[0]["id"]
    deliverer = Deliverer(stage.doors, NoWire(), Bell(Redis()), RetryPolicy())
    assert not await deliverer.deliver(tenant, message)
    dead = (await stage.rows("select dead_at, last_error from outbox_messages"))[0]
    assert dead["dead_at"] is not None
    assert dead["last_error"] == "left without a word 20 times: it may kill the worker"
    assert await claim(stage, tenant) == 0
    async with stage.doors.tenant(tenant) as uow:
        await dead_letters.replay(uow, message)
    assert await claim(stage, tenant) == 1
    assert (await stage.rows("select lapses from outbox_messages"))[0]["lapses"] == 0


async def test_what_was_done_more_than_thirty_days_ago_is_forgotten(stage: Stage) -> None:
    """Given messages done 31 and 29 days ago, a dead and a waiting one, then the round deletes the first only."""
    tenant, other = await stage.tenant("solar"), await stage.tenant("garden")
    now = await stage.doors.now()
    kept: set[UUID] = set()
    for owner in (tenant, other):
        async with stage.doors.tenant(owner) as uow:
            for days, done in ((31, True), (29, True), (40, False)):
                message = uow.enqueue("event", {})
                message.done_at = now - timedelta(days=days) if done else None
                message.dead_at = None if done else now - timedelta(days=days)
                if days != 31:
                    kept.add(message.id)
            kept.add(uow.enqueue("event", {}).id)
    tidy = next(one for one in rounds() if one.name == "outbox")
    async with stage.doors.system_pool.acquire() as connection:
        assert set(await tidy.due_tenants(connection, now, 10)) == {tenant, other}
    for owner in (tenant, other):
        async with stage.doors.tenant(owner) as uow:
            assert await tidy.work(uow, 10) == 1
    assert {row["id"] for row in await stage.rows("select id from outbox_messages")} == kept
    async with stage.doors.system_pool.acquire() as connection:
        assert await tidy.due_tenants(connection, now, 10) == []
