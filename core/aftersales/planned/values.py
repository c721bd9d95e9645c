"""What is known of an asset or a contract when it is planned, and what follows from it. Pure values."""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple, Protocol

from msgspec import Struct
from msgspec.structs import replace

from aftersales.planned.recurrence import LAST_YEAR
from aftersales.terms.planned import InspectionCadence

WITHOUT_NUMBER: Final = "open"
"""The occurrence of a duty whose number the text leaves open (A05): one, tracked, never due."""
FOREVER: Final = date(LAST_YEAR, 12, 31)
BY_EVENT: Final = "event:"
BY_METER: Final = "meter:"


def by_event(occurrence: str) -> bool:
    """Whether something that happened made it due, rather than a date of the cadence."""
    return occurrence.startswith(BY_EVENT)


class OwnRule(Struct, frozen=True, kw_only=True):
    """A tenant's rule takes the place of the vertical's of the same code on the days on which it is in force."""

    id: str
    cadence: InspectionCadence
    effective_from: date
    effective_until: date | None = None


class Happened(Struct, frozen=True, kw_only=True):
    """A logged event: hail, a storm warning, a disease; `regions` are prefixes, empty: everywhere."""

    id: str
    code: str
    on: date
    regions: tuple[str, ...] = ()


class Done(Struct, frozen=True, kw_only=True):
    """When an obligation was fulfilled that had been due on `due_on`."""

    rule: str
    occurrence: str
    due_on: date
    done_on: date


class PlanFacts(Struct, frozen=True, kw_only=True):
    """What is known of an asset or a contract when it is planned.

    `starts` are start events with their days (acceptance, go_live, contract_start …), `entered` phases with the day
    of entry; `phases` overrule with first and last day what follows from both. `last_day` is the contract's; what an
    asset has for the term of a warranty class goes on behind it. `usage` is the meter's last reading and `read_on` its
    day. `key` tells the asset apart for samples.

    `inherited` are the start events of what the asset is a part of: they count for cadences that name its type; those
    about assets of any type are owed for the whole. `retired`: nothing more is owed.
    """

    starts: Mapping[str, date] = {}
    inherited: Mapping[str, date] = {}
    entered: Mapping[str, date] = {}
    phases: Mapping[str, tuple[date, date | None]] = {}
    last_day: date | None = None
    retired: bool = False
    about: str = "asset"
    asset_type: str | None = None
    region: str | None = None
    key: str = ""
    zone: str = "Asia/Shanghai"
    country: str = "CN"
    usage: int | None = None
    read_on: date | None = None
    own: tuple[OwnRule, ...] = ()
    happened: tuple[Happened, ...] = ()
    done: tuple[Done, ...] = ()


class Obligation(Struct, frozen=True, kw_only=True):
    """Something that is due: by the end of `due_on` (None: tracked, never broken), at the earliest from `opens_on`.

    `planned_on` is the due day before it was moved off a day of rest.
    """

    rule: str
    occurrence: str
    cadence: InspectionCadence
    opens_on: date
    due_on: date | None
    planned_on: date | None


class Dated(Protocol):
    """What is stored of an obligation, as far as its days go."""

    due_on: date | None
    planned_on: date | None


def is_another(stored: Dated, wanted: Obligation, since: date) -> bool:
    """Whether what was due under this key before `since` isn't what is wanted now: the terms count otherwise since.

    The second of four a year was due in August, the second of two is due in February.
    """
    return stored.due_on is not None and stored.due_on < since and stored.planned_on != wanted.planned_on


def again(wanted: Obligation) -> Obligation:
    """The same obligation under a key that nothing of earlier terms has."""
    return replace(wanted, occurrence=f"{wanted.occurrence}@{wanted.planned_on}")


class Bounds(NamedTuple):
    """From which day a cadence is counted, and on which days it runs."""

    anchor: date
    first: date
    last: date


class Due(NamedTuple):
    occurrence: str
    opens_on: date
    due_on: date
