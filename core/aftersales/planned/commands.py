"""What callers ask of planned work: one frozen Struct per operation. Days are local ones of the tenant's zone."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from msgspec import Struct

from aftersales.terms.planned import CadenceKind, CadencePeriod, CadenceUnit, Season


class SetMaintenanceRule(Struct, frozen=True, kw_only=True):
    """A cadence of the tenant's own from a day on.

    With the `code` of a vertical's cadence it takes its place, and what isn't given here stays as the vertical says.
    Either `count` per `per`, or `every` so many `unit`s, or `meter_every` kilometres or hours; in `seasons` or all
    year. An earlier rule of the same code and vertical ends on the day before.
    """

    vertical: str
    code: str
    effective_from: date
    effective_until: date | None = None
    name: str | None = None
    kind: CadenceKind | None = None
    count: int | None = None
    per: CadencePeriod | None = None
    every: int | None = None
    unit: CadenceUnit | None = None
    anchor: str | None = None
    seasons: tuple[Season, ...] = ()
    meter_every: int | None = None
    meter_unit: Literal["kilometre", "operating_hour"] | None = None
    on_events: tuple[str, ...] = ()
    free: bool | None = None
    provider: Literal["any", "authorised_unit", "named_person"] | None = None
    departments: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    sample_share: Decimal | None = None
    holiday_shift: Literal["none", "forward", "back"] | None = None
    rolls_on_early_completion: bool | None = None
    shifts_on_late: bool | None = None


class EndMaintenanceRule(Struct, frozen=True, kw_only=True):
    """The last day of a rule of the tenant's own, by default yesterday."""

    maintenance_rule_id: UUID
    effective_until: date | None = None
    expected_version: int | None = None


class LogOccurrence(Struct, frozen=True, kw_only=True):
    """Hail, a storm warning, a disease: whatever makes visits due in `regions` (prefixes; empty: everywhere)."""

    vertical: str
    code: str
    description: str
    regions: tuple[str, ...] = ()
    happened_on: date | None = None


class PlanExtraVisit(Struct, frozen=True, kw_only=True):
    """One more than promised, such as a third visit of a year; free only while the period has free ones left."""

    asset_id: UUID
    code: str
    due_on: date


class ScheduleVisit(Struct, frozen=True, kw_only=True):
    """Who goes in which window for which obligations; all of one customer and vertical."""

    obligation_ids: tuple[UUID, ...]
    engineer_id: UUID
    window_start: datetime
    window_end: datetime
    work_type: str | None = None


class RecordPresent(Struct, frozen=True, kw_only=True):
    """The departments that take part in what is owed (P11-03)."""

    obligation_id: UUID
    departments: tuple[str, ...]
    expected_version: int | None = None


class FulfilObligation(Struct, frozen=True, kw_only=True):
    """It was done without a visit of its own, with the evidence; `departments` took part beside those on record."""

    obligation_id: UUID
    evidence: str
    departments: tuple[str, ...] = ()
    at: datetime | None = None
    expected_version: int | None = None


class ProposeVisits(Struct, frozen=True, kw_only=True):
    """What falls due from `first` to `last`, grouped into routes (places close to each other) or days.

    `work_type` is what is going to be ordered; without it the vertical's type with the code of what is owed counts.
    """

    first: date
    last: date
    by: Literal["route", "day"] = "route"
    work_type: str | None = None
