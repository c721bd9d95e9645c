"""Cadences become obligations: what is due between two days, from terms and facts alone. Pure: no clock, no I/O.

`obligations_between` answers for any days, before anything is signed and beyond what is stored. Every obligation has
a key (rule, occurrence) that is the same whenever it is asked, so that what is stored can be compared with it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from aftersales.calendars import holiday_lists
from aftersales.calendars.terms import term_end
from aftersales.calendars.windows import ONE_DAY
from aftersales.planned.recurrence import (
    Step,
    Stretch,
    moved_off_rest,
)
from aftersales.planned.series import PERIOD_STEPS, dues, is_open
from aftersales.planned.values import (
    FOREVER,
    WITHOUT_NUMBER,
    Bounds,
    Done,
    Happened,
    Obligation,
    OwnRule,
    PlanFacts,
)
from aftersales.terms.planned import InspectionCadence
from aftersales.terms.playbook import VerticalPlaybook

__all__ = [
    "Done",
    "Happened",
    "Obligation",
    "OwnRule",
    "PlanFacts",
    "free_left",
    "is_open",
    "last_day_of_term",
    "missing_departments",
    "next_due",
    "obligations_between",
    "phase_of",
    "rules_in_force",
]

MARGIN: Final = 40 * ONE_DAY
"""How far a due day may be moved by holidays: looked at on both sides of what is asked."""
Working = Callable[[date], bool]


def obligations_between(
    terms: VerticalPlaybook,
    facts: PlanFacts,
    first: date,
    last: date,
    *,
    is_working: Working | None = None,
) -> list[Obligation]:
    """Whatever falls due from `first` to `last`, both inclusive, in the order of due days; open duties come last.

    What has no number is told once, whatever the days. `is_working` is the tenant's calendar; by default the legal
    days of rest of the facts' country are not worked.
    """
    working = is_working or _working_days(facts.country)
    found = [
        obligation
        for rule, cadence, stretch in rules_in_force(terms, facts)
        for obligation in _of_rule(terms, facts, rule, cadence, stretch, first, last, working)
    ]
    return sorted(found, key=lambda one: (one.due_on or FOREVER, one.rule, one.occurrence))


def next_due(
    terms: VerticalPlaybook, facts: PlanFacts, after: date, *, is_working: Working | None = None
) -> date | None:
    """The first day behind `after` on which something falls due; None when nothing will within ten years."""
    begin = after + ONE_DAY
    for years in (1, 4, 10):
        last = min(Step(years, "year").after(after, 1), FOREVER)
        for found in obligations_between(terms, facts, begin, last, is_working=is_working):
            if found.due_on is not None:
                return found.due_on
    return None


def rules_in_force(terms: VerticalPlaybook, facts: PlanFacts) -> Iterator[tuple[str, InspectionCadence, Stretch]]:
    """Every cadence that is about this asset or contract, with the days on which it is in force."""
    own: dict[str, list[OwnRule]] = {}
    for rule in facts.own:
        own.setdefault(rule.cadence.code, []).append(rule)
    for cadence in terms.inspection_cadences:
        if not _fits(cadence, facts):
            continue
        taken = sorted(own.get(cadence.code, ()), key=lambda rule: rule.effective_from)
        if not taken:
            yield cadence.code, cadence, Stretch(date.min, FOREVER)
            continue
        for stretch in _left_over(taken):
            yield cadence.code, cadence, stretch
    for rules in own.values():
        for rule in rules:
            if _fits(rule.cadence, facts):
                yield f"own:{rule.id}", rule.cadence, Stretch(rule.effective_from, rule.effective_until or FOREVER)


def phase_of(terms: VerticalPlaybook, facts: PlanFacts, code: str) -> Stretch | None:
    """The days of a phase as far as they are known; None while it wasn't entered.

    A phase that was entered under the contract ends on the day before a later one is.
    """
    if code in facts.phases:
        first, last = facts.phases[code]
        return Stretch(first, last or FOREVER)
    phase = next((found for found in terms.lifecycle_phases if found.code == code), None)
    begun = facts.entered.get(code)
    if begun is None and phase is not None:
        begun = facts.starts.get("contract_start" if phase.entered_on == "contract_signed" else phase.entered_on)
    if begun is None:
        return None
    order = {found.code: found.order for found in terms.lifecycle_phases}
    later = [day for other, day in facts.entered.items() if order.get(other, 0) > order.get(code, 0) and day > begun]
    return Stretch(begun, min(later) - ONE_DAY if later else FOREVER)


def last_day_of_term(terms: VerticalPlaybook, facts: PlanFacts, warranty_class: str) -> date | None:
    """The last day of the class's term; None while its start or its length isn't known."""
    for term in terms.warranty_terms:
        if term.warranty_class != warranty_class or term.amount is None:
            continue
        start = facts.starts.get(term.starts_on)
        if start is None and term.fallback_start is not None:
            start = facts.starts.get(term.fallback_start)
        if start is not None:
            return term_end(
                start, term.amount, term.unit, zone=ZoneInfo(facts.zone), end_rule=term.end_rule,
                roll_holiday=term.roll_holiday, country=facts.country,
            ).last_day  # fmt: skip
    return None


def free_left(
    terms: VerticalPlaybook, facts: PlanFacts, cadence: InspectionCadence, on: date, already: Iterable[date]
) -> int | None:
    """How many free ones the period that holds `on` still has, given the days of those that it had.

    None where the text sets no number: then every one is as free as the cadence says. A cadence that isn't free
    has none, and none has any left outside of the term or the phase that it is bound to (A52).
    """
    bounds = _bounds(terms, facts, cadence)
    if not cadence.free or (bounds is not None and not bounds.first <= on <= bounds.last):
        return 0
    allowed = _allowed(cadence)
    if allowed is None:
        return None
    count, period = allowed
    anchor = facts.starts.get(cadence.anchor) or min(facts.starts.values(), default=on)
    number = max(0, period.first_from(anchor, on + ONE_DAY) - 1)
    stretch = Stretch(period.after(anchor, number), period.after(anchor, number + 1) - ONE_DAY)
    return max(0, count - sum(stretch.first <= day <= stretch.last for day in already))


def _allowed(cadence: InspectionCadence) -> tuple[int, Step] | None:
    """How many per which period; a step alone allows one in each."""
    if cadence.every is not None and cadence.unit is not None:
        return 1, Step(cadence.every, cadence.unit)
    if cadence.count is None or cadence.per not in PERIOD_STEPS:
        return None
    return cadence.count, PERIOD_STEPS[cadence.per]


def missing_departments(cadence_departments: Sequence[str], present: Iterable[str]) -> list[str]:
    """The departments that should have taken part and didn't, in the order of the cadence (P11-03)."""
    there = set(present)
    return [department for department in cadence_departments if department not in there]


