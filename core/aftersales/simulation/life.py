"""The days of a contract itself: its phases, steps and tasks, its terms, guarantees and documents. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from aftersales.calendars.windows import ONE_DAY
from aftersales.contracts import lifecycle_rules
from aftersales.coverage.compiling import compile_terms
from aftersales.coverage.standings import standings_of
from aftersales.coverage.values import Entitlement, PartHistory, Standing
from aftersales.guarantees import rules as guarantee_rules
from aftersales.plandocs.rules import in_words
from aftersales.simulation.values import Assumptions, DateKind, Moment, SimulatedDate, StandingPromise
from aftersales.terms.base import Label, Source, Term
from aftersales.terms.coverage import LifecyclePhase, PhaseTask
from aftersales.terms.playbook import VerticalPlaybook

Found = SimulatedDate | StandingPromise

CONTRACT: Final = "contract"
COUNTRY: Final = "CN"
DATED: Final = frozenset({"go_live", "handover", "acceptance"})
"""Documents that are due by an event of the contract's life; others follow from visits, requests and the like."""


def phase_days(terms: VerticalPlaybook, facts: Assumptions) -> dict[str, date]:
    """The first day of every phase that the assumed events reach."""
    found: dict[str, date] = {}
    previous: str | None = None
    for number, phase in enumerate(lifecycle_rules.phases_of(terms)):
        day = facts.events.get(phase.entered_on)
        if phase.entered_on == lifecycle_rules.SIGNED and number == 0:
            day = facts.starts_on
        elif phase.entered_on == lifecycle_rules.TERM_OVER and (previous is None or previous in found):
            free_until = lifecycle_rules.last_free_day(terms.warranty_terms, facts.events, facts.zone, facts.ends_on)
            day = None if free_until is None else free_until + ONE_DAY
        if day is not None:
            found[phase.code] = day
        previous = phase.code
    return found


def asset_starts(facts: Assumptions) -> dict[str, date]:
    """The events as an asset knows them: going live is its acceptance where none is known (A44)."""
    found = dict(facts.events)
    if "go_live" in found:
        found.setdefault("acceptance", found["go_live"])
    return found


def life(terms: VerticalPlaybook, facts: Assumptions) -> Iterator[Found]:
    """The contract's first and last day, its phases with their steps and tasks, and its commissioning."""
    yield _contract("begins", facts.starts_on, Label("合同开始", "The contract begins"))
    if facts.ends_on is not None:
        yield _contract("ends", facts.ends_on, Label("合同到期或续签", "The contract ends or is renewed"))
    if facts.commissioning_due is not None:
        for task in lifecycle_rules.COMMISSIONING:
            yield _task(task, facts.signed_on, facts.commissioning_due)
    days = phase_days(terms, facts)
    order = lifecycle_rules.phases_of(terms)
    for number, phase in enumerate(order):
        later = [days[other.code] for other in order[number + 1 :] if other.code in days]
        yield from _phase(phase, days.get(phase.code), min(later, default=None), terms)
        for event, label, clause, tasks in _events_of(phase):
            day = days.get(phase.code) if event == phase.entered_on else facts.events.get(event)
            if event != phase.entered_on:
                yield _step(event, label, clause, day)
            for task in tasks:
                due = None if day is None or task.due_days is None else day + task.due_days * ONE_DAY
                yield _task(task, day, due, None if day else event)


def _events_of(phase: LifecyclePhase) -> Iterator[tuple[str, Label, str | None, tuple[PhaseTask, ...]]]:
    yield phase.entered_on, phase.label, phase.clause, phase.tasks
    for step in phase.steps:
        yield step.event, step.label, step.clause, step.tasks


def _contract(moment: Moment, day: date, label: Label) -> SimulatedDate:
    begins = moment == "begins"
    return SimulatedDate(
        on=day, kind="contract", moment=moment, code=CONTRACT, label=label, source="contract",
        first_day=day if begins else None, last_day=None if begins else day,
    )  # fmt: skip


def _phase(phase: LifecyclePhase, day: date | None, following: date | None, terms: VerticalPlaybook) -> Iterator[Found]:
    if day is None:
        yield waiting("phase", phase, "lifecycle_phases", terms, phase.entered_on, free=not phase.billable)
        return
    last = None if following is None else following - ONE_DAY
    yield SimulatedDate(
        on=day, kind="phase", moment="begins", code=phase.code, label=phase.label, clause=phase.clause,
        source=phase.source, first_day=day, last_day=last, free=not phase.billable,
    )  # fmt: skip


def _step(event: str, label: Label, clause: str | None, day: date | None) -> Found:
    if day is None:
        return StandingPromise(kind="step", code=event, label=label, words=label, clause=clause, waits_for=event)
    return SimulatedDate(
        on=day, kind="step", moment="due", code=event, label=label, clause=clause, first_day=day, last_day=day
    )


def _task(task: PhaseTask, since: date | None, due: date | None, event: str | None = None) -> Found:
    source: Source = "contract" if task.clause is None else "vertical"
    if due is None:
        return StandingPromise(
            kind="task", code=task.code, label=task.label, words=task.label, clause=task.clause, source=source,
            waits_for=event,
        )  # fmt: skip
    return SimulatedDate(
        on=due, kind="task", moment="due", code=task.code, label=task.label, clause=task.clause, source=source,
        first_day=since, last_day=due,
    )  # fmt: skip


