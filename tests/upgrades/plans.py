"""Plans 1 and 3 as their own verticals: nobody has built lighting or LED displays, the engine keeps them anyway."""

from aftersales import (
    AssetType,
    ComponentType,
    CustomisationType,
    Label,
    UpgradeRule,
    WarrantyTerm,
    WorkType,
)
from tests.support.declaring import declared

SYSTEM = "system"


def _name(text: str) -> Label:
    return Label(text, text)


def _system(clause: str) -> AssetType:
    part = ComponentType(code="application", label=_name("Application"), warranty_class="main")
    return AssetType(code=SYSTEM, label=_name("System"), clause=clause, components=(part,))


def _two_years(clause: str) -> WarrantyTerm:
    return WarrantyTerm(
        code="main", label=_name("Two years"), clause=clause, warranty_class="main", amount=2, unit="year",
        starts_on="acceptance",
    )  # fmt: skip


WORK = ("fault_analysis", "system_maintenance", "repair", "upgrade", "expansion")
LIGHTING = declared(
    "lighting",
    asset_types=(_system("P01-01"),),
    warranty_terms=(_two_years("P01-02"),),
    upgrade_rules=(
        UpgradeRule(
            code="free_in_term", label=_name("Upgrades in term"), clause="P01-04", basis="free",
            kinds=("upgrade", "patch"), applies_when="in_term",
        ),
        UpgradeRule(
            code="after_term", label=_name("Upgrades after the term"), clause="P01-04", basis="quote",
            applies_when="after_term",
        ),
    ),
    work_types=tuple(WorkType(code=code, label=_name(code), clause="P01-29") for code in WORK),
    customisation_types=(
        CustomisationType(
            code="expansion", label=_name("Expansion"), clause="P01-30", estimate=False, plan_document=True
        ),
    ),
)  # fmt: skip
DISPLAYS = declared(
    "led_display",
    asset_types=(_system("P03-08"),),
    warranty_terms=(_two_years("P03-08"),),
    upgrade_rules=(
        UpgradeRule(
            code="display_software", label=_name("Display software"), clause="P03-14", basis="free",
            subjects=("application",), note="A18: the text names no end, so it is free for life.",
        ),
    ),
)  # fmt: skip
