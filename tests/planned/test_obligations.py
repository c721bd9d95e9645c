"""Cadences become obligations: the clauses that tell of visits, and every kind of rhythm, counted by hand."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.kit.errors import InvalidInput
from aftersales.planned.rules import (
    Done,
    Happened,
    OwnRule,
    PlanFacts,
    free_left,
    missing_departments,
    next_due,
    obligations_between,
)
from aftersales.terms.base import Label
from aftersales.terms.cadences import check_cadence
from aftersales.terms.coverage import LifecyclePhase
from aftersales.terms.planned import InspectionCadence, MeterInterval, Season
from aftersales.terms.playbook import VerticalPlaybook
from tests.planned.planning import cadence, day, days, plan
from tests.verticals.terms_of import by_code, terms_of

FREE_PERIOD = LifecyclePhase(
    code="free_period", label=Label("免费保修期", "Free period"), clause="P03-08", order=1, entered_on="acceptance",
    billable=False,
)  # fmt: skip


def facts(**starts: str) -> PlanFacts:
    return PlanFacts(starts={event: day(text) for event, text in starts.items()})


def told(terms: VerticalPlaybook, known: PlanFacts, first: str, last: str, code: str | None = None) -> list[str]:
    """The due days, without what has none."""
    found = obligations_between(terms, known, day(first), day(last), is_working=lambda one: one.weekday() < 5)
    return [str(one.due_on) for one in found if one.due_on is not None and code in {None, one.cadence.code}]


# --- the clauses -----------------------------------------------------------------------------------------------


@pytest.mark.clause("P01-19")
def test_given_two_visits_a_year_then_one_is_due_in_each_half_and_a_third_isnt_free() -> None:
    """Given a contract from 2026-03-01, then visits are due by 31 August and 28 February; a third would be paid."""
    inspection = cadence(clause="P01-19", count=2, anchor="contract_start")
    known = facts(contract_start="2026-03-01")
    dues = told(plan(inspection), known, "2026-03-01", "2027-02-28")
    assert dues == ["2026-08-31", "2027-02-28"]
    assert free_left(plan(inspection), known, inspection, day("2026-12-01"), days(*dues)) == 0
    assert free_left(plan(inspection), known, inspection, day("2026-12-01"), days(dues[0])) == 1
    assert free_left(plan(inspection), known, inspection, day("2027-03-01"), days(*dues)) == 2


@pytest.mark.clause("P03-17", "P13-17")
@pytest.mark.parametrize("clause", ["P03-17", "P13-17"])
def test_given_a_free_period_then_the_patrol_is_due_in_it_and_never_behind_it(clause: str) -> None:
    """Given every 3 months by the tenant and a free period 2026-07-20..2027-07-19, then three and none after it."""
    patrol = cadence(clause=clause, kind="patrol", phase="free_period", anchor="phase_entered", every=3, unit="month")
    period = PlanFacts(phases={"free_period": (day("2026-07-20"), day("2027-07-19"))})
    terms = plan(patrol, lifecycle_phases=(FREE_PERIOD,))
    assert told(terms, period, "2026-01-01", "2030-01-01") == ["2026-10-20", "2027-01-20", "2027-04-20"]
    one_day_more = PlanFacts(phases={"free_period": (day("2026-07-20"), day("2027-07-20"))})
    assert told(terms, one_day_more, "2026-01-01", "2030-01-01")[-1] == "2027-07-20"


@pytest.mark.clause("P03-17", "P13-17")
def test_given_no_number_in_the_text_then_the_patrol_is_tracked_without_a_day() -> None:
    """A05: 定期 has no number; the duty is told once, with no day."""
    patrol = cadence(clause="P03-17", kind="patrol", phase="free_period", anchor="phase_entered")
    period = PlanFacts(phases={"free_period": (day("2026-07-20"), None)})
    [one] = obligations_between(plan(patrol), period, day("2026-01-01"), day("2030-01-01"))
    assert (one.occurrence, one.due_on) == ("open", None)


@pytest.mark.clause("P05-36")
def test_given_watering_every_seven_days_in_summer_then_july_has_four_tasks() -> None:
    terms = terms_of("landscaping", watering_every_days=7, watering_months=[6, 7, 8])
    known = facts(completion="2026-03-01")
    assert told(terms, known, "2026-07-01", "2026-07-31", "watering") == [
        "2026-07-06", "2026-07-13", "2026-07-20", "2026-07-27",
    ]  # fmt: skip
    assert told(terms, known, "2026-09-01", "2027-05-31", "watering") == []
    # Upkeep is owed for two years from completion (P05-35).
    assert told(terms, known, "2028-03-02", "2030-12-31", "watering") == []
    codes = {one.clause: one.code for one in terms.inspection_cadences if one.kind == "upkeep"}
    assert codes.keys() == {"P05-36"}
    assert {"pruning", "watering", "fertilising", "other_upkeep"} <= {one.code for one in terms.inspection_cadences}


@pytest.mark.clause("P05-36")
def test_given_a_tenants_own_numbers_then_pruning_and_fertilising_are_spread_over_the_year() -> None:
    terms = terms_of("landscaping", pruning_per_year=2, fertilising_per_year=3)
    known = facts(completion="2026-03-01")
    assert told(terms, known, "2026-03-01", "2027-02-28", "pruning") == ["2026-08-31", "2027-02-28"]
    assert told(terms, known, "2026-03-01", "2027-02-28", "fertilising") == ["2026-06-30", "2026-10-31", "2027-02-28"]


@pytest.mark.clause("P05-29")
def test_given_a_construction_site_in_the_rainy_season_then_every_day_has_its_check() -> None:
    """Given June and July as the rainy season, when works begin on 29 June, then each day till 31 July is checked."""
    terms = terms_of("landscaping", rainy_months=[6, 7])
    site = PlanFacts(entered={"construction": day("2026-06-29")})
    dues = told(terms, site, "2026-06-01", "2026-09-30", "rainy_season")
    assert (dues[0], dues[-1], len(dues)) == ("2026-06-29", "2026-07-31", 33)
    check = by_code(terms.inspection_cadences, "rainy_season")
    assert (check.checklist, check.provider) == (("flood", "lightning", "collapse"), "named_person")
    finished = PlanFacts(entered={"construction": day("2026-06-29"), "warranty": day("2026-07-10")})
    assert told(terms, finished, "2026-06-01", "2026-09-30", "rainy_season")[-1] == "2026-07-09"


@pytest.mark.clause("P05-29")
def test_given_no_rainy_season_set_then_the_programme_is_tracked_and_doesnt_run_all_year() -> None:
    site = PlanFacts(entered={"construction": day("2026-06-29")})
    found = obligations_between(terms_of("landscaping"), site, day("2026-06-01"), day("2026-09-30"))
    assert [one.due_on for one in found if one.cadence.code == "rainy_season"] == [None]


@pytest.mark.clause("P09-20", "P14-20")
@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-03-01", "2027-02-28", ["2026-08-31", "2027-02-28"]),
        ("2028-03-01", "2030-01-01", ["2028-08-31", "2029-02-28"]),
    ],
)
def test_given_acceptance_then_two_visits_a_year_within_the_three_years(
    first: str, last: str, expected: list[str]
) -> None:
    """A52: free during the main unit's three years, which end with 2029-03-01."""
    assert told(terms_of("solar"), facts(acceptance="2026-03-01"), first, last, "maintenance") == expected


