"""Adding, subtracting and measuring working time on days without surprises of the zone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from aftersales.calendars.explanations import (
    LONGEST_WALK_DAYS,
    explain_calendar_days,
    explain_working_days,
    explain_working_time,
)
from aftersales.calendars.holiday_lists import data_version, last_arranged_year
from aftersales.calendars.rules import WorkingCalendar, elapsed_deadline
from aftersales.kit.errors import InvalidInput
from tests.calendars.examples import around_the_clock, desk, hours, local, night_desk, two_windows


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-06-01T09:00", 1.0, "2026-06-01T10:00"),
        ("2026-06-01T11:30", 1.0, "2026-06-01T13:30"),
        ("2026-06-01T11:00", 1.0, "2026-06-01T12:00"),
        ("2026-06-01T12:30", 1.0, "2026-06-01T14:00"),
        ("2026-06-01T16:30", 1.0, "2026-06-02T09:00"),
        ("2026-06-05T16:30", 1.0, "2026-06-08T09:00"),
        ("2026-06-06T03:00", 7.5, "2026-06-08T17:00"),
        ("2026-09-30T16:00", 2.0, "2026-10-08T09:30"),
        ("2026-10-09T16:00", 8.5, "2026-10-10T17:00"),
        ("2026-12-31T16:00", 2.0, "2027-01-04T09:30"),
    ],
)
def test_working_hours_skip_lunch_nights_weekends_and_holidays(start: str, amount: float, due: str) -> None:
    assert two_windows().add_working_time(local(start), hours(amount)) == local(due)


def test_a_deadline_on_a_windows_end_stays_there() -> None:
    assert two_windows().add_working_time(local("2026-06-01T08:30"), hours(7.5)) == local("2026-06-01T17:00")


def test_adding_nothing_stays_while_open_and_moves_to_the_opening_while_closed() -> None:
    calendar = two_windows()
    assert calendar.add_working_time(local("2026-06-01T09:00"), hours(0)) == local("2026-06-01T09:00")
    assert calendar.add_working_time(local("2026-06-01T17:00"), hours(0)) == local("2026-06-01T17:00")
    assert calendar.add_working_time(local("2026-06-01T17:01"), hours(0)) == local("2026-06-02T08:30")


def test_the_opening_minute_is_open_and_the_closing_one_is_not() -> None:
    calendar = desk()
    assert calendar.is_open(local("2026-06-01T08:30"))
    assert calendar.is_open(local("2026-06-01T16:59:59"))
    assert not calendar.is_open(local("2026-06-01T17:00"))
    assert not calendar.is_open(local("2026-06-01T08:29:59"))


def test_the_last_minute_before_midnight_is_worked() -> None:
    """Zammad #3180 lost the minute from 23:59 to 24:00."""
    calendar = night_desk("Asia/Shanghai")
    assert calendar.is_open(local("2026-06-01T23:59:30"))
    assert calendar.working_time_between(local("2026-06-01T23:59"), local("2026-06-02T00:01")) == timedelta(minutes=2)
    assert calendar.working_time_between(local("2026-06-01T12:00"), local("2026-06-02T12:00")) == hours(8)
    assert calendar.add_working_time(local("2026-06-01T23:00"), hours(2)) == local("2026-06-02T01:00")


def test_subtracting_walks_back_over_closed_time() -> None:
    calendar = two_windows()
    assert calendar.subtract_working_time(local("2026-10-08T09:30"), hours(2)) == local("2026-09-30T16:00")
    assert calendar.subtract_working_time(local("2026-06-01T08:30"), hours(800)) < local("2026-02-01T00:00")


def test_a_long_budget_crosses_many_years() -> None:
    calendar = desk(country=None)
    due = calendar.add_working_time(local("2026-01-05T08:30"), hours(8.5 * 5 * 520))
    assert due == local("2026-01-05T08:30") + timedelta(weeks=520) - timedelta(hours=63.5)
    assert calendar.subtract_working_time(due, hours(8.5 * 5 * 520)) == local("2026-01-05T08:30")


def test_a_budget_beyond_sixty_years_is_refused_instead_of_searched_for() -> None:
    desk(country=None).is_open(local("2110-01-01T00:00"))
    with pytest.raises(InvalidInput) as caught:
        desk(country=None).add_working_time(local("2026-01-05T08:30"), hours(8.5 * 260 * 70))
    assert caught.value.code == "CALENDAR_RUNS_OUT"
    with pytest.raises(InvalidInput) as caught:
        desk(country=None).subtract_working_time(local("2026-01-05T08:30"), hours(8.5 * 260 * 70))
    assert caught.value.code == "CALENDAR_RUNS_OUT"


