"""`aftersales run` from an empty folder to Ctrl-C and back, as a person at a terminal sees it."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from aftersales_server.settings import Settings, load_settings
from aftersales_server.supervisor import answers

START_LIMIT_SECONDS = 60.0


@pytest.fixture
def settings_of_run(tmp_path: Path) -> Settings:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return replace(load_settings({"AFTERSALES_DATA_DIR": str(tmp_path)}), port=port)


def command(settings: Settings, *arguments: str) -> subprocess.Popen[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("AFTERSALES_")}
    return subprocess.Popen(
        [sys.executable, "-m", "aftersales_server.cli", *arguments],
        env={**own, **settings.to_environment(), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def running(settings: Settings) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """An instance that says it runs, with the lines it said until then; killed when the test fails."""
    process = command(settings, "run")
    watchdog = threading.Timer(START_LIMIT_SECONDS, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if "Aftersales runs at" in line:
                break
        else:
            pytest.fail(f"it did not come up:\n{''.join(lines)}")
        watchdog.cancel()
        yield process, lines
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def test_given_an_empty_folder_when_run_then_it_serves_until_ctrl_c_and_again_after(settings_of_run: Settings) -> None:
    settings = settings_of_run
    with running(settings) as (process, lines):
        assert any("Creating a PostgreSQL 18 database" in line for line in lines)
        assert answers(settings, "/readyz")
        refused = command(settings, "run")
        said, _ = refused.communicate(timeout=START_LIMIT_SECONDS)
        assert refused.returncode == 1
        assert f"in use by process {process.pid} at {settings.base_url}" in said
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) >= 4
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=START_LIMIT_SECONDS)
        assert process.returncode == 0, said
        assert psutil.wait_procs(children, timeout=10)[1] == []
    with running(settings) as (process, lines):
        assert not any("Creating a PostgreSQL 18 database" in line for line in lines)
        assert answers(settings, "/readyz")
        stopping = command(settings, "stop")
        stopping.communicate(timeout=START_LIMIT_SECONDS)
        assert stopping.returncode == 0
        said, _ = process.communicate(timeout=START_LIMIT_SECONDS)
        assert process.returncode == 0, said
    assert not answers(settings, "/readyz")
