"""Warranty, what is free, what isn't, and the life of a contract."""

from collections.abc import Sequence

from aftersales import (
    CoveredCause,
    CustomerDuty,
    Exclusion,
    Label,
    LifecyclePhase,
    RequiredField,
    WarrantyTerm,
    hookimpl,
)
from aftersales_solar.assets import MAIN_UNIT, PIPE_AND_ELECTRICAL
from aftersales_solar.settings import SolarSettings

COVERED_CAUSES = (
    CoveredCause(code="product_quality", label=Label("产品质量问题", "Product quality"), clause="P09-22"),
    CoveredCause(code="installation", label=Label("安装问题", "Installation"), clause="P09-22"),
)

EXCLUSIONS = (
    Exclusion(
        code="self_or_unauthorised_dismantling",
        label=Label("用户自行或非特约单位拆动", "Dismantled by the user or an unauthorised unit"),
        clause="P09-23",
        effect="bill_full",
        causes=("dismantled_by_user", "dismantled_by_unauthorised_unit"),
    ),
    Exclusion(
        code="misuse",
        label=Label("自行运输、保管不当或未按说明书使用", "Own transport, poor storage, use against the manual"),
        clause="P09-24",
        effect="bill_full",
        causes=("own_transport", "poor_storage", "use_against_manual"),
    ),
    Exclusion(
        code="component_expired",
        label=Label("主要部件超过保修期", "Main part beyond its own term"),
        clause="P09-25",
        note="A56",
        effect="bill_full",
        causes=("expired",),
    ),
    Exclusion(
        code="force_majeure",
        label=Label("不可抗力(天灾、供水不正常等)", "Force majeure: natural disaster, abnormal water supply"),
        clause="P09-26",
        note="A55",
        effect="bill_full",
        causes=("natural_disaster", "abnormal_water_supply"),
        evidence_required=True,
    ),
)

PHASES = (
    LifecyclePhase(
        code="design",
        label=Label("方案设计", "Design"),
        clause="P09-01",
        order=1,
        entered_on="site_survey",
        billable=False,
    ),
    LifecyclePhase(
        code="installation",
        label=Label("施工安装", "Installation"),
        clause="P09-02",
        order=2,
        entered_on="installation_started",
        billable=False,
    ),
    LifecyclePhase(
        code="warranty",
        label=Label("保修期", "Warranty"),
        clause="P09-29",
        order=3,
        entered_on="acceptance",
        billable=False,
        customer_signs=True,
    ),
    LifecyclePhase(
        code="lifetime_service",
        label=Label("终身维修服务", "Lifetime repair service"),
        clause="P09-12",
        order=4,
        entered_on="warranty_ended",
        billable=True,
    ),
)

CUSTOMER_DUTIES = (
    CustomerDuty(
        code="training_venue",
        label=Label("协助安排培训地点", "Help to arrange the training venue"),
        clause="P09-31",
        due="before_training",
    ),
)

REQUIRED_FIELDS = (
    RequiredField(
        code="acceptance_date",
        label=Label("验收日期", "Acceptance date"),
        clause="P09-10",
        note="A50",
        field="accepted_on",
        of="contract",
        kind="date",
        stated="event",
    ),
    RequiredField(
        code="hotline",
        label=Label("免费服务电话", "Toll-free line"),
        clause="P09-08",
        field="hotlines",
        of="tenant",
    ),
)


def _term(settings_months: int | None, promised: int, code: str, label: Label, clause: str) -> WarrantyTerm:
    return WarrantyTerm(
        code=code,
        label=label,
        clause=clause,
        source="vertical" if settings_months is None else "tenant",
        note="A01 A50",
        warranty_class=code,
        amount=promised if settings_months is None else settings_months,
        unit="month",
        starts_on="acceptance",
    )


@hookimpl
def warranty_terms(settings: SolarSettings) -> Sequence[WarrantyTerm]:
    return (
        _term(
            settings.warranty_main_unit_months,
            36,
            MAIN_UNIT,
            Label("主机(水箱、集热管、支架)三年", "Main unit (tank, tubes, bracket): three years"),
            "P09-10",
        ),
        _term(
            settings.warranty_pipe_and_electrical_months,
            12,
            PIPE_AND_ELECTRICAL,
            Label("管路配件及电器一年", "Pipe fittings and electrical parts: one year"),
            "P09-11",
        ),
    )


@hookimpl
def covered_causes(settings: SolarSettings) -> Sequence[CoveredCause]:
    return COVERED_CAUSES


@hookimpl
def exclusions(settings: SolarSettings) -> Sequence[Exclusion]:
    return EXCLUSIONS


@hookimpl
def lifecycle_phases(settings: SolarSettings) -> Sequence[LifecyclePhase]:
    return PHASES


@hookimpl
def customer_duties(settings: SolarSettings) -> Sequence[CustomerDuty]:
    return CUSTOMER_DUTIES


@hookimpl
def required_fields(settings: SolarSettings) -> Sequence[RequiredField]:
    return REQUIRED_FIELDS
