"""What the plans promise about warranty and exclusions, clause by clause, with the boundary days of both end rules."""

from collections.abc import Sequence

import pytest

from aftersales.coverage.values import CoverageTerms
from aftersales.terms.base import Label
from aftersales.terms.coverage import LifecyclePhase
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

LIFETIME = LifecyclePhase(
    code="lifetime", label=Label("终身服务", "Service for life"), clause="P03-08", order=2,
    entered_on="warranty_ended", billable=True,
)  # fmt: skip

LIGHTING = plan(term(2, "year", clause="P01-02"))
"""Plan 1: all maintenance in the term is free, whatever the cause."""


def led_display(months: int) -> CoverageTerms:
    """Plans 3 and 13; the contract states the length (A15)."""
    causes = ("component_quality", "production_workmanship", "installation_workmanship")
    return plan(
        term(months, clause="P03-08", source="contract"),
        covered=[cause(code, "P03-11") for code in causes],
        excluded=[
            exclusion("cost_only", "P03-12", "against_operating_rules"),
            exclusion("cost_only", "P03-12", "force_majeure", evidence_required=True),
        ],
        phases=[LIFETIME],
    )


WINDOWS = plan(
    term(24, clause="P11-31"),
    covered=[cause("product_quality", "P11-38"), cause("construction", "P11-38")],
    excluded=[
        exclusion("bill_full", "P11-24", "scraped_with_metal"),
        exclusion("bill_full", "P11-25", "corrosive_left_on"),
        exclusion("bill_full", "P11-26", "left_open"),
        exclusion("bill_full", "P11-29", "altered", "standing_water"),
        exclusion("bill_full", "P11-30", "wool_soaked", bill_to="damager"),
        exclusion("bill_full", "P11-39", "damaged_by_person", bill_to="damager"),
    ],
)
MACHINERY = plan(
    term(18, clause="P12-01", source="contract"),
    covered=[cause(code, "P12-01") for code in ("manufacture", "assembly", "material")],
)
AGRICULTURE = plan(
    term(6, starts_on="purchase"),
    covered=[cause(code, "P15-18") for code in ("design", "technology", "manufacture", "quality")],
    excluded=[exclusion("bill_full", "P15-16", "dealer_promise", bill_to="dealer")],
    floors=[floor(12, "month")],
)

THREE_YEARS = [("2029-02-28", True), ("2029-03-01", True), ("2029-03-02", False)]
TWO_YEARS = [("2028-02-28", True), ("2028-03-01", True), ("2028-03-02", False)]


@pytest.mark.clause("P01-02", "P01-11")
@pytest.mark.parametrize(("on", "free"), TWO_YEARS)
def test_a_luminaire_is_repaired_free_for_two_years(on: str, free: bool) -> None:
    """Given acceptance on 2026-03-01, then 2028-03-01 is the last free day; a failed part is replaced free."""
    verdict = ask(LIGHTING, "unit", on, "other")
    assert told(verdict) == (("free", "COVERED", "P01-02") if free else ("bill_full", "EXPIRED", "P01-02"))
    assert verdict.payer == ("company" if free else "customer")


@pytest.mark.clause("P01-02")
def test_half_open_terms_end_a_day_earlier() -> None:
    """Given the other reading of A01, then 2028-02-29 is the last free day and 2028-03-01 is billable."""
    half_open = plan(term(2, "year", end_rule="half_open", clause="P01-02"))
    assert ask(half_open, "unit", "2028-02-29").covered
    assert told(ask(half_open, "unit", "2028-03-01", "wear")) == ("bill_full", "EXPIRED", "P01-02")


@pytest.mark.clause("P03-08", "P13-08")
def test_a_display_stays_served_after_the_contracts_term() -> None:
    """Given 24 months by contract, when month 25 arrives, then work is billed, and never refused."""
    verdict = ask(led_display(24), "unit", "2028-03-02", "component_quality")
    assert told(verdict) == ("bill_full", "EXPIRED", "P03-08")
    assert verdict.service_continues
    assert ask(led_display(24), "unit", "2028-03-01", "component_quality").covered


