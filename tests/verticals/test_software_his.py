"""Plans 8 and 10 as declared: the figures of the text, the readings of its gaps, and what tenants may set."""

from decimal import Decimal
from typing import Any

import pytest

from aftersales.calendars.rules import WorkingCalendar
from aftersales.kit.errors import InvalidInput
from aftersales.terms.playbook import VerticalPlaybook
from aftersales_software_his.grades import HospitalFaultFacts, ProjectManagementFaultFacts
from tests.verticals.terms_of import COMPILER, REGISTRY, at, by_code, due, of_clause, target_for, terms_of

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


# --- plan 10: grades ------------------------------------------------------------------------------------------


@pytest.mark.clause("P10-14")
def test_there_are_four_fault_grades(project_management: VerticalPlaybook) -> None:
    scheme = project_management.grade_scheme

    assert scheme is not None
    assert [(grade.code, grade.rank) for grade in scheme.grades] == [("G1", 1), ("G2", 2), ("G3", 3), ("G4", 4)]
    assert scheme.grade("G5") is None


@pytest.mark.parametrize(
    ("facts", "grade"),
    [
        pytest.param({"down": True}, "G1", marks=pytest.mark.clause("P10-15")),
        pytest.param({"risk_of_outage": True}, "G2", marks=pytest.mark.clause("P10-16")),
        pytest.param({"partial_degradation": True}, "G3", marks=pytest.mark.clause("P10-17")),
        pytest.param({"intermittent_or_indirect": True}, "G4", marks=pytest.mark.clause("P10-18")),
        pytest.param({"down": True, "intermittent_or_indirect": True}, "G1", marks=pytest.mark.clause("P10-15")),
        pytest.param({"risk_of_outage": True, "partial_degradation": True}, "G2", marks=pytest.mark.clause("P10-16")),
    ],
)
def test_the_gravest_impact_that_holds_decides(
    project_management: VerticalPlaybook, facts: dict[str, bool], grade: str
) -> None:
    scheme = project_management.grade_scheme
    assert scheme is not None
    known = ProjectManagementFaultFacts(**facts)

    matching = [rule.grade for rule in scheme.rules if all(getattr(known, k) == v for k, v in rule.when.items())]

    assert matching[0] == grade


# --- plan 10: deadlines ----------------------------------------------------------------------------------------


@pytest.mark.clause("P10-30")
def test_without_a_table_of_its_own_every_grade_has_the_48_hours_of_the_text(
    project_management: VerticalPlaybook,
) -> None:
    for grade in ("G1", "G2", "G3", "G4"):
        assert due(project_management, "on_site", "2026-06-11 15:00", grade=grade) == "2026-06-13 15:00"
        target = target_for(project_management, "on_site", grade=grade)
        assert target is not None
        assert (target.clause, target.source, target.starts_on) == ("P10-30", "vertical", "phone_failed")


@pytest.mark.clause("P10-24")
def test_the_48_hours_also_start_when_an_engineer_is_needed_at_once(project_management: VerticalPlaybook) -> None:
    target = target_for(project_management, "on_site", grade="G2")

    assert target is not None
    assert target.starts_with("on_site_decided")
    assert not target.starts_with("reported")


@pytest.mark.clause("P10-19")
def test_the_tenants_table_gives_each_grade_its_own_hours() -> None:
    terms = terms_of("software_his", profile="project_management", on_site_hours=ON_SITE_HOURS)

    found = {}
    for grade in ("G1", "G2", "G3", "G4"):
        target = target_for(terms, "on_site", grade=grade)
        assert target is not None
        assert target.budget is not None
        assert (target.clause, target.source) == ("P10-19", "tenant")
        found[grade] = target.budget.amount
    assert found == {"G1": 4, "G2": 8, "G3": 24, "G4": 48}


@pytest.mark.clause("P10-19")
@pytest.mark.parametrize(
    "hours",
    [
        {"g1": 8, "g2": 8, "g3": 8, "g4": 8},
        {"g1": 8, "g2": 4, "g3": 24, "g4": 48},
        {"g1": 4, "g2": 8, "g3": 24, "g4": 49},
        {"g1": 0, "g2": 8, "g3": 24, "g4": 48},
    ],
)
def test_hours_that_dont_grow_or_pass_48_are_refused(hours: dict[str, int]) -> None:
    with pytest.raises(InvalidInput) as refused:
        COMPILER.check_settings("software_his", {"profile": "project_management", "on_site_hours": hours})

    assert (refused.value.code, refused.value.field) == ("VERTICAL_SETTINGS_REFUSED", "on_site_hours")


