"""Cars with the data that campaigns and statutory terms ask for, and what a workshop does."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from aftersales import AssetType, ComponentType, Label, WorkType, hookimpl
from aftersales_auto_4s.settings import Auto4sSettings

WHOLE_CAR = "whole_car"
REPLACEMENT_AND_RETURN = "replacement_and_return"
PASSENGER_CAR = "passenger_car"


class Car(Struct, frozen=True, kw_only=True):
    """A car. `mileage` is in kilometres; `use` decides whether consumer law applies; `designated_store` is the
    code of the workshop where a commercial car is serviced by agreement (P06-07).
    """

    vin: str | None = None
    brand: str | None = None
    model: str | None = None
    plate: str | None = None
    mileage: int | None = None
    use: Literal["private", "commercial"] = "private"
    sold_on: date | None = None
    invoiced_on: date | None = None
    designated_store: str | None = None
    accident_damaged: bool = False


COMPONENTS = (
    ComponentType(code="engine", label=Label("发动机", "Engine"), warranty_class=WHOLE_CAR),
    ComponentType(code="gearbox", label=Label("变速器", "Gearbox"), warranty_class=WHOLE_CAR),
    ComponentType(code="traction_battery", label=Label("动力蓄电池", "Traction battery"), warranty_class=WHOLE_CAR),
    ComponentType(code="drive_motor", label=Label("行驶驱动电机", "Drive motor"), warranty_class=WHOLE_CAR),
    ComponentType(code="steering", label=Label("转向系统", "Steering"), warranty_class=WHOLE_CAR),
    ComponentType(code="brakes", label=Label("制动系统", "Brakes"), warranty_class=WHOLE_CAR),
    ComponentType(code="body", label=Label("车身", "Body"), warranty_class=WHOLE_CAR),
    ComponentType(code="air_conditioning", label=Label("空调系统", "Air conditioning"), warranty_class=WHOLE_CAR),
    ComponentType(code="battery", label=Label("电瓶", "Starter battery"), warranty_class=WHOLE_CAR),
)

ASSET_TYPES = (
    AssetType(
        code=PASSENGER_CAR,
        label=Label("乘用车", "Passenger car"),
        clause="P06-05",
        components=COMPONENTS,
        attributes=Car,
    ),
)

WORK_TYPES = (
    WorkType(code="routine_repair", label=Label("日常维修", "Routine repair"), clause="P06-20", note="A36"),
    WorkType(
        code="warranty_repair",
        label=Label("三包修理", "Repair under the statutory warranty"),
        clause="家用汽车产品修理更换退货责任规定",
        source="statute",
    ),
    WorkType(code="accident_repair", label=Label("事故车维修", "Accident repair"), clause="P06-18", note="A39"),
    WorkType(code="maintenance", label=Label("保养", "Maintenance"), clause="P06-19"),
    WorkType(code="inspection", label=Label("安全免费检测", "Free safety inspection"), clause="P06-23"),
    WorkType(code="cleaning", label=Label("空调清洗", "Cleaning of the air conditioning"), clause="P06-10"),
)


@hookimpl
def asset_types(settings: Auto4sSettings) -> Sequence[AssetType]:
    return ASSET_TYPES


@hookimpl
def work_types(settings: Auto4sSettings) -> Sequence[WorkType]:
    return WORK_TYPES
