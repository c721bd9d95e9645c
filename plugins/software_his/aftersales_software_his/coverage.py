"""Free maintenance and guarantee, what is covered and what gets advice only, and the life of a contract."""

from collections.abc import Sequence

from aftersales import (
    CoveredCause,
    CustomerDuty,
    Exclusion,
    Label,
    LifecyclePhase,
    RequiredField,
    TermField,
    WarrantyTerm,
    hookimpl,
)
from aftersales_software_his.assets import HARDWARE, SOFTWARE
from aftersales_software_his.settings import SoftwareSettings

PROMISED_MONTHS = 12
"""P08-02."""

HOSPITAL_CAUSES = (
    CoveredCause(
        code="software_defect", label=Label("软件本身问题(BUG)", "Defect of the software itself"), clause="P08-03"
    ),
    CoveredCause(
        code="operator_error",
        label=Label("医务人员操作错误", "Operating error of medical staff"),
        clause="P08-04",
        note="A43",
        remedies=("data_maintenance", "data_repair"),
    ),
    CoveredCause(code="system_error", label=Label("系统出错", "System error"), clause="P08-02"),
)
PROJECT_MANAGEMENT_CAUSES = (
    CoveredCause(
        code="software_fault",
        label=Label("软件维修或替换", "Repair or replacement of software"),
        clause="P10-33",
        remedies=("repair", "replace"),
    ),
    CoveredCause(code="virus", label=Label("病毒清除和防范", "Virus removal and prevention"), clause="P10-36"),
    CoveredCause(
        code="hardware_fault",
        label=Label("合同硬件担保", "Guarantee on contract hardware"),
        clause="P10-33",
        source="default",
        note="A61: the text makes only software free; hardware by contract, free by default.",
    ),
)

HOSPITAL_EXCLUSIONS = (
    Exclusion(
        code="operating_system",
        label=Label("操作系统不稳定", "Unstable operating system"),
        clause="P08-06",
        note="P08-07: a recommended solution is given.",
        effect="advise_only",
        causes=("operating_system",),
    ),
    Exclusion(
        code="virus",
        label=Label("系统中毒", "Virus infection"),
        clause="P08-06",
        note="P08-07: a recommended solution is given.",
        effect="advise_only",
        causes=("virus",),
    ),
    Exclusion(
        code="off_procedure",
        label=Label("不按规定流程操作", "Operation outside the prescribed process"),
        clause="P08-06",
        note="A43: deliberate or systematic, after training or a warning on record.",
        effect="advise_only",
        causes=("off_procedure",),
        evidence_required=True,
        unproven_as="operator_error",
    ),
)

HOSPITAL_PHASES = (
    LifecyclePhase(
        code="installation",
        label=Label("安装、调试", "Installation"),
        clause="P08-01",
        order=1,
        entered_on="contract_signed",
        billable=False,
    ),
    LifecyclePhase(
        code="free_maintenance",
        label=Label("免费维护期", "Free maintenance"),
        clause="P08-02",
        note="A44",
        order=2,
        entered_on="acceptance",
        billable=False,
        customer_signs=True,
    ),
    LifecyclePhase(
        code="paid_maintenance",
        label=Label("免费维护期后", "After the free term"),
        clause="P08-02",
        order=3,
        entered_on="warranty_ended",
        billable=True,
    ),
)
PROJECT_MANAGEMENT_PHASES = (
    LifecyclePhase(
        code="guarantee",
        label=Label("担保期", "Guarantee"),
        clause="P10-33",
        order=1,
        entered_on="go_live",
        billable=False,
    ),
    LifecyclePhase(
        code="lifetime_support",
        label=Label("终身技术支持", "Lifetime support"),
        clause="P10-34",
        order=2,
        entered_on="warranty_ended",
        billable=True,
    ),
)

HOSPITAL_CUSTOMER_DUTIES = (
    CustomerDuty(
        code="staff_handover",
        label=Label("人员调动交接", "Hand-over when staff move"),
        clause="P08-08",
        due="on_staff_change",
    ),
)
PROJECT_MANAGEMENT_CUSTOMER_DUTIES = (
    CustomerDuty(
        code="remote_authorisation",
        label=Label("授权远程连接", "Authorise the remote connection"),
        clause="P10-21",
        due="before_work",
    ),
)

HOSPITAL_FIELDS = (
    RequiredField(
        code="hotline",
        label=Label("服务热线电话", "Service hotline"),
        clause="P08-22",
        field="hotline",
        of="tenant",
    ),
)
PROJECT_MANAGEMENT_FIELDS = (
    RequiredField(
        code="guarantee_term",
        label=Label("担保期限", "Length of the guarantee"),
        clause="P10-33",
        note="A60",
        field="guarantee_months",
        of="contract",
        kind="integer",
        minimum=1,
        sets=tuple(TermField(declaration="warranty_terms", code=code, field="amount") for code in (SOFTWARE, HARDWARE)),
    ),
    RequiredField(
        code="on_site_hours",
        label=Label("各级现场响应时间", "On-site hours by grade"),
        clause="P10-19",
        note="A57",
        field="on_site_hours",
        of="tenant",
    ),
    RequiredField(
        code="on_call_mobile",
        label=Label("下班期间联系手机", "Mobile number outside office hours"),
        clause="P10-29",
        field="on_call_mobile",
        of="tenant",
    ),
)


@hookimpl
def warranty_terms(settings: SoftwareSettings) -> Sequence[WarrantyTerm]:
    months = settings.free_maintenance_months
    if settings.is_hospital:
        return (
            WarrantyTerm(
                code=SOFTWARE,
                label=Label("免费维护期 12 个月", "Free maintenance: 12 months"),
                clause="P08-02",
                source="vertical" if months is None else "tenant",
                note="A01 A44",
                warranty_class=SOFTWARE,
                amount=PROMISED_MONTHS if months is None else months,
                unit="month",
                starts_on="acceptance",
            ),
        )
    return tuple(
        WarrantyTerm(
            code=warranty_class,
            label=label,
            clause="P10-33",
            source="vertical" if months is None else "tenant",
            note="A60: the contract states the length.",
            warranty_class=warranty_class,
            amount=months,
            unit="month",
            starts_on="acceptance",
        )
        for warranty_class, label in (
            (SOFTWARE, Label("软件担保期", "Guarantee on software")),
            (HARDWARE, Label("硬件担保期", "Guarantee on hardware")),
        )
    )


@hookimpl
def covered_causes(settings: SoftwareSettings) -> Sequence[CoveredCause]:
    return HOSPITAL_CAUSES if settings.is_hospital else PROJECT_MANAGEMENT_CAUSES


@hookimpl
def exclusions(settings: SoftwareSettings) -> Sequence[Exclusion]:
    return HOSPITAL_EXCLUSIONS if settings.is_hospital else ()


@hookimpl
def lifecycle_phases(settings: SoftwareSettings) -> Sequence[LifecyclePhase]:
    return HOSPITAL_PHASES if settings.is_hospital else PROJECT_MANAGEMENT_PHASES


@hookimpl
def customer_duties(settings: SoftwareSettings) -> Sequence[CustomerDuty]:
    return HOSPITAL_CUSTOMER_DUTIES if settings.is_hospital else PROJECT_MANAGEMENT_CUSTOMER_DUTIES


@hookimpl
def required_fields(settings: SoftwareSettings) -> Sequence[RequiredField]:
    return HOSPITAL_FIELDS if settings.is_hospital else PROJECT_MANAGEMENT_FIELDS
