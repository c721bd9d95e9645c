"""How facts lead to a grade, and a grade to a priority. Pure: no I/O, no clock."""

from typing import Any, Literal

import msgspec
from msgspec import Struct

from aftersales.kit.errors import InvalidInput
from aftersales.plugins.verdicts import GradeVerdict
from aftersales.terms.classification import FaultGrade, GradeRule, GradeScheme

DecidedBy = Literal["person", "rule", "classifier", "default", "emergency"]

UNGRADED_PRIORITY = 3
"""The priority of a ticket without a grade; 1 is the most urgent."""


class GradeDecision(Struct, frozen=True, kw_only=True):
    """A grade, who or what decided it, why, and by which clause."""

    grade: FaultGrade
    decided_by: DecidedBy
    reason: str
    clause: str | None = None


def typed_facts(facts_type: type[Struct], raw: dict[str, Any]) -> Struct:
    """The facts as the vertical's own type; FACTS_INVALID names the fact that doesn't fit, unknown ones too."""
    known = set(facts_type.__struct_encode_fields__)
    unknown = next((name for name in raw if name not in known), None)
    if unknown is not None:
        raise facts_invalid(unknown, f"unknown; known: {', '.join(sorted(known))}")
    try:
        return msgspec.convert(raw, facts_type)
    except msgspec.ValidationError as fault:
        reason, _, place = str(fault).partition(" - at `$")
        name: str | None = place.strip("`").lstrip(".") or _first_missing(facts_type, raw)
        raise facts_invalid(name, reason) from None


def facts_invalid(name: str | None, reason: str) -> InvalidInput:
    """The refusal of a fact; of the facts as a whole when no single one is to blame."""
    field = "facts" if name is None else f"facts.{name}"
    return InvalidInput("FACTS_INVALID", field=field, fact=name or "facts", reason=reason)


def _first_missing(facts_type: type[Struct], raw: dict[str, Any]) -> str | None:
    missing = (field.encode_name for field in msgspec.structs.fields(facts_type) if field.required)
    return next((name for name in missing if name not in raw), None)


def matching_rule(scheme: GradeScheme, facts: Struct) -> GradeRule | None:
    """The first rule whose every named fact has the given value."""
    for rule in scheme.rules:
        if all(getattr(facts, name, None) == wanted for name, wanted in rule.when.items()):
            return rule
    return None


def says_nothing(facts: Struct) -> bool:
    """Whether intake recorded no fact at all: every field has its default, so there is nothing to classify."""
    return all(getattr(facts, field.name) == field.default for field in msgspec.structs.fields(facts))


def declared_grade(scheme: GradeScheme, code: str) -> FaultGrade:
    """The grade of that code; GRADE_UNKNOWN lists those that the vertical declares (P10-14)."""
    found = scheme.grade(code)
    if found is None:
        known = ", ".join(grade.code for grade in scheme.grades)
        raise InvalidInput("GRADE_UNKNOWN", field="grade", value=code, known=known)
    return found


def gravest_emergency(scheme: GradeScheme) -> FaultGrade | None:
    """The gravest of the grades that open round-the-clock handling."""
    return min((grade for grade in scheme.grades if grade.emergency), key=lambda grade: grade.rank, default=None)


def by_person(scheme: GradeScheme, code: str, reason: str) -> GradeDecision:
    return GradeDecision(grade=declared_grade(scheme, code), decided_by="person", reason=reason)


def by_rule(scheme: GradeScheme, rule: GradeRule) -> GradeDecision:
    named = ", ".join(f"{name} = {msgspec.json.encode(value).decode()}" for name, value in rule.when.items())
    return GradeDecision(
        grade=declared_grade(scheme, rule.grade), decided_by="rule", reason=named, clause=rule.clause or scheme.clause
    )


def by_classifier(scheme: GradeScheme, verdict: GradeVerdict, language: str) -> GradeDecision:
    reason = verdict.reason.zh if language == "zh-CN" else verdict.reason.en
    return GradeDecision(
        grade=declared_grade(scheme, verdict.grade), decided_by="classifier", reason=reason, clause=verdict.clause
    )


def by_default(scheme: GradeScheme) -> GradeDecision:
    return GradeDecision(
        grade=declared_grade(scheme, scheme.default_grade),
        decided_by="default",
        reason="no rule matched the facts",
        clause=scheme.clause,
    )


def by_emergency(scheme: GradeScheme, decided: GradeDecision, reason: str) -> GradeDecision:
    """A declared emergency (A28) raises the grade to the gravest emergency grade, where the vertical has one."""
    gravest = gravest_emergency(scheme)
    if gravest is None or decided.grade.emergency:
        return decided
    return GradeDecision(grade=gravest, decided_by="emergency", reason=reason, clause=gravest.clause)


def with_emergency(facts_type: type[Struct], raw: dict[str, Any], reason: str | None) -> dict[str, Any]:
    """The facts with the declared emergency and its reason, as far as the vertical has facts of these names."""
    known = set(facts_type.__struct_encode_fields__)
    stated = {"emergency": True, "emergency_reason": reason}
    return {**raw, **{name: value for name, value in stated.items() if name in known}}


def priority_of(grade: FaultGrade | None, *, emergency: bool) -> int:
    """1 (most urgent) to 5: the grade's rank; an emergency is always 1."""
    if emergency or (grade is not None and grade.emergency):
        return 1
    return UNGRADED_PRIORITY if grade is None else max(1, min(5, grade.rank))
