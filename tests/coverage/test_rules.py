"""Terms, floors, usage, extensions, formalities: how a verdict is reached, and what is refused."""

from datetime import date
from typing import Any

import pytest

from aftersales.coverage.compiling import agreed_terms, check_agreed
from aftersales.coverage.explanations import OUTCOME_TEXTS, PAYER_TEXTS, REASON_TEXTS, WHY_TEXTS, explain
from aftersales.coverage.standings import starts_of
from aftersales.coverage.values import OUTCOMES, PAYERS, REASONS, PartHistory
from aftersales.kit.errors import AftersalesError
from aftersales.terms.coverage import UsageLimit
from tests.coverage.asking import (
    CAR,
    GARDEN,
    HOSPITAL,
    PROJECTS,
    SOLAR,
    ask,
    cause,
    exclusion,
    floor,
    installed,
    plan,
    term,
    told,
)
from tests.verticals.terms_of import terms_of

LEAP = plan(term(1, "year"))


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end_rule", "last_day"),
    [
        ("2028-02-29", 1, "year", "civil_code", "2029-02-28"),
        ("2028-02-29", 1, "year", "half_open", "2029-02-28"),
        ("2026-01-31", 1, "month", "civil_code", "2026-02-28"),
        ("2026-03-01", 3, "year", "civil_code", "2029-03-01"),
        ("2026-03-01", 3, "year", "half_open", "2029-02-28"),
        ("2026-03-01", 10, "day", "civil_code", "2026-03-11"),
    ],
)
def test_the_last_day_is_covered_and_the_next_is_not(
    start: str, amount: int, unit: str, end_rule: str, last_day: str
) -> None:
    terms = plan(term(amount, unit, end_rule=end_rule))
    last = date.fromisoformat(last_day)
    assert ask(terms, "unit", last_day, starts=start).covered
    assert ask(terms, "unit", str(date.fromordinal(last.toordinal() + 1)), starts=start).reason == "EXPIRED"


def test_an_end_on_a_holiday_rolls_where_the_term_says_so() -> None:
    """Given a term that ends on Saturday 2026-10-03, in the National Day holiday, then 2026-10-08 is its last day."""
    rolled = ask(plan(term(1, "month", roll_holiday=True)), "unit", "2026-10-08", starts="2026-09-03")
    assert rolled.covered
    assert date(2026, 10, 3) in rolled.standing.rolled_over
    assert not ask(plan(term(1, "month")), "unit", "2026-10-08", starts="2026-09-03").covered


@pytest.mark.parametrize(
    ("on", "usage", "reason"),
    [
        ("2028-06-01", 60_000, "COVERED"),
        ("2028-06-01", 60_001, "USAGE_EXCEEDED"),
        ("2029-03-01", 60_000, "COVERED"),
        ("2029-03-02", 10, "EXPIRED"),
    ],
)
def test_a_car_is_covered_until_the_day_or_the_kilometre_that_comes_first(on: str, usage: int, reason: str) -> None:
    verdict = ask(CAR, "engine", on, "product_quality", starts={"invoice": "2026-03-01"}, usage=usage)
    assert verdict.reason == reason


@pytest.mark.parametrize(
    ("starts", "first"),
    [
        ({"invoice": "2026-03-01"}, "2026-03-01"),
        ({"delivery": "2026-03-09"}, "2026-03-09"),
        ({"invoice": "2026-03-01", "delivery": "2026-03-09"}, "2026-03-09"),
        ({"invoice": "2026-03-09", "delivery": "2026-03-01"}, "2026-03-09"),
    ],
)
def test_a_cars_term_runs_from_the_invoice_or_a_later_delivery(starts: dict[str, str], first: str) -> None:
    verdict = ask(CAR, "engine", "2026-06-01", "product_quality", starts=starts, usage=10)
    assert str(verdict.standing.starts_on) == first


def test_a_fallback_start_counts_only_where_the_first_is_unknown() -> None:
    terms = plan(term(12, starts_on="handover", fallback_start="acceptance"))
    both = ask(terms, "unit", "2026-06-01", starts={"handover": "2026-03-01", "acceptance": "2026-04-01"})
    other = ask(terms, "unit", "2026-06-01", starts={"acceptance": "2026-04-01"})
    assert (both.standing.starts_on, other.standing.starts_on) == (date(2026, 3, 1), date(2026, 4, 1))


@pytest.mark.parametrize(
    ("promised", "least", "winner"), [(36, 24, "term"), (12, 24, "floor"), (24, 24, "term"), (None, 24, "floor")]
)
def test_the_longer_of_promise_and_floor_counts(promised: int | None, least: int, winner: str) -> None:
    verdict = ask(plan(term(promised), floors=[floor(least, "month")]), "unit", "2026-06-01")
    assert (verdict.rules[0].rule, verdict.rules[0].won) == (winner, True)
    assert ("the law gives more" in explain(verdict, "en").summary) is (winner == "floor")


