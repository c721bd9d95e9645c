"""Statutory terms of family cars and of repairs. Plan 6 itself promises no warranty; figures carry law and date."""

from collections.abc import Sequence
from datetime import date

from aftersales import (
    CoveredCause,
    Exclusion,
    Label,
    LifecyclePhase,
    RequiredField,
    StatutoryFloor,
    UsageLimit,
    WarrantyTerm,
    hookimpl,
)
from aftersales_auto_4s.assets import REPLACEMENT_AND_RETURN, WHOLE_CAR
from aftersales_auto_4s.grades import FAMILY_CAR_LAW
from aftersales_auto_4s.settings import Auto4sSettings

FAMILY_CARS = Label(
    "家用汽车产品修理更换退货责任规定(市场监管总局令第43号)",
    "Rules on repair, replacement and return of family cars (SAMR order 43)",
)
FAMILY_CARS_IN_FORCE = date(2022, 1, 1)
REPAIR_SHOPS = Label("机动车维修管理规定第三十七条", "Rules on motor vehicle repair, article 37")
REPAIR_SHOPS_IN_FORCE = date(2005, 8, 1)
REPAIR_LAW = "机动车维修管理规定 37"

REPAIR_CLASSES = (
    ("repair_whole_or_assembly", Label("整车修理、总成修理", "Whole vehicle or assembly"), 20_000, 100),
    ("repair_level_two", Label("二级维护", "Level-2 maintenance"), 5_000, 30),
    ("repair_minor", Label("一级维护、小修、专项修理", "Level-1, minor or special repair"), 2_000, 10),
)
"""Kilometres and days of the repair guarantee, whichever comes first, from leaving the shop."""


def _kilometres(amount: int) -> UsageLimit:
    return UsageLimit(amount=amount, unit="kilometre")


STATUTORY_FLOORS = (
    StatutoryFloor(
        code="family_car_repair",
        label=Label("包修期 3 年或 60,000 公里", "Free repair: 3 years or 60,000 km"),
        clause=FAMILY_CAR_LAW,
        source="statute",
        warranty_class=WHOLE_CAR,
        amount=3,
        unit="year",
        usage_limit=_kilometres(60_000),
        law=FAMILY_CARS,
        effective_from=FAMILY_CARS_IN_FORCE,
    ),
    StatutoryFloor(
        code="family_car_replacement",
        label=Label("三包有效期 2 年或 50,000 公里", "Replacement and return: 2 years or 50,000 km"),
        clause=FAMILY_CAR_LAW,
        source="statute",
        warranty_class=REPLACEMENT_AND_RETURN,
        amount=2,
        unit="year",
        usage_limit=_kilometres(50_000),
        law=FAMILY_CARS,
        effective_from=FAMILY_CARS_IN_FORCE,
    ),
    *(
        StatutoryFloor(
            code=code,
            label=label,
            clause=REPAIR_LAW,
            source="statute",
            warranty_class=code,
            amount=days,
            unit="day",
            usage_limit=_kilometres(kilometres),
            law=REPAIR_SHOPS,
            effective_from=REPAIR_SHOPS_IN_FORCE,
        )
        for code, label, kilometres, days in REPAIR_CLASSES
    ),
)

COVERED_CAUSES = (
    CoveredCause(
        code="product_quality",
        label=Label("产品质量问题", "Product quality"),
        clause=FAMILY_CAR_LAW,
        source="statute",
        remedies=("repair", "replace"),
    ),
    CoveredCause(
        code="repair_quality",
        label=Label("维修质量原因", "Quality of an earlier repair"),
        clause=REPAIR_LAW,
        source="statute",
        remedies=("repair",),
    ),
)

EXCLUSIONS = (
    Exclusion(
        code="accident",
        label=Label("事故车", "Accident car"),
        clause="P06-18",
        note="A39",
        effect="bill_full",
        causes=("accident",),
    ),
)

PHASES = (
    LifecyclePhase(
        code="replacement_and_return",
        label=Label("三包有效期", "Replacement and return"),
        clause=FAMILY_CAR_LAW,
        source="statute",
        order=1,
        entered_on="invoice",
        billable=False,
    ),
    LifecyclePhase(
        code="free_repair",
        label=Label("包修期", "Free repair"),
        clause=FAMILY_CAR_LAW,
        source="statute",
        order=2,
        entered_on="replacement_term_ended",
        billable=False,
    ),
    LifecyclePhase(
        code="paid_service",
        label=Label("包修期外有偿服务", "Paid service"),
        clause="P06-08",
        order=3,
        entered_on="warranty_ended",
        billable=True,
    ),
)


@hookimpl
def warranty_terms(settings: Auto4sSettings) -> Sequence[WarrantyTerm]:
    months, kilometres = settings.warranty_months, settings.warranty_kilometres
    own = months is not None and kilometres is not None
    return (
        WarrantyTerm(
            code=WHOLE_CAR,
            label=Label("包修期", "Free repair of the whole car"),
            clause=FAMILY_CAR_LAW,
            source="tenant" if own else "statute",
            note="Family cars only; from the invoice, or from delivery if that is later.",
            warranty_class=WHOLE_CAR,
            amount=months if own else 3,
            unit="month" if own else "year",
            starts_on="invoice",
            fallback_start="delivery",
            later_start_counts=True,
            usage_limit=_kilometres(kilometres if own and kilometres is not None else 60_000),
        ),
        WarrantyTerm(
            code=REPLACEMENT_AND_RETURN,
            label=Label("三包有效期", "Replacement and return"),
            clause=FAMILY_CAR_LAW,
            source="statute",
            warranty_class=REPLACEMENT_AND_RETURN,
            amount=2,
            unit="year",
            starts_on="invoice",
            fallback_start="delivery",
            later_start_counts=True,
            usage_limit=_kilometres(50_000),
        ),
        *(
            WarrantyTerm(
                code=code,
                label=label,
                clause=REPAIR_LAW,
                source="statute",
                warranty_class=code,
                amount=days,
                unit="day",
                starts_on="leaving_shop",
                usage_limit=_kilometres(repair_kilometres),
            )
            for code, label, repair_kilometres, days in REPAIR_CLASSES
        ),
    )


@hookimpl
def statutory_floors(settings: Auto4sSettings) -> Sequence[StatutoryFloor]:
    return STATUTORY_FLOORS


@hookimpl
def covered_causes(settings: Auto4sSettings) -> Sequence[CoveredCause]:
    return COVERED_CAUSES


@hookimpl
def exclusions(settings: Auto4sSettings) -> Sequence[Exclusion]:
    return EXCLUSIONS


@hookimpl
def lifecycle_phases(settings: Auto4sSettings) -> Sequence[LifecyclePhase]:
    return PHASES


@hookimpl
def required_fields(settings: Auto4sSettings) -> Sequence[RequiredField]:
    return (
        RequiredField(
            code="minimum_campaign_kilometres",
            label=Label("活动里程条件", "Mileage condition of the campaign"),
            clause="P06-05",
            note="A32",
            field="minimum_campaign_kilometres",
            of="tenant",
        ),
        RequiredField(
            code="hotline",
            label=Label("售后服务热线", "After-sales hotline"),
            clause="P06-25",
            field="hotline",
            of="tenant",
        ),
    )
