"""Who may be sent and who is best, as pure decisions."""

from datetime import date
from typing import Any

import pytest

from aftersales.kit.errors import StateRefused
from aftersales.kit.ids import new_id
from aftersales.terms.base import Label
from aftersales.terms.classification import WorkType
from aftersales.work.rules import (
    EngineerFacts,
    Needs,
    check_fit,
    needs_of,
    next_order_state,
    next_visit_state,
    propose,
)

TEAM = new_id()
TEMPORARY_POWER = WorkType(
    code="temp_power",
    label=Label("临时用电", "Temporary power"),
    clause="P05-15",
    skills=("electrician",),
    certificates=("electrician",),
)
NEEDS = needs_of(TEMPORARY_POWER, last_day=date(2026, 5, 31), region="110108", unit=TEAM)


def engineer(code: str, **given: Any) -> EngineerFacts:
    """An electrician with a certificate that is valid to the end of May 2026."""
    given.setdefault("skills", ("electrician",))
    given.setdefault("certificates", {"electrician": date(2026, 5, 31)})
    return EngineerFacts(**{"id": new_id(), "code": code, "name": code, "party": "company", **given})


@pytest.mark.clause("P05-12")
@pytest.mark.parametrize(("day", "refused"), [(date(2026, 5, 31), None), (date(2026, 6, 1), "CERTIFICATE_EXPIRED")])
def test_a_certificate_counts_to_the_end_of_its_last_day(day: date, refused: str | None) -> None:
    needs = Needs(skills=(), certificates=("electrician",), last_day=day)
    held = {"electrician": date(2026, 5, 31)}
    if refused is None:
        check_fit(needs, (), held)
        return
    with pytest.raises(StateRefused) as refusal:
        check_fit(needs, (), held)
    assert (refusal.value.code, refusal.value.field) == (refused, "engineerId")


@pytest.mark.clause("P05-15")
def test_temporary_power_is_for_electricians() -> None:
    with pytest.raises(StateRefused) as refusal:
        check_fit(NEEDS, ("gardener",), {"electrician": date(2027, 1, 1)})
    assert (refusal.value.code, refusal.value.params["skill"]) == ("SKILL_MISSING", "electrician")
    with pytest.raises(StateRefused) as refusal:
        check_fit(NEEDS, ("electrician",), {})
    assert refusal.value.code == "CERTIFICATE_MISSING"


def test_work_without_a_type_asks_for_nothing() -> None:
    needs = needs_of(None, last_day=date(2026, 5, 31))
    assert (needs.skills, needs.certificates) == ((), ())


@pytest.mark.clause("P08-20", "P09-05", "P14-05")
def test_nearness_then_level_then_load_decide_and_the_score_is_the_sum_of_its_reasons() -> None:
    found = propose(
        NEEDS,
        [
            engineer("far", regions=("51",), level=1),
            engineer("office", regions=("11",), level=2),
            engineer("agent", regions=("1101",), level=1),
            engineer("busy_agent", regions=("1101",), level=1, visits_that_day=2),
            engineer("own_team", regions=("1101",), level=1, service_unit_id=TEAM),
        ],
    )
    assert [(candidate.engineer.code, candidate.score) for candidate in found] == [
        ("own_team", 40 + 20 + 30),
        ("agent", 40 + 20),
        ("busy_agent", 40 + 20 - 10),
        ("office", 20 + 10),
        ("far", 0 + 20),
    ]
    for candidate in found:
        assert candidate.fit
        assert candidate.score == sum(reason.points for reason in candidate.reasons)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"rejected": True}, "rejected"),
        ({"busy": True}, "busy"),
        ({"active": False}, "inactive"),
        ({"skills": ()}, "skill_missing"),
        ({"certificates": {}}, "certificate_missing"),
        ({"certificates": {"electrician": date(2026, 5, 30)}}, "certificate_expired"),
    ],
)
def test_who_may_not_go_is_listed_last_with_the_reason(given: dict[str, Any], code: str) -> None:
    near = engineer("A", regions=("110108",), level=1, **given)
    found = propose(NEEDS, [near, engineer("Z", regions=("51",))])
    assert [(candidate.engineer.code, candidate.fit) for candidate in found] == [("Z", True), ("A", False)]
    assert [reason.code for reason in found[1].reasons if reason.blocks] == [code]


VISITS = {
    ("planned", "dispatch"): "dispatched",
    ("planned", "arrive"): "arrived",
    ("dispatched", "arrive"): "arrived",
    ("arrived", "finish"): "done",
    ("planned", "cancel"): "cancelled",
    ("dispatched", "cancel"): "cancelled",
    ("planned", "miss"): "missed",
    ("dispatched", "miss"): "missed",
}


@pytest.mark.parametrize("operation", ["dispatch", "arrive", "finish", "cancel", "miss"])
@pytest.mark.parametrize("state", ["planned", "dispatched", "arrived", "done", "cancelled", "missed"])
def test_the_states_of_a_visit_follow_each_other(state: str, operation: Any) -> None:
    expected = VISITS.get((state, operation))
    if expected is not None:
        assert next_visit_state(state, operation) == expected
        return
    with pytest.raises(StateRefused) as refusal:
        next_visit_state(state, operation)
    assert refusal.value.code == "APPOINTMENT_STATE_REFUSED"


ORDERS = {
    ("open", "plan"): "open",
    ("open", "add_line"): "open",
    ("done", "add_line"): "done",
    ("open", "complete"): "done",
    ("done", "sign_off"): "signed_off",
    ("open", "cancel"): "cancelled",
}


@pytest.mark.parametrize("operation", ["plan", "add_line", "complete", "sign_off", "cancel"])
@pytest.mark.parametrize("state", ["open", "done", "signed_off", "cancelled"])
def test_the_states_of_a_work_order_follow_each_other(state: str, operation: Any) -> None:
    expected = ORDERS.get((state, operation))
    if expected is not None:
        assert next_order_state(state, operation) == expected
        return
    with pytest.raises(StateRefused) as refusal:
        next_order_state(state, operation)
    assert refusal.value.code == "WORK_ORDER_STATE_REFUSED"
