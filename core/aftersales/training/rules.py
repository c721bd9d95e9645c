"""What a course demands of people, classes and certificates. Pure: no I/O, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from aftersales.calendars.terms import term_end
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.text import NAME_LIMIT, camel, clean_text
from aftersales.terms.planned import Curriculum, CurriculumTrigger

DutyState = Literal["due", "held", "unmet", "cancelled"]
SessionState = Literal["tentative", "agreed", "confirmed", "held", "cancelled"]
TaskKind = Literal["provide_venue", "name_successor"]
TaskState = Literal["open", "done", "cancelled"]

LONGEST_MONTHS: Final = 1200
MOST_DAYS: Final = 3660
MOST_ITEMS: Final = 100
MOST_LEVELS: Final = 20
EVENTS: Final[Mapping[str, CurriculumTrigger]] = {
    "acceptance": "acceptance",
    "go_live": "go_live",
    "handover": "handover",
}
"""Phases of a contract that are a trigger of their own."""

_MOVES: Final[Mapping[str, tuple[frozenset[str], SessionState]]] = {
    "agree": (frozenset({"tentative"}), "agreed"),
    "move": (frozenset({"tentative", "agreed", "confirmed"}), "tentative"),
    "confirm": (frozenset({"tentative", "agreed"}), "confirmed"),
    "hold": (frozenset({"confirmed"}), "held"),
    "cancel": (frozenset({"tentative", "agreed", "confirmed"}), "cancelled"),
}


class Notice(Struct, frozen=True, kw_only=True):
    """A warning: its code of the catalogue of messages, and what the message names."""

    code: str
    value: str


class Part(Struct, frozen=True, kw_only=True):
    """What one class gave a person: units attended, outcomes shown or failed; parts come in the order of classes."""

    units: tuple[str, ...]
    results: Mapping[str, bool]


class Progress(Struct, frozen=True, kw_only=True):
    """How far a person is in a course."""

    units: tuple[str, ...]
    missing_units: tuple[str, ...]
    passed: tuple[str, ...]
    missing_outcomes: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not (self.missing_units or self.missing_outcomes)


def next_state(state: str, move: str) -> SessionState:
    """The state of a class after a move; TRAINING_SESSION_STATE_REFUSED where there is no such way."""
    sources, target = _MOVES[move]
    if state not in sources:
        raise StateRefused("TRAINING_SESSION_STATE_REFUSED", field="trainingSessionId", state=state)
    return target


def outcomes_for(course: Curriculum, role: str) -> tuple[str, ...]:
    """What somebody of that role must show in the end (P09-34, P09-35)."""
    return next((found.outcomes for found in course.role_outcomes if found.role == role), course.outcomes)


def in_audience(course: Curriculum, role: str) -> bool:
    """Whether the course is for that role; one without an audience is for everybody."""
    return not course.audience or role in course.audience


def progress(course: Curriculum, role: str, parts: Sequence[Part]) -> Progress:
    """What the person attended and showed in all classes together; the last result of an outcome counts."""
    attended = {unit for part in parts for unit in part.units}
    results: dict[str, bool] = {}
    for part in parts:
        results |= part.results
    wanted = outcomes_for(course, role)
    return Progress(
        units=tuple(unit for unit in course.units if unit in attended),
        missing_units=tuple(unit for unit in course.units if unit not in attended),
        passed=tuple(outcome for outcome in wanted if results.get(outcome) is True),
        missing_outcomes=tuple(outcome for outcome in wanted if results.get(outcome) is not True),
    )


def missing_units(course: Curriculum, taught: Iterable[str]) -> tuple[str, ...]:
    """The units that no class has taught yet, in the order of the course (P13-35)."""
    done = set(taught)
    return tuple(unit for unit in course.units if unit not in done)


def is_ready(course: Curriculum, role: str, made: Progress) -> bool:
    """Whether somebody may do what waits for the course: every outcome was shown, or every unit where none is asked."""
    return not made.missing_outcomes if outcomes_for(course, role) else made.complete


def check_units(course: Curriculum, units: Sequence[str], field: str) -> tuple[str, ...]:
    """The units in the order of the course. TRAINING_UNIT_UNKNOWN names those that there are."""
    for unit in units:
        if unit not in course.units:
            raise InvalidInput("TRAINING_UNIT_UNKNOWN", field=field, value=unit, known=", ".join(course.units))
    return tuple(unit for unit in course.units if unit in units)


def check_outcome(course: Curriculum, role: str, outcome: str, field: str) -> None:
    """TRAINING_OUTCOME_UNKNOWN unless the course asks it of that role."""
    wanted = outcomes_for(course, role)
    if outcome not in wanted:
        raise InvalidInput("TRAINING_OUTCOME_UNKNOWN", field=field, value=outcome, known=", ".join(wanted))


def preparing(course: Curriculum, courses: Iterable[Curriculum]) -> tuple[frozenset[str], ...]:
    """What must have been passed before: sets of courses of each of which one is needed (P01-22).

    Every prerequisite by its own; for a higher level one of the courses a level below on the same track.
    """
    needed = [frozenset({code}) for code in course.prerequisites]
    if course.level is not None and course.level > 1:
        below = frozenset(
            other.code for other in courses if other.track == course.track and other.level == course.level - 1
        )
        if below:
            needed.append(below)
    return tuple(needed)


def earlier_stage(course: Curriculum, courses: Iterable[Curriculum]) -> frozenset[str]:
    """The courses of the stage before on the same track; empty for a first stage (P13-33)."""
    if course.stage is None or course.stage <= 1:
        return frozenset()
    return frozenset(other.code for other in courses if other.track == course.track and other.stage == course.stage - 1)


def enrolment_warnings(
    course: Curriculum, role: str, passed: frozenset[str], courses: Iterable[Curriculum]
) -> list[Notice]:
    """What is odd about somebody in a class; it is noted, not refused (P01-21)."""
    found: list[Notice] = []
    if not in_audience(course, role):
        found.append(Notice(code="TRAINEE_OUTSIDE_AUDIENCE", value=role))
    for needed in preparing(course, courses):
        if not needed & passed:
            found.append(Notice(code="TRAINEE_UNPREPARED", value=", ".join(sorted(needed))))
    return found


def last_valid_day(issued_on: date, months: int | None, zone: str) -> date | None:
    """The last day of a certificate (civil code: the corresponding day); None for one that holds for good."""
    return None if months is None else term_end(issued_on, months, "month", zone=ZoneInfo(zone)).last_day


def refresh_day(course: Curriculum, issued_on: date, zone: str) -> date | None:
    """By when a certificate is to be refreshed: after the course's refresher months, else as it expires."""
    return last_valid_day(issued_on, course.refresher_months or course.valid_months, zone)


