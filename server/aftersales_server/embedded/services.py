"""Both embedded servers of one data folder, and the lock that lets only one instance use it."""

import fcntl
import json
import os
import signal
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

import psutil

from aftersales_server.embedded.postgres import EmbeddedPostgres
from aftersales_server.embedded.process import (
    STOP_TIMEOUT_SECONDS,
    Progress,
    ServerProcess,
    living_process,
    silent,
)
from aftersales_server.embedded.redis import EmbeddedRedis
from aftersales_server.errors import OperatorError
from aftersales_server.settings import Settings

_LOCK_FILE = "instance.lock"
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Instance:
    """What a running instance writes down, so that other commands on this machine find it."""

    pid: int
    base_url: str
    database_url: str | None = None
    redis_url: str | None = None


class InstanceLock:
    """Held while an instance works on a data folder; the kernel lets go of it however the process ends."""

    def __init__(self, data_folder: Path) -> None:
        self.path = data_folder / _LOCK_FILE
        self._file: IO[str] | None = None

    def acquire(self, base_url: str) -> None:
        """OperatorError when another instance holds the folder."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = open(self.path, "a+", opener=_private)  # noqa: SIM115 - held until released
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            holder = _read_instance(self.path)
            whom = f"process {holder.pid} at {holder.base_url}" if holder else "another process"
            raise OperatorError(
                f"The data folder {self.path.parent} is in use by {whom}: stop it with `aftersales stop`, or name "
                "another folder with AFTERSALES_DATA_DIR."
            ) from None
        self._file = file
        self.describe(Instance(os.getpid(), base_url))

    def describe(self, instance: Instance) -> None:
        """Write down what is known by now; the lock must be held."""
        if self._file is None:
            raise RuntimeError("the lock isn't held")
        self._file.truncate(0)
        self._file.write(json.dumps(asdict(instance)))
        self._file.flush()

    def release(self) -> None:
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None


def running_instance(data_folder: Path) -> Instance | None:
    """The instance that works on the folder now."""
    path = data_folder / _LOCK_FILE
    if not path.exists():
        return None
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read_instance(path)
    return None


def _read_instance(path: Path) -> Instance | None:
    try:
        return Instance(**json.loads(path.read_text()))
    except (ValueError, TypeError):
        return None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@dataclass
class EmbeddedServices:
    """PostgreSQL and Redis, each only where the settings name no server of one's own."""

    settings: Settings
    postgres: EmbeddedPostgres | None = field(init=False, default=None)
    redis: EmbeddedRedis | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        data, logs = self.settings.data_folder, self.settings.data_folder / "logs"
        if self.settings.database_url is None:
            self.postgres = EmbeddedPostgres(
                data / "postgres", run_folder=data / "run" / "postgres", log_file=logs / "postgres.log"
            )
        if self.settings.redis_url is None:
            self.redis = EmbeddedRedis(data / "redis", run_folder=data / "run" / "redis", log_file=logs / "redis.log")

    def start(self, progress: Progress = silent) -> Settings:
        """Start what is needed and give the settings with its addresses; on failure nothing stays running."""
        database_url, redis_url = self.settings.database_url, self.settings.redis_url
        try:
            if self.redis is not None:
                with progress("Starting Redis"):
                    self.redis.start()
                redis_url = self.redis.url()
            if self.postgres is not None:
                self.postgres.start(progress)
                database_url = self.postgres.dsn()
        except BaseException:
            self.stop()
            raise
        return self.settings.with_services(database_url=database_url or "", redis_url=redis_url or "")

    def dead(self) -> ServerProcess | None:
        """A server that was started and runs no more."""
        for server in (self.postgres, self.redis):
            if server is not None and server.process.pid is not None and not server.process.running:
                return server.process
        return None

    def stop(self) -> None:
        """Stop both cleanly; safe to call twice."""
        for server in (self.redis, self.postgres):
            if server is not None:
                server.stop()


def stop_instance(data_folder: Path) -> bool:
    """Stop whatever works on `data_folder`, servers that outlived their supervisor too; False if nothing did."""
    instance = running_instance(data_folder)
    victims = [] if instance is None else [psutil.Process(instance.pid)]
    _end(victims)
    left_over = [
        process
        for process in (
            living_process(data_folder / "postgres" / "postmaster.pid", "postgres"),
            living_process(data_folder / "redis" / "redis.pid", "redis-server"),
        )
        if process is not None
    ]
    _end(left_over)
    return bool(victims or left_over)


def _end(processes: list[psutil.Process]) -> None:
    for process in processes:
        # PostgreSQL's SIGTERM waits for clients to leave; SIGINT ends their sessions.
        if "postgres" in process.name():
            process.send_signal(signal.SIGINT)
        else:
            process.terminate()
    deadline = time.monotonic() + 2 * STOP_TIMEOUT_SECONDS
    alive = [process for process in processes if not _ended(process)]
    while alive and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
        alive = [process for process in alive if not _ended(process)]
    if alive:
        pids = ", ".join(str(process.pid) for process in alive)
        raise OperatorError(f"Process {pids} did not stop: end it by hand (kill -9 {pids}).")


def _ended(process: psutil.Process) -> bool:
    try:
        # One that its parent hasn't collected yet has ended all the same.
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
