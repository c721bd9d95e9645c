"""Deadlines: the agent's four hours, the company's twelve, the lines that are open day and night."""

from collections.abc import Sequence

from aftersales import (
    AlarmRule,
    Budget,
    CalendarTerm,
    Duty,
    EscalationLadder,
    Label,
    ServiceTier,
    SlaTarget,
    TargetScope,
    always_open_calendar,
    hookimpl,
)
from aftersales_solar.settings import SolarSettings

FAULTS = TargetScope(kinds=("fault",))

SLA_TARGETS = (
    SlaTarget(
        code="agent_on_site",
        label=Label("当地代理 4 小时上门", "Local agent on site within 4 hours"),
        clause="P09-06",
        note="A49",
        milestone="on_site",
        budget=Budget(amount=4, unit="hour"),
        scope=FAULTS,
        party="agent",
        on_miss="handover",
        ladder="agent_handover",
    ),
    SlaTarget(
        code="company_on_site",
        label=Label("公司 12 小时内派人到现场", "Company on site within 12 hours"),
        clause="P09-07",
        note="A49",
        milestone="on_site",
        budget=Budget(amount=12, unit="hour"),
        scope=FAULTS,
        ladder="standard",
    ),
    SlaTarget(
        code="question_answered",
        label=Label("随时答复用户的问题", "Questions are answered at any time"),
        clause="P09-08",
        note="A05",
        milestone="acknowledged",
        budget=None,
        scope=TargetScope(kinds=("question", "advice")),
    ),
)

LADDERS = (
    EscalationLadder(
        code="agent_handover",
        label=Label("代理超时,移交公司", "The agent is late: the company takes over"),
        source="default",
        clause="P09-06",
        note="A49",
        rungs=(
            AlarmRule(code="agent_at_75_percent", kind="warning", share=0.75, escalate_to="dealer", level=1),
            AlarmRule(code="agent_missed", kind="handover", offset_minutes=0, escalate_to="dispatcher", level=2),
        ),
    ),
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

SERVICE_TIERS = (
    ServiceTier(
        code="agent",
        label=Label("当地代理", "Local agent"),
        clause="P09-05",
        note="The text counts three tiers and names the agent, the offices and the company.",
        level=1,
        party="agent",
    ),
    ServiceTier(code="office", label=Label("办事处", "Regional office"), clause="P09-05", level=2, party="company"),
    ServiceTier(
        code="headquarters", label=Label("公司总部", "Headquarters"), clause="P09-05", level=3, party="company"
    ),
)

DUTIES = (
    Duty(
        code="installation_guide",
        label=Label("施工技术指导专人", "A technical guide for every installation"),
        clause="P09-02",
        owner="installation_guide",
    ),
    Duty(
        code="customer_service_centre",
        label=Label("客服中心答复问题", "The customer service centre answers questions"),
        clause="P09-08",
        owner="customer_service_centre",
        kinds=("question", "advice"),
    ),
    Duty(
        code="authorised_service_unit",
        label=Label("特约服务单位上门保养", "Authorised service units do the maintenance"),
        clause="P09-20",
        owner="authorised_service_unit",
        kinds=("maintenance",),
    ),
)


@hookimpl
def calendars(settings: SolarSettings) -> Sequence[CalendarTerm]:
    return (
        CalendarTerm(
            code="hotline",
            label=Label("24 小时服务电话", "Hotline, day and night"),
            clause="P09-08",
            purpose="phone_desk",
            definition=always_open_calendar(settings.time_zone, code="hotline", name="24 小时服务电话"),
        ),
    )


@hookimpl
def sla_targets(settings: SolarSettings) -> Sequence[SlaTarget]:
    return SLA_TARGETS


@hookimpl
def escalation_ladders(settings: SolarSettings) -> Sequence[EscalationLadder]:
    return LADDERS


@hookimpl
def service_tiers(settings: SolarSettings) -> Sequence[ServiceTier]:
    return SERVICE_TIERS


@hookimpl
def roles_and_routing(settings: SolarSettings) -> Sequence[Duty]:
    return DUTIES
