"""Deadlines that begin alike, worked out once: a plan opens a hundred thousand of them on the same days. Pure."""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from aftersales.calendars.rules import CalendarDefinition, WorkingCalendar, always_open_calendar, calendar_key
from aftersales.commitments.alarms import next_alarm
from aftersales.commitments.budgets import Budget
from aftersales.commitments.clocks import stored_terms
from aftersales.commitments.ledger import ClockSegment, replay
from aftersales.commitments.targets import rungs_of
from aftersales.terms.base import Label
from aftersales.terms.playbook import VerticalPlaybook


class Beginning(NamedTuple):
    """A clock at its first instant: when it is due, when somebody is told first, and what is stored of it.

    The dictionaries are shared by all rows that begin alike: nobody changes them, a change stores new ones.
    """

    due_at: datetime | None
    next_alarm_at: datetime | None
    terms: dict[str, Any]
    budget: dict[str, Any] | None
    calendar: dict[str, Any] | None


def beginning(
    playbook: VerticalPlaybook, milestone: str, label: Label, budget: Budget | None, at: datetime, zone: str
) -> Beginning:
    """The first instant of a fixed deadline whose days are counted in a zone, without a calendar of its own."""
    rungs = rungs_of(playbook, None, "breach")
    return _beginning(playbook.vertical, milestone, label, budget, at, zone, rungs)


@lru_cache(maxsize=16_384)
def _beginning(
    vertical: str, milestone: str, label: Label, budget: Budget | None, at: datetime, zone: str, rungs: tuple[Any, ...]
) -> Beginning:
    calendar: CalendarDefinition | None = None
    if budget is not None and budget.kind != "elapsed":
        calendar = always_open_calendar(zone)
    key = None if calendar is None else calendar_key(calendar)
    calendars = {} if calendar is None or key is None else {key: WorkingCalendar.of(calendar)}
    segment = ClockSegment(
        sequence=1, kind="running", starts_at=at, budget=budget, calendar=key, reason=milestone, recorded_at=at,
        actor="",
    )  # fmt: skip
    state = replay((segment,), calendars)
    alarm = next_alarm(state, rungs, {}, calendars)
    return Beginning(
        due_at=state.due_at,
        next_alarm_at=None if alarm is None else alarm.at,
        terms=stored_terms(milestone, label, milestone, rungs, (), vertical),
        budget=None if budget is None else msgspec.to_builtins(budget),
        calendar=None if calendar is None else msgspec.to_builtins(calendar),
    )