@pytest.mark.clause("P10-25")
def test_given_going_live_then_a_visit_is_due_every_quarter_whatever_the_month_lacks() -> None:
    terms = terms_of("software_his", profile="project_management")
    assert told(terms, facts(go_live="2026-11-30"), "2026-01-01", "2027-12-31", "quarterly_visit") == [
        "2027-02-28", "2027-05-30", "2027-08-30", "2027-11-30",
    ]  # fmt: skip
    assert told(terms, facts(acceptance="2026-11-30"), "2026-01-01", "2027-12-31", "quarterly_visit") == []


@pytest.mark.clause("P10-23")
def test_given_two_health_checks_a_year_then_both_need_the_customers_authorisation() -> None:
    terms = terms_of("software_his", profile="project_management", health_checks_per_year=2)
    found = obligations_between(terms, facts(go_live="2026-01-01"), day("2026-01-01"), day("2026-12-31"))
    checks = [one for one in found if one.cadence.code == "health_check"]
    assert [(str(one.due_on), one.cadence.needs_authorisation) for one in checks] == [
        ("2026-06-30", True), ("2026-12-31", True),
    ]  # fmt: skip


@pytest.mark.clause("P11-03")
def test_given_quarterly_visits_with_two_departments_then_one_without_marketing_is_flagged() -> None:
    visit = cadence(clause="P11-03", kind="visit", every=3, unit="month", departments=("after_sales", "marketing"))
    assert told(plan(visit), facts(acceptance="2026-03-01"), "2026-03-01", "2027-03-01") == [
        "2026-06-01", "2026-09-01", "2026-12-01", "2027-03-01",
    ]  # fmt: skip
    assert missing_departments(visit.departments, ["after_sales"]) == ["marketing"]
    assert missing_departments(visit.departments, ["marketing", "after_sales", "finance"]) == []


