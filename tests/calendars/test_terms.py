"""Terms in months and years, and deadlines in days, at their last minute: Civil Code 200 to 204."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from aftersales.calendars.terms import EndRule, TermUnit, calendar_days_deadline, term_end
from aftersales.kit.errors import InvalidInput
from tests.calendars.examples import local

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("start", "count", "unit", "rule", "last"),
    [
        ("2026-03-01", 3, "year", "civil_code", "2029-03-01"),
        ("2026-03-01", 3, "year", "half_open", "2029-02-28"),
        ("2026-03-31", 12, "month", "civil_code", "2027-03-31"),
        ("2026-03-31", 12, "month", "half_open", "2027-03-30"),
        ("2024-02-29", 1, "year", "civil_code", "2025-02-28"),
        ("2024-02-29", 1, "year", "half_open", "2025-02-28"),
        ("2024-02-29", 4, "year", "civil_code", "2028-02-29"),
        ("2026-01-31", 1, "month", "civil_code", "2026-02-28"),
        ("2026-01-31", 1, "month", "half_open", "2026-02-28"),
        ("2026-08-31", 1, "month", "civil_code", "2026-09-30"),
        ("2026-01-30", 1, "month", "half_open", "2026-02-28"),
        ("2026-01-28", 1, "month", "half_open", "2026-02-27"),
        ("2026-11-30", 3, "month", "civil_code", "2027-02-28"),
        ("2026-12-31", 1, "day", "civil_code", "2027-01-01"),
        ("2026-12-15", 1, "month", "civil_code", "2027-01-15"),
        ("2026-12-15", 12, "month", "civil_code", "2027-12-15"),
    ],
)
def test_the_last_day_of_a_term(start: str, count: int, unit: TermUnit, rule: EndRule, last: str) -> None:
    end = term_end(date.fromisoformat(start), count, unit, zone=ZONE, end_rule=rule)
    assert end.last_day == date.fromisoformat(last)


def test_a_term_covers_its_last_day_to_midnight() -> None:
    end = term_end(date(2026, 3, 1), 3, "year", zone=ZONE)
    assert end.covers(local("2029-03-01T23:59:59"))
    assert not end.covers(local("2029-03-02T00:00"))
    assert end.ends_at == local("2029-03-02T00:00")


def test_an_end_on_a_holiday_moves_only_where_the_rule_says_so() -> None:
    """2026-10-01 opens a holiday that lasts to the 7th (A02); a make-up day is no day of rest."""
    plain = term_end(date(2026, 9, 1), 1, "month", zone=ZONE)
    rolled = term_end(date(2026, 9, 1), 1, "month", zone=ZONE, roll_holiday=True)
    assert plain.last_day == date(2026, 10, 1)
    assert plain.rolled_over == ()
    assert rolled.last_day == date(2026, 10, 8)
    assert [day.day for day in rolled.rolled_over] == [1, 2, 3, 4, 5, 6, 7]
    assert term_end(date(2026, 9, 10), 1, "month", zone=ZONE, roll_holiday=True).last_day == date(2026, 10, 10)
    assert term_end(date(2026, 9, 11), 1, "month", zone=ZONE, roll_holiday=True).last_day == date(2026, 10, 12)


def test_a_deadline_in_days_may_roll_too() -> None:
    asked = local("2026-09-29T10:00")
    assert calendar_days_deadline(asked, 2, ZONE) == local("2026-10-02T00:00")
    assert calendar_days_deadline(asked, 2, ZONE, roll_holiday=True) == local("2026-10-09T00:00")


@pytest.mark.parametrize("count", [0, -1, 200 * 366 + 1])
def test_a_term_without_length_is_refused(count: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        term_end(date(2026, 1, 1), count, "month", zone=ZONE)
    assert caught.value.code == "TERM_LENGTH_INVALID"


def test_a_term_past_the_end_of_the_calendar_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        term_end(date(2026, 1, 1), 73_000, "year", zone=ZONE)
    assert caught.value.code == "TERM_LENGTH_INVALID"


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        calendar_days_deadline(local("2026-01-01T00:00").replace(tzinfo=None), 1, ZONE)
    assert caught.value.code == "INSTANT_NAIVE"