@pytest.mark.clause("P03-11", "P13-11")
@pytest.mark.parametrize("code", ["component_quality", "production_workmanship", "installation_workmanship"])
def test_faults_of_quality_and_workmanship_are_free(code: str) -> None:
    assert told(ask(led_display(24), "unit", "2027-01-01", code)) == ("free", "COVERED", "P03-11")


@pytest.mark.clause("P03-12", "P13-12")
def test_lightning_is_charged_at_cost_within_the_term_and_in_full_after_it() -> None:
    """Given force majeure (A06), then the customer pays cost in the term; cost is no right once the term is over."""
    display = led_display(24)
    verdict = ask(display, "unit", "2027-01-01", "force_majeure", evidence=["weather_record"])
    assert (*told(verdict), verdict.payer) == ("cost_only", "EXCLUDED", "P03-12", "customer")
    assert ask(display, "unit", "2027-01-01", "against_operating_rules").outcome == "cost_only"
    assert ask(display, "unit", "2028-03-02", "force_majeure", evidence=["weather_record"]).outcome == "bill_full"


@pytest.mark.clause("P05-31", "P05-32")
@pytest.mark.parametrize(("on", "free"), [("2028-04-10", True), ("2028-04-11", False)])
def test_own_works_are_repaired_free_for_two_years_from_handover(on: str, free: bool) -> None:
    """Given completion on 2026-03-20 and handover on 2026-04-10, then handover decides for paving (A26)."""
    dates = {"completion": "2026-03-20", "handover": "2026-04-10"}
    verdict = ask(GARDEN, "paving", on, "quality", starts=dates, symptoms=["quality_problem"])
    assert verdict.covered is free
    assert verdict.clause == ("P05-32" if free else "P05-39")
    assert verdict.remedies == (("repair",) if free else ())


@pytest.mark.clause("P05-31")
def test_a_wall_that_the_client_built_is_out_of_scope() -> None:
    dates = {"completion": "2026-03-20", "handover": "2026-04-10"}
    verdict = ask(GARDEN, "structure", "2027-01-01", "works_of_others", starts=dates)
    assert told(verdict) == ("bill_full", "EXCLUDED", "P05-31")


@pytest.mark.clause("P05-35")
@pytest.mark.parametrize(("on", "free"), [("2028-03-20", True), ("2028-03-21", False)])
def test_plants_are_kept_for_two_years_from_completion(on: str, free: bool) -> None:
    dates = {"completion": "2026-03-20", "handover": "2026-04-10"}
    assert ask(GARDEN, "plant", on, "own_fault", starts=dates).covered is free


@pytest.mark.clause("P05-31", "P05-35")
def test_works_have_two_entitlements_and_the_longer_one_counts() -> None:
    """Given a completion after the handover, then upkeep from completion covers the works for longer (A26)."""
    dates = {"completion": "2026-05-01", "handover": "2026-04-10"}
    verdict = ask(GARDEN, "paving", "2028-05-01", "quality", starts=dates)
    assert verdict.covered
    assert [(rule.clause, rule.won, rule.why) for rule in verdict.rules[:2]] == [
        ("P05-35", True, "in_force"), ("P05-31", False, "ended"),
    ]  # fmt: skip


@pytest.mark.clause("P05-35")
def test_who_damaged_a_plant_pays_for_it_once_that_is_proven() -> None:
    dates = {"completion": "2026-03-20"}
    proven = ask(GARDEN, "plant", "2027-01-01", "human_damage", starts=dates, evidence=["photo"])
    assert (*told(proven), proven.payer) == ("bill_full", "EXCLUDED", "P05-35", "damager")
    unproven = ask(GARDEN, "plant", "2027-01-01", "human_damage", starts=dates)
    assert (unproven.outcome, unproven.reason, unproven.provisional) == ("free", "EXCLUSION_UNPROVEN", True)
    late = ask(GARDEN, "plant", "2029-01-01", "human_damage", starts=dates, evidence=["photo"])
    assert (late.reason, late.payer) == ("EXPIRED", "damager")


