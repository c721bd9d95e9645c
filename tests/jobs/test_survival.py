"""Whatever is killed, flushed or restarted: every alarm is raised once, every message done, every mail the same."""

import asyncio
from dataclasses import replace
from pathlib import Path

from aftersales_server.bell import event_channel
from aftersales_server.embedded import EmbeddedRedis, EmbeddedServices
from aftersales_server.settings import Settings
from aftersales_server.worker.jobs import connect_redis
from tests.jobs.receivers import Endpoint, Mailbox
from tests.jobs.stage import Stage, kill, stage_on
from tests.support.wait import eventually

LONG_SECONDS = 60


async def nothing_lost_nothing_doubled(stage: Stage, post: Mailbox, promises: int) -> None:
    """The state after a mishap: as many alarms and notices as promises, all done, each mail at least once."""
    assert await stage.count("alarms") == promises
    assert await stage.count("events where kind = 'alarm.raised'") == promises
    assert await stage.count("notices where state = 'sent'") == promises
    assert await stage.count("notices") == promises
    assert await stage.count("outbox_messages where dead_at is not null") == 0
    expected = {f"<{row['id']}@aftersales.invalid>" for row in await stage.rows("select id from notices")}
    assert set(post.ids) == expected


async def test_a_worker_killed_in_mid_delivery_loses_nothing(stage: Stage, endpoint: Endpoint) -> None:
    """Given a worker that waits for an endpoint's answer, when it is killed, then another one delivers the same id."""
    tenant = await stage.tenant("solar")
    await stage.endpoint(tenant, endpoint.url, "*")
    event = await stage.event(tenant, "ticket.opened")
    endpoint.open.clear()
    worker = stage.start_worker(AFTERSALES_WORKER_LEASE_SECONDS="4")

    async def asked() -> int:
        return len(endpoint.requests)

    await eventually(asked, what="the first attempt")
    kill(worker)
    assert not await stage.settled()
    endpoint.open.set()
    stage.start_worker()
    await eventually(stage.settled, what="an empty outbox")

    assert [request.headers["webhook-id"] for request in endpoint.requests] == [str(event)] * 2
    assert await stage.count("webhook_deliveries where delivered_at is not null") == 1


async def test_workers_killed_again_and_again_raise_each_alarm_once(stage: Stage, post: Mailbox) -> None:
    """Given 200 broken promises, when the worker is killed four times on the way, then each is told of exactly once."""
    for name in ("solar", "garden"):
        await stage.promises(await stage.tenant(name), 100)

    worker = stage.start_worker(AFTERSALES_SMTP_URL=post.url)
    await eventually(lambda: stage.count("alarms"), what="the first alarm")
    kill(worker)
    for mails in (1, 60, 120):
        worker = stage.start_worker(AFTERSALES_SMTP_URL=post.url)

        async def arrived(least: int = mails) -> bool:
            return len(post.mails) >= least

        await eventually(arrived, seconds=LONG_SECONDS, what=f"{mails} mails")
        kill(worker)
    stage.start_worker(AFTERSALES_SMTP_URL=post.url)
    await eventually(stage.settled, seconds=LONG_SECONDS, what="an empty outbox")

    await nothing_lost_nothing_doubled(stage, post, 200)


async def test_an_emptied_redis_only_delays(stage: Stage, post: Mailbox) -> None:
    """Given jobs waiting in Redis, when it is flushed twice, then every notice still goes out once."""
    await stage.promises(await stage.tenant("solar"), 100)
    redis = connect_redis(stage.settings.redis_dsn, 1)
    stage.start_worker(AFTERSALES_SMTP_URL=post.url)

    for mails in (1, 30):

        async def arrived(least: int = mails) -> bool:
            return len(post.mails) >= least

        await eventually(arrived, what=f"{mails} mails")
        await redis.flushall()
    await eventually(stage.settled, seconds=LONG_SECONDS, what="an empty outbox")
    await redis.aclose(close_connection_pool=True)

    await nothing_lost_nothing_doubled(stage, post, 100)


