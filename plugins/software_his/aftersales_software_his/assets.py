"""Installed software, the codes that its tickets refer to, and the services that can be ordered."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from aftersales import AssetType, CodeRegistry, ComponentType, Label, WorkType, hookimpl
from aftersales_software_his.settings import SoftwareSettings

SOFTWARE = "software"
HARDWARE = "hardware"


class HospitalSystem(Struct, frozen=True, kw_only=True):
    """A hospital information system as installed."""

    product_version: str | None = None
    went_live_on: date | None = None
    operators: int | None = None
    remote_control: bool = True
    holds_patient_data: bool = True


class ProjectManagementSystem(Struct, frozen=True, kw_only=True):
    """A project-management system as installed."""

    product_version: str | None = None
    went_live_on: date | None = None
    users: int | None = None
    deployment: Literal["on_premises", "hosted"] = "on_premises"
    guarantee_months: int | None = None


HOSPITAL_TYPE = AssetType(
    code="hospital_information_system",
    label=Label("医院信息系统", "Hospital information system"),
    clause="P08-02",
    components=(
        ComponentType(code="application", label=Label("应用软件", "Application"), warranty_class=SOFTWARE),
        ComponentType(code="database", label=Label("数据", "Data"), warranty_class=SOFTWARE),
    ),
    attributes=HospitalSystem,
)
PROJECT_MANAGEMENT_TYPE = AssetType(
    code="project_management_system",
    label=Label("项目管理系统", "Project-management system"),
    clause="P10-33",
    components=(
        ComponentType(code="application", label=Label("应用软件", "Application"), warranty_class=SOFTWARE),
        ComponentType(code="server", label=Label("硬件", "Hardware"), warranty_class=HARDWARE),
    ),
    attributes=ProjectManagementSystem,
)

HOSPITAL_WORK = (
    WorkType(code="data_repair", label=Label("数据维护、数据修复", "Data maintenance and repair"), clause="P08-02"),
    WorkType(code="defect_repair", label=Label("软件缺陷处理", "Repair of software defects"), clause="P08-03"),
    WorkType(code="advice", label=Label("推荐性方案", "Advice only"), clause="P08-07"),
    WorkType(code="customisation", label=Label("个性化修改", "Customisation"), clause="P08-09"),
)
PROJECT_MANAGEMENT_WORK = (
    WorkType(code="recovery", label=Label("系统恢复", "Recovery after a crash"), clause="P10-09"),
    WorkType(code="virus_removal", label=Label("病毒清除和防范", "Virus removal and prevention"), clause="P10-36"),
    WorkType(code="patch", label=Label("产品补丁", "Product patch, chosen by the customer"), clause="P10-07"),
    WorkType(code="workflow", label=Label("工作流程定制", "Workflow customisation"), clause="P10-04"),
    WorkType(code="report", label=Label("报表定制", "Report customisation"), clause="P10-05"),
    WorkType(code="development", label=Label("二次开发", "Secondary development"), clause="P10-06"),
    WorkType(code="health_check", label=Label("授权定期检查", "Authorised health check"), clause="P10-23"),
    WorkType(code="advice", label=Label("计算机系统建议", "Advice on computer systems"), clause="P10-13"),
)


@hookimpl
def asset_types(settings: SoftwareSettings) -> Sequence[AssetType]:
    return (HOSPITAL_TYPE,) if settings.is_hospital else (PROJECT_MANAGEMENT_TYPE,)


@hookimpl
def work_types(settings: SoftwareSettings) -> Sequence[WorkType]:
    return HOSPITAL_WORK if settings.is_hospital else PROJECT_MANAGEMENT_WORK


@hookimpl
def code_registries(settings: SoftwareSettings) -> Sequence[CodeRegistry]:
    """The tenant's lists; a list that isn't filled yet closes nothing (P10-08)."""
    if settings.is_hospital:
        return ()
    registries = []
    if settings.module_codes:
        registries.append(
            CodeRegistry(
                code="modules",
                label=Label("系统模块编码档案", "Module codes"),
                clause="P10-08",
                source="tenant",
                entries={code: Label(name, name) for code, name in settings.module_codes.items()},
                ticket_field="module_code",
            )
        )
    if settings.error_codes:
        registries.append(
            CodeRegistry(
                code="errors",
                label=Label("错误信息编码", "Error codes"),
                clause="P10-08",
                source="tenant",
                entries={code: Label(name, name) for code, name in settings.error_codes.items()},
                ticket_field="error_code",
            )
        )
    return registries
