"""Whether a term is shorter than law allows. Pure."""

from collections.abc import Iterable
from typing import Final

from aftersales.terms.coverage import StatutoryFloor, TermUnit, UsageLimit, WarrantyTerm

SHORTEST_DAYS: Final[dict[TermUnit, int]] = {"day": 1, "month": 28, "year": 365}
"""The fewest days that a unit can have: a term in months is compared with a floor in days by its shortest case."""
LONGEST_DAYS: Final[dict[TermUnit, int]] = {"day": 1, "month": 31, "year": 366}
MONTHS: Final[dict[TermUnit, int]] = {"month": 1, "year": 12}


def undercut_floor(term: WarrantyTerm, floors: Iterable[StatutoryFloor]) -> StatutoryFloor | None:
    """The floor that the term undercuts in time or in usage; None when it undercuts none.

    A term whose length the contract must state (`amount=None`) is checked when the contract states it.
    """
    for floor in floors:
        if floor.warranty_class != term.warranty_class:
            continue
        if term.amount is not None and _shorter(term.amount, term.unit, floor.amount, floor.unit):
            return floor
        if term.usage_limit is not None and _tighter(term.usage_limit, floor.usage_limit):
            return floor
    return None


def _shorter(amount: int, unit: TermUnit, least: int, least_unit: TermUnit) -> bool:
    if unit in MONTHS and least_unit in MONTHS:
        return amount * MONTHS[unit] < least * MONTHS[least_unit]
    if unit == least_unit:
        return amount < least
    return amount * SHORTEST_DAYS[unit] < least * LONGEST_DAYS[least_unit]


def _tighter(limit: UsageLimit, least: UsageLimit | None) -> bool:
    """A limit of usage that the law doesn't know, in another unit, or lower than the law's."""
    return least is None or limit.unit != least.unit or limit.amount < least.amount
