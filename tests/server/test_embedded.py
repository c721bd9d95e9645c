"""The embedded servers: they start anywhere, keep their data, and refuse with a sentence that says what to do."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

import asyncpg
import psutil
import pytest
from redis.asyncio import Redis

from aftersales_server.embedded import EmbeddedServices, process, stop_instance
from aftersales_server.embedded.services import Instance, InstanceLock, running_instance
from aftersales_server.errors import OperatorError
from aftersales_server.settings import Settings, load_settings


def settings_in(folder: Path) -> Settings:
    return load_settings({"AFTERSALES_DATA_DIR": str(folder)})


@contextmanager
def started(folder: Path) -> Iterator[tuple[EmbeddedServices, Settings]]:
    services = EmbeddedServices(settings_in(folder))
    try:
        yield services, services.start()
    finally:
        services.stop()


def temporary_socket_folders() -> set[Path]:
    return set(Path(gettempdir()).glob(f"aftersales-{os.geteuid()}-*"))


async def test_given_data_when_the_servers_restart_then_the_data_are_still_there(tmp_path: Path) -> None:
    with started(tmp_path) as (_, settings):
        connection = await asyncpg.connect(settings.owner_dsn)
        await connection.execute("CREATE TABLE kept AS SELECT 'promise' AS word")
        await connection.close()
        async with Redis.from_url(settings.redis_dsn) as redis:
            await redis.set("kept", "bell")
    with started(tmp_path) as (_, settings):
        connection = await asyncpg.connect(settings.owner_dsn)
        assert await connection.fetchval("SELECT word FROM kept") == "promise"
        await connection.close()
        async with Redis.from_url(settings.redis_dsn) as redis:
            assert await redis.get("kept") == b"bell"


async def test_the_database_speaks_utf8_and_utc_and_takes_many_connections(tmp_path: Path) -> None:
    with started(tmp_path) as (_, settings):
        connection = await asyncpg.connect(settings.owner_dsn)
        shown = [
            await connection.fetchval(f"SHOW {name}") for name in ("server_encoding", "timezone", "max_connections")
        ]
        version = connection.get_server_version().major
        assert await connection.fetchval("SELECT lower('ÄRGER') = 'ärger'")
        await connection.close()
    assert shown == ["UTF8", "UTC", "200"]
    assert version == 18


async def test_given_a_folder_too_deep_for_a_socket_then_the_servers_start_all_the_same(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 90) / ("e" * 90)
    before = temporary_socket_folders()
    with started(deep) as (_, settings):
        connection = await asyncpg.connect(settings.owner_dsn)
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
        async with Redis.from_url(settings.redis_dsn) as redis:
            assert await redis.ping()
        made = temporary_socket_folders() - before
    assert made
    assert made & temporary_socket_folders() == set()


def test_given_data_of_another_major_version_then_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("16\n")
    with pytest.raises(OperatorError, match=r"PostgreSQL 16, this release runs 18.*pg_dump"):
        EmbeddedServices(settings_in(tmp_path)).start()
    assert [file.name for file in folder.iterdir()] == ["PG_VERSION"]


def test_given_foreign_files_where_the_cluster_should_be_then_they_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "diary.txt").write_text("dear diary")
    with pytest.raises(OperatorError, match="no PostgreSQL cluster"):
        EmbeddedServices(settings_in(tmp_path)).start()
    assert (folder / "diary.txt").read_text() == "dear diary"


def test_given_servers_that_work_on_the_folder_then_second_ones_are_refused(tmp_path: Path) -> None:
    with started(tmp_path), pytest.raises(OperatorError, match=r"already works on .*aftersales stop"):
        EmbeddedServices(settings_in(tmp_path)).start()


def test_given_no_space_then_nothing_is_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MINIMUM_FREE_BYTES", 1 << 62)
    with pytest.raises(OperatorError, match=r"Only \d+ MB are free"):
        EmbeddedServices(settings_in(tmp_path)).start()
    assert not (tmp_path / "postgres").exists()


def test_given_a_cluster_that_can_not_start_then_the_error_carries_the_end_of_its_log(tmp_path: Path) -> None:
    with started(tmp_path):
        pass
    with (tmp_path / "postgres" / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")
    services = EmbeddedServices(settings_in(tmp_path))
    with pytest.raises(OperatorError, match="PostgreSQL 18 did not start") as caught:
        services.start()
    assert "no_such_setting" in caught.value.detail
    assert services.redis is not None
    assert not services.redis.process.running


def test_given_a_postmaster_file_of_a_pid_that_is_now_another_program_then_the_cluster_starts(tmp_path: Path) -> None:
    with started(tmp_path) as (services, _):
        assert services.postgres is not None
        written = (tmp_path / "postgres" / "postmaster.pid").read_text()
        old = str(services.postgres.process.pid)
    (tmp_path / "postgres" / "postmaster.pid").write_text(written.replace(old, str(os.getpid()), 1))
    with started(tmp_path) as (services, _):
        assert services.dead() is None


def test_given_a_server_that_is_killed_then_its_death_is_noticed(tmp_path: Path) -> None:
    with started(tmp_path) as (services, _):
        assert services.dead() is None
        assert services.postgres is not None
        pid = services.postgres.process.pid
        assert pid is not None
        victim = psutil.Process(pid)
        victim.kill()
        psutil.wait_procs([victim], timeout=10)
        dead = services.dead()
        assert dead is services.postgres.process


def test_given_a_parent_that_is_killed_then_its_servers_end_too(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from aftersales_server.embedded import EmbeddedServices as E;"
            "from aftersales_server.settings import load_settings as l;"
            "import sys; e = E(l()); e.start(); print(e.postgres.process.pid, e.redis.process.pid, flush=True);"
            "sys.stdin.read()",
        ],
        env={**os.environ, "AFTERSALES_DATA_DIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    with parent.stdin, parent.stdout:
        servers = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    _, alive = psutil.wait_procs(servers, timeout=20)
    assert alive == []
    with started(tmp_path) as (services, _):
        assert services.dead() is None


def test_given_a_folder_in_use_then_a_second_instance_is_told_by_whom(tmp_path: Path) -> None:
    first, second = InstanceLock(tmp_path), InstanceLock(tmp_path)
    first.acquire("http://127.0.0.1:8600")
    try:
        with pytest.raises(OperatorError, match=rf"process {os.getpid()} at http://127.0.0.1:8600.*aftersales stop"):
            second.acquire("http://127.0.0.1:8601")
        assert running_instance(tmp_path) == Instance(os.getpid(), "http://127.0.0.1:8600")
    finally:
        first.release()
    assert running_instance(tmp_path) is None
    second.acquire("http://127.0.0.1:8601")
    second.release()


def test_stop_ends_servers_that_outlived_their_supervisor(tmp_path: Path) -> None:
    services = EmbeddedServices(settings_in(tmp_path))
    services.start()
    assert stop_instance(tmp_path)
    assert services.dead() is not None
    assert not stop_instance(tmp_path)
    services.stop()


def test_servers_of_ones_own_are_used_and_none_is_started(tmp_path: Path) -> None:
    settings = load_settings(
        {
            "AFTERSALES_DATA_DIR": str(tmp_path),
            "AFTERSALES_DATABASE_URL": "postgresql://owner@db/sales",
            "AFTERSALES_REDIS_URL": "redis://cache/0",
        }
    )
    services = EmbeddedServices(settings)
    assert services.start() == settings
    assert services.dead() is None
    assert sorted(file.name for file in tmp_path.iterdir()) == ["secret.key"]


def test_nothing_listens_on_tcp(tmp_path: Path) -> None:
    with started(tmp_path) as (services, _):
        assert services.postgres is not None
        assert services.redis is not None
        for server in (services.postgres, services.redis):
            pid = server.process.pid
            assert pid is not None
            listening = [c for c in psutil.Process(pid).net_connections("inet") if c.type == socket.SOCK_STREAM]
            assert listening == []
