"""The clock of a commitment: an append-only ledger of segments, and the state that follows from it.

Deadline = start of the running segment + (budget - budget already spent), in the time that the budget names.
A change of grade, target, calendar or contract is one more segment with the new terms; nothing is rewritten,
and no pause is lost. `replay` reads a whole ledger, `advance` adds one segment to a known state; both agree.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from aftersales.calendars.rules import WorkingCalendar
from aftersales.commitments.budgets import Budget, Meter, meter_for
from aftersales.kit.errors import InvalidInput, StateRefused

SegmentKind = Literal["running", "paused", "stopped"]
Outcome = Literal["met", "cancelled"]
Carry = Literal["remeasure", "keep"]
Calendars = Mapping[str, WorkingCalendar]
"""Compiled calendars by the key that segments name: the id of a calendar's version."""

Stretch = tuple[datetime, datetime]
NOTHING: Final = timedelta(0)


class ClockSegment(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the ledger; it ends the entry before it and says what holds from `starts_at` on.

    Every entry repeats the terms in force (`budget`, `calendar`); when they differ from the entry before, the
    clock is re-computed: `remeasure` counts everything since the trigger under the new terms, pauses left
    out; `keep` leaves what was spent as it was counted then (a calendar that changes from today on), which
    needs the same kind of time. A `stopped` entry has an outcome; a later `running` one re-opens the clock.
    """

    sequence: int
    kind: SegmentKind
    starts_at: datetime
    budget: Budget | None
    calendar: str | None = None
    reason: str | None = None
    outcome: Outcome | None = None
    carry: Carry = "remeasure"
    recorded_at: datetime | None = None
    actor: str | None = None


class ClockState(msgspec.Struct, frozen=True, kw_only=True):
    """What a ledger amounts to after its last entry.

    `due_at` is None without a budget, and while paused (the rest of the budget is kept, no date is running).
    `exhausted`: the clock ran past `due_at`, in a segment that has ended or been re-computed since; such a
    deadline no longer moves by pauses. `spent` is in microseconds, or days for a budget in days.
    """

    state: SegmentKind
    sequence: int
    started_at: datetime
    since: datetime
    budget: Budget | None
    calendar: str | None
    stretches: tuple[Stretch, ...] = ()
    counted_from: int = 0
    carried: int = 0
    spent: int = 0
    exhausted: bool = False
    due_at: datetime | None = None
    paused: timedelta = NOTHING
    reason: str | None = None
    outcome: Outcome | None = None

    @property
    def remaining(self) -> int | None:
        """What is left of the budget at `since`: microseconds or days, never negative."""
        if self.budget is None:
            return None
        return 0 if self.exhausted else max(0, self.budget.limit - self.spent)


def replay(segments: Sequence[ClockSegment], calendars: Calendars, *, until: datetime | None = None) -> ClockState:
    """The state after all segments (or those that had begun by `until`), computed from the ledger alone."""
    entries = [entry for entry in segments if until is None or entry.starts_at <= until]
    if not entries:
        raise InvalidInput("CLOCK_NOT_STARTED", field="segments")
    first = entries[0]
    stretches: list[Stretch] = []
    paused, counted_from, carried = NOTHING, 0, 0
    previous: ClockSegment | None = None
    for entry in entries:
        _check(entry, previous)
        if previous is not None:
            length = entry.starts_at - previous.starts_at
            if previous.kind == "running" and length > NOTHING:
                stretches.append((previous.starts_at, entry.starts_at))
            elif previous.kind == "paused":
                paused += length
            if _terms_differ(entry, previous):
                carried, counted_from = _carry_over(
                    entry, previous, stretches, counted_from, carried, calendars, first.starts_at
                )
        previous = entry
    last = entries[-1]
    state = ClockState(
        state=last.kind,
        sequence=last.sequence,
        started_at=first.starts_at,
        since=last.starts_at,
        budget=last.budget,
        calendar=last.calendar,
        stretches=tuple(stretches),
        counted_from=counted_from,
        carried=carried,
        paused=paused,
        reason=last.reason,
        outcome=last.outcome,
    )
    return _measured(state, calendars)


def start(segment: ClockSegment, calendars: Calendars) -> ClockState:
    """The state after the first segment."""
    return replay((segment,), calendars)


def advance(state: ClockState, segment: ClockSegment, calendars: Calendars) -> ClockState:
    """The state after one more segment: the same answer as replaying the ledger, without reading it."""
    previous = ClockSegment(
        sequence=state.sequence,
        kind=state.state,
        starts_at=state.since,
        budget=state.budget,
        calendar=state.calendar,
    )
    _check(segment, previous)
    length = segment.starts_at - state.since
    stretches, paused, spent, exhausted = state.stretches, state.paused, state.spent, state.exhausted
    if state.state == "running" and length > NOTHING:
        stretches = (*stretches, (state.since, segment.starts_at))
        if state.due_at is not None and not exhausted:
            exhausted = state.due_at < segment.starts_at
            if not exhausted:
                spent += _meter(state, calendars).spent(state.since, segment.starts_at)
    elif state.state == "paused":
        paused += length
    following = msgspec.structs.replace(
        state,
        state=segment.kind,
        sequence=segment.sequence,
        since=segment.starts_at,
        budget=segment.budget,
        calendar=segment.calendar,
        stretches=stretches,
        spent=spent,
        exhausted=exhausted,
        paused=paused,
        reason=segment.reason,
        outcome=segment.outcome,
    )
    if _terms_differ(segment, previous):
        carried, counted_from = _carry_over(
            segment, previous, stretches, state.counted_from, state.carried, calendars, state.started_at
        )
        return _measured(msgspec.structs.replace(following, carried=carried, counted_from=counted_from), calendars)
    return _with_due(following, calendars)


def _measured(state: ClockState, calendars: Calendars) -> ClockState:
    """Count the budget along all stretches that are measured under the present terms."""
    if state.budget is None:
        return msgspec.structs.replace(state, spent=0, exhausted=False, due_at=None)
    meter, limit, spent = _meter(state, calendars), state.budget.limit, state.carried
    for begin, end in state.stretches[state.counted_from :]:
        due_at = meter.due(begin, max(0, limit - spent))
        if due_at < end:
            return msgspec.structs.replace(state, spent=spent, exhausted=True, due_at=due_at)
        spent += meter.spent(begin, end)
    return _with_due(msgspec.structs.replace(state, spent=spent, exhausted=False, due_at=None), calendars)


def _with_due(state: ClockState, calendars: Calendars) -> ClockState:
    """Set the deadline of a clock whose closed stretches are counted."""
    if state.exhausted or state.budget is None:
        return state
    if state.state == "paused":
        return msgspec.structs.replace(state, due_at=None)
    ran_until_stop = bool(state.stretches) and state.stretches[-1][1] == state.since
    if state.state == "stopped" and ran_until_stop and len(state.stretches) > state.counted_from:
        # The date that was running when the clock was stopped: that is what the promise was kept against.
        begin = state.stretches[-1][0]
        spent_before = state.spent - _meter(state, calendars).spent(begin, state.since)
        due_at = _meter(state, calendars).due(begin, max(0, state.budget.limit - spent_before))
    else:
        due_at = _meter(state, calendars).due(state.since, max(0, state.budget.limit - state.spent))
    return msgspec.structs.replace(state, due_at=due_at)


def _carry_over(
    entry: ClockSegment,
    previous: ClockSegment,
    stretches: Sequence[Stretch],
    counted_from: int,
    carried: int,
    calendars: Calendars,
    started_at: datetime,
) -> tuple[int, int]:
    """What counts as spent at a change of terms, and from which stretch on the new terms count."""
    if entry.carry == "remeasure":
        return 0, 0
    if (
        entry.budget is None
        or previous.budget is None
        or entry.budget.kind != previous.budget.kind
        or (entry.budget.kind == "days")
    ):
        raise StateRefused("CLOCK_CARRY_REFUSED", field="carry")
    meter = meter_for(previous.budget, _calendar(previous.calendar, calendars), started_at)
    spent = sum(meter.spent(begin, end) for begin, end in stretches[counted_from:])
    return carried + spent, len(stretches)


def _check(entry: ClockSegment, previous: ClockSegment | None) -> None:
    if entry.starts_at.tzinfo is None:
        raise InvalidInput("INSTANT_NAIVE", field="starts_at", value=entry.starts_at.isoformat())
    expected = 1 if previous is None else previous.sequence + 1
    if entry.sequence != expected:
        raise StateRefused("CLOCK_SEQUENCE_BROKEN", field="sequence", expected=expected, actual=entry.sequence)
    if previous is not None and entry.starts_at < previous.starts_at:
        raise InvalidInput("CLOCK_SEGMENT_OUT_OF_ORDER", field="starts_at", previous=previous.starts_at.isoformat())
    current = None if previous is None else previous.kind
    refused = (
        (current is None and entry.kind == "stopped")
        or (current == "stopped" and entry.kind != "running")
        or (entry.kind == "stopped") != (entry.outcome is not None)
    )
    if refused:
        raise StateRefused("CLOCK_TRANSITION_REFUSED", field="kind", current=current, wanted=entry.kind)


def _terms_differ(entry: ClockSegment, previous: ClockSegment) -> bool:
    return (entry.budget, entry.calendar) != (previous.budget, previous.calendar)


def clock_meter(state: ClockState, calendars: Calendars) -> Meter:
    """How the present budget of a clock is counted; only for a clock with a budget."""
    if state.budget is None:
        raise InvalidInput("BUDGET_INVALID", field="budget", amount=None, unit=None)
    return meter_for(state.budget, _calendar(state.calendar, calendars), state.started_at)


def _meter(state: ClockState, calendars: Calendars) -> Meter:
    return clock_meter(state, calendars)


def _calendar(key: str | None, calendars: Calendars) -> WorkingCalendar | None:
    if key is None:
        return None
    try:
        return calendars[key]
    except KeyError as error:
        raise InvalidInput("CALENDAR_UNKNOWN", field="calendar", calendar=key) from error
