"""Survival and availability as numbers, from the figures of plans 5 and 1."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.guarantees.measures import (
    CountLine,
    Replanting,
    Transition,
    availability,
    needed,
    replanting,
    survival,
)
from aftersales.guarantees.rules import Schedule, check_count, forecast_survival
from aftersales.kit.errors import InvalidInput
from tests.tickets.world import local

NINETY_FIVE = Decimal("0.95")
NINETY_NINE = Decimal("0.99")
JUNE, JULY = local("2026-06-01 00:00"), local("2026-07-01 00:00")
ONE_PER_CENT_OF_JUNE = timedelta(hours=7, minutes=12)


def plants(alive: int, **given: Any) -> CountLine:
    """1,000 planted, 20 of them lost to human damage."""
    return CountLine(**{"species": "ginkgo", "size": "12 cm", "planted": 1000, "excluded": 20, "alive": alive, **given})


def down(begin: datetime, end: datetime | None, *, planned: bool = False) -> list[Transition]:
    ups = [] if end is None else [Transition(at=end, state="up")]
    return [Transition(at=begin, state="down", planned=planned), *ups]


@pytest.mark.clause("P05-38")
@pytest.mark.parametrize(
    ("alive", "per_cent", "met", "shortfall"),
    [(980, "100.0", True, 0), (932, "95.1", True, 0), (931, "95.0", True, 0), (930, "94.9", False, 1),
     (900, "91.8", False, 31), (0, "0.0", False, 931)],
)  # fmt: skip
def test_95_per_cent_of_the_base_without_human_damage_inclusive(
    alive: int, per_cent: str, met: bool, shortfall: int
) -> None:
    """A25: 931 of 980 are exactly 95 %: met; 930 lack one plant."""
    found = survival([plants(alive)], NINETY_FIVE, inclusive=True, at_term_end=False)
    assert (found.base, found.met, found.shortfall) == (980, met, shortfall)
    assert found.value is not None
    assert str((found.value * 100).quantize(Decimal("0.1"))) == per_cent


@pytest.mark.clause("P05-38")
def test_a_plant_that_lives_but_leans_does_not_count() -> None:
    """A31: stability is part of the promise."""
    found = survival([plants(940, upright=930)], NINETY_FIVE, inclusive=True, at_term_end=False)
    assert (found.counted, found.met) == (930, False)


@pytest.mark.clause("P05-38")
def test_replacements_count_at_the_terms_end_and_originals_before() -> None:
    lines = [plants(900, replaced=31)]
    before, at_end = (survival(lines, NINETY_FIVE, inclusive=True, at_term_end=end) for end in (False, True))
    assert (before.met, before.shortfall, at_end.met, at_end.counted) == (False, 31, True, 931)
    assert (before.raw, before.after_replacement) == (at_end.raw, at_end.after_replacement)


def test_a_project_whose_plants_were_all_removed_for_human_damage_has_nothing_to_keep() -> None:
    found = survival([plants(0, excluded=1000)], NINETY_FIVE, inclusive=True, at_term_end=False)
    assert (found.met, found.value, found.shortfall) == (True, None, 0)


@given(base=st.integers(1, 10_000), share=st.decimals("0.001", "0.999", places=3))
def test_the_least_number_keeps_the_threshold_and_one_less_does_not(base: int, share: Decimal) -> None:
    inclusive, strict = (needed(share, base, inclusive=kind) for kind in (True, False))
    assert inclusive >= share * base > inclusive - 1
    assert strict > share * base >= strict - 1


@pytest.mark.clause("P05-37")
def test_what_is_our_fault_is_replanted_even_above_the_threshold() -> None:
    lines = [plants(970, caused_by_us=4), plants(980, species="maple")]
    assert replanting(lines, 0) == [Replanting(species="ginkgo", size="12 cm", quantity=4)]


@pytest.mark.clause("P05-37", "P05-38")
def test_a_shortfall_is_replanted_where_most_is_missing_by_species_and_size() -> None:
    lines = [
        plants(900, size="8 cm"),
        plants(950, caused_by_us=10),
        plants(970, species="maple", size="3 m"),
    ]
    assert replanting(lines, 95) == [
        Replanting(species="ginkgo", size="8 cm", quantity=80),
        Replanting(species="ginkgo", size="12 cm", quantity=15),
    ]


def test_what_was_replaced_already_is_not_asked_for_again() -> None:
    assert replanting([plants(930, replaced=49)], 1) == [Replanting(species="ginkgo", size="12 cm", quantity=1)]
    assert replanting([plants(930, replaced=50)], 1) == []


@pytest.mark.clause("P01-09")
@pytest.mark.parametrize(
    ("downtime", "met"),
    [(ONE_PER_CENT_OF_JUNE - timedelta(seconds=1), True), (ONE_PER_CENT_OF_JUNE, False),
     (ONE_PER_CENT_OF_JUNE + timedelta(seconds=1), False)],
)  # fmt: skip
def test_availability_is_strictly_over_99_per_cent_of_a_month(downtime: timedelta, met: bool) -> None:
    """June has 720 h: with 7 h 12 min of downtime it is exactly 99 %, which isn't over it."""
    begin = local("2026-06-10 03:00")
    found = availability(down(begin, begin + downtime), JUNE, JULY, NINETY_NINE, inclusive=False)
    assert found.met is met
    assert found.allowance == (1 if met else 0)


