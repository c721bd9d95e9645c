"""What costs what: free in term for covered causes, parts at cost plus labour for everything else."""

from collections.abc import Sequence
from decimal import Decimal

from aftersales import FeeRule, Label, hookimpl
from aftersales_solar.settings import SolarSettings

FREE = Decimal("0.00")

FEES = (
    FeeRule(
        code="labour_in_term", label=Label("保修期内人工免费", "Labour in term: free"), clause="P09-22",
        item="labour", basis="free", amount=FREE, applies_when="in_term",
    ),
    FeeRule(
        code="parts_in_term", label=Label("保修期内零部件免费", "Parts in term: free"), clause="P09-22",
        item="parts", basis="free", amount=FREE, applies_when="in_term",
    ),
    FeeRule(
        code="travel_in_term", label=Label("保修期内上门免费", "Travel in term: free"), clause="P09-22",
        item="travel", basis="free", amount=FREE, applies_when="in_term",
    ),
    FeeRule(
        code="maintenance_visit", label=Label("每年两次免费上门保养", "Two maintenance visits a year: free"),
        clause="P09-20", item="maintenance", basis="free", amount=FREE, applies_when="in_term",
    ),
    FeeRule(
        code="hotline", label=Label("免费服务电话", "Toll-free hotline"), clause="P09-08",
        item="consultation", basis="free", amount=FREE,
    ),
    FeeRule(
        code="labour_after_term", label=Label("保修期外维修人工费", "Labour after the term"), clause="P09-17",
        item="labour", basis="company_list", applies_when="after_term", consent_required=True, document_required=True,
        also_clauses=("P09-18", "P09-19"),
    ),
    FeeRule(
        code="parts_after_term", label=Label("保修期外零部件成本费", "Parts at cost after the term"), clause="P09-17",
        item="parts", basis="cost", applies_when="after_term", consent_required=True, document_required=True,
        also_clauses=("P09-18", "P09-19"),
    ),
    FeeRule(
        code="labour_excluded", label=Label("除外情形维修人工费", "Labour for excluded causes"), clause="P09-37",
        item="labour", basis="company_list", applies_when="excluded", consent_required=True, document_required=True,
        also_clauses=("P09-18", "P09-28"),
    ),
    FeeRule(
        code="ordinary_parts_excluded", label=Label("普通配件按市场价", "Ordinary parts at market price"),
        clause="P09-27", item="parts", basis="market_price", applies_when="excluded", part_class="ordinary",
        consent_required=True, document_required=True, also_clauses=("P09-18", "P09-28", "P09-37"),
    ),
    FeeRule(
        code="solar_parts_excluded", label=Label("专用配件按公司售后价", "Solar parts at the company's price list"),
        clause="P09-27", item="parts", basis="company_list", applies_when="excluded", part_class="solar_specific",
        consent_required=True, document_required=True, also_clauses=("P09-18", "P09-28", "P09-37"),
    ),
)  # fmt: skip
"""Consent: P09-18. An invoice or receipt for every charge: P09-19 and P09-28 (A54)."""


@hookimpl
def service_fee_table(settings: SolarSettings) -> Sequence[FeeRule]:
    return FEES
