"""What holds for every ledger (hypothesis)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aftersales.commitments.rules import (
    AlarmRule,
    Budget,
    ClockSegment,
    ClockState,
    advance,
    alarm_instants,
    clock_status,
    replay,
    start,
)
from aftersales.kit.errors import StateRefused
from tests.commitments.examples import CALENDARS

PLENTY = settings(deadline=None, max_examples=150)
STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
GAPS = st.one_of(
    st.just(timedelta(0)),
    st.integers(1, 72).map(lambda count: timedelta(hours=count)),
    st.timedeltas(timedelta(0), timedelta(days=6)),
)
UNITS = st.sampled_from(["minute", "hour", "working_minute", "working_hour", "calendar_day", "working_day"])
AMOUNTS = {"minute": 3000, "working_minute": 3000, "hour": 100, "working_hour": 60}


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    unit: Any = draw(UNITS)
    return Budget(amount=draw(st.integers(1, AMOUNTS.get(unit, 8))), unit=unit)


CALENDAR_KEYS = st.sampled_from(sorted(CALENDARS))


@st.composite
def ledgers(draw: st.DrawFn, changes: bool = True) -> list[ClockSegment]:
    """A valid ledger: runs and pauses, changes of terms, stops and re-openings."""
    at = draw(STARTS)
    limit, calendar = draw(budgets()), draw(CALENDAR_KEYS)
    entries = [ClockSegment(sequence=1, kind="running", starts_at=at, budget=limit, calendar=calendar)]
    for sequence in range(2, draw(st.integers(1, 8)) + 1):
        at += draw(GAPS)
        before = entries[-1].kind
        kind: Any = "running" if before == "stopped" else draw(st.sampled_from(["running", "paused", "stopped"]))
        new_limit: Budget | None = limit
        carry: Any = "remeasure"
        if changes and draw(st.booleans()):
            new_limit, calendar = draw(st.one_of(st.none(), budgets())), draw(CALENDAR_KEYS)
            carry = draw(st.sampled_from(["remeasure", "keep"]))
        entries.append(
            ClockSegment(
                sequence=sequence,
                kind=kind,
                starts_at=at,
                budget=new_limit,
                calendar=calendar,
                carry=carry,
                outcome="met" if kind == "stopped" else None,
            )
        )
        limit = new_limit if new_limit is not None else limit
    return entries


def outcome_of(attempt: Callable[[], ClockState]) -> ClockState | str:
    """The state, or the code of the refusal."""
    try:
        return attempt()
    except StateRefused as refusal:
        return refusal.code


@settings(deadline=None, max_examples=400)
@given(ledgers())
def test_replaying_the_ledger_gives_the_stored_state(entries: list[ClockSegment]) -> None:
    state = start(entries[0], CALENDARS)
    for count, entry in enumerate(entries[1:], start=2):
        advanced = outcome_of(partial(advance, state, entry, CALENDARS))
        assert advanced == outcome_of(partial(replay, entries[:count], CALENDARS))
        if isinstance(advanced, str):
            assert advanced == "CLOCK_CARRY_REFUSED"
            return
        state = advanced


def paused_once(entries: list[ClockSegment], at: datetime, length: timedelta) -> list[ClockSegment]:
    """The same story with one more pause in its last running segment."""
    last = entries[-1]
    common: dict[str, Any] = {"budget": last.budget, "calendar": last.calendar}
    return [
        *entries,
        ClockSegment(sequence=last.sequence + 1, kind="paused", starts_at=at, **common),
        ClockSegment(sequence=last.sequence + 2, kind="running", starts_at=at + length, **common),
    ]


@PLENTY
@given(ledgers(changes=False), GAPS, GAPS)
def test_pausing_never_shortens_what_is_left(entries: list[ClockSegment], wait: timedelta, length: timedelta) -> None:
    assume(entries[-1].kind == "running")
    before = replay(entries, CALENDARS)
    at = entries[-1].starts_at + wait
    paused = replay(paused_once(entries, at, length), CALENDARS)
    assert before.due_at is not None
    assert paused.due_at is not None
    assert paused.due_at >= before.due_at
    running_on = msgspec.structs.replace(
        entries[-1], sequence=entries[-1].sequence + 1, starts_at=at + length, outcome=None
    )
    unpaused = replay([*entries, running_on], CALENDARS)
    assert unpaused.remaining is not None
    assert paused.remaining is not None
    assert paused.remaining >= unpaused.remaining


@PLENTY
@given(ledgers(changes=False), GAPS)
def test_a_pause_of_no_length_changes_nothing(entries: list[ClockSegment], wait: timedelta) -> None:
    assume(entries[-1].kind == "running")
    before = replay(entries, CALENDARS)
    after = replay(paused_once(entries, entries[-1].starts_at + wait, timedelta(0)), CALENDARS)
    assert after.due_at == before.due_at


@PLENTY
@given(ledgers(changes=False), st.integers(0, 500), GAPS)
def test_a_clock_that_is_paused_in_time_never_becomes_breached(
    entries: list[ClockSegment], days: int, wait: timedelta
) -> None:
    assume(entries[-1].kind == "running")
    before = replay(entries, CALENDARS)
    at = entries[-1].starts_at + wait
    assume(not before.exhausted)
    assert before.due_at is not None
    assume(at <= before.due_at)
    paused = replay(paused_once(entries, at, timedelta(0))[:-1], CALENDARS)
    status = clock_status(paused, at + timedelta(days=days))
    assert status.code == "paused"
    assert not status.is_breached


@PLENTY
@given(ledgers(changes=False), st.integers(1, 50))
def test_more_budget_never_gives_an_earlier_deadline(entries: list[ClockSegment], more: int) -> None:
    limit = entries[0].budget
    assert limit is not None
    larger = msgspec.structs.replace(limit, amount=limit.amount + more)
    generous = [msgspec.structs.replace(entry, budget=larger) for entry in entries]
    one, other = replay(entries, CALENDARS).due_at, replay(generous, CALENDARS).due_at
    if other is not None and one is not None:
        assert other >= one
    if one is None:
        assert other is None


@PLENTY
@given(ledgers(changes=False))
def test_alarms_before_the_deadline_come_before_it_and_the_others_after(entries: list[ClockSegment]) -> None:
    state = replay(entries, CALENDARS)
    rules = (
        AlarmRule(code="early", share=0.25),
        AlarmRule(code="late", share=0.9),
        AlarmRule(code="breach", kind="breach", offset_minutes=0),
        AlarmRule(code="up", kind="escalation", offset_minutes=30),
    )
    found = {alarm.rule.code: alarm.at for alarm in alarm_instants(state, rules, CALENDARS)}
    assert [code for code in ("early", "late", "breach", "up") if code in found] == list(found)
    if state.state == "running":
        assert found["breach"] == state.due_at
        assert "up" in found
    if state.state == "paused":
        assert all(at < state.since for at in found.values())


@PLENTY
@given(ledgers())
def test_no_ledger_breaks_a_promise_without_a_number(entries: list[ClockSegment]) -> None:
    tracked = [msgspec.structs.replace(entry, budget=None, carry="remeasure") for entry in entries]
    status = clock_status(replay(tracked, CALENDARS), entries[-1].starts_at + timedelta(days=3650))
    assert status.code == "tracked"
    assert not status.is_breached
