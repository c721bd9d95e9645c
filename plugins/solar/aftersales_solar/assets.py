"""The system, its parts with their warranty class, what goes wrong with them, and what can be ordered."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from aftersales import AssetType, ComponentType, Label, SymptomRemedy, WorkType, hookimpl
from aftersales_solar.settings import SolarSettings

MAIN_UNIT = "main_unit"
PIPE_AND_ELECTRICAL = "pipe_and_electrical"


class SolarSystem(Struct, frozen=True, kw_only=True):
    """A solar water heater as installed at a household or a building."""

    collector: Literal["vacuum_tube", "flat_plate"] = "vacuum_tube"
    collector_count: int | None = None
    tank_litres: int | None = None
    auxiliary_heating: Literal["none", "electric", "heat_pump", "gas"] = "none"
    households: int = 1
    commissioned_on: date | None = None


COMPONENTS = (
    ComponentType(code="tank", label=Label("储热水箱", "Storage tank"), warranty_class=MAIN_UNIT),
    ComponentType(code="tank_insulation", label=Label("水箱保温层", "Tank insulation"), warranty_class=MAIN_UNIT),
    ComponentType(code="vacuum_tube", label=Label("真空集热管", "Vacuum tube"), warranty_class=MAIN_UNIT),
    ComponentType(code="collector", label=Label("太阳集热器", "Collector"), warranty_class=MAIN_UNIT),
    ComponentType(code="bracket", label=Label("支架", "Bracket"), warranty_class=MAIN_UNIT),
    ComponentType(code="pipe_fitting", label=Label("管路配件", "Pipe fitting"), warranty_class=PIPE_AND_ELECTRICAL),
    ComponentType(code="valve", label=Label("阀门", "Valve"), warranty_class=PIPE_AND_ELECTRICAL),
    ComponentType(code="pump", label=Label("循环泵", "Pump"), warranty_class=PIPE_AND_ELECTRICAL),
    ComponentType(code="controller", label=Label("控制器", "Controller"), warranty_class=PIPE_AND_ELECTRICAL),
    ComponentType(code="sensor", label=Label("传感器", "Sensor"), warranty_class=PIPE_AND_ELECTRICAL),
    ComponentType(
        code="auxiliary_heater", label=Label("辅助电加热", "Auxiliary heater"), warranty_class=PIPE_AND_ELECTRICAL
    ),
)
"""Insulation belongs to the tank; controller, pump, valve, sensor and heater to the electrical parts (A51)."""

ASSET_TYPES = (
    AssetType(
        code="solar_water_heater",
        label=Label("太阳能热水系统", "Solar water heating system"),
        clause="P09-10",
        note="A51",
        components=COMPONENTS,
        attributes=SolarSystem,
    ),
)

SYMPTOM_REMEDIES = (
    SymptomRemedy(
        code="tube_quality",
        label=Label("真空管质量问题", "Vacuum tube, any quality problem"),
        clause="P09-13",
        component="vacuum_tube",
        symptoms=("quality_problem",),
        remedy="replace",
    ),
    SymptomRemedy(
        code="tank_leak",
        label=Label("储热水箱漏水", "Storage tank leaks"),
        clause="P09-14",
        component="tank",
        symptoms=("leak",),
        remedy="replace",
    ),
    SymptomRemedy(
        code="insulation_failure",
        label=Label("储热水箱保温层失效", "Tank insulation fails"),
        clause="P09-15",
        component="tank_insulation",
        symptoms=("insulation_failure",),
        remedy="replace",
        note="A51",
    ),
    SymptomRemedy(
        code="bracket_deformed",
        label=Label("支架变形无法正常使用", "Bracket deformed and unusable"),
        clause="P09-16",
        component="bracket",
        symptoms=("deformed", "unusable"),
        remedy="replace",
    ),
)

WORK_TYPES = (
    WorkType(code="emergency_repair", label=Label("应急维修", "Emergency repair"), clause="P09-21"),
    WorkType(code="maintenance", label=Label("年检和保养", "Annual inspection and maintenance"), clause="P09-20"),
    WorkType(code="quality_check", label=Label("质量跟踪、上门检查", "Quality tracking visit"), clause="P09-09"),
    WorkType(
        code="installation_guidance",
        label=Label("施工技术指导", "Technical guidance of the installation"),
        clause="P09-02",
        skills=("installation_guide",),
    ),
    WorkType(code="design", label=Label("技术方案设计", "Technical design after a site survey"), clause="P09-01"),
)


@hookimpl
def asset_types(settings: SolarSettings) -> Sequence[AssetType]:
    return ASSET_TYPES


@hookimpl
def symptom_remedies(settings: SolarSettings) -> Sequence[SymptomRemedy]:
    return SYMPTOM_REMEDIES


@hookimpl
def work_types(settings: SolarSettings) -> Sequence[WorkType]:
    return WORK_TYPES
