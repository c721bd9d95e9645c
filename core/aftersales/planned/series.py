"""The days of one cadence: steps from its anchor, parts of a year, seasons, marks of a meter, events. Pure."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from aftersales.calendars.windows import ONE_DAY
from aftersales.parties.regions import lies_in
from aftersales.planned.recurrence import (
    Step,
    Stretch,
    seasons_between,
    seasons_of_months,
    split,
    year_parts,
)
from aftersales.planned.values import BY_EVENT, BY_METER, Bounds, Due, PlanFacts
from aftersales.terms.planned import InspectionCadence, Season

PERIOD_MONTHS: Final = {"contract_year": 12, "quarter": 3, "month": 1}
PERIOD_STEPS: Final = {
    "contract_year": Step(1, "year"),
    "quarter": Step(1, "quarter"),
    "month": Step(1, "month"),
    "week": Step(1, "week"),
    "day": Step(1, "day"),
}


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


def dues(
    facts: PlanFacts, rule: str, cadence: InspectionCadence, bounds: Bounds, first: date, last: date
) -> Iterator[Due]:
    """The dues of a cadence that may lie between two days, before holidays are looked at."""
    if cadence.on_events:
        yield from _by_events(facts, cadence, bounds)
        return
    if cadence.meter is not None and facts.usage is not None and facts.read_on is not None:
        # Only the last mark that was passed: nobody owes the services of a car that came with 90,000 km.
        reached = facts.usage // cadence.meter.every * cadence.meter.every
        if reached:
            yield Due(f"{BY_METER}{reached}", facts.read_on, facts.read_on)
    if is_open(cadence, facts.region):
        return
    seasons = _seasons(cadence, facts.region)
    if cadence.seasons or cadence.months:
        for season in seasons_between(seasons, first, last):
            yield from _in_season(cadence, season, bounds)
    elif cadence.per == "once":
        step = step_of(cadence)
        yield Due("0001", bounds.anchor, bounds.anchor if step is None else step.after(bounds.anchor, 1))
    elif (step := step_of(cadence)) is not None:
        yield from _stepping(facts, rule, cadence, step, bounds, first, last)
    elif cadence.count is not None:
        yield from _counting(cadence, bounds, first, last)


def step_of(cadence: InspectionCadence) -> Step | None:
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
    bounds: Bounds,
    first: date,
    last: date,
) -> Iterator[Due]:
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
                    yield Due(f"{base + times:04d}", step.after(anchor, times - 1), step.after(anchor, times))
                anchor, base = done.done_on, int(done.occurrence)
    number = max(1, step.first_from(anchor, first))
    while (due := step.after(anchor, number)) <= last:
        yield Due(f"{base + number:04d}", step.after(anchor, number - 1), due)
        number += 1


def _counting(cadence: InspectionCadence, bounds: Bounds, first: date, last: date) -> Iterator[Due]:
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
            yield Due(f"{number * count + position:04d}", part.first, part.last)
        number += 1


def _in_season(cadence: InspectionCadence, season: Stretch, bounds: Bounds) -> Iterator[Due]:
    """Every so many days from the season's first one, or so many per season."""
    step = step_of(cadence)
    if step is not None and cadence.per != "once":
        number = 0
        while (due := step.after(season.first, number)) <= season.last:
            yield Due(due.isoformat(), due, due)
            number += 1
        return
    begin = max(season.first, bounds.first)
    if begin <= season.last:
        for position, part in enumerate(split(Stretch(begin, season.last), cadence.count or 1), start=1):
            yield Due(f"{season.first.isoformat()}/{position}", part.first, part.last)


def _by_events(facts: PlanFacts, cadence: InspectionCadence, bounds: Bounds) -> Iterator[Due]:
    """One for every event that concerns the place, due at once or so much later."""
    step = step_of(cadence)
    for event in facts.happened:
        near = lies_in(event.regions, facts.region)
        if event.code in cadence.on_events and near and bounds.first <= event.on <= bounds.last:
            yield Due(f"{BY_EVENT}{event.id}", event.on, event.on if step is None else step.after(event.on, 1))