def _fits(cadence: InspectionCadence, facts: PlanFacts) -> bool:
    if cadence.about != facts.about and facts.about != "both":
        return False
    return not cadence.asset_types or facts.asset_type in cadence.asset_types


def _left_over(rules: list[OwnRule]) -> list[Stretch]:
    """The days that no rule of the tenant takes."""
    found: list[Stretch] = []
    begin = date.min
    for rule in rules:
        if rule.effective_from > begin:
            found.append(Stretch(begin, rule.effective_from - ONE_DAY))
        if rule.effective_until is None:
            return found
        begin = max(begin, rule.effective_until + ONE_DAY)
    return [*found, Stretch(begin, FOREVER)]


def _of_rule(
    terms: VerticalPlaybook,
    facts: PlanFacts,
    rule: str,
    cadence: InspectionCadence,
    in_force: Stretch,
    first: date,
    last: date,
    working: Working,
) -> Iterator[Obligation]:
    if facts.inherited and cadence.asset_types:
        facts = msgspec.structs.replace(facts, starts={**facts.starts, **facts.inherited}, inherited={})
    bounds = _bounds(terms, facts, cadence)
    if bounds is None or cadence.per == "shift":
        return
    begin, end = max(bounds.first, in_force.first), min(bounds.last, in_force.last)
    if end < begin:
        return
    low, high = max(begin, _moved(first, -1)), min(end, _moved(last, 1))
    for due in dues(facts, rule, cadence, bounds, low, high) if low <= high else ():
        planned = due.due_on
        if not begin <= planned <= end or not _in_sample(cadence, facts, rule, due.occurrence):
            continue
        moved = moved_off_rest(planned, cadence.holiday_shift, working)
        if moved > bounds.last:
            moved = moved_off_rest(planned, "back", working)
        if first <= moved <= last:
            yield Obligation(
                rule=rule, occurrence=due.occurrence, cadence=cadence, opens_on=min(due.opens_on, moved),
                due_on=moved, planned_on=planned,
            )  # fmt: skip
    if is_open(cadence, facts.region):
        yield Obligation(
            rule=rule, occurrence=WITHOUT_NUMBER, cadence=cadence, opens_on=begin, due_on=None, planned_on=None
        )


def _moved(day: date, sign: int) -> date:
    if sign < 0:
        return day - MARGIN if day > date.min + MARGIN else date.min
    return day + MARGIN if day < FOREVER - MARGIN else FOREVER


def _bounds(terms: VerticalPlaybook, facts: PlanFacts, cadence: InspectionCadence) -> Bounds | None:
    """The days on which the cadence runs for these facts; None while its anchor or its phase isn't known."""
    if facts.retired:
        return None
    first: date | None = None
    term = None if cadence.within_term is None else last_day_of_term(terms, facts, cadence.within_term)
    # A warranty term is the asset's and outlives the contract.
    last = FOREVER if term is not None and facts.about == "asset" else facts.last_day or FOREVER
    if term is not None:
        last = min(last, term)
    if cadence.phase is not None:
        phase = phase_of(terms, facts, cadence.phase)
        if phase is None:
            return None
        first, last = phase.first, min(last, phase.last)
    anchor = _anchor(facts, cadence, first)
    if anchor is None:
        return None
    first = anchor if first is None else max(anchor, first)
    return Bounds(anchor, first, last)


def _anchor(facts: PlanFacts, cadence: InspectionCadence, phase_begun: date | None) -> date | None:
    if cadence.anchor == "phase_entered":
        return phase_begun
    if cadence.anchor in {"season_start", "shift_start"}:
        return phase_begun or min(facts.starts.values(), default=None)
    return facts.starts.get(cadence.anchor)


def _in_sample(cadence: InspectionCadence, facts: PlanFacts, rule: str, occurrence: str) -> bool:
    """Whether this asset belongs to the sample of this occurrence: drawn by a hash, the same whenever asked."""
    if cadence.sample_share is None or cadence.sample_share >= 1:
        return True
    drawn = int.from_bytes(sha256(f"{rule}|{occurrence}|{facts.key}".encode()).digest()[:8])
    return drawn < int(cadence.sample_share * 2**64)


@lru_cache(maxsize=64)
def _working_days(country: str) -> Working:
    return lambda day: not holiday_lists.is_rest_day(country, day)
