"""Upkeep through the seasons, machine checks, patrols, the rainy season, and education before entering a site."""

from collections.abc import Sequence

from aftersales import Curriculum, InspectionCadence, Label, hookimpl
from aftersales_landscaping.assets import UPKEEP
from aftersales_landscaping.settings import LandscapingSettings

ENTRY_TOPICS = ("安全生产", "安全用电", "安全防火", "机械操作")
"""The four topics of P05-10."""

RAINY_SEASON_CHECKS = ("flood", "lightning", "collapse")

CURRICULA = (
    Curriculum(
        code="site_entry",
        label=Label("进场前安全教育", "Safety education before entering the site"),
        clause="P05-10",
        note="Chaired by the project manager and the safety officer.",
        audience=("worker",),
        units=ENTRY_TOPICS,
        trigger="site_entry",
        due_days=None,
        gate="site_entry",
    ),
)


def _upkeep(code: str, label: Label, count: int | None) -> InspectionCadence:
    return InspectionCadence(
        code=code,
        label=label,
        clause="P05-36",
        source="vertical" if count is None else "tenant",
        note="A05",
        kind="upkeep",
        count=count,
        per="contract_year",
        anchor="completion",
        free=True,
        # The term alone bounds it: it goes on when the works are handed over and the phase of upkeep is over (A26).
        within_term=UPKEEP,
    )


@hookimpl
def inspection_cadences(settings: LandscapingSettings) -> Sequence[InspectionCadence]:
    return (
        _upkeep("pruning", Label("修剪", "Pruning"), settings.pruning_per_year),
        _upkeep("fertilising", Label("施肥", "Fertilising"), settings.fertilising_per_year),
        _upkeep("other_upkeep", Label("其他养护", "Other upkeep"), None),
        InspectionCadence(
            code="watering",
            label=Label("浇水", "Watering"),
            clause="P05-36",
            source="vertical" if settings.watering_every_days is None else "tenant",
            note="A05",
            kind="upkeep",
            count=None,
            per="season",
            anchor="completion",
            free=True,
            within_term=UPKEEP,
            every_days=settings.watering_every_days,
            months=settings.watering_months,
        ),
        InspectionCadence(
            code="machine_check",
            label=Label("班前班后检查设备", "Machines checked before and after each shift"),
            clause="P05-16",
            kind="safety_check",
            count=2,
            per="shift",
            anchor="shift_start",
            free=True,
            phase="construction",
            checklist=("before_shift", "after_shift"),
        ),
        InspectionCadence(
            code="patrol",
            label=Label("24 小时巡视现场及休息场所", "Round-the-clock patrol of site and rest areas"),
            clause="P05-26",
            note="A29",
            kind="patrol",
            count=None,
            per="day",
            anchor="shift_start",
            free=True,
            phase="construction",
            checklist=("behaviour", "condition", "environment", "management"),
        ),
        InspectionCadence(
            code="rainy_season",
            label=Label("雨季全天候防洪、防雷击、防坍塌检查", "Rainy season: flood, lightning and collapse, all day"),
            clause="P05-29",
            kind="safety_check",
            count=1,
            per="day",
            anchor="season_start",
            free=True,
            phase="construction",
            provider="named_person",
            checklist=RAINY_SEASON_CHECKS,
            months=settings.rainy_months,
        ),
        InspectionCadence(
            code="machine_upkeep",
            label=Label("机械设备定期保养", "Periodic upkeep of machines"),
            clause="P05-16",
            note="A05",
            kind="maintenance",
            count=None,
            per="month",
            anchor="season_start",
            free=True,
            phase="construction",
        ),
    )


@hookimpl
def training_curricula(settings: LandscapingSettings) -> Sequence[Curriculum]:
    return CURRICULA
