"""Working time: is it open, when does it open, and which instant lies so much working time away.

A definition is compiled into open intervals (UTC) with prefix sums, year by year as they are needed, so
that every question is a binary search. All instants are timezone-aware; answers are in UTC.
"""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

import msgspec

from aftersales.calendars import holiday_lists
from aftersales.calendars.definition import (
    MINUTES_PER_DAY,
    CalendarDefinition,
    ClosedDay,
    HolidayList,
    MinuteWindow,
    OpenDay,
    WeeklyWindows,
    always_open_calendar,
    calendar_key,
    every_day,
    load_zone,
    monday_to_friday,
    parse_windows,
    validate,
)
from aftersales.calendars.intervals import CompiledYear, IntervalTable, compile_year, join_years, worked_before
from aftersales.calendars.windows import (
    EPOCH,
    MICROSECOND,
    ONE_DAY,
    end_of_day,
    from_microseconds,
    local_date,
    open_intervals,
)
from aftersales.kit.errors import InvalidInput

DayKind = Literal["working", "weekend", "holiday", "make_up", "own_closed", "own_open"]

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2199
FURTHEST_YEARS: Final = 60
"""How far from its start a deadline may lie; further, a calendar counts as having run out."""

KEPT_CALENDARS: Final = 1024
"""Compiled calendars that a process keeps (about 60 KB each); the least recently used goes first."""

_FURTHEST: Final = FURTHEST_YEARS * 366 * ONE_DAY // MICROSECOND

_ALL_DAY: Final[tuple[MinuteWindow, ...]] = ((0, MINUTES_PER_DAY),)


class CalendarDay(msgspec.Struct, frozen=True, kw_only=True):
    """What a calendar says about one date.

    `name` and `name_english` tell the holiday or the tenant's own day. `provisional`: the year's official
    arrangement of holidays wasn't known, so only its statutory days are counted.
    """

    day: date
    kind: DayKind
    windows: tuple[MinuteWindow, ...]
    name: str | None = None
    name_english: str | None = None
    provisional: bool = False

    @property
    def is_working_day(self) -> bool:
        """Whether there is any working time on that date."""
        return bool(self.windows)


