"""Plan 6 as declared: the campaign's exact figures; everything else from statute or the tenant, and marked so."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from aftersales.kit.errors import InvalidInput
from aftersales.plugins.verdicts import (
    CustomerFacts,
    EligibilityFacts,
    EligibilityVerdict,
    EventFacts,
    SegmentVerdict,
)
from aftersales.terms.playbook import VerticalPlaybook
from aftersales_auto_4s.grades import CarFaultFacts
from tests.verticals.terms_of import COMPILER, REGISTRY, by_code, due, of_clause, target_for, terms_of

IN_THE_WINDOW = date(2026, 7, 1)
HYUNDAI = {"brand": "Hyundai", "sold_on": "2020-01-01", "mileage": 60_000}


@pytest.fixture
def auto_4s() -> VerticalPlaybook:
    return terms_of("auto_4s", minimum_campaign_kilometres=5_000)


async def judge(
    terms: VerticalPlaybook,
    *,
    attributes: dict[str, Any] | None = None,
    usage: int | None = None,
    offer: str | None = None,
    store: str | None = None,
    on: date = IN_THE_WINDOW,
    asset_type: str = "passenger_car",
) -> EligibilityVerdict:
    facts = EligibilityFacts(
        campaign="summer",
        offer=offer,
        asset_type=asset_type,
        attributes={**HYUNDAI, **(attributes or {})},
        usage=usage,
        service_unit=store,
        on=on,
    )
    verdict = await REGISTRY.behave("auto_4s", "judge_eligibility", facts=facts, settings=terms.settings)
    assert isinstance(verdict, EligibilityVerdict)
    return verdict


async def segment(terms: VerticalPlaybook, last: date | None, on: date) -> SegmentVerdict | None:
    facts = CustomerFacts(tier="standard", last_paid_visit_on=last, on=on)
    verdict = await REGISTRY.behave("auto_4s", "segment_customer", facts=facts, settings=terms.settings)
    assert verdict is None or isinstance(verdict, SegmentVerdict)
    return verdict


# --- who may take part ----------------------------------------------------------------------------------------


@pytest.mark.clause("P06-02")
@pytest.mark.parametrize(
    ("last_visit", "expected"),
    [(date(2024, 12, 1), "lost"), (date(2025, 5, 17), "lost"), (date(2025, 5, 18), "existing")],
)
async def test_a_customer_without_a_paid_visit_for_over_a_year_is_lost(
    auto_4s: VerticalPlaybook, last_visit: date, expected: str
) -> None:
    """The audience is selected on 18 May 2026; twelve months are the default of A33."""
    verdict = await segment(auto_4s, last_visit, date(2026, 5, 18))

    assert verdict is not None
    assert (verdict.segment, verdict.clause) == (expected, "P06-02")


@pytest.mark.clause("P06-02")
async def test_somebody_who_never_came_is_in_no_segment(auto_4s: VerticalPlaybook) -> None:
    assert await segment(auto_4s, None, date(2026, 5, 18)) is None


@pytest.mark.clause("P06-05")
@pytest.mark.parametrize(("kilometres", "eligible"), [(4_999, False), (5_000, True)])
async def test_the_mileage_condition_is_the_tenants(auto_4s: VerticalPlaybook, kilometres: int, eligible: bool) -> None:
    assert (await judge(auto_4s, usage=kilometres)).eligible is eligible


@pytest.mark.clause("P06-05")
async def test_only_hyundai_passenger_cars_take_part(auto_4s: VerticalPlaybook) -> None:
    other_brand = await judge(auto_4s, attributes={"brand": "Volvo"})
    truck = await judge(auto_4s, asset_type="truck")

    assert (other_brand.eligible, other_brand.clause) == (False, "P06-05")
    assert not truck.eligible


@pytest.mark.clause("P06-05")
async def test_without_the_tenants_mileage_nobody_takes_part_yet() -> None:
    terms = terms_of("auto_4s")

    assert not (await judge(terms)).eligible
    assert by_code(terms.required_fields, "minimum_campaign_kilometres").of == "tenant"


@pytest.mark.clause("P06-05")
async def test_a_car_whose_data_dont_fit_is_told_so(auto_4s: VerticalPlaybook) -> None:
    assert not (await judge(auto_4s, attributes={"sold_on": "yesterday"})).eligible


@pytest.mark.clause("P06-07")
@pytest.mark.parametrize(
    ("designated", "store", "eligible"), [("store-a", "store-a", True), ("store-a", "store-b", False)]
)
async def test_a_taxi_takes_part_only_at_its_designated_store(
    auto_4s: VerticalPlaybook, designated: str, store: str, eligible: bool
) -> None:
    verdict = await judge(auto_4s, attributes={"use": "commercial", "designated_store": designated}, store=store)

    assert verdict.eligible is eligible
    assert verdict.clause == ("P06-05" if eligible else "P06-07")


@pytest.mark.clause("P06-07")
async def test_a_taxi_without_a_designated_store_takes_part_nowhere(auto_4s: VerticalPlaybook) -> None:
    assert not (await judge(auto_4s, attributes={"use": "commercial"}, store=None)).eligible


@pytest.mark.declares("P06-06")
@pytest.mark.parametrize(("offer", "eligible"), [("air_conditioning_cleaning", False), ("safety_check", True)])
async def test_a_new_car_gets_the_free_check_but_no_cleaning(
    auto_4s: VerticalPlaybook, offer: str, eligible: bool
) -> None:
    verdict = await judge(auto_4s, attributes={"sold_on": "2026-05-20"}, usage=20_000, offer=offer)

    assert verdict.eligible is eligible


@pytest.mark.declares("P06-04")
@pytest.mark.parametrize(
    ("on", "eligible"),
    [
        (date(2026, 6, 17), False),
        (date(2026, 6, 18), True),
        (date(2026, 8, 18), True),
        (date(2026, 8, 19), False),
    ],
)
async def test_the_window_runs_from_18_june_to_18_august_inclusive(
    auto_4s: VerticalPlaybook, on: date, eligible: bool
) -> None:
    assert (await judge(auto_4s, on=on)).eligible is eligible


@pytest.mark.declares("P06-04")
async def test_the_year_is_a_parameter_and_preparation_ends_on_18_may() -> None:
    terms = terms_of("auto_4s", minimum_campaign_kilometres=0, campaign_year=2027)
    window = terms.campaign_offers[0].window

    assert not (await judge(terms, on=date(2026, 7, 1))).eligible
    assert (await judge(terms, on=date(2027, 7, 1))).eligible
    assert (window.prepared_by_month, window.prepared_by_day) == (5, 18)


# --- the fifteen offers -----------------------------------------------------------------------------------------


@pytest.mark.declares("P06-01")
def test_the_campaign_has_offers_1_to_15(auto_4s: VerticalPlaybook) -> None:
    assert [offer.number for offer in auto_4s.campaign_offers] == list(range(1, 16))
    assert {offer.campaign for offer in auto_4s.campaign_offers} == {"summer"}


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(2, ("fixed", None, "168.00", "220.00", None, ()), marks=pytest.mark.declares("P06-10")),
        pytest.param(3, ("waive_labour", None, None, None, None, ()), marks=pytest.mark.declares("P06-11")),
        pytest.param(
            4, ("discount_material", "0.90", None, None, None, ("oil_filter",)), marks=pytest.mark.declares("P06-12")
        ),
        pytest.param(5, ("discount_material", "0.90", None, None, None, ()), marks=pytest.mark.declares("P06-13")),
        pytest.param(6, ("gift", None, None, None, None, ("glass_cleaner",)), marks=pytest.mark.declares("P06-14")),
        pytest.param(7, ("discount_labour", "0.50", None, None, None, ()), marks=pytest.mark.declares("P06-15")),
        pytest.param(8, ("discount_labour", "0.50", None, None, None, ()), marks=pytest.mark.declares("P06-16")),
        pytest.param(9, ("discount_all", "0.90", None, None, None, ()), marks=pytest.mark.declares("P06-17")),
        pytest.param(10, ("discount_labour", "0.70", None, None, None, ()), marks=pytest.mark.declares("P06-18")),
        pytest.param(
            12, ("gift", None, None, None, "880.00", ("interior_cleaning",)), marks=pytest.mark.declares("P06-20")
        ),
        pytest.param(
            13, ("gift", None, None, None, "1580.00", ("wheel_alignment",)), marks=pytest.mark.declares("P06-21")
        ),
        pytest.param(
            14, ("gift", None, None, None, "1880.00", ("glaze_sealing",)), marks=pytest.mark.declares("P06-22")
        ),
    ],
)
def test_an_offer_has_the_figures_of_the_text(
    auto_4s: VerticalPlaybook, number: int, expected: tuple[str, str | None, str | None, str | None, str | None, Any]
) -> None:
    offer = next(found for found in auto_4s.campaign_offers if found.number == number)

    amounts = (offer.factor, offer.fixed_price, offer.list_price, offer.threshold)
    assert (offer.price_rule, *(None if a is None else str(a) for a in amounts), offer.gifts) == expected


@pytest.mark.declares("P06-18")
def test_accident_orders_get_neither_the_labour_discount_nor_the_spending_gifts(auto_4s: VerticalPlaybook) -> None:
    without = {offer.number for offer in auto_4s.campaign_offers if "accident_car" in offer.excludes}

    assert {10, 12, 13, 14} <= without


@pytest.mark.declares("P06-09", "P06-23")
def test_the_free_checks_have_three_and_nine_lines(auto_4s: VerticalPlaybook) -> None:
    assert len(by_code(auto_4s.campaign_offers, "cool_summer_check").checks) == 3
    assert len(by_code(auto_4s.campaign_offers, "safety_check").checks) == 9
    assert {by_code(auto_4s.inspection_cadences, code).free for code in ("cool_summer_check", "safety_check")} == {True}


@pytest.mark.declares("P06-19")
def test_labour_hours_are_two_one_one_and_three_for_the_bundle(auto_4s: VerticalPlaybook) -> None:
    hours = {operation.code: operation.hours for operation in auto_4s.labour_hours}
    bundle = by_code(auto_4s.labour_hours, "three_filters")

    assert hours == {
        "oil_and_oil_filter": Decimal(2),
        "air_filter": Decimal(1),
        "fuel_filter": Decimal(1),
        "three_filters": Decimal(3),
    }
    assert set(bundle.bundle_of) == set(hours) - {"three_filters"}
    assert by_code(auto_4s.service_fee_table, "labour").amount is None


@pytest.mark.declares("P06-08", "P06-24")
def test_any_paid_order_triggers_and_the_report_counts_recovered_customers(auto_4s: VerticalPlaybook) -> None:
    assert by_code(auto_4s.campaign_eligibility, "paid_order").requires == ("paid_after_sales_order",)
    fields = by_code(auto_4s.form_templates, "campaign_report").fields
    assert {field.code for field in fields} == {"satisfaction", "recovered_customers"}


# --- arrivals and enquiries ----------------------------------------------------------------------------------------


@pytest.mark.clause("P06-03")
def test_a_car_that_came_in_isnt_repaired_without_its_arrival_on_record(auto_4s: VerticalPlaybook) -> None:
    (rule,) = of_clause(auto_4s.closing_rules, "P06-03")

    assert (rule.before, rule.needs, rule.scope.channels) == ("resolve", "arrival_record", ("visit",))


@pytest.mark.clause("P06-03")
async def test_an_arrival_without_a_meter_reading_is_told_to_the_dispatcher(auto_4s: VerticalPlaybook) -> None:
    data = {"number": "A-2026-000001", "usage": None}
    event = EventFacts(kind="asset.arrived", at=datetime(2026, 6, 20, 1, 10, tzinfo=UTC), data=data)

    answers = await REGISTRY.behave("auto_4s", "on_event", event=event, settings=auto_4s.settings)

    ((follow_up,),) = answers
    assert (follow_up.topic, follow_up.clause) == ("notice", "P06-03")
    assert follow_up.payload["roles"] == ["dispatcher"]
    assert "A-2026-000001" in follow_up.payload["subject"]["zh-CN"]


@pytest.mark.parametrize(("kind", "data"), [("ticket.opened", {}), ("asset.arrived", {"usage": 61_000})])
async def test_complete_arrivals_and_other_events_have_no_follow_up(
    auto_4s: VerticalPlaybook, kind: str, data: dict[str, int]
) -> None:
    event = EventFacts(kind=kind, at=datetime(2026, 6, 20, 1, 10, tzinfo=UTC), data=data)

    assert await REGISTRY.behave("auto_4s", "on_event", event=event, settings=auto_4s.settings) == [()]


@pytest.mark.clause("P06-25")
def test_campaign_enquiries_go_to_the_after_sales_hotline(auto_4s: VerticalPlaybook) -> None:
    (duty,) = of_clause(auto_4s.roles_and_routing, "P06-25")

    assert (duty.owner, duty.kinds) == ("after_sales_hotline", ("question", "advice"))
    assert by_code(auto_4s.required_fields, "hotline").of == "tenant"


# --- statute and tenant ----------------------------------------------------------------------------------------------


def test_the_floors_carry_law_figures_and_date(auto_4s: VerticalPlaybook) -> None:
    floors = {
        floor.warranty_class: (floor.amount, floor.unit, floor.usage_limit.amount if floor.usage_limit else None)
        for floor in auto_4s.statutory_floors
    }

    assert floors == {
        "whole_car": (3, "year", 60_000),
        "replacement_and_return": (2, "year", 50_000),
        "repair_whole_or_assembly": (100, "day", 20_000),
        "repair_level_two": (30, "day", 5_000),
        "repair_minor": (10, "day", 2_000),
    }
    assert by_code(auto_4s.statutory_floors, "family_car_repair").effective_from == date(2022, 1, 1)
    assert {floor.source for floor in auto_4s.statutory_floors} == {"statute"}


@pytest.mark.parametrize(
    "settings",
    [
        {"warranty_months": 35, "warranty_kilometres": 100_000},
        {"warranty_months": 60, "warranty_kilometres": 59_999},
    ],
)
def test_a_warranty_below_the_floor_is_refused_with_the_law(settings: dict[str, int]) -> None:
    with pytest.raises(InvalidInput) as refused:
        COMPILER.check_settings("auto_4s", settings)

    assert refused.value.code == "TERM_BELOW_STATUTORY_FLOOR"
    assert "order 43" in refused.value.message("en")
    assert "市场监管总局令第43号" in refused.value.message("zh-CN")


def test_a_longer_warranty_is_the_tenants_own() -> None:
    term = by_code(terms_of("auto_4s", warranty_months=60, warranty_kilometres=100_000).warranty_terms, "whole_car")

    assert (term.amount, term.unit, term.source) == (60, "month", "tenant")


def test_without_tenant_values_no_response_time_is_invented(auto_4s: VerticalPlaybook) -> None:
    for milestone in ("acknowledged", "plan_proposed", "resolved"):
        target = target_for(auto_4s, milestone)
        assert target is not None
        assert (target.budget, target.source) == (None, "default")


def test_a_warranty_repair_is_done_within_the_five_days_of_the_law(auto_4s: VerticalPlaybook) -> None:
    assert due(auto_4s, "resolved", "2026-06-10 09:00", work_type="warranty_repair") == "2026-06-16 00:00"
    target = target_for(auto_4s, "resolved", work_type="warranty_repair")
    assert target is not None
    assert target.source == "statute"


def test_a_tenants_own_times_are_its_own_and_never_longer_than_the_laws() -> None:
    terms = terms_of("auto_4s", acknowledge_minutes=15, repair_hours=48)

    assert due(terms, "acknowledged", "2026-06-10 09:00") == "2026-06-10 09:15"
    assert due(terms, "resolved", "2026-06-10 09:00", work_type="warranty_repair") == "2026-06-12 09:00"
    with pytest.raises(InvalidInput) as refused:
        COMPILER.check_settings("auto_4s", {"repair_hours": 121})
    assert refused.value.field == "repair_hours"


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"acknowledge_minutes": 0}, "acknowledge_minutes"),
        ({"minimum_campaign_kilometres": -1}, "minimum_campaign_kilometres"),
        ({"labour_rate": "0"}, "labour_rate"),
        ({"warranty_months": 48}, "warranty_months"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        COMPILER.check_settings("auto_4s", settings)

    assert refused.value.field == field


async def test_a_car_that_doesnt_drive_is_ordinary_unless_somebody_is_in_danger(auto_4s: VerticalPlaybook) -> None:
    verdict = await REGISTRY.behave(
        "auto_4s", "classify_fault", facts=CarFaultFacts(drivable=False), settings=auto_4s.settings
    )

    assert verdict.grade == "ordinary"
    assert auto_4s.grade_scheme is not None
    assert {rule.grade for rule in auto_4s.grade_scheme.rules} == {"serious_safety"}
