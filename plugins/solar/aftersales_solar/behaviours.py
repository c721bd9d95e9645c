"""Decisions that no table can take."""

from aftersales import GradeVerdict, Label, hookimpl
from aftersales_solar.grades import ROUTINE, SolarFaultFacts
from aftersales_solar.settings import SolarSettings


@hookimpl
def classify_fault(facts: SolarFaultFacts, settings: SolarSettings) -> GradeVerdict | None:
    """No hot water, but neither a leak nor a danger: routine, with the reason kept."""
    if facts.no_hot_water:
        reason = Label("无热水,但无漏水、无用电危险", "no hot water, but neither a leak nor an electrical danger")
        return GradeVerdict(grade=ROUTINE, reason=reason, clause="P09-21")
    return None
