"""What courses demand, without a database: results, levels, last days."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.terms.base import Label
from aftersales.terms.planned import Curriculum, RoleOutcomes
from aftersales.training import rules
from aftersales.training.rules import Part

ZONE = "Asia/Shanghai"
UNITS = ("one", "two", "three")


def course(code: str = "course", **changes: Any) -> Curriculum:
    values = {"audience": (), "units": UNITS, "trigger": "request", **changes}
    return Curriculum(code=code, label=Label(code, code), **values)


@pytest.mark.parametrize(
    ("issued", "months", "last"),
    [
        ("2026-06-10", 12, "2027-06-10"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
    ],
)
def test_a_certificate_holds_to_the_corresponding_day(issued: str, months: int, last: str) -> None:
    """Civil Code 202: where the last month has no such day, its last one."""
    last_day = rules.last_valid_day(date.fromisoformat(issued), months, ZONE)
    assert last_day == date.fromisoformat(last)
    assert rules.is_valid(last_day, date.fromisoformat(last))
    assert not rules.is_valid(last_day, date.fromordinal(date.fromisoformat(last).toordinal() + 1))
    assert rules.is_valid(None, date.max)


def test_a_refresher_is_due_after_its_own_months_else_as_the_certificate_runs_out() -> None:
    day = date(2026, 6, 10)
    assert rules.refresh_day(course(valid_months=12), day, ZONE) == date(2027, 6, 10)
    assert rules.refresh_day(course(valid_months=12, refresher_months=6), day, ZONE) == date(2026, 12, 10)
    assert rules.refresh_day(course(), day, ZONE) is None


def test_the_last_result_of_an_outcome_counts_and_roles_are_asked_their_own() -> None:
    asked = course(outcomes=("use",), role_outcomes=(RoleOutcomes(role="electrician", outcomes=("use", "repair")),))
    parts = [
        Part(units=UNITS, results={"use": True, "repair": True}),
        Part(units=(), results={"repair": False}),
    ]
    assert rules.progress(asked, "user", parts).complete
    assert rules.progress(asked, "electrician", parts).missing_outcomes == ("repair",)
    assert rules.progress(asked, "electrician", parts[::-1]).complete


def test_a_level_needs_one_course_of_the_level_below_on_its_track() -> None:
    known = [course("a1", track="a", level=1), course("b1", track="b", level=1), course("a1x", track="a", level=1)]
    assert rules.preparing(course("a2", track="a", level=2), known) == (frozenset({"a1", "a1x"}),)
    assert rules.preparing(course("a1", track="a", level=1), known) == ()
    assert rules.preparing(course("c", prerequisites=("b1",)), known) == (frozenset({"b1"}),)


@given(st.lists(st.lists(st.sampled_from(UNITS), unique=True), max_size=6))
def test_units_add_up_whatever_the_classes(classes: list[list[str]]) -> None:
    """Given any classes, then attended and missing units are the course's, each once and in its order."""
    made = rules.progress(course(), "user", [Part(units=tuple(units), results={}) for units in classes])
    attended = {unit for units in classes for unit in units}
    assert made.units == tuple(unit for unit in UNITS if unit in attended)
    assert made.missing_units == tuple(unit for unit in UNITS if unit not in attended)
    assert made.complete == (attended == set(UNITS))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-400, 400))
def test_a_budget_until_a_day_ends_with_it_however_the_days_lie(start: date, days: int) -> None:
    last = date.fromordinal(start.toordinal() + days)
    first, length = rules.days_until(start, last)
    assert length >= 1
    assert date.fromordinal(first.toordinal() + length) == last
