"""Ends of terms counted in days, months and years: Civil Code of the PRC, articles 200 to 204.

The day on which a term begins to run isn't counted (201). A term in months or years ends with the
corresponding day of the last month, or that month's last day where there is none (202); its last day lasts
until 24:00 (203). Parties may agree otherwise (204): `half_open` ends the day before.
"""

from calendar import monthrange
from datetime import date, datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from aftersales.calendars import holiday_lists
from aftersales.calendars.windows import ONE_DAY, end_of_day, local_date
from aftersales.kit.errors import InvalidInput

TermUnit = Literal["day", "month", "year"]
EndRule = Literal["civil_code", "half_open"]

MONTHS_PER_YEAR: Final = 12
LONGEST_TERM_YEARS: Final = 200


class TermEnd(msgspec.Struct, frozen=True, kw_only=True):
    """`last_day` is the last date that the term covers; `ends_at` (UTC) the first instant after it.

    `rolled_over` are the legal days of rest by which the end was moved on, empty when it wasn't.
    """

    last_day: date
    ends_at: datetime
    rolled_over: tuple[date, ...] = ()

    def covers(self, instant: datetime) -> bool:
        """Whether the instant comes before the term's end (its beginning is the caller's to know)."""
        return instant < self.ends_at


def day_of_month(year: int, month: int, day: int) -> date:
    """The day of a month, or the month's last where it is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def term_end(
    start: date,
    count: int,
    unit: TermUnit,
    *,
    zone: ZoneInfo,
    end_rule: EndRule = "civil_code",
    roll_holiday: bool = False,
    country: str = "CN",
) -> TermEnd:
    """The end of a term of `count` units that starts on `start` (local date in `zone`).

    Accepted 2026-03-01 plus three years: `civil_code` covers 2029-03-01 to its end, `half_open` ends with
    2029-02-28 (A01). Where the last month lacks the day (29 February, the 31st), both end with its last day.
    `roll_holiday` moves an end on a legal day of rest of `country` to the next day that isn't one (203, A02):
    meant for terms that protect the customer, off for a vendor's own service promises.
    """
    if count < 1 or count > LONGEST_TERM_YEARS * 366:
        raise InvalidInput("TERM_LENGTH_INVALID", field="count", value=str(count))
    last_day, corresponds = _corresponding_day(start, count, unit)
    if end_rule == "half_open" and corresponds:
        last_day -= ONE_DAY
    rolled: list[date] = []
    if roll_holiday:
        while holiday_lists.is_rest_day(country, last_day):
            rolled.append(last_day)
            last_day += ONE_DAY
    return TermEnd(last_day=last_day, ends_at=end_of_day(last_day, zone), rolled_over=tuple(rolled))


def calendar_days_deadline(
    instant: datetime, count: int, zone: ZoneInfo, *, roll_holiday: bool = False, country: str = "CN"
) -> datetime:
    """24:00 local of the `count`-th calendar day after the local day of `instant`: how "N日内" is read."""
    if instant.tzinfo is None:
        raise InvalidInput("INSTANT_NAIVE", field="instant", value=instant.isoformat())
    day = local_date(instant, zone)
    return term_end(day, count, "day", zone=zone, roll_holiday=roll_holiday, country=country).ends_at


def _corresponding_day(start: date, count: int, unit: TermUnit) -> tuple[date, bool]:
    """The corresponding day, and whether the last month has it."""
    if unit == "day":
        return start + count * ONE_DAY, True
    added = count * MONTHS_PER_YEAR if unit == "year" else count
    months = start.year * MONTHS_PER_YEAR + start.month - 1 + added
    year, month = divmod(months, MONTHS_PER_YEAR)
    if year > date.max.year - 1:
        raise InvalidInput("TERM_LENGTH_INVALID", field="count", value=str(count))
    longest = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, longest)), start.day <= longest
