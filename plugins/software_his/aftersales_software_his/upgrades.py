"""Patches that customers choose, and the changes that they may ask for."""

from collections.abc import Sequence

from aftersales import CustomisationType, Label, UpgradeRule, hookimpl
from aftersales_software_his.settings import SoftwareSettings

HOSPITAL_CHANGES = (
    CustomisationType(code="customisation", label=Label("个性化修改", "Customisation"), clause="P08-09"),
)
PROJECT_MANAGEMENT_CHANGES = (
    CustomisationType(
        code="workflow", label=Label("工作流程定制", "Workflow customisation"), clause="P10-04", training=True
    ),
    CustomisationType(code="report", label=Label("报表定制", "Report customisation"), clause="P10-05", training=True),
    CustomisationType(
        code="development", label=Label("二次开发", "Secondary development"), clause="P10-06", training=True,
        version_tag=True,
    ),
)  # fmt: skip
PATCHES = UpgradeRule(
    code="patches", label=Label("产品补丁", "Product patches"), clause="P10-07", basis="free", kinds=("patch",),
    note="A patch mends a defect; the text offers it for choice and names no fee.",
)  # fmt: skip


@hookimpl
def customisation_types(settings: SoftwareSettings) -> Sequence[CustomisationType]:
    return HOSPITAL_CHANGES if settings.is_hospital else PROJECT_MANAGEMENT_CHANGES


@hookimpl
def upgrade_rules(settings: SoftwareSettings) -> Sequence[UpgradeRule]:
    return () if settings.is_hospital else (PATCHES,)
