"""What ended and is owed again; deadlines that move after they were told; clocks that begin in a pause."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from aftersales import EventFacts, FollowUp, VerticalSettings, hookimpl
from aftersales.commitments import service
from aftersales.commitments.models import Alarm
from aftersales.commitments.sweeper import PUT_ASIDE, sweep_tenant
from aftersales.journal.models import Event
from aftersales.kit.errors import InvalidInput
from aftersales.plugins.registry import Registry
from tests.commitments.promises import PUMPS, VERTICAL, Promises, at, facts, target
from tests.fixtures.database import TestPlatform
from tests.terms.making import vertical


@pytest.fixture
async def promises(bare_platform: TestPlatform) -> Promises:
    return await Promises.of(bare_platform)


async def reopen(promises: Promises, when: str, **chosen: Any) -> list[str]:
    """Re-open clocks of the subject; the milestones that are owed again."""
    async with promises.work(when) as uow:
        rows = await service.reopen(uow, promises.subject, uow.now, reason="not satisfied", **chosen)
        return sorted(row.milestone for row in rows)


async def resolve(promises: Promises, when: str) -> None:
    async with promises.work(when) as uow:
        await service.meet(uow, promises.subject, "resolved", uow.now)
        await service.cancel(uow, promises.subject, "resolved", uow.now)


# --- owed again ----------------------------------------------------------------------------------------------


async def test_what_a_resolution_ended_is_owed_again_and_the_time_between_isnt_spent(promises: Promises) -> None:
    """Given 8 hours of which 3 were used, when the customer isn't satisfied 20 hours later, then 5 are left."""
    await promises.start("09:00")
    await promises.meet("09:10", "acknowledged")
    await resolve(promises, "12:00")
    assert await reopen(promises, "2026-06-11 08:00", ended_since=at("12:00")) == ["resolved"]
    rows = await promises.rows()
    resolved = rows["resolved"]
    assert (resolved.state, resolved.outcome, resolved.met_at) == ("running", None, None)
    assert (resolved.due_at, resolved.breached_at) == (at("2026-06-11 13:00"), None)
    assert rows["acknowledged"].state == "met", "it was reached before and stays so"
    assert await promises.sweep("2026-06-11 13:01") == 2, "its warning and its breach are still to be told"
    assert (await promises.rows())["resolved"].breached_at == at("2026-06-11 13:00")
    for row, state in await promises.ledgers():
        assert row.due_at == state.due_at


