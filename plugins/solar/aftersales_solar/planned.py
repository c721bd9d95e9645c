"""Maintenance visits, quality tracking and training."""

from collections.abc import Sequence
from decimal import Decimal

from aftersales import Checklist, ChecklistItem, Curriculum, InspectionCadence, Label, RevisitRule, hookimpl
from aftersales_solar.assets import MAIN_UNIT
from aftersales_solar.settings import SolarSettings

UNITS = (
    "运行原理及控制过程",
    "各设备大体结构和工作原理",
    "控制系统的参数设置及操作",
    "运行及使用过程中的注意事项",
    "系统常见的故障及解决办法",
)
"""The five topics of P09-33."""

CURRICULA = (
    Curriculum(
        code="operators",
        label=Label("设备管理人员、水电工培训", "Training of equipment managers, plumbers and electricians"),
        clause="P09-30",
        also_clauses=("P09-29", "P09-31", "P09-32", "P09-33", "P09-35"),
        note="A53",
        audience=("equipment_manager", "plumber", "electrician"),
        units=UNITS,
        outcomes=("safe_use", "no_damage", "simple_repair"),
        trigger="acceptance",
        due_days=2,
        venue_by="customer",
    ),
    Curriculum(
        code="users",
        label=Label("用户使用培训", "Training of users"),
        clause="P09-36",
        also_clauses=("P09-30", "P09-32", "P09-33", "P09-34"),
        note="Dated by P09-30 (A53).",
        audience=("user",),
        units=UNITS,
        outcomes=("safe_use", "no_damage"),
        trigger="acceptance",
        due_days=2,
        venue_by="customer",
    ),
)


@hookimpl
def inspection_cadences(settings: SolarSettings) -> Sequence[InspectionCadence]:
    months = settings.quality_tracking_months
    return (
        InspectionCadence(
            code="maintenance",
            label=Label("每年两次免费上门保养(含年检)", "Two free maintenance visits a year, inspection included"),
            clause="P09-20",
            note="A12 A52",
            kind="maintenance",
            count=2,
            per="contract_year",
            anchor="acceptance",
            free=True,
            phase=None if settings.free_maintenance_after_term else "warranty",
            within_term=None if settings.free_maintenance_after_term else MAIN_UNIT,
            provider="authorised_unit",
        ),
        InspectionCadence(
            code="quality_check",
            label=Label("定期上门检查", "Periodic check on site"),
            clause="P09-09",
            source="vertical" if months is None else "tenant",
            note="A05",
            kind="inspection",
            count=None if months is None else max(1, 12 // months),
            per="contract_year",
            anchor="acceptance",
            free=True,
        ),
    )


@hookimpl
def revisit_rules(settings: SolarSettings) -> Sequence[RevisitRule]:
    months = settings.quality_tracking_months
    return (
        RevisitRule(
            code="quality_tracking",
            label=Label("定期质量跟踪", "Periodic quality tracking"),
            clause="P09-09",
            source="vertical" if months is None else "tenant",
            note="A05",
            trigger="installation",
            months=months,
            dimensions=("quality",),
        ),
    )


@hookimpl
def training_curricula(settings: SolarSettings) -> Sequence[Curriculum]:
    return CURRICULA


def _item(code: str, zh: str, en: str) -> ChecklistItem:
    return ChecklistItem(code=code, label=Label(zh, en), clause="P09-20")


ANNUAL = Checklist(
    code="annual_inspection",
    label=Label("年检和保养检查表", "Annual inspection and maintenance"),
    clause="P09-20",
    source="default",
    note="The text names the inspection and not its items; these are ours, and a tenant may publish its own.",
    of="asset",
    asset_types=("solar_water_heater",),
    items=(
        _item("tank_tight", "水箱无渗漏", "Tank tight"),
        _item("collector_sound", "集热器完好", "Collector sound"),
        _item("bracket_firm", "支架牢固", "Bracket firm"),
        _item("controller_works", "控制系统正常", "Controller works"),
        ChecklistItem(
            code="anode_thickness", label=Label("镁棒剩余直径", "Anode, what is left"), kind="number", unit="mm",
            required=False, clause="P09-20",
        ),
        ChecklistItem(
            code="pressure", label=Label("系统压力", "Pressure"), kind="number", unit="MPa", minimum=Decimal(0),
            required=False, clause="P09-20",
        ),
    ),
)  # fmt: skip


@hookimpl
def checklists(settings: SolarSettings) -> Sequence[Checklist]:
    return (ANNUAL,)
