"""What guarantees may say and take in: periods, checkpoints, counts, the order of the ledger. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from aftersales.calendars.terms import TermUnit, day_of_month, term_end
from aftersales.guarantees.measures import RATE, CountLine, Metric, Transition, needed
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.terms.base import Label, Source
from aftersales.terms.playbook import VerticalPlaybook

GuaranteeState = Literal["active", "ended"]
RemedyState = Literal["due", "done"]
LedgerState = Literal["down", "up"]
MOST_PLANTS = 10_000_000
FIRST_YEAR, LAST_YEAR = 1900, 2200
_WINDOW = re.compile(r"P(\d{1,4})([DMY])")
LONGEST_WINDOW = {"D": 9999, "M": 1200, "Y": 100}
_UNITS: dict[str, TermUnit] = {"D": "day", "M": "month", "Y": "year"}


class GuaranteeTerms(Struct, frozen=True, kw_only=True):
    """A promise to measure. `window` is a length such as `P2Y`, None or `life` for as long as it isn't ended."""

    code: str
    label: Label
    metric: Metric
    threshold: Decimal
    inclusive: bool
    clause: str | None = None
    source: Source = "vertical"
    window: str | None = None
    excludes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    remedy: str | None = None
    of: Literal["asset", "site", "company", "any"] = "any"


def declared(terms: VerticalPlaybook, code: str) -> GuaranteeTerms:
    """A vertical's guarantee or zero target of that code; GUARANTEE_UNKNOWN names those that there are."""
    for guarantee in terms.guarantees:
        if guarantee.code == code:
            return GuaranteeTerms(
                code=code, label=guarantee.label, clause=guarantee.clause, source=guarantee.source,
                metric=guarantee.metric, threshold=Decimal(guarantee.threshold), inclusive=guarantee.inclusive,
                window=guarantee.window, excludes=guarantee.excludes, remedy=guarantee.remedy,
            )  # fmt: skip
    zero_targets = [rule for rule in terms.safety_rules if rule.kind == "zero_target"]
    for rule in zero_targets:
        if rule.code == code:
            return GuaranteeTerms(
                code=code, label=rule.label, clause=rule.clause, source=rule.source, metric="zero_count",
                threshold=Decimal(0), inclusive=True, categories=rule.conditions,
                of="site" if rule.applies_to == "site" else "company",
            )  # fmt: skip
    known = ", ".join(term.code for term in (*terms.guarantees, *zero_targets))
    raise InvalidInput("GUARANTEE_UNKNOWN", field="guarantee", value=code, known=known)


def check_terms(terms: GuaranteeTerms, field: str) -> None:
    """GUARANTEE_THRESHOLD_INVALID unless a rate lies in 0 to 1 with at most six places and can be kept, and a zero
    target names its events."""
    rate = terms.threshold
    zero = terms.metric == "zero_count"
    kept = rate.is_finite() and (rate == 0 if zero else 0 < rate <= 1) and rate == rate.quantize(RATE)
    if not kept or (rate == 1 and not terms.inclusive) or zero != bool(terms.categories):
        raise InvalidInput("GUARANTEE_THRESHOLD_INVALID", field=field, value=str(rate))
    if terms.window not in {None, "life"} and not _WINDOW.fullmatch(terms.window or ""):
        raise InvalidInput("DURATION_INVALID", field=field, value=terms.window)


def last_day(terms: GuaranteeTerms, starts_on: date, zone: str) -> date | None:
    """The last day of the guarantee's own window (civil code: the day it starts on isn't counted); None: open.

    DURATION_INVALID for no length at all, or one beyond a hundred years.
    """
    found = _WINDOW.fullmatch(terms.window or "")
    if found is None:
        return None
    length = int(found[1])
    if not 0 < length <= LONGEST_WINDOW[found[2]]:
        raise InvalidInput("DURATION_INVALID", field="own.window", value=terms.window)
    return term_end(starts_on, length, _UNITS[found[2]], zone=ZoneInfo(zone)).last_day


def check_start(starts_on: date) -> None:
    """YEAR_INVALID for a first day that no calendar of ours reaches around."""
    if not FIRST_YEAR <= starts_on.year <= LAST_YEAR:
        raise InvalidInput("YEAR_INVALID", field="startsOn", value=starts_on.year)


def check_period(starts_on: date, ends_on: date | None, checkpoints: Sequence[date]) -> None:
    """PERIOD_INVERTED; YEAR_INVALID for an end beyond all reason.

    CHECKPOINT_UNKNOWN for a checkpoint outside the guarantee or named twice.
    """
    if ends_on is not None and ends_on <= starts_on:
        raise InvalidInput("PERIOD_INVERTED", field="endsOn")
    if ends_on is not None and ends_on.year > LAST_YEAR + LAST_YEAR - FIRST_YEAR:
        raise InvalidInput("YEAR_INVALID", field="endsOn", value=ends_on.year)
    for position, day in enumerate(checkpoints):
        outside = day <= starts_on or (ends_on is not None and day > ends_on)
        if outside or day in checkpoints[:position]:
            raise InvalidInput("CHECKPOINT_UNKNOWN", field="checkpoints", value=str(day), known="")


