"""Cadences become obligations: what is due between two days, from terms and facts alone. Pure: no clock, no I/O.

`obligations_between` answers for any days, before anything is signed and beyond what is stored. Every obligation has
a key (rule, occurrence) that is the same whenever it is asked, so that what is stored can be compared with it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from aftersales.calendars import holiday_lists
from aftersales.calendars.terms import term_end
from aftersales.planned.recurrence import (
    LAST_YEAR,
    ONE_DAY,
    Step,
    Stretch,
    moved_off_rest,
    seasons_between,
    seasons_of_months,
    split,
    year_parts,
)
from aftersales.terms.planned import InspectionCadence, Season
from aftersales.terms.playbook import VerticalPlaybook

PERIOD_MONTHS: Final = {"contract_year": 12, "quarter": 3, "month": 1}
PERIOD_STEPS: Final = {
    "contract_year": Step(1, "year"),
    "quarter": Step(1, "quarter"),
    "month": Step(1, "month"),
    "week": Step(1, "week"),
    "day": Step(1, "day"),
}
WITHOUT_NUMBER: Final = "open"
"""The occurrence of a duty whose number the text leaves open (A05): one, tracked, never due."""
FOREVER: Final = date(LAST_YEAR, 12, 31)
MARGIN: Final = 40 * ONE_DAY
"""How far a due day may be moved by holidays: looked at on both sides of what is asked."""
BY_EVENT: Final = "event:"
BY_METER: Final = "meter:"


class OwnRule(Struct, frozen=True, kw_only=True):
    """A tenant's rule takes the place of the vertical's of the same code on the days on which it is in force."""

    id: str
    cadence: InspectionCadence
    effective_from: date
    effective_until: date | None = None


class Happened(Struct, frozen=True, kw_only=True):
    """A logged event: hail, a storm warning, a disease; `regions` are prefixes, empty: everywhere."""

    id: str
    code: str
    on: date
    regions: tuple[str, ...] = ()


class Done(Struct, frozen=True, kw_only=True):
    """When an obligation was fulfilled that had been due on `due_on`."""

    rule: str
    occurrence: str
    due_on: date
    done_on: date


class PlanFacts(Struct, frozen=True, kw_only=True):
    """What is known of an asset or a contract when it is planned.

    `starts` are start events with their days (acceptance, go_live, contract_start …), `entered` phases with the day
    of entry; `phases` overrule with first and last day what follows from both. `usage` is the meter's last reading
    and `read_on` its day. `key` tells the asset apart for samples.
    """

    starts: Mapping[str, date] = {}
    entered: Mapping[str, date] = {}
    phases: Mapping[str, tuple[date, date | None]] = {}
    last_day: date | None = None
    about: str = "asset"
    asset_type: str | None = None
    region: str | None = None
    key: str = ""
    zone: str = "Asia/Shanghai"
    country: str = "CN"
    usage: int | None = None
    read_on: date | None = None
    own: tuple[OwnRule, ...] = ()
    happened: tuple[Happened, ...] = ()
    done: tuple[Done, ...] = ()


class Obligation(Struct, frozen=True, kw_only=True):
    """Something that is due: by the end of `due_on` (None: tracked, never broken), at the earliest from `opens_on`.

    `planned_on` is the due day before it was moved off a day of rest.
    """

    rule: str
    occurrence: str
    cadence: InspectionCadence
    opens_on: date
    due_on: date | None
    planned_on: date | None


class _Bounds(NamedTuple):
    """From which day a cadence is counted, and on which days it runs."""

    anchor: date
    first: date
    last: date


class _Due(NamedTuple):
    occurrence: str
    opens_on: date
    due_on: date


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


def free_left(cadence: InspectionCadence, facts: PlanFacts, on: date, already: Iterable[date]) -> int | None:
    """How many free ones the period that holds `on` still has, given the days of those that it had.

    None where the text sets no number: then every one is as free as the cadence says. A cadence that isn't free
    has none.
    """
    if not cadence.free:
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
    bounds = _bounds(terms, facts, cadence)
    if bounds is None or cadence.per == "shift":
        return
    begin, end = max(bounds.first, in_force.first), min(bounds.last, in_force.last)
    if end < begin:
        return
    low, high = max(begin, _moved(first, -1)), min(end, _moved(last, 1))
    for due in _dues(facts, rule, cadence, bounds, low, high):
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


def _bounds(terms: VerticalPlaybook, facts: PlanFacts, cadence: InspectionCadence) -> _Bounds | None:
    """The days on which the cadence runs for these facts; None while its anchor or its phase isn't known."""
    first: date | None = None
    last = facts.last_day or FOREVER
    if cadence.phase is not None:
        phase = phase_of(terms, facts, cadence.phase)
        if phase is None:
            return None
        first, last = phase.first, min(last, phase.last)
    anchor = _anchor(facts, cadence, first)
    if anchor is None:
        return None
    first = anchor if first is None else max(anchor, first)
    if cadence.within_term is not None:
        ends = last_day_of_term(terms, facts, cadence.within_term)
        last = last if ends is None else min(last, ends)
    return _Bounds(anchor, first, last)


