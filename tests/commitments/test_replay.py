"""Whatever happens to a subject, each stored row says what its stored segments amount to (hypothesis)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftersales.commitments import service
from aftersales.commitments.rules import clock_status
from aftersales.kit.clock import FixedClock
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.pools import open_pools
from aftersales_tenants.scopes import Scopes
from tests.commitments.promises import Promises, at, facts
from tests.fixtures.database import START, TestPlatform
from tests.services import DatabaseUrls

GRADES = st.sampled_from(["general", "complex", "desk", "anything"])
EVENTS = st.sampled_from(["reported", "on_site_decided"])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [timedelta(0), timedelta(minutes=20), timedelta(hours=3), timedelta(hours=30), timedelta(days=9)]
        ),
        st.one_of(
            st.tuples(st.just("start"), EVENTS),
            st.tuples(st.sampled_from(["pause", "resume", "sweep"]), st.none()),
            st.tuples(st.just("meet"), st.sampled_from(["acknowledged", "resolved", "on_site", "plan_proposed"])),
            st.tuples(st.just("regrade"), GRADES),
        ),
    ),
    max_size=9,
)


Result = TypeVar("Result")
Steps = list[tuple[timedelta, tuple[str, Any]]]


@asynccontextmanager
async def opened(urls: DatabaseUrls) -> AsyncIterator[TestPlatform]:
    async with open_pools(urls.app, urls.system, app_size=2, system_size=2) as pools:
        compiler, clock = PlaybookCompiler(Registry([])), FixedClock(START)
        yield TestPlatform(pools, clock, Gateway(pools, Scopes(compiler), clock), compiler)


@pytest.fixture(scope="module")
def lived(database_urls: DatabaseUrls) -> Iterator[Callable[[Steps], None]]:
    """Lives through steps on an event loop of its own, since hypothesis calls without one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        runner = asyncio.Runner()
        platform = opened(database_urls)

        def done(work: Coroutine[Any, Any, Result]) -> Result:
            return thread.submit(runner.run, work).result()

        found = done(platform.__aenter__())
        try:
            yield lambda steps: done(live(found, steps))
        finally:
            done(platform.__aexit__(None, None, None))
            thread.submit(runner.close).result()


async def live(platform: TestPlatform, steps: Steps) -> None:
    """Do the steps, one unit of work each, and compare rows with ledgers after every one."""
    promises = await Promises.of(platform)
    now, grade, started = at("09:00"), "general", {"reported": at("09:00")}
    await promises.start("09:00")
    for gap, (operation, what) in steps:
        now += gap
        async with promises.work(now) as uow:
            subject = promises.subject
            if operation == "start":
                started.setdefault(what, now)
                await service.start(uow, subject, facts(grade), what, started[what])
            elif operation == "pause":
                await service.pause(uow, subject, "waiting", now)
            elif operation == "resume":
                await service.resume(uow, subject, now)
            elif operation == "meet":
                await service.meet(uow, subject, what, now)
            elif operation == "regrade":
                grade = what
                await service.retarget(uow, subject, facts(grade), "regraded", now, started=started)  # type: ignore[arg-type]
        if operation == "sweep":
            await promises.sweep(now)
        for row, state in await promises.ledgers():
            expected = {"stopped": {"met", "missed", "cancelled"}}.get(state.state, {state.state})
            assert row.state in expected
            assert row.due_at == state.due_at
            if row.state == "met":
                assert (row.outcome == "late") == clock_status(state, state.since).is_breached
                assert row.met_at == state.since
            if row.breached_at is not None:
                assert row.breached_at == row.due_at, "a breach is always of the deadline that holds"
            if row.state == "cancelled":
                assert row.next_alarm_at is None
    raised = await promises.alarms()
    assert await promises.sweep(now + timedelta(days=99)) + len(raised) == len(await promises.alarms())
    assert await promises.sweep(now + timedelta(days=99)) == 0


@settings(max_examples=40)
@given(steps=STEPS)
def test_replaying_the_stored_segments_gives_the_stored_row(lived: Callable[[Steps], None], steps: Steps) -> None:
    """A row is what lists and sweeps read; the ledger is the truth. They never part."""
    lived(steps)
