"""Plan 6's fifteen offers, each figure reckoned by hand."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.campaigns.lines import CampaignLine
from aftersales.campaigns.pricing import SameDaySpend, VehicleFacts
from aftersales.kit.errors import InvalidInput
from aftersales.plugins.verdicts import EligibilityVerdict
from aftersales.terms.base import Label
from tests.campaigns.summer import NEW_CAR, gifts, labour, losers, material, payable, priced, work

REPAIR = labour("gearbox_repair", "100.00")


@pytest.mark.clause("P06-04")
@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 6, 17), "100.00"), (date(2026, 6, 18), "70.00"), (date(2026, 8, 18), "70.00"),
     (date(2026, 8, 19), "100.00")],
)  # fmt: skip
def test_offers_count_from_the_first_to_the_last_day_both_included(day: date, expected: str) -> None:
    result = priced(REPAIR, day=day)
    assert payable(result) == [expected]
    assert (result.refused is None) == (expected == "70.00")


@pytest.mark.clause("P06-08")
def test_without_anything_to_pay_the_campaign_gives_nothing() -> None:
    result = priced(work("courtesy_wash", "0.00"))
    assert (result.checks, result.gifts, result.refused_clause) == ((), (), "P06-08")


@pytest.mark.clause("P06-08")
def test_any_spending_in_the_window_counts() -> None:
    assert len(priced(work("courtesy_wash", "0.01")).checks) == 12


@pytest.mark.clause("P06-09")
def test_offer_1_checks_three_things_for_nothing() -> None:
    checks = [check for check in priced(REPAIR).checks if check.offer == "cool_summer_check"]
    assert [check.check for check in checks] == ["air_conditioning", "windscreen_washing", "safety"]
    assert {check.payable for check in checks} == {Decimal("0.00")}


@pytest.mark.clause("P06-10", "P06-01")
def test_offer_2_takes_168_instead_of_220() -> None:
    """The inspection is free, the cleaning 168.00 of 220.00: 52.00 saved (A37)."""
    result = priced(work("air_conditioning_cleaning"))
    [line] = result.lines
    assert (str(line.listed), str(line.payable), str(line.saved), line.number) == ("220.00", "168.00", "52.00", 2)


def test_a_fixed_price_never_raises_a_price() -> None:
    assert payable(priced(work("air_conditioning_cleaning", "150.00"))) == ["150.00"]


@pytest.mark.clause("P06-10")
def test_cleaning_told_as_material_and_labour_costs_168_too() -> None:
    cleaning = "air_conditioning_cleaning"
    assert payable(priced(material(cleaning, "180.00"), labour(cleaning, "40.00"))) == ["168.00", "0.00"]


@pytest.mark.clause("P06-11")
def test_offer_3_waives_the_labour_of_a_cabin_filter() -> None:
    result = priced(material("cabin_filter", "85.00"), labour("cabin_filter", "40.00"))
    assert (payable(result), str(result.payable)) == (["85.00", "0.00"], "85.00")
    assert result.lines[1].clause == "P06-11"


@pytest.mark.clause("P06-12")
def test_offer_4_takes_a_tenth_off_gold_mobil_and_gives_the_oil_filter() -> None:
    result = priced(
        material("oil_and_oil_filter", "400.00", "gold_mobil_oil", "full_synthetic_oil"),
        material("oil_filter", "45.00"),
    )
    assert payable(result) == ["360.00", "0.00"]
    assert gifts(result) == [("oil_filter", 1)]
    assert [line.number for line in result.lines] == [4, 4]


def test_a_second_oil_filter_is_paid() -> None:
    oil = material("oil_and_oil_filter", "400.00", "gold_mobil_oil")
    assert payable(priced(oil, material("oil_filter", "45.00", quantity="2"))) == ["360.00", "45.00"]


def test_a_gift_that_is_not_on_the_order_is_owed() -> None:
    result = priced(material("oil_and_oil_filter", "400.00", "gold_mobil_oil"))
    assert [(gift.gift, gift.position) for gift in result.gifts] == [("oil_filter", None)]


@pytest.mark.clause("P06-13")
def test_offer_5_takes_a_tenth_off_other_synthetic_oil_without_a_filter() -> None:
    result = priced(material("oil", "500.00", "full_synthetic_oil"), material("oil_filter", "45.00"))
    assert (payable(result), gifts(result)) == (["450.00", "45.00"], [])


@pytest.mark.clause("P06-13")
def test_gold_mobil_takes_offer_4_alone() -> None:
    [line] = priced(material("oil", "500.00", "gold_mobil_oil", "full_synthetic_oil")).lines
    assert (str(line.payable), line.number, losers(line)) == ("450.00", 4, ["full_synthetic_oil"])
    assert line.lost[0].reason.en == "not for gold_mobil_oil"


@pytest.mark.clause("P06-14")
def test_offer_6_gives_one_bottle_per_change_of_wipers() -> None:
    wipers = material("wiper_change", "60.00", "frameless_wiper", quantity="2")
    result = priced(wipers, labour("wiper_change", "10.00"))
    assert (payable(result), gifts(result)) == (["120.00", "7.00"], [("glass_cleaner", 1)])


@pytest.mark.clause("P06-15")
def test_offer_7_halves_the_labour_of_a_battery_and_offer_10_does_not_come_on_top() -> None:
    result = priced(material("battery", "420.00"), labour("battery", "60.00"))
    assert payable(result) == ["420.00", "30.00"]
    assert losers(result.lines[1]) == ["normal_repair"]
    assert result.lines[1].lost[0].reason.zh == "每行只用一条价格规则:第 7 项优先"


@pytest.mark.clause("P06-16")
def test_offer_8_halves_the_labour_of_four_tyres() -> None:
    assert payable(priced(labour("tyre", "50.00", quantity="4"))) == ["100.00"]


@pytest.mark.clause("P06-17")
def test_offer_9_takes_a_tenth_off_cleaning_with_care_products() -> None:
    assert payable(priced(work("injector_cleaning", "300.00", "care_cleaning"))) == ["270.00"]


@pytest.mark.clause("P06-18")
def test_offer_10_takes_labour_to_70_per_cent_but_no_parts_and_no_accident_orders() -> None:
    order = (labour("gearbox_repair", "333.33"), material("gearbox_repair", "1000.00"))
    assert payable(priced(*order)) == ["233.33", "1000.00"]
    accident = priced(*order, order_type="accident")
    assert payable(accident) == ["333.33", "1000.00"]
    assert accident.lines[0].lost[0].reason.en == "not for accident orders"


@pytest.mark.clause("P06-18")
def test_an_accident_order_still_gets_the_other_offers() -> None:
    """A39: the exclusion belongs to offer 10 and to the spend tiers."""
    result = priced(labour("battery", "60.00"), order_type="accident")
    assert (payable(result), len(result.checks)) == (["30.00"], 12)


@pytest.mark.clause("P06-19")
def test_offer_11_takes_three_filters_in_three_hours() -> None:
    """3 h x 100.00 x 0.7 = 210.00, not 4 h (A38)."""
    result = priced(labour("oil_and_oil_filter"), labour("air_filter"), labour("fuel_filter"))
    assert payable(result) == ["0.00", "0.00", "0.00", "210.00"]
    assert (result.lines[3].operation, str(result.payable), result.lines[3].number) == ("three_filters", "210.00", 11)
    assert result.lines[0].reason.en == "part of: Three filters together"


@pytest.mark.clause("P06-19")
@pytest.mark.parametrize(
    ("operations", "expected"),
    [(["oil_and_oil_filter"], "140.00"), (["air_filter"], "70.00"), (["fuel_filter"], "70.00"),
     (["oil_and_oil_filter", "air_filter"], "210.00"), (["air_filter", "fuel_filter"], "140.00")],
)  # fmt: skip
def test_fewer_filters_take_the_hours_of_the_table(operations: list[str], expected: str) -> None:
    assert str(priced(*map(labour, operations)).payable) == expected


def test_the_bundle_of_an_accident_order_keeps_its_hours_without_the_discount() -> None:
    lines = (labour("oil_and_oil_filter"), labour("air_filter"), labour("fuel_filter"))
    assert str(priced(*lines, order_type="accident").payable) == "300.00"


def test_a_second_air_filter_stands_beside_the_bundle() -> None:
    lines = (labour("oil_and_oil_filter"), labour("air_filter", quantity="2"), labour("fuel_filter"))
    assert payable(priced(*lines)) == ["0.00", "70.00", "0.00", "210.00"]


TIERS = ["interior_cleaning", "wheel_alignment", "glaze_sealing"]


@pytest.mark.clause("P06-20", "P06-21", "P06-22")
@pytest.mark.parametrize(
    ("spend", "expected"),
    [("879.99", []), ("880.00", TIERS[:1]), ("1579.99", TIERS[:1]), ("1580.00", TIERS[:2]), ("1879.99", TIERS[:2]),
     ("1880.00", TIERS)],
)  # fmt: skip
def test_offers_12_to_14_count_each_for_itself_from_the_cent_of_their_threshold(
    spend: str, expected: list[str]
) -> None:
    assert gifts(priced(material("part", spend))) == [(gift, 1) for gift in expected]


def test_only_the_highest_tier_when_the_tenant_says_so() -> None:
    result = priced(material("part", "1880.00"), tier_mode="highest")
    assert gifts(result) == [("glaze_sealing", 1)]
    assert [lost.offer for lost in result.lost_tiers] == ["spend_880", "spend_1580"]


@pytest.mark.clause("P06-22")
def test_two_orders_of_a_day_add_up_and_a_tier_is_given_once() -> None:
    """1,000.00 gave the interior cleaning; with 880.00 more the day is 1,880.00."""
    earlier = SameDaySpend(amount=Decimal("1000.00"), given=("spend_880",))
    result = priced(material("part", "880.00"), earlier=earlier)
    assert gifts(result) == [("wheel_alignment", 1), ("glaze_sealing", 1)]
    assert (str(result.day_spend), result.lost_tiers[0].reason.en) == ("1880.00", "given already on this day")


@pytest.mark.clause("P06-22")
def test_an_accident_order_reaches_no_tier() -> None:
    result = priced(material("part", "1880.00"), order_type="accident")
    assert (gifts(result), str(result.routine_spend)) == ([], "0.00")
    assert [lost.offer for lost in result.lost_tiers] == ["spend_880", "spend_1580", "spend_1880"]


@pytest.mark.clause("P06-20")
def test_tiers_look_at_what_is_paid_after_discounts_and_not_at_the_cleaning() -> None:
    """A36: 1,200.00 of labour is 840.00 net; the cleaning at 168.00 doesn't lift it above 880.00."""
    result = priced(labour("gearbox_repair", "1200.00"), work("air_conditioning_cleaning"))
    assert (str(result.payable), str(result.routine_spend), gifts(result)) == ("1008.00", "840.00", [])


