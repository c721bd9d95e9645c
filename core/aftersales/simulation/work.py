"""The work that a contract makes due without anybody asking: visits and tasks, courses, revisits. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from aftersales.calendars.windows import ONE_DAY
from aftersales.parties.regions import lies_in
from aftersales.planned.recurrence import seasons_between
from aftersales.planned.rules import Obligation, obligations_between, rules_in_force
from aftersales.planned.values import PlanFacts
from aftersales.revisits import rules as revisit_rules
from aftersales.simulation.life import Found, asset_starts, phase_days, waiting
from aftersales.simulation.values import Assumptions, RevisitInForce, SimulatedDate, StandingPromise
from aftersales.terms.planned import Curriculum, InspectionCadence, RevisitRule
from aftersales.terms.playbook import VerticalPlaybook
from aftersales.training import rules as training_rules

ONE_YEAR: Final = timedelta(days=365)
ACCEPTANCE: Final = "acceptance"
VENUE: Final = "before_training"


class _Subject(NamedTuple):
    """The contract itself, or so many assets of a type."""

    facts: PlanFacts
    assets: int


def years(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from the first to the last one in parts of a year, so that too long a list is noticed in time."""
    begin = first
    while begin <= last:
        end = min(last, begin + ONE_YEAR)
        yield begin, end
        begin = end + ONE_DAY


def planned(terms: VerticalPlaybook, facts: Assumptions, first: date, last: date) -> list[SimulatedDate]:
    """What the cadences make due between two days, by the same rules that will plan it."""
    found = []
    whole = _without_samples(terms)
    shares = {cadence.code: cadence.sample_share for cadence in terms.inspection_cadences}
    shares |= {rule.cadence.code: rule.cadence.sample_share for rule in facts.own_rules}
    for subject in _subjects(terms, facts):
        for one in obligations_between(whole, subject.facts, first, last, is_working=facts.is_working):
            if one.due_on is not None:
                found.append(_obligation(one, one.due_on, subject, shares.get(one.cadence.code)))
    return found


def undated_cadences(terms: VerticalPlaybook, facts: Assumptions, dated: set[str]) -> Iterator[StandingPromise]:
    """The cadences that have no date in the list: without a number, by meter or event, or not begun."""
    seen = set(dated)
    for subject in _subjects(terms, facts):
        for _, cadence, _ in rules_in_force(terms, subject.facts):
            if cadence.code not in seen:
                seen.add(cadence.code)
                event = _awaited(terms, cadence, subject.facts)
                yield waiting("planned", cadence, "inspection_cadences", terms, event, free=cadence.free)


def _awaited(terms: VerticalPlaybook, cadence: InspectionCadence, facts: PlanFacts) -> str | None:
    if cadence.on_events:
        return ", ".join(cadence.on_events)
    if cadence.phase is not None and cadence.phase not in facts.entered:
        return next(
            (phase.entered_on for phase in terms.lifecycle_phases if phase.code == cadence.phase), cadence.phase
        )
    if cadence.per == "shift":
        return "shift_start"
    within_contract = {"season_start", "shift_start", "phase_entered"}
    return cadence.anchor if cadence.anchor not in within_contract and cadence.anchor not in facts.starts else None


def _subjects(terms: VerticalPlaybook, facts: Assumptions) -> list[_Subject]:
    """The contract's own plan and one for every type of asset; without assets the contract's plan is for all (A12)."""
    entered = phase_days(terms, facts)
    common = PlanFacts(
        starts={"contract_start": facts.starts_on, **facts.events}, entered=entered, last_day=facts.ends_on,
        about="contract" if facts.assets else "both", region=facts.region, zone=facts.zone.key,
        own=tuple(
            msgspec.structs.replace(rule, cadence=msgspec.structs.replace(rule.cadence, sample_share=None))
            for rule in facts.own_rules
        ),
    )  # fmt: skip
    own = {"contract_start": facts.starts_on, **asset_starts(facts)}
    return [
        _Subject(common, 1),
        *(
            _Subject(msgspec.structs.replace(common, about="asset", asset_type=asset_type, starts=own), count)
            for asset_type, count in facts.assets.items()
        ),
    ]


