"""From phone to remote to on site; who is told, who convenes, and who takes a complaint."""

from collections.abc import Sequence

from msgspec.structs import replace

from aftersales import (
    AlarmRule,
    ChannelLadder,
    Duty,
    EscalationLadder,
    Label,
    MajorIncidentRule,
    hookimpl,
)
from aftersales_software_his.settings import SoftwareSettings

HOSPITAL_LADDER = ChannelLadder(
    code="phone_remote_on_site",
    label=Label("电话、远程、上门", "Phone, remote, on site"),
    clause="P08-19",
    steps=("phone", "remote", "on_site"),
    requires={"remote": ("phone",), "on_site": ("phone", "remote")},
)
PROJECT_MANAGEMENT_LADDER = ChannelLadder(
    code="phone_remote_on_site",
    label=Label("电话、远程连接、现场", "Phone, remote connection, on site"),
    clause="P10-27",
    note="Ordinary faults only; grade 1 convenes the lead group (P10-26). Remote access: P10-21, changes: P10-22.",
    steps=("phone", "remote", "on_site"),
    requires={"on_site": ("phone",)},
    remote_needs_authorisation=True,
    change_record_for_remote_changes=True,
    grades=("G2", "G3", "G4"),
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

LEAD_GROUP = MajorIncidentRule(
    code="lead_group",
    label=Label("技术支持领导小组", "Technical support lead group"),
    clause="P10-26",
    note="The text names no members: owner and quality supervisor.",
    grades=("G1",),
    notify_roles=("owner", "quality_supervisor"),
)

HOSPITAL_DUTIES = (
    Duty(
        code="answering_person",
        label=Label("专人负责接听并记录", "A named person answers and takes the record"),
        clause="P08-11",
        owner="service_desk",
    ),
    Duty(
        code="technician_on_the_phone",
        label=Label("直接和技术人员咨询", "Advice directly from a technician"),
        clause="P08-10",
        owner="technicians",
        kinds=("question", "advice"),
    ),
)
PROJECT_MANAGEMENT_DUTIES = (
    Duty(
        code="complaint_about_engineer",
        label=Label("对技术人员不满意反馈到总部", "Complaints about an engineer go to headquarters"),
        clause="P10-31",
        note="P10-32: headquarters sends another engineer.",
        owner="headquarters",
        kinds=("complaint",),
        excludes_engineer=True,
    ),
    Duty(
        code="on_call",
        label=Label("节假日、休息日或下班期间手机联系", "Outside office hours the on-call mobile"),
        clause="P10-29",
        owner="on_call",
        kinds=("fault", "question", "advice"),
        when="desk_closed",
    ),
    Duty(
        code="computer_advice",
        label=Label("计算机系统的合理建议", "Advice on computer systems"),
        clause="P10-13",
        owner="technicians",
        kinds=("advice",),
    ),
)


@hookimpl
def channel_ladder(settings: SoftwareSettings) -> Sequence[ChannelLadder]:
    return (HOSPITAL_LADDER,) if settings.is_hospital else (PROJECT_MANAGEMENT_LADDER,)


@hookimpl
def escalation_ladders(settings: SoftwareSettings) -> Sequence[EscalationLadder]:
    return LADDERS


@hookimpl
def major_incidents(settings: SoftwareSettings) -> Sequence[MajorIncidentRule]:
    return () if settings.is_hospital else (LEAD_GROUP,)


@hookimpl
def roles_and_routing(settings: SoftwareSettings) -> Sequence[Duty]:
    if settings.is_hospital:
        return HOSPITAL_DUTIES
    mobile = settings.on_call_mobile
    return tuple(
        replace(duty, contact=mobile) if duty.when == "desk_closed" else duty for duty in PROJECT_MANAGEMENT_DUTIES
    )
