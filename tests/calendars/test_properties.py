"""What holds for every calendar, instant and amount (hypothesis)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aftersales.calendars.definition import (
    CalendarDefinition,
    HolidayList,
    MinuteWindow,
    WeeklyWindows,
    Window,
    always_open_calendar,
)
from aftersales.calendars.rules import WorkingCalendar, compile_calendar
from tests.calendars.examples import desk, two_windows

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo")
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
AMOUNTS = st.timedeltas(timedelta(0), timedelta(days=20))
POSITIVE_AMOUNTS = st.timedeltas(timedelta(microseconds=1), timedelta(days=20))


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@st.composite
def day_windows(draw: st.DrawFn) -> tuple[Window, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple((clock(start), clock(end)) for start, end in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    if draw(st.integers(0, 9)) == 0:
        return compile_calendar(always_open_calendar(draw(st.sampled_from(ZONES))))
    week = [draw(day_windows()) for _ in range(7)]
    week[draw(st.integers(0, 6))] = (("09:00", "17:00"),)
    names = WeeklyWindows.__struct_fields__
    return WorkingCalendar(
        CalendarDefinition(
            code="drawn",
            name="drawn",
            zone=draw(st.sampled_from(ZONES)),
            weekly=WeeklyWindows(**dict(zip(names, week, strict=True))),
            holidays=draw(st.sampled_from([None, HolidayList(country="CN"), HolidayList(country="DE")])),
        )
    )


PLENTY = settings(deadline=None, max_examples=60)


@PLENTY
@given(calendars(), INSTANTS, AMOUNTS)
def test_adding_and_then_subtracting_gives_the_start(
    calendar: WorkingCalendar, start: datetime, amount: timedelta
) -> None:
    due = calendar.add_working_time(start, amount)
    assert calendar.subtract_working_time(due, amount) == calendar.next_open(start)


@PLENTY
@given(calendars(), INSTANTS, POSITIVE_AMOUNTS)
def test_no_deadline_lies_inside_a_closed_window(calendar: WorkingCalendar, start: datetime, amount: timedelta) -> None:
    due = calendar.add_working_time(start, amount)
    assert calendar.is_open(due - timedelta(microseconds=1)), "the time just before a deadline is worked"


@PLENTY
@given(calendars(), INSTANTS, AMOUNTS)
def test_the_time_between_start_and_deadline_is_what_was_added(
    calendar: WorkingCalendar, start: datetime, amount: timedelta
) -> None:
    assert calendar.working_time_between(start, calendar.add_working_time(start, amount)) == amount


@PLENTY
@given(calendars(), INSTANTS, AMOUNTS, AMOUNTS)
def test_more_budget_never_gives_an_earlier_deadline(
    calendar: WorkingCalendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    less, more = sorted((one, other))
    assert calendar.add_working_time(start, less) <= calendar.add_working_time(start, more)


@PLENTY
@given(calendars(), INSTANTS, AMOUNTS, AMOUNTS)
def test_a_later_start_never_gives_an_earlier_deadline(
    calendar: WorkingCalendar, start: datetime, wait: timedelta, amount: timedelta
) -> None:
    assert calendar.add_working_time(start, amount) <= calendar.add_working_time(start + wait, amount)


def shows_open_time(calendar: WorkingCalendar, instant: datetime) -> bool:
    """The definition itself: open while the clock on the wall shows a time inside a window of its date."""
    wall = instant.astimezone(ZoneInfo(calendar.definition.zone))
    seconds = wall.hour * 3600 + wall.minute * 60 + wall.second + wall.microsecond / 1_000_000
    windows: tuple[MinuteWindow, ...] = calendar.day(wall.date()).windows
    return any(start * 60 <= seconds < end * 60 for start, end in windows)


@settings(deadline=None, max_examples=150)
@given(calendars(), INSTANTS)
@example(desk(("01:00", "01:30"), zone="America/New_York", country=None), datetime(2026, 11, 2, 6, 10, tzinfo=UTC))
def test_it_is_open_exactly_while_the_wall_clock_shows_a_time_inside_a_window(
    calendar: WorkingCalendar, instant: datetime
) -> None:
    assert calendar.is_open(instant) == shows_open_time(calendar, instant)
    opening = calendar.next_open(instant)
    assert shows_open_time(calendar, opening)
    assert opening == instant or not shows_open_time(calendar, instant)


@PLENTY
@given(calendars(), INSTANTS, st.integers(1, 40))
def test_a_deadline_in_working_days_counts_exactly_those_days(
    calendar: WorkingCalendar, start: datetime, count: int
) -> None:
    trigger = calendar.local_date(start)
    last = calendar.working_day_after(trigger, count)
    days = (trigger + timedelta(days=number) for number in range(1, (last - trigger).days + 1))
    assert sum(calendar.is_working_day(day) for day in days) == count
    assert calendar.is_working_day(last)
    due = calendar.add_working_days(start, count)
    assert calendar.local_date(due - timedelta(microseconds=1)) == last
    assert calendar.local_date(due) > last


@settings(deadline=None, max_examples=20)
@given(st.integers(1990, 2060), st.integers(1990, 2060))
def test_answers_do_not_depend_on_what_was_asked_before(first: int, second: int) -> None:
    fresh, used = WorkingCalendar(two_windows().definition), WorkingCalendar(two_windows().definition)
    used.is_open(datetime(second, 6, 1, tzinfo=UTC))
    asked = datetime(first, 12, 30, 3, tzinfo=UTC)
    for calendar in (fresh, used):
        assert calendar.add_working_time(asked, timedelta(hours=30)) == two_windows().add_working_time(
            asked, timedelta(hours=30)
        )
