"""What a landscaping company sets for itself."""

from collections.abc import Sequence
from decimal import Decimal

from aftersales import Label, SettingsProblem, VerticalSettings, hookimpl

MINUTES_PER_DAY = 24 * 60
MOST_CENTIMETRES = 1000


class LandscapingSettings(VerticalSettings, frozen=True, kw_only=True):
    """Everything here is open in the text: without a value the duty is tracked without a number (A05).

    `watering_every_days` holds in `watering_months`; `patrol_gap_minutes` is the longest time between two rounds
    of the round-the-clock patrol (A29); `rainy_months` are the months of the rainy season (P05-29), and
    `large_tree_centimetres` is the trunk's diameter from which on a tree has to be staked (P05-28).
    `defects_years` may lengthen the two years (A26); `survival_checkpoint_months` after completion at which the
    survival rate is looked at before the term's end (A25).
    """

    defects_years: int | None = None
    upkeep_years: int | None = None
    watering_every_days: int | None = None
    watering_months: tuple[int, ...] = ()
    pruning_per_year: int | None = None
    fertilising_per_year: int | None = None
    patrol_gap_minutes: int | None = None
    rainy_months: tuple[int, ...] = ()
    large_tree_centimetres: Decimal | None = None
    survival_checkpoint_months: tuple[int, ...] = ()


@hookimpl
def settings_problems(settings: LandscapingSettings) -> Sequence[SettingsProblem]:
    problems = []
    for field, years in (("defects_years", settings.defects_years), ("upkeep_years", settings.upkeep_years)):
        if years is not None and years < 2:
            reason = Label("不得短于承诺的二年(P05-35)", "shorter than the promised two years (P05-35)")
            problems.append(SettingsProblem(field=field, reason=reason))
    for field, number in (
        ("watering_every_days", settings.watering_every_days),
        ("pruning_per_year", settings.pruning_per_year),
        ("fertilising_per_year", settings.fertilising_per_year),
    ):
        if number is not None and number < 1:
            problems.append(SettingsProblem(field=field, reason=Label("至少为 1", "has to be one or more")))
    trunk = settings.large_tree_centimetres
    if trunk is not None and not (trunk.is_finite() and 0 < trunk <= MOST_CENTIMETRES):
        reason = Label("须大于 0 且不超过 1000 厘米", "has to lie between 0 and 1,000 centimetres")
        problems.append(SettingsProblem(field="large_tree_centimetres", reason=reason))
    gap = settings.patrol_gap_minutes
    if gap is not None and not 1 <= gap <= MINUTES_PER_DAY:
        reason = Label("须在 1 分钟与 24 小时之间", "has to lie between one minute and 24 hours")
        problems.append(SettingsProblem(field="patrol_gap_minutes", reason=reason))
    for field, months in (("watering_months", settings.watering_months), ("rainy_months", settings.rainy_months)):
        if any(not 1 <= month <= 12 for month in months):
            problems.append(SettingsProblem(field=field, reason=Label("月份为 1 至 12", "months run from 1 to 12")))
    return problems