async def test_what_was_late_when_it_was_reached_stays_late_after_reopening(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.sweep("17:30")
    await resolve(promises, "18:00")
    await reopen(promises, "20:00")
    row = (await promises.rows())["resolved"]
    assert (row.state, row.due_at, row.breached_at) == ("running", at("17:00"), at("17:00"))
    assert [code for code, _ in await promises.alarms()].count("late") == 2, "one for each promise, none twice"


async def test_a_cancelled_visit_owes_only_the_milestones_that_it_had_reached(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.start("09:00", "on_site_decided")
    await promises.meet("09:10", "acknowledged")
    await promises.meet("10:00", "on_site", party="company")
    assert await reopen(promises, "11:00", milestones={"on_site"}) == ["on_site", "on_site"]
    rows = await promises.rows()
    assert rows["on_site"].due_at == at("2026-06-11 10:00")
    assert rows["on_site/agent"].due_at == at("14:00")
    assert rows["acknowledged"].state == "met"
    assert await reopen(promises, "11:10", milestones={"on_site"}) == [], "what is owed already isn't opened twice"


async def test_what_is_reopened_while_the_subject_waits_is_paused_at_once(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.meet("09:10", "acknowledged")
    await promises.pause("09:20")
    await reopen(promises, "09:30", milestones={"acknowledged"})
    assert {row.state for row in (await promises.rows()).values()} == {"paused"}
    await promises.resume("10:00")
    assert (await promises.rows())["acknowledged"].due_at == at("10:50")


# --- deadlines that move -------------------------------------------------------------------------------------


async def test_a_deadline_that_moved_later_is_told_and_broken_again(promises: Promises) -> None:
    """Given a breach that was told, when a regrading moves the deadline to the next day and that passes too, then it
    is told and marked again; a shorter deadline tells nothing anew."""
    await promises.start("09:00", grade="anything")
    await promises.start("09:00")
    await promises.regrade("09:30", "general", reported="09:00")
    await promises.meet("09:40", "acknowledged")
    await promises.sweep("17:30")
    await promises.regrade("18:00", "anything", reported="09:00")
    assert (await promises.rows())["resolved"].breached_at is None
    assert await promises.sweep("2026-06-13 10:00") == 3
    assert (await promises.rows())["resolved"].breached_at == at("2026-06-12 09:00")
    await promises.regrade("2026-06-13 11:00", "general", reported="09:00")
    assert (await promises.rows())["resolved"].breached_at == at("17:00")
    breaches = [when for code, when in await promises.alarms() if code in ("late", "due")]
    assert breaches == [at("17:00"), at("2026-06-12 09:00")]


async def test_a_target_with_other_rungs_and_the_same_time_plans_its_alarm_anew(promises: Promises) -> None:
    await promises.start("09:00")
    signed = target("signed", "resolved", 8, source="contract", clause="C-7")
    async with promises.work("09:30") as uow:
        await service.retarget(
            uow, promises.subject, facts(contract_targets=(signed,)), "contract", uow.now, started={}
        )
    row = (await promises.rows())["resolved"]
    assert row.next_alarm_at == at("15:00"), "75 % of the default ladder instead of the half of the old one"


async def test_a_target_that_begins_with_another_event_doesnt_inherit_the_clock(promises: Promises) -> None:
    """Given a resolution owed since the report, when the contract counts it from the decision to visit, then the old
    clock ends, and the new one begins with that decision or not at all."""
    await promises.start("09:00")
    signed = target("signed", "resolved", 4, source="contract", clause="C-7", starts_on="on_site_decided")
    agreed = facts(contract_targets=(signed,))
    async with promises.work("10:00") as uow:
        await service.retarget(uow, promises.subject, agreed, "contract", uow.now, started={"reported": at("09:00")})
    assert (await promises.rows())["resolved"].state == "cancelled"
    async with promises.work("12:00") as uow:
        events: Any = {"reported": at("09:00"), "on_site_decided": at("11:00")}
        await service.retarget(uow, promises.subject, agreed, "contract", uow.now, started=events)
    row = (await promises.rows())["resolved"]
    assert (row.state, row.started_at, row.due_at) == ("running", at("11:00"), at("15:00"))


async def test_every_reply_of_the_customer_owes_an_answer_again(bare_platform: TestPlatform) -> None:
    promises = await Promises.of(bare_platform)
    again = target("again", "next_response", 2, starts_on="customer_replied")
    promises.playbook = msgspec.structs.replace(PUMPS, sla_targets=(*PUMPS.sla_targets, again))
    for replied, answered in (("10:00", "10:30"), ("12:00", None)):
        await promises.start(replied, "customer_replied")
        await promises.start(replied, "customer_replied")
        if answered is not None:
            await promises.meet(answered, "next_response")
            await promises.regrade("11:00", "general", customer_replied=replied)
    owed = [row for row, _ in await promises.ledgers() if row.milestone == "next_response"]
    assert [(row.state, row.due_at) for row in owed] == [("running", at("14:00"))]
    assert len(await promises.stored(type(owed[0]))) == 2


# --- pauses --------------------------------------------------------------------------------------------------


async def test_a_clock_that_starts_in_a_pause_is_paused_at_once(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.pause("10:00")
    await promises.start("11:00", "on_site_decided")
    row = (await promises.rows())["on_site/agent"]
    assert (row.state, row.due_at, row.next_alarm_at) == ("paused", None, None)
    await promises.resume("12:00")
    assert (await promises.rows())["on_site/agent"].due_at == at("16:00")


async def test_a_clock_takes_over_pauses_that_an_ended_clock_with_more_turns_missed(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.pause("09:10")
    await promises.resume("09:20")
    await promises.pause("09:30")
    await promises.resume("09:40")
    await promises.meet("09:50", "acknowledged")
    await promises.meet("09:50", "resolved")
    await promises.start("10:00", "on_site_decided")
    await promises.pause("11:00")
    await promises.resume("12:00")
    signed = target("signed", "dispatched", 6, source="contract", clause="C-7")
    async with promises.work("13:00") as uow:
        events: Any = {"reported": at("09:00")}
        agreed = facts(contract_targets=(signed,))
        await service.retarget(uow, promises.subject, agreed, "contract", uow.now, started=events)
    assert (await promises.rows())["dispatched"].due_at == at("16:20"), "twenty minutes and an hour of pauses"


@pytest.mark.parametrize("seed", range(6))
async def test_no_clock_is_paused_unless_the_subject_was_paused_and_not_resumed(promises: Promises, seed: int) -> None:
    """Any order of starting, reaching, pausing, resuming, regrading, re-opening and ending."""
    chance, paused, now = random.Random(seed), False, at("09:00")
    for _ in range(14):
        now += timedelta(minutes=chance.randrange(1, 90))
        step = chance.choice(["reported", "on_site_decided", "meet", "pause", "resume", "regrade", "reopen", "end"])
        async with promises.work(now) as uow:
            subject = promises.subject
            if step == "reported" or step == "on_site_decided":
                await service.start(uow, subject, facts(), step, now)  # type: ignore[arg-type]
            elif step == "meet":
                await service.meet(uow, subject, chance.choice(["resolved", "on_site", "acknowledged"]), now)
            elif step == "pause":
                await service.pause(uow, subject, "waiting", now)
                paused = True
            elif step == "resume":
                await service.resume(uow, subject, now)
                paused = False
            elif step == "regrade":
                events: Any = {"reported": at("09:00")}
                grade = chance.choice(["general", "complex"])
                await service.retarget(uow, subject, facts(grade), "regraded", now, started=events)
            elif step == "reopen":
                await service.reopen(uow, subject, now, reason="again")
            else:
                await service.cancel(uow, subject, "ended", now)
        for row, state in await promises.ledgers():
            assert paused or row.state != "paused", (seed, step)
            assert row.due_at == state.due_at


# --- two at once, and what is stated -------------------------------------------------------------------------


async def test_a_change_that_waited_for_a_lock_counts_from_the_change_before_it(promises: Promises) -> None:
    """Given a unit that began at 09:59 and waited while another paused at 10:00, then its resumption isn't refused."""
    await promises.start("09:00")
    await promises.pause("10:00")
    await promises.resume("09:59")
    assert (await promises.rows())["resolved"].due_at == at("17:00")


async def test_an_instant_that_somebody_stated_too_early_is_refused_by_name(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.pause("10:00")
    with pytest.raises(InvalidInput) as refusal:
        async with promises.work("11:00") as uow:
            await service.resume(uow, promises.subject, at("09:30"))
    assert (refusal.value.code, refusal.value.field) == ("CLOCK_SEGMENT_OUT_OF_ORDER", "at")


# --- sweeping ------------------------------------------------------------------------------------------------


async def test_a_row_that_cant_be_read_is_put_aside_and_the_others_are_raised(promises: Promises) -> None:
    await promises.start("09:00")
    broken = (await promises.rows())["acknowledged"]
    async with promises.work("09:05") as uow:
        await uow.connection.execute(
            "update commitments set terms = terms - 'rungs' where tenant_id = $1 and id = $2",
            promises.tenant.id,
            broken.id,
        )
    assert await promises.sweep("17:30") == 2
    assert {alarm.commitment_id for alarm in await promises.stored(Alarm)} == {(await promises.rows())["resolved"].id}
    assert (await promises.rows())["acknowledged"].next_alarm_at == at("17:30") + PUT_ASIDE


async def test_a_vertical_that_fails_on_an_event_doesnt_hold_an_alarm_back(promises: Promises) -> None:
    @hookimpl
    def raising(event: EventFacts, settings: VerticalSettings) -> list[FollowUp]:
        raise KeyError("cup")

    await promises.start("09:00")
    async with promises.work("09:31") as uow:
        uow.scope = replace(uow.scope, registry=Registry([vertical(VERTICAL, on_event=raising)]))
        assert await sweep_tenant(uow, 100) == 1
    assert [code for code, _ in await promises.alarms()] == ["half"]
    [told] = [event for event in await promises.stored(Event) if event.kind == "alarm.raised"]
    assert told.data["alarm"] == "half"


async def test_cancelling_a_clock_that_was_overdue_leaves_the_breach_on_record(promises: Promises) -> None:
    """Given a deadline that passed, when the clock is cancelled afterwards, then the promise was still broken."""
    await promises.start("09:00")
    async with promises.work("2026-06-12 09:00") as uow:
        await service.cancel(uow, promises.subject, "resolved", uow.now)
    rows = await promises.rows()
    assert {row.state for row in rows.values()} == {"cancelled"}
    assert {row.breached_at for row in rows.values() if row.due_at is not None} == {
        row.due_at for row in rows.values() if row.due_at is not None
    }
    assert rows["acknowledged"].breached_at == at("10:00")
