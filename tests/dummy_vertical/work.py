"""What the dummy vertical declares of planned work, courses, safety and records."""

from collections.abc import Sequence
from decimal import Decimal

from aftersales import (
    Checklist,
    ChecklistItem,
    Curriculum,
    Deliverable,
    FormField,
    FormTemplate,
    InspectionCadence,
    MeterInterval,
    RecordRule,
    ReferenceStandard,
    RevisitRule,
    RoleOutcomes,
    SafetyRule,
    Season,
    hookimpl,
)
from tests.dummy_vertical.settings import DummySettings, label


@hookimpl
def inspection_cadences(settings: DummySettings) -> Sequence[InspectionCadence]:
    return (
        InspectionCadence(
            code="polish",
            label=label("抛光", "Polish"),
            clause="D-25",
            kind="upkeep",
            count=None,
            per="season",
            anchor="purchase",
            free=False,
            every=2,
            unit="week",
            seasons=(
                Season(starts_month=11, starts_day=1, ends_month=2, ends_day=29, over_new_year=True, regions=("11",)),
            ),
            meter=MeterInterval(every=100, unit="operating_hour"),
            departments=("kitchen",),
            sample_share=Decimal("0.5"),
            holiday_shift="forward",
            rolls_on_early_completion=True,
            asset_types=("teapot",),
        ),
    )


@hookimpl
def revisit_rules(settings: DummySettings) -> Sequence[RevisitRule]:
    frost = Season(starts_month=12, starts_day=1, ends_month=2, ends_day=29, over_new_year=True)
    return (RevisitRule(code="v", label=label("回访", "Revisit"), clause="D-26", trigger="season", seasons=(frost,)),)


@hookimpl
def training_curricula(settings: DummySettings) -> Sequence[Curriculum]:
    return (
        Curriculum(
            code="pouring",
            label=label("斟茶", "Pouring"),
            clause="D-27",
            audience=("host",),
            units=("斟茶",),
            role_outcomes=(RoleOutcomes(role="host", outcomes=("pours_without_spilling",)),),
            trigger="request",
            due_days=None,
        ),
    )


@hookimpl
def safety_rules(settings: DummySettings) -> Sequence[SafetyRule]:
    name = label("火源许可", "Naked flames by permit")
    return (
        SafetyRule(
            code="stove",
            label=name,
            clause="D-28",
            kind="permit",
            applies_to="stove",
            conditions=("kettle_filled", "stove_off"),
            at_close=("stove_off",),
            violations=("left_stove_on",),
        ),
    )


@hookimpl
def checklists(settings: DummySettings) -> Sequence[Checklist]:
    items = (
        ChecklistItem(code="crazing", label=label("釉裂", "No crazing"), consequence="ticket"),
        ChecklistItem(code="wall", label=label("壁厚", "Wall"), kind="number", unit="mm", minimum=Decimal(2)),
    )
    return (Checklist(code="look", label=label("目视检查", "A look at it"), clause="D-32", of="asset", items=items),)


@hookimpl
def form_templates(settings: DummySettings) -> Sequence[FormTemplate]:
    fields = (FormField(code="pot", label=label("茶壶", "Pot")),)
    return (FormTemplate(code="receipt", label=label("收据", "Receipt"), clause="D-29", fields=fields),)


@hookimpl
def record_rules(settings: DummySettings) -> Sequence[RecordRule]:
    name = label("收据", "A receipt is on record")
    return (RecordRule(code="receipt", label=name, clause="D-32", before="acceptance", needs=("receipt",)),)


@hookimpl
def deliverables(settings: DummySettings) -> Sequence[Deliverable]:
    return (Deliverable(code="manual", label=label("说明书", "Manual"), clause="D-30", due="handover"),)


@hookimpl
def reference_standards(settings: DummySettings) -> Sequence[ReferenceStandard]:
    name = label("泡茶方法", "Preparation of a liquor of tea")
    return (ReferenceStandard(code="iso", label=name, clause="D-31", designation="ISO 3103"),)
