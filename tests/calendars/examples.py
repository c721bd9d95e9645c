"""Calendars and instants that the tests of working time speak of."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from aftersales.calendars.definition import (
    CalendarDefinition,
    HolidayList,
    WeeklyWindows,
    always_open_calendar,
    monday_to_friday,
)
from aftersales.calendars.rules import WorkingCalendar, compile_calendar

SHANGHAI = "Asia/Shanghai"


def desk(
    *windows: tuple[str, str], zone: str = SHANGHAI, country: str | None = "CN", make_up_days: bool = True
) -> WorkingCalendar:
    """A Monday-to-Friday desk; 08:30 to 17:00 unless told otherwise (clause P10-28)."""
    return compile_calendar(
        CalendarDefinition(
            code="desk",
            name="Desk",
            zone=zone,
            weekly=monday_to_friday(*(windows or (("08:30", "17:00"),))),
            holidays=None if country is None else HolidayList(country=country, make_up_days=make_up_days),
        )
    )


def two_windows(zone: str = SHANGHAI) -> WorkingCalendar:
    """08:30 to 12:00 and 13:00 to 17:00, Monday to Friday, Chinese holidays and make-up days."""
    return desk(("08:30", "12:00"), ("13:00", "17:00"), zone=zone)


def night_desk(zone: str) -> WorkingCalendar:
    """Every night from 22:00 to 06:00, written as two windows."""
    shift = (("00:00", "06:00"), ("22:00", "24:00"))
    week = WeeklyWindows(
        monday=shift, tuesday=shift, wednesday=shift, thursday=shift, friday=shift, saturday=shift, sunday=shift
    )
    return compile_calendar(CalendarDefinition(code="night", name="Night desk", zone=zone, weekly=week))


def around_the_clock(zone: str = SHANGHAI) -> WorkingCalendar:
    """24 hours on every day."""
    return compile_calendar(always_open_calendar(zone))


def local(text: str, zone: str = SHANGHAI, fold: int = 0) -> datetime:
    """The UTC instant of a local time; `fold=1` for the second of two equal readings."""
    naive = datetime.fromisoformat(text)
    return naive.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)
