"""Recurrences on local dates: nothing drifts, short months end with their last day, seasons may run over New Year."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from dateutil.rrule import DAILY, MONTHLY, rrule
from hypothesis import given
from hypothesis import strategies as st

from aftersales.calendars.windows import ONE_DAY
from aftersales.planned.recurrence import (
    Step,
    Stretch,
    moved_off_rest,
    of_year,
    seasons_between,
    seasons_of_months,
    split,
    year_parts,
)
from aftersales.terms.planned import CadenceUnit, Season
from tests.planned.planning import day, days

DAYS = st.dates(date(2000, 1, 1), date(2080, 12, 31))
UNITS = st.sampled_from(["day", "week", "month", "quarter", "year"])
MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}


@pytest.mark.parametrize(
    ("anchor", "unit", "expected"),
    [
        ("2026-01-31", "month", ["2026-02-28", "2026-03-31", "2026-04-30"]),
        ("2028-02-29", "year", ["2029-02-28", "2030-02-28", "2031-02-28"]),
        ("2026-11-30", "quarter", ["2027-02-28", "2027-05-30", "2027-08-30"]),
        ("2026-03-01", "week", ["2026-03-08", "2026-03-15", "2026-03-22"]),
        ("2026-03-29", "day", ["2026-03-30", "2026-03-31", "2026-04-01"]),
    ],
)
def test_the_nth_is_counted_from_the_anchor(anchor: str, unit: CadenceUnit, expected: list[str]) -> None:
    assert [Step(1, unit).after(day(anchor), times) for times in (1, 2, 3)] == list(days(*expected))


@given(
    anchor=DAYS, every=st.integers(1, 40), unit=st.sampled_from(["month", "quarter", "year"]), times=st.integers(1, 12)
)
def test_months_are_those_of_rfc_5545_with_the_last_day_of_short_ones(
    anchor: date, every: int, unit: CadenceUnit, times: int
) -> None:
    """BYMONTHDAY=28,29,30,31;BYSETPOS=-1, as dateutil expands it."""
    wanted = list(range(28, anchor.day + 1)) or [anchor.day]
    begin = anchor.replace(day=1)
    rule = rrule(
        MONTHLY, interval=every * MONTHS[unit], count=times + 1, bymonthday=wanted, bysetpos=-1,
        dtstart=datetime(begin.year, begin.month, 1),  # noqa: DTZ001 - local dates
    )  # fmt: skip
    assert [found.date() for found in rule][times] == Step(every, unit).after(anchor, times)


@given(anchor=DAYS, every=st.integers(1, 400), times=st.integers(0, 50))
def test_days_are_those_of_rfc_5545(anchor: date, every: int, times: int) -> None:
    begin = datetime(anchor.year, anchor.month, anchor.day)  # noqa: DTZ001 - local dates
    rule = rrule(DAILY, interval=every, count=times + 1, dtstart=begin)
    assert list(rule)[times].date() == Step(every, "day").after(anchor, times)


@given(anchor=DAYS, on=DAYS, every=st.integers(1, 30), unit=UNITS)
def test_the_first_from_a_day_is_the_least(anchor: date, on: date, every: int, unit: CadenceUnit) -> None:
    step = Step(every, unit)
    times = step.first_from(anchor, on)
    assert step.after(anchor, times) >= min(on, step.after(anchor, times))
    assert times == 0 or step.after(anchor, times - 1) < on <= step.after(anchor, times)


@given(first=DAYS, length=st.integers(0, 800), count=st.integers(1, 12))
def test_the_parts_of_a_stretch_leave_no_day_out(first: date, length: int, count: int) -> None:
    stretch = Stretch(first, first + timedelta(days=length + count))
    parts = split(stretch, count)
    assert (parts[0].first, parts[-1].last, len(parts)) == (stretch.first, stretch.last, count)
    assert all(later.first == earlier.last + ONE_DAY for earlier, later in pairwise(parts))


@pytest.mark.parametrize(
    ("anchor", "count", "ends"),
    [
        ("2026-03-01", 2, ["2026-08-31", "2027-02-28"]),
        ("2026-03-01", 4, ["2026-05-31", "2026-08-31", "2026-11-30", "2027-02-28"]),
        ("2027-08-31", 2, ["2028-02-28", "2028-08-30"]),
        ("2026-01-01", 5, ["2026-03-14", "2026-05-26", "2026-08-07", "2026-10-19", "2026-12-31"]),
    ],
)
def test_a_contract_year_is_parted_from_its_own_first_day(anchor: str, count: int, ends: list[str]) -> None:
    assert [part.last for part in year_parts(day(anchor), 12, count, 0)] == list(days(*ends))


def test_a_season_may_run_over_new_year_and_end_with_february() -> None:
    winter = Season(starts_month=11, starts_day=15, ends_month=2, ends_day=29, over_new_year=True)
    assert of_year(winter, 2026) == Stretch(day("2026-11-15"), day("2027-02-28"))
    assert of_year(winter, 2027) == Stretch(day("2027-11-15"), day("2028-02-29"))
    found = seasons_between((winter,), day("2027-02-01"), day("2027-12-01"))
    assert [stretch.first for stretch in found] == list(days("2026-11-15", "2027-11-15"))


def test_neighbouring_months_are_one_season() -> None:
    rain, winter = seasons_of_months((1, 7, 6, 12))
    assert (rain.starts_month, rain.ends_month, winter.starts_month, winter.ends_month) == (6, 7, 12, 1)
    [year] = seasons_of_months(tuple(range(1, 13)))
    assert of_year(year, 2026) == Stretch(day("2026-01-01"), day("2026-12-31"))


@pytest.mark.parametrize(
    ("direction", "expected"), [("none", "2026-10-03"), ("forward", "2026-10-05"), ("back", "2026-10-02")]
)
def test_a_due_day_is_moved_off_a_day_of_rest(direction: str, expected: str) -> None:
    """3 October 2026 is a Saturday; on a plain week it moves to Monday or Friday."""
    assert moved_off_rest(day("2026-10-03"), direction, lambda one: one.weekday() < 5) == day(expected)


def test_a_calendar_that_always_rests_moves_nothing() -> None:
    assert moved_off_rest(day("2026-10-03"), "forward", lambda _: False) == day("2026-10-03")
