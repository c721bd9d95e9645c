"""Plan 5 as declared: two days, two hours, two years, 95 percent, and what a site needs to be safe."""

import msgspec
import pytest

from aftersales.kit.errors import InvalidInput
from aftersales.terms.planned import SafetyRule
from aftersales.terms.playbook import VerticalPlaybook
from aftersales_landscaping.grades import LandscapeFaultFacts
from tests.verticals.terms_of import COMPILER, REGISTRY, by_code, due, of_clause, target_for, terms_of


@pytest.fixture
def landscaping() -> VerticalPlaybook:
    return terms_of("landscaping")


# --- deadlines and grades ---------------------------------------------------------------------------------------


@pytest.mark.clause("P05-33")
@pytest.mark.parametrize("hour", ["00:00", "08:30", "23:59"])
def test_somebody_is_sent_by_the_end_of_the_second_day_after_the_notice(
    landscaping: VerticalPlaybook, hour: str
) -> None:
    """The day of the notice isn't counted (A27), whatever its hour."""
    assert due(landscaping, "dispatched", f"2026-06-05 {hour}", grade="normal") == "2026-06-08 00:00"


@pytest.mark.clause("P05-34")
def test_an_emergency_is_reached_within_two_hours_over_midnight_too(landscaping: VerticalPlaybook) -> None:
    assert due(landscaping, "on_site", "2026-06-05 22:15", grade="emergency") == "2026-06-06 00:15"
    assert target_for(landscaping, "dispatched", grade="emergency") is None
    assert target_for(landscaping, "on_site", grade="normal") is None


@pytest.mark.clause("P05-34")
def test_intake_declares_an_emergency_and_has_to_give_a_reason(landscaping: VerticalPlaybook) -> None:
    scheme = landscaping.grade_scheme
    assert scheme is not None
    (rule,) = scheme.rules

    assert (rule.grade, rule.when) == ("emergency", {"emergency": True})
    for reason in (None, "  "):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"emergency": True, "emergency_reason": reason}, LandscapeFaultFacts)
    assert msgspec.convert({"emergency": True, "emergency_reason": "大树倒伏"}, LandscapeFaultFacts).emergency


@pytest.mark.clause("P05-34")
async def test_many_dead_plants_alone_are_no_emergency(landscaping: VerticalPlaybook) -> None:
    facts = LandscapeFaultFacts(affected_plants=300)

    verdict = await REGISTRY.behave("landscaping", "classify_fault", facts=facts, settings=landscaping.settings)

    assert verdict.grade == "normal"


# --- roles, certificates, hazards ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "applies_to", "roles"),
    [
        pytest.param(
            "company_body",
            "company",
            ("production_manager", "safety_supervision"),
            marks=pytest.mark.clause("P05-02"),
        ),
        pytest.param("project_manager", "site", ("project_manager",), marks=pytest.mark.clause("P05-03")),
        pytest.param("safety_officer", "site", ("safety_officer", "full_time"), marks=pytest.mark.clause("P05-04")),
        pytest.param("branches_take_part", "branch", ("safety_contact",), marks=pytest.mark.clause("P05-44")),
    ],
)
def test_a_safety_role_has_to_be_filled(
    landscaping: VerticalPlaybook, code: str, applies_to: str, roles: tuple[str, ...]
) -> None:
    rule = by_code(landscaping.safety_rules, code)

    assert (rule.kind, rule.applies_to, rule.conditions, rule.minimum) == ("role", applies_to, roles, 1)


@pytest.mark.clause("P05-12", "P05-15")
def test_temporary_power_is_for_electricians_with_a_certificate(landscaping: VerticalPlaybook) -> None:
    power, machines = landscaping.work_type("temporary_power"), landscaping.work_type("machine_operation")

    assert power is not None
    assert (power.skills, power.certificates, power.clause) == (("electrician",), ("electrician",), "P05-15")
    assert machines is not None
    assert machines.certificates == ("machine_operator",)
    assert by_code(landscaping.safety_rules, "special_workers").conditions[1] == "valid_certificate"


