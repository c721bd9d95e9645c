"""Deadlines. The text of plan 6 gives none: what the tenant doesn't set is tracked without a number.

The law does name one: from the sixth day of a warranty repair the consumer gets a loaner or travel money.
"""

from collections.abc import Sequence

from aftersales import (
    AlarmRule,
    Budget,
    Duty,
    EscalationLadder,
    Label,
    SlaTarget,
    Source,
    TargetScope,
    hookimpl,
)
from aftersales_auto_4s.grades import FAMILY_CAR_LAW
from aftersales_auto_4s.settings import Auto4sSettings

LADDERS = (
    EscalationLadder(
        code="standard",
        label=Label("标准升级", "Standard escalation"),
        source="default",
        rungs=(
            AlarmRule(code="at_75_percent", kind="warning", share=0.75, escalate_to="dispatcher", level=1),
            AlarmRule(code="due_dispatcher", kind="breach", offset_minutes=0, escalate_to="dispatcher", level=1),
            AlarmRule(code="due_owner", kind="escalation", offset_minutes=0, escalate_to="owner", level=2),
        ),
    ),
)

DUTIES = (
    Duty(
        code="front_desk",
        label=Label("前台登记进场并更新联系方式", "The front desk records arrivals and refreshes contacts"),
        clause="P06-03",
        owner="front_desk",
    ),
    Duty(
        code="campaign_hotline",
        label=Label("活动咨询售后服务热线", "Campaign enquiries go to the after-sales hotline"),
        clause="P06-25",
        owner="after_sales_hotline",
        kinds=("question", "advice"),
    ),
)


def _source(value: int | None) -> Source:
    return "default" if value is None else "tenant"


def _hours(value: int | None) -> Budget | None:
    return None if value is None else Budget(amount=value, unit="hour")


@hookimpl
def sla_targets(settings: Auto4sSettings) -> Sequence[SlaTarget]:
    minutes = settings.acknowledge_minutes
    return (
        SlaTarget(
            code="acknowledged",
            label=Label("答复客户", "The customer gets an answer"),
            source=_source(minutes),
            note="Not in the text of plan 6 (A05).",
            milestone="acknowledged",
            budget=None if minutes is None else Budget(amount=minutes, unit="minute"),
            ladder="standard",
        ),
        SlaTarget(
            code="diagnosed",
            label=Label("给出维修方案", "The repair is proposed"),
            source=_source(settings.diagnose_hours),
            note="Not in the text of plan 6 (A05).",
            milestone="plan_proposed",
            budget=_hours(settings.diagnose_hours),
            scope=TargetScope(kinds=("fault",)),
            ladder="standard",
        ),
        SlaTarget(
            code="repaired",
            label=Label("修理完毕", "The repair is done"),
            source=_source(settings.repair_hours),
            note="Not in the text of plan 6 (A05).",
            milestone="resolved",
            budget=_hours(settings.repair_hours),
            scope=TargetScope(kinds=("fault",)),
            ladder="standard",
        ),
        *_own_warranty_repair(settings),
        SlaTarget(
            code="warranty_repair_five_days",
            label=Label("三包修理 5 日", "Warranty repair: five days"),
            source="statute",
            clause=FAMILY_CAR_LAW,
            note="In force since 2022-01-01: from day 6, waiting for parts included, a loaner or travel money is owed.",
            milestone="resolved",
            budget=Budget(amount=5, unit="calendar_day"),
            scope=TargetScope(kinds=("fault",), work_types=("warranty_repair",)),
            ladder="standard",
        ),
    )


def _own_warranty_repair(settings: Auto4sSettings) -> tuple[SlaTarget, ...]:
    """The tenant's own hours hold for warranty repairs too; they are never longer than the law's five days."""
    if settings.repair_hours is None:
        return ()
    return (
        SlaTarget(
            code="warranty_repaired",
            label=Label("三包修理完毕", "The warranty repair is done"),
            source="tenant",
            milestone="resolved",
            budget=_hours(settings.repair_hours),
            scope=TargetScope(kinds=("fault",), work_types=("warranty_repair",)),
            ladder="standard",
        ),
    )


@hookimpl
def escalation_ladders(settings: Auto4sSettings) -> Sequence[EscalationLadder]:
    return LADDERS


@hookimpl
def roles_and_routing(settings: Auto4sSettings) -> Sequence[Duty]:
    return DUTIES
