"""Plan 8 as declared: the figures of the text, the readings of its gaps, and what tenants may set."""

from decimal import Decimal
from typing import Any

import pytest

from aftersales.kit.errors import InvalidInput
from aftersales.terms.playbook import VerticalPlaybook
from aftersales_software_his.grades import HospitalFaultFacts
from tests.verticals.terms_of import COMPILER, REGISTRY, by_code, due, of_clause, target_for, terms_of

ON_SITE_HOURS = {"g1": 4, "g2": 8, "g3": 24, "g4": 48}


@pytest.fixture
def hospital() -> VerticalPlaybook:
    return terms_of("software_his")


@pytest.fixture
def project_management() -> VerticalPlaybook:
    return terms_of("software_his", profile="project_management")


# --- plan 8: deadlines ------------------------------------------------------------------------------------


@pytest.mark.clause("P08-12")
def test_a_general_problem_gets_feedback_within_an_hour_of_the_call(hospital: VerticalPlaybook) -> None:
    assert due(hospital, "acknowledged", "2026-06-10 09:00", grade="general") == "2026-06-10 10:00"


@pytest.mark.clause("P08-13")
def test_a_general_problem_is_resolved_within_eight_elapsed_hours(hospital: VerticalPlaybook) -> None:
    assert due(hospital, "resolved", "2026-06-10 09:00", grade="general") == "2026-06-10 17:00"
    assert due(hospital, "resolved", "2026-06-10 22:00", grade="general") == "2026-06-11 06:00"


@pytest.mark.clause("P08-14")
def test_a_complex_problem_gets_a_proposal_in_three_working_days_make_up_sunday_counted(
    hospital: VerticalPlaybook,
) -> None:
    """Friday 18 September 2026: Sunday the 20th is worked, so the third working day is Tuesday the 22nd."""
    assert due(hospital, "plan_proposed", "2026-09-18 10:00", grade="complex") == "2026-09-23 00:00"


@pytest.mark.clause("P08-14")
def test_three_working_days_walk_around_the_national_holiday(hospital: VerticalPlaybook) -> None:
    """Wednesday 30 September: 1 to 7 October are off, Saturday the 10th is worked: 8, 9, 10 October."""
    assert due(hospital, "plan_proposed", "2026-09-30 16:00", grade="complex") == "2026-10-11 00:00"


@pytest.mark.clause("P08-14")
def test_the_resolution_of_a_complex_problem_is_tracked_without_a_number(hospital: VerticalPlaybook) -> None:
    target = target_for(hospital, "resolved", grade="complex")

    assert target is not None
    assert target.budget is None
    assert target_for(hospital, "acknowledged", grade="complex") is None


@pytest.mark.clause("P08-20")
@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("110105", "2026-06-10 12:00"),
        ("131000", "2026-06-10 22:00"),
        ("120101", "2026-06-10 22:00"),
        ("510100", "2026-06-12 10:00"),
        (None, "2026-06-12 10:00"),
    ],
)
def test_the_region_decides_how_soon_somebody_is_on_site(
    hospital: VerticalPlaybook, region: str | None, expected: str
) -> None:
    """Beijing, Langfang and Tianjin around it, Chengdu elsewhere, and a place that nobody knows."""
    region_class = hospital.region_class_of(region)

    assert region_class is not None
    assert due(hospital, "on_site", "2026-06-10 10:00", region_class=region_class.code) == expected
    target = target_for(hospital, "on_site", region_class=region_class.code)
    assert target is not None
    assert target.starts_on == "on_site_decided"


@pytest.mark.clause("P08-20")
def test_what_lies_around_beijing_is_a_default_until_the_tenant_says(hospital: VerticalPlaybook) -> None:
    assert by_code(hospital.region_classes, "around_beijing").source == "default"

    own = terms_of("software_his", around_beijing=["1310"])

    assert by_code(own.region_classes, "around_beijing").source == "tenant"
    langfang, baoding = own.region_class_of("131002"), own.region_class_of("130600")
    assert langfang is not None
    assert langfang.code == "around_beijing"
    assert baoding is not None
    assert baoding.code == "elsewhere"


# --- plan 8: channels, records, coverage --------------------------------------------------------------------


@pytest.mark.clause("P08-15", "P08-19")
def test_remote_follows_the_phone_and_on_site_follows_both(hospital: VerticalPlaybook) -> None:
    ladder = hospital.ladder_of_channels

    assert ladder is not None
    assert ladder.steps == ("phone", "remote", "on_site")
    assert ladder.requires == {"remote": ("phone",), "on_site": ("phone", "remote")}


