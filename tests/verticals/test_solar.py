"""Plans 9 and 14 as declared. Plan 14 says the same in other words, so both numbers stand on every case."""

from decimal import Decimal

import pytest

from aftersales.calendars.rules import WorkingCalendar
from aftersales.kit.errors import InvalidInput
from aftersales.terms.playbook import VerticalPlaybook
from aftersales_solar.grades import SolarFaultFacts
from tests.verticals.terms_of import COMPILER, REGISTRY, at, by_code, due, of_clause, target_for, terms_of


@pytest.fixture
def solar() -> VerticalPlaybook:
    return terms_of("solar")


# --- deadlines ---------------------------------------------------------------------------------------------


@pytest.mark.clause("P09-06", "P14-06")
def test_the_local_agent_is_on_site_within_four_hours_and_hands_over_when_late(solar: VerticalPlaybook) -> None:
    target = target_for(solar, "on_site", party="agent")

    assert due(solar, "on_site", "2026-06-10 08:00", party="agent") == "2026-06-10 12:00"
    assert target is not None
    assert (target.on_miss, target.starts_on) == ("handover", "reported")
    rungs = by_code(solar.escalation_ladders, target.ladder or "").rungs
    assert [(rung.kind, rung.escalate_to) for rung in rungs if rung.offset_minutes == 0] == [("handover", "dispatcher")]


@pytest.mark.clause("P09-07", "P14-07")
def test_the_company_is_on_site_within_twelve_hours_of_the_notice(solar: VerticalPlaybook) -> None:
    target = target_for(solar, "on_site")

    assert due(solar, "on_site", "2026-06-10 08:00") == "2026-06-10 20:00"
    assert target is not None
    assert (target.on_miss, target.source) == ("breach", "vertical")


@pytest.mark.clause("P09-21", "P14-21")
def test_an_emergency_repair_has_the_same_four_and_twelve_hours(solar: VerticalPlaybook) -> None:
    assert solar.work_type("emergency_repair") is not None
    for party, expected in (("agent", "2026-06-11 03:00"), ("company", "2026-06-11 11:00")):
        found = due(solar, "on_site", "2026-06-10 23:00", party=party, work_type="emergency_repair", grade="emergency")
        assert found == expected


@pytest.mark.clause("P09-08", "P14-08")
def test_the_free_hotline_answers_at_three_in_the_night_of_the_national_holiday(solar: VerticalPlaybook) -> None:
    hotline = solar.calendar("hotline")
    answered = target_for(solar, "acknowledged", kind="question")

    assert hotline is not None
    assert WorkingCalendar.of(hotline.definition).is_open(at("2026-10-01 03:00"))
    assert by_code(solar.service_fee_table, "hotline").amount == Decimal("0.00")
    assert answered is not None
    assert answered.budget is None


@pytest.mark.clause("P09-05", "P14-05")
def test_the_service_organisation_has_three_tiers_the_agent_nearest(solar: VerticalPlaybook) -> None:
    assert [(tier.level, tier.party) for tier in solar.service_tiers] == [(1, "agent"), (2, "company"), (3, "company")]


@pytest.mark.clause("P09-30", "P14-30")
def test_training_is_due_two_days_after_acceptance(solar: VerticalPlaybook) -> None:
    assert {(course.trigger, course.due_days) for course in solar.training_curricula} == {("acceptance", 2)}


@pytest.mark.clause("P09-02", "P14-02")
def test_every_installation_has_a_guide_and_the_guide_needs_the_skill(solar: VerticalPlaybook) -> None:
    work = solar.work_type("installation_guidance")

    assert work is not None
    assert work.skills == ("installation_guide",)
    assert of_clause(solar.roles_and_routing, "P09-02")[0].owner == "installation_guide"


@pytest.mark.clause("P09-03", "P14-03")
def test_consultation_is_for_customers_technical_secrets_are_not(solar: VerticalPlaybook) -> None:
    levels = {document.code: document.confidentiality for document in of_clause(solar.deliverables, "P09-03")}

    assert levels == {"consultation_documents": "customer", "trade_secrets": "secret"}


