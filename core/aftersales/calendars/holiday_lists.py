"""Public holidays and make-up working days, out of the `holidays` library.

For China the library carries the yearly arrangement of the State Council's General Office (国务院办公厅关于
部分节假日安排的通知), including the weekend days that are worked instead (调休). A year whose arrangement
isn't in it yet gets the statutory days alone (全国年节及纪念日放假办法) and is marked provisional.
"""

from datetime import date
from functools import lru_cache
from typing import Any, Final

import msgspec

from aftersales.kit.errors import InvalidInput

ENGLISH: Final = "en_US"
_ARRANGED_YEARLY: Final = frozenset({"CN"})
"""Countries whose government publishes day-offs and make-up days year by year."""


class PublicHoliday(msgspec.Struct, frozen=True):
    """A day off by law, named in the country's own language and in English."""

    name: str
    name_english: str


class HolidayYear(msgspec.Struct, frozen=True):
    """One year of one country. `provisional`: the library didn't know its official arrangement yet."""

    year: int
    days_off: dict[date, PublicHoliday]
    make_up_days: frozenset[date]
    weekend: frozenset[int]
    provisional: bool

    def is_rest_day(self, day: date) -> bool:
        """Whether the law lets people rest: a public holiday, or a weekend day that isn't worked instead."""
        return day in self.days_off or (day.weekday() in self.weekend and day not in self.make_up_days)


def require_country(country: str, subdivision: str | None = None) -> None:
    """HOLIDAYS_UNKNOWN when there is no list for that country (ISO 3166-1 alpha-2) or subdivision."""
    supported = _library().list_supported_countries(include_aliases=False)
    if country not in supported or (subdivision is not None and subdivision not in supported[country]):
        asked = "-".join(filter(None, (country, subdivision)))
        raise InvalidInput("HOLIDAYS_UNKNOWN", field="holidays.country", country=asked)


@lru_cache(maxsize=4096)
def holiday_year(country: str, year: int, subdivision: str | None = None) -> HolidayYear:
    """The holidays of one year; read once per process."""
    require_country(country, subdivision)
    # A make-up day may lie in another year than the day off that it pays for (30 December 2006).
    years = (year - 1, year, year + 1)
    local = _read(country, subdivision, years, None)
    english = _read(country, subdivision, years, ENGLISH)
    return HolidayYear(
        year=year,
        days_off={
            day: PublicHoliday(name=name, name_english=english.get(day) or name)
            for day, name in sorted(local.items())
            if day.year == year
        },
        make_up_days=frozenset(day for day in local.weekend_workdays if day.year == year),
        weekend=frozenset(local.weekend),
        provisional=country in _ARRANGED_YEARLY and year > last_arranged_year(country),
    )


def is_rest_day(country: str, day: date, subdivision: str | None = None) -> bool:
    """Whether `day` is a legal day of rest in the country (Civil Code art. 203: 法定休假日)."""
    return holiday_year(country, day.year, subdivision).is_rest_day(day)


@lru_cache(maxsize=8)
def last_arranged_year(country: str) -> int:
    """The last year whose official arrangement the installed library knows."""
    entity = _read(country, None, (), None)
    return int(max(entity.special_public_holidays))


def data_version() -> str:
    """Name and version of the holiday data, kept beside a computed deadline so that it can be traced."""
    return f"holidays {_library().__version__}"


def _read(country: str, subdivision: str | None, years: tuple[int, ...], language: str | None) -> Any:
    library = _library()
    if language not in library.list_localized_countries().get(country, ()):
        # Said outright: left open, the library would take the language of the machine that it runs on.
        language = library.country_holidays(country).default_language
    return library.country_holidays(country, subdiv=subdivision, years=years, expand=False, language=language)


def _library() -> Any:
    # Imported at first use: it costs a tenth of a second, and a process without holidays needn't pay it.
    import holidays

    return holidays
