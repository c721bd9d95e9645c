"""Recurrences on local dates: the n-th of a series, seasons of a year, due days moved off days of rest. Pure.

Every day is counted from the anchor, so nothing drifts: monthly from 31 January is 28 (29) February, 31 March, ….
That is RFC 5545's `BYMONTHDAY=28,29,30,31;BYSETPOS=-1`: where a month lacks the day, its last one. Days are dates of
the tenant's zone, so a change to or from daylight-saving time moves nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

import msgspec

from aftersales.assets.rules import months_after
from aftersales.calendars.terms import day_of_month
from aftersales.calendars.windows import ONE_DAY
from aftersales.parties.regions import check_regions
from aftersales.terms.planned import CadenceUnit, Season

LAST_YEAR: Final = 9998
LONGEST_SHIFT_DAYS: Final = 31
"""No country rests longer; a calendar that does is left alone."""

_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
_DAYS: Final = {"day": 1, "week": 7}


class Step(NamedTuple):
    """The distance between two of a series: so many units."""

    every: int
    unit: CadenceUnit

    def after(self, anchor: date, times: int) -> date:
        """The day that lies `times` steps behind the anchor; the last of a month that lacks the anchor's day."""
        if self.unit in _DAYS:
            return anchor + timedelta(days=_DAYS[self.unit] * self.every * times)
        return months_after(anchor, _MONTHS[self.unit] * self.every * times)

    def first_from(self, anchor: date, day: date) -> int:
        """How many steps lead from the anchor to the first of the series that isn't before `day`; at least 0."""
        if day <= anchor:
            return 0
        if self.unit in _DAYS:
            return -((anchor - day).days // (_DAYS[self.unit] * self.every))
        months = (day.year - anchor.year) * 12 + day.month - anchor.month
        times = max(0, months // (_MONTHS[self.unit] * self.every) - 1)
        while self.after(anchor, times) < day:
            times += 1
        return times


class Stretch(NamedTuple):
    """A stretch of days, both inclusive."""

    first: date
    last: date


def split(stretch: Stretch, count: int) -> list[Stretch]:
    """`count` parts of a stretch, as equal as days allow, without a gap."""
    days = (stretch.last - stretch.first).days + 1
    bounds = [stretch.first + timedelta(days=days * part // count) for part in range(count + 1)]
    return [Stretch(first, following - ONE_DAY) for first, following in pairwise(bounds)]


def year_parts(anchor: date, months: int, count: int, number: int) -> list[Stretch]:
    """The parts of the `number`-th period (from 0) of so many months since the anchor: halves, quarters, thirds …

    Whole months where they divide, counted from the anchor; else days.
    """
    if months % count == 0:
        step = Step(months // count, "month")
        bounds = [step.after(anchor, number * count + part) for part in range(count + 1)]
        return [Stretch(first, following - ONE_DAY) for first, following in pairwise(bounds)]
    period = Step(months, "month")
    return split(Stretch(period.after(anchor, number), period.after(anchor, number + 1) - ONE_DAY), count)


def of_year(season: Season, year: int) -> Stretch:
    """The season that begins in that year."""
    ends = year + 1 if season.over_new_year else year
    return Stretch(
        day_of_month(year, season.starts_month, season.starts_day),
        day_of_month(ends, season.ends_month, season.ends_day),
    )


def seasons_between(seasons: tuple[Season, ...], first: date, last: date) -> Iterator[Stretch]:
    """The seasons that touch the days from `first` to `last`, whole, in order."""
    found: set[Stretch] = set()
    for year in range(max(first.year - 1, 1), min(last.year, LAST_YEAR) + 1):
        for season in seasons:
            stretch = of_year(season, year)
            if stretch.first <= last and stretch.last >= first:
                found.add(stretch)
    yield from sorted(found)


def season_on(season: Season, day: date) -> Stretch:
    """The season that runs on a day, else the next one to come."""
    years = (of_year(season, year) for year in range(max(day.year - 1, 1), min(day.year + 1, LAST_YEAR) + 1))
    return next(stretch for stretch in years if stretch.last >= day)


def with_known_regions(seasons: Iterable[Season], field: str) -> tuple[Season, ...]:
    """The seasons with their regions in order, each once; REGION_UNKNOWN for a code that can't be."""
    return tuple(
        msgspec.structs.replace(season, regions=tuple(check_regions(season.regions, f"{field}.{number}.regions")))
        for number, season in enumerate(seasons)
    )


def seasons_of_months(months: tuple[int, ...]) -> tuple[Season, ...]:
    """Neighbouring months as one season each; December and January are neighbours, too."""
    chosen = sorted(set(months))
    if len(chosen) == 12:
        return (Season(starts_month=1, starts_day=1, ends_month=12, ends_day=31),)
    found: list[Season] = []
    for month in chosen:
        if (month - 2) % 12 + 1 in chosen:
            continue
        end = month
        while end % 12 + 1 in chosen:
            end = end % 12 + 1
        found.append(Season(starts_month=month, starts_day=1, ends_month=end, ends_day=31, over_new_year=end < month))
    return tuple(found)


def moved_off_rest(day: date, direction: str, is_working: Callable[[date], bool]) -> date:
    """The next (`forward`) or previous (`back`) working day; the day itself when it is one, or with `none`."""
    if direction == "none":
        return day
    step = ONE_DAY if direction == "forward" else -ONE_DAY
    moved = day
    for _ in range(LONGEST_SHIFT_DAYS):
        if is_working(moved):
            return moved
        moved += step
    return day