@pytest.mark.clause("P06-23")
def test_offer_15_has_eight_checks_and_a_top_up_all_free() -> None:
    checks = [check for check in priced(REPAIR).checks if check.offer == "safety_check"]
    assert [check.check for check in checks] == [
        "engine_cooling", "air_conditioning_and_heating", "windscreen", "wheels", "brakes", "lighting",
        "flammables_in_cabin", "chassis", "fluid_top_up",
    ]  # fmt: skip
    assert [str(check.payable) for check in checks] == ["0.00"] * 9


@pytest.mark.clause("P06-06")
def test_a_new_car_pays_the_list_price_of_the_cleaning_and_keeps_its_free_check() -> None:
    result = priced(work("air_conditioning_cleaning"), vehicle=NEW_CAR)
    [line] = result.lines
    assert (str(line.payable), line.lost[0].clause) == ("220.00", "P06-06")
    assert "safety_check" in {check.offer for check in result.checks}


@pytest.mark.clause("P06-07")
def test_a_vehicle_that_may_not_take_part_pays_list_prices_and_is_told_why() -> None:
    no = EligibilityVerdict(eligible=False, reason=Label("限定点维修店", "only at its store"), clause="P06-07")
    result = priced(REPAIR, vehicle=VehicleFacts(verdict=no))
    assert (payable(result), result.checks, result.refused_clause) == (["100.00"], (), "P06-07")
    assert result.lines[0].lost[0].reason.en == "only at its store"


