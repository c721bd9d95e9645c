"""Each test of the worker has a database and a Redis of its own: it kills and flushes them."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aftersales_server.embedded import EmbeddedRedis
from aftersales_server.settings import Settings
from tests.jobs.receivers import Endpoint, Mailbox, http_endpoint, mailbox
from tests.jobs.stage import Stage, stage_on


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A redis-server of this test's own, running."""
    redis = EmbeddedRedis(
        tmp_path / "redis", run_folder=tmp_path / "rd", log_file=tmp_path / "redis.log", durable=False
    )
    redis.start()
    yield redis
    redis.stop()


@pytest.fixture
async def stage(
    fresh_settings: Callable[..., Settings], own_redis: EmbeddedRedis, tmp_path: Path
) -> AsyncIterator[Stage]:
    """A stage with a fresh database and a Redis of its own."""
    settings = replace(fresh_settings(), redis_url=own_redis.url(), data_folder=tmp_path)
    async with stage_on(settings) as made:
        yield made


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    async with http_endpoint() as made:
        yield made


@pytest.fixture
async def post() -> AsyncIterator[Mailbox]:
    async with mailbox() as made:
        yield made