class Schedule(Struct, frozen=True, kw_only=True):
    """When a guarantee is looked at: named days and the term's end, or the last day of every month."""

    metric: Metric
    starts_on: date
    ends_on: date | None
    checkpoints: tuple[date, ...] = ()

    def includes(self, day: date) -> bool:
        """Whether the day is a checkpoint."""
        if day < self.starts_on or (self.ends_on is not None and day > self.ends_on):
            return False
        if self.metric == "survival_rate":
            return day in self.checkpoints or day == self.ends_on
        return day == month_end(day) or day == self.ends_on

    def next_after(self, day: date) -> date | None:
        """The first checkpoint after the day, None when there is none."""
        if self.metric == "survival_rate":
            days = sorted({*self.checkpoints, *([self.ends_on] if self.ends_on else [])})
            return next((found for found in days if found > day), None)
        following = month_end(max(day + timedelta(days=1), self.starts_on))
        if self.ends_on is not None and following > self.ends_on:
            return self.ends_on if self.ends_on > day else None
        return following


def check_checkpoint(schedule: Schedule, day: date, today: date, *, over: bool) -> None:
    """CHECKPOINT_UNKNOWN for another day; CHECKPOINT_NOT_DUE before it, or (`over`) before it is over."""
    if not schedule.includes(day):
        following = schedule.next_after(today)
        known = "" if following is None else str(following)
        raise InvalidInput("CHECKPOINT_UNKNOWN", field="checkpointOn", value=str(day), known=known)
    if day > today or (over and day == today):
        raise StateRefused("CHECKPOINT_NOT_DUE", field="checkpointOn", day=str(day))


def month_end(day: date) -> date:
    return day_of_month(day.year, day.month, 31)


def check_count(lines: Sequence[CountLine]) -> None:
    """CHECKPOINT_WITHOUT_COUNT without a line; COUNT_INVALID for numbers that can't be, or a line twice."""
    if not lines:
        raise InvalidInput("CHECKPOINT_WITHOUT_COUNT", field="lines")
    seen: set[tuple[str, str]] = set()
    for position, line in enumerate(lines):
        at = f"lines.{position}"
        for name in ("species", "size"):
            if not getattr(line, name).strip():
                raise InvalidInput("REQUIRED", field=f"{at}.{name}", field_name=f"{at}.{name}")
        fits = (
            0 < line.planted <= MOST_PLANTS
            and 0 <= line.excluded <= line.planted
            and 0 <= line.alive <= line.base
            and 0 <= line.standing <= line.alive
            and 0 <= line.replaced <= line.base - line.standing
            and 0 <= line.caused_by_us <= line.base - line.standing
            and (line.species, line.size) not in seen
        )
        if not fits:
            raise InvalidInput("COUNT_INVALID", field=at, species=line.species, size=line.size)
        seen.add((line.species, line.size))


def check_transition(ledger: Sequence[Transition], state: LedgerState, at: datetime, begin: datetime) -> None:
    """DOWNTIME_OUT_OF_ORDER: the ledger goes forward, from down to up and back, and not before the guarantee."""
    last = ledger[-1] if ledger else None
    expected = "up" if last is not None and last.state == "down" else "down"
    if state != expected or at < begin or (last is not None and at < last.at):
        raise StateRefused("DOWNTIME_OUT_OF_ORDER", field="at", state="up" if expected == "down" else "down")


class SurvivalForecast(Struct, frozen=True, kw_only=True):
    """How many will stand at a day if plants go on dying as between the last two counts."""

    base: int
    expected: int
    met: bool
    shortfall: int


def forecast_survival(
    points: Iterable[tuple[date, int, int]], day: date, threshold: Decimal, *, inclusive: bool
) -> SurvivalForecast:
    """Along the line through the last two points (day, standing, base), never upwards, rounded down to whole plants."""
    history = list(points)[-2:]
    on, standing, base = history[-1]
    expected = standing
    if len(history) == 2 and history[0][2] and base and history[0][0] < on:
        before_on, before, before_base = history[0]
        share, before_share = Decimal(standing) / base, Decimal(before) / before_base
        slope = (share - before_share) / (on - before_on).days
        ahead = min(max(share + slope * (day - on).days, Decimal(0)), share)
        expected = int((ahead * base).quantize(Decimal("0.000001")).to_integral_value(ROUND_FLOOR))
    shortfall = max(needed(threshold, base, inclusive=inclusive) - expected, 0) if base else 0
    return SurvivalForecast(base=base, expected=expected, met=shortfall == 0, shortfall=shortfall)
