"""What lets somebody in, a permit be granted, a machine run; and where a patrol left a gap. Pure."""

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.terms.planned import SafetyRule

AUDIT_LIMIT: Final = timedelta(days=366)
"""The longest time that one audit looks at."""


def missing_conditions(rule: SafetyRule, met: Collection[str], *, closing: bool = False) -> list[str]:
    """What of a rule's conditions isn't met; one of `any_of` is enough and is told as `a|b|c`.

    What holds only at the end is left out, and when `closing` looked at alone; so is what a role approves.
    """
    asked = rule.at_close if closing else [code for code in rule.conditions if code not in rule.at_close]
    missing = [code for code in asked if code not in met and code not in rule.condition_roles]
    if not closing and rule.any_of and not set(rule.any_of) & set(met):
        missing.append("|".join(rule.any_of))
    return missing


def check_known_conditions(rule: SafetyRule, named: Iterable[str], field: str) -> None:
    """CONDITION_UNKNOWN for one that the rule doesn't have."""
    known = (*rule.conditions, *rule.any_of)
    for code in named:
        if code not in known:
            raise InvalidInput("CONDITION_UNKNOWN", field=field, value=code, known=", ".join(known))


def untaught(rules: Iterable[SafetyRule], attended: Collection[str]) -> list[str]:
    """The topics that the rules ask for before entry and that weren't attended (P05-10)."""
    return sorted({topic for rule in rules for topic in rule.conditions if topic not in attended})


def approving_roles(rule: SafetyRule) -> frozenset[str]:
    """The site roles one of whose holders has to approve."""
    return frozenset(role for roles in rule.condition_roles.values() for role in roles)


def unheld_chairs(rule: SafetyRule, held: Mapping[str, Collection[object]], chairs: Collection[object]) -> list[str]:
    """The roles that have to chair an education and whose holder isn't among its chairs."""
    return [role for role in rule.chaired_by if not set(held.get(role, ())) & set(chairs)]


def check_lock_out(rule: SafetyRule, secured: Collection[str]) -> None:
    """LOCK_OUT_INCOMPLETE unless the machine is stopped, without power, and locked, tagged or attended (P05-17)."""
    missing = missing_conditions(rule, secured)
    if missing:
        raise StateRefused("LOCK_OUT_INCOMPLETE", field="secured", missing=", ".join(missing), clause=rule.clause or "")


class PatrolGap(Struct, frozen=True, kw_only=True):
    """A time without a round in an area, longer than the rule allows; its ends are rounds or those of the audit."""

    area: str
    begin: datetime
    end: datetime
    minutes: int


class MissedDay(Struct, frozen=True, kw_only=True):
    """A day of the season on which something wasn't looked at, or nobody was in charge."""

    day: date
    areas: tuple[str, ...]
    unattended: bool


class PatrolAudit(Struct, frozen=True, kw_only=True):
    """What an audit of a patrol found. `longest_gap_minutes=None`: nobody set a limit, so no gap is one."""

    rule: str
    clause: str | None
    longest_gap_minutes: int | None
    gaps: tuple[PatrolGap, ...]
    missed_days: tuple[MissedDay, ...]


def check_audit(begin: datetime, end: datetime) -> None:
    """PERIOD_INVERTED for an end that isn't after the beginning, AUDIT_TOO_LONG beyond a year."""
    if end <= begin:
        raise InvalidInput("PERIOD_INVERTED", field="end")
    if end - begin > AUDIT_LIMIT:
        raise InvalidInput("AUDIT_TOO_LONG", field="end", days=AUDIT_LIMIT.days)


def patrol_gaps(
    area: str,
    rounds: Sequence[datetime],
    begin: datetime,
    end: datetime,
    longest: timedelta,
    *,
    before: datetime | None = None,
) -> Iterator[PatrolGap]:
    """The gaps of an area that are longer than allowed: between rounds, and to the audit's ends.

    `before` is the last round ahead of the audit, so that a gap that began earlier is told in full.
    """
    edges = [before or begin, *rounds, end]
    for first, second in itertools.pairwise(edges):
        if second - first > longest:
            yield PatrolGap(area=area, begin=first, end=second, minutes=int((second - first).total_seconds() // 60))


def season_days(rule: SafetyRule, begin: datetime, end: datetime, zone: ZoneInfo) -> Iterator[date]:
    """The local days of the rule's months that the audit reaches into and that are over at its end.

    A rule without months has no season yet: nobody said which days count, so none does.
    """
    day, last = begin.astimezone(zone).date(), end.astimezone(zone).date()
    while day < last:
        if day.month in rule.months:
            yield day
        day += timedelta(days=1)


def next_season_day(rule: SafetyRule, day: date) -> date | None:
    """The first day from `day` on that lies in the rule's months; None for a rule without any."""
    if not rule.months:
        return None
    for ahead in range(367):
        found = day + timedelta(days=ahead)
        if found.month in rule.months:
            return found
    return None


def is_concerned(rule: SafetyRule, attributes: Mapping[str, object]) -> bool:
    """Whether an asset reaches the rule's threshold; never while the tenant hasn't set one (P05-28)."""
    if rule.threshold is None or rule.attribute is None:
        return rule.attribute is None
    value = attributes.get(rule.attribute)
    if value is None:
        return False
    return type(rule.threshold)(str(value)) >= rule.threshold
