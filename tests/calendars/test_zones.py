"""Zones whose offset changes, in both directions, and offsets that are no whole hours."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from aftersales.calendars.definition import CalendarDefinition, every_day
from aftersales.calendars.rules import WorkingCalendar, compile_calendar
from aftersales.calendars.terms import calendar_days_deadline
from aftersales.calendars.windows import end_of_day, start_of_day
from tests.calendars.examples import desk, hours, local, night_desk


def daily(zone: str, *windows: tuple[str, str]) -> WorkingCalendar:
    return compile_calendar(CalendarDefinition(code="d", name="D", zone=zone, weekly=every_day(*windows)))


@pytest.mark.parametrize(
    ("zone", "spring", "autumn", "change"),
    [
        ("Europe/Berlin", date(2026, 3, 29), date(2026, 10, 25), 1.0),
        ("America/New_York", date(2026, 3, 8), date(2026, 11, 1), 1.0),
        ("Australia/Lord_Howe", date(2026, 10, 4), date(2026, 4, 5), 0.5),
    ],
)
def test_a_day_that_changes_its_offset_is_shorter_or_longer(
    zone: str, spring: date, autumn: date, change: float
) -> None:
    calendar = daily(zone, ("00:00", "24:00"))
    for day, length in ((spring, 24 - change), (autumn, 24 + change)):
        begins, ends = start_of_day(day, ZoneInfo(zone)), end_of_day(day, ZoneInfo(zone))
        assert calendar.working_time_between(begins, ends) == hours(length)
        assert calendar.add_working_time(begins, hours(length)) == ends


@pytest.mark.parametrize(
    ("zone", "spring", "autumn"),
    [
        ("Europe/Berlin", "2026-03-28", "2026-10-24"),
        ("America/New_York", "2026-03-07", "2026-10-31"),
    ],
)
def test_a_night_shift_loses_the_skipped_hour_and_works_the_repeated_one(zone: str, spring: str, autumn: str) -> None:
    calendar = night_desk(zone)
    for evening, length in ((spring, 7), (autumn, 9)):
        start = local(f"{evening}T12:00", zone)
        assert calendar.working_time_between(start, start + hours(24)) == hours(length)


def test_days_step_by_local_date_across_the_change_of_summer_time() -> None:
    """GLPI steps by 86,400 s: its deadline in days then lands at 23:00 or 01:00."""
    zone = ZoneInfo("Europe/Berlin")
    assert calendar_days_deadline(local("2026-03-27T15:00", "Europe/Berlin"), 2, zone) == local(
        "2026-03-30T00:00", "Europe/Berlin"
    )
    assert calendar_days_deadline(local("2026-10-23T15:00", "Europe/Berlin"), 2, zone) == local(
        "2026-10-26T00:00", "Europe/Berlin"
    )
    assert desk(zone="Europe/Berlin", country=None).add_working_days(
        local("2026-03-27T15:00", "Europe/Berlin"), 1
    ) == local("2026-03-31T00:00", "Europe/Berlin")


def test_office_hours_keep_their_wall_clock_across_the_change() -> None:
    calendar = desk(("09:00", "17:00"), zone="America/New_York", country=None)
    friday = local("2026-03-06T16:00", "America/New_York")
    assert calendar.add_working_time(friday, hours(2)) == local("2026-03-09T10:00", "America/New_York")
    assert calendar.subtract_working_time(local("2026-03-09T10:00", "America/New_York"), hours(2)) == friday


def test_a_window_inside_the_skipped_hour_does_not_exist_that_day() -> None:
    calendar = daily("Europe/Berlin", ("02:15", "02:45"))
    noon = local("2026-03-28T12:00", "Europe/Berlin")
    assert calendar.add_working_time(noon, timedelta(minutes=10)) == local("2026-03-30T02:25", "Europe/Berlin")


def test_a_window_that_begins_in_the_skipped_hour_opens_with_the_jump() -> None:
    calendar = daily("America/New_York", ("02:30", "05:00"))
    evening = local("2026-03-07T20:00", "America/New_York")
    assert calendar.next_open(evening) == local("2026-03-08T03:00", "America/New_York")
    assert calendar.working_time_between(evening, evening + hours(12)) == hours(2)


def test_a_window_inside_the_repeated_hour_is_open_both_times() -> None:
    calendar = daily("America/New_York", ("01:00", "01:30"))
    first = local("2026-11-01T01:10", "America/New_York")
    second = local("2026-11-01T01:10", "America/New_York", fold=1)
    between = local("2026-11-01T01:45", "America/New_York")
    assert second - first == hours(1)
    assert calendar.is_open(first)
    assert calendar.is_open(second)
    assert not calendar.is_open(between)
    assert calendar.working_time_between(first - hours(1), second + hours(1)) == hours(1)


def test_kathmandus_three_quarters_of_an_hour() -> None:
    calendar = desk(("10:00", "17:00"), zone="Asia/Kathmandu", country=None)
    opening = calendar.next_open(local("2026-06-01T00:00", "Asia/Kathmandu"))
    assert opening.isoformat() == "2026-06-01T04:15:00+00:00"
    assert calendar.add_working_days(opening, 1).isoformat() == "2026-06-02T18:15:00+00:00"


def test_lord_howes_half_hour_is_skipped_and_repeated() -> None:
    calendar = daily("Australia/Lord_Howe", ("01:00", "03:00"))
    spring, autumn = (local(f"{day}T00:00", "Australia/Lord_Howe") for day in ("2026-10-04", "2026-04-05"))
    assert calendar.working_time_between(spring, spring + hours(6)) == hours(1.5)
    assert calendar.working_time_between(autumn, autumn + hours(6)) == hours(2.5)


def test_a_day_whose_midnight_is_skipped_begins_with_the_jump() -> None:
    """Cairo's clocks jump from 24:00 to 01:00."""
    zone = ZoneInfo("Africa/Cairo")
    begins = start_of_day(date(2026, 4, 24), zone)
    assert begins.astimezone(zone).isoformat() == "2026-04-24T01:00:00+03:00"
    assert end_of_day(date(2026, 4, 23), zone) == begins
    assert calendar_days_deadline(local("2026-04-22T09:00", "Africa/Cairo"), 1, zone) == begins


def test_a_jump_over_midnight_begins_the_day_in_its_middle() -> None:
    """Toronto's clocks jumped from 23:30 on 30 March 1919 to 00:30."""
    zone = ZoneInfo("America/Toronto")
    begins = start_of_day(date(1919, 3, 31), zone)
    assert begins.astimezone(zone).isoformat() == "1919-03-31T00:30:00-04:00"


def test_a_date_that_a_zone_skipped_has_no_length() -> None:
    """Samoa had no 30 December 2011."""
    zone = ZoneInfo("Pacific/Apia")
    assert start_of_day(date(2011, 12, 30), zone) == start_of_day(date(2011, 12, 31), zone)
    calendar = daily("Pacific/Apia", ("09:00", "17:00"))
    evening = local("2011-12-29T16:00", "Pacific/Apia")
    assert calendar.add_working_time(evening, hours(2)) == local("2011-12-31T10:00", "Pacific/Apia")
