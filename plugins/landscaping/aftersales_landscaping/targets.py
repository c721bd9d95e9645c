"""Deadlines: somebody sent within two days, on site within two hours of an emergency; who answers for what."""

from collections.abc import Sequence

from aftersales import (
    AlarmRule,
    Budget,
    Duty,
    EscalationLadder,
    Label,
    SlaTarget,
    TargetScope,
    hookimpl,
)
from aftersales_landscaping.grades import EMERGENCY, NORMAL
from aftersales_landscaping.settings import LandscapingSettings

SLA_TARGETS = (
    SlaTarget(
        code="sent_within_two_days",
        label=Label("接到保修通知之日起 2 日内派人", "Somebody sent within 2 days of the notice"),
        clause="P05-33",
        note="A27: the day of the notice isn't counted; days end at the tenant's midnight.",
        milestone="dispatched",
        budget=Budget(amount=2, unit="calendar_day"),
        scope=TargetScope(kinds=("fault",), grades=(NORMAL,)),
        ladder="standard",
    ),
    SlaTarget(
        code="emergency_on_site",
        label=Label("紧急抢修 2 小时内到达现场", "On site within 2 hours of an emergency"),
        clause="P05-34",
        note="A28",
        milestone="on_site",
        budget=Budget(amount=2, unit="hour"),
        scope=TargetScope(kinds=("fault",), grades=(EMERGENCY,)),
        ladder="standard",
    ),
    SlaTarget(
        code="paid_upkeep",
        label=Label("养护期后及时养护(维修)", "Prompt upkeep and repair after the term"),
        clause="P05-39",
        note="A05",
        milestone="dispatched",
        budget=None,
        scope=TargetScope(kinds=("maintenance",)),
    ),
)

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
        code="company_safety_body",
        label=Label("公司一级安全生产管理领导机构", "Safety body of the company"),
        clause="P05-02",
        owner="production_manager",
    ),
    Duty(
        code="company_safety_supervision",
        label=Label("安全监督部", "Safety supervision department"),
        clause="P05-02",
        owner="safety_supervision",
    ),
    Duty(
        code="site_responsible",
        label=Label("安全生产第一责任人", "First responsible person for the site's safety"),
        clause="P05-03",
        owner="project_manager",
    ),
    Duty(
        code="site_safety_officer",
        label=Label("专职安全员", "Full-time safety officer"),
        clause="P05-04",
        note="A29",
        owner="safety_officer",
    ),
    Duty(
        code="branch_participation",
        label=Label("各职能部门和分公司参与安全管理", "Every department and branch takes part in safety"),
        clause="P05-44",
        owner="safety_contact",
    ),
    Duty(
        code="hazard_leader",
        label=Label("主管领导落实整改方案", "The leader owns the plan against a hazard"),
        clause="P05-30",
        owner="project_manager",
    ),
)


@hookimpl
def sla_targets(settings: LandscapingSettings) -> Sequence[SlaTarget]:
    return SLA_TARGETS


@hookimpl
def escalation_ladders(settings: LandscapingSettings) -> Sequence[EscalationLadder]:
    return LADDERS


@hookimpl
def roles_and_routing(settings: LandscapingSettings) -> Sequence[Duty]:
    return DUTIES
