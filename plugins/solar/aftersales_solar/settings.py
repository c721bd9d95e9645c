"""What a solar company sets for itself."""

from collections.abc import Sequence

from aftersales import Label, SettingsProblem, VerticalSettings, hookimpl

TEXT_HOTLINES = ("800-828-5488", "400-8899-428")
"""The toll-free lines printed in P09-08."""


class SolarSettings(VerticalSettings, frozen=True, kw_only=True):
    """`hotlines` stand in P09-08; the others have no number in the text and stay open until the tenant sets them.

    `warranty_*_months` may lengthen the terms of P09-10 and P09-11; `quality_tracking_months` is how often an
    installation is looked after (P09-09).
    """

    hotlines: tuple[str, ...] = TEXT_HOTLINES
    warranty_main_unit_months: int | None = None
    warranty_pipe_and_electrical_months: int | None = None
    quality_tracking_months: int | None = None
    free_maintenance_after_term: bool = False


@hookimpl
def settings_problems(settings: SolarSettings) -> Sequence[SettingsProblem]:
    problems = []
    if not settings.hotlines:
        problems.append(
            SettingsProblem(
                field="hotlines",
                reason=Label("须有 24 小时免费服务电话(P09-08)", "a toll-free line is promised day and night (P09-08)"),
            )
        )
    for field, months, promised in (
        ("warranty_main_unit_months", settings.warranty_main_unit_months, 36),
        ("warranty_pipe_and_electrical_months", settings.warranty_pipe_and_electrical_months, 12),
    ):
        if months is not None and months < promised:
            problems.append(
                SettingsProblem(
                    field=field,
                    reason=Label(f"不得短于承诺的 {promised} 个月", f"shorter than the promised {promised} months"),
                )
            )
    if settings.quality_tracking_months is not None and settings.quality_tracking_months < 1:
        problems.append(
            SettingsProblem(field="quality_tracking_months", reason=Label("至少 1 个月", "has to be one month or more"))
        )
    return problems
