"""A term against the law's least: in the same unit, across units, and by the meter."""

from datetime import date

import pytest

from aftersales import CampaignWindow, Label, StatutoryFloor, UsageLimit, WarrantyTerm
from aftersales.terms.coverage import TermUnit
from aftersales.terms.floors import undercut_floor

NAME = Label("名称", "Name")


def floor(amount: int, unit: TermUnit, kilometres: int | None = None) -> StatutoryFloor:
    limit = None if kilometres is None else UsageLimit(amount=kilometres, unit="kilometre")
    return StatutoryFloor(
        code="f", label=NAME, clause="Law 1", source="statute", warranty_class="car", amount=amount, unit=unit,
        usage_limit=limit, law=NAME, effective_from=date(2022, 1, 1),
    )  # fmt: skip


def term(amount: int | None, unit: TermUnit, limit: UsageLimit | None = None) -> WarrantyTerm:
    return WarrantyTerm(
        code="t", label=NAME, clause="X-1", warranty_class="car", amount=amount, unit=unit, starts_on="invoice",
        usage_limit=limit,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "unit", "least", "least_unit", "undercuts"),
    [
        (36, "month", 3, "year", False),
        (35, "month", 3, "year", True),
        (3, "year", 36, "month", False),
        (10, "day", 10, "day", False),
        (9, "day", 10, "day", True),
        (1, "month", 30, "day", True),
        (2, "month", 30, "day", False),
        (100, "day", 3, "month", False),
        (92, "day", 3, "month", True),
    ],
)
def test_a_shorter_term_undercuts(
    amount: int, unit: TermUnit, least: int, least_unit: TermUnit, undercuts: bool
) -> None:
    """Across units the term's shortest case is compared with the law's longest, in the customer's favour."""
    assert (undercut_floor(term(amount, unit), [floor(least, least_unit)]) is not None) is undercuts


@pytest.mark.parametrize(
    ("limit", "undercuts"),
    [
        (None, False),
        (UsageLimit(amount=60_000, unit="kilometre"), False),
        (UsageLimit(amount=59_999, unit="kilometre"), True),
        (UsageLimit(amount=60_000, unit="operating_hour"), True),
    ],
)
def test_a_tighter_limit_of_usage_undercuts(limit: UsageLimit | None, undercuts: bool) -> None:
    assert (undercut_floor(term(3, "year", limit), [floor(3, "year", 60_000)]) is not None) is undercuts


def test_a_limit_that_the_law_doesnt_know_undercuts() -> None:
    assert undercut_floor(term(3, "year", UsageLimit(amount=1, unit="kilometre")), [floor(3, "year")])


def test_a_term_that_the_contract_states_later_undercuts_nothing_yet() -> None:
    assert undercut_floor(term(None, "year"), [floor(3, "year")]) is None


def test_the_floor_of_another_class_doesnt_matter() -> None:
    other = StatutoryFloor(
        code="f", label=NAME, clause="Law 1", source="statute", warranty_class="boat", amount=9, unit="year", law=NAME,
        effective_from=date(2022, 1, 1),
    )  # fmt: skip

    assert undercut_floor(term(1, "year"), [other]) is None


@pytest.mark.parametrize(
    ("day", "covered"),
    [
        (date(2026, 12, 19), False),
        (date(2026, 12, 20), True),
        (date(2027, 1, 10), True),
        (date(2027, 1, 11), False),
    ],
)
def test_a_campaign_window_may_run_over_new_year(day: date, covered: bool) -> None:
    window = CampaignWindow(starts_month=12, starts_day=20, ends_month=1, ends_day=10)

    assert window.covers(day) is covered
