"""The summer campaign of plan 6: its window, its fifteen offers, and who may take part."""

from collections.abc import Sequence
from decimal import Decimal

from aftersales import CampaignOffer, CampaignWindow, EligibilityRule, Label, hookimpl
from aftersales_auto_4s.settings import Auto4sSettings

SUMMER = "summer"
WINDOW = CampaignWindow(
    starts_month=6, starts_day=18, ends_month=8, ends_day=18, prepared_by_month=5, prepared_by_day=18
)
"""P06-04: prepared by 18 May, from 18 June to 18 August, both inclusive; the year is the tenant's (A40)."""

ACCIDENT_ORDERS = ("accident_car",)


def _offer(
    number: int,
    code: str,
    zh: str,
    en: str,
    clause: str,
    trigger: str,
    price_rule: str,
    *,
    note: str | None = None,
    factor: str | None = None,
    fixed: str | None = None,
    listed: str | None = None,
    threshold: str | None = None,
    gifts: tuple[str, ...] = (),
    checks: tuple[str, ...] = (),
    excludes: tuple[str, ...] = (),
) -> CampaignOffer:
    return CampaignOffer(
        code=code,
        label=Label(zh, en),
        clause=clause,
        note=note,
        campaign=SUMMER,
        number=number,
        window=WINDOW,
        trigger=trigger,
        price_rule=price_rule,  # type: ignore[arg-type]
        factor=None if factor is None else Decimal(factor),
        fixed_price=None if fixed is None else Decimal(fixed),
        list_price=None if listed is None else Decimal(listed),
        threshold=None if threshold is None else Decimal(threshold),
        gifts=gifts,
        checks=checks,
        excludes=excludes,
    )


OFFERS = (
    _offer(
        1, "cool_summer_check", "清凉一夏检测", "Cool summer check", "P06-09", "visit", "free",
        checks=("air_conditioning", "windscreen_washing", "safety"),
    ),
    _offer(
        2, "air_conditioning_cleaning", "空调清洗杀毒除烟味 220 元只收材料费 168 元",
        "Air conditioning cleaned: 168 instead of 220", "P06-10", "air_conditioning_cleaning", "fixed",
        note="A37", fixed="168.00", listed="220.00", excludes=("new_car",),
    ),
    _offer(
        3, "cabin_filter", "更换空调滤网免人工费", "Cabin filter: no labour", "P06-11", "cabin_filter", "waive_labour",
    ),
    _offer(
        4, "gold_mobil_oil", "金美孚机油材料费 9 折送机滤一次", "Gold Mobil oil at 90 %, oil filter free", "P06-12",
        "gold_mobil_oil", "discount_material", factor="0.90", gifts=("oil_filter",),
    ),
    _offer(
        5, "full_synthetic_oil", "全合成机油材料费 9 折", "Full-synthetic oil at 90 %", "P06-13",
        "full_synthetic_oil", "discount_material", note="Gold Mobil takes offer 4 alone.", factor="0.90",
        excludes=("gold_mobil_oil",),
    ),
    _offer(
        6, "frameless_wipers", "更换无骨雨刷送玻璃清洁剂", "Frameless wipers: a bottle of glass cleaner", "P06-14",
        "frameless_wiper", "gift", note="A34: one bottle per change.", gifts=("glass_cleaner",),
    ),
    _offer(
        7, "battery", "更换电瓶人工费 5 折", "Battery: half the labour", "P06-15", "battery", "discount_labour",
        note="A34: not discounted again by offer 10.", factor="0.50",
    ),
    _offer(
        8, "tyres", "更换轮胎人工费 5 折", "Tyres: half the labour", "P06-16", "tyre", "discount_labour",
        note="A34: not discounted again by offer 10.", factor="0.50",
    ),
    _offer(
        9, "care_products", "养护用品清洗 9 折", "Cleaning with care products at 90 %", "P06-17", "care_cleaning",
        "discount_all", factor="0.90",
    ),
    _offer(
        10, "normal_repair", "正常维修工时费 7 折", "Normal repair: labour at 70 %", "P06-18", "repair",
        "discount_labour", note="A34 A39", factor="0.70", excludes=ACCIDENT_ORDERS,
    ),
    _offer(
        11, "three_filters", "换三滤 3 个工时", "Three filters in three hours", "P06-19", "three_filters",
        "discount_labour", note="A38: the hours of the labour table, at the 70 % of offer 10.", factor="0.70",
        excludes=ACCIDENT_ORDERS,
    ),
    _offer(
        12, "spend_880", "当天日常维修满 880 元送内清洗", "880 on one day: interior cleaning", "P06-20",
        "routine_spend_per_day", "gift", note="A35 A36", threshold="880.00", gifts=("interior_cleaning",),
        excludes=ACCIDENT_ORDERS,
    ),
    _offer(
        13, "spend_1580", "当天日常维修满 1580 元送四轮定位", "1,580 on one day: wheel alignment", "P06-21",
        "routine_spend_per_day", "gift", note="A35 A36", threshold="1580.00", gifts=("wheel_alignment",),
        excludes=ACCIDENT_ORDERS,
    ),
    _offer(
        14, "spend_1880", "当天日常维修满 1880 元送全车封釉", "1,880 on one day: glaze sealing", "P06-22",
        "routine_spend_per_day", "gift", note="A35 A36", threshold="1880.00", gifts=("glaze_sealing",),
        excludes=ACCIDENT_ORDERS,
    ),
    _offer(
        15, "safety_check", "安全免费检测", "Free safety check", "P06-23", "visit", "free",
        checks=(
            "engine_cooling", "air_conditioning_and_heating", "windscreen", "wheels", "brakes", "lighting",
            "flammables_in_cabin", "chassis", "fluid_top_up",
        ),
    ),
)  # fmt: skip

