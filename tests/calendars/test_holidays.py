"""Public holidays and make-up working days, against the State Council's notices."""

from datetime import date, timedelta

import pytest

from aftersales.calendars import holiday_lists
from aftersales.kit.errors import InvalidInput
from tests.calendars.examples import desk, hours, local

MAKE_UP_DAYS = {
    2024: "0204 0218 0407 0428 0511 0914 0929 1012",
    2025: "0126 0208 0427 0928 1011",
    2026: "0104 0214 0228 0509 0920 1010",
}
"""国务院办公厅关于2024年、2025年、2026年部分节假日安排的通知, days that are worked."""

DAYS_OFF_2026 = (
    ("元旦", "0101", "0103"),
    ("春节", "0215", "0223"),
    ("清明节", "0404", "0406"),
    ("劳动节", "0501", "0505"),
    ("端午节", "0619", "0621"),
    ("中秋节", "0925", "0927"),
    ("国庆节", "1001", "1007"),
)
"""The same notice for 2026, days off from and to."""


@pytest.mark.parametrize("year", sorted(MAKE_UP_DAYS))
def test_the_make_up_working_days_are_those_of_the_notice(year: int) -> None:
    expected = {date(year, int(text[:2]), int(text[2:])) for text in MAKE_UP_DAYS[year].split()}
    assert holiday_lists.holiday_year("CN", year).make_up_days == expected
    assert all(desk().is_working_day(day) for day in expected)


@pytest.mark.parametrize(("name", "first", "last"), DAYS_OFF_2026)
def test_every_day_off_of_2026_is_closed(name: str, first: str, last: str) -> None:
    day, end = (date(2026, int(text[:2]), int(text[2:])) for text in (first, last))
    while day <= end:
        assert not desk().is_working_day(day), f"{day} belongs to {name}"
        day += timedelta(days=1)


def test_2026_has_the_working_days_that_the_notice_leaves() -> None:
    """365 days, 104 on a weekend of which 6 are worked, 261 on weekdays of which 19 are off: 248."""
    days = (date(2026, 1, 1) + timedelta(days=number) for number in range(365))
    assert sum(desk().is_working_day(day) for day in days) == 248


def test_holidays_are_named_in_both_languages() -> None:
    holiday = desk().day(date(2026, 10, 1))
    assert (holiday.name, holiday.name_english) == ("国庆节", "National Day")


def test_a_year_holds_its_own_days_only() -> None:
    year = holiday_lists.holiday_year("CN", 2026)
    assert {day.year for day in (*year.days_off, *year.make_up_days)} == {2026}


def test_a_make_up_day_that_lies_in_the_year_before_is_found() -> None:
    assert date(2006, 12, 30) in holiday_lists.holiday_year("CN", 2006).make_up_days


def test_a_year_without_published_arrangement_is_provisional() -> None:
    beyond = holiday_lists.last_arranged_year("CN") + 1
    calendar = desk()
    assert holiday_lists.last_arranged_year("CN") >= 2026
    assert holiday_lists.holiday_year("CN", beyond).provisional
    assert calendar.day(date(beyond, 10, 1)).kind == "holiday"
    assert calendar.day(date(beyond, 10, 1)).provisional
    assert not calendar.day(date(2026, 10, 1)).provisional


def test_a_tenant_may_leave_make_up_days_closed() -> None:
    """A58: the text of P10-28 says Monday to Friday."""
    literal = desk(make_up_days=False)
    assert not literal.is_working_day(date(2026, 10, 10))
    assert literal.add_working_time(local("2026-10-09T16:00"), hours(2)) == local("2026-10-12T09:30")


def test_other_countries_have_their_own_lists() -> None:
    german = desk(zone="Europe/Berlin", country="DE")
    assert german.day(date(2026, 10, 1)).kind == "working"
    assert german.day(date(2026, 12, 25)).kind == "holiday"
    assert not german.day(date(2035, 12, 25)).provisional


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(InvalidInput, match="XX"):
        holiday_lists.holiday_year("XX", 2026)


def test_the_data_names_its_version() -> None:
    assert holiday_lists.data_version().startswith("holidays 0.")