def test_law_gives_its_last_day_whatever_end_a_contract_chose() -> None:
    """Given two years half-open by contract and two years by law, then the law covers the corresponding day."""
    terms = plan(term(2, "year", end_rule="half_open"), floors=[floor(2, "year")])
    assert ask(terms, "unit", "2028-02-29").covered
    assert ask(terms, "unit", "2028-03-01").standing.code == "floor"
    assert ask(terms, "unit", "2028-03-02").reason == "EXPIRED"


def test_a_contract_cant_move_the_start_of_what_law_gives() -> None:
    """Given a car whose contract counts from the purchase, then the law still counts from the invoice."""
    agreed = term(3, "year", "purchase", warranty_class="whole_car", source="contract")
    car = installed("auto_4s", "passenger_car", agreed=[agreed])
    starts = {"purchase": "2026-01-01", "invoice": "2026-03-01"}
    verdict = ask(car, "engine", "2029-03-01", "product_quality", starts=starts, usage=10)
    assert (verdict.outcome, verdict.standing.source) == ("free", "statute")


def test_promise_and_floor_stand_side_by_side_in_days_and_kilometres() -> None:
    """Given 5 years or 30,000 km by promise and 3 years or 60,000 km by law, then either of them covers."""
    limit = UsageLimit(amount=30_000, unit="kilometre")
    terms = plan(term(5, "year", usage_limit=limit), floors=[floor(3, "year", kilometres=60_000)])
    assert ask(terms, "unit", "2027-01-01", usage=50_000).standing.code == "floor"
    assert ask(terms, "unit", "2030-01-01", usage=20_000).standing.code == "promise"
    assert ask(terms, "unit", "2030-01-01", usage=50_000).reason == "USAGE_EXCEEDED"


def test_a_law_that_came_later_doesnt_reach_back() -> None:
    terms = plan(term(12), floors=[floor(36, "month", since="2026-03-02")])
    assert ask(terms, "unit", "2027-03-02", starts="2026-03-01").reason == "EXPIRED"
    assert ask(terms, "unit", "2027-03-03", starts="2026-03-02").covered


def test_days_of_repair_extend_the_term_where_it_says_so() -> None:
    history = PartHistory(repair_days=10)
    assert ask(plan(term(12, extends_by_repair=True)), "unit", "2027-03-11", history=history).covered
    assert not ask(plan(term(12, extends_by_repair=True)), "unit", "2027-03-12", history=history).covered
    assert not ask(plan(term(12)), "unit", "2027-03-02", history=history).covered


def test_a_replaced_part_starts_anew_where_the_term_says_so() -> None:
    history = PartHistory(replaced_on=date(2026, 12, 1))
    verdict = ask(plan(term(12, restarts_on_replacement=True)), "unit", "2027-12-01", history=history)
    assert (verdict.covered, verdict.standing.restarted_on) == (True, date(2026, 12, 1))
    assert not ask(plan(term(12)), "unit", "2027-12-01", history=history).covered


def test_a_missing_paper_makes_work_billable_until_it_is_shown_but_not_what_law_gives() -> None:
    terms = plan(term(24, formalities=("warranty_card",)), floors=[floor(12, "month")])
    assert ask(terms, "unit", "2026-06-01").standing.code == "floor"
    without = ask(terms, "unit", "2027-06-01")
    assert (without.outcome, without.reason, without.provisional) == ("bill_full", "FORMALITY_MISSING", True)
    assert ask(terms, "unit", "2027-06-01", evidence=["warranty_card"]).covered


def test_an_open_cause_is_free_for_the_time_being() -> None:
    verdict = ask(SOLAR, "tank", "2026-06-01")
    assert (verdict.outcome, verdict.reason, verdict.provisional) == ("free", "CAUSE_OPEN", True)


@pytest.mark.parametrize("payer", ["damager", "dealer", "supplier"])
def test_whoever_the_exclusion_names_pays(payer: str) -> None:
    terms = plan(term(12), excluded=[exclusion("bill_full", "X 1", "elsewhere", bill_to=payer)])
    assert ask(terms, "unit", "2026-06-01", "elsewhere").payer == payer


def test_rejected_causes_stay_rejected_after_the_term() -> None:
    terms = plan(term(12), excluded=[exclusion("reject", "X 1", "stolen")])
    assert {told(ask(terms, "unit", on, "stolen")) for on in ("2026-06-01", "2030-06-01")} == {
        ("reject", "EXCLUDED", "X 1")
    }


GARDEN_DATES = {"handover": "2026-04-10", "completion": "2026-03-20"}


