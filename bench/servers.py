"""The bench's own PostgreSQL and Redis, and the API as one process of its own."""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from os import environ
from pathlib import Path

import asyncpg

from aftersales_server.embedded import EmbeddedPostgres, EmbeddedRedis
from aftersales_server.migrations import upgrade
from aftersales_server.settings import Settings, with_database
from aftersales_server.supervisor import answers

START_SECONDS = 60
OPTIONS = {
    # Durability costs what the disk costs, which isn't what is measured; both sides of a ratio go without.
    "synchronous_commit": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "autovacuum": "off",
}
SECRET_KEY = "bench-" + "0" * 32


@contextmanager
def servers(folder: Path | None = None) -> Iterator[Settings]:
    """Both servers in `folder` (default: a temporary one that is removed), with no database of ours in them yet."""
    data = folder or Path(tempfile.mkdtemp(prefix="aftersales-bench-"))
    logs = data / "logs"
    postgres = EmbeddedPostgres(
        data / "postgres", run_folder=data / "pg", log_file=logs / "postgres.log", options=OPTIONS
    )
    redis = EmbeddedRedis(data / "redis", run_folder=data / "rd", log_file=logs / "redis.log", durable=False)
    try:
        postgres.start()
        redis.start()
        yield Settings(
            data_folder=data,
            secret_key=SECRET_KEY,
            database_url=postgres.dsn(),
            redis_url=redis.url(),
            development_clock=False,
            rate_limit_per_minute=0,
        )
    finally:
        redis.stop()
        postgres.stop()
        if folder is None:
            shutil.rmtree(data, ignore_errors=True)


async def has_database(settings: Settings, name: str) -> bool:
    connection = await asyncpg.connect(with_database(settings.owner_dsn, "postgres"))
    try:
        return await connection.fetchval("select true from pg_database where datname = $1", name) or False
    finally:
        await connection.close()


async def create_database(settings: Settings, name: str) -> None:
    connection = await asyncpg.connect(with_database(settings.owner_dsn, "postgres"))
    try:
        await connection.execute(f'create database "{name}"')
    finally:
        await connection.close()


async def drop_database(settings: Settings, name: str) -> None:
    connection = await asyncpg.connect(with_database(settings.owner_dsn, "postgres"))
    try:
        await connection.execute(f'drop database "{name}"')
    finally:
        await connection.close()


def on_database(settings: Settings, name: str) -> Settings:
    """The same servers, another database."""
    return replace(settings, database_url=with_database(settings.owner_dsn, name))


def migrate(settings: Settings) -> None:
    upgrade(settings)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def api(settings: Settings) -> Iterator[Settings]:
    """The API as `aftersales serve` runs it, one process, on a free port; stopped at the end."""
    chosen = replace(settings, port=free_port())
    with (settings.data_folder / "logs" / "api.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "aftersales_server.cli", "serve"],
            env={**environ, **chosen.to_environment()},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not answers(chosen, "/readyz"):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the API didn't start; see {log.name}")
                time.sleep(0.1)
            yield chosen
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
