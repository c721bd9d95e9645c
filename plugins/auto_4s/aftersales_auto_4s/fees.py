"""Published labour hours (P06-19), and who pays for what."""

from collections.abc import Sequence
from decimal import Decimal

from aftersales import FeeRule, Label, LabourOperation, hookimpl
from aftersales_auto_4s.grades import FAMILY_CAR_LAW
from aftersales_auto_4s.settings import Auto4sSettings

FREE = Decimal("0.00")
OIL_AND_FILTER = "oil_and_oil_filter"
AIR_FILTER = "air_filter"
FUEL_FILTER = "fuel_filter"

LABOUR = (
    LabourOperation(
        code=OIL_AND_FILTER, label=Label("更换机油机滤", "Oil and oil filter"), clause="P06-19", hours=Decimal("2")
    ),
    LabourOperation(code=AIR_FILTER, label=Label("更换空滤", "Air filter"), clause="P06-19", hours=Decimal("1")),
    LabourOperation(code=FUEL_FILTER, label=Label("更换汽滤", "Fuel filter"), clause="P06-19", hours=Decimal("1")),
    LabourOperation(
        code="three_filters",
        label=Label("换三滤", "Three filters together"),
        clause="P06-19",
        note="A38: replaces the sum only when all three are on one order.",
        hours=Decimal("3"),
        bundle_of=(OIL_AND_FILTER, AIR_FILTER, FUEL_FILTER),
    ),
)


@hookimpl
def labour_hours(settings: Auto4sSettings) -> Sequence[LabourOperation]:
    return LABOUR


@hookimpl
def service_fee_table(settings: Auto4sSettings) -> Sequence[FeeRule]:
    rate = settings.labour_rate
    return (
        FeeRule(
            code="labour",
            label=Label("工时费", "Labour"),
            clause="P06-19",
            source="vertical" if rate is None else "tenant",
            note="A38",
            item="labour",
            basis="hourly",
            amount=rate,
        ),
        FeeRule(
            code="parts",
            label=Label("材料费", "Parts"),
            source="default",
            note="The text prices only the lines of the campaign.",
            item="parts",
            basis="company_list",
        ),
        FeeRule(
            code="labour_under_warranty",
            label=Label("三包修理免工时费", "Warranty repair: labour free"),
            clause=FAMILY_CAR_LAW,
            source="statute",
            item="labour",
            basis="free",
            amount=FREE,
            applies_when="in_term",
        ),
        FeeRule(
            code="parts_under_warranty",
            label=Label("三包修理免材料费", "Warranty repair: parts free"),
            clause=FAMILY_CAR_LAW,
            source="statute",
            item="parts",
            basis="free",
            amount=FREE,
            applies_when="in_term",
        ),
    )
