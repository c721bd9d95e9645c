"""Decisions about revisits: which days, which sample, what is missing. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, Literal
from uuid import UUID

from aftersales.assets.rules import months_after
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.terms.cadences import season_problem
from aftersales.terms.planned import REVISIT_CHANNELS, RevisitRule

RevisitState = Literal["open", "held", "done", "cancelled"]
LOWEST_SCORE: Final = 1
HIGHEST_SCORE: Final = 5
LONGEST_MONTHS: Final = 120
LONGEST_DAYS: Final = 3660
BEGINNINGS: Final = frozenset({"go_live", "installation"})
"""Triggers that begin with something that happened to a customer's asset."""
CADENCES: Final = frozenset({"tier", "contract", *BEGINNINGS})
"""Triggers that owe one customer one contact after the other."""
CENT: Final = Decimal("0.01")


def check_rule(rule: RevisitRule, field: str) -> None:
    """REVISIT_RULE_INVALID names what of a rule can't be.

    REVISIT_CHANNEL_UNKNOWN, SEASON_INVERTED, SEASON_DAY_INVALID.
    """
    for channel in rule.channels:
        check_channel(channel, (), f"{field}.channels")
    if rule.months is not None and not 1 <= rule.months <= LONGEST_MONTHS:
        raise _invalid(field, "months")
    if rule.within_days is not None and not 1 <= rule.within_days <= LONGEST_DAYS:
        raise _invalid(field, "within_days")
    if rule.sample_percent is not None and not 1 <= rule.sample_percent <= 100:
        raise _invalid(field, "sample_percent")
    needed = {"tier": rule.tier, "care_plan": rule.tier, "area": rule.regions, "season": rule.seasons,
              "event": rule.events, "flag": rule.flag}  # fmt: skip
    if rule.trigger in needed and not needed[rule.trigger]:
        raise _invalid(field, {"care_plan": "tier", "area": "regions", "season": "seasons", "event": "events"}.get(
            rule.trigger, rule.trigger
        ))  # fmt: skip
    for season in rule.seasons:
        problem = season_problem(season)
        if problem is not None:
            raise InvalidInput(problem, field=f"{field}.seasons")


def _invalid(field: str, name: str) -> InvalidInput:
    return InvalidInput("REVISIT_RULE_INVALID", field=f"{field}.{name}", name=name)


def sample(keys: Sequence[UUID], percent: int | None, seed: str) -> list[UUID]:
    """So many per cent of them, rounded up; the same ones whenever it is asked with the same seed.

    20 % of 40 projects are 8 (P11-43).
    """
    ordered = sorted(keys, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).digest())
    if percent is None:
        return ordered
    return ordered[: -(-len(ordered) * percent // 100)]


def next_due(since: date, months: int) -> date:
    """The day by which the next contact is due: the corresponding day so many months after the last one (A41)."""
    return months_after(since, months)


def shortest(rules: Sequence[tuple[Any, RevisitRule]]) -> tuple[Any, RevisitRule] | None:
    """Of several cadences for one customer the shorter one; one without a number comes last (A41)."""
    return min(rules, key=lambda item: (item[1].months or LONGEST_MONTHS + 1, item[1].code), default=None)


def check_channel(channel: str, allowed: Sequence[str], field: str) -> str:
    """REVISIT_CHANNEL_UNKNOWN for one that there isn't, REVISIT_CHANNEL_REFUSED for one that the rule doesn't name."""
    if channel not in REVISIT_CHANNELS:
        raise InvalidInput("REVISIT_CHANNEL_UNKNOWN", field=field, value=channel, known=", ".join(REVISIT_CHANNELS))
    if allowed and channel not in allowed:
        raise InvalidInput("REVISIT_CHANNEL_REFUSED", field=field, value=channel, known=", ".join(allowed))
    return channel


def check_scores(scores: Mapping[str, Any], dimensions: Sequence[str], field: str = "scores") -> dict[str, int]:
    """The scores as whole numbers from 1 to 5.

    DIMENSION_UNKNOWN for one that isn't asked (any name goes where none is asked), SCORE_INVALID,
    REVISIT_INCOMPLETE names the dimensions that are missing (P03-19).
    """
    for name, value in scores.items():
        if dimensions and name not in dimensions:
            raise InvalidInput("DIMENSION_UNKNOWN", field=f"{field}.{name}", value=name, known=", ".join(dimensions))
        check_score(value, f"{field}.{name}")
    demand([name for name in dimensions if name not in scores], field)
    return {name: int(value) for name, value in scores.items()}


def check_score(value: Any, field: str) -> int:
    """SCORE_INVALID for anything but a whole number from 1 to 5."""
    if isinstance(value, bool) or not isinstance(value, int) or not LOWEST_SCORE <= value <= HIGHEST_SCORE:
        raise InvalidInput("SCORE_INVALID", field=field, value=value, lowest=LOWEST_SCORE, highest=HIGHEST_SCORE)
    return value


def demand(missing: Sequence[str], field: str) -> None:
    """REVISIT_INCOMPLETE while something obligatory is missing."""
    if missing:
        raise InvalidInput("REVISIT_INCOMPLETE", field=field, missing=", ".join(missing))


def overall(scores: Mapping[str, int], service: int | None) -> Decimal | None:
    """One number for the service: what was said of it as a whole, else the mean of the dimensions."""
    if service is not None:
        return Decimal(service).quantize(CENT)
    return mean(list(scores.values()))


def mean(values: Sequence[int | Decimal]) -> Decimal | None:
    """The mean to two decimals, half up; None of nothing. 5, 4, 3 give 4.00 (P12-18)."""
    if not values:
        return None
    return (sum((Decimal(value) for value in values), Decimal(0)) / len(values)).quantize(CENT, ROUND_HALF_UP)


def allow_completion(state: str) -> None:
    """REVISIT_STATE_REFUSED for one that was completed or cancelled."""
    if state != "open":
        raise StateRefused("REVISIT_STATE_REFUSED", state=state)


def within(day: date, starts_on: date, ends_on: date | None) -> bool:
    """Whether a day lies in a contract, both days included."""
    return starts_on <= day and (ends_on is None or day <= ends_on)


def days_between(since: date, due_on: date) -> int:
    """Whole days from one to the other."""
    return (due_on - since) // timedelta(days=1)