@pytest.mark.parametrize("calendar", [desk(), around_the_clock()], ids=["desk", "24x7"])
def test_bad_input_is_refused(calendar: WorkingCalendar) -> None:
    naive = datetime(2026, 6, 1, 9)  # noqa: DTZ001 - the very thing that is refused
    asked = local("2026-06-01T09:00")
    questions: dict[str, list[Callable[[], object]]] = {
        "INSTANT_NAIVE": [
            lambda: calendar.add_working_time(naive, hours(1)),
            lambda: calendar.is_open(naive),
            lambda: calendar.next_open(naive),
            lambda: calendar.subtract_working_time(naive, hours(1)),
            lambda: calendar.add_working_days(naive, 1),
            lambda: calendar.working_time_between(naive, asked),
            lambda: elapsed_deadline(naive, hours(1)),
        ],
        "DURATION_INVALID": [
            lambda: calendar.add_working_time(asked, hours(-1)),
            lambda: calendar.subtract_working_time(asked, hours(-1)),
            lambda: calendar.add_working_days(asked, 0),
        ],
        "PERIOD_INVERTED": [lambda: calendar.working_time_between(asked, asked - hours(1))],
        "INSTANT_IMPOSSIBLE": [
            lambda: calendar.add_working_time(datetime(1902, 1, 1, tzinfo=UTC), hours(1)),
            lambda: calendar.is_open(datetime(9999, 12, 31, tzinfo=UTC)),
        ],
    }
    for code, calls in questions.items():
        for call in calls:
            with pytest.raises(InvalidInput) as caught:
                call()
            assert caught.value.code == code


def test_the_turn_of_the_year_is_known_on_both_sides_of_the_zone() -> None:
    """New year begins in Shanghai eight hours before it does in UTC, and in New York five hours after."""
    for zone, inside in (("Asia/Shanghai", "2028-01-01T04:00"), ("America/New_York", "2024-12-31T23:00")):
        fresh = WorkingCalendar(night_desk(zone).definition)
        assert fresh.is_open(local("2026-06-01T23:00", zone))
        assert fresh.is_open(local(inside, zone))
        assert fresh.next_open(local(inside, zone)) == local(inside, zone)


def test_working_days_are_counted_after_the_trigger_day() -> None:
    calendar = desk()
    assert calendar.working_day_after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert calendar.working_day_after(date(2026, 10, 3), 1) == date(2026, 10, 8)
    assert calendar.working_days_between(date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert calendar.working_days_between(date(2026, 10, 10), date(2026, 9, 30)) == 0


def test_the_walk_names_every_day_and_adds_up() -> None:
    calendar, start = desk(), local("2026-09-30T15:00")
    due = calendar.add_working_time(start, hours(12))
    walk = explain_working_time(calendar, start, due)
    assert due == local("2026-10-09T10:00")
    kinds = [(entry.day.day.day, entry.day.kind, entry.used_seconds / 3600) for entry in walk.days]
    assert kinds == [
        (30, "working", 2.0),
        (1, "holiday", 0),
        (2, "holiday", 0),
        (3, "holiday", 0),
        (4, "weekend", 0),
        (5, "holiday", 0),
        (6, "holiday", 0),
        (7, "holiday", 0),
        (8, "working", 8.5),
        (9, "working", 1.5),
    ]
    assert sum(entry.used_seconds for entry in walk.days) == 12 * 3600


def test_a_walk_to_midnight_ends_on_the_day_that_was_worked() -> None:
    calendar = night_desk("Asia/Shanghai")
    walk = explain_working_time(calendar, local("2026-06-01T22:00"), local("2026-06-02T00:00"))
    assert [(entry.day.day, entry.used_seconds) for entry in walk.days] == [(date(2026, 6, 1), 7200)]


def test_a_walk_in_days_counts_them() -> None:
    walk = explain_working_days(desk(), date(2026, 9, 18), date(2026, 9, 22))
    assert [(entry.day.day.day, entry.day.kind, entry.counted) for entry in walk.days] == [
        (18, "working", False),
        (19, "weekend", False),
        (20, "make_up", True),
        (21, "working", True),
        (22, "working", True),
    ]
    every = explain_calendar_days(desk(), date(2026, 9, 18), date(2026, 9, 20))
    assert [entry.counted for entry in every.days] == [False, True, True]


def test_a_walk_says_when_a_years_holidays_were_not_known() -> None:
    beyond = last_arranged_year("CN") + 1
    walk = explain_working_days(desk(), date(beyond, 3, 1), date(beyond, 3, 9))
    assert walk.provisional_years == (beyond,)
    assert explain_working_days(desk(), date(2026, 3, 2), date(2026, 3, 9)).provisional_years == ()
    assert walk.holiday_data == data_version()
    assert explain_working_days(desk(country=None), date(2026, 3, 2), date(2026, 3, 3)).holiday_data is None


def test_a_very_long_walk_is_cut_and_says_so() -> None:
    walk = explain_working_days(desk(country=None), date(2026, 1, 1), date(2029, 1, 1))
    assert walk.truncated
    assert len(walk.days) == LONGEST_WALK_DAYS


def test_a_walk_backwards_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        explain_working_time(desk(), local("2026-06-02T09:00"), local("2026-06-01T09:00"))
    assert caught.value.code == "PERIOD_INVERTED"