@pytest.mark.parametrize(
    ("code", "field", "question"),
    [
        ("COMPONENT_UNKNOWN", "component", {"component": "sail"}),
        ("CAUSE_UNKNOWN", "cause", {"cause": "witchcraft"}),
        ("CAUSE_UNKNOWN", "cause", {"cause": "expired"}),
        ("USAGE_INVALID", "usage", {"usage": -1}),
        ("USAGE_INVALID", "usage", {"usage": 2**31}),
        ("USAGE_BACKWARD", "usage", {"usage": 99, "previous_usage": 100}),
        ("OCCURRED_BEFORE_START", "occurredOn", {"on": "2026-02-28"}),
        ("INSTANT_IN_FUTURE", "occurredOn", {"on": "2026-06-02", "today": date(2026, 6, 1)}),
        ("WARRANTY_START_MISSING", "ticketId", {"starts": {}}),
        ("WARRANTY_TERM_NOT_STATED", "component", {"terms": PROJECTS, "component": "application"}),
        ("USAGE_REQUIRED", "usage", {"terms": CAR, "component": "engine", "starts": {"invoice": "2026-03-01"}}),
    ],
)
def test_what_cant_be_decided_is_refused_in_both_languages(code: str, field: str, question: dict[str, Any]) -> None:
    asked = {"terms": SOLAR, "component": "tank", "on": "2026-06-01", **question}
    with pytest.raises(AftersalesError) as refusal:
        ask(asked.pop("terms"), asked.pop("component"), asked.pop("on"), **asked)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert refusal.value.message("zh-CN") != refusal.value.message("en")


def test_the_first_day_itself_is_covered() -> None:
    assert ask(SOLAR, "tank", "2026-03-01", "product_quality").covered


def test_one_known_start_is_enough_for_two_entitlements() -> None:
    verdict = ask(GARDEN, "paving", "2027-01-01", "quality", starts={"completion": "2026-03-20"})
    assert verdict.standing.clause == "P05-35"


def test_a_contract_may_not_undercut_the_law() -> None:
    car = terms_of("auto_4s")
    with pytest.raises(AftersalesError) as refusal:
        check_agreed(term(2, "year", warranty_class="whole_car"), car)
    assert (refusal.value.code, refusal.value.field) == ("TERM_BELOW_STATUTORY_FLOOR", "amount")
    check_agreed(term(4, "year", warranty_class="whole_car"), car)
    with pytest.raises(AftersalesError) as unknown:
        check_agreed(term(4, "year", warranty_class="wings"), car)
    assert unknown.value.code == "WARRANTY_CLASS_UNKNOWN"


def test_a_contract_without_terms_of_its_own_agrees_on_nothing() -> None:
    assert agreed_terms(None) == agreed_terms({"targets": []}) == ()


def test_an_assets_own_days_come_before_its_parents() -> None:
    own = {"accepted_on": None, "completed_on": "2026-03-20"}
    parent = {"accepted_on": date(2026, 3, 1), "completed_on": "2026-01-01"}
    assert starts_of(own, parent) == {"acceptance": date(2026, 3, 1), "completion": date(2026, 3, 20)}


def test_every_verdict_can_be_told_in_both_languages() -> None:
    assert OUTCOME_TEXTS.keys() == set(OUTCOMES)
    assert PAYER_TEXTS.keys() == set(PAYERS)
    assert REASON_TEXTS.keys() == set(REASONS)
    limited = plan(
        term(12, usage_limit=UsageLimit(amount=100, unit="operating_hour"), extends_by_repair=True),
        covered=[cause("quality", "X 2")],
    )
    verdicts = [
        ask(SOLAR, "bracket", "2026-06-01", "product_quality", symptoms=["deformed"]),
        ask(SOLAR, "tank", "2026-06-01", "natural_disaster"),
        ask(SOLAR, "pump", "2028-06-01", "installation"),
        ask(HOSPITAL, "application", "2026-06-01", "virus"),
        ask(GARDEN, "plant", "2026-06-01", "human_damage", starts=GARDEN_DATES, evidence=["photo"]),
        ask(limited, "unit", "2026-06-01", "quality", usage=10, history=PartHistory(repair_days=3)),
        ask(limited, "unit", "2026-06-01", "wear", usage=101),
    ]
    assert {rule.why for verdict in verdicts for rule in verdict.rules} <= WHY_TEXTS.keys()
    for verdict in verdicts:
        chinese, english = explain(verdict, "zh-CN"), explain(verdict, "en")
        assert len(chinese.lines) == len(english.lines) == len(verdict.rules)
        assert str(verdict.standing.last_day) in chinese.summary
        assert str(verdict.standing.last_day) in english.summary
        assert verdict.clause is None or verdict.clause in english.summary
        assert english.summary.isascii()


def test_the_customer_reads_why_a_virus_gets_advice_only() -> None:
    """Given the hospital's virus, then the sentence names result, reason and clause in the customer's language."""
    verdict = ask(HOSPITAL, "application", "2026-06-01", "virus")
    assert explain(verdict, "zh-CN").summary.startswith("不在维护范围内,免费提供推荐性方案:原因属于除外情形(P08-06)。")
    assert explain(verdict, "en").summary.startswith(
        "Outside the service; a recommended solution is given: the cause is excluded (P08-06)."
    )
