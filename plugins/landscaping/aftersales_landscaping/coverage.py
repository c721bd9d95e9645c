"""Two terms (defects from handover, upkeep from completion), the survival guarantee, and what law demands."""

from collections.abc import Sequence
from datetime import date

from aftersales import (
    CoveredCause,
    Exclusion,
    Guarantee,
    Label,
    LifecyclePhase,
    RequiredField,
    StatutoryFloor,
    WarrantyTerm,
    hookimpl,
)
from aftersales_landscaping.assets import ELECTRICAL_AND_PLUMBING, UPKEEP, WORKS
from aftersales_landscaping.settings import LandscapingSettings

PROMISED_YEARS = 2
"""P05-35; P05-39 calls the warranty the same length (A26)."""

QUALITY_RULES = Label(
    "建设工程质量管理条例第四十条", "Regulation on the Quality Management of Construction Projects, article 40"
)

STATUTORY_FLOORS = (
    StatutoryFloor(
        code="electrical_and_plumbing_floor",
        label=Label("电气管线、给排水管道 2 年", "Electrical lines and water pipes: 2 years"),
        clause="建设工程质量管理条例 40",
        source="statute",
        warranty_class=ELECTRICAL_AND_PLUMBING,
        amount=2,
        unit="year",
        law=QUALITY_RULES,
        effective_from=date(2000, 1, 30),
    ),
)

COVERED_CAUSES = (
    CoveredCause(code="quality", label=Label("质量问题", "Quality problem"), clause="P05-32", remedies=("repair",)),
    CoveredCause(
        code="own_fault",
        label=Label("由于我方的原因造成死苗、坏苗", "Plants dead or bad through our fault"),
        clause="P05-37",
        remedies=("replant",),
    ),
)

EXCLUSIONS = (
    Exclusion(
        code="human_damage",
        label=Label("人为损坏", "Man-made damage"),
        clause="P05-35",
        effect="bill_full",
        bill_to="damager",
        causes=("human_damage",),
        evidence_required=True,
    ),
    Exclusion(
        code="works_of_others",
        label=Label("非我方施工内容", "Works that weren't ours"),
        clause="P05-31",
        effect="bill_full",
        causes=("works_of_others",),
    ),
)

PHASES = (
    LifecyclePhase(
        code="construction", label=Label("施工", "Construction"), clause="P05-03", order=1,
        entered_on="site_opened", billable=False,
    ),
    LifecyclePhase(
        code="upkeep", label=Label("养护期", "Upkeep term"), clause="P05-35", order=2,
        entered_on="completion", billable=False,
    ),
    LifecyclePhase(
        code="warranty", label=Label("保修期", "Warranty"), clause="P05-31", order=3,
        entered_on="handover", billable=False, customer_signs=True,
    ),
    LifecyclePhase(
        code="paid_upkeep", label=Label("有偿养护(维修)", "Paid upkeep and repair"), clause="P05-39", order=4,
        entered_on="warranty_ended", billable=True,
    ),
)  # fmt: skip


def _term(
    code: str, label: Label, clause: str, years: int | None, starts_on: str, also_covers: tuple[str, ...] = ()
) -> WarrantyTerm:
    return WarrantyTerm(
        code=code,
        label=label,
        clause=clause,
        source="vertical" if years is None else "tenant",
        note="A01 A26",
        warranty_class=code,
        amount=PROMISED_YEARS if years is None else years,
        unit="year",
        starts_on="completion" if starts_on == "completion" else "handover",
        also_covers=also_covers,
    )


@hookimpl
def warranty_terms(settings: LandscapingSettings) -> Sequence[WarrantyTerm]:
    defects = Label("全部施工内容保修二年", "All works: two years from handover")
    installed = Label("电气、给排水保修二年", "Electrical and plumbing works: two years from handover")
    upkeep = Label("工程及主材养护二年", "Upkeep of works and main materials: two years from completion")
    return (
        _term(WORKS, defects, "P05-31", settings.defects_years, "handover"),
        _term(ELECTRICAL_AND_PLUMBING, installed, "P05-31", settings.defects_years, "handover"),
        # Works and main materials have both entitlements (A26).
        _term(UPKEEP, upkeep, "P05-35", settings.upkeep_years, "completion", (WORKS, ELECTRICAL_AND_PLUMBING)),
    )


@hookimpl
def statutory_floors(settings: LandscapingSettings) -> Sequence[StatutoryFloor]:
    return STATUTORY_FLOORS


@hookimpl
def covered_causes(settings: LandscapingSettings) -> Sequence[CoveredCause]:
    return COVERED_CAUSES


@hookimpl
def exclusions(settings: LandscapingSettings) -> Sequence[Exclusion]:
    return EXCLUSIONS


@hookimpl
def lifecycle_phases(settings: LandscapingSettings) -> Sequence[LifecyclePhase]:
    return PHASES


@hookimpl
def guarantees(settings: LandscapingSettings) -> Sequence[Guarantee]:
    return (
        Guarantee(
            code="survival_rate",
            label=Label("二年内 95% 成活率和稳定性", "95 % alive and upright for two years"),
            clause="P05-38",
            note="A25 A31: (alive and upright) / (planted - removed for human damage), inclusive.",
            metric="survival_rate",
            threshold="0.95",
            inclusive=True,
            window="P2Y",
            excludes=("human_damage",),
            remedy="replant",
            checkpoints="tenant" if settings.survival_checkpoint_months else "term_end",
        ),
    )


@hookimpl
def required_fields(settings: LandscapingSettings) -> Sequence[RequiredField]:
    return (
        RequiredField(
            code="handover_date", label=Label("交付使用日期", "Date of handover"), clause="P05-31",
            field="handed_over_on", of="contract", kind="date", stated="event",
        ),
        RequiredField(
            code="completion_date", label=Label("完工日期", "Date of completion"), clause="P05-35",
            field="completed_on", of="contract", kind="date", stated="event",
        ),
    )  # fmt: skip
