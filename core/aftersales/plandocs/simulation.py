"""A contract's life before it is signed: every obligation and date that it would create. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from aftersales.contracts import lifecycle_rules
from aftersales.contracts.tasks import COMMISSIONING
from aftersales.planned.rules import Working, obligations_between
from aftersales.planned.values import PlanFacts
from aftersales.terms.base import Label, Term
from aftersales.terms.coverage import LifecyclePhase, PhaseTask
from aftersales.terms.playbook import VerticalPlaybook

ForeseenKind = Literal["phase", "warranty", "task", "visit", "training"]
ONE_DAY: Final = timedelta(days=1)


class Foreseen(Struct, frozen=True, kw_only=True):
    """Something that would begin on `opens_on` and be due, or end, at 24:00 of `due_on`.

    Without days it waits for an event that wasn't assumed, or the text gives it no number.
    """

    kind: ForeseenKind
    code: str
    label: Label
    clause: str | None
    source: str
    opens_on: date | None
    due_on: date | None


class Life(Struct, frozen=True, kw_only=True):
    """What is assumed of a contract: its period, events with their days, and for which assets it is."""

    starts_on: date
    ends_on: date | None
    until: date
    events: Mapping[str, date]
    zone: str
    asset_type: str | None = None
    region: str | None = None
    commissioning_due: date | None = None


def foresee(terms: VerticalPlaybook, life: Life, *, is_working: Working | None = None) -> list[Foreseen]:
    """Phases, ends of warranty, tasks, visits and trainings up to `until`, by their days; the open ones last."""
    free_until = lifecycle_rules.last_free_day(terms.warranty_terms, life.events, ZoneInfo(life.zone), life.ends_on)
    entered: dict[str, date] = {}
    found: list[Foreseen] = []
    for phase in lifecycle_rules.phases_of(terms):
        on = _entry(phase, life, free_until)
        if on is not None:
            entered[phase.code] = on
        found.append(_of(phase, "phase", on, None))
        found += _tasks(phase.tasks, on)
        for step in phase.steps:
            found += _tasks(step.tasks, life.events.get(step.event))
    if life.commissioning_due is not None:
        found += [
            Foreseen(kind="task", code=code, label=label, clause=None, source="contract", opens_on=life.starts_on,
                     due_on=life.commissioning_due)
            for code, label in COMMISSIONING
        ]  # fmt: skip
    found += _warranties(terms, life)
    found += _visits(terms, life, entered, is_working)
    found += _trainings(terms, life)
    return sorted(found, key=lambda one: (one.due_on or one.opens_on or date.max, one.kind, one.code))


def _entry(phase: LifecyclePhase, life: Life, free_until: date | None) -> date | None:
    if phase.entered_on == lifecycle_rules.SIGNED:
        return life.starts_on
    if phase.entered_on == lifecycle_rules.TERM_OVER:
        return None if free_until is None else free_until + ONE_DAY
    return life.events.get(phase.entered_on)


def _tasks(tasks: tuple[PhaseTask, ...], on: date | None) -> Iterator[Foreseen]:
    for task in tasks:
        due_on = None if on is None or task.due_days is None else on + task.due_days * ONE_DAY
        yield Foreseen(
            kind="task", code=task.code, label=task.label, clause=task.clause, source="vertical", opens_on=on,
            due_on=due_on,
        )  # fmt: skip


def _warranties(terms: VerticalPlaybook, life: Life) -> Iterator[Foreseen]:
    for term in terms.warranty_terms:
        last_day = lifecycle_rules.last_free_day([term], life.events, ZoneInfo(life.zone))
        begun = life.events.get(term.starts_on) or (
            life.events.get(term.fallback_start) if term.fallback_start else None
        )
        yield _of(term, "warranty", begun, last_day)


def _visits(
    terms: VerticalPlaybook, life: Life, entered: dict[str, date], is_working: Working | None
) -> Iterator[Foreseen]:
    facts = PlanFacts(
        starts={"contract_start": life.starts_on, **life.events},
        entered=entered,
        last_day=life.ends_on,
        about="both",
        asset_type=life.asset_type,
        region=life.region,
        key="simulation",
        zone=life.zone,
    )
    for one in obligations_between(terms, facts, life.starts_on, life.until, is_working=is_working):
        yield _of(one.cadence, "visit", one.opens_on, one.due_on)


def _trainings(terms: VerticalPlaybook, life: Life) -> Iterator[Foreseen]:
    starts = {"contract": life.starts_on, **life.events}
    for course in terms.training_curricula:
        if course.given_to != "customer":
            continue
        on = starts.get(course.trigger)
        due_on = None if on is None or course.due_days is None else on + course.due_days * ONE_DAY
        yield _of(course, "training", on, due_on)


def _of(term: Term, kind: ForeseenKind, opens_on: date | None, due_on: date | None) -> Foreseen:
    return Foreseen(
        kind=kind, code=term.code, label=term.label, clause=term.clause, source=term.source, opens_on=opens_on,
        due_on=due_on,
    )  # fmt: skip
