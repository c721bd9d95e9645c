"""The forms that every tenant has, whatever its verticals (P04-01, P12-12, P12-13, P12-16)."""

from typing import Final

from aftersales.terms.base import Label
from aftersales.terms.records import FormField, FormTemplate


def _text(code: str, zh: str, en: str, *, required: bool = True) -> FormField:
    return FormField(code=code, label=Label(zh, en), required=required)


def _instant(code: str, zh: str, en: str) -> FormField:
    return FormField(code=code, label=Label(zh, en), kind="instant")


def _choice(code: str, zh: str, en: str, *choices: str) -> FormField:
    return FormField(code=code, label=Label(zh, en), kind="choice", choices=choices)


SATISFACTION: Final = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")

CORE_FORMS: Final[tuple[FormTemplate, ...]] = (
    FormTemplate(
        code="service_log",
        label=Label("售后服务日志", "Service log"),
        clause="P04-01",
        source="default",
        kind="register",
        internal=True,
        fields=(
            FormField(code="day", label=Label("日期", "Day"), kind="date"),
            _text("work_done", "服务内容", "Work done"),
            _text("remarks", "备注", "Remarks", required=False),
        ),
    ),
    FormTemplate(
        code="response_record",
        label=Label("服务问题响应记录", "Record of a response"),
        clause="P04-01",
        source="default",
        fields=(
            _instant("reported_at", "报告时间", "Reported at"),
            _instant("responded_at", "响应时间", "Responded at"),
            _text("problem", "问题", "Problem"),
            _text("response", "响应", "Response"),
        ),
    ),
    FormTemplate(
        code="suggestion_form",
        label=Label("客户建议单", "Suggestion form"),
        clause="P04-01",
        source="default",
        kind="survey",
        filled_by=("customer", "dealer"),
        fields=(
            _text("suggestion", "意见和建议", "Suggestion"),
            _text("contact", "联系方式", "Contact", required=False),
        ),
    ),
    FormTemplate(
        code="service_report",
        label=Label("售后服务报告单", "Service report"),
        clause="P12-12",
        source="default",
        kind="report",
        about=("ticket",),
        fields=(
            _text("problem", "故障情况", "Problem"),
            _text("cause", "原因分析", "Cause"),
            _text("work_done", "处理内容", "Work done"),
            _text("result", "处理结果", "Result"),
        ),
        signatures=("engineer",),
    ),
    FormTemplate(
        code="satisfaction_survey",
        label=Label("售后服务满意度调查表", "Satisfaction survey"),
        clause="P12-13",
        source="default",
        kind="survey",
        about=("ticket",),
        filled_by=("customer",),
        fields=(
            _choice("satisfaction", "满意度", "Satisfaction", *SATISFACTION),
            _text("opinion", "意见", "Opinion", required=False),
        ),
        signatures=("customer",),
    ),
    FormTemplate(
        code="contact_register",
        label=Label("来电来函登记", "Register of calls and letters"),
        clause="P12-16",
        source="default",
        kind="register",
        filled_by=("dealer",),
        internal=True,
        fields=(
            _choice("channel", "方式", "Channel", "call", "letter", "visit", "mail", "message"),
            _instant("received_at", "时间", "Received at"),
            _text("contact", "联系人", "Contact"),
            _text("subject", "事由", "Subject"),
            _text("result", "处理结果", "Result"),
        ),
    ),
)
