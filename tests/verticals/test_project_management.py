"""Plan 10 as declared: the figures of the text, the readings of its gaps, and what tenants may set."""

import pytest

from aftersales.calendars.rules import WorkingCalendar
from aftersales.kit.errors import InvalidInput
from aftersales.terms.playbook import VerticalPlaybook
from aftersales_software_his.grades import ProjectManagementFaultFacts
from tests.verticals.terms_of import COMPILER, at, by_code, due, of_clause, target_for, terms_of

ON_SITE_HOURS = {"g1": 4, "g2": 8, "g3": 24, "g4": 48}


@pytest.fixture
def hospital() -> VerticalPlaybook:
    return terms_of("software_his")


@pytest.fixture
def project_management() -> VerticalPlaybook:
    return terms_of("software_his", profile="project_management")


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