@pytest.mark.clause("P05-27", "P05-30")
def test_work_resumes_after_rectification_and_verification_under_the_leader(landscaping: VerticalPlaybook) -> None:
    (rectified,) = of_clause(landscaping.safety_rules, "P05-27")
    (stopped,) = of_clause(landscaping.safety_rules, "P05-30")
    (leader,) = of_clause(landscaping.roles_and_routing, "P05-30")

    assert (rectified.kind, rectified.conditions) == ("stop_work", ("rectified", "verified"))
    assert (stopped.kind, stopped.conditions[0]) == ("stop_work", "reported_to_leader")
    assert leader.owner == "project_manager"


@pytest.mark.declares("P05-26")
def test_the_patrols_longest_gap_is_the_tenants(landscaping: VerticalPlaybook) -> None:
    own = terms_of("landscaping", patrol_gap_minutes=240)

    assert by_code(landscaping.safety_rules, "patrol").longest_gap_minutes is None
    assert by_code(own.safety_rules, "patrol").longest_gap_minutes == 240
    assert by_code(own.safety_rules, "patrol").source == "tenant"


def rule_of(terms: VerticalPlaybook, clause: str) -> SafetyRule:
    (rule,) = of_clause(terms.safety_rules, clause)
    return rule


@pytest.mark.parametrize(
    ("clause", "kind", "conditions"),
    [
        pytest.param(
            "P05-01", "zero_target", {"death", "serious_injury", "collapse", "poisoning", "fire"},
            marks=pytest.mark.declares("P05-01"),
        ),
        pytest.param("P05-05", "record", {"responsibility_letter"}, marks=pytest.mark.declares("P05-05")),
        pytest.param("P05-06", "record", {"pre_shift_meeting", "safety_topic"}, marks=pytest.mark.declares("P05-06")),
        pytest.param("P05-07", "check", {"JGJ 46"}, marks=pytest.mark.declares("P05-07")),
        pytest.param("P05-08", "check", {"safety_signs", "safety_guards"}, marks=pytest.mark.declares("P05-08")),
        pytest.param(
            "P05-10", "gate", {"production", "electricity", "fire", "machinery"},
            marks=pytest.mark.declares("P05-10"),
        ),
        pytest.param("P05-11", "check", {"helmet", "work_clothes", "no_smoking"}, marks=pytest.mark.declares("P05-11")),
        pytest.param(
            "P05-13", "gate", {"briefing_sheet", "acknowledged_by_every_worker"},
            marks=pytest.mark.declares("P05-13"),
        ),
        pytest.param(
            "P05-14", "check", {"five_wire_supply", "compliant_box", "residual_current_device"},
            marks=pytest.mark.declares("P05-14"),
        ),
        pytest.param(
            "P05-16", "check", {"before_shift", "after_shift", "running_log"}, marks=pytest.mark.declares("P05-16")
        ),
        pytest.param("P05-17", "gate", {"stopped", "power_off"}, marks=pytest.mark.declares("P05-17")),
        pytest.param("P05-18", "gate", {"not_defective", "certified_operator"}, marks=pytest.mark.declares("P05-18")),
        pytest.param("P05-19", "permit", {"fire_watch", "cleaned_up"}, marks=pytest.mark.declares("P05-19")),
        pytest.param(
            "P05-20", "permit", {"separate_store", "keeper", "extinguishers"}, marks=pytest.mark.declares("P05-20")
        ),
        pytest.param(
            "P05-21", "check", {"enough", "not_buried", "not_enclosed", "not_diverted"},
            marks=pytest.mark.declares("P05-21"),
        ),
        pytest.param("P05-22", "check", {"evacuation_lane", "fire_lane"}, marks=pytest.mark.declares("P05-22")),
        pytest.param("P05-23", "record", {"guard", "patrol", "gate_log"}, marks=pytest.mark.declares("P05-23")),
        pytest.param("P05-24", "check", {"warning_lamps", "traffic_person"}, marks=pytest.mark.declares("P05-24")),
        pytest.param("P05-25", "permit", {"site_leader"}, marks=pytest.mark.declares("P05-25")),
        pytest.param("P05-28", "check", {"staked"}, marks=pytest.mark.declares("P05-28")),
        pytest.param("P05-29", "patrol", {"flood", "lightning", "collapse"}, marks=pytest.mark.declares("P05-29")),
        pytest.param(
            "P05-40", "zero_target", {"violation", "hazard", "accident", "major_casualty"},
            marks=pytest.mark.declares("P05-40"),
        ),
        pytest.param("P05-41", "record", {"procedure_acknowledged"}, marks=pytest.mark.declares("P05-41")),
        pytest.param("P05-42", "check", {"guards", "protective_neutral"}, marks=pytest.mark.declares("P05-42")),
        pytest.param("P05-43", "check", {"fence_signs", "guard_badges"}, marks=pytest.mark.declares("P05-43")),
    ],
)  # fmt: skip
def test_a_safety_rule_says_what_the_text_says(
    landscaping: VerticalPlaybook, clause: str, kind: str, conditions: set[str]
) -> None:
    rule = rule_of(landscaping, clause)

    assert (rule.kind, set(rule.conditions)) == (kind, conditions)


