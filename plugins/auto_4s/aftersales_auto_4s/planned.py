"""The free inspections of the campaign, and the service interval that the dealership sets; plan 6 promises no other."""

from collections.abc import Sequence

from aftersales import InspectionCadence, Label, MeterInterval, hookimpl
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
