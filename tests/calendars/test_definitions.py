"""What a calendar definition may say, and what is refused when it is saved."""

from datetime import date
from typing import Any

import msgspec
import pytest

from aftersales.calendars.definition import (
    CalendarDefinition,
    ClosedDay,
    HolidayList,
    OpenDay,
    WeeklyWindows,
    always_open_calendar,
    calendar_key,
    monday_to_friday,
    validate,
)
from aftersales.calendars.rules import WorkingCalendar, compile_calendar
from aftersales.kit.errors import InvalidInput
from tests.calendars.examples import desk, hours, local

OFFICE = monday_to_friday(("09:00", "17:00"))


def definition(**changes: Any) -> CalendarDefinition:
    values: dict[str, Any] = {"code": "c", "name": "C", "zone": "Asia/Shanghai", "weekly": OFFICE}
    return CalendarDefinition(**(values | changes))


def refusal(**changes: Any) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        validate(definition(**changes))
    return caught.value


def test_a_calendar_without_any_working_time_is_refused_when_saved() -> None:
    """OCA project#73: such a calendar made every computation run for ever."""
    assert refusal(weekly=WeeklyWindows()).code == "CALENDAR_EMPTY"


def test_single_open_dates_alone_are_no_calendar() -> None:
    day = OpenDay(day=date(2026, 6, 1), name="Fair", windows=(("09:00", "17:00"),))
    assert refusal(weekly=WeeklyWindows(), open_days=(day,)).code == "CALENDAR_EMPTY"


@pytest.mark.parametrize(
    "windows",
    [
        (("17:00", "09:00"),),
        (("09:00", "09:00"),),
        (("09:00", "24:01"),),
        (("09:00", "25:00"),),
        (("09:60", "10:00"),),
        (("9:00", "10:00"),),
        (("morning", "noon"),),
        (("09:00", "12:00"), ("11:59", "17:00")),
        (("22:00", "06:00"),),
    ],
)
def test_windows_that_cannot_be_meant_are_refused(windows: tuple[tuple[str, str], ...]) -> None:
    error = refusal(weekly=WeeklyWindows(tuesday=windows))
    assert (error.code, error.field) == ("CALENDAR_WINDOW_INVALID", "weekly.tuesday")


def test_windows_may_touch_and_come_in_any_order() -> None:
    calendar = desk(("12:00", "24:00"), ("00:00", "12:00"), country=None)
    assert calendar.working_time_between(local("2026-06-01T00:00"), local("2026-06-02T00:00")) == hours(24)


@pytest.mark.parametrize("zone", ["Asia/Atlantis", "", "../etc/passwd", "UTC+8 or so"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    error = refusal(zone=zone)
    assert (error.code, error.field) == ("ZONE_UNKNOWN", "zone")


def test_an_unknown_country_is_refused() -> None:
    assert refusal(holidays=HolidayList(country="XX")).code == "HOLIDAYS_UNKNOWN"
    assert refusal(holidays=HolidayList(country="DE", subdivision="ZZ")).code == "HOLIDAYS_UNKNOWN"


def test_a_date_cannot_be_both_open_and_closed() -> None:
    day = date(2026, 6, 1)
    error = refusal(
        closed_days=(ClosedDay(day=day, name="Stocktaking"),),
        open_days=(OpenDay(day=day, name="Fair", windows=(("09:00", "10:00"),)),),
    )
    assert error.code == "CALENDAR_DAY_TWICE"


def test_an_open_day_needs_hours() -> None:
    assert refusal(open_days=(OpenDay(day=date(2026, 6, 6), name="Fair", windows=()),)).code == (
        "CALENDAR_WINDOW_INVALID"
    )


def test_always_open_takes_no_windows_besides() -> None:
    assert refusal(always_open=True).code == "CALENDAR_CONTRADICTORY"


def test_every_refusal_speaks_both_languages() -> None:
    error = refusal(zone="Asia/Atlantis")
    assert "Asia/Atlantis" in error.message("zh-CN")
    assert "Asia/Atlantis" in error.message("en")
    assert error.message("zh-CN") != error.message("en")


def test_a_definition_survives_json_and_keeps_its_key() -> None:
    original = definition(
        holidays=HolidayList(country="CN", make_up_windows=(("10:00", "15:00"),)),
        closed_days=(ClosedDay(day=date(2026, 6, 1), name="盘点"),),
    )
    read = msgspec.json.decode(msgspec.json.encode(original), type=CalendarDefinition)
    assert read == original
    assert calendar_key(read) == calendar_key(original)
    assert calendar_key(definition()) != calendar_key(original)


def test_equal_definitions_share_one_compiled_calendar() -> None:
    assert compile_calendar(definition()) is WorkingCalendar.of(definition())


def test_own_days_go_before_everything_and_say_so() -> None:
    """Own open day > own closed day > make-up day > public holiday > week."""
    calendar = compile_calendar(
        definition(
            holidays=HolidayList(country="CN"),
            closed_days=(ClosedDay(day=date(2026, 10, 10), name="Move of the office"),),
            open_days=(OpenDay(day=date(2026, 10, 1), name="National Day duty", windows=(("10:00", "12:00"),)),),
        )
    )
    assert calendar.day(date(2026, 10, 10)).kind == "own_closed"
    assert calendar.day(date(2026, 10, 1)).kind == "own_open"
    assert calendar.day(date(2026, 10, 2)).kind == "holiday"
    assert calendar.day(date(2026, 9, 20)).kind == "make_up"
    assert calendar.day(date(2026, 9, 19)).kind == "weekend"
    assert calendar.day(date(2026, 9, 21)).kind == "working"
    assert calendar.add_working_time(local("2026-09-30T16:00"), hours(2)) == local("2026-10-01T11:00")


def test_make_up_days_take_mondays_hours_unless_they_have_their_own() -> None:
    saturday = date(2026, 10, 10)
    plain = compile_calendar(definition(holidays=HolidayList(country="CN")))
    short = compile_calendar(definition(holidays=HolidayList(country="CN", make_up_windows=(("10:00", "15:00"),))))
    assert plain.day(saturday).windows == ((540, 1020),)
    assert short.day(saturday).windows == ((600, 900),)


def test_always_open_counts_every_hour() -> None:
    calendar = compile_calendar(always_open_calendar("Asia/Shanghai"))
    start = local("2026-10-01T03:00")
    assert calendar.is_open(start)
    assert calendar.next_open(start) == start
    assert calendar.add_working_time(start, hours(48)) == local("2026-10-03T03:00")
    assert calendar.subtract_working_time(start, hours(24)) == local("2026-09-30T03:00")
    assert calendar.working_time_between(start, local("2026-10-02T03:00")) == hours(24)
    assert calendar.add_working_days(start, 2) == local("2026-10-04T00:00")
