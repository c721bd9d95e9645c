"""Severities: general and complex (plan 8), four grades by business impact (plan 10)."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from aftersales import FaultGrade, GradeRule, GradeScheme, Label, hookimpl
from aftersales_software_his.settings import SoftwareSettings

GENERAL = "general"
COMPLEX = "complex"


class HospitalFaultFacts(Struct, frozen=True, kw_only=True):
    """`is_complex` is set by a technician at triage (A48); `suspected_cause` decides coverage later (A43)."""

    is_complex: bool = False
    data_affected: bool = False
    suspected_cause: (
        Literal["software_defect", "operator_error", "operating_system", "virus", "off_procedure"] | None
    ) = None


class ProjectManagementFaultFacts(Struct, frozen=True, kw_only=True):
    """The business impact, as the four grades describe it; the gravest that holds decides."""

    down: bool = False
    risk_of_outage: bool = False
    partial_degradation: bool = False
    intermittent_or_indirect: bool = False


HOSPITAL_SCHEME = GradeScheme(
    code="hospital_problems",
    label=Label("问题分级", "Grades of problems"),
    clause="P08-12",
    note="A48",
    grades=(
        FaultGrade(code=COMPLEX, label=Label("复杂问题", "Complex problem"), clause="P08-14", rank=1),
        FaultGrade(code=GENERAL, label=Label("一般性问题", "General problem"), clause="P08-12", rank=2),
    ),
    facts=HospitalFaultFacts,
    rules=(GradeRule(grade=COMPLEX, when={"is_complex": True}, clause="P08-14"),),
    default_grade=GENERAL,
)

PROJECT_MANAGEMENT_SCHEME = GradeScheme(
    code="project_management_faults",
    label=Label("故障四级", "Four fault grades"),
    clause="P10-14",
    grades=(
        FaultGrade(
            code="G1", label=Label("一级故障", "Grade 1: down or interrupted"), clause="P10-15", rank=1, emergency=True
        ),
        FaultGrade(code="G2", label=Label("二级故障", "Grade 2: risk of an outage"), clause="P10-16", rank=2),
        FaultGrade(code="G3", label=Label("三级故障", "Grade 3: partial degradation"), clause="P10-17", rank=3),
        FaultGrade(code="G4", label=Label("四级故障", "Grade 4: intermittent or indirect"), clause="P10-18", rank=4),
    ),
    facts=ProjectManagementFaultFacts,
    rules=(
        GradeRule(grade="G1", when={"down": True}, clause="P10-15"),
        GradeRule(grade="G2", when={"risk_of_outage": True}, clause="P10-16"),
        GradeRule(grade="G3", when={"partial_degradation": True}, clause="P10-17"),
        GradeRule(grade="G4", when={"intermittent_or_indirect": True}, clause="P10-18"),
    ),
    default_grade="G4",
)


@hookimpl
def fault_grades(settings: SoftwareSettings) -> Sequence[GradeScheme]:
    return (HOSPITAL_SCHEME,) if settings.is_hospital else (PROJECT_MANAGEMENT_SCHEME,)