@pytest.mark.clause("P05-37")
@pytest.mark.parametrize("symptom", ["dead", "damaged"])
def test_a_dead_plant_is_replaced_by_the_same_species_and_size(symptom: str) -> None:
    verdict = ask(GARDEN, "plant", "2027-06-01", "own_fault", starts={"completion": "2026-03-20"}, symptoms=[symptom])
    assert (verdict.outcome, verdict.remedies, verdict.must_match) == ("free", ("replant",), ("species", "size"))


@pytest.mark.clause("P08-02")
@pytest.mark.parametrize(("on", "free"), [("2027-03-30", True), ("2027-03-31", True), ("2027-04-01", False)])
def test_software_is_maintained_free_for_twelve_months(on: str, free: bool) -> None:
    verdict = ask(HOSPITAL, "application", on, "system_error", starts="2026-03-31")
    assert told(verdict) == (("free", "COVERED", "P08-02") if free else ("bill_full", "EXPIRED", "P08-02"))


@pytest.mark.clause("P08-03")
def test_a_bug_is_covered() -> None:
    assert told(ask(HOSPITAL, "application", "2026-12-01", "software_defect")) == ("free", "COVERED", "P08-03")


@pytest.mark.clause("P08-04")
def test_a_nurses_slip_is_put_right_free_in_the_data_only() -> None:
    verdict = ask(HOSPITAL, "database", "2026-12-01", "operator_error")
    assert told(verdict) == ("free", "COVERED", "P08-04")
    assert verdict.remedies == ("data_maintenance", "data_repair")


@pytest.mark.clause("P08-06", "P08-07")
@pytest.mark.parametrize(
    ("code", "evidence"), [("virus", ()), ("operating_system", ()), ("off_procedure", ("warning",))]
)
@pytest.mark.parametrize("on", ["2026-12-01", "2027-12-01"])
def test_excluded_causes_get_a_recommended_solution_only(code: str, evidence: Sequence[str], on: str) -> None:
    """Given a virus, in term or after it, then no repair is due, and the advice costs nothing."""
    verdict = ask(HOSPITAL, "application", on, code, evidence=evidence)
    assert (*told(verdict), verdict.payer) == ("advise_only", "EXCLUDED", "P08-06", "company")


@pytest.mark.clause("P08-04", "P08-06")
def test_work_off_procedure_counts_as_a_slip_without_a_warning_on_record() -> None:
    """Given no training or warning on record, then the error is an operator's: data are repaired free (A43)."""
    verdict = ask(HOSPITAL, "database", "2026-12-01", "off_procedure")
    assert told(verdict) == ("free", "EXCLUSION_UNPROVEN", "P08-04")
    assert verdict.remedies == ("data_maintenance", "data_repair")
    paper = ask(HOSPITAL, "database", "2026-12-01", "off_procedure", evidence=["warranty_card"])
    assert paper.outcome == "free"


@pytest.mark.clause("P09-10", "P14-10")
@pytest.mark.parametrize(("on", "free"), THREE_YEARS)
@pytest.mark.parametrize("part", ["tank", "vacuum_tube", "collector", "bracket"])
def test_the_main_unit_is_covered_for_three_years(part: str, on: str, free: bool) -> None:
    """Given acceptance on 2026-03-01, then 2029-03-01 is the last covered day (Civil Code, A01)."""
    verdict = ask(SOLAR, part, on, "product_quality")
    assert told(verdict) == (("free", "COVERED", "P09-22") if free else ("bill_full", "EXPIRED", "P09-25"))
    assert str(verdict.standing.ends_at) == "2029-03-01 16:00:00+00:00"


