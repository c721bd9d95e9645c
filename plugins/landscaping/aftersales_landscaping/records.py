"""Forms of the site, the standards that the text names, and what must be on record before a ticket is closed."""

from collections.abc import Sequence

from aftersales import (
    ClosingRule,
    FormField,
    FormTemplate,
    Label,
    ReferenceStandard,
    TargetScope,
    hookimpl,
)
from aftersales_landscaping.settings import LandscapingSettings


def _text(code: str, zh: str, en: str) -> FormField:
    return FormField(code=code, label=Label(zh, en))


def _instant(code: str, zh: str, en: str) -> FormField:
    return FormField(code=code, label=Label(zh, en), kind="instant")


def _yes_no(code: str, zh: str, en: str) -> FormField:
    return FormField(code=code, label=Label(zh, en), kind="boolean")


FORMS = (
    FormTemplate(
        code="responsibility_letter",
        label=Label("安全生产责任书", "Letter of safety responsibility"),
        clause="P05-05",
        unique_per="worker",
        fields=(_text("role", "岗位", "Role"), _text("duties", "安全职责", "Safety duties")),
        signatures=("worker", "project_manager"),
    ),
    FormTemplate(
        code="pre_shift_meeting",
        label=Label("班前会记录", "Pre-shift meeting"),
        clause="P05-06",
        fields=(
            _instant("held_at", "时间", "Held at"),
            _text("safety_topic", "安全内容", "Safety topic"),
            _text("attendees", "参加人员", "Attendees"),
        ),
        signatures=("foreman",),
    ),
    FormTemplate(
        code="process_briefing",
        label=Label("工序安全交底单", "Safety briefing of a work process"),
        clause="P05-13",
        fields=(_text("process", "工序", "Work process"), _text("content", "交底内容", "Content")),
        signatures=("foreman", "every_worker"),
    ),
    FormTemplate(
        code="running_log",
        label=Label("机械运转记录", "Running log of a machine"),
        clause="P05-16",
        fields=(
            _text("machine", "设备", "Machine"),
            _yes_no("checked_before", "班前检查", "Checked before the shift"),
            _yes_no("checked_after", "班后检查", "Checked after the shift"),
        ),
        signatures=("operator",),
    ),
    FormTemplate(
        code="lock_out",
        label=Label("停机断电上锁记录", "Lock-out record"),
        clause="P05-17",
        fields=(
            _text("machine", "设备", "Machine"),
            _yes_no("stopped", "停机", "Stopped"),
            _yes_no("power_off", "断电", "Power off"),
            FormField(
                code="secured_by",
                label=Label("上锁、挂牌或专人看护", "Locked, tagged or attended"),
                kind="choice",
                choices=("lock", "tag", "attendant"),
            ),
        ),
        signatures=("electrician",),
    ),
    FormTemplate(
        code="hot_work_permit",
        label=Label("动火作业证", "Hot-work permit"),
        clause="P05-19",
        fields=(
            _text("fire_watch", "看护人", "Fire watch"),
            _instant("started_at", "开始", "Started at"),
            _yes_no("cleaned_up", "完工清理", "Cleaned up"),
        ),
        signatures=("fire_watch", "safety_officer"),
    ),
    FormTemplate(
        code="flammables_permit",
        label=Label("易燃易爆物品存放许可", "Permit to store flammables"),
        clause="P05-20",
        fields=(
            _yes_no("separate_store", "独立库房", "Separate store"),
            _text("keeper", "保管人", "Keeper"),
            _yes_no("extinguishers", "消防器材", "Fire equipment"),
        ),
        signatures=("safety_officer",),
    ),
    FormTemplate(
        code="gate_log",
        label=Label("门卫登记", "Gate log"),
        clause="P05-23",
        fields=(_text("person", "人员", "Person"), _instant("entered_at", "进入", "Entered at")),
        signatures=("guard",),
    ),
    FormTemplate(
        code="visitor_permit",
        label=Label("外部人员进场许可", "Visitor permit"),
        clause="P05-25",
        fields=(_text("visitor", "来访人", "Visitor"), _text("purpose", "事由", "Purpose")),
        signatures=("site_leader",),
    ),
    FormTemplate(
        code="hazard_card",
        label=Label("隐患整改单", "Hazard card"),
        clause="P05-27",
        fields=(
            FormField(
                code="category",
                label=Label("类别", "Category"),
                kind="choice",
                choices=("behaviour", "condition", "environment", "management"),
            ),
            _text("description", "隐患", "Hazard"),
            _text("rectification", "整改", "Rectification"),
            _instant("verified_at", "验收", "Verified at"),
        ),
        signatures=("safety_officer",),
    ),
    FormTemplate(
        code="stop_work_order",
        label=Label("停工令", "Stop-work order"),
        clause="P05-30",
        fields=(_text("reason", "原因", "Reason"), _instant("reported_at", "汇报时间", "Reported at")),
        signatures=("project_manager",),
    ),
)

STANDARDS = (
    ReferenceStandard(
        code="temporary_power",
        label=Label("施工现场临时用电安全技术规范", "Technical code for safety of temporary electrification on sites"),
        clause="P05-07",
        designation="JGJ 46",
    ),
    ReferenceStandard(
        code="occupational_health",
        label=Label("职业健康安全管理体系", "Occupational health and safety management systems"),
        clause="P05-09",
        note="A30: the year is masked in the text.",
        designation="GB/T 28001",
        superseded_by="GB/T 45001-2020",
    ),
    ReferenceStandard(
        code="environment",
        label=Label("ISO18000 环保体系标准", "“ISO18000” environmental standard"),
        clause="P05-09",
        note="A30: a slip of the text; OHSAS 18001 is safety, ISO 14001 is environment.",
        designation="ISO18000",
    ),
)

CLOSING_RULES = (
    ClosingRule(
        code="cause_and_measures",
        label=Label("记录原因和措施", "Cause and measures are on record"),
        source="default",
        note="The cause decides whether the repair is free (P05-32, P05-35).",
        before="resolve",
        needs="cause_and_measures",
        scope=TargetScope(kinds=("fault",)),
    ),
)


@hookimpl
def form_templates(settings: LandscapingSettings) -> Sequence[FormTemplate]:
    return FORMS


@hookimpl
def reference_standards(settings: LandscapingSettings) -> Sequence[ReferenceStandard]:
    return STANDARDS


@hookimpl
def closing_rules(settings: LandscapingSettings) -> Sequence[ClosingRule]:
    return CLOSING_RULES