@pytest.mark.clause("P11-28")
def test_given_oiling_often_then_the_owner_is_reminded_at_the_tenants_interval_and_never_at_an_invented_one() -> None:
    """经常 has no number: tracked until the tenant sets one, from the day on which it is set."""
    oiling = cadence("oiling", clause="P11-28", kind="reminder", anchor="handover")
    known = facts(handover="2026-03-01")
    assert told(plan(oiling), known, "2026-03-01", "2027-03-01") == []
    monthly = OwnRule(
        id="1", cadence=cadence("oiling", kind="reminder", anchor="handover", every=2, unit="month"),
        effective_from=day("2026-06-01"),
    )  # fmt: skip
    own = PlanFacts(starts=known.starts, own=(monthly,))
    assert told(plan(oiling), own, "2026-03-01", "2026-12-31") == ["2026-07-01", "2026-09-01", "2026-11-01"]


@pytest.mark.clause("P11-37")
def test_given_hail_then_affected_projects_are_revisited_and_others_arent() -> None:
    revisit = cadence("hail", clause="P11-37", kind="visit", on_events=("hail",), every=2, unit="day")
    hail = Happened(id="e1", code="hail", on=day("2026-07-10"), regions=("3201",))
    storm = Happened(id="e2", code="storm", on=day("2026-07-10"))
    start = {"acceptance": day("2026-03-01")}
    for region, expected in (("320104", ["2026-07-12"]), ("110000", []), (None, [])):
        known = PlanFacts(starts=start, region=region, happened=(hail, storm))
        assert told(plan(revisit), known, "2026-01-01", "2026-12-31") == expected
    late = PlanFacts(starts={"acceptance": day("2026-07-11")}, region="320104", happened=(hail,))
    assert told(plan(revisit), late, "2026-01-01", "2026-12-31") == []


@pytest.mark.clause("P11-51")
@pytest.mark.parametrize(("moved_in", "due"), [("2026-01-31", "2026-02-28"), ("2028-01-31", "2028-02-29")])
def test_given_a_move_in_then_the_bolts_are_checked_once_a_month_later(moved_in: str, due: str) -> None:
    bolts = cadence("bolts", clause="P11-51", per="once", anchor="move_in", every=1, unit="month")
    assert told(plan(bolts), facts(move_in=moved_in), "2026-01-01", "2040-01-01") == [due]


@pytest.mark.clause("P11-52")
def test_given_acceptance_then_connectors_are_checked_every_half_year() -> None:
    connectors = cadence("connectors", clause="P11-52", every=6, unit="month")
    assert told(plan(connectors), facts(acceptance="2026-08-31"), "2026-01-01", "2028-03-01") == [
        "2027-02-28", "2027-08-31", "2028-02-29",
    ]  # fmt: skip


@pytest.mark.clause("P11-54")
def test_given_acceptance_then_sealant_is_inspected_once_a_year() -> None:
    sealant = cadence("sealant", clause="P11-54", every=12, unit="month")
    dues = told(plan(sealant), facts(acceptance="2026-03-01"), "2026-01-01", "2028-12-31")
    assert dues == ["2027-03-01", "2028-03-01"]


# --- every kind of rhythm ----------------------------------------------------------------------------------------


def test_a_season_is_the_one_of_the_place() -> None:
    """Given a typhoon season for Guangdong and one for everywhere, then each place has its own."""
    everywhere = Season(starts_month=7, starts_day=1, ends_month=7, ends_day=10)
    guangdong = Season(starts_month=6, starts_day=1, ends_month=6, ends_day=20, regions=("44",))
    check = cadence(count=1, per="season", seasons=(everywhere, guangdong))
    start = {"acceptance": day("2026-01-01")}
    for region, expected in (("440100", "2026-06-20"), ("110000", "2026-07-10"), (None, "2026-07-10")):
        known = PlanFacts(starts=start, region=region)
        assert told(plan(check), known, "2026-01-01", "2026-12-31") == [expected]