TRIGGER = EligibilityRule(
    code="paid_order",
    label=Label("活动期间在售后消费", "Any paid after-sales order in the window"),
    clause="P06-08",
    campaign=SUMMER,
    requires=("paid_after_sales_order",),
)
AUDIENCE = EligibilityRule(
    code="audience",
    label=Label("老客户,尤其是流失客户", "Existing customers, above all lost ones"),
    clause="P06-02",
    note="A33",
    campaign=SUMMER,
    requires=("existing_or_lost_customer",),
    tenant_parameter="lost_after_months",
)
MILEAGE = EligibilityRule(
    code="brand_class_and_mileage",
    label=Label("满足里程条件的现代乘用车", "Hyundai passenger cars that meet the mileage"),
    clause="P06-05",
    note="A32",
    campaign=SUMMER,
    requires=("brand", "passenger_car", "minimum_kilometres"),
    tenant_parameter="minimum_campaign_kilometres",
)
NEW_CARS = EligibilityRule(
    code="new_cars",
    label=Label("新车无需清洗空调", "New cars need no cleaning of the air conditioning"),
    clause="P06-06",
    note="A33: per offer, not for the campaign.",
    campaign=SUMMER,
    requires=("not_new_for_air_conditioning_cleaning",),
    tenant_parameter="new_car_months",
)
COMMERCIAL = EligibilityRule(
    code="commercial_cars",
    label=Label("营运车辆限定点维修店", "Commercial cars only at their designated store"),
    clause="P06-07",
    campaign=SUMMER,
    requires=("private_use_or_designated_store",),
)


@hookimpl
def campaign_offers(settings: Auto4sSettings) -> Sequence[CampaignOffer]:
    return OFFERS


@hookimpl
def campaign_eligibility(settings: Auto4sSettings) -> Sequence[EligibilityRule]:
    return (TRIGGER, AUDIENCE, MILEAGE, NEW_CARS, COMMERCIAL)
