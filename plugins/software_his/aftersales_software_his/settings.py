"""What a software company sets for itself, and which of the two plans it follows."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from msgspec import Struct, field

from aftersales import Label, SettingsProblem, VerticalSettings, hookimpl

LONGEST_ON_SITE_HOURS = 48
"""P10-30: no grade may have a longer on-site time than the 48 hours of the text (A57)."""
DEFAULT_CALL_BACK_MINUTES = 5
"""“立即” has no number: five minutes are our default (A59)."""
DEFAULT_AROUND_BEIJING = ("13", "12")
"""Hebei and Tianjin, as prefixes of GB/T 2260 codes (A47)."""


class OnSiteHours(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table that P10-19 promises and the text lacks: hours until on site, grade by grade.

    Nothing is assumed without it. As an orientation, not from the text: 4, 8, 24 and 48 (A57).
    """

    g1: int
    g2: int
    g3: int
    g4: int

    def by_grade(self) -> tuple[tuple[str, int], ...]:
        """Grade code and hours, gravest first."""
        return (("G1", self.g1), ("G2", self.g2), ("G3", self.g3), ("G4", self.g4))


class SoftwareSettings(VerticalSettings, frozen=True, kw_only=True):
    """`profile`: "hospital" follows plan 8, "project_management" plan 10. The other fields belong to one of them.

    hospital: `around_beijing` region prefixes with the 12-hour target (P08-20, A47).
    project_management: `on_site_hours` (P10-19), `call_back_minutes` (P10-20, A59), `phone_desk_make_up_days`
    whether make-up Saturdays count as Monday to Friday (P10-28, A58), `on_call_mobile` (P10-29), `module_codes` and
    `error_codes` with their names (P10-08), `health_checks_per_year` (P10-23).
    """

    profile: Literal["hospital", "project_management"] = "hospital"
    around_beijing: tuple[str, ...] | None = None
    on_site_hours: OnSiteHours | None = None
    call_back_minutes: int | None = None
    phone_desk_make_up_days: bool = True
    on_call_mobile: str | None = None
    module_codes: dict[str, str] = field(default_factory=dict)
    error_codes: dict[str, str] = field(default_factory=dict)
    health_checks_per_year: int | None = None
    free_maintenance_months: int | None = None

    @property
    def is_hospital(self) -> bool:
        return self.profile == "hospital"


@hookimpl
def settings_problems(settings: SoftwareSettings) -> Sequence[SettingsProblem]:
    problems = []
    if settings.on_site_hours is not None:
        hours = [amount for _, amount in settings.on_site_hours.by_grade()]
        if any(later <= earlier for earlier, later in pairwise(hours)) or hours[0] < 1:
            problems.append(
                SettingsProblem(
                    field="on_site_hours",
                    reason=Label(
                        "各级现场响应时间须由一级到四级递增且各不相同(P10-19)",
                        "the hours must differ and grow from grade 1 to grade 4 (P10-19)",
                    ),
                )
            )
        if hours[-1] > LONGEST_ON_SITE_HOURS:
            problems.append(
                SettingsProblem(
                    field="on_site_hours",
                    reason=Label("不得超过 48 小时(P10-30)", "no grade may exceed 48 hours (P10-30)"),
                )
            )
    for name, number in (
        ("call_back_minutes", settings.call_back_minutes),
        ("health_checks_per_year", settings.health_checks_per_year),
    ):
        if number is not None and number < 1:
            problems.append(SettingsProblem(field=name, reason=Label("至少为 1", "has to be one or more")))
    if settings.is_hospital and settings.free_maintenance_months is not None and settings.free_maintenance_months < 12:
        reason = Label("不得短于承诺的 12 个月(P08-02)", "shorter than the promised 12 months (P08-02)")
        problems.append(SettingsProblem(field="free_maintenance_months", reason=reason))
    for prefix in settings.around_beijing or ():
        if not prefix.isdigit() or not 2 <= len(prefix) <= 6 or prefix.startswith("11"):
            reason = Label(
                f"{prefix} 不是北京以外的 GB/T 2260 区划代码", f"{prefix} is no GB/T 2260 code outside Beijing"
            )
            problems.append(SettingsProblem(field="around_beijing", reason=reason))
    return problems