def test_a_winter_over_new_year_is_one_season() -> None:
    winter = Season(starts_month=12, starts_day=1, ends_month=2, ends_day=29, over_new_year=True)
    check = cadence(every=30, unit="day", per="season", seasons=(winter,))
    assert told(plan(check), facts(acceptance="2026-01-01"), "2026-11-01", "2027-04-01") == [
        "2026-12-01", "2026-12-31", "2027-01-30",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("shift", "expected"), [("none", "2026-10-03"), ("forward", "2026-10-05"), ("back", "2026-10-02")]
)
def test_a_due_day_moves_the_way_that_the_rule_says(shift: str, expected: str) -> None:
    """3 October 2026 is a Saturday: it is told where it fell before, and the one behind it doesn't move along."""
    check = cadence(every=1, unit="month", holiday_shift=shift)
    known = facts(acceptance="2026-09-03")
    assert told(plan(check), known, "2026-10-01", "2026-10-31") == [expected]
    assert told(plan(check), known, "2026-11-01", "2026-11-30") == ["2026-11-03"]


def test_a_due_day_isnt_moved_out_of_the_period() -> None:
    check = cadence(every=1, unit="month", holiday_shift="forward")
    known = PlanFacts(starts={"acceptance": day("2026-09-03")}, last_day=day("2026-10-04"))
    assert told(plan(check), known, "2026-09-01", "2026-12-31") == ["2026-10-02"]


@pytest.mark.parametrize(
    ("done_on", "rule", "following"),
    [
        ("2026-05-01", {}, "2026-09-01"),
        ("2026-05-01", {"rolls_on_early_completion": True}, "2026-08-01"),
        ("2026-06-20", {"rolls_on_early_completion": True}, "2026-09-01"),
        ("2026-06-20", {"shifts_on_late": True}, "2026-09-20"),
        ("2026-06-01", {"shifts_on_late": True, "rolls_on_early_completion": True}, "2026-09-01"),
    ],
)
def test_the_next_is_counted_from_completion_only_where_the_rule_says_so(
    done_on: str, rule: dict[str, Any], following: str
) -> None:
    check = cadence(every=3, unit="month", **rule)
    done = Done(rule="check", occurrence="0001", due_on=day("2026-06-01"), done_on=day(done_on))
    known = PlanFacts(starts={"acceptance": day("2026-03-01")}, done=(done,))
    dues = told(plan(check), known, "2026-03-01", "2026-10-31")
    assert dues[:2] == ["2026-06-01", following]


def test_an_own_rule_counts_on_its_days_and_the_verticals_on_the_others() -> None:
    check = cadence(every=1, unit="month")
    own = OwnRule(
        id="7", cadence=cadence(every=1, unit="week", source="tenant"), effective_from=day("2026-05-01"),
        effective_until=day("2026-05-15"),
    )  # fmt: skip
    known = PlanFacts(starts={"acceptance": day("2026-03-01")}, own=(own,))
    assert told(plan(check), known, "2026-04-01", "2026-06-30") == [
        "2026-04-01", "2026-05-03", "2026-05-10", "2026-06-01",
    ]  # fmt: skip


def test_a_meter_makes_one_due_when_its_mark_is_passed_besides_the_months() -> None:
    service = cadence(meter=MeterInterval(every=10_000, unit="kilometre"), every=12, unit="month")
    start = {"acceptance": day("2026-03-01")}
    for usage, expected in ((9_999, []), (10_000, ["2026-07-01"]), (39_999, ["2026-07-01"])):
        known = PlanFacts(starts=start, usage=usage, read_on=day("2026-07-01"))
        assert told(plan(service), known, "2026-03-01", "2026-12-31") == expected
    assert told(plan(service), PlanFacts(starts=start), "2026-03-01", "2027-12-31") == ["2027-03-01"]


def test_a_sample_is_a_share_of_the_assets_and_the_same_whenever_asked() -> None:
    check = cadence(every=1, unit="year", sample_share=Decimal("0.2"))

    def chosen() -> list[str]:
        due, start = "2027-03-01", {"acceptance": day("2026-03-01")}
        keys = [str(number) for number in range(1000)]
        return [key for key in keys if told(plan(check), PlanFacts(starts=start, key=key), due, due)]

    first = chosen()
    assert first == chosen()
    assert 150 <= len(first) <= 250


def test_a_contract_that_ended_owes_nothing_behind_its_last_day() -> None:
    check = cadence(every=1, unit="month", anchor="contract_start", about="contract")
    known = PlanFacts(starts={"contract_start": day("2026-01-31")}, last_day=day("2026-03-31"), about="contract")
    assert told(plan(check), known, "2026-01-01", "2026-12-31") == ["2026-02-28", "2026-03-31"]
    assert told(plan(check), PlanFacts(starts=known.starts, about="asset"), "2026-01-01", "2026-12-31") == []


