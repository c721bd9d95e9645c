"""`aftersales outbox`, and what /readyz and Prometheus learn of the worker."""

import os
import subprocess
import sys
from datetime import timedelta

from aftersales_server.settings import Settings
from aftersales_server.worker.health import outbox_figures, worker_alive
from tests.jobs.stage import Stage
from tests.support.wait import eventually


def outbox(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aftersales_server.cli", "outbox", *arguments],
        env={**os.environ, **settings.to_environment()},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_dead_letters_are_listed_and_replayed(stage: Stage) -> None:
    """Given two dead letters, when one is replayed by id and then all, then none is left; bad ids are refused."""
    tenant = await stage.tenant("solar")
    first = await stage.enqueue(tenant, "telegram", {})
    await stage.enqueue(tenant, "telegram", {})
    stage.start_worker()
    await eventually(stage.settled, what="an empty outbox")
    stage.end_workers()

    listed = outbox(stage.settings, "dead", "solar").stdout.splitlines()
    assert len(listed) == 2
    assert listed[0].startswith(str(first))
    assert "nobody handles the topic telegram" in listed[0]
    assert "1 to be tried again" in outbox(stage.settings, "replay", "solar", str(first)).stdout
    again = outbox(stage.settings, "replay", "solar", str(first))
    assert again.returncode == 1
    assert "OUTBOX_MESSAGE_NOT_DEAD" in again.stderr
    assert "pending 1  dead 1" in outbox(stage.settings, "figures").stdout
    assert "1 to be tried again" in outbox(stage.settings, "replay", "solar", "--all").stdout
    assert "No dead letters." in outbox(stage.settings, "dead", "solar").stdout
    assert outbox(stage.settings, "replay", "solar", "x").returncode == 1
    assert outbox(stage.settings, "dead", "nobody").returncode == 1


async def test_a_workers_sign_of_life_and_the_lag_can_be_read(stage: Stage) -> None:
    """Given a message that waits, when no worker ran, then none is alive and there is lag; with one it is reversed."""
    tenant = await stage.tenant("solar")
    await stage.event(tenant, "ticket.opened")
    now = await stage.doors.now() + timedelta(minutes=1)
    async with stage.doors.system_pool.acquire() as connection:
        assert not await worker_alive(connection)
        waiting = await outbox_figures(connection, now)
        assert (waiting.pending, waiting.dead) == (1, 0)
        assert waiting.lag >= timedelta(minutes=1)

    stage.start_worker()
    await eventually(stage.settled, what="an empty outbox")

    async with stage.doors.system_pool.acquire() as connection:
        assert await worker_alive(connection)
        assert (await outbox_figures(connection, now)).lag == timedelta(0)
