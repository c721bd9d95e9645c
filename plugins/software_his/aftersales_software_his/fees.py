"""Free in term, customisation by quote, and plan 10's maintenance cost afterwards."""

from collections.abc import Sequence
from decimal import Decimal

from aftersales import FeeRule, Label, hookimpl
from aftersales_software_his.settings import SoftwareSettings

FREE = Decimal("0.00")

HOSPITAL_FEES = (
    FeeRule(
        code="maintenance_in_term", label=Label("免费维护期内免费", "Maintenance in term: free"), clause="P08-02",
        item="maintenance", basis="free", amount=FREE, applies_when="in_term",
    ),
    FeeRule(
        code="advice", label=Label("推荐性方案免费", "Advice on excluded causes"), clause="P08-07",
        item="consultation", basis="free", amount=FREE, applies_when="excluded",
    ),
    FeeRule(
        code="customisation", label=Label("个性化修改按实际定费", "Customisation: days and fee per case"),
        clause="P08-09", item="customisation", basis="quote", consent_required=True,
    ),
    FeeRule(
        code="maintenance_after_term", label=Label("免费维护期后维护", "Maintenance after the term"), clause="P08-02",
        item="maintenance", basis="quote", applies_when="after_term", consent_required=True,
    ),
)  # fmt: skip
PROJECT_MANAGEMENT_FEES = (
    FeeRule(
        code="software_in_guarantee", label=Label("担保期内软件维修、替换免费", "Software in the guarantee: free"),
        clause="P10-33", item="maintenance", basis="free", amount=FREE, applies_when="in_term",
    ),
    FeeRule(
        code="maintenance_cost", label=Label("担保期后维护成本费", "Maintenance cost fee after the guarantee"),
        clause="P10-35", item="maintenance", basis="quote", applies_when="after_term", consent_required=True,
    ),
    FeeRule(
        code="workflow", label=Label("工作流程定制", "Workflow customisation"), clause="P10-04",
        item="customisation", basis="quote", consent_required=True,
    ),
    FeeRule(
        code="report", label=Label("报表定制", "Report customisation"), clause="P10-05",
        item="customisation", basis="quote", consent_required=True,
    ),
    FeeRule(
        code="development", label=Label("二次开发", "Secondary development"), clause="P10-06",
        item="customisation", basis="quote", consent_required=True,
    ),
)  # fmt: skip


@hookimpl
def service_fee_table(settings: SoftwareSettings) -> Sequence[FeeRule]:
    return HOSPITAL_FEES if settings.is_hospital else PROJECT_MANAGEMENT_FEES
