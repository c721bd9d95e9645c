"""Why a date is the date: the days that were walked, and what each of them gave."""

from datetime import date, datetime
from typing import Final

import msgspec

from aftersales.calendars.holiday_lists import data_version
from aftersales.calendars.rules import CalendarDay, WorkingCalendar
from aftersales.calendars.windows import ONE_DAY, end_of_day, start_of_day
from aftersales.kit.errors import InvalidInput

LONGEST_WALK_DAYS: Final = 400


class DayWalked(msgspec.Struct, frozen=True, kw_only=True):
    """One local date on the way to a deadline.

    `used_seconds` is the working time of that date between start and deadline; `counted` tells whether the
    date counted as one of the days of a budget in days.
    """

    day: CalendarDay
    used_seconds: float
    counted: bool


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """The days in order, and the version of the holiday data they rest on.

    `truncated`: the way was longer than 400 days and only its beginning is told.
    """

    zone: str
    calendar: str
    holiday_data: str | None
    days: tuple[DayWalked, ...]
    truncated: bool = False

    @property
    def provisional_years(self) -> tuple[int, ...]:
        """Years on the way whose official holiday arrangement wasn't known yet."""
        return tuple(sorted({entry.day.day.year for entry in self.days if entry.day.provisional}))


def explain_working_time(calendar: WorkingCalendar, start: datetime, end: datetime) -> Walk:
    """The days from `start` to `end` with the working time used on each; the sum is the time between them."""
    if end < start:
        raise InvalidInput("PERIOD_INVERTED", field="end")
    walked: list[DayWalked] = []
    day, last = calendar.local_date(start), calendar.local_date(end)
    # An end at midnight belongs to the day before: that is where its last second was worked.
    if last > day and start_of_day(last, calendar.zone) == end:
        last -= ONE_DAY
    while day <= last and len(walked) < LONGEST_WALK_DAYS:
        begins = max(start, start_of_day(day, calendar.zone))
        ends = max(begins, min(end, end_of_day(day, calendar.zone)))
        used = calendar.working_time_between(begins, ends).total_seconds()
        walked.append(DayWalked(day=calendar.day(day), used_seconds=used, counted=used > 0))
        day += ONE_DAY
    return _walk(calendar, walked, day <= last)


def explain_working_days(calendar: WorkingCalendar, trigger: date, last: date) -> Walk:
    """The days after `trigger` up to `last`, working ones counted."""
    return _explain_days(calendar, trigger, last, every_day=False)


def explain_calendar_days(calendar: WorkingCalendar, trigger: date, last: date) -> Walk:
    """The days after `trigger` up to `last`, every one counted."""
    return _explain_days(calendar, trigger, last, every_day=True)


def _explain_days(calendar: WorkingCalendar, trigger: date, last: date, *, every_day: bool) -> Walk:
    walked: list[DayWalked] = []
    day = trigger
    while day <= last and len(walked) < LONGEST_WALK_DAYS:
        known = calendar.day(day)
        counted = day > trigger and (every_day or known.is_working_day)
        walked.append(DayWalked(day=known, used_seconds=0, counted=counted))
        day += ONE_DAY
    return _walk(calendar, walked, day <= last)


def _walk(calendar: WorkingCalendar, walked: list[DayWalked], truncated: bool) -> Walk:
    definition = calendar.definition
    return Walk(
        zone=definition.zone,
        calendar=definition.code,
        holiday_data=None if definition.holidays is None else data_version(),
        days=tuple(walked),
        truncated=truncated,
    )