@pytest.mark.clause("P09-04", "P14-04")
def test_the_warranty_card_is_unique_per_site(solar: VerticalPlaybook) -> None:
    assert by_code(solar.form_templates, "warranty_card").unique_per == "site"


@pytest.mark.clause("P09-09", "P14-09")
def test_the_archive_is_kept_and_tracking_waits_for_the_tenants_cadence(solar: VerticalPlaybook) -> None:
    own = terms_of("solar", quality_tracking_months=6)

    assert by_code(solar.form_templates, "customer_archive").unique_per == "site"
    assert by_code(solar.revisit_rules, "quality_tracking").months is None
    assert by_code(own.revisit_rules, "quality_tracking").months == 6
    assert by_code(own.inspection_cadences, "quality_check").count == 2


# --- declared, kept by later rooms ---------------------------------------------------------------------------


@pytest.mark.declares("P09-10", "P14-10", "P09-11", "P14-11")
@pytest.mark.parametrize(
    ("component", "months"),
    [
        *((part, 36) for part in ("tank", "tank_insulation", "vacuum_tube", "collector", "bracket")),
        *((part, 12) for part in ("pipe_fitting", "valve", "pump", "controller", "sensor", "auxiliary_heater")),
    ],
)
def test_each_component_has_the_term_of_its_class(solar: VerticalPlaybook, component: str, months: int) -> None:
    part = solar.component("solar_water_heater", component)

    assert part is not None
    term = by_code(solar.warranty_terms, part.warranty_class)
    assert (term.amount, term.unit, term.starts_on) == (months, "month", "acceptance")


@pytest.mark.declares("P09-12", "P14-12")
def test_repair_service_never_ends_but_is_billed_after_the_term(solar: VerticalPlaybook) -> None:
    last = max(solar.lifecycle_phases, key=lambda phase: phase.order)

    assert (last.code, last.clause, last.billable) == ("lifetime_service", "P09-12", True)


@pytest.mark.parametrize(
    ("code", "component", "symptoms"),
    [
        pytest.param(
            "tube_quality", "vacuum_tube", {"quality_problem"}, marks=pytest.mark.declares("P09-13", "P14-13")
        ),
        pytest.param("tank_leak", "tank", {"leak"}, marks=pytest.mark.declares("P09-14", "P14-14")),
        pytest.param(
            "insulation_failure",
            "tank_insulation",
            {"insulation_failure"},
            marks=pytest.mark.declares("P09-15", "P14-15"),
        ),
        pytest.param(
            "bracket_deformed", "bracket", {"deformed", "unusable"}, marks=pytest.mark.declares("P09-16", "P14-16")
        ),
    ],
)
def test_the_symptom_leads_to_a_replacement(
    solar: VerticalPlaybook, code: str, component: str, symptoms: set[str]
) -> None:
    remedy = by_code(solar.symptom_remedies, code)

    assert (remedy.component, set(remedy.symptoms), remedy.remedy) == (component, symptoms, "replace")


@pytest.mark.declares("P09-17", "P14-17", "P09-18", "P14-18", "P09-19", "P14-19")
def test_after_the_term_parts_at_cost_and_labour_with_consent_and_a_document(solar: VerticalPlaybook) -> None:
    for code, basis in (("parts_after_term", "cost"), ("labour_after_term", "company_list")):
        fee = by_code(solar.service_fee_table, code)
        assert (fee.basis, fee.applies_when, fee.consent_required, fee.document_required) == (
            basis, "after_term", True, True,
        )  # fmt: skip


@pytest.mark.declares("P09-20", "P14-20")
def test_two_free_visits_a_contract_year_by_an_authorised_unit(solar: VerticalPlaybook) -> None:
    visit = by_code(solar.inspection_cadences, "maintenance")

    assert (visit.count, visit.per, visit.anchor, visit.free) == (2, "contract_year", "acceptance", True)
    assert (visit.provider, visit.phase) == ("authorised_unit", "warranty")


