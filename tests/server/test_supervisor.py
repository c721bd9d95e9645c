"""The supervisor starts what dies, gives up on what keeps dying, and stops everything in order."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from aftersales_server.embedded import EmbeddedServices
from aftersales_server.errors import OperatorError
from aftersales_server.settings import Settings, load_settings
from aftersales_server.supervisor import (
    MAXIMUM_RESTARTS,
    Program,
    StopRequested,
    SupervisedProgram,
    Supervisor,
    answers,
    require_free_port,
    stop_signals,
)

WAIT_FOREVER = ("-c", "import signal; signal.pause()")


def program(folder: Path, *arguments: str) -> Program:
    return Program(title="The API", arguments=arguments, log_file=folder / "logs" / "api.log")


def unlaunched_services(folder: Path) -> EmbeddedServices:
    return EmbeddedServices(load_settings({"AFTERSALES_DATA_DIR": str(folder)}))


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(unlaunched_services(tmp_path))
    try:
        yield supervisor
    finally:
        supervisor.stop()


def kill(pid: int | None) -> None:
    assert pid is not None
    victim = psutil.Process(pid)
    victim.kill()
    assert psutil.wait_procs([victim], timeout=10)[1] == []


def test_given_a_program_that_is_killed_then_it_is_started_again(tmp_path: Path, supervisor: Supervisor) -> None:
    supervisor.start([program(tmp_path, *WAIT_FOREVER)], {})
    process, told = supervisor.programs[0].process, list[str]()
    first = process.pid
    supervisor.check(told.append)
    assert told == []
    kill(first)
    supervisor.check(told.append)
    supervisor.check(told.append)
    assert process.running
    assert process.pid != first
    assert len(told) == 1
    assert "The API died" in told[0]


def tend_for_deaths(supervised: SupervisedProgram, deaths: int, told: list[str], step: list[float]) -> None:
    """Let the program die `deaths` times, the clock moving by 5 seconds at every look."""
    while len(told) < deaths:
        assert supervised.process.join(10)
        supervised.tend(told.append)
        step[0] += 5.0


def test_given_a_program_that_keeps_dying_then_the_supervisor_gives_up_with_its_log(tmp_path: Path) -> None:
    now, told = [0.0], list[str]()
    supervised = SupervisedProgram(
        program(tmp_path, "-c", "import sys; sys.exit('no luck')"), {}, elapsed=lambda: now[0]
    )
    supervised.start()
    with pytest.raises(OperatorError, match=f"died {MAXIMUM_RESTARTS + 1} times") as caught:
        tend_for_deaths(supervised, MAXIMUM_RESTARTS + 1, told, now)
    assert len(told) == MAXIMUM_RESTARTS
    assert "no luck" in caught.value.detail


def test_given_deaths_far_apart_then_the_supervisor_never_gives_up(tmp_path: Path) -> None:
    now, told = [0.0], list[str]()
    supervised = SupervisedProgram(program(tmp_path, "-c", "pass"), {}, elapsed=lambda: now[0])
    supervised.start()
    for deaths in range(1, 2 * MAXIMUM_RESTARTS):
        tend_for_deaths(supervised, deaths, told, now)
        now[0] += 15.0
    supervised.process.stop(signal.SIGTERM)
    assert len(told) == 2 * MAXIMUM_RESTARTS - 1


def test_given_a_database_that_is_killed_then_everything_ends_with_a_sentence(
    tmp_path: Path, own_services: tuple[EmbeddedServices, Settings]
) -> None:
    services, _ = own_services
    supervisor = Supervisor(services)
    supervisor.start([program(tmp_path, *WAIT_FOREVER)], {})
    api = supervisor.programs[0].process
    assert services.postgres is not None
    kill(services.postgres.process.pid)
    with pytest.raises(OperatorError, match=r"PostgreSQL 18 died, so everything was stopped; start again"):
        supervisor.check(lambda _: None)
    supervisor.stop()
    assert not api.running
    assert services.dead() is None


def test_given_an_api_that_dies_while_starting_then_its_log_is_shown(tmp_path: Path, supervisor: Supervisor) -> None:
    supervisor.start([program(tmp_path, "-c", "raise SystemExit('no such module')")], {})
    settings = replace(load_settings({"AFTERSALES_DATA_DIR": str(tmp_path)}), port=free_port())
    with pytest.raises(OperatorError, match="The API did not start") as caught:
        supervisor.wait_until_ready(settings)
    assert "no such module" in caught.value.detail


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_given_a_port_that_another_program_holds_then_it_is_refused(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        settings = replace(load_settings({"AFTERSALES_DATA_DIR": str(tmp_path)}), port=holder.getsockname()[1])
        with pytest.raises(OperatorError, match=rf"Port {settings.port} on 127.0.0.1 is taken.*AFTERSALES_PORT"):
            require_free_port(settings)
        assert not answers(replace(settings, port=free_port()), "/readyz")
    require_free_port(settings)


def test_given_an_address_of_another_machine_then_the_variable_is_named(tmp_path: Path) -> None:
    settings = replace(load_settings({"AFTERSALES_DATA_DIR": str(tmp_path)}), host="192.0.2.1")
    with pytest.raises(OperatorError, match="AFTERSALES_HOST"):
        require_free_port(settings)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_is_heard_once_and_handlers_come_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with stop_signals():
        with pytest.raises(StopRequested):
            signal.raise_signal(number)
        signal.raise_signal(number)
    assert signal.getsignal(number) == before


def run_command(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aftersales_server.cli", *arguments],
        env={"PATH": "/usr/bin:/bin", "AFTERSALES_DATA_DIR": str(folder), "COLUMNS": "200", **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_command_ends_with_one_sentence_and_a_code_when_the_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        ended = run_command(tmp_path, "run", AFTERSALES_PORT=str(holder.getsockname()[1]))
    assert ended.returncode == 1
    assert ended.stderr.startswith("Port ")
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "postgres").exists()


def test_the_command_ends_with_one_sentence_when_the_data_are_of_another_major_version(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("17\n")
    ended = run_command(tmp_path, "run", AFTERSALES_PORT=str(free_port()))
    assert ended.returncode == 1
    assert "are of PostgreSQL 17" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_single_command_starts_the_embedded_servers_for_itself(tmp_path: Path) -> None:
    upgraded = run_command(tmp_path, "db", "upgrade")
    assert upgraded.returncode == 0, upgraded.stderr
    current = run_command(tmp_path, "db", "current")
    assert current.returncode == 0, current.stderr
    assert current.stdout.strip().isdigit()
    assert run_command(tmp_path, "stop").stdout.count("Nothing was running") == 1


def test_serving_without_servers_names_the_missing_variable(tmp_path: Path) -> None:
    for command in ("serve", "worker"):
        ended = run_command(tmp_path, command)
        assert ended.returncode == 1
        assert "AFTERSALES_DATABASE_URL" in ended.stderr
