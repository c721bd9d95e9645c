"""A contract lived through before it is signed, from terms and assumed facts alone. Pure: no clock, no I/O.

The days come from the rules that will make them once it is signed: cadences from `planned`, courses from `training`,
terms and floors from `coverage`, phases from `contracts`. What they don't know, nobody invents: it is a standing
promise, with the event that it waits for.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from aftersales.assets.rules import months_after
from aftersales.contracts import lifecycle_rules
from aftersales.contracts.rules import check_period
from aftersales.kit.errors import InvalidInput
from aftersales.simulation.commands import AssumedAssets, AssumedEvent
from aftersales.simulation.life import Found, deliverables, guarantees, life, waiting, warranties
from aftersales.simulation.values import (
    KINDS,
    Assumptions,
    MissingField,
    SimulatedDate,
    Simulation,
    StandingPromise,
)
from aftersales.simulation.work import (
    planned,
    revisits,
    training,
    undated_cadences,
    undated_revisits,
    venues,
    years,
)
from aftersales.terms.deadlines import SlaTarget
from aftersales.terms.playbook import VerticalPlaybook

FIRST_YEAR, LAST_YEAR = 1900, 2200
LONGEST_LOOK: Final = timedelta(days=10 * 366)
"""How far what repeats is listed: as far as planned visits can be asked for."""
DEFAULT_MONTHS: Final = 36
"""How far to look where neither the contract nor any term has an end."""
MOST_DATES: Final = 5000
MOST_ASSETS: Final = 20
LARGEST_COUNT: Final = 1_000_000
ASSET_EVENTS: Final = ("installation", "move_in")
"""Events that happen to an asset alone and start a cadence."""


def simulate(terms: VerticalPlaybook, facts: Assumptions) -> Simulation:
    """Everything that a contract under these terms would come to, in the order of its dates."""
    found = [*life(terms, facts), *warranties(terms, facts), *deliverables(terms, facts), *training(facts, terms)]
    found += venues(facts, terms, [one for one in found if isinstance(one, SimulatedDate) and one.kind == "training"])
    wanted = facts.until or _whole_life(found, facts)
    last = min(wanted, facts.starts_on + LONGEST_LOOK)
    found += guarantees(terms, facts, last)
    repeated: list[SimulatedDate] = []
    reached = facts.starts_on
    for first, end in years(facts.starts_on, last):
        repeated += planned(terms, facts, first, end)
        reached = end
        if len(repeated) > MOST_DATES:
            break
    repeated += revisits(terms, facts, facts.starts_on, reached)
    dated = {one.code for one in repeated}
    promises = [one for one in found if isinstance(one, StandingPromise)]
    promises += undated_cadences(terms, facts, dated)
    promises += undated_revisits(terms, facts, dated)
    promises += responses(terms, facts.region, facts.tier)
    dates = [one for one in found if isinstance(one, SimulatedDate)] + repeated
    return Simulation(
        dates=tuple(sorted(dates, key=_place)),
        promises=tuple(sorted(promises, key=lambda one: KINDS.index(one.kind))),
        missing=tuple(missing(terms, facts)),
        until=reached,
        complete=reached >= wanted,
    )


def _whole_life(found: Iterable[Found], facts: Assumptions) -> date:
    """The contract's last day, else the last day of the longest term, else three years."""
    if facts.ends_on is not None:
        return facts.ends_on
    ends = [one.on for one in found if isinstance(one, SimulatedDate) and one.kind == "warranty"]
    return max(ends, default=months_after(facts.starts_on, DEFAULT_MONTHS))


def _place(one: SimulatedDate) -> tuple[Any, ...]:
    return one.on, KINDS.index(one.kind), one.moment, one.code, one.asset_type or "", one.first_day or one.on


def responses(terms: VerticalPlaybook, region: str | None, tier: str | None) -> Iterable[StandingPromise]:
    """The deadlines that tickets would start for such a customer."""
    place = terms.region_class_of(region) if region is not None else None
    for target in terms.sla_targets:
        if _concerns(target, None if place is None else place.code, region is not None, tier):
            yield waiting("response", target, "sla_targets", terms, target.starts_on)