@pytest.mark.declares("P09-22", "P14-22")
def test_quality_and_installation_are_wholly_free_in_term(solar: VerticalPlaybook) -> None:
    assert {cause.code for cause in solar.covered_causes} == {"product_quality", "installation"}
    free = {fee.item for fee in of_clause(solar.service_fee_table, "P09-22") if fee.amount == Decimal(0)}
    assert free == {"labour", "parts", "travel"}


@pytest.mark.declares(
    "P09-23", "P14-23", "P09-24", "P14-24", "P09-25", "P14-25", "P09-26", "P14-26", "P09-37", "P14-37"
)
def test_four_exclusions_are_billed_in_full(solar: VerticalPlaybook) -> None:
    assert {(rule.clause, rule.effect) for rule in solar.exclusions} == {
        ("P09-23", "bill_full"),
        ("P09-24", "bill_full"),
        ("P09-25", "bill_full"),
        ("P09-26", "bill_full"),
    }
    assert by_code(solar.exclusions, "force_majeure").causes == ("natural_disaster", "abnormal_water_supply")
    assert by_code(solar.service_fee_table, "labour_excluded").clause == "P09-37"


@pytest.mark.declares("P09-27", "P14-27", "P09-28", "P14-28")
def test_ordinary_parts_at_market_price_solar_parts_by_the_companys_list(solar: VerticalPlaybook) -> None:
    bases = {fee.part_class: (fee.basis, fee.document_required) for fee in of_clause(solar.service_fee_table, "P09-27")}

    assert bases == {"ordinary": ("market_price", True), "solar_specific": ("company_list", True)}


@pytest.mark.declares("P09-29", "P14-29", "P09-31", "P14-31", "P09-32", "P14-32", "P09-33", "P14-33")
@pytest.mark.declares("P09-34", "P14-34", "P09-35", "P14-35", "P09-36", "P14-36")
def test_training_has_five_topics_its_audience_and_its_outcomes(solar: VerticalPlaybook) -> None:
    operators, users = solar.training_curricula

    assert len(operators.units) == len(users.units) == 5
    assert operators.audience == ("equipment_manager", "plumber", "electrician")
    assert operators.outcomes == ("safe_use", "no_damage", "simple_repair")
    assert (users.audience, users.outcomes) == (("user",), ("safe_use", "no_damage"))
    assert {course.venue_by for course in solar.training_curricula} == {"customer"}
    assert by_code(solar.customer_duties, "training_venue").clause == "P09-31"


@pytest.mark.declares("P09-01", "P14-01")
def test_a_design_begins_with_a_site_survey(solar: VerticalPlaybook) -> None:
    assert by_code(solar.lifecycle_phases, "design").entered_on == "site_survey"


# --- settings and behaviour ------------------------------------------------------------------------------------


@pytest.mark.declares("P09-10", "P09-11")
def test_a_tenant_may_lengthen_a_term_but_not_shorten_it() -> None:
    longer = terms_of("solar", warranty_main_unit_months=60)
    assert by_code(longer.warranty_terms, "main_unit").amount == 60
    assert by_code(longer.warranty_terms, "main_unit").source == "tenant"
    with pytest.raises(InvalidInput) as refused:
        COMPILER.check_settings("solar", {"warranty_main_unit_months": 35})
    assert refused.value.field == "warranty_main_unit_months"


def test_a_toll_free_line_cant_be_taken_away() -> None:
    with pytest.raises(InvalidInput) as refused:
        COMPILER.check_settings("solar", {"hotlines": []})

    assert refused.value.field == "hotlines"


async def test_no_hot_water_is_routine_and_the_reason_is_kept(solar: VerticalPlaybook) -> None:
    facts = SolarFaultFacts(no_hot_water=True)

    verdict = await REGISTRY.behave("solar", "classify_fault", facts=facts, settings=solar.settings)

    assert verdict.grade == "routine"
    assert "danger" in verdict.reason.en


def test_grades_are_marked_as_ours(solar: VerticalPlaybook) -> None:
    assert solar.grade_scheme is not None
    assert {grade.source for grade in solar.grade_scheme.grades} == {"default"}
