"""When somebody is to be told about a clock: before its deadline, at it, and after it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from aftersales.commitments.budgets import ElapsedMeter, Meter, WorkingMeter
from aftersales.commitments.ledger import Calendars, ClockState, clock_meter
from aftersales.kit.errors import InvalidInput

AlarmKind = Literal["warning", "breach", "escalation", "handover"]

LARGEST_SHARE: Final = 10.0


class AlarmRule(msgspec.Struct, frozen=True, kw_only=True):
    """One rung of a ladder: at which point of a clock whom to tell.

    Exactly one of `share` (of the budget that is used up: 0.75; above 1 after the deadline) and
    `offset_minutes` (before the deadline if negative, 0 at it, after it if positive). `escalate_to` names a role;
    the higher the `level`, the further up. `handover` passes the duty on to the next party.
    """

    code: str
    kind: AlarmKind = "warning"
    share: float | None = None
    offset_minutes: int | None = None
    escalate_to: str | None = None
    level: int = 0

    def __post_init__(self) -> None:
        share_fits = self.share is None or 0 < self.share <= LARGEST_SHARE
        if (self.share is None) == (self.offset_minutes is None) or not share_fits:
            raise InvalidInput("ALARM_RULE_INVALID", field="share", rule=self.code)


class AlarmInstant(msgspec.Struct, frozen=True, kw_only=True):
    """A rule with its instant, to be raised once the time is later than `at` (a deadline is met at it)."""

    at: datetime
    rule: AlarmRule


def alarm_instants(state: ClockState, rules: Sequence[AlarmRule], calendars: Calendars) -> tuple[AlarmInstant, ...]:
    """The alarms of a clock in the order in which they fall, as far as they are certain.

    While running, all of them. While paused, those that fell before the pause. Once stopped, only breaches
    that had happened; cancelled or without a budget, none. A warning earlier than the clock's own start
    doesn't fit so short a promise and is left out. What comes after the deadline counts running time only.
    """
    if state.budget is None or state.outcome == "cancelled":
        return ()
    found: list[AlarmInstant] = []
    for rule in rules:
        at = _instant(state, rule, calendars)
        if at is None or at <= state.started_at:
            continue
        if state.state == "running" or (at < state.since and (state.state == "paused" or rule.kind == "breach")):
            found.append(AlarmInstant(at=at, rule=rule))
    return tuple(sorted(found, key=lambda alarm: (alarm.at, alarm.rule.level, alarm.rule.code)))


def next_alarm(
    state: ClockState, rules: Sequence[AlarmRule], already_raised: Mapping[str, datetime], calendars: Calendars
) -> AlarmInstant | None:
    """The earliest alarm that wasn't raised yet; `already_raised` holds the latest instant raised for each code.

    A re-computation raises a rung again only when its instant moved later: earlier or equal ones were told.
    """
    for alarm in alarm_instants(state, rules, calendars):
        told = already_raised.get(alarm.rule.code)
        if told is None or alarm.at > told:
            return alarm
    return None


def _instant(state: ClockState, rule: AlarmRule, calendars: Calendars) -> datetime | None:
    if rule.offset_minutes is not None:
        if state.due_at is None:
            return None
        offset = timedelta(minutes=rule.offset_minutes)
        return state.due_at + offset if rule.offset_minutes <= 0 else _after(state, state.due_at, offset)
    if state.budget is None or rule.share is None:
        return None
    meter = clock_meter(state, calendars)
    if state.budget.kind != "days":
        return _reaching(state, meter, round(state.budget.limit * rule.share), state.counted_from, state.carried)
    # Days can't be divided: the share is of the time (of a calendar's working time) until the deadline.
    time: Meter = ElapsedMeter()
    if state.budget.unit == "working_day" and state.calendar is not None:
        time = WorkingMeter(calendars[state.calendar])
    due_at = state.due_at or meter.due(state.since, state.remaining or 0)
    runs = list(state.stretches)
    if not state.exhausted and (not runs or runs[-1][1] < due_at):
        runs.append((state.since if state.state != "stopped" else due_at, due_at))
    total = sum(time.spent(begin, min(end, due_at)) for begin, end in runs if begin < due_at)
    if total == 0:
        # Nothing of the time can be used up before the deadline: no warning fits, what follows falls at it.
        return due_at if rule.share >= 1 else None
    return _reaching(state, time, round(total * rule.share), 0, 0)


def _reaching(state: ClockState, meter: Meter, target: int, counted_from: int, used: int) -> datetime | None:
    """When the running clock has used `target`; None while paused short of it."""
    for begin, end in state.stretches[counted_from:]:
        at = meter.due(begin, max(0, target - used))
        if at < end:
            return at
        used += meter.spent(begin, end)
    return meter.due(state.since, max(0, target - used)) if state.state == "running" else None


def _after(state: ClockState, due_at: datetime, offset: timedelta) -> datetime | None:
    """`offset` of running time after the deadline."""
    left = offset
    for begin, end in state.stretches:
        begin = max(begin, due_at)
        if end <= begin:
            continue
        if begin + left < end:
            return begin + left
        left -= end - begin
    return max(state.since, due_at) + left if state.state == "running" else None
