"""The worker's process: its parts, wired and kept running."""

import asyncio
import logging
import signal
from functools import partial

import uvloop
from arq.connections import ArqRedis
from prometheus_client import start_http_server

from aftersales.kit.jobs import rounds
from aftersales_server.bell import Bell
from aftersales_server.settings import Settings
from aftersales_server.worker import health
from aftersales_server.worker.deliver import Deliverer
from aftersales_server.worker.doors import Doors
from aftersales_server.worker.jobs import Jobs, connect_redis, listen
from aftersales_server.worker.memory import settle_memory
from aftersales_server.worker.options import WorkerOptions, load_worker_options
from aftersales_server.worker.platform import open_doors
from aftersales_server.worker.relay import Relay
from aftersales_server.worker.supervision import keep_running
from aftersales_server.worker.sweeper import Sweeper
from aftersales_server.worker.wire import PlatformWire

logger = logging.getLogger(__name__)


def main(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # A line per job from arq, one per request from httpx: more than anybody reads.
    for talkative in ("arq", "httpx", "apprise"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    options = load_worker_options()
    if options.metrics_port is not None:
        start_http_server(options.metrics_port)
    settle_memory()
    uvloop.run(work(settings, options))


async def work(settings: Settings, options: WorkerOptions, stopping: asyncio.Event | None = None) -> None:
    """Run every part until `stopping` is set or the process is asked to end."""
    stopping = stopping or asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    redis = connect_redis(settings.redis_dsn, options.concurrency + 4)
    wire = PlatformWire(options)

    async def with_database() -> None:
        bell = Bell(redis)
        async with open_doors(settings, bell) as doors:
            await _work(settings, options, doors, redis, Deliverer(doors, wire, bell, options.retries), stopping)

    try:
        # Only the first connection needs this; the pools renew their own connections later.
        await keep_running("database", with_database, stopping)
    finally:
        await wire.close()
        await redis.aclose(close_connection_pool=True)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
    logger.info("the worker ends")


async def _work(
    settings: Settings,
    options: WorkerOptions,
    doors: Doors,
    redis: ArqRedis,
    deliverer: Deliverer,
    stopping: asyncio.Event,
) -> None:
    relay = Relay(doors, redis, deliverer.deliver, options)
    sweeper = Sweeper(doors, options, relay.wake, rounds())
    jobs = Jobs(settings.redis_dsn, deliverer.deliver, options)
    parts = {
        "relay": partial(relay.run, stopping),
        "sweeper": partial(sweeper.run, stopping),
        "jobs": partial(jobs.run, stopping),
        "bell": partial(listen, settings.redis_dsn, relay.wake, stopping),
        "health": partial(health.keep_beating, doors, stopping),
    }
    logger.info("the worker works")
    async with asyncio.TaskGroup() as group:
        for name, part in parts.items():
            group.create_task(keep_running(name, part, stopping), name=name)
