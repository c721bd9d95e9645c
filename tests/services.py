"""The real PostgreSQL and Redis that all tests of one run share, in a temporary folder.

One pair of servers per run; every xdist worker works on a database of its own, cloned from a migrated one, and
on a logical Redis database of its own. Tests keep apart by making tenants of their own.
"""

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from aftersales_server.embedded import EmbeddedPostgres, EmbeddedRedis
from aftersales_server.migrations import upgrade
from aftersales_server.settings import Settings, with_database

# Tests may lose their data with the machine, so nothing waits for a disk.
FAST_AND_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


Result = TypeVar("Result")


@dataclass(frozen=True)
class DatabaseUrls:
    """asyncpg DSNs of the three roles on one migrated database."""

    owner: str
    app: str
    system: str


class SharedServices:
    """Servers for a whole test run; `settings` is the migrated database that others are cloned from."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="aftersales-tests-"))
        logs = self._folder / "logs"
        self._postgres = EmbeddedPostgres(
            self._folder / "postgres",
            run_folder=self._folder / "pg",
            log_file=logs / "postgres.log",
            options=FAST_AND_FORGETFUL,
        )
        self._redis = EmbeddedRedis(
            self._folder / "redis", run_folder=self._folder / "rd", log_file=logs / "redis.log", durable=False
        )

    def start(self) -> Settings:
        """Start both servers and migrate the database to clone; a failure leaves nothing behind."""
        try:
            self._postgres.start()
            self._redis.start()
            settings = Settings(
                data_folder=self._folder,
                secret_key=secrets.token_hex(32),
                database_url=self._postgres.dsn(),
                redis_url=self._redis.url(),
                development_clock=True,
            )
            upgrade(settings)
        except BaseException:
            self.stop()
            raise
        return settings

    def stop(self) -> None:
        self._redis.stop()
        self._postgres.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def clone_settings(shared: Settings, name: str, redis_database: int) -> Settings:
    """The settings of a worker: a clone of the migrated database, a logical Redis database."""
    database = apart(create_database(shared, name, template=True))
    redis_url = f"{shared.redis_dsn.partition('?')[0]}?db={redis_database}"
    return replace(shared, database_url=with_database(database, name), redis_url=redis_url)


def apart(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine on a loop of its own, also from inside an async test."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()


async def create_database(shared: Settings, name: str, *, template: bool) -> str:
    """A new database, migrated or empty; its owner's DSN."""
    connection = await asyncpg.connect(with_database(shared.owner_dsn, "postgres"))
    try:
        source = "aftersales" if template else "template0"
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {source}')
    finally:
        await connection.close()
    return with_database(shared.owner_dsn, name)