def _concerns(target: SlaTarget, place: str | None, placed: bool, tier: str | None) -> bool:
    scope = target.scope
    elsewhere = placed and scope.regions and place not in scope.regions
    return not elsewhere and not (tier is not None and scope.tiers and tier not in scope.tiers)


def missing(terms: VerticalPlaybook, facts: Assumptions) -> Iterable[MissingField]:
    """What a contract has still to state: before it is signed, and when its days come."""
    days = {"accepted_on": "acceptance", "handed_over_on": "handover", "completed_on": "completion"}
    for rule in terms.required_fields:
        event = days.get(rule.field)
        known = rule.field in facts.fields or (rule.stated == "event" and event in facts.events)
        if rule.of == "contract" and not known:
            yield MissingField(
                field=rule.field, label=rule.label, clause=rule.clause, kind=rule.kind, stated=rule.stated
            )


# --- what can't be ---------------------------------------------------------------------------------------------


def check_days(starts_on: date, ends_on: date | None, until: date | None, others: Mapping[str, date | None]) -> None:
    """YEAR_INVALID for days beyond all reason, PERIOD_INVERTED, PERIOD_TOO_LONG for too far a look; each its field."""
    days = {"startsOn": starts_on, "endsOn": ends_on, "until": until, **others}
    for field, day in days.items():
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise InvalidInput("YEAR_INVALID", field=field, value=day.year)
    check_period(starts_on, ends_on)
    for field, day in (("until", until), *others.items()):
        if day is not None and day < starts_on:
            raise InvalidInput("PERIOD_INVERTED", field=field)
    if until is not None and until - starts_on > LONGEST_LOOK:
        raise InvalidInput("PERIOD_TOO_LONG", field="until", days=LONGEST_LOOK.days)


def known_events(terms: VerticalPlaybook) -> list[str]:
    """What may be assumed: what a contract may record, and what happens to an asset."""
    return list(dict.fromkeys((*lifecycle_rules.known_events(terms), *ASSET_EVENTS)))


def assumed_events(terms: VerticalPlaybook, given: Sequence[AssumedEvent]) -> dict[str, date]:
    """The events by name. CONTRACT_EVENT_UNKNOWN, CONTRACT_EVENT_TWICE, CONTRACT_EVENTS_DISORDERED, YEAR_INVALID."""
    known = known_events(terms)
    found: dict[str, date] = {}
    for position, one in enumerate(given):
        at = f"events.{position}"
        if one.event not in known:
            raise InvalidInput("CONTRACT_EVENT_UNKNOWN", field=f"{at}.event", value=one.event, known=", ".join(known))
        if one.event in found:
            raise InvalidInput("CONTRACT_EVENT_TWICE", field=f"{at}.event", value=one.event, day=str(found[one.event]))
        if not FIRST_YEAR <= one.on.year <= LAST_YEAR:
            raise InvalidInput("YEAR_INVALID", field=f"{at}.on", value=one.on.year)
        lifecycle_rules.check_dates(terms, one.event, one.on, {name: str(day) for name, day in found.items()})
        found[one.event] = one.on
    return found


def assumed_assets(terms: VerticalPlaybook, given: Sequence[AssumedAssets]) -> dict[str, int]:
    """The number of assets by type. ASSET_TYPE_UNKNOWN, QUANTITY_INVALID, LIST_TOO_LONG."""
    if len(given) > MOST_ASSETS:
        raise InvalidInput("LIST_TOO_LONG", field="assets", limit=MOST_ASSETS)
    known = [found.code for found in terms.asset_types]
    found: dict[str, int] = {}
    for position, one in enumerate(given):
        at = f"assets.{position}"
        if one.asset_type not in known:
            raise InvalidInput(
                "ASSET_TYPE_UNKNOWN", field=f"{at}.assetType", value=one.asset_type, known=", ".join(known)
            )
        if not 1 <= one.count <= LARGEST_COUNT:
            raise InvalidInput("QUANTITY_INVALID", field=f"{at}.count", value=one.count)
        found[one.asset_type] = found.get(one.asset_type, 0) + one.count
    return found