def _without_samples(terms: VerticalPlaybook) -> VerticalPlaybook:
    """Which assets a sample draws isn't known before there are any: the share stands beside the date."""
    whole = tuple(msgspec.structs.replace(cadence, sample_share=None) for cadence in terms.inspection_cadences)
    return msgspec.structs.replace(terms, inspection_cadences=whole)


def _obligation(one: Obligation, due_on: date, subject: _Subject, share: Decimal | None) -> SimulatedDate:
    cadence = one.cadence
    return SimulatedDate(
        on=due_on, kind="planned", moment="due", code=cadence.code, label=cadence.label, clause=cadence.clause,
        source=cadence.source, first_day=one.opens_on, last_day=due_on, free=cadence.free,
        asset_type=subject.facts.asset_type, count=subject.assets, share=share,
    )  # fmt: skip


# --- courses ---------------------------------------------------------------------------------------------------


def training(facts: Assumptions, terms: VerticalPlaybook) -> Iterator[Found]:
    """The courses that signature, phases and acceptance make due, each with its last day; others wait."""
    days = phase_days(terms, facts)
    for course in facts.courses:
        if course.given_to != "customer":
            continue
        found = list(_owed(course, facts, terms, days))
        dated = [one for one in found if isinstance(one, SimulatedDate)]
        yield from dated
        if not dated:
            # Begun without a number, or not begun at all: then it waits for what makes it due.
            begun = bool(found)
            yield waiting(
                "training", course, "training_curricula", terms, None if begun else _trigger(course), free=course.free
            )


def venues(facts: Assumptions, terms: VerticalPlaybook, courses: Iterable[SimulatedDate]) -> Iterator[Found]:
    """What the customer has to do: a venue for each course that it provides one for, and its standing duties."""
    providing = {course.code for course in facts.courses if course.venue_by == "customer"}
    asked = {course.last_day: course for course in courses if course.code in providing}
    for duty in terms.customer_duties:
        if duty.due != VENUE or not asked:
            yield waiting("customer_duty", duty, "customer_duties", terms, duty.due)
            continue
        for day, course in asked.items():
            yield SimulatedDate(
                on=course.on, kind="customer_duty", moment="due", code=duty.code, label=duty.label,
                clause=duty.clause, source=duty.source, first_day=course.first_day, last_day=day,
            )  # fmt: skip


def _owed(
    course: Curriculum, facts: Assumptions, terms: VerticalPlaybook, days: dict[str, date]
) -> Iterator[SimulatedDate | None]:
    """Every duty that the course comes to, as the training room will owe it; None for one without a last day."""
    if training_rules.owed_at_signature(course):
        yield from _for_each(course, facts, facts.starts_on, _last_day(course, facts, days, facts.starts_on))
        return
    order = [phase.code for phase in sorted(terms.lifecycle_phases, key=lambda phase: phase.order)]
    under_contract = False
    for name, day in {**facts.events, **days}.items():
        if training_rules.falls_due_at(course, name):
            under_contract = True
            later = order[order.index(name) + 1 :] if name in order else []
            following = next((days[other] for other in later if other in days), None)
            last = following if course.trigger == "phase" else _last_day(course, facts, days, day)
            yield from _for_each(course, facts, day, last)
    accepted = asset_starts(facts).get(ACCEPTANCE) if course.trigger == ACCEPTANCE else None
    if accepted is not None and not under_contract:
        last = _last_day(course, facts, days, accepted)
        if not facts.assets and not course.asset_types:
            yield _course(course, accepted, last, None, 1)
        for asset_type, count in facts.assets.items():
            if training_rules.attached(course, (asset_type,)):
                yield _course(course, accepted, last, asset_type, count)


def _for_each(
    course: Curriculum, facts: Assumptions, begins: date, last: date | None
) -> Iterator[SimulatedDate | None]:
    """Once under the contract, or once for every fitting asset where the course is one per asset."""
    fitting = [asset_type for asset_type in facts.assets if training_rules.attached(course, (asset_type,))]
    if course.per_asset:
        for asset_type in fitting:
            yield _course(course, begins, last, asset_type, facts.assets[asset_type])
    elif fitting or not course.asset_types:
        yield _course(course, begins, last, None, 1)


