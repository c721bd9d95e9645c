"""What of a cadence can't be: it never fires, always fires, or its season ends before it begins. Pure."""

from calendar import monthrange
from typing import Final, NamedTuple

from aftersales.kit.errors import InvalidInput
from aftersales.kit.text import camel
from aftersales.terms.planned import InspectionCadence, Season

LONGEST_STEP: Final = {"day": 36_525, "week": 5_218, "month": 1_200, "quarter": 400, "year": 100}
SPAN_DAYS: Final = {"contract_year": 365, "quarter": 90, "month": 28, "week": 7, "day": 1, "season": 366, "once": 1}
MOST_PER_SHIFT: Final = 24
LEAP_YEAR: Final = 2024
"""A year that has every day there is."""


class CadenceProblem(NamedTuple):
    """A refusal's code and the field that it is about."""

    code: str
    field: str


def cadence_problem(cadence: InspectionCadence) -> CadenceProblem | None:
    """The first thing that can't be, None when all is well.

    CADENCE_NEVER, CADENCE_ALWAYS (more often than once a day), SEASON_INVERTED, SEASON_DAY_INVALID,
    CADENCE_INCOMPLETE (`every` without `unit` or the other way round), SAMPLE_SHARE_INVALID.
    """
    for season in cadence.seasons:
        problem = season_problem(season)
        if problem is not None:
            return CadenceProblem(problem, "seasons")
    if any(not 1 <= month <= 12 for month in cadence.months):
        return CadenceProblem("SEASON_DAY_INVALID", "months")
    if (cadence.every is None) != (cadence.unit is None):
        return CadenceProblem("CADENCE_INCOMPLETE", "unit" if cadence.unit is None else "every")
    for field, number in (("count", cadence.count), ("every_days", cadence.every_days), ("every", cadence.every)):
        if number is not None and number < 1:
            return CadenceProblem("CADENCE_NEVER", field)
    if cadence.meter is not None and cadence.meter.every < 1:
        return CadenceProblem("CADENCE_NEVER", "meter")
    if cadence.every is not None and cadence.unit is not None and cadence.every > LONGEST_STEP[cadence.unit]:
        return CadenceProblem("CADENCE_NEVER", "every")
    if cadence.every_days is not None and cadence.every_days > LONGEST_STEP["day"]:
        return CadenceProblem("CADENCE_NEVER", "every_days")
    most = MOST_PER_SHIFT if cadence.per == "shift" else SPAN_DAYS[cadence.per]
    if cadence.count is not None and cadence.count > most:
        return CadenceProblem("CADENCE_ALWAYS", "count")
    share = cadence.sample_share
    if share is not None and not (share.is_finite() and 0 < share <= 1):
        return CadenceProblem("SAMPLE_SHARE_INVALID", "sample_share")
    return None


def check_cadence(cadence: InspectionCadence) -> None:
    """Refuse what `cadence_problem` finds."""
    problem = cadence_problem(cadence)
    if problem is not None:
        raise InvalidInput(problem.code, field=camel(problem.field), cadence=cadence.code)


def season_problem(season: Season) -> str | None:
    """SEASON_DAY_INVALID, SEASON_INVERTED, or None when the season can be."""
    for month, day in ((season.starts_month, season.starts_day), (season.ends_month, season.ends_day)):
        if not 1 <= month <= 12 or not 1 <= day <= monthrange(LEAP_YEAR, month)[1]:
            return "SEASON_DAY_INVALID"
    inverted = (season.ends_month, season.ends_day) < (season.starts_month, season.starts_day)
    return "SEASON_INVERTED" if inverted != season.over_new_year else None
