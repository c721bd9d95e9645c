"""Keeps the parts of one instance running: the servers, the API, the worker.

A program (API, worker) that dies is started again, with a growing pause; one that keeps dying, and a database
or Redis server that dies, end the instance with the tail of its log.
"""

import errno
import http.client
import os
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aftersales_server.embedded.account import child_preparation
from aftersales_server.embedded.process import ServerProcess
from aftersales_server.embedded.services import EmbeddedServices
from aftersales_server.errors import OperatorError
from aftersales_server.settings import Settings

READY_TIMEOUT_SECONDS = 60.0
MAXIMUM_RESTARTS = 5
RESTART_WINDOW_SECONDS = 60.0
_WATCH_SECONDS = 0.2


class StopRequested(KeyboardInterrupt):
    """Somebody asked this instance to end: Ctrl-C, `aftersales stop`, a closed terminal."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """A process of our own: `arguments` follow the interpreter's name."""

    title: str
    arguments: tuple[str, ...]
    log_file: Path


class SupervisedProgram:
    """One program, with the moments at which it was started again."""

    def __init__(
        self, program: Program, environment: Mapping[str, str], elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self.program = program
        self._elapsed = elapsed
        self._environment = environment
        self.process = ServerProcess(program.title, program.log_file)
        self._restarts: deque[float] = deque()
        self._due: float | None = None

    def start(self) -> None:
        self.process.launch(
            [sys.executable, *self.program.arguments],
            environment={**os.environ, **self._environment, "PYTHONUNBUFFERED": "1"},
            folder=Path.cwd(),
            prepare=child_preparation(None, signal.SIGTERM),
        )

    def tend(self, report: Callable[[str], None]) -> None:
        """Start the program again when it died; OperatorError when that happens too often."""
        now = self._elapsed()
        if self._due is not None:
            if now >= self._due:
                self._due = None
                self.start()
            return
        if self.process.running:
            return
        while self._restarts and now - self._restarts[0] > RESTART_WINDOW_SECONDS:
            self._restarts.popleft()
        if len(self._restarts) >= MAXIMUM_RESTARTS:
            raise self.process.death(f"died {MAXIMUM_RESTARTS + 1} times within a minute, so everything was stopped")
        pause = 0.0 if not self._restarts else 0.25 * 2 ** len(self._restarts)
        self._restarts.append(now)
        self._due = now + pause
        report(f"{self.program.title} died and is started again (log: {self.program.log_file}).")


class Supervisor:
    """All parts of one instance, started and stopped together."""

    def __init__(self, services: EmbeddedServices) -> None:
        self._services = services
        self.programs: list[SupervisedProgram] = []

    def start(self, programs: Sequence[Program], environment: Mapping[str, str]) -> None:
        """Start programs, the API first; `environment` comes on top of the present one."""
        for program in programs:
            supervised = SupervisedProgram(program, environment)
            self.programs.append(supervised)
            supervised.start()

    def watch(self, report: Callable[[str], None]) -> None:
        """Return never: StopRequested ends it from outside, OperatorError when a part can't be kept alive."""
        while True:
            self.check(report)
            time.sleep(_WATCH_SECONDS)

    def check(self, report: Callable[[str], None]) -> None:
        """One round: a dead server is an OperatorError, a dead program is started again."""
        dead = self._services.dead()
        if dead is not None:
            raise dead.death("died, so everything was stopped; start again with `aftersales run`")
        for program in self.programs:
            program.tend(report)

    def wait_until_ready(self, settings: Settings) -> None:
        """Return when the API answers /readyz with 200; OperatorError when it dies or stays silent."""
        api = self.programs[0]
        api.process.wait_until(
            lambda: answers(settings, "/readyz"),
            timeout_seconds=READY_TIMEOUT_SECONDS,
            advice="the end of its log says why",
        )

    def stop(self) -> None:
        """Programs first, so that they can finish their work; then the servers."""
        for program in reversed(self.programs):
            program.process.stop(signal.SIGTERM)
        self._services.stop()


def answers(settings: Settings, path: str) -> bool:
    """Whether the API answers `path` with 200."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(host, settings.port, timeout=2.0)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def require_free_port(settings: Settings) -> None:
    """OperatorError when the API's address can't be listened on."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise OperatorError(
                f"Port {settings.port} on {settings.host} is taken by another program: stop that one, or choose "
                "another port with AFTERSALES_PORT."
            ) from error
        raise OperatorError(
            f"Nothing can listen on {settings.host}:{settings.port} ({error.strerror}): set AFTERSALES_HOST and "
            "AFTERSALES_PORT to an address of this machine."
        ) from error


@contextmanager
def stop_signals() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal raise StopRequested inside; a second one doesn't disturb the end."""
    watched = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def request(_number: int, _frame: object) -> None:
        for number in watched:
            signal.signal(number, signal.SIG_IGN)
        raise StopRequested

    before = {number: signal.signal(number, request) for number in watched}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
