"""A server process: started apart from the terminal, watched, stopped, its log kept."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from signal import Signals

import psutil

from aftersales_server.errors import OperatorError

Progress = Callable[[str], AbstractContextManager[object]]
"""Shows a step to the person who waits: `with progress("Starting PostgreSQL"): …`."""

MINIMUM_FREE_BYTES = 300 * 1024**2
"""A new cluster takes about 40 MB and its write-ahead log up to 80 MB more; the rest is for work to happen in."""

STOP_TIMEOUT_SECONDS = 30.0
_LOG_LIMIT_BYTES = 10 * 1024**2
_SOCKET_PATH_LIMIT = 103  # sockaddr_un: 104 bytes with the terminating zero on macOS, 108 on Linux
_POLL_SECONDS = 0.02


def silent(_step: str) -> AbstractContextManager[object]:
    """Progress for nobody."""
    return nullcontext()


def package_folder(package: str) -> Path:
    """Where an installed package lies; it isn't imported, since these packages act when they are."""
    specification = find_spec(package)
    if specification is None or specification.origin is None:
        raise OperatorError(f"The package {package} is missing: install the project's dependencies again.")
    return Path(specification.origin).parent


def require_free_space(folder: Path) -> None:
    """OperatorError when the file system of `folder` has too little space to work in."""
    free = shutil.disk_usage(folder).free
    if free < MINIMUM_FREE_BYTES:
        raise OperatorError(
            f"Only {free // 1024**2} MB are free for the data folder {folder}: make at least "
            f"{MINIMUM_FREE_BYTES // 1024**2} MB free, or name a folder elsewhere with AFTERSALES_DATA_DIR."
        )


def socket_folder(preferred: Path, socket_name: str) -> Path:
    """`preferred`, or a private folder under the temporary one when the path is too long for a Unix socket."""
    if len(os.fsencode(preferred / socket_name)) <= _SOCKET_PATH_LIMIT:
        preferred.mkdir(parents=True, exist_ok=True)
        preferred.chmod(0o700)
        return preferred
    name = sha256(os.fsencode(preferred)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"aftersales-{os.geteuid()}-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or (os.geteuid() != 0 and folder.stat().st_uid != os.geteuid()):
        raise OperatorError(f"{folder} belongs to somebody else: remove it, or set TMPDIR to a folder of your own.")
    folder.chmod(0o700)
    return folder


def remove_socket_folder(folder: Path | None, preferred: Path) -> None:
    """Take away what `socket_folder` made under the temporary folder; the preferred one stays."""
    if folder is not None and folder != preferred:
        shutil.rmtree(folder, ignore_errors=True)


class ServerProcess:
    """One child process with its log file."""

    def __init__(self, title: str, log_file: Path) -> None:
        self.title = title
        self.log_file = log_file
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def join(self, timeout_seconds: float) -> bool:
        """Wait for the process to end by itself; False when it still runs then."""
        if self._process is None:
            return True
        try:
            self._process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def launch(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        """Start `command` in a session of its own, so that Ctrl-C reaches only the supervisor."""
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        if self.log_file.exists() and self.log_file.stat().st_size > _LOG_LIMIT_BYTES:
            self.log_file.replace(self.log_file.with_suffix(".old.log"))
        try:
            with self.log_file.open("ab") as log:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=folder,
                    env=dict(environment),
                    start_new_session=True,
                    preexec_fn=prepare,
                )
        except (OSError, subprocess.SubprocessError) as error:
            raise OperatorError(f"{self.title} could not be started: {error}.") from error

    def wait_until(self, ready: Callable[[], bool], *, timeout_seconds: float, advice: str) -> None:
        """Return when `ready()`; OperatorError with the log's tail when the process dies or time is up."""
        deadline = time.monotonic() + timeout_seconds
        while not ready():
            if not self.running:
                raise self.death(f"did not start; {advice}")
            if time.monotonic() > deadline:
                self.stop(Signals.SIGTERM)
                raise self.death(f"was not ready after {timeout_seconds:.0f} seconds; {advice}")
            time.sleep(_POLL_SECONDS)

    def death(self, what: str) -> OperatorError:
        """The error that says what happened to this server, with the end of its log."""
        return OperatorError(f"{self.title} {what} (log: {self.log_file}).", detail=self.log_tail())

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of the log."""
        if not self.log_file.exists():
            return ""
        with self.log_file.open("rb") as log:
            log.seek(max(0, self.log_file.stat().st_size - 8192))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])

    def stop(self, how: Signals, *, timeout_seconds: float = STOP_TIMEOUT_SECONDS) -> None:
        """Ask the process to end and wait for it; kill it when it doesn't."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(how)
            try:
                process.wait(timeout_seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._process = None


def living_process(pid_file: Path, program: str) -> psutil.Process | None:
    """The process that a pid file names, if it lives and runs `program` (pids are used again)."""
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        return process if program in process.name() else None
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None