def _anchor(facts: PlanFacts, cadence: InspectionCadence, phase_begun: date | None) -> date | None:
    if cadence.anchor == "phase_entered":
        return phase_begun
    if cadence.anchor in {"season_start", "shift_start"}:
        return phase_begun or min(facts.starts.values(), default=None)
    return facts.starts.get(cadence.anchor)


@lru_cache(maxsize=4096)
def _seasons(cadence: InspectionCadence, region: str | None) -> tuple[Season, ...]:
    """The seasons of the region: those that name it most closely, else those for everywhere."""
    if cadence.months:
        return seasons_of_months(cadence.months)
    named = [
        (max(len(prefix) for prefix in season.regions if region.startswith(prefix)), season)
        for season in cadence.seasons
        if region is not None and any(region.startswith(prefix) for prefix in season.regions)
    ]
    if named:
        closest = max(length for length, _ in named)
        return tuple(season for length, season in named if length == closest)
    return tuple(season for season in cadence.seasons if not season.regions)


def is_open(cadence: InspectionCadence, region: str | None = None) -> bool:
    """Whether the duty has no number that says when (A05); it is then tracked without a due day."""
    if cadence.on_events or cadence.per == "shift":
        return False
    if cadence.seasons and not _seasons(cadence, region):
        return False
    seasonal = cadence.anchor == "season_start" or cadence.per == "season"
    stepping = cadence.every_days is not None or cadence.every is not None
    if seasonal and not (cadence.seasons or cadence.months or stepping):
        return True
    return cadence.count is None and cadence.every is None and cadence.every_days is None and cadence.meter is None


def _dues(
    facts: PlanFacts, rule: str, cadence: InspectionCadence, bounds: _Bounds, first: date, last: date
) -> Iterator[_Due]:
    """The dues of a cadence that may lie between two days, before holidays are looked at."""
    if cadence.on_events:
        yield from _by_events(facts, cadence, bounds)
        return
    if cadence.meter is not None and facts.usage is not None and facts.read_on is not None:
        # Only the last mark that was passed: nobody owes the services of a car that came with 90,000 km.
        reached = facts.usage // cadence.meter.every * cadence.meter.every
        if reached:
            yield _Due(f"{BY_METER}{reached}", facts.read_on, facts.read_on)
    if is_open(cadence, facts.region):
        return
    seasons = _seasons(cadence, facts.region)
    if cadence.seasons or cadence.months:
        for season in seasons_between(seasons, first, last):
            yield from _in_season(cadence, season, bounds)
    elif cadence.per == "once":
        step = _step(cadence)
        yield _Due("0001", bounds.anchor, bounds.anchor if step is None else step.after(bounds.anchor, 1))
    elif (step := _step(cadence)) is not None:
        yield from _stepping(facts, rule, cadence, step, bounds, first, last)
    elif cadence.count is not None:
        yield from _counting(cadence, bounds, first, last)


