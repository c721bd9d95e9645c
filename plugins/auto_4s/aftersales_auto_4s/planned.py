"""The free inspections of the campaign; plan 6 promises no other visits."""

from collections.abc import Sequence

from aftersales import InspectionCadence, hookimpl
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