@pytest.mark.clause("P09-10", "P14-10")
@pytest.mark.parametrize(("on", "free"), [("2029-02-28", True), ("2029-03-01", False)])
def test_a_contract_may_choose_the_half_open_end(on: str, free: bool) -> None:
    agreed = term(36, warranty_class="main_unit", end_rule="half_open", source="contract", clause="C 4.1")
    solar = installed("solar", "solar_water_heater", agreed=[agreed])
    assert ask(solar, "bracket", on, "product_quality").covered is free


@pytest.mark.clause("P09-11", "P14-11")
@pytest.mark.parametrize(("on", "free"), [("2027-02-28", True), ("2027-03-01", True), ("2027-03-02", False)])
@pytest.mark.parametrize("part", ["pipe_fitting", "valve", "pump", "controller", "sensor", "auxiliary_heater"])
def test_pipe_fittings_and_electrical_parts_are_covered_for_a_year(part: str, on: str, free: bool) -> None:
    assert ask(SOLAR, part, on, "product_quality").covered is free


@pytest.mark.clause("P09-13", "P09-14", "P09-15", "P14-13", "P14-14", "P14-15")
@pytest.mark.parametrize(
    ("part", "symptom", "clause"),
    [
        ("vacuum_tube", "quality_problem", "P09-13"),
        ("tank", "leak", "P09-14"),
        ("tank_insulation", "insulation_failure", "P09-15"),
    ],
)
def test_what_fails_in_the_main_unit_is_replaced_free(part: str, symptom: str, clause: str) -> None:
    verdict = ask(SOLAR, part, "2027-12-01", "product_quality", symptoms=[symptom])
    assert (verdict.outcome, verdict.remedies) == ("free", ("replace",))
    assert verdict.rules[-1].clause == clause
    assert ask(SOLAR, part, "2029-03-02", "product_quality", symptoms=[symptom]).remedies == ()


@pytest.mark.clause("P09-16", "P14-16")
def test_a_bracket_is_replaced_when_it_is_deformed_and_unusable() -> None:
    both = ask(SOLAR, "bracket", "2027-12-01", "product_quality", symptoms=["unusable", "deformed"])
    one = ask(SOLAR, "bracket", "2027-12-01", "product_quality", symptoms=["deformed"])
    assert (both.remedies, one.remedies) == (("replace",), ("repair",))
    assert (one.rules[-1].won, one.rules[-1].why) == (False, "symptoms_incomplete")


@pytest.mark.clause("P09-22", "P14-22")
@pytest.mark.parametrize("code", ["product_quality", "installation"])
def test_quality_and_installation_are_wholly_free(code: str) -> None:
    verdict = ask(SOLAR, "tank", "2027-12-01", code)
    assert (*told(verdict), verdict.payer) == ("free", "COVERED", "P09-22", "company")


@pytest.mark.clause("P09-23", "P09-24", "P14-23", "P14-24")
@pytest.mark.parametrize(
    ("code", "clause"),
    [
        ("dismantled_by_user", "P09-23"),
        ("dismantled_by_unauthorised_unit", "P09-23"),
        ("own_transport", "P09-24"),
        ("poor_storage", "P09-24"),
        ("use_against_manual", "P09-24"),
    ],
)
def test_dismantling_and_misuse_are_billed(code: str, clause: str) -> None:
    """Given a plumber who opened the tank, or a system fired dry against the manual, then the customer pays."""
    verdict = ask(SOLAR, "tank", "2027-12-01", code)
    assert (*told(verdict), verdict.payer) == ("bill_full", "EXCLUDED", clause, "customer")


@pytest.mark.clause("P09-25", "P14-25")
def test_each_part_expires_by_its_own_term() -> None:
    """Given month 14, then the pump is over and the tank is not; in month 37 the tank is billed as expired (A56)."""
    assert told(ask(SOLAR, "pump", "2027-04-15", "product_quality")) == ("bill_full", "EXPIRED", "P09-25")
    assert ask(SOLAR, "tank", "2027-04-15", "product_quality").covered
    tank = ask(SOLAR, "tank", "2029-03-15", "product_quality")
    assert (*told(tank), tank.service_continues) == ("bill_full", "EXPIRED", "P09-25", True)