def warranties(terms: VerticalPlaybook, facts: Assumptions) -> Iterator[Found]:
    """Of every warranty class the first and the last day: of the promise, or of the floor that law puts above it."""
    starts = asset_starts(facts)
    for warranty_class, entitlements in _classes(terms, facts).items():
        standings = standings_of(entitlements, starts, PartHistory(), facts.zone, COUNTRY)
        if standings:
            yield from _standing(warranty_class, standings[0])
            continue
        term = next((found for found in terms.warranty_terms if found.warranty_class == warranty_class), None)
        if term is not None:
            event = term.starts_on if term.amount is not None else _field_of(terms, term.code)
            yield waiting("warranty", term, "warranty_terms", terms, event, free=True, code=warranty_class)


def _classes(terms: VerticalPlaybook, facts: Assumptions) -> dict[str, tuple[Entitlement, ...]]:
    found: dict[str, tuple[Entitlement, ...]] = {}
    for asset_type in terms.asset_types:
        if not facts.assets or asset_type.code in facts.assets:
            for part in compile_terms(terms, asset_type, facts.zone).parts.values():
                found.setdefault(part.warranty_class, part.entitlements)
    return found


def _standing(warranty_class: str, standing: Standing) -> Iterator[SimulatedDate]:
    days: tuple[tuple[Moment, date], ...] = (("begins", standing.starts_on), ("ends", standing.last_day))
    for moment, day in days:
        yield SimulatedDate(
            on=day, kind="warranty", moment=moment, code=warranty_class, label=standing.label,
            clause=standing.clause, source=standing.source, first_day=standing.starts_on, last_day=standing.last_day,
            free=True, law=standing.law, usage_limit=standing.usage_limit,
        )  # fmt: skip


def _field_of(terms: VerticalPlaybook, code: str) -> str | None:
    """The contract's field that states a term's length."""
    for rule in terms.required_fields:
        if any((target.declaration, target.code) == ("warranty_terms", code) for target in rule.sets):
            return rule.field
    return None


def guarantees(terms: VerticalPlaybook, facts: Assumptions, until: date) -> Iterator[Found]:
    """Guarantees with their checkpoints; without a first day of any term they wait for one."""
    begins = facts.guarantees_from or min(_first_days(terms, facts), default=None)
    for guarantee in terms.guarantees:
        promised = guarantee_rules.declared(terms, guarantee.code)
        if begins is None:
            event = next((term.starts_on for term in terms.warranty_terms), None)
            yield waiting("guarantee", guarantee, "guarantees", terms, event)
            continue
        last = guarantee_rules.last_day(promised, begins, facts.zone.key)
        schedule = guarantee_rules.Schedule(metric=promised.metric, starts_on=begins, ends_on=last)
        yield _checkpoint(guarantee, "begins", begins, begins, last)
        day = schedule.next_after(begins)
        if day is None:
            yield waiting("guarantee", guarantee, "guarantees", terms, None)
        while day is not None and (day <= until or day == last):
            yield _checkpoint(guarantee, "due", day, begins, day)
            day = schedule.next_after(day)


def _first_days(terms: VerticalPlaybook, facts: Assumptions) -> Iterable[date]:
    return [
        found.on
        for found in warranties(terms, facts)
        if isinstance(found, SimulatedDate) and found.moment == "begins" and found.law is None
    ]


def _checkpoint(term: Term, moment: Moment, day: date, first: date, last: date | None) -> SimulatedDate:
    return SimulatedDate(
        on=day, kind="guarantee", moment=moment, code=term.code, label=term.label, clause=term.clause,
        source=term.source, first_day=first, last_day=last,
    )  # fmt: skip


def deliverables(terms: VerticalPlaybook, facts: Assumptions) -> Iterator[Found]:
    """Documents that the customer must have by an event of the contract's life, and those that others ask for."""
    days = {**phase_days(terms, facts), **facts.events}
    for document in terms.deliverables:
        fits = not document.asset_types or not facts.assets or set(document.asset_types) & set(facts.assets)
        if document.confidentiality == "secret" or not fits:
            continue
        day = days.get(document.due) if document.due in DATED else None
        if day is None:
            yield waiting("deliverable", document, "deliverables", terms, document.due)
            continue
        yield SimulatedDate(
            on=day, kind="deliverable", moment="due", code=document.code, label=document.label,
            clause=document.clause, source=document.source, last_day=day,
        )  # fmt: skip


def waiting(
    kind: DateKind,
    term: Term,
    declaration: str,
    terms: VerticalPlaybook,
    event: str | None,
    *,
    free: bool | None = None,
    code: str | None = None,
) -> StandingPromise:
    """A term without a day, in words, and the event that it waits for."""
    return StandingPromise(
        kind=kind, code=code or term.code, label=term.label, words=in_words(term, declaration, terms),
        clause=term.clause, source=term.source, free=free, waits_for=event,
    )  # fmt: skip
