"""Severities. Plan 6 has none; the statutory warranty for family cars knows serious safety faults."""

from collections.abc import Sequence

from msgspec import Struct

from aftersales import FaultGrade, GradeRule, GradeScheme, Label, hookimpl
from aftersales_auto_4s.settings import Auto4sSettings

SERIOUS = "serious_safety"
ORDINARY = "ordinary"
FAMILY_CAR_LAW = "家用汽车产品修理更换退货责任规定"


class CarFaultFacts(Struct, frozen=True, kw_only=True):
    """What intake asks: does the fault endanger people, can the car still be driven."""

    endangers_people: bool = False
    steering_or_brakes_failed: bool = False
    fuel_leak_or_fire: bool = False
    drivable: bool = True


SCHEME = GradeScheme(
    code="car_faults",
    label=Label("车辆故障分级", "Car fault grades"),
    source="default",
    clause=FAMILY_CAR_LAW,
    note="Plan 6 gives no grades; the grave one follows the law's serious safety fault.",
    grades=(
        FaultGrade(
            code=SERIOUS,
            label=Label("严重安全性能故障", "Serious safety fault"),
            source="statute",
            clause=FAMILY_CAR_LAW,
            rank=1,
        ),
        FaultGrade(code=ORDINARY, label=Label("一般故障", "Ordinary fault"), source="default", rank=2),
    ),
    facts=CarFaultFacts,
    rules=(
        GradeRule(grade=SERIOUS, when={"endangers_people": True}, clause=FAMILY_CAR_LAW),
        GradeRule(grade=SERIOUS, when={"steering_or_brakes_failed": True}, clause=FAMILY_CAR_LAW),
        GradeRule(grade=SERIOUS, when={"fuel_leak_or_fire": True}, clause=FAMILY_CAR_LAW),
    ),
    default_grade=ORDINARY,
)


@hookimpl
def fault_grades(settings: Auto4sSettings) -> Sequence[GradeScheme]:
    return (SCHEME,)