class WorkingCalendar:
    """A compiled calendar; get it from `compile_calendar`, which checks the definition and caches.

    Thread-safe for readers: growing replaces its lists, it never changes them.
    """

    def __init__(self, definition: CalendarDefinition) -> None:
        validate(definition)
        self.definition = definition
        self.zone = load_zone(definition.zone)
        self.always_open = definition.always_open
        self._week = tuple(parse_windows(windows, "weekly") for windows in definition.weekly.by_weekday())
        self._open_days = {entry.day: entry for entry in definition.open_days}
        self._closed_days = {entry.day: entry for entry in definition.closed_days}
        holidays = definition.holidays
        self._make_up_windows: tuple[MinuteWindow, ...] = ()
        if holidays is not None and holidays.make_up_days:
            own_hours = holidays.make_up_windows
            monday = self._week[0]
            self._make_up_windows = monday if own_hours is None else parse_windows(own_hours, "holidays")
        self._table = join_years((), 1)
        self._years: dict[int, CompiledYear] = {}

    @classmethod
    def of(cls, definition: CalendarDefinition) -> "WorkingCalendar":
        """The compiled calendar of a definition; equal definitions share one."""
        return compile_calendar(definition)

    # --- days -------------------------------------------------------------------------------------

    def day(self, day: date) -> CalendarDay:
        """What holds on that local date, with the reason."""
        if self.always_open:
            return CalendarDay(day=day, kind="working", windows=_ALL_DAY)
        opened, closed = self._open_days.get(day), self._closed_days.get(day)
        if opened is not None:
            windows = parse_windows(opened.windows, "open_days")
            return CalendarDay(day=day, kind="own_open", windows=windows, name=opened.name, name_english=opened.name)
        if closed is not None:
            return CalendarDay(day=day, kind="own_closed", windows=(), name=closed.name, name_english=closed.name)
        windows = self._week[day.weekday()]
        provisional = False
        holidays = self.definition.holidays
        if holidays is not None:
            year = holiday_lists.holiday_year(holidays.country, day.year, holidays.subdivision)
            provisional = year.provisional
            if day in year.make_up_days and self._make_up_windows:
                return CalendarDay(day=day, kind="make_up", windows=self._make_up_windows)
            holiday = year.days_off.get(day)
            if holiday is not None:
                return CalendarDay(
                    day=day,
                    kind="holiday",
                    windows=(),
                    name=holiday.name,
                    name_english=holiday.name_english,
                    provisional=provisional,
                )
        return CalendarDay(day=day, kind="working" if windows else "weekend", windows=windows, provisional=provisional)

    def is_working_day(self, day: date) -> bool:
        """Whether the local date has any working time."""
        return self.day(day).is_working_day

    def working_day_after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself is never counted (Civil Code art. 201)."""
        _require_count(count)
        if self.always_open:
            return day + count * ONE_DAY
        _require_year(day.year)
        self._cover(day.year, day.year + 1)
        while True:
            days = self._table.working_days
            index = bisect_right(days, day.toordinal()) + count - 1
            if index < len(days):
                found = date.fromordinal(days[index])
                if found.year - day.year > FURTHEST_YEARS:
                    raise self._runs_out()
                return found
            self._reach_further(day.year)

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie in (first, last]."""
        if self.always_open:
            return max(0, (last - first).days)
        _require_year(first.year)
        _require_year(last.year)
        self._cover(first.year, last.year)
        days = self._table.working_days
        return max(0, bisect_right(days, last.toordinal()) - bisect_right(days, first.toordinal()))

    def add_working_days(self, instant: datetime, count: int) -> datetime:
        """24:00 local of the `count`-th working day after the local date of `instant`."""
        return end_of_day(self.working_day_after(self.local_date(instant), count), self.zone)

    def local_date(self, instant: datetime) -> date:
        """The date on the calendar's wall at that instant; refuses a naive one."""
        if instant.tzinfo is None:
            raise _naive(instant)
        return local_date(instant, self.zone)

    # --- instants ---------------------------------------------------------------------------------

    def is_open(self, instant: datetime) -> bool:
        """Whether the instant lies in a window: the opening minute does, the closing one doesn't."""
        position = _position(instant)
        if self.always_open:
            return True
        table = self._table_for(instant.year)
        index = bisect_right(table.starts, position) - 1
        return index >= 0 and position < table.ends[index]

    def next_open(self, instant: datetime) -> datetime:
        """The instant itself while open, else the next opening."""
        position = _position(instant)
        if self.always_open:
            return from_microseconds(position)
        table = self._table_for(instant.year)
        while True:
            index = bisect_right(table.ends, position)
            if index < len(table.ends):
                return from_microseconds(max(position, table.starts[index]))
            table = self._reach_further(instant.year)

    def add_working_time(self, instant: datetime, amount: timedelta) -> datetime:
        """The earliest instant, inside a window, by which `amount` of working time has passed.

        Landing exactly on a window's end stays there, since a deadline is met at that very instant.
        Adding nothing gives the instant itself, or the next opening while closed.
        """
        position = _position(instant)
        wanted = amount // MICROSECOND
        if wanted < 0:
            raise InvalidInput("DURATION_INVALID", field="amount", value=str(amount))
        if self.always_open:
            return from_microseconds(position + wanted)
        table = self._table_for(instant.year)
        while True:
            starts, ends, sums = table.starts, table.ends, table.sums
            index = bisect_left(ends, position)
            if index < len(ends):
                into = position - starts[index]
                target = sums[index] + wanted + (into if into > 0 else 0)
                # sums[k] is the working time before interval k: the last of them below the target holds it.
                found = bisect_left(sums, target, index + 1) - 1
                if found < len(ends):
                    due = starts[found] + target - sums[found]
                    if due - position > _FURTHEST:
                        raise self._runs_out()
                    return EPOCH + timedelta(microseconds=due)
            table = self._reach_further(instant.year)

    def subtract_working_time(self, instant: datetime, amount: timedelta) -> datetime:
        """The latest instant from which `amount` of working time passes until `instant`.

        Undoes `add_working_time`: adding, then subtracting gives the start (while closed: the next opening).
        """
        position = _position(instant)
        wanted = amount // MICROSECOND
        if wanted < 0:
            raise InvalidInput("DURATION_INVALID", field="amount", value=str(amount))
        if self.always_open:
            return from_microseconds(position - wanted)
        earliest = instant.year - 1
        while True:
            if earliest < max(FIRST_YEAR, instant.year - FURTHEST_YEARS):
                raise self._runs_out()
            self._cover(earliest, instant.year + 1)
            table = self._table
            target = worked_before(table, position) - wanted
            if target >= 0:
                index = bisect_right(table.sums, target) - 1
                if index < len(table.starts):
                    found = table.starts[index] + target - table.sums[index]
                    if position - found > _FURTHEST:
                        raise self._runs_out()
                    return from_microseconds(found)
                self._reach_further(instant.year)
            else:
                earliest -= 1

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """The working time in [start, end); PERIOD_INVERTED when the end comes first."""
        first, last = _position(start), _position(end)
        if last < first:
            raise InvalidInput("PERIOD_INVERTED", field="end")
        if self.always_open:
            return timedelta(microseconds=last - first)
        self._table_for(start.year)
        table = self._table_for(end.year)
        return timedelta(microseconds=worked_before(table, last) - worked_before(table, first))

    # --- growing ----------------------------------------------------------------------------------

    def _table_for(self, year: int) -> IntervalTable:
        table = self._table
        # A local year begins up to 14 hours away from the UTC year: keep a neighbour on both sides.
        if table.first_year < year < table.last_year:
            return table
        return self._cover(year - 1, year + 1)

    def _reach_further(self, start_year: int) -> IntervalTable:
        last = self._table.last_year
        if last >= min(LAST_YEAR, start_year + FURTHEST_YEARS):
            raise self._runs_out()
        further = min(LAST_YEAR, last + max(1, (last - start_year) // 2))
        return self._cover(self._table.first_year, further)

    def _runs_out(self) -> InvalidInput:
        return InvalidInput("CALENDAR_RUNS_OUT", field="amount", code_name=self.definition.code)

    def _cover(self, first_year: int, last_year: int) -> IntervalTable:
        """Make sure that the local years from `first_year` to `last_year` are compiled."""
        table = self._table
        if table.last_year:
            if table.first_year <= first_year and last_year <= table.last_year:
                return table
            first_year, last_year = min(first_year, table.first_year), max(last_year, table.last_year)
        _require_year(first_year + 1)
        _require_year(last_year - 1)
        for year in range(first_year, last_year + 1):
            if year not in self._years:
                self._years[year] = self._compile_year(year)
        self._table = join_years([self._years[year] for year in range(first_year, last_year + 1)], first_year)
        return self._table

    def _compile_year(self, year: int) -> "CompiledYear":
        intervals: list[tuple[int, int]] = []
        working_days: list[int] = []
        day = date(year, 1, 1)
        while day.year == year:
            windows = self.day(day).windows
            if windows:
                working_days.append(day.toordinal())
                intervals.extend(open_intervals(day, windows, self.zone))
            day += ONE_DAY
        return compile_year(intervals, working_days)


def _position(instant: datetime) -> int:
    try:
        position = (instant - EPOCH) // MICROSECOND
    except TypeError as error:
        raise _naive(instant) from error
    _require_year(instant.year)
    return position


def _naive(instant: datetime) -> InvalidInput:
    return InvalidInput("INSTANT_NAIVE", field="instant", value=instant.isoformat())


def _require_year(year: int) -> None:
    if not FIRST_YEAR < year < LAST_YEAR:
        raise InvalidInput("INSTANT_IMPOSSIBLE", field="instant", value=str(year))


def _require_count(count: int) -> None:
    if count < 1:
        raise InvalidInput("DURATION_INVALID", field="count", value=str(count))


@lru_cache(maxsize=KEPT_CALENDARS)
def compile_calendar(definition: CalendarDefinition) -> WorkingCalendar:
    """The calendar ready for questions; equal definitions share one. Raises what `validate` raises."""
    return WorkingCalendar(definition)


def elapsed_deadline(instant: datetime, amount: timedelta) -> datetime:
    """`amount` later on the clock, 24x7: how every "小时" is read that names no working hours (A03)."""
    return from_microseconds(_position(instant) + amount // MICROSECOND)


__all__ = [
    "CalendarDay",
    "CalendarDefinition",
    "ClosedDay",
    "DayKind",
    "HolidayList",
    "OpenDay",
    "WeeklyWindows",
    "WorkingCalendar",
    "always_open_calendar",
    "calendar_key",
    "compile_calendar",
    "elapsed_deadline",
    "every_day",
    "monday_to_friday",
    "validate",
]
