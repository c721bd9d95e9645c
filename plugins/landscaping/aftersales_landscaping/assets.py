"""Planted and built works, what may happen to them, and the services and site tasks that can be ordered."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from aftersales import AssetType, ComponentType, Label, SymptomRemedy, WorkType, hookimpl
from aftersales_landscaping.settings import LandscapingSettings

WORKS = "works"
UPKEEP = "upkeep"
ELECTRICAL_AND_PLUMBING = "electrical_and_plumbing"


class LandscapeWorks(Struct, frozen=True, kw_only=True):
    """A landscaping project that was handed over: what was built and how many plants were set.

    `removed_for_human_damage` is taken off the base of the survival rate (A25).
    """

    area_square_metres: Decimal | None = None
    planted: int = 0
    removed_for_human_damage: int = 0
    completed_on: date | None = None
    handed_over_on: date | None = None
    design_reference: str | None = None


class PlantingBatch(Struct, frozen=True, kw_only=True):
    """Plants of one species and size, as designed: what a replacement has to equal (P05-37)."""

    species: str
    size: str
    quantity: int = 1
    trunk_diameter_centimetres: Decimal | None = None
    staked: bool = False


ASSET_TYPES = (
    AssetType(
        code="landscape_works",
        label=Label("绿化工程", "Landscape works"),
        clause="P05-31",
        components=(
            ComponentType(code="paving", label=Label("铺装", "Paving"), warranty_class=WORKS),
            ComponentType(code="structure", label=Label("园林小品", "Garden structure"), warranty_class=WORKS),
            ComponentType(code="irrigation", label=Label("灌溉", "Irrigation"), warranty_class=ELECTRICAL_AND_PLUMBING),
            ComponentType(code="lighting", label=Label("照明", "Lighting"), warranty_class=ELECTRICAL_AND_PLUMBING),
            ComponentType(code="plant", label=Label("植物", "Plant"), warranty_class=UPKEEP),
        ),
        attributes=LandscapeWorks,
    ),
    AssetType(
        code="planting_batch",
        label=Label("苗木", "Planting batch"),
        clause="P05-37",
        components=(ComponentType(code="plant", label=Label("植物", "Plant"), warranty_class=UPKEEP),),
        attributes=PlantingBatch,
    ),
)

SYMPTOM_REMEDIES = (
    SymptomRemedy(
        code="dead_plant",
        label=Label("死苗更换", "Dead plant is replaced"),
        clause="P05-37",
        component="plant",
        symptoms=("dead",),
        remedy="replant",
        must_match=("species", "size"),
    ),
    SymptomRemedy(
        code="bad_plant",
        label=Label("坏苗更换", "Bad plant is replaced"),
        clause="P05-37",
        component="plant",
        symptoms=("damaged",),
        remedy="replant",
        must_match=("species", "size"),
    ),
    SymptomRemedy(
        code="quality_defect",
        label=Label("质量问题无偿修复", "Quality problems are repaired free"),
        clause="P05-32",
        component="paving",
        symptoms=("quality_problem",),
        remedy="repair",
    ),
)

WORK_TYPES = (
    WorkType(code="warranty_repair", label=Label("保修", "Warranty repair"), clause="P05-33"),
    WorkType(code="emergency_repair", label=Label("紧急抢修", "Emergency repair"), clause="P05-34"),
    WorkType(code="upkeep", label=Label("养护", "Upkeep"), clause="P05-36"),
    WorkType(code="replanting", label=Label("补植", "Replanting"), clause="P05-37"),
    WorkType(
        code="temporary_power",
        label=Label("临时用电安装、维修、拆除", "Temporary power: install, repair, remove"),
        clause="P05-15",
        skills=("electrician",),
        certificates=("electrician",),
    ),
    WorkType(
        code="machine_operation",
        label=Label("施工机械操作", "Operation of machines"),
        clause="P05-18",
        certificates=("machine_operator",),
    ),
    WorkType(
        code="hot_work",
        label=Label("电气焊、明火作业", "Welding and open flame"),
        clause="P05-12",
        certificates=("welder",),
    ),
)


@hookimpl
def asset_types(settings: LandscapingSettings) -> Sequence[AssetType]:
    return ASSET_TYPES


@hookimpl
def symptom_remedies(settings: LandscapingSettings) -> Sequence[SymptomRemedy]:
    return SYMPTOM_REMEDIES


@hookimpl
def work_types(settings: LandscapingSettings) -> Sequence[WorkType]:
    return WORK_TYPES