@pytest.mark.declares("P05-17", "P05-45")
def test_lock_tag_or_attendant_and_one_of_four_kinds_of_hazard(landscaping: VerticalPlaybook) -> None:
    assert rule_of(landscaping, "P05-17").any_of == ("lock", "tag", "attendant")
    assert rule_of(landscaping, "P05-45").any_of == ("behaviour", "condition", "environment", "management")


@pytest.mark.declares("P05-09")
def test_a_superseded_standard_shows_its_successor(landscaping: VerticalPlaybook) -> None:
    assert by_code(landscaping.reference_standards, "occupational_health").superseded_by == "GB/T 45001-2020"


# --- coverage -----------------------------------------------------------------------------------------------------


@pytest.mark.declares("P05-31", "P05-35")
def test_defects_run_two_years_from_handover_upkeep_two_years_from_completion(landscaping: VerticalPlaybook) -> None:
    terms = {term.code: (term.amount, term.unit, term.starts_on) for term in landscaping.warranty_terms}

    assert terms["works"] == (2, "year", "handover")
    assert terms["upkeep"] == (2, "year", "completion")
    assert by_code(landscaping.exclusions, "works_of_others").clause == "P05-31"


@pytest.mark.declares("P05-38")
def test_95_percent_survive_two_years_human_damage_taken_out(landscaping: VerticalPlaybook) -> None:
    (guarantee,) = landscaping.guarantees

    assert (guarantee.metric, guarantee.threshold, guarantee.inclusive) == ("survival_rate", "0.95", True)
    assert (guarantee.window, guarantee.excludes) == ("P2Y", ("human_damage",))
    assert guarantee.checkpoints == "term_end"
    assert terms_of("landscaping", survival_checkpoint_months=[12]).guarantees[0].checkpoints == "tenant"


@pytest.mark.declares("P05-32", "P05-37")
def test_quality_is_repaired_and_dead_plants_are_replaced_by_the_same_species_and_size(
    landscaping: VerticalPlaybook,
) -> None:
    assert by_code(landscaping.covered_causes, "quality").remedies == ("repair",)
    for code in ("dead_plant", "bad_plant"):
        remedy = by_code(landscaping.symptom_remedies, code)
        assert (remedy.remedy, remedy.must_match) == ("replant", ("species", "size"))


@pytest.mark.declares("P05-36")
def test_upkeep_has_no_cadence_until_the_tenant_sets_one(landscaping: VerticalPlaybook) -> None:
    own = terms_of("landscaping", watering_every_days=7, watering_months=[6, 7, 8], pruning_per_year=2)
    watering = by_code(own.inspection_cadences, "watering")

    assert by_code(landscaping.inspection_cadences, "watering").every_days is None
    assert (watering.every_days, watering.months, watering.source) == (7, (6, 7, 8), "tenant")
    assert by_code(own.inspection_cadences, "pruning").count == 2


@pytest.mark.declares("P05-39")
def test_upkeep_after_the_term_is_billed_and_its_promptness_tracked(landscaping: VerticalPlaybook) -> None:
    fee = by_code(landscaping.service_fee_table, "upkeep_after_term")
    target = target_for(landscaping, "dispatched", kind="maintenance")

    assert (fee.item, fee.basis, fee.applies_when) == ("upkeep", "quote", "after_term")
    assert target is not None
    assert target.budget is None


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"defects_years": 1}, "defects_years"),
        ({"watering_every_days": 0}, "watering_every_days"),
        ({"patrol_gap_minutes": 1441}, "patrol_gap_minutes"),
        ({"rainy_months": [13]}, "rainy_months"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        COMPILER.check_settings("landscaping", settings)

    assert refused.value.field == field