@pytest.mark.clause("P08-11")
def test_a_phone_ticket_needs_its_call_record_before_it_is_opened(hospital: VerticalPlaybook) -> None:
    (rule,) = of_clause(hospital.closing_rules, "P08-11")

    assert (rule.before, rule.needs, rule.scope.channels) == ("open", "call_record", ("phone",))


@pytest.mark.clause("P08-21")
def test_a_ticket_is_closed_only_when_the_customer_says_so(hospital: VerticalPlaybook) -> None:
    (rule,) = of_clause(hospital.closing_rules, "P08-21")

    assert (rule.before, rule.needs) == ("close", "customer_confirmation")


@pytest.mark.clause("P08-22")
def test_the_hotline_is_a_value_that_the_tenant_must_state(hospital: VerticalPlaybook) -> None:
    (field,) = of_clause(hospital.required_fields, "P08-22")

    assert (field.field, field.of) == ("hotline", "tenant")


@pytest.mark.declares("P08-02")
def test_maintenance_is_free_for_twelve_months_from_acceptance(hospital: VerticalPlaybook) -> None:
    (term,) = hospital.warranty_terms

    assert (term.amount, term.unit, term.starts_on, term.end_rule) == (12, "month", "acceptance", "civil_code")
    assert by_code(hospital.service_fee_table, "maintenance_in_term").amount == Decimal("0.00")


@pytest.mark.declares("P08-02")
def test_a_tenant_may_lengthen_the_free_term_but_not_shorten_it() -> None:
    assert terms_of("software_his", free_maintenance_months=24).warranty_terms[0].amount == 24
    with pytest.raises(InvalidInput) as refused:
        COMPILER.check_settings("software_his", {"free_maintenance_months": 11})
    assert refused.value.code == "VERTICAL_SETTINGS_REFUSED"


@pytest.mark.declares("P08-03", "P08-04")
def test_defects_and_operator_errors_are_covered_the_latter_for_data_only(hospital: VerticalPlaybook) -> None:
    assert by_code(hospital.covered_causes, "software_defect").clause == "P08-03"
    assert by_code(hospital.covered_causes, "operator_error").remedies == ("data_maintenance", "data_repair")


@pytest.mark.declares("P08-06", "P08-07", "P10-36")
def test_a_virus_gets_advice_only_under_plan_8_and_is_a_service_under_plan_10(
    hospital: VerticalPlaybook, project_management: VerticalPlaybook
) -> None:
    assert [(rule.code, rule.effect) for rule in hospital.exclusions] == [
        ("operating_system", "advise_only"),
        ("virus", "advise_only"),
        ("off_procedure", "advise_only"),
    ]
    assert project_management.exclusions == ()
    assert by_code(project_management.covered_causes, "virus").clause == "P10-36"
    assert project_management.work_type("virus_removal") is not None


@pytest.mark.declares("P08-01", "P08-05", "P08-08", "P08-09")
def test_training_security_plan_staff_handover_and_quotes_are_declared(hospital: VerticalPlaybook) -> None:
    (course,) = hospital.training_curricula
    assert (course.outcomes, course.gate) == (("works_independently",), "acceptance")
    assert by_code(hospital.deliverables, "security_plan").due == "go_live"
    assert by_code(hospital.customer_duties, "staff_handover").due == "on_staff_change"
    customisation = by_code(hospital.service_fee_table, "customisation")
    assert (customisation.basis, customisation.amount, customisation.consent_required) == ("quote", None, True)


# --- behaviours and settings ----------------------------------------------------------------------------------


@pytest.mark.clause("P08-12")
async def test_damaged_data_alone_dont_make_a_problem_complex(hospital: VerticalPlaybook) -> None:
    """Complex is what a technician finds at triage (A48)."""
    facts = HospitalFaultFacts(data_affected=True)

    verdict = await REGISTRY.behave("software_his", "classify_fault", facts=facts, settings=hospital.settings)

    assert verdict.grade == "general"


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"around_beijing": ["110101"]}, "around_beijing"),
        ({"around_beijing": ["河北"]}, "around_beijing"),
        ({"call_back_minutes": 0}, "call_back_minutes"),
        ({"health_checks_per_year": 0}, "health_checks_per_year"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        COMPILER.check_settings("software_his", settings)

    assert refused.value.field == field
