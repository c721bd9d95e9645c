"""Training, quarterly visits and authorised health checks."""

from collections.abc import Sequence

from aftersales import Curriculum, InspectionCadence, Label, RevisitRule, hookimpl
from aftersales_software_his.settings import SoftwareSettings

PROJECT_MODULES = ("进度", "成本", "采购", "合同", "质量", "安全", "招投标")
"""P10-01."""
ENTERPRISE_CENTRES = ("多项目管理中心", "资源中心", "财务中心", "人力资源中心", "经营中心", "预警中心")
"""P10-02."""

HOSPITAL_CURRICULA = (
    Curriculum(
        code="operators",
        label=Label("医院操作员培训", "Training of the hospital's operators"),
        clause="P08-01",
        audience=("operator",),
        units=("软件操作",),
        outcomes=("works_independently",),
        trigger="contract",
        due_days=None,
        before="go_live",
        gate="acceptance",
    ),
)
PROJECT_MANAGEMENT_CURRICULA = (
    Curriculum(
        code="project_management",
        label=Label("项目管理层培训", "Track 1: project management"),
        clause="P10-01",
        audience=("project_manager",),
        track="1",
        units=PROJECT_MODULES,
        trigger="request",
        due_days=None,
    ),
    Curriculum(
        code="enterprise_management",
        label=Label("企业管理层指导", "Track 2: enterprise management"),
        clause="P10-02",
        audience=("enterprise_manager",),
        track="2",
        units=ENTERPRISE_CENTRES,
        trigger="request",
        due_days=None,
    ),
    Curriculum(
        code="decision_makers",
        label=Label("决策管理层培训", "Track 3: decision makers"),
        clause="P10-03",
        audience=("executive",),
        track="3",
        units=("决策管理",),
        trigger="request",
        due_days=None,
    ),
    *(
        Curriculum(
            code=f"customisation_{code}",
            label=Label(f"{name}相关培训", english),
            clause=clause,
            audience=("user",),
            units=(name,),
            trigger="request",
            due_days=None,
            gate="customisation_completed",
        )
        for code, name, english, clause in (
            ("workflow", "工作流程定制", "Training with each workflow customisation", "P10-04"),
            ("report", "报表定制", "Training with each report customisation", "P10-05"),
            ("development", "二次开发", "Training with each secondary development", "P10-06"),
        )
    ),
)


@hookimpl
def inspection_cadences(settings: SoftwareSettings) -> Sequence[InspectionCadence]:
    if settings.is_hospital:
        return ()
    checks = settings.health_checks_per_year
    return (
        InspectionCadence(
            code="quarterly_visit",
            label=Label("每季度定期拜访", "Visit every quarter"),
            clause="P10-25",
            note="A12",
            kind="inspection",
            count=1,
            per="quarter",
            anchor="go_live",
            free=True,
            checklist=("running_state", "problems"),
        ),
        InspectionCadence(
            code="health_check",
            label=Label("授权下定期检查系统运行状况", "Authorised periodic health check"),
            clause="P10-23",
            source="vertical" if checks is None else "tenant",
            note="A05",
            kind="health_check",
            count=checks,
            per="contract_year",
            anchor="go_live",
            free=True,
            needs_authorisation=True,
        ),
    )


@hookimpl
def revisit_rules(settings: SoftwareSettings) -> Sequence[RevisitRule]:
    if settings.is_hospital:
        return (
            RevisitRule(
                code="satisfaction",
                label=Label("直到用户满意", "Until the user is satisfied"),
                clause="P08-21",
                trigger="ticket_closed",
                dimensions=("satisfied",),
            ),
        )
    # The quarterly visits of plan 10 are a cadence (P10-25): as a revisit rule they would be owed twice.
    return ()


@hookimpl
def training_curricula(settings: SoftwareSettings) -> Sequence[Curriculum]:
    return HOSPITAL_CURRICULA if settings.is_hospital else PROJECT_MANAGEMENT_CURRICULA