def _step(cadence: InspectionCadence) -> Step | None:
    """The distance between two, where the cadence is one per period."""
    if cadence.every is not None and cadence.unit is not None:
        return Step(cadence.every, cadence.unit)
    if cadence.every_days is not None:
        return Step(cadence.every_days, "day")
    if cadence.count == 1 and cadence.per in {"quarter", "month", "week", "day"}:
        return PERIOD_STEPS[cadence.per]
    return None


def _stepping(
    facts: PlanFacts,
    rule: str,
    cadence: InspectionCadence,
    step: Step,
    bounds: _Bounds,
    first: date,
    last: date,
) -> Iterator[_Due]:
    """The corresponding days: anchor + n steps; one done early or late moves those behind it where the rule says so."""
    anchor, base = bounds.anchor, 0
    if cadence.rolls_on_early_completion or cadence.shifts_on_late:
        for done in sorted((found for found in facts.done if found.rule == rule), key=lambda found: found.occurrence):
            if not done.occurrence.isdigit():
                continue
            early = done.done_on < done.due_on and cadence.rolls_on_early_completion
            late = done.done_on > done.due_on and cadence.shifts_on_late
            if early or late:
                for times in range(1, int(done.occurrence) - base + 1):
                    yield _Due(f"{base + times:04d}", step.after(anchor, times - 1), step.after(anchor, times))
                anchor, base = done.done_on, int(done.occurrence)
    number = max(1, step.first_from(anchor, first))
    while (due := step.after(anchor, number)) <= last:
        yield _Due(f"{base + number:04d}", step.after(anchor, number - 1), due)
        number += 1


def _counting(cadence: InspectionCadence, bounds: _Bounds, first: date, last: date) -> Iterator[_Due]:
    """So many per period, each due by the last day of its part (A12)."""
    count = cadence.count or 0
    period = PERIOD_STEPS[cadence.per]
    number = max(0, period.first_from(bounds.anchor, first) - 1)
    while (begin := period.after(bounds.anchor, number)) <= last:
        if cadence.per in PERIOD_MONTHS:
            parts = year_parts(bounds.anchor, PERIOD_MONTHS[cadence.per], count, number)
        else:
            parts = split(Stretch(begin, period.after(bounds.anchor, number + 1) - ONE_DAY), count)
        for position, part in enumerate(parts, start=1):
            yield _Due(f"{number * count + position:04d}", part.first, part.last)
        number += 1


def _in_season(cadence: InspectionCadence, season: Stretch, bounds: _Bounds) -> Iterator[_Due]:
    """Every so many days from the season's first one, or so many per season."""
    step = _step(cadence)
    if step is not None and cadence.per != "once":
        number = 0
        while (due := step.after(season.first, number)) <= season.last:
            yield _Due(due.isoformat(), due, due)
            number += 1
        return
    begin = max(season.first, bounds.first)
    if begin <= season.last:
        for position, part in enumerate(split(Stretch(begin, season.last), cadence.count or 1), start=1):
            yield _Due(f"{season.first.isoformat()}/{position}", part.first, part.last)


def _by_events(facts: PlanFacts, cadence: InspectionCadence, bounds: _Bounds) -> Iterator[_Due]:
    """One for every event that concerns the place, due at once or so much later."""
    step = _step(cadence)
    for event in facts.happened:
        near = not event.regions or any((facts.region or "").startswith(prefix) for prefix in event.regions)
        if event.code in cadence.on_events and near and bounds.first <= event.on <= bounds.last:
            yield _Due(f"{BY_EVENT}{event.id}", event.on, event.on if step is None else step.after(event.on, 1))


def _in_sample(cadence: InspectionCadence, facts: PlanFacts, rule: str, occurrence: str) -> bool:
    """Whether this asset belongs to the sample of this occurrence: drawn by a hash, the same whenever asked."""
    if cadence.sample_share is None or cadence.sample_share >= 1:
        return True
    drawn = int.from_bytes(sha256(f"{rule}|{occurrence}|{facts.key}".encode()).digest()[:8])
    return drawn < int(cadence.sample_share * 2**64)


@lru_cache(maxsize=64)
def _working_days(country: str) -> Working:
    return lambda day: not holiday_lists.is_rest_day(country, day)
