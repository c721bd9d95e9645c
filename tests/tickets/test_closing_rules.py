"""What must be on record before a ticket is opened, resolved or closed."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import msgspec
import pytest

from aftersales import ClosingRule, Label, MajorIncidentRule, TargetScope
from aftersales.kit.messages import MESSAGES
from aftersales.tickets.closing_rules import (
    REFUSALS,
    Evidence,
    TicketTraits,
    fulfilled,
    in_scope,
    major_incident,
    missing,
)

NOON = datetime(2026, 6, 10, 4, 0, tzinfo=UTC)
TRAITS = TicketTraits(kind="fault", channel="phone", tier="standard", grade="g1", region_class="near")
NEEDS = get_args(next(f for f in msgspec.structs.fields(ClosingRule) if f.name == "needs").type)
FULL = Evidence(
    call_records=1,
    cause="worn seal",
    measures="replaced",
    customer_satisfied=True,
    emergency_plans=1,
    signed_off_orders=1,
    arrivals=1,
    last_contact_at=NOON,
    last_reply_at=NOON,
)


@pytest.mark.parametrize("need", NEEDS)
def test_every_need_a_rule_can_name_is_told_apart_and_has_a_message(need: str) -> None:
    assert fulfilled(need, FULL)
    assert not fulfilled(need, Evidence())
    assert REFUSALS[need] in MESSAGES


def test_a_reply_must_not_be_older_than_the_latest_contact() -> None:
    later = Evidence(last_contact_at=NOON + timedelta(minutes=1), last_reply_at=NOON)
    assert not fulfilled("reply", later)


def test_a_cause_without_measures_is_not_enough() -> None:
    assert not fulfilled("cause_and_measures", Evidence(cause="worn seal"))


def rule(stage: str, need: str, scope: TargetScope | None = None) -> ClosingRule:
    return msgspec.convert(
        {"code": need, "label": {"zh": need, "en": need}, "clause": "P08-21", "before": stage, "needs": need,
         "scope": scope or TargetScope()},
        ClosingRule, from_attributes=True,
    )  # fmt: skip


def test_only_rules_of_the_stage_and_scope_that_are_not_fulfilled_are_missing() -> None:
    by_phone = rule("open", "call_record", TargetScope(channels=("phone",)))
    by_mail = rule("open", "reply", TargetScope(channels=("email",)))
    at_close = rule("close", "customer_confirmation")
    rules = (by_phone, by_mail, at_close)
    assert missing(rules, "open", TRAITS, Evidence()) == (by_phone,)
    assert missing(rules, "open", TRAITS, FULL) == ()
    assert missing(rules, "close", TRAITS, Evidence()) == (at_close,)
    assert missing(rules, "resolve", TRAITS, Evidence()) == ()


@pytest.mark.parametrize(
    ("scope", "fits"),
    [
        (TargetScope(), True),
        (TargetScope(kinds=("fault",), grades=("g1", "g2")), True),
        (TargetScope(kinds=("question",)), False),
        (TargetScope(regions=("far",)), False),
        (TargetScope(symptoms=("leak",)), False),
    ],
)
def test_a_dimension_that_is_named_must_match(scope: TargetScope, fits: bool) -> None:
    assert in_scope(scope, TRAITS) is fits


@pytest.mark.clause("P10-26")
def test_a_grade_named_by_a_rule_makes_a_major_incident() -> None:
    major = MajorIncidentRule(
        code="lead_group",
        label=Label("领导小组", "Lead group"),
        clause="P10-26",
        grades=("g1",),
        notify_roles=("owner",),
    )
    assert major_incident((major,), "g1") is major
    assert major_incident((major,), "g2") is None
    assert major_incident((major,), None) is None
