"""The free inspections of the campaign and what they look at; plan 6 promises no other visits."""

from collections.abc import Sequence

from aftersales import Checklist, ChecklistItem, InspectionCadence, Label, hookimpl
from aftersales_auto_4s.campaign import OFFERS
from aftersales_auto_4s.settings import Auto4sSettings


@hookimpl
def inspection_cadences(settings: Auto4sSettings) -> Sequence[InspectionCadence]:
    return tuple(
        InspectionCadence(
            code=offer.code,
            label=offer.label,
            clause=offer.clause,
            note="Once per visit while the campaign runs.",
            kind="inspection",
            count=1,
            per="once",
            anchor="season_start",
            free=True,
            checklist=offer.checks,
            months=(6, 7, 8),
        )
        for offer in OFFERS
        if offer.price_rule == "free"
    )


CHECKS = {
    "air_conditioning": Label("空调", "Air conditioning"),
    "windscreen_washing": Label("风窗清洗系统", "Windscreen washing"),
    "safety": Label("安全检查", "Safety"),
    "engine_cooling": Label("发动机冷却", "Engine cooling"),
    "air_conditioning_and_heating": Label("空调暖风", "Air conditioning and heating"),
    "windscreen": Label("风窗", "Windscreen"),
    "wheels": Label("车轮", "Wheels"),
    "brakes": Label("制动", "Brakes"),
    "lighting": Label("照明", "Lighting"),
    "flammables_in_cabin": Label("车内易燃物品", "Flammables in the cabin"),
    "chassis": Label("底盘", "Chassis"),
    "fluid_top_up": Label("免费添加油液", "Fluids topped up free"),
}
"""The items of offers 1 and 15 by code (P06-09, P06-23)."""


@hookimpl
def checklists(settings: Auto4sSettings) -> Sequence[Checklist]:
    """The lists of the free checks; what fails is told to the customer, who decides about a repair."""
    return tuple(
        Checklist(
            code=offer.code,
            label=offer.label,
            clause=offer.clause,
            of="asset",
            asset_types=("passenger_car",),
            items=tuple(
                ChecklistItem(code=check, label=CHECKS[check], clause=offer.clause, consequence="record")
                for check in offer.checks
            ),
        )
        for offer in OFFERS
        if offer.checks
    )
