"""The length of a promise, and how its time is counted: on the clock, in working time, or in days."""

from datetime import date, datetime, timedelta
from typing import Final, Literal, Protocol
from zoneinfo import ZoneInfo

import msgspec

from aftersales.calendars import holiday_lists
from aftersales.calendars.rules import WorkingCalendar, elapsed_deadline
from aftersales.calendars.windows import MICROSECOND, ONE_DAY, end_of_day, local_date
from aftersales.kit.errors import InvalidInput

BudgetUnit = Literal["minute", "hour", "working_minute", "working_hour", "calendar_day", "working_day"]
TimeKind = Literal["elapsed", "working", "days"]

_MICROSECONDS: Final = {
    "minute": 60_000_000,
    "hour": 3_600_000_000,
    "working_minute": 60_000_000,
    "working_hour": 3_600_000_000,
}
_KINDS: Final[dict[str, TimeKind]] = {
    "minute": "elapsed",
    "hour": "elapsed",
    "working_minute": "working",
    "working_hour": "working",
    "calendar_day": "days",
    "working_day": "days",
}
LARGEST_BUDGET_MINUTES: Final = 20 * 366 * 24 * 60
LARGEST_BUDGET_DAYS: Final = 20 * 366


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """How long somebody has. Minutes and hours are elapsed time, 24x7, unless they say working (A03).

    Days end at 24:00 local of the n-th (working) day after the trigger day. `roll_holiday` moves the end of
    a budget in calendar days off a legal day of rest (A02; off for a vendor's own promises).
    BUDGET_INVALID for less than one unit or more than twenty years.
    """

    amount: int
    unit: BudgetUnit
    roll_holiday: bool = False

    def __post_init__(self) -> None:
        in_days = self.unit in ("calendar_day", "working_day")
        minutes = self.amount * 60 if self.unit.endswith("hour") else self.amount
        largest = LARGEST_BUDGET_DAYS if in_days else LARGEST_BUDGET_MINUTES
        if self.amount < 1 or minutes > largest or (self.roll_holiday and self.unit != "calendar_day"):
            raise InvalidInput("BUDGET_INVALID", field="budget", amount=self.amount, unit=self.unit)

    @property
    def kind(self) -> TimeKind:
        """Which kind of time it is counted in."""
        return _KINDS[self.unit]

    @property
    def limit(self) -> int:
        """The whole budget in its own measure: microseconds, or days."""
        return self.amount * _MICROSECONDS.get(self.unit, 1)


class Meter(Protocol):
    """Counts one kind of time; amounts are microseconds, or days for budgets in days."""

    def due(self, start: datetime, remaining: int) -> datetime:
        """The instant at which a clock that runs from `start` has used up `remaining`."""
        ...

    def spent(self, start: datetime, end: datetime) -> int:
        """What a clock uses that runs in [start, end)."""
        ...


class ElapsedMeter:
    """Real time, day and night."""

    def due(self, start: datetime, remaining: int) -> datetime:
        return elapsed_deadline(start, timedelta(microseconds=remaining))

    def spent(self, start: datetime, end: datetime) -> int:
        return (end - start) // MICROSECOND


class WorkingMeter:
    """Working time of a calendar."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self._calendar = calendar

    def due(self, start: datetime, remaining: int) -> datetime:
        return self._calendar.add_working_time(start, timedelta(microseconds=remaining))

    def spent(self, start: datetime, end: datetime) -> int:
        return self._calendar.working_time_between(start, end) // MICROSECOND


class DayMeter:
    """Whole days after the trigger day. A day is used up when the clock runs at its 24:00.

    So a pause within one day changes nothing, and a pause over n ends of counted days moves the deadline by
    n counted days. The trigger day is never counted; with `working_only` neither are days without work.
    """

    def __init__(self, budget: Budget, calendar: WorkingCalendar, started_at: datetime) -> None:
        self._working_only = budget.unit == "working_day"
        self._calendar = calendar
        self._zone: ZoneInfo = calendar.zone
        self._trigger_day = calendar.local_date(started_at)
        self._roll_country: str | None = None
        if budget.roll_holiday:
            holidays = calendar.definition.holidays
            if holidays is None:
                raise InvalidInput("BUDGET_NEEDS_CALENDAR", field="budget", unit="roll_holiday")
            self._roll_country = holidays.country

    def due(self, start: datetime, remaining: int) -> datetime:
        ended, left = self._last_ended(start), max(remaining, 1)
        day = self._calendar.working_day_after(ended, left) if self._working_only else ended + left * ONE_DAY
        while self._roll_country is not None and holiday_lists.is_rest_day(self._roll_country, day):
            day += ONE_DAY
        return end_of_day(day, self._zone)

    def spent(self, start: datetime, end: datetime) -> int:
        first, last = self._last_ended(start), self._last_ended(end)
        return self._calendar.working_days_between(first, last) if self._working_only else (last - first).days

    def _last_ended(self, instant: datetime) -> date:
        """The last day whose 24:00 came before `instant`; the trigger day at the earliest."""
        return max(self._trigger_day, local_date(instant - MICROSECOND, self._zone) - ONE_DAY)


def meter_for(budget: Budget, calendar: WorkingCalendar | None, started_at: datetime) -> Meter:
    """How this budget is counted; BUDGET_NEEDS_CALENDAR for working time or days without a calendar."""
    if budget.kind == "elapsed":
        return ElapsedMeter()
    if calendar is None:
        raise InvalidInput("BUDGET_NEEDS_CALENDAR", field="calendar", unit=budget.unit)
    if budget.kind == "working":
        return WorkingMeter(calendar)
    return DayMeter(budget, calendar, started_at)
