"""What a business calendar is made of, as saved or as declared by a vertical, and what is refused."""

import re
from datetime import date
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from aftersales.calendars import holiday_lists
from aftersales.kit.errors import InvalidInput

Window = tuple[str, str]
"""Opening time and closing time of one stretch of a day, local, "HH:MM"; the close may be "24:00"."""

MinuteWindow = tuple[int, int]
"""The same in minutes after local midnight, 0 to 1440."""

MINUTES_PER_DAY: Final = 24 * 60
WEEKDAY_NAMES: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK_TIME: Final = re.compile(r"([0-9]{2}):([0-9]{2})")


class WeeklyWindows(msgspec.Struct, frozen=True, kw_only=True):
    """The normal week: for every weekday its windows, none meaning closed."""

    monday: tuple[Window, ...] = ()
    tuesday: tuple[Window, ...] = ()
    wednesday: tuple[Window, ...] = ()
    thursday: tuple[Window, ...] = ()
    friday: tuple[Window, ...] = ()
    saturday: tuple[Window, ...] = ()
    sunday: tuple[Window, ...] = ()

    def by_weekday(self) -> tuple[tuple[Window, ...], ...]:
        """Seven entries, Monday first."""
        return (
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        )


def monday_to_friday(*windows: Window) -> WeeklyWindows:
    """A five-day week with the same windows every day."""
    return WeeklyWindows(monday=windows, tuesday=windows, wednesday=windows, thursday=windows, friday=windows)


def every_day(*windows: Window) -> WeeklyWindows:
    """A seven-day week with the same windows every day."""
    return WeeklyWindows(
        monday=windows,
        tuesday=windows,
        wednesday=windows,
        thursday=windows,
        friday=windows,
        saturday=windows,
        sunday=windows,
    )


class HolidayList(msgspec.Struct, frozen=True, kw_only=True):
    """A country's public holidays, and whether its make-up working days (调休) are worked.

    `make_up_windows` are the hours of a make-up day; without them Monday's hold. Clause P10-28 says
    "Monday to Friday" and leaves make-up Saturdays open to interpretation (A58): worked by default,
    `make_up_days=False` for a tenant that reads it literally.
    """

    country: str
    subdivision: str | None = None
    make_up_days: bool = True
    make_up_windows: tuple[Window, ...] | None = None


class ClosedDay(msgspec.Struct, frozen=True, kw_only=True):
    """A date on which the tenant is closed although the week says open."""

    day: date
    name: str


class OpenDay(msgspec.Struct, frozen=True, kw_only=True):
    """A date with hours of its own; they replace everything that the week and the holidays say."""

    day: date
    name: str
    windows: tuple[Window, ...]


class CalendarDefinition(msgspec.Struct, frozen=True, kw_only=True):
    """A business calendar as saved: serialisable, immutable, comparable.

    What holds for a date, strongest first: own open day, own closed day, make-up working day, public
    holiday, normal week. `always_open` is 24 hours on every day and takes no windows, holidays or own days.
    """

    code: str
    name: str
    zone: str
    weekly: WeeklyWindows = WeeklyWindows()
    holidays: HolidayList | None = None
    closed_days: tuple[ClosedDay, ...] = ()
    open_days: tuple[OpenDay, ...] = ()
    always_open: bool = False


def always_open_calendar(zone: str, code: str = "24x7", name: str = "24x7") -> CalendarDefinition:
    """Elapsed time, in the zone in which its days are counted."""
    return CalendarDefinition(code=code, name=name, zone=zone, always_open=True)


def calendar_key(definition: CalendarDefinition) -> str:
    """A short name of exactly this definition (SHA-256 of its JSON): equal content, equal key."""
    return sha256(msgspec.json.encode(definition, order="deterministic")).hexdigest()[:24]


def load_zone(name: str, field: str = "zone") -> ZoneInfo:
    """The IANA zone of that name, or ZONE_UNKNOWN."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidInput("ZONE_UNKNOWN", field=field, zone=name) from error


def parse_windows(windows: tuple[Window, ...], field: str) -> tuple[MinuteWindow, ...]:
    """Sorted minute windows; CALENDAR_WINDOW_INVALID for an end not after its start, overlap, or past 24:00.

    A night shift is written as two windows, to 24:00 and from 00:00.
    """
    parsed = sorted((_minutes(start, field), _minutes(end, field)) for start, end in windows)
    for index, (start, end) in enumerate(parsed):
        overlaps = index > 0 and parsed[index - 1][1] > start
        if end <= start or overlaps:
            raise InvalidInput("CALENDAR_WINDOW_INVALID", field=field, window=f"{_text(start)}-{_text(end)}")
    return tuple(parsed)


def validate(definition: CalendarDefinition) -> None:
    """Refuse what can't be meant: unknown zone or country, bad windows, no working time at all."""
    load_zone(definition.zone)
    if definition.always_open:
        if definition.holidays or definition.closed_days or definition.open_days or any(definition.weekly.by_weekday()):
            raise InvalidInput("CALENDAR_CONTRADICTORY", field="always_open", code_name=definition.code)
        return
    week = [
        parse_windows(windows, f"weekly.{name}")
        for name, windows in zip(WEEKDAY_NAMES, definition.weekly.by_weekday(), strict=True)
    ]
    for index, open_day in enumerate(definition.open_days):
        if not parse_windows(open_day.windows, f"open_days.{index}.windows"):
            raise InvalidInput(
                "CALENDAR_WINDOW_INVALID", field=f"open_days.{index}.windows", window=open_day.day.isoformat()
            )
    own_days = [closed.day for closed in definition.closed_days]
    own_days += [opened.day for opened in definition.open_days]
    doubled = {day for day in own_days if own_days.count(day) > 1}
    if doubled:
        raise InvalidInput("CALENDAR_DAY_TWICE", field="open_days", day=min(doubled).isoformat())
    if definition.holidays is not None:
        if definition.holidays.make_up_windows is not None:
            parse_windows(definition.holidays.make_up_windows, "holidays.make_up_windows")
        holiday_lists.require_country(definition.holidays.country, definition.holidays.subdivision)
    # Without a working weekday a calendar soon runs out of time; a list of single dates is no calendar.
    if not any(week):
        raise InvalidInput("CALENDAR_EMPTY", field="weekly", code_name=definition.code)


def _minutes(text: str, field: str) -> int:
    match = _CLOCK_TIME.fullmatch(text)
    if match is None:
        raise InvalidInput("CALENDAR_WINDOW_INVALID", field=field, window=text)
    hour, minute = int(match[1]), int(match[2])
    if minute > 59 or hour * 60 + minute > MINUTES_PER_DAY:
        raise InvalidInput("CALENDAR_WINDOW_INVALID", field=field, window=text)
    return hour * 60 + minute


def _text(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
