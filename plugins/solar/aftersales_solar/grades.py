"""Severities. The text knows emergency repair beside planned care (P09-21), but gives no grades: these are ours."""

from collections.abc import Sequence

from msgspec import Struct

from aftersales import FaultGrade, GradeRule, GradeScheme, Label, hookimpl
from aftersales_solar.settings import SolarSettings

EMERGENCY = "emergency"
ROUTINE = "routine"


class SolarFaultFacts(Struct, frozen=True, kw_only=True):
    """What intake asks: is water escaping, is the electrics a danger, is there hot water at all."""

    leaking: bool = False
    electrical_danger: bool = False
    no_hot_water: bool = False


SCHEME = GradeScheme(
    code="solar_faults",
    label=Label("太阳能故障分级", "Solar fault grades"),
    source="default",
    clause="P09-21",
    note="The text names emergency repair but no criteria.",
    grades=(
        FaultGrade(
            code=EMERGENCY,
            label=Label("应急", "Emergency"),
            source="default",
            clause="P09-21",
            rank=1,
            emergency=True,
        ),
        FaultGrade(code=ROUTINE, label=Label("一般", "Routine"), source="default", clause="P09-21", rank=2),
    ),
    facts=SolarFaultFacts,
    rules=(
        GradeRule(grade=EMERGENCY, when={"electrical_danger": True}, clause="P09-21"),
        GradeRule(grade=EMERGENCY, when={"leaking": True}, clause="P09-21"),
    ),
    default_grade=ROUTINE,
)


@hookimpl
def fault_grades(settings: SolarSettings) -> Sequence[GradeScheme]:
    return (SCHEME,)
