"""The stories of the demo, against a real instance over HTTP; every date in them was worked out by hand."""

import pytest

from aftersales_server.demo.stories import (
    SCRIPTS,
    dead_trees,
    go_live,
    hospital,
    landscaping,
    outage,
    site_shift,
    solar_years,
    summer,
    tank_leak,
    typhoon,
    virus,
    warranty,
    workshop,
)
from tests.e2e.conftest import RunningInstance


@pytest.mark.clause("P08-11", "P08-12", "P08-13", "P08-14", "P08-15", "P08-16", "P08-19", "P08-20", "P08-21")
def test_given_a_hospitals_fault_when_it_turns_complex_then_the_plan_is_owed_over_the_holiday(
    instance: RunningInstance,
) -> None:
    played = instance.play(hospital.SCRIPT)
    assert played.differences == []
    assert "2026-10-10 make-up working day, counted" in played.explanation


@pytest.mark.clause("P10-09", "P10-15", "P10-19", "P10-20", "P10-26", "P10-28", "P10-29", "P10-30")
def test_given_an_outage_on_sunday_evening_when_the_phone_fails_then_the_tenants_four_hours_hold(
    instance: RunningInstance,
) -> None:
    played = instance.play(outage.SCRIPT)
    assert played.differences == []
    assert "on_site (clause P10-30), it is less specific" in played.explanation


@pytest.mark.clause("P09-05", "P09-06", "P09-07", "P09-21", "P14-05", "P14-06", "P14-07", "P14-21")
def test_given_a_leaking_tank_when_the_agent_is_late_then_the_companys_twelve_hours_hold(
    instance: RunningInstance,
) -> None:
    played = instance.play(tank_leak.SCRIPT)
    assert played.differences == []
    assert "by clause P09-07" in played.explanation


@pytest.mark.clause("P05-33", "P05-34")
def test_given_an_emergency_beside_a_normal_notice_when_both_are_handled_then_each_has_its_own_deadline(
    instance: RunningInstance,
) -> None:
    played = instance.play(landscaping.SCRIPT)
    assert played.differences == []
    assert "2 calendar days" in played.explanation


@pytest.mark.clause("P06-03")
def test_given_a_car_at_the_workshop_when_it_is_checked_in_then_the_dealer_system_gets_the_arrival(
    instance: RunningInstance,
) -> None:
    played = instance.play(workshop.SCRIPT)
    assert played.differences == []
    assert "statute" in played.explanation


@pytest.mark.clause("P09-10", "P09-17", "P09-18", "P09-23", "P09-25", "P09-27", "P09-28")
def test_given_a_tank_when_it_leaks_on_the_last_day_and_the_day_after_then_it_is_free_and_at_cost(
    instance: RunningInstance,
) -> None:
    played = instance.play(warranty.SCRIPT)
    assert played.differences == []
    assert "from 2026-03-01 to 2029-03-01, that day included" in played.explanation


@pytest.mark.clause("P08-03", "P08-06", "P08-07", "P10-36")
def test_given_a_virus_when_two_contracts_of_one_vertical_meet_it_then_one_advises_and_one_removes_it(
    instance: RunningInstance,
) -> None:
    advised, removed = instance.play(virus.ADVISED), instance.play(virus.REMOVED)
    assert advised.differences == removed.differences == []
    assert "a recommended solution is given" in advised.explanation
    assert "P10-36" in removed.explanation


@pytest.mark.clause("P06-10", "P06-12", "P06-15", "P06-18", "P06-19", "P06-20")
def test_given_the_summer_campaign_when_a_visit_is_priced_then_every_line_is_right_to_the_cent(
    instance: RunningInstance,
) -> None:
    assert instance.play(summer.SCRIPT).differences == []
    assert instance.play(summer.SCRIPT).differences == []


@pytest.mark.clause("P05-37", "P05-38")
def test_given_dead_trees_when_the_checkpoint_comes_then_the_same_trees_are_owed(instance: RunningInstance) -> None:
    assert instance.play(dead_trees.SCRIPT).differences == []


@pytest.mark.clause("P05-06", "P05-10", "P05-13", "P05-16", "P05-22", "P05-26", "P05-27")
def test_given_a_shift_on_a_site_when_a_lane_is_blocked_then_work_stops_until_it_is_verified(
    instance: RunningInstance,
) -> None:
    assert [instance.play(site_shift.SCRIPT).differences for _ in range(2)] == [[], []]


@pytest.mark.clause("P09-20", "P09-29", "P09-30", "P09-31", "P09-35", "P09-36", "P09-12")
def test_given_a_solar_contract_when_it_is_lived_through_then_six_visits_are_free_and_the_seventh_is_billed(
    instance: RunningInstance,
) -> None:
    first, second = instance.play(solar_years.SCRIPT), instance.play(solar_years.SCRIPT)
    assert first.differences == second.differences == []
    assert "training, by clause P09-30" in second.explanation


@pytest.mark.clause("P08-01", "P08-02", "P08-05")
def test_given_ten_named_operators_when_nine_are_independent_then_nobody_goes_live(instance: RunningInstance) -> None:
    first, second = instance.play(go_live.SCRIPT), instance.play(go_live.SCRIPT)
    assert first.differences == second.differences == []
    assert "training, by clause P08-01" in second.explanation


@pytest.mark.clause("P11-27", "P11-37", "P11-44")
def test_given_a_typhoon_warning_when_it_comes_twice_then_everybody_on_the_coast_is_told_once(
    instance: RunningInstance,
) -> None:
    first, second = instance.play(typhoon.SCRIPT), instance.play(typhoon.SCRIPT)
    assert first.differences == second.differences == []
    assert "revisit, by clause P11-44 (the tenant's own terms)" in second.explanation


def test_given_a_story_was_played_when_it_is_played_again_then_it_goes_the_same_way(instance: RunningInstance) -> None:
    first, second = instance.play(landscaping.SCRIPT), instance.play(landscaping.SCRIPT)
    assert first.differences == second.differences == []
    told = [row for row in second.rows if row.what.startswith("told ")]
    assert len(told) == len([row for row in first.rows if row.what.startswith("told ")]) > 0


def test_there_is_one_story_for_every_demo_tenant(instance: RunningInstance) -> None:
    assert {script.slug for script in SCRIPTS} == {tenant.slug for tenant in instance.access.tenants}
