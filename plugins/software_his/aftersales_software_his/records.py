"""Forms, documents and what must be on record before a ticket moves on."""

from collections.abc import Sequence

from aftersales import ClosingRule, Deliverable, FormField, FormTemplate, Label, RecordRule, TargetScope, hookimpl
from aftersales_software_his.settings import SoftwareSettings


def _text(code: str, zh: str, en: str) -> FormField:
    return FormField(code=code, label=Label(zh, en))


def _instant(code: str, zh: str, en: str) -> FormField:
    return FormField(code=code, label=Label(zh, en), kind="instant")


HOSPITAL_FORMS = (
    FormTemplate(
        code="call_record",
        label=Label("电话记录", "Call record"),
        clause="P08-11",
        unique_per=None,
        fields=(
            _text("answered_by", "接听人", "Answered by"),
            _text("caller", "来电人", "Caller"),
            _instant("called_at", "来电时间", "Called at"),
            _text("problem", "问题", "Problem"),
        ),
        signatures=("answered_by",),
    ),
    FormTemplate(
        code="remote_session",
        label=Label("远程维护记录", "Log of a remote session"),
        clause="P08-17",
        fields=(
            _instant("started_at", "开始", "Started at"),
            _instant("ended_at", "结束", "Ended at"),
            _text("work_done", "处理内容", "Work done"),
        ),
        signatures=("technician",),
    ),
    FormTemplate(
        code="recommendation",
        label=Label("推荐性方案", "Recommended solution"),
        clause="P08-07",
        unique_per="ticket",
        fields=(_text("cause", "原因", "Cause"), _text("recommendation", "建议", "Recommendation")),
        signatures=("technician",),
    ),
)
PROJECT_MANAGEMENT_FORMS = (
    FormTemplate(
        code="remote_authorisation",
        label=Label("远程授权", "Remote authorisation"),
        clause="P10-21",
        fields=(
            _text("granted_by", "授权人", "Granted by"),
            _text("scope", "范围", "Scope"),
            _instant("valid_from", "自", "Valid from"),
            _instant("valid_until", "至", "Valid until"),
        ),
        signatures=("customer",),
    ),
    FormTemplate(
        code="change_record",
        label=Label("编程调整记录", "Change record"),
        clause="P10-22",
        fields=(_text("change", "变更", "Change"), _text("reason", "原因", "Reason")),
        signatures=("technician",),
    ),
    FormTemplate(
        code="emergency_plan",
        label=Label("应急技术方案", "Emergency plan"),
        clause="P10-26",
        unique_per="ticket",
        fields=(_text("plan", "方案", "Plan"),),
        signatures=("lead_group",),
    ),
    FormTemplate(
        code="maintenance_report",
        label=Label("系统维护报告", "Maintenance report"),
        clause="P10-11",
        fields=(_text("period", "期间", "Period"), _text("findings", "情况", "Findings")),
        signatures=("engineer",),
    ),
    FormTemplate(
        code="patch_choice",
        label=Label("补丁选择", "Choice of patches"),
        clause="P10-07",
        fields=(_text("patch", "补丁", "Patch"), FormField(
            code="decision", label=Label("决定", "Decision"), kind="choice", choices=("install", "decline"),
        )),
        signatures=("customer",),
    ),
)  # fmt: skip

HOSPITAL_DELIVERABLES = (
    Deliverable(
        code="security_plan",
        label=Label("软件安全解决方案", "Software security solution"),
        clause="P08-05",
        due="go_live",
    ),
)
PROJECT_MANAGEMENT_DELIVERABLES = (
    Deliverable(
        code="maintenance_report",
        label=Label("系统维护报告", "Maintenance report"),
        clause="P10-11",
        due="per_visit",
    ),
    Deliverable(
        code="security_rules",
        label=Label("系统安全管理制度", "Rules for the system's security"),
        clause="P10-12",
        due="go_live",
    ),
    Deliverable(
        code="usage_rules",
        label=Label("系统使用管理制度", "Rules for the system's use"),
        clause="P10-12",
        due="go_live",
    ),
    Deliverable(
        code="virus_warning",
        label=Label("病毒预警", "Virus warning"),
        clause="P10-10",
        due="on_event",
    ),
    Deliverable(
        code="computer_advice",
        label=Label("计算机系统建议", "Advice on computer systems"),
        clause="P10-13",
        due="on_request",
    ),
)

PROJECT_MANAGEMENT_RECORDS = (
    RecordRule(
        code="maintenance_report",
        label=Label("维护结束须有系统维护报告", "A maintenance visit ends with its report"),
        clause="P10-11",
        before="visit_done",
        needs=("maintenance_report",),
        scope=TargetScope(work_types=("health_check",)),
    ),
)

CAUSE_AND_MEASURES = ClosingRule(
    code="cause_and_measures",
    label=Label("记录原因和措施", "Cause and measures are on record"),
    source="default",
    note="The cause decides coverage (P08-03 to P08-06, P10-33, P10-36).",
    before="resolve",
    needs="cause_and_measures",
    scope=TargetScope(kinds=("fault",)),
)
HOSPITAL_CLOSING = (
    ClosingRule(
        code="call_record",
        label=Label("电话报修须有记录", "A phone ticket has a call record"),
        clause="P08-11",
        before="open",
        needs="call_record",
        scope=TargetScope(channels=("phone",)),
    ),
    CAUSE_AND_MEASURES,
    ClosingRule(
        code="customer_confirmation",
        label=Label("直到用户满意", "The customer is satisfied"),
        clause="P08-21",
        before="close",
        needs="customer_confirmation",
    ),
)
PROJECT_MANAGEMENT_CLOSING = (
    ClosingRule(
        code="emergency_plan",
        label=Label("应急技术方案", "An emergency plan is on record"),
        clause="P10-26",
        before="resolve",
        needs="emergency_plan",
        scope=TargetScope(grades=("G1",)),
    ),
    CAUSE_AND_MEASURES,
)


@hookimpl
def form_templates(settings: SoftwareSettings) -> Sequence[FormTemplate]:
    return HOSPITAL_FORMS if settings.is_hospital else PROJECT_MANAGEMENT_FORMS


@hookimpl
def record_rules(settings: SoftwareSettings) -> Sequence[RecordRule]:
    return () if settings.is_hospital else PROJECT_MANAGEMENT_RECORDS


@hookimpl
def deliverables(settings: SoftwareSettings) -> Sequence[Deliverable]:
    return HOSPITAL_DELIVERABLES if settings.is_hospital else PROJECT_MANAGEMENT_DELIVERABLES


@hookimpl
def closing_rules(settings: SoftwareSettings) -> Sequence[ClosingRule]:
    return HOSPITAL_CLOSING if settings.is_hospital else PROJECT_MANAGEMENT_CLOSING