@pytest.mark.clause("P09-26", "P14-26")
@pytest.mark.parametrize(
    ("code", "evidence"), [("abnormal_water_supply", "utility_notice"), ("natural_disaster", "weather_record")]
)
def test_force_majeure_is_billed_when_it_is_proven(code: str, evidence: str) -> None:
    """Given no water supply, when a tube overheats, then it is billed; without evidence the exclusion falls (A55)."""
    proven = ask(SOLAR, "vacuum_tube", "2027-12-01", code, evidence=[evidence])
    assert told(proven) == ("bill_full", "EXCLUDED", "P09-26")
    claimed = ask(SOLAR, "vacuum_tube", "2027-12-01", code)
    assert (claimed.outcome, claimed.reason, claimed.provisional) == ("free", "EXCLUSION_UNPROVEN", True)


@pytest.mark.clause("P09-37", "P14-37")
def test_excluded_work_in_the_term_is_billed_like_work_after_it() -> None:
    inside = ask(SOLAR, "tank", "2027-12-01", "dismantled_by_user")
    after = ask(SOLAR, "tank", "2030-12-01", "product_quality")
    assert (inside.outcome, inside.payer) == (after.outcome, after.payer) == ("bill_full", "customer")


@pytest.mark.clause("P10-33")
def test_the_guarantee_makes_all_contract_software_free() -> None:
    """Given 24 months by contract (A60), then software is repaired or replaced free; hardware too by default (A61)."""
    agreed = [term(24, warranty_class=name, source="contract", clause="C 7") for name in ("software", "hardware")]
    projects = installed("software_his", "project_management_system", agreed=agreed, profile="project_management")
    software = ask(projects, "application", "2028-03-01", "software_fault")
    assert (*told(software), software.remedies) == ("free", "COVERED", "P10-33", ("repair", "replace"))
    assert ask(projects, "server", "2028-03-01", "hardware_fault").covered
    late = ask(projects, "application", "2028-03-02", "software_fault")
    assert (*told(late), late.service_continues) == ("bill_full", "EXPIRED", "P10-34", True)


@pytest.mark.clause("P10-36", "P08-06")
def test_one_virus_is_a_service_under_plan_10_and_advice_under_plan_8() -> None:
    """Given one plugin with two profiles, then the list of causes is the plan's, not the platform's."""
    agreed = [term(24, warranty_class="software", source="contract")]
    projects = installed("software_his", "project_management_system", agreed=agreed, profile="project_management")
    assert told(ask(projects, "application", "2026-12-01", "virus")) == ("free", "COVERED", "P10-36")
    assert ask(HOSPITAL, "application", "2026-12-01", "virus").outcome == "advise_only"
    assert "virus" in PROJECTS.covered


@pytest.mark.clause("P11-31")
@pytest.mark.parametrize(("on", "free"), TWO_YEARS)
def test_windows_are_covered_for_two_years_from_acceptance(on: str, free: bool) -> None:
    assert ask(WINDOWS, "unit", on, "product_quality").covered is free


@pytest.mark.clause("P11-38")
@pytest.mark.parametrize("code", ["product_quality", "construction"])
def test_quality_and_construction_of_windows_are_free(code: str) -> None:
    assert told(ask(WINDOWS, "unit", "2027-01-01", code)) == ("free", "COVERED", "P11-38")