def test_the_lowest_price_wins_when_the_tenant_says_so() -> None:
    """Still one price rule per line: 30.00 by offer 7, not 42.00 by offer 10, and never 21.00 by both."""
    assert payable(priced(labour("battery", "60.00"), stacking="lowest_price")) == ["30.00"]


@pytest.mark.clause("P06-01")
def test_the_campaign_holds_its_fifteen_offers_each_with_a_way_to_get_it() -> None:
    """One order that takes them all: labour, filters, oil, tyres, and more than 1,880.00 of parts."""
    result = priced(
        work("air_conditioning_cleaning"), labour("cabin_filter", "40.00"),
        material("oil", "400.00", "gold_mobil_oil"), material("gear_oil", "500.00", "full_synthetic_oil"),
        material("wipers", "60.00", "frameless_wiper"), labour("battery", "60.00"), labour("tyre", "50.00"),
        work("injector_cleaning", "300.00", "care_cleaning"), REPAIR, labour("oil_and_oil_filter"),
        labour("air_filter"), labour("fuel_filter"), material("gearbox", "1000.00"),
    )  # fmt: skip
    numbers = {line.number for line in result.lines if line.number} | {gift.number for gift in result.gifts}
    assert numbers | {1, 15} == set(range(1, 16))
    assert {check.offer for check in result.checks} == {"cool_summer_check", "safety_check"}
    # 168 + 0 + 360 + 450 + 60 + 30 + 25 + 270 + 70 + 210 + 1,000
    assert str(result.payable) == "2643.00"


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (labour("tyre", "50.00", quantity="0"), "CAMPAIGN_LINE_INVALID", "lines.0.quantity"),
        (labour("tyre", "50.00", quantity="-1"), "CAMPAIGN_LINE_INVALID", "lines.0.quantity"),
        (material("part", "-0.01"), "CAMPAIGN_LINE_INVALID", "lines.0.unitPrice"),
        (material("part", "0.001"), "CAMPAIGN_LINE_INVALID", "lines.0.unitPrice"),
        (labour("air_filter", "90.00"), "CAMPAIGN_LINE_INVALID", "lines.0.unitPrice"),
        (labour("tyre"), "CAMPAIGN_LINE_INVALID", "lines.0.unitPrice"),
        (work("wash"), "CAMPAIGN_LINE_INVALID", "lines.0.unitPrice"),
        (work(" ", "1.00"), "REQUIRED", "lines.0.operation"),
    ],
)
def test_a_line_that_cannot_be_priced_is_refused(line: CampaignLine, code: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        priced(line)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert refusal.value.message("zh-CN") != refusal.value.message("en")


def test_published_hours_need_a_rate_and_an_order_needs_lines() -> None:
    with pytest.raises(InvalidInput) as refusal:
        priced(labour("air_filter"), labour_rate=None)
    assert refusal.value.code == "LABOUR_RATE_REQUIRED"
    with pytest.raises(InvalidInput) as refusal:
        priced()
    assert (refusal.value.code, refusal.value.field) == ("REQUIRED", "lines")


OPERATIONS = st.sampled_from(
    ["battery", "tyre", "cabin_filter", "gearbox_repair", "air_conditioning_cleaning", "wiper_change", "oil_filter"]
)
PRODUCTS = st.sampled_from([(), ("gold_mobil_oil",), ("full_synthetic_oil",), ("frameless_wiper",), ("care_cleaning",)])
LINES = st.builds(
    CampaignLine,
    operation=OPERATIONS,
    item=st.sampled_from(["labour", "material", "service"]),
    products=PRODUCTS,
    quantity=st.integers(1, 9).map(Decimal),
    unit_price=st.decimals("0.00", "2000.00", places=2),
)


@given(lines=st.lists(LINES, min_size=1, max_size=12), order_type=st.sampled_from(["routine", "accident", "warranty"]))
def test_no_offer_raises_a_price_and_sums_are_those_of_the_lines(lines: list[CampaignLine], order_type: str) -> None:
    result = priced(*lines, order_type=order_type)
    assert all(Decimal(0) <= line.payable <= line.listed for line in result.lines)
    assert all(line.payable == line.payable.quantize(Decimal("0.01")) for line in result.lines)
    assert result.payable == sum(line.payable for line in result.lines)
    assert result.routine_spend <= result.payable
    assert all(line.offer not in losers(line) for line in result.lines)
    if order_type != "routine":
        assert not [gift for gift in result.gifts if gift.tier]
