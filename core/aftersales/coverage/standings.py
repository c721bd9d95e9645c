"""The days of an entitlement: when it starts, what moves its end, whether it covers a day and a reading. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from aftersales.calendars.terms import TermEnd, term_end
from aftersales.calendars.windows import ONE_DAY, end_of_day
from aftersales.coverage.values import Entitlement, PartHistory, Standing
from aftersales.terms.coverage import EndRule, TermStart, TermUnit

START_ATTRIBUTES: Final[dict[TermStart, tuple[str, ...]]] = {
    "acceptance": ("accepted_on", "went_live_on"),
    "handover": ("handed_over_on",),
    "completion": ("completed_on",),
    "invoice": ("invoiced_on",),
    "purchase": ("purchased_on", "sold_on"),
    "delivery": ("delivered_on", "sold_on"),
    "leaving_shop": ("left_shop_on",),
}
"""Where an asset says when a term starts: the first of these that it knows (acceptance or going live, A44)."""


def starts_of(*sources: Mapping[str, Any]) -> dict[str, date]:
    """The start events that are known; earlier sources win (an asset's own days before its parent's)."""
    found: dict[str, date] = {}
    for source in sources:
        for event, names in START_ATTRIBUTES.items():
            if event not in found:
                day = next((source[name] for name in names if source.get(name)), None)
                if day is not None:
                    found[event] = date.fromisoformat(day) if isinstance(day, str) else day
    return found


def start_of(entitlement: Entitlement, starts: Mapping[str, date]) -> date | None:
    """The day from which an entitlement runs; None while it isn't known."""
    own = starts.get(entitlement.starts_on)
    other = starts.get(entitlement.fallback_start) if entitlement.fallback_start else None
    if own is None or (entitlement.later_start_counts and other is not None and other > own):
        return other
    return own


@lru_cache(maxsize=8192)
def _end(
    start: date, amount: int, unit: TermUnit, zone: ZoneInfo, end_rule: EndRule, roll_holiday: bool, country: str
) -> TermEnd:
    return term_end(start, amount, unit, zone=zone, end_rule=end_rule, roll_holiday=roll_holiday, country=country)


def standing_of(
    entitlement: Entitlement, starts: Mapping[str, date], history: PartHistory, zone: ZoneInfo, country: str
) -> Standing | None:
    """The entitlement's days for one part; None while its start isn't known, or where the law came later."""
    start = start_of(entitlement, starts)
    if start is None or (entitlement.effective_from is not None and start < entitlement.effective_from):
        return None
    restarted = history.replaced_on if entitlement.restarts_on_replacement else None
    if restarted is not None and restarted < start:
        restarted = None
    end = _end(
        restarted or start, entitlement.amount, entitlement.unit, zone, entitlement.end_rule,
        entitlement.roll_holiday, country,
    )  # fmt: skip
    extended = history.repair_days if entitlement.extends_by_repair else 0
    last_day = end.last_day + extended * ONE_DAY
    return Standing(
        code=entitlement.code,
        label=entitlement.label,
        clause=entitlement.clause,
        source=entitlement.source,
        starts_on=start,
        last_day=last_day,
        ends_at=end_of_day(last_day, zone) if extended else end.ends_at,
        usage_limit=entitlement.usage_limit,
        restarted_on=restarted,
        extended_days=extended,
        rolled_over=end.rolled_over,
        law=entitlement.law,
        effective_from=entitlement.effective_from,
        formalities=entitlement.formalities,
    )


def standings_of(
    entitlements: Iterable[Entitlement], starts: Mapping[str, date], history: PartHistory, zone: ZoneInfo, country: str
) -> list[Standing]:
    """Every entitlement whose start is known, the one that ends last first; a promise before an equal floor."""
    found = [
        standing
        for entitlement in entitlements
        if (standing := standing_of(entitlement, starts, history, zone, country)) is not None
    ]
    if len(found) > 1:
        found.sort(key=lambda standing: (standing.last_day, standing.law is None), reverse=True)
    return found


def within_usage(standing: Standing, usage: int | None) -> bool:
    """Whether a reading lies within the limit, which itself is still covered."""
    return standing.usage_limit is None or (usage is not None and usage <= standing.usage_limit.amount)
