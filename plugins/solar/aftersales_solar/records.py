"""Forms, documents and what must be on record before a ticket moves on."""

from collections.abc import Sequence

from aftersales import ClosingRule, Deliverable, FormField, FormTemplate, Label, TargetScope, hookimpl
from aftersales_solar.settings import SolarSettings

FORMS = (
    FormTemplate(
        code="warranty_card",
        label=Label("保修卡", "Warranty card"),
        clause="P09-04",
        unique_per="site",
        fields=(
            FormField(code="card_number", label=Label("卡号", "Card number")),
            FormField(code="accepted_on", label=Label("验收日期", "Accepted on"), kind="date"),
            FormField(code="customer", label=Label("用户", "Customer")),
            FormField(code="address", label=Label("地址", "Address")),
        ),
        signatures=("customer",),
    ),
    FormTemplate(
        code="customer_archive",
        label=Label("用户档案", "Customer archive"),
        clause="P09-09",
        unique_per="site",
        fields=(
            FormField(code="customer", label=Label("用户", "Customer")),
            FormField(code="system", label=Label("系统", "System")),
            FormField(code="installed_on", label=Label("安装日期", "Installed on"), kind="date"),
        ),
    ),
    FormTemplate(
        code="fee_consent",
        label=Label("收费标准告知与同意", "Fee standard shown and agreed to"),
        clause="P09-18",
        unique_per="ticket",
        fields=(
            FormField(code="fee_table_version", label=Label("收费标准版本", "Version of the fee table")),
            FormField(code="amount", label=Label("金额", "Amount"), kind="number"),
            FormField(code="agreed_at", label=Label("同意时间", "Agreed at"), kind="instant"),
        ),
        signatures=("customer",),
    ),
    FormTemplate(
        code="charge_document",
        label=Label("收费发票或收据", "Invoice or receipt"),
        clause="P09-19",
        note="A54",
        unique_per="ticket",
        fields=(
            FormField(code="kind", label=Label("种类", "Kind"), kind="choice", choices=("invoice", "receipt")),
            FormField(code="number", label=Label("票据号", "Document number")),
        ),
    ),
    FormTemplate(
        code="training_sheet",
        label=Label("培训签到表", "Training sheet"),
        clause="P09-29",
        fields=(
            FormField(code="held_on", label=Label("培训日期", "Held on"), kind="date"),
            FormField(code="venue", label=Label("地点", "Venue")),
            FormField(code="attendees", label=Label("参加人员", "Attendees")),
        ),
        signatures=("trainer", "customer"),
    ),
)

DELIVERABLES = (
    Deliverable(
        code="design_proposal",
        label=Label("技术方案", "Technical proposal"),
        clause="P09-01",
        due="on_request",
    ),
    Deliverable(
        code="consultation_documents",
        label=Label("技术咨询资料", "Documents for consultation"),
        clause="P09-03",
        due="on_request",
        confidentiality="customer",
    ),
    Deliverable(
        code="trade_secrets",
        label=Label("公司技术机密", "The company's technical secrets"),
        clause="P09-03",
        due="on_request",
        confidentiality="secret",
    ),
    Deliverable(code="user_manual", label=Label("说明书", "User manual"), clause="P09-24", due="handover"),
)

CLOSING_RULES = (
    ClosingRule(
        code="cause_and_measures",
        label=Label("记录原因和措施", "Cause and measures are on record"),
        source="default",
        note="The cause decides coverage (P09-22 to P09-26).",
        before="resolve",
        needs="cause_and_measures",
        scope=TargetScope(kinds=("fault",)),
    ),
)


@hookimpl
def form_templates(settings: SolarSettings) -> Sequence[FormTemplate]:
    return FORMS


@hookimpl
def deliverables(settings: SolarSettings) -> Sequence[Deliverable]:
    return DELIVERABLES


@hookimpl
def closing_rules(settings: SolarSettings) -> Sequence[ClosingRule]:
    return CLOSING_RULES
