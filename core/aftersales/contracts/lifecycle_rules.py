"""A contract's life: which event comes next, who may say so, when the free term is over. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, get_args
from zoneinfo import ZoneInfo

from aftersales.calendars.terms import term_end
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.terms.base import Label
from aftersales.terms.coverage import LifecyclePhase, PhaseStep, PhaseTask, TermStart, WarrantyTerm
from aftersales.terms.playbook import VerticalPlaybook

SIGNED: Final = "contract_signed"
TERM_OVER: Final = "warranty_ended"
BY_ITSELF: Final = frozenset({SIGNED, TERM_OVER})
"""Events that nobody records: the signature is one, the end of the longest term comes by the calendar."""
START_EVENTS: Final[tuple[str, ...]] = (*get_args(TermStart), "go_live")
"""Events that start a term; any contract may record them."""
COMMISSIONING: Final = (
    PhaseTask(code="install", label=Label("安装", "Install")),
    PhaseTask(code="commission", label=Label("调试", "Commission")),
    PhaseTask(code="train", label=Label("培训用户工作人员", "Train the user's staff")),
)
"""What a contract that requires commissioning makes due (P12-03)."""


def phases_of(terms: VerticalPlaybook) -> list[LifecyclePhase]:
    """The phases in their order."""
    return sorted(terms.lifecycle_phases, key=lambda phase: phase.order)


def phase_of(terms: VerticalPlaybook, code: str | None) -> LifecyclePhase | None:
    """The phase of that code."""
    return next((phase for phase in terms.lifecycle_phases if phase.code == code), None)


def following(terms: VerticalPlaybook, current: str | None) -> LifecyclePhase | None:
    """The phase after the present one; the first for a contract without a phase, None after the last."""
    phases = phases_of(terms)
    if current is None:
        return phases[0] if phases else None
    place = next((number for number, phase in enumerate(phases) if phase.code == current), len(phases))
    return phases[place + 1] if place + 1 < len(phases) else None


def known_events(terms: VerticalPlaybook) -> list[str]:
    """What may be recorded: start events, what phases are entered on, and their steps."""
    named = [phase.entered_on for phase in phases_of(terms)]
    named += [step.event for phase in phases_of(terms) for step in phase.steps]
    return [event for event in dict.fromkeys((*START_EVENTS, *named)) if event not in BY_ITSELF]


def step_of(terms: VerticalPlaybook, event: str) -> tuple[LifecyclePhase, PhaseStep] | None:
    """The step that an event is, with its phase."""
    return next(
        ((phase, step) for phase in phases_of(terms) for step in phase.steps if step.event == event),
        None,
    )


def check_step(terms: VerticalPlaybook, current: str | None, event: str, events: Mapping[str, str]) -> None:
    """PHASE_STEP_MISSING unless a step's own phase is the present one and the steps before it have happened."""
    found = step_of(terms, event)
    if found is None:
        return
    phase, step = found
    if phase.code != current:
        raise StateRefused("PHASE_STEP_MISSING", field="event", missing=phase.code)
    for earlier in phase.steps:
        if earlier.event == step.event:
            return
        if earlier.event not in events:
            raise StateRefused("PHASE_STEP_MISSING", field="event", missing=earlier.event)


def check_entry(
    terms: VerticalPlaybook, current: str | None, wanted: LifecyclePhase, events: Mapping[str, str]
) -> None:
    """PHASE_OUT_OF_ORDER for a jump, PHASE_STEP_MISSING while the present phase isn't through."""
    expected = following(terms, current)
    if expected is None or expected.code != wanted.code:
        raise StateRefused(
            "PHASE_OUT_OF_ORDER", field="phase", current=current or "-", value=wanted.code,
            following=expected.code if expected else "-",
        )  # fmt: skip
    present = phase_of(terms, current)
    for step in present.steps if present else ():
        if step.event not in events:
            raise StateRefused("PHASE_STEP_MISSING", field="phase", missing=step.event)


def check_dates(terms: VerticalPlaybook, event: str, on: date, events: Mapping[str, str]) -> None:
    """CONTRACT_EVENTS_DISORDERED where an event of the life's course would come before one that precedes it."""
    course: list[str] = []
    for phase in phases_of(terms):
        course += [phase.entered_on, *(step.event for step in phase.steps)]
    if event not in course:
        return
    place = course.index(event)
    for earlier in course[:place]:
        if earlier in events and date.fromisoformat(events[earlier]) > on:
            raise InvalidInput(
                "CONTRACT_EVENTS_DISORDERED", field="on", value=event, earlier=earlier, day=events[earlier]
            )
    for later in course[place + 1 :]:
        if later in events and date.fromisoformat(events[later]) < on:
            raise InvalidInput("CONTRACT_EVENTS_DISORDERED", field="on", value=later, earlier=event, day=str(on))


def last_free_day(
    promised: Iterable[WarrantyTerm], events: Mapping[str, date], zone: ZoneInfo, ends_on: date | None = None
) -> date | None:
    """The last day of the longest term whose start is known, else the contract's last day; None while neither is."""
    ends: list[date] = []
    for term in promised:
        own = events.get(term.starts_on)
        other = events.get(term.fallback_start) if term.fallback_start else None
        start = other if own is None or (term.later_start_counts and other is not None and other > own) else own
        if term.amount is None or start is None:
            continue
        end = term_end(start, term.amount, term.unit, zone=zone, end_rule=term.end_rule, roll_holiday=term.roll_holiday)
        ends.append(end.last_day)
    return max(ends, default=ends_on)


def promised_terms(terms: VerticalPlaybook, agreed: Iterable[WarrantyTerm]) -> list[WarrantyTerm]:
    """The warranty terms, with what a contract agreed in the place of the same class's term."""
    own = {term.warranty_class: term for term in agreed}
    return [*own.values(), *(term for term in terms.warranty_terms if term.warranty_class not in own)]


def phase_on(terms: VerticalPlaybook, current: str | None, free_until: date | None, on: date) -> LifecyclePhase | None:
    """The phase on a day: the present one, or the one that begins by itself when the longest term is over."""
    after = following(terms, current)
    if after is not None and after.entered_on == TERM_OVER and free_until is not None and on > free_until:
        return after
    return phase_of(terms, current)


def billable_on(terms: VerticalPlaybook, current: str | None, free_until: date | None, on: date) -> bool:
    """Whether the free term is over on a day: work is charged then, and never refused (P01-03, P09-12)."""
    phase = phase_on(terms, current, free_until, on)
    return (phase is not None and phase.billable) or (free_until is not None and on > free_until)
