"""Decisions that no table can take."""

from aftersales import GradeVerdict, Label, hookimpl
from aftersales_landscaping.grades import NORMAL, LandscapeFaultFacts
from aftersales_landscaping.settings import LandscapingSettings


@hookimpl
def classify_fault(facts: LandscapeFaultFacts, settings: LandscapingSettings) -> GradeVerdict | None:
    """Only intake declares an emergency, with a reason (A28); however many plants died, the rest is normal."""
    if facts.affected_plants:
        reason = Label(
            f"{facts.affected_plants} 株受损,未申报紧急抢修",
            f"{facts.affected_plants} plants affected, no emergency declared",
        )
        return GradeVerdict(grade=NORMAL, reason=reason, clause="P05-33")
    return None
