"""A commitment's row together with its ledger: every change appends a segment and brings the row up to date."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from aftersales.calendars.rules import CalendarDefinition, WorkingCalendar, calendar_key
from aftersales.commitments.models import ClockSegmentRow, Commitment
from aftersales.commitments.rules import (
    AlarmInstant,
    AlarmRule,
    Budget,
    ClockSegment,
    ClockState,
    PolicyVerdict,
    advance,
    clock_status,
    next_alarm,
    replay,
)
from aftersales.commitments.targets import Choice
from aftersales.kit.errors import InvalidInput
from aftersales.kit.unit_of_work import UnitOfWork
from aftersales.scope import TenantWork
from aftersales.terms.base import Label

_UNSET: Any = object()
MICROSECONDS = 1_000_000


def stored_terms(
    target: str,
    label: Label,
    trigger: str,
    rungs: Sequence[AlarmRule],
    verdicts: Sequence[PolicyVerdict],
    vertical: str,
) -> dict[str, Any]:
    """What a commitment keeps of the terms that made it, so that a later Playbook changes nothing."""
    kept: dict[str, Any] = msgspec.to_builtins(
        {
            "code": target,
            "label": label,
            "trigger": trigger,
            "rungs": tuple(rungs),
            "policies": tuple(verdicts),
            "vertical": vertical,
        }
    )
    if verdicts:
        kept["target"] = target
    return kept


def segment_of(row: ClockSegmentRow) -> tuple[ClockSegment, CalendarDefinition | None]:
    """The ledger entry of a stored segment, and the calendar it counts by."""
    definition = msgspec.convert(row.calendar, CalendarDefinition) if row.calendar is not None else None
    segment = ClockSegment(
        sequence=row.sequence,
        kind=row.kind,  # type: ignore[arg-type]
        starts_at=row.starts_at,
        budget=msgspec.convert(row.budget, Budget) if row.budget is not None else None,
        calendar=calendar_key(definition) if definition is not None else None,
        reason=row.reason,
        outcome=row.outcome,  # type: ignore[arg-type]
        recorded_at=row.recorded_at,
        actor=row.actor,
    )
    return segment, definition


def state_of_row(rows: Sequence[ClockSegmentRow]) -> tuple[list[ClockSegment], dict[str, WorkingCalendar]]:
    """A stored ledger as the rules take it, with the calendars that it names."""
    segments: list[ClockSegment] = []
    calendars: dict[str, WorkingCalendar] = {}
    for row in rows:
        segment, definition = segment_of(row)
        segments.append(segment)
        if definition is not None and segment.calendar is not None:
            calendars[segment.calendar] = WorkingCalendar.of(definition)
    return segments, calendars


class Clock:
    """One commitment in a unit of work: its row, its stored segments, the state that they amount to."""

    def __init__(
        self, uow: TenantWork, row: Commitment, segments: list[ClockSegmentRow], raised: dict[str, datetime]
    ) -> None:
        self.uow: UnitOfWork[Any] = uow
        self.scope = uow.scope
        self.row = row
        self.segments = segments
        self.raised = raised
        entries, self.calendars = state_of_row(segments)
        self.state: ClockState | None = replay(entries, self.calendars) if entries else None

    @property
    def rungs(self) -> tuple[AlarmRule, ...]:
        return msgspec.convert(self.row.terms["rungs"], tuple[AlarmRule, ...])

    def append(
        self,
        kind: str,
        at: datetime,
        *,
        reason: str,
        budget: Budget | None = _UNSET,
        calendar: CalendarDefinition | None = _UNSET,
        outcome: str | None = None,
    ) -> None:
        """Add a segment and bring the row up to date; budget and calendar stay as they were unless given."""
        last = self.segments[-1] if self.segments else None
        stored = ClockSegmentRow(
            commitment_id=self.row.id,
            sequence=1 if last is None else last.sequence + 1,
            kind=kind,
            starts_at=at,
            reason=reason,
            outcome=outcome,
            budget=(last.budget if last else None) if budget is _UNSET else _builtins(budget),
            calendar=(last.calendar if last else None) if calendar is _UNSET else _builtins(calendar),
            recorded_at=self.uow.now,
            actor=self.uow.actor.label,
        )
        segment, definition = segment_of(stored)
        if definition is not None and segment.calendar is not None:
            self.calendars[segment.calendar] = WorkingCalendar.of(definition)
        self.state = (
            replay((segment,), self.calendars) if self.state is None else advance(self.state, segment, self.calendars)
        )
        self.uow.add(stored)
        self.segments.append(stored)
        self._settle()

    def _settle(self) -> None:
        """Write what the ledger amounts to into the row."""
        state = self.state
        assert state is not None  # noqa: S101 - only called after a segment was added
        if state.state != "stopped":
            self.row.state = state.state
        self.row.due_at = state.due_at
        in_days = state.budget is not None and state.budget.kind == "days"
        self.row.spent_seconds = 0 if in_days else state.spent // MICROSECONDS
        self.mark_breach()
        self.plan_alarm()

    def mark_breach(self) -> None:
        """Note the deadline as broken when it has passed; a re-computation may move a breach or take it back."""
        assert self.state is not None  # noqa: S101 - every clock has a first segment
        if self.row.state in ("running", "paused"):
            breached_at = clock_status(self.state, max(self.uow.now, self.state.since)).breached_at
            self.row.breached_at = breached_at if self.row.on_miss == "breach" else None

    def upcoming(self) -> AlarmInstant | None:
        """The earliest alarm that wasn't raised yet."""
        assert self.state is not None  # noqa: S101 - every clock has a first segment
        return next_alarm(self.state, self.rungs, self.raised, self.calendars)

    def plan_alarm(self) -> None:
        """Set when the sweeper has to look at this commitment next."""
        upcoming = self.upcoming()
        self.row.next_alarm_at = upcoming.at if upcoming is not None else None

    def meet(self, at: datetime) -> None:
        """The milestone was reached at `at`, which may lie before the last segment when it is told late."""
        self.append("stopped", self._not_before_last(at), reason="reached", outcome="met")
        due_at = self.row.due_at
        self.row.state = "met"
        self.row.met_at = at
        self.row.outcome = "untimed" if due_at is None else "in_time" if at <= due_at else "late"
        if self.row.on_miss == "breach":
            self.row.breached_at = due_at if self.row.outcome == "late" else None
        if self.row.outcome != "late":
            self.row.next_alarm_at = None

    def end_unkept(self, at: datetime, reason: str) -> None:
        """The milestone was reached by somebody else: unkept if the time was up, else nothing is owed any more."""
        late = self.row.due_at is not None and at > self.row.due_at
        self.append("stopped", self._not_before_last(at), reason=reason, outcome="cancelled")
        self.row.state = "missed" if late else "cancelled"
        self.row.outcome = "late" if late else None
        self.row.next_alarm_at = None

    def cancel(self, at: datetime, reason: str) -> None:
        """Nothing is owed any more; a deadline that had passed by then stays on record as broken."""
        ended_at = self._not_before_last(at)
        assert self.state is not None  # noqa: S101 - every clock has a first segment
        breached_at = clock_status(self.state, ended_at).breached_at if self.row.on_miss == "breach" else None
        self.append("stopped", ended_at, reason=reason, outcome="cancelled")
        self.row.state, self.row.breached_at = "cancelled", breached_at

    def reopen(self, at: datetime, reason: str) -> None:
        """What was reached or cancelled is owed again: the clock runs on from `at`, the time between isn't spent."""
        was_late = self.row.outcome == "late" or (self.row.state == "cancelled" and self.state_exhausted)
        self.row.outcome = self.row.met_at = self.row.breached_at = None
        self.append("running", self.in_order(at), reason=reason)
        if self.row.on_miss == "breach":
            self.row.breached_at = self.row.due_at if was_late else None

    @property
    def state_exhausted(self) -> bool:
        """Whether the deadline passed while the clock ran."""
        return self.state is not None and self.state.exhausted

    @property
    def ended_at(self) -> datetime | None:
        """When the clock stopped; None while it is open."""
        last = self.segments[-1]
        return last.starts_at if last.kind == "stopped" else None

    def in_order(self, at: datetime) -> datetime:
        """`at`, or the last change's instant when `at` is now and the change was made while this unit waited.

        CLOCK_SEGMENT_OUT_OF_ORDER for an instant that somebody stated and that lies before the last change.
        """
        last = self.segments[-1].starts_at
        if at < last and at != self.uow.now:
            raise InvalidInput("CLOCK_SEGMENT_OUT_OF_ORDER", field="at", previous=last.isoformat())
        return max(at, last)

    def _not_before_last(self, at: datetime) -> datetime:
        return max(at, self.segments[-1].starts_at)

    def retarget(
        self,
        choice: Choice,
        calendar: CalendarDefinition | None,
        rungs: tuple[AlarmRule, ...],
        vertical: str,
        reason: str,
        at: datetime,
    ) -> None:
        """Hold the clock to another target from its own beginning, pauses kept."""
        target, last = choice.target, self.segments[-1]
        self.row.terms = stored_terms(
            target.code, target.label, self.row.terms["trigger"], rungs, choice.verdicts, vertical
        )
        self.row.clause, self.row.source = target.clause, target.source
        self.row.on_miss, self.row.calendar_code = target.on_miss, target.calendar
        if (last.budget, last.calendar) != (_builtins(target.budget), _builtins(calendar)):
            self.append(last.kind, self.in_order(at), reason=reason, budget=target.budget, calendar=calendar)
        else:
            self._settle()


def _builtins(value: Budget | CalendarDefinition | None) -> dict[str, Any] | None:
    return None if value is None else msgspec.to_builtins(value)
