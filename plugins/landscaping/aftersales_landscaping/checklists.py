"""What is looked at on a site, at its power supply, at night, at machines, at plantings and at people."""

from collections.abc import Sequence
from typing import Literal

from aftersales import Checklist, ChecklistItem, Label, hookimpl
from aftersales_landscaping.settings import LandscapingSettings


def _hazard(
    code: str,
    zh: str,
    en: str,
    clause: str,
    severity: Literal["medium", "high", "critical"] = "high",
    category: Literal["behaviour", "condition", "environment", "management"] = "condition",
) -> ChecklistItem:
    """Something that is a hazard when it fails; a critical one stops the work."""
    return ChecklistItem(
        code=code, label=Label(zh, en), clause=clause, consequence="hazard", severity=severity, category=category
    )


def _record(code: str, zh: str, en: str, clause: str) -> ChecklistItem:
    """Something whose failure is a non-conformity on record."""
    return ChecklistItem(code=code, label=Label(zh, en), clause=clause, consequence="record")


def _machine(code: str, zh: str, en: str, clause: str) -> ChecklistItem:
    """Something without which a machine must not run."""
    return ChecklistItem(
        code=code, label=Label(zh, en), clause=clause, consequence="block_machine", severity="critical"
    )


CHECKLISTS = (
    Checklist(
        code="site_safety",
        label=Label("现场安全检查表", "Safety of the site"),
        clause="P05-08",
        of="site",
        items=(
            _hazard("safety_signs", "安全标志", "Safety signs", "P05-08"),
            _hazard("safety_guards", "安全防护", "Safety guards", "P05-08"),
            _hazard("fire_equipment_enough", "消防器材充足", "Enough fire equipment", "P05-21"),
            _hazard(
                "fire_equipment_free", "消防器材未被压埋、圈占、挪用",
                "Fire equipment not buried, enclosed or diverted", "P05-21",
            ),
            _hazard("evacuation_lane", "紧急疏散通道", "Evacuation lane, marked and free", "P05-22", "critical"),
            _hazard("fire_lane", "消防通道", "Fire lane, marked and free", "P05-22", "critical"),
            _hazard("fence_signs", "围挡安全标志", "Safety signs on the fence", "P05-43"),
            _hazard("guard_badges", "护场人员佩带值勤标志", "Guards wear duty badges", "P05-43", "medium", "behaviour"),
        ),
    ),
    Checklist(
        code="temporary_power",
        label=Label("临时用电检查表", "Temporary power"),
        clause="P05-07",
        of="site",
        standard="temporary_power",
        items=(
            _hazard("five_wire_supply", "三相五线制", "Five-wire supply", "P05-14"),
            _hazard("compliant_box", "电闸箱符合规范", "Compliant distribution boxes", "P05-14"),
            _hazard("residual_current_device", "漏电保护装置", "Residual-current protection", "P05-14"),
            _hazard("code_kept", "符合《施工现场临时用电安全技术规范》", "Everything else after the code", "P05-07"),
        ),
    ),
    Checklist(
        code="night",
        label=Label("夜间检查表", "At night"),
        clause="P05-24",
        of="site",
        items=(
            _hazard("warning_lamps", "安全标志灯", "Warning lamps", "P05-24"),
            _hazard("traffic_person", "专人疏导围挡外交通", "A person directs traffic outside the fence", "P05-24",
                    "high", "management"),
        ),
    ),
    Checklist(
        code="rainy_season",
        label=Label("雨季检查表", "Rainy season"),
        clause="P05-29",
        of="site",
        items=(
            _hazard("flood", "防洪", "Against flood", "P05-29", "critical", "environment"),
            _hazard("lightning", "防雷击", "Against lightning", "P05-29", "critical", "environment"),
            _hazard("collapse", "防坍塌", "Against collapse", "P05-29", "critical", "environment"),
        ),
    ),
    Checklist(
        code="machine_before_shift",
        label=Label("机械设备班前检查表", "Machine before the shift"),
        clause="P05-16",
        of="machine",
        moment="before_shift",
        items=(
            _machine("guards", "安全防护装置", "Safety guards", "P05-42"),
            _machine("protective_neutral", "保护接零", "Protective neutral", "P05-42"),
            _machine("sound", "无带病情况", "No fault", "P05-18"),
        ),
    ),
    Checklist(
        code="machine_after_shift",
        label=Label("机械设备班后检查表", "Machine after the shift"),
        clause="P05-16",
        of="machine",
        moment="after_shift",
        items=(
            _machine("guards", "安全防护装置", "Safety guards", "P05-42"),
            _machine("sound", "无带病情况", "No fault", "P05-18"),
            _record("switched_off", "停机断电", "Stopped and switched off", "P05-16"),
        ),
    ),
    Checklist(
        code="protective_equipment",
        label=Label("个人防护检查表", "Protective equipment"),
        clause="P05-11",
        of="person",
        items=(
            _record("helmet", "安全帽", "Helmet", "P05-11"),
            _record("work_clothes", "工作服", "Work clothes", "P05-11"),
            _record("not_smoking", "不吸烟", "Not smoking", "P05-11"),
        ),
    ),
    Checklist(
        code="planting",
        label=Label("种植检查表", "Planting"),
        clause="P05-28",
        of="asset",
        asset_types=("planting_batch",),
        items=(
            ChecklistItem(
                code="staked", label=Label("支撑牢固", "Staked firmly"), clause="P05-28", consequence="work_order",
                severity="high",
            ),
        ),
    ),
)  # fmt: skip


@hookimpl
def checklists(settings: LandscapingSettings) -> Sequence[Checklist]:
    return CHECKLISTS
