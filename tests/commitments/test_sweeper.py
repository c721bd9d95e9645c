"""Alarms are raised once, whatever is killed in between, and only for those who are late."""

import asyncio

import pytest

from aftersales.commitments.sweeper import due_tenants, sweep_tenant
from aftersales.journal.models import Event
from aftersales.kit.outbox import OutboxMessage
from tests.commitments.promises import Promises, at
from tests.fixtures.database import TestPlatform


@pytest.fixture
async def promises(bare_platform: TestPlatform) -> Promises:
    return await Promises.of(bare_platform)


async def test_each_rung_is_raised_when_its_time_has_passed_and_never_again(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.meet("09:20", "acknowledged")
    assert await promises.sweep("13:00") == 0, "half of the time is used up at this very instant, not before it"
    assert await promises.sweep("13:01") == 1
    assert await promises.sweep("13:02") == 0
    assert await promises.sweep("17:00") == 0, "a deadline is met at its very instant"
    assert await promises.sweep("17:00:01") == 1
    assert (await promises.rows())["resolved"].breached_at == at("17:00")
    assert await promises.sweep("2026-06-11 09:00") == 1
    assert await promises.sweep("2026-07-11 09:00") == 0
    assert await promises.alarms() == [("half", at("13:00")), ("late", at("17:00")), ("boss", at("18:00"))]
    assert (await promises.rows())["resolved"].next_alarm_at is None


async def test_a_sweeper_that_comes_days_late_raises_everything_once_with_the_real_deadline(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.meet("09:20", "acknowledged")
    assert await promises.sweep("2026-06-20 09:00") == 3
    assert [code for code, _ in await promises.alarms()] == ["half", "late", "boss"]
    row = (await promises.rows())["resolved"]
    assert row.breached_at == at("17:00"), "the deadline, not when somebody noticed"


async def test_an_alarm_its_event_and_its_notice_come_together(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.meet("09:20", "acknowledged")
    await promises.sweep("13:30")
    [event] = [one for one in await promises.stored(Event) if one.kind == "alarm.raised"]
    assert (event.data["alarm"], event.data["role"], event.data["milestone"]) == ("half", "dispatcher", "resolved")
    messages = [one for one in await promises.stored(OutboxMessage) if one.topic == "notice"]
    assert len(messages) == 1


async def test_a_sweep_that_dies_raises_nothing_and_the_next_one_everything(promises: Promises) -> None:
    await promises.start("09:00")

    async def dies() -> None:
        async with promises.work("13:30") as uow:
            assert await sweep_tenant(uow, 100) == 4
            await uow.flush()
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        await dies()
    assert await promises.alarms() == []
    assert await promises.sweep("13:30") == 4
    assert await promises.sweep("13:30") == 0


async def test_two_sweepers_at_once_raise_every_alarm_once(promises: Promises) -> None:
    subjects = [Promises(promises.tenant) for _ in range(6)]
    for one in subjects:
        await one.start("09:00")
        await one.meet("09:20", "acknowledged")
    both_began = asyncio.Barrier(2)

    async def sweep() -> int:
        async with promises.work("13:30") as uow:
            await both_began.wait()
            raised = await sweep_tenant(uow, 4)
            await uow.flush()
            await both_began.wait()
            return raised

    assert sorted(await asyncio.gather(sweep(), sweep())) == [2, 4]
    assert await promises.sweep("13:30") == 0
    assert len(await promises.alarms()) == 6


async def test_a_paused_promise_isnt_failed(promises: Promises) -> None:
    """Frappe Helpdesk marks paused tickets failed (helpdesk#3277)."""
    await promises.start("09:00")
    await promises.pause("09:20")
    assert await promises.sweep("2026-06-20 09:00") == 0
    await promises.resume("2026-06-20 09:00")
    assert await promises.sweep("2026-06-20 09:40") == 1
    assert (await promises.rows())["acknowledged"].due_at == at("2026-06-20 09:40")


async def test_a_missed_agent_hands_over_and_breaks_no_promise(promises: Promises) -> None:
    """Given an agent with 4 hours and a company with 24, when the agent doesn't come, then the duty passes on, and
    the company's arrival within its time keeps its promise while the agent's stays missed (A49)."""
    await promises.start("09:00", "on_site_decided")
    await promises.sweep("13:30")
    agent = (await promises.rows())["on_site/agent"]
    assert (agent.handed_over_at, agent.breached_at, agent.state) == (at("13:00"), None, "running")
    await promises.meet("18:00", "on_site", party="company")
    rows = await promises.rows()
    assert (rows["on_site/agent"].state, rows["on_site"].outcome) == ("missed", "in_time")


async def test_tenants_are_found_by_how_long_they_wait_and_only_while_something_is_due(
    bare_platform: TestPlatform,
) -> None:
    first, second, calm = [await Promises.of(bare_platform) for _ in range(3)]
    await second.start("1999-06-10 09:00")
    await first.start("1999-06-09 09:00")
    await calm.start("1999-06-20 09:00")
    async with bare_platform.pools.system.acquire() as connection:
        due = [found for found in await due_tenants(connection, at("1999-06-10 12:00"), 100)]
        assert due == [first.tenant.id, second.tenant.id]
        assert await due_tenants(connection, at("1999-06-10 12:00"), 1) == [first.tenant.id]
    await first.sweep("1999-06-10 12:00")
    async with bare_platform.pools.system.acquire() as connection:
        assert first.tenant.id not in await due_tenants(connection, at("1999-06-10 12:00"), 100)