def _last_day(course: Curriculum, facts: Assumptions, days: dict[str, date], begins: date) -> date | None:
    """`before` its phase or event, else so many days after what made it due (A53)."""
    if course.before is not None:
        return days.get(course.before) or facts.events.get(course.before)
    return None if course.due_days is None else begins + course.due_days * ONE_DAY


def _course(
    course: Curriculum, begins: date, last: date | None, asset_type: str | None, count: int
) -> SimulatedDate | None:
    if last is None:
        return None
    return SimulatedDate(
        on=last, kind="training", moment="due", code=course.code, label=course.label, clause=course.clause,
        source=course.source, first_day=min(begins, last), last_day=last, free=course.free, asset_type=asset_type,
        count=count,
    )  # fmt: skip


def _trigger(course: Curriculum) -> str:
    return course.before or course.phase or course.trigger


# --- revisits --------------------------------------------------------------------------------------------------


def revisits(terms: VerticalPlaybook, facts: Assumptions, first: date, last: date) -> Iterator[SimulatedDate]:
    """The contacts that the tenant's plans in force make due until `last`, each held on its day."""
    chosen = revisit_rules.shortest([(plan, plan.rule) for plan in facts.revisits if _is_cadence(plan.rule, facts)])
    if chosen is not None and chosen[1].months is not None:
        yield from _cadence(chosen[1], chosen[1].months, facts, last)
    for plan in facts.revisits:
        if plan.rule.trigger == "season" and lies_in(plan.rule.regions, facts.region):
            yield from _seasons(plan, facts, max(first, plan.starts_on), last)


def undated_revisits(terms: VerticalPlaybook, facts: Assumptions, dated: set[str]) -> Iterator[StandingPromise]:
    """Rules that follow from tickets and events, have no number, or that nobody put into force yet."""
    in_force = {plan.rule.code: plan.rule for plan in facts.revisits}
    for rule in (*in_force.values(), *(one for one in terms.revisit_rules if one.code not in in_force)):
        concerns = rule.tier is None or rule.tier == facts.tier
        here = not rule.seasons or any(lies_in(season.regions, facts.region) for season in rule.seasons)
        if rule.code not in dated and concerns and here and lies_in(rule.regions, facts.region):
            event = rule.trigger if rule.code in in_force or rule.trigger == "ticket_closed" else "revisit_plan"
            yield waiting("revisit", rule, "revisit_rules", terms, event)


def _is_cadence(rule: RevisitRule, facts: Assumptions) -> bool:
    if rule.trigger not in revisit_rules.CADENCES or not lies_in(rule.regions, facts.region):
        return False
    return rule.trigger == "contract" or rule.tier == facts.tier


def _cadence(rule: RevisitRule, months: int, facts: Assumptions, last: date) -> Iterator[SimulatedDate]:
    """From the sale on, each contact so many months after the one before (A41)."""
    since = max(facts.starts_on, asset_starts(facts).get(ACCEPTANCE, facts.starts_on))
    bounded = rule.trigger == "contract" or rule.ends_with_contract
    due = revisit_rules.next_due(since, months)
    while due <= last and not (bounded and facts.ends_on is not None and due > facts.ends_on):
        yield _revisit(rule, since, due)
        since, due = due, revisit_rules.next_due(due, months)


def _seasons(plan: RevisitInForce, facts: Assumptions, first: date, last: date) -> Iterator[SimulatedDate]:
    rule = plan.rule
    share = None if rule.sample_percent is None else Decimal(rule.sample_percent) / 100
    for season in rule.seasons:
        if not lies_in(season.regions, facts.region):
            continue
        for stretch in seasons_between((season,), first, last):
            due = stretch.last if rule.within_days is None else stretch.first + rule.within_days * ONE_DAY
            over = rule.ends_with_contract and facts.ends_on is not None and stretch.first > facts.ends_on
            if first <= due <= last and not over:
                yield msgspec.structs.replace(_revisit(rule, stretch.first, due), share=share)


def _revisit(rule: RevisitRule, since: date, due: date) -> SimulatedDate:
    return SimulatedDate(
        on=due, kind="revisit", moment="due", code=rule.code, label=rule.label, clause=rule.clause,
        source=rule.source, first_day=since, last_day=due,
    )  # fmt: skip
