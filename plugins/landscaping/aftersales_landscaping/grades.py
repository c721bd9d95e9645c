"""Two severities: a normal warranty notice and an emergency, which intake declares with a reason (A28)."""

from collections.abc import Sequence

from msgspec import Struct

from aftersales import FaultGrade, GradeRule, GradeScheme, Label, hookimpl
from aftersales_landscaping.settings import LandscapingSettings

EMERGENCY = "emergency"
NORMAL = "normal"


class LandscapeFaultFacts(Struct, frozen=True, kw_only=True):
    """What intake records. An emergency without a reason is refused (A28)."""

    emergency: bool = False
    emergency_reason: str | None = None
    affected_plants: int | None = None

    def __post_init__(self) -> None:
        if self.emergency and not (self.emergency_reason or "").strip():
            raise ValueError("an emergency needs its reason / 紧急抢修须写明理由")


SCHEME = GradeScheme(
    code="landscape_faults",
    label=Label("保修分级", "Warranty grades"),
    clause="P05-34",
    note="A28",
    grades=(
        FaultGrade(code=EMERGENCY, label=Label("紧急抢修", "Emergency"), clause="P05-34", rank=1, emergency=True),
        FaultGrade(code=NORMAL, label=Label("一般保修", "Normal"), clause="P05-33", rank=2),
    ),
    facts=LandscapeFaultFacts,
    rules=(GradeRule(grade=EMERGENCY, when={"emergency": True}, clause="P05-34"),),
    default_grade=NORMAL,
)


@hookimpl
def fault_grades(settings: LandscapingSettings) -> Sequence[GradeScheme]:
    return (SCHEME,)