@pytest.mark.clause("P11-24", "P11-25", "P11-26", "P11-29", "P11-30")
@pytest.mark.parametrize(
    ("code", "clause", "payer"),
    [
        ("scraped_with_metal", "P11-24", "customer"),
        ("corrosive_left_on", "P11-25", "customer"),
        ("left_open", "P11-26", "customer"),
        ("altered", "P11-29", "customer"),
        ("standing_water", "P11-29", "customer"),
        ("wool_soaked", "P11-30", "damager"),
    ],
)
def test_neglect_of_windows_is_billed_to_who_did_it(code: str, clause: str, payer: str) -> None:
    verdict = ask(WINDOWS, "unit", "2027-01-01", code)
    assert (*told(verdict), verdict.payer) == ("bill_full", "EXCLUDED", clause, payer)


@pytest.mark.clause("P11-39")
@pytest.mark.parametrize("on", ["2027-01-01", "2029-01-01"])
def test_who_broke_the_glass_pays_not_the_owner(on: str) -> None:
    verdict = ask(WINDOWS, "unit", on, "damaged_by_person")
    assert (verdict.outcome, verdict.payer) == ("bill_full", "damager")


@pytest.mark.clause("P12-01")
def test_machines_are_repaired_free_for_three_causes_only() -> None:
    """Given 18 months by contract, when assembly fails in month 17, then free; wear is billed."""
    assert told(ask(MACHINERY, "unit", "2027-08-01", "assembly")) == ("free", "COVERED", "P12-01")
    assert told(ask(MACHINERY, "unit", "2027-08-01", "wear")) == ("bill_full", "CAUSE_NOT_COVERED", "P12-01")
    assert ask(MACHINERY, "unit", "2027-09-01", "material").covered
    assert not ask(MACHINERY, "unit", "2027-09-02", "material").covered


@pytest.mark.clause("P15-01")
@pytest.mark.parametrize(("on", "free"), [("2026-09-02", True), ("2027-03-01", True), ("2027-03-02", False)])
def test_the_statutory_minimum_prevails_over_a_shorter_promise(on: str, free: bool) -> None:
    """Given 6 months promised and 12 by law, then month 7 is free and the verdict names the law (A81)."""
    verdict = ask(AGRICULTURE, "unit", on, "quality", starts={"purchase": "2026-03-01"})
    assert verdict.covered is free
    assert (verdict.rules[0].rule, verdict.rules[0].source, verdict.rules[0].won) == ("floor", "statute", True)
    assert verdict.standing.law is not None


@pytest.mark.clause("P15-16")
@pytest.mark.parametrize(
    ("on", "outcome", "payer", "reason"),
    [
        ("2027-02-01", "free", "company", "COVERED"),
        ("2027-11-01", "bill_full", "dealer", "DEALER_PROMISE"),
        ("2029-03-01", "bill_full", "dealer", "DEALER_PROMISE"),
        ("2029-03-02", "bill_full", "customer", "EXPIRED"),
    ],
)
def test_a_dealer_pays_for_what_it_promised_beyond_the_company(on: str, outcome: str, payer: str, reason: str) -> None:
    """Given a dealer's 36 months against the company's 12, when a claim comes in month 20, then the dealer pays all."""
    verdict = ask(AGRICULTURE, "unit", on, "quality", starts={"purchase": "2026-03-01"}, dealer_months=36)
    assert (verdict.outcome, verdict.payer, verdict.reason) == (outcome, payer, reason)


@pytest.mark.clause("P15-18")
def test_overload_is_not_the_companys_to_pay() -> None:
    starts = {"purchase": "2026-03-01"}
    assert told(ask(AGRICULTURE, "unit", "2026-06-01", "overload", starts=starts)) == (
        "bill_full", "CAUSE_NOT_COVERED", "P15-18",
    )  # fmt: skip
    for code in ("design", "technology", "manufacture", "quality"):
        assert ask(AGRICULTURE, "unit", "2026-06-01", code, starts=starts).covered


def test_an_accident_car_is_never_a_warranty_repair() -> None:
    verdict = ask(CAR, "body", "2026-12-01", "accident", starts={"invoice": "2026-03-01"}, usage=9_000)
    assert told(verdict) == ("bill_full", "EXCLUDED", "P06-18")