async def test_a_redis_that_comes_late_and_goes_again(
    stage: Stage, own_redis: EmbeddedRedis, post: Mailbox, endpoint: Endpoint
) -> None:
    """Given no Redis at all, when a worker starts, then it keeps the promises, and uses Redis once it is there."""
    own_redis.stop()
    tenant = await stage.tenant("solar")
    await stage.promises(tenant, 5)
    worker = stage.start_worker(AFTERSALES_SMTP_URL=post.url)
    await eventually(lambda: stage.count("notices where state = 'sent'"), what="a notice without Redis")
    await eventually(stage.settled, what="an empty outbox")

    own_redis.start()
    redis = connect_redis(stage.settings.redis_dsn, 2)

    async def working() -> bool:
        return bool(await redis.pubsub_numsub("aftersales:outbox") == [(b"aftersales:outbox", 1)])

    await eventually(working, what="a worker that listens")
    async with redis.pubsub(ignore_subscribe_messages=True) as subscription:
        await subscription.subscribe(event_channel(tenant))
        event = await stage.event(tenant, "ticket.opened")
        heard = await eventually(lambda: subscription.get_message(timeout=0.1), what="the event's bell")
    assert heard["data"] == str(event).encode()
    await redis.aclose(close_connection_pool=True)

    own_redis.stop()
    own_redis.start()
    await stage.endpoint(tenant, endpoint.url, "*")
    await stage.event(tenant, "ticket.answered")
    await eventually(lambda: stage.count("webhook_deliveries where delivered_at is not null"), what="the delivery")
    assert worker.poll() is None
    await nothing_lost_nothing_doubled(stage, post, 5)


async def test_a_restart_of_postgresql_is_waited_out(
    own_services: tuple[EmbeddedServices, Settings], tmp_path: Path, post: Mailbox
) -> None:
    """Given a worker in full work, when PostgreSQL stops and starts again, then all promises are told of once."""
    services, running = own_services
    postgres = services.postgres
    assert postgres is not None
    async with stage_on(replace(running, data_folder=tmp_path)) as stage:
        await stage.promises(await stage.tenant("solar"), 100)
        worker = stage.start_worker(AFTERSALES_SMTP_URL=post.url)

        async def begun() -> bool:
            return len(post.mails) >= 10

        await eventually(begun, what="ten mails")
        postgres.stop()
        assert await stage.count("tenants") == -1
        postgres.start()
        await eventually(stage.settled, seconds=LONG_SECONDS, what="an empty outbox")

        assert worker.poll() is None
        await nothing_lost_nothing_doubled(stage, post, 100)


async def test_two_workers_share_the_work(stage: Stage, post: Mailbox) -> None:
    """Given two workers on one database, when 150 promises are broken, then no alarm, notice or mail is doubled."""
    # With leases longer than any delivery takes, nothing is sent twice: nobody dies here.
    for _ in range(2):
        stage.start_worker(AFTERSALES_SMTP_URL=post.url, AFTERSALES_WORKER_LEASE_SECONDS="60")
    for name in ("solar", "garden", "workshop"):
        await stage.promises(await stage.tenant(name), 50)

    await eventually(lambda: stage.count("notices"), what="notices")
    await eventually(stage.settled, seconds=LONG_SECONDS, what="an empty outbox")

    await nothing_lost_nothing_doubled(stage, post, 150)
    assert len(post.mails) == 150
    assert stage.end_workers() == [0, 0]


async def test_a_worker_in_full_work_ends_on_sigterm_and_another_one_goes_on(stage: Stage, post: Mailbox) -> None:
    """Given a worker with hundreds of jobs waiting, when it gets SIGTERM, then it ends cleanly and the rest is done."""
    await stage.promises(await stage.tenant("solar"), 150)

    for mails in (1, 40, 80):
        stage.start_worker(AFTERSALES_SMTP_URL=post.url)

        async def arrived(least: int = mails) -> bool:
            return len(post.mails) >= least

        await eventually(arrived, what=f"{mails} mails")
        assert await asyncio.to_thread(stage.end_workers) == [0]
    stage.start_worker(AFTERSALES_SMTP_URL=post.url)
    await eventually(stage.settled, seconds=LONG_SECONDS, what="an empty outbox")

    await nothing_lost_nothing_doubled(stage, post, 150)


async def test_a_worker_may_start_before_postgresql(
    own_services: tuple[EmbeddedServices, Settings], tmp_path: Path, post: Mailbox
) -> None:
    """Given a PostgreSQL that is down, when a worker starts first, then it waits and keeps the promises afterwards."""
    services, running = own_services
    postgres = services.postgres
    assert postgres is not None
    async with stage_on(replace(running, data_folder=tmp_path)) as stage:
        await stage.promises(await stage.tenant("solar"), 3)
        postgres.stop()
        worker = stage.start_worker(AFTERSALES_SMTP_URL=post.url)

        async def waiting() -> bool:
            return "lost a connection" in stage.log()

        await eventually(waiting, what="a worker that waits")
        postgres.start()
        await eventually(lambda: stage.count("alarms"), what="the alarms")
        await eventually(stage.settled, what="an empty outbox")

        assert worker.poll() is None
        await nothing_lost_nothing_doubled(stage, post, 3)