@pytest.mark.clause("P10-19")
def test_the_missing_table_is_named_as_a_value_that_the_tenant_owes(project_management: VerticalPlaybook) -> None:
    (field,) = of_clause(project_management.required_fields, "P10-19")

    assert (field.field, field.of) == ("on_site_hours", "tenant")


@pytest.mark.clause("P10-20")
def test_the_call_back_is_due_in_five_minutes_marked_as_our_default(project_management: VerticalPlaybook) -> None:
    target = target_for(project_management, "acknowledged")

    assert due(project_management, "acknowledged", "2026-06-14 20:00") == "2026-06-14 20:05"
    assert target is not None
    assert target.source == "default"
    own = target_for(terms_of("software_his", profile="project_management", call_back_minutes=15), "acknowledged")
    assert own is not None
    assert own.budget is not None
    assert (own.source, own.budget.amount) == ("tenant", 15)


@pytest.mark.clause("P10-09")
def test_recovery_after_a_crash_is_tracked_and_never_breached(project_management: VerticalPlaybook) -> None:
    target = target_for(project_management, "restored", grade="G1")

    assert target is not None
    assert (target.budget, target.clause) == (None, "P10-09")


# --- plan 10: desk, ladder, incident, complaint ------------------------------------------------------------------


@pytest.mark.clause("P10-28")
@pytest.mark.parametrize(
    ("instant", "is_open"),
    [
        ("2026-05-08 16:59", True),
        ("2026-05-08 17:00", False),
        ("2026-05-08 08:29", False),
        ("2026-05-08 08:30", True),
        ("2026-05-10 10:00", False),
        ("2026-10-05 10:00", False),
    ],
)
def test_the_phone_desk_is_open_as_the_text_says(
    project_management: VerticalPlaybook, instant: str, is_open: bool
) -> None:
    desk = project_management.calendar("phone_desk")

    assert desk is not None
    assert WorkingCalendar.of(desk.definition).is_open(at(instant)) is is_open


@pytest.mark.clause("P10-28")
@pytest.mark.parametrize("open_on_make_up_days", [True, False])
def test_a_make_up_saturday_is_open_unless_the_tenant_reads_monday_to_friday_literally(
    open_on_make_up_days: bool,
) -> None:
    """Saturday 9 May 2026 is a make-up working day (A58)."""
    terms = terms_of("software_his", profile="project_management", phone_desk_make_up_days=open_on_make_up_days)
    desk = terms.calendar("phone_desk")

    assert desk is not None
    assert WorkingCalendar.of(desk.definition).is_open(at("2026-05-09 10:00")) is open_on_make_up_days


@pytest.mark.clause("P10-29")
def test_outside_the_desks_hours_the_on_call_engineer_owns_faults(project_management: VerticalPlaybook) -> None:
    (duty,) = of_clause(project_management.roles_and_routing, "P10-29")
    on_call = project_management.calendar("on_call")

    assert (duty.owner, duty.when) == ("on_call", "desk_closed")
    assert on_call is not None
    assert WorkingCalendar.of(on_call.definition).is_open(at("2026-06-14 20:00"))


@pytest.mark.clause("P10-27")
def test_an_ordinary_fault_is_tried_on_the_phone_before_anybody_drives(project_management: VerticalPlaybook) -> None:
    ladder = project_management.ladder_of_channels

    assert ladder is not None
    assert ladder.requires["on_site"] == ("phone",)
    assert ladder.grades == ("G2", "G3", "G4")


@pytest.mark.clause("P10-21", "P10-22")
def test_remote_work_needs_an_authorisation_and_a_change_record(project_management: VerticalPlaybook) -> None:
    ladder = project_management.ladder_of_channels

    assert ladder is not None
    assert ladder.remote_needs_authorisation
    assert ladder.change_record_for_remote_changes


@pytest.mark.clause("P10-26")
def test_a_grade_1_fault_convenes_the_lead_group_and_needs_an_emergency_plan(
    project_management: VerticalPlaybook,
) -> None:
    (rule,) = project_management.major_incidents
    (closing,) = of_clause(project_management.closing_rules, "P10-26")

    assert (rule.grades, rule.needs_emergency_plan) == (("G1",), True)
    assert rule.notify_roles == ("owner", "quality_supervisor")
    assert (closing.needs, closing.scope.grades) == ("emergency_plan", ("G1",))