@pytest.mark.clause("P01-09")
def test_planned_downtime_leaves_the_base() -> None:
    """A08: with 10 h planned the base is 710 h, and one per cent of it 7 h 6 min."""
    planned = down(local("2026-06-05 00:00"), local("2026-06-05 10:00"), planned=True)
    exact = down(local("2026-06-10 00:00"), local("2026-06-10 07:06"))
    found = availability([*planned, *exact], JUNE, JULY, NINETY_NINE, inclusive=False)
    assert (found.planned, found.base, found.met) == (Decimal(36_000), Decimal(710 * 3600), False)
    assert availability([*planned, *exact], JUNE, JULY, NINETY_NINE, inclusive=True).met
    only = availability(planned, JUNE, JULY, NINETY_NINE, inclusive=False)
    assert (only.met, only.value, only.allowance) == (True, Decimal(1), Decimal(25_560))


def test_a_downtime_counts_in_each_month_only_as_far_as_it_lies_in_it() -> None:
    ledger = down(local("2026-05-31 20:00"), local("2026-06-01 02:00"))
    assert availability(ledger, JUNE, JULY, NINETY_NINE, inclusive=False).down == Decimal(7200)
    assert availability(down(local("2026-06-30 23:00"), None), JUNE, JULY, NINETY_NINE, inclusive=False).down == 3600
    assert availability(ledger, JULY, JULY + timedelta(days=1), NINETY_NINE, inclusive=False).down == 0


@pytest.mark.parametrize(
    "line",
    [
        plants(981), plants(-1), plants(900, planted=0), plants(900, excluded=-1), plants(0, excluded=1001),
        plants(900, upright=901), plants(900, replaced=81), plants(900, caused_by_us=81), plants(900, caused_by_us=-1),
    ],
)  # fmt: skip
def test_a_count_that_cannot_be_is_refused(line: CountLine) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_count([line])
    assert (refusal.value.code, refusal.value.field) == ("COUNT_INVALID", "lines.0")


def test_one_species_and_size_stands_on_one_line() -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_count([plants(900), plants(900)])
    assert (refusal.value.code, refusal.value.field) == ("COUNT_INVALID", "lines.1")


def test_a_forecast_goes_on_along_the_last_two_counts_and_never_upwards() -> None:
    """980 stood on 1 January, 960 hundred days later; after another hundred 940 are to be expected."""
    points = [(date(2026, 1, 1), 980, 980), (date(2026, 4, 11), 960, 980)]
    found = forecast_survival(points, date(2026, 7, 20), NINETY_FIVE, inclusive=True)
    assert (found.expected, found.met, found.shortfall) == (940, True, 0)
    later = forecast_survival(points, date(2026, 10, 28), NINETY_FIVE, inclusive=True)
    assert (later.expected, later.met, later.shortfall) == (920, False, 11)
    better = [(date(2026, 1, 1), 960, 980), (date(2026, 4, 11), 970, 980)]
    assert forecast_survival(better, date(2026, 7, 20), NINETY_FIVE, inclusive=True).expected == 970


def test_plants_are_looked_at_on_named_days_and_the_last_one_the_rest_monthly() -> None:
    named = Schedule(
        metric="survival_rate", starts_on=date(2024, 6, 10), ends_on=date(2026, 6, 10), checkpoints=(date(2025, 6, 1),)
    )
    assert [named.next_after(day) for day in (date(2024, 6, 10), date(2025, 6, 1), date(2026, 6, 10))] == [
        date(2025, 6, 1), date(2026, 6, 10), None,
    ]  # fmt: skip
    monthly = Schedule(metric="availability", starts_on=date(2026, 6, 10), ends_on=date(2026, 7, 15))
    days = [date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 15), date(2026, 7, 31)]
    assert [monthly.includes(day) for day in days] == [False, True, True, False]
    assert [monthly.next_after(day) for day in (date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 15))] == [
        date(2026, 6, 30), date(2026, 7, 15), None,
    ]  # fmt: skip
