"""The free inspections of the campaign, what they look at, and the service interval that the dealership sets."""

from collections.abc import Sequence

from aftersales import Checklist, ChecklistItem, InspectionCadence, Label, MeterInterval, hookimpl
from aftersales_auto_4s.campaign import OFFERS
from aftersales_auto_4s.settings import Auto4sSettings

CAMPAIGN_ARRIVAL = "campaign_arrival"
"""The event that makes a free inspection of the campaign due: it falls due with no day of its own."""


@hookimpl
def inspection_cadences(settings: Auto4sSettings) -> Sequence[InspectionCadence]:
    return (*_free_checks(), *_service_interval(settings))


def _free_checks() -> Sequence[InspectionCadence]:
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
            on_events=(CAMPAIGN_ARRIVAL,),
        )
        for offer in OFFERS
        if offer.price_rule == "free"
    )


def _service_interval(settings: Auto4sSettings) -> Sequence[InspectionCadence]:
    kilometres, months = settings.maintenance_kilometres, settings.maintenance_months
    if kilometres is None and months is None:
        return ()
    return (
        InspectionCadence(
            code="periodic_maintenance",
            label=Label("定期保养", "Periodic maintenance"),
            source="tenant",
            note="Whichever comes first.",
            kind="maintenance",
            count=None,
            per="contract_year",
            anchor="delivery",
            free=False,
            every=months,
            unit=None if months is None else "month",
            meter=None if kilometres is None else MeterInterval(every=kilometres, unit="kilometre"),
        ),
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