def is_valid(valid_until: date | None, on: date) -> bool:
    """Whether a certificate holds on a day."""
    return valid_until is None or on <= valid_until


def attached(course: Curriculum, asset_types: Iterable[str]) -> bool:
    """Whether a course belongs to an asset of these types, its own and those of what it is a part of (P13-30)."""
    return not course.asset_types or bool(set(course.asset_types) & set(asset_types))


def gated_by(phase: str) -> frozenset[str]:
    """The gates that a phase of a contract stands behind; going live is accepting as well (P08-01)."""
    return frozenset({phase, "acceptance"}) if phase == "go_live" else frozenset({phase})


def falls_due_at(course: Curriculum, phase: str) -> bool:
    """Whether a contract's entering a phase makes the course due."""
    if course.trigger == "phase":
        return course.phase == phase
    return EVENTS.get(phase) == course.trigger and course.before is None


def is_over_at(course: Curriculum, phase: str, previous: str | None) -> bool:
    """Whether the course must have been held when a contract goes from one phase to the next (P11-50, P13-36)."""
    if course.before is not None:
        return course.before == phase
    return course.trigger == "phase" and previous is not None and course.phase == previous and phase != previous


def owed_at_signature(course: Curriculum) -> bool:
    """Whether a signed contract makes the course due: by itself, or because something may not come before it."""
    return course.given_to == "customer" and (course.trigger == "contract" or course.before is not None)


def is_past(course: Curriculum, triggered_on: date, present: date) -> bool:
    """Whether a course's last day was over before today; never without a number (A05)."""
    return course.due_days is not None and triggered_on + timedelta(days=course.due_days) < present


def days_until(start: date, last_day: date) -> tuple[date, int]:
    """First day and length of a budget in days that ends with `last_day`; at least a day, whatever lies between."""
    days = (last_day - start).days
    return (start, days) if days > 0 else (last_day - timedelta(days=1), 1)


def check_curriculum(course: Curriculum, known: Iterable[str]) -> Curriculum:
    """The course with clean texts. CURRICULUM_INVALID names the field that can't stand.

    `known` are the codes that a prerequisite may name.
    """
    name = clean_text(course.label.zh, "name", NAME_LIMIT, required=True)
    english = clean_text(course.label.en, "nameEn", NAME_LIMIT) or name
    if course.trigger not in get_args(CurriculumTrigger):
        known_triggers = ", ".join(get_args(CurriculumTrigger))
        raise InvalidInput(
            "VALUE_UNKNOWN", field="trigger", field_name="trigger", value=course.trigger, known=known_triggers
        )
    if not course.units:
        raise _invalid("units")
    for field in ("audience", "units", "outcomes", "prerequisites", "asset_types"):
        _check_list(getattr(course, field), camel(field))
    if len(course.role_outcomes) > MOST_ITEMS:
        raise _invalid("roleOutcomes")
    for position, given in enumerate(course.role_outcomes):
        if course.audience and given.role not in course.audience:
            raise _invalid(f"roleOutcomes.{position}.role")
        _check_list(given.outcomes, f"roleOutcomes.{position}.outcomes")
    if len({given.role for given in course.role_outcomes}) < len(course.role_outcomes):
        raise _invalid("roleOutcomes")
    for field, most in (
        ("due_days", MOST_DAYS), ("valid_months", LONGEST_MONTHS), ("refresher_months", LONGEST_MONTHS),
        ("stage", MOST_LEVELS), ("level", MOST_LEVELS),
    ):  # fmt: skip
        value = getattr(course, field)
        if value is not None and not 1 <= value <= most:
            raise _invalid(camel(field))
    if (course.phase is None) == (course.trigger == "phase"):
        raise _invalid("phase")
    if course.code in course.prerequisites or not set(course.prerequisites) <= {*known}:
        raise _invalid("prerequisites")
    return msgspec.structs.replace(course, label=msgspec.structs.replace(course.label, zh=name, en=english))


def _check_list(values: Sequence[str], field: str) -> None:
    if len(values) > MOST_ITEMS or len(set(values)) < len(values):
        raise _invalid(field)
    for value in values:
        clean_text(value, field, NAME_LIMIT, required=True)


def _invalid(field: str) -> InvalidInput:
    return InvalidInput("CURRICULUM_INVALID", field=field, value=field)
