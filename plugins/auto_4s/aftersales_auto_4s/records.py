"""The arrival record that goes to the dealer management system, and what is on record before a ticket is closed."""

from collections.abc import Sequence

from aftersales import ClosingRule, FormField, FormTemplate, Label, TargetScope, hookimpl
from aftersales_auto_4s.settings import Auto4sSettings

FORMS = (
    FormTemplate(
        code="arrival_record",
        label=Label("客户进场记录", "Arrival record"),
        clause="P06-03",
        fields=(
            FormField(code="vin", label=Label("车架号", "VIN")),
            FormField(code="plate", label=Label("车牌", "Plate")),
            FormField(code="arrived_at", label=Label("进场时间", "Arrived at"), kind="instant"),
            FormField(code="mileage", label=Label("里程", "Mileage"), kind="number"),
            FormField(code="contact_confirmed", label=Label("联系方式已更新", "Contact confirmed"), kind="boolean"),
        ),
        signatures=("front_desk",),
    ),
    FormTemplate(
        code="campaign_report",
        label=Label("活动总结", "Campaign report"),
        clause="P06-24",
        fields=(
            FormField(code="satisfaction", label=Label("客户满意度", "Satisfaction"), kind="number"),
            FormField(code="recovered_customers", label=Label("找回流失客户数", "Recovered customers"), kind="number"),
        ),
    ),
)

CLOSING_RULES = (
    ClosingRule(
        code="arrival_recorded",
        label=Label("进场须有记录", "An arrival is on record"),
        clause="P06-03",
        before="resolve",
        needs="arrival_record",
        scope=TargetScope(kinds=("fault", "maintenance"), channels=("visit",)),
    ),
    ClosingRule(
        code="cause_and_measures",
        label=Label("记录原因和措施", "Cause and measures are on record"),
        source="default",
        before="resolve",
        needs="cause_and_measures",
        scope=TargetScope(kinds=("fault",)),
    ),
)


@hookimpl
def form_templates(settings: Auto4sSettings) -> Sequence[FormTemplate]:
    return FORMS


@hookimpl
def closing_rules(settings: Auto4sSettings) -> Sequence[ClosingRule]:
    return CLOSING_RULES