@pytest.mark.clause("P10-31", "P10-32")
def test_a_complaint_about_an_engineer_goes_to_headquarters_and_to_another_engineer(
    project_management: VerticalPlaybook,
) -> None:
    (duty,) = of_clause(project_management.roles_and_routing, "P10-31")

    assert (duty.owner, duty.kinds, duty.excludes_engineer) == ("headquarters", ("complaint",), True)


@pytest.mark.clause("P10-08")
def test_module_and_error_codes_are_the_tenants_closed_lists() -> None:
    terms = terms_of(
        "software_his",
        profile="project_management",
        module_codes={"COST": "成本"},
        error_codes={"E-1203": "成本汇总出错"},
    )

    assert {registry.ticket_field: set(registry.entries) for registry in terms.code_registries} == {
        "module_code": {"COST"},
        "error_code": {"E-1203"},
    }


@pytest.mark.clause("P10-23")
def test_the_health_check_needs_authorisation_and_has_the_tenants_cadence(
    project_management: VerticalPlaybook,
) -> None:
    check = by_code(project_management.inspection_cadences, "health_check")
    own = terms_of("software_his", profile="project_management", health_checks_per_year=2)

    assert (check.needs_authorisation, check.count) == (True, None)
    assert by_code(own.inspection_cadences, "health_check").count == 2
    assert by_code(own.inspection_cadences, "health_check").source == "tenant"


@pytest.mark.declares("P10-25")
def test_an_engineer_visits_every_quarter_from_go_live(project_management: VerticalPlaybook) -> None:
    visit = by_code(project_management.inspection_cadences, "quarterly_visit")

    assert (visit.count, visit.per, visit.anchor) == (1, "quarter", "go_live")


@pytest.mark.declares("P10-01", "P10-02", "P10-03")
def test_three_tracks_of_training_have_seven_modules_six_centres_and_one_topic(
    project_management: VerticalPlaybook,
) -> None:
    sizes = {course.clause: len(course.units) for course in project_management.training_curricula}

    assert (sizes["P10-01"], sizes["P10-02"], sizes["P10-03"]) == (7, 6, 1)


@pytest.mark.declares("P10-04", "P10-05", "P10-06")
@pytest.mark.parametrize(("clause", "code"), [("P10-04", "workflow"), ("P10-05", "report"), ("P10-06", "development")])
def test_each_customisation_is_quoted_and_brings_training(
    project_management: VerticalPlaybook, clause: str, code: str
) -> None:
    fee = by_code(project_management.service_fee_table, code)
    course = by_code(project_management.training_curricula, f"customisation_{code}")

    assert (fee.clause, fee.basis, fee.consent_required) == (clause, "quote", True)
    assert (course.clause, course.gate) == (clause, "customisation_completed")


@pytest.mark.declares("P10-33", "P10-34", "P10-35")
def test_the_guarantee_has_no_length_until_the_contract_states_it_and_support_never_ends(
    project_management: VerticalPlaybook,
) -> None:
    assert {term.amount for term in project_management.warranty_terms} == {None}
    assert by_code(project_management.required_fields, "guarantee_term").of == "contract"
    assert by_code(project_management.lifecycle_phases, "lifetime_support").billable
    assert by_code(project_management.service_fee_table, "maintenance_cost").applies_when == "after_term"
    assert by_code(project_management.covered_causes, "hardware_fault").source == "default"


@pytest.mark.declares("P10-07", "P10-10", "P10-11", "P10-12")
def test_patches_warnings_reports_and_rules_are_deliverables(project_management: VerticalPlaybook) -> None:
    assert by_code(project_management.form_templates, "patch_choice").fields[1].choices == ("install", "decline")
    assert by_code(project_management.deliverables, "virus_warning").due == "on_event"
    assert by_code(project_management.deliverables, "maintenance_report").due == "per_visit"
    assert len(of_clause(project_management.deliverables, "P10-12")) == 2


@pytest.mark.clause("P10-13")
def test_advice_on_computer_systems_is_a_kind_of_work_and_has_an_owner(project_management: VerticalPlaybook) -> None:
    (duty,) = of_clause(project_management.roles_and_routing, "P10-13")

    assert duty.kinds == ("advice",)
    assert project_management.work_type("advice") is not None


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
