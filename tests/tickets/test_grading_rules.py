"""How facts lead to a grade."""

from typing import Any

import pytest
from msgspec import Struct

from aftersales import FaultGrade, GradeRule, GradeScheme, GradeVerdict, Label
from aftersales.kit.errors import InvalidInput
from aftersales.tickets import grading_rules as rules


class OutageFacts(Struct, frozen=True, kw_only=True):
    down: bool = False
    risk_of_outage: bool = False
    users: int = 0


class RequiredFacts(Struct, frozen=True, kw_only=True):
    pump: str


def grade(code: str, rank: int, *, emergency: bool = False) -> FaultGrade:
    return FaultGrade(code=code, label=Label(code, code), clause="P10-14", rank=rank, emergency=emergency)


SCHEME = GradeScheme(
    code="outages",
    label=Label("故障", "Outages"),
    clause="P10-14",
    grades=(grade("g1", 1, emergency=True), grade("g2", 2), grade("g3", 3), grade("g4", 4)),
    facts=OutageFacts,
    rules=(
        GradeRule(grade="g1", when={"down": True}, clause="P10-15"),
        GradeRule(grade="g2", when={"down": False, "risk_of_outage": True}, clause="P10-16"),
    ),
    default_grade="g4",
)


def decided(raw: dict[str, Any]) -> str | None:
    rule = rules.matching_rule(SCHEME, rules.typed_facts(OutageFacts, raw))
    return rule.grade if rule else None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"down": True}, "g1"),
        ({"down": True, "risk_of_outage": True}, "g1"),
        ({"risk_of_outage": True}, "g2"),
        ({"users": 3}, None),
        ({}, None),
    ],
)
def test_the_first_rule_wins_whose_every_fact_holds(raw: dict[str, Any], expected: str | None) -> None:
    assert decided(raw) == expected


@pytest.mark.parametrize(
    ("facts_type", "raw", "field"),
    [
        (OutageFacts, {"down": "yes"}, "facts.down"),
        (OutageFacts, {"users": -1.5}, "facts.users"),
        (OutageFacts, {"colour": "red"}, "facts.colour"),
        (RequiredFacts, {}, "facts.pump"),
    ],
)
def test_facts_that_do_not_fit_are_refused_by_name(facts_type: type[Struct], raw: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        rules.typed_facts(facts_type, raw)
    assert (refusal.value.code, refusal.value.field) == ("FACTS_INVALID", field)


def test_a_grade_that_is_not_declared_is_refused_and_the_known_ones_are_listed() -> None:
    with pytest.raises(InvalidInput) as refusal:
        rules.declared_grade(SCHEME, "g5")
    assert refusal.value.code == "GRADE_UNKNOWN"
    assert "g1, g2, g3, g4" in refusal.value.message("en")


def test_the_default_says_that_no_rule_matched() -> None:
    decision = rules.by_default(SCHEME)
    assert (decision.grade.code, decision.decided_by) == ("g4", "default")


def test_a_rule_keeps_its_clause_and_its_facts_as_the_reason() -> None:
    decision = rules.by_rule(SCHEME, SCHEME.rules[1])
    assert decision.clause == "P10-16"
    assert decision.reason == "down = false, risk_of_outage = true"


def test_the_classifier_speaks_the_tenants_language() -> None:
    verdict = GradeVerdict(grade="g3", reason=Label("部分退化", "partly degraded"), clause="P10-17")
    assert rules.by_classifier(SCHEME, verdict, "zh-CN").reason == "部分退化"
    assert rules.by_classifier(SCHEME, verdict, "en").reason == "partly degraded"


def test_a_declared_emergency_raises_the_grade_with_its_reason() -> None:
    raised = rules.by_emergency(SCHEME, rules.by_default(SCHEME), "gas leak beside the trees")
    assert (raised.grade.code, raised.decided_by, raised.reason) == ("g1", "emergency", "gas leak beside the trees")


def test_a_declared_emergency_leaves_a_decided_emergency_alone() -> None:
    decision = rules.by_rule(SCHEME, SCHEME.rules[0])
    assert rules.by_emergency(SCHEME, decision, "again") is decision


def test_priority_follows_the_rank_and_an_emergency_is_always_first() -> None:
    assert [rules.priority_of(found, emergency=False) for found in SCHEME.grades] == [1, 2, 3, 4]
    assert rules.priority_of(SCHEME.grades[3], emergency=True) == 1
    assert rules.priority_of(None, emergency=False) == rules.UNGRADED_PRIORITY
