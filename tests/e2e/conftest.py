"""A whole instance of its own: API and worker as processes, the demo tenants, and a clock that tests may move."""

import asyncio
import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from aftersales_server.demo.access import DemoAccess
from aftersales_server.demo.playing import Played, play, stage
from aftersales_server.demo.provision import provision
from aftersales_server.demo.stories.story import Script
from aftersales_server.embedded import EmbeddedServices
from aftersales_server.settings import Settings
from aftersales_server.supervisor import Program, Supervisor
from tests.services import clone_settings

LAST_REDIS_DATABASE = 15
"""Counted down from here, since the other tests' workers count up from 0: no job of theirs is taken here."""


@dataclass(frozen=True)
class RunningInstance:
    """An instance with demo tenants, as a person has it after `make run`."""

    settings: Settings
    access: DemoAccess
    http: httpx.Client

    def play(self, script: Script) -> Played:
        """Play a story through the API."""
        return play(script, self.http, self.settings.base_url, self.access)


@pytest.fixture(scope="session")
def instance(
    shared_settings: Settings, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningInstance]:
    """One instance for all stories of this test process; each story opens tickets of its own."""
    number = 0 if worker_id == "master" else int(worker_id.removeprefix("gw"))
    folder = tmp_path_factory.mktemp("instance")
    cloned = clone_settings(shared_settings, f"e2e_{secrets.token_hex(6)}", LAST_REDIS_DATABASE - number)
    settings = replace(cloned, data_folder=folder, port=_free_port())
    access = asyncio.run(provision(settings))
    supervisor = Supervisor(EmbeddedServices(settings))
    environment = {**settings.to_environment(), "AFTERSALES_WEBHOOK_ALLOW_PRIVATE": "1"}
    try:
        supervisor.start(
            [_program(folder, "API", "serve"), _program(folder, "worker", "worker")],
            environment,
        )
        supervisor.wait_until_ready(settings)
        with stage(settings.base_url, access) as http:
            yield RunningInstance(settings, access, http)
    finally:
        supervisor.stop()


def _program(folder: Path, title: str, command: str) -> Program:
    return Program(
        title=f"The {title}",
        arguments=("-m", "aftersales_server.cli", command),
        log_file=folder / "logs" / f"{command}.log",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