def test_what_is_due_next_is_found_years_ahead_or_never() -> None:
    check = cadence(per="once", every=5, unit="year")
    known = facts(acceptance="2026-03-01")
    assert next_due(plan(check), known, day("2026-03-01")) == day("2031-03-01")
    assert next_due(plan(check), known, day("2031-03-01")) is None


@given(
    anchor=st.dates(day("2020-01-01"), day("2030-12-31")),
    every=st.integers(1, 24),
    unit=st.sampled_from(["day", "week", "month", "quarter", "year"]),
    cuts=st.lists(st.integers(0, 2000), max_size=4),
    shift=st.sampled_from(["none", "forward", "back"]),
)
def test_asking_piece_by_piece_gives_what_asking_at_once_gives(
    anchor: Any, every: int, unit: Any, cuts: list[int], shift: Any
) -> None:
    """Whatever the days that are asked for: no obligation is lost between them, none is told twice."""
    terms, known = plan(cadence(every=every, unit=unit, holiday_shift=shift)), PlanFacts(starts={"acceptance": anchor})
    first, last = anchor, anchor + timedelta(days=2000)
    bounds = [first, *sorted({first + timedelta(days=cut) for cut in cuts if cut}), last + timedelta(days=1)]
    whole = obligations_between(terms, known, first, last)
    pieces = [
        one
        for begin, end in pairwise(bounds)
        for one in obligations_between(terms, known, begin, end - timedelta(days=1))
    ]
    assert [(one.occurrence, one.due_on) for one in pieces] == [(one.occurrence, one.due_on) for one in whole]
    assert len({one.occurrence for one in whole}) == len(whole)


# --- what can't be -----------------------------------------------------------------------------------------------


def season(**more: int | bool) -> Season:
    return Season(**{"starts_month": 6, "starts_day": 1, "ends_month": 8, "ends_day": 31, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("CADENCE_NEVER", {"count": 0}),
        ("CADENCE_NEVER", {"every": 0, "unit": "month"}),
        ("CADENCE_NEVER", {"every": -1, "unit": "month"}),
        ("CADENCE_NEVER", {"every": 101, "unit": "year"}),
        ("CADENCE_NEVER", {"every_days": 0}),
        ("CADENCE_NEVER", {"meter": MeterInterval(every=0, unit="kilometre")}),
        ("CADENCE_ALWAYS", {"count": 2, "per": "day"}),
        ("CADENCE_ALWAYS", {"count": 8, "per": "week"}),
        ("CADENCE_ALWAYS", {"count": 366, "per": "contract_year"}),
        ("CADENCE_INCOMPLETE", {"every": 3}),
        ("CADENCE_INCOMPLETE", {"unit": "month"}),
        ("SEASON_INVERTED", {"seasons": (season(ends_month=5),)}),
        ("SEASON_INVERTED", {"seasons": (season(over_new_year=True),)}),
        ("SEASON_DAY_INVALID", {"seasons": (season(starts_month=2, starts_day=30),)}),
        ("SEASON_DAY_INVALID", {"seasons": (season(ends_month=13),)}),
        ("SEASON_DAY_INVALID", {"months": (0,)}),
        ("SAMPLE_SHARE_INVALID", {"sample_share": Decimal(0)}),
        ("SAMPLE_SHARE_INVALID", {"sample_share": Decimal("1.01")}),
        ("SAMPLE_SHARE_INVALID", {"sample_share": Decimal("NaN")}),
    ],
)
def test_a_cadence_that_cant_be_is_refused_in_both_languages(code: str, values: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_cadence(cadence(**values))
    assert refused.value.code == code
    assert refused.value.field is not None
    assert refused.value.message("zh-CN") != refused.value.message("en")


@pytest.mark.parametrize(
    "values",
    [
        {"count": 365}, {"count": 7, "per": "week"}, {"count": 2, "per": "shift"}, {"count": 1, "per": "day"},
        {"seasons": (season(starts_month=2, starts_day=29),)}, {"sample_share": Decimal(1)},
        {"seasons": (season(ends_month=5, over_new_year=True),)}, {"every": 100, "unit": "year"},
    ],
)  # fmt: skip
def test_a_cadence_at_the_border_of_what_can_be_is_taken(values: dict[str, Any]) -> None:
    check_cadence(cadence(**values))
    assert isinstance(cadence(**values), InspectionCadence)
