"""Free in term for quality, billed after it: upkeep and repair as separate fees."""

from collections.abc import Sequence
from decimal import Decimal

from aftersales import FeeRule, Label, hookimpl
from aftersales_landscaping.settings import LandscapingSettings

FREE = Decimal("0.00")

FEES = (
    FeeRule(
        code="repair_in_term", label=Label("保修期内无偿修复", "Repair in term: free"), clause="P05-32",
        item="labour", basis="free", amount=FREE, applies_when="in_term",
    ),
    FeeRule(
        code="parts_in_term", label=Label("保修期内材料、苗木免费", "Materials and plants in term: free"),
        clause="P05-37", item="parts", basis="free", amount=FREE, applies_when="in_term",
    ),
    FeeRule(
        code="upkeep_in_term", label=Label("养护期内养护免费", "Upkeep in term: free"), clause="P05-35",
        item="upkeep", basis="free", amount=FREE, applies_when="in_term",
    ),
    FeeRule(
        code="upkeep_after_term", label=Label("养护期后养护费", "Upkeep fee after the term"), clause="P05-39",
        item="upkeep", basis="quote", applies_when="after_term", consent_required=True,
    ),
    FeeRule(
        code="repair_after_term", label=Label("保修期后维修费", "Repair fee after the term"), clause="P05-39",
        item="labour", basis="quote", applies_when="after_term", consent_required=True,
    ),
    FeeRule(
        code="repair_human_damage", label=Label("人为损坏维修收费", "Repair of man-made damage"), clause="P05-35",
        item="labour", basis="quote", applies_when="excluded", consent_required=True,
    ),
)  # fmt: skip


@hookimpl
def service_fee_table(settings: LandscapingSettings) -> Sequence[FeeRule]:
    return FEES
