"""What a simulation knows and what comes out of it. Pure values; days are local days of the tenant's zone."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo

from msgspec import Struct

from aftersales.planned.values import OwnRule
from aftersales.terms.base import Label, Source
from aftersales.terms.coverage import UsageLimit
from aftersales.terms.planned import Curriculum, RevisitRule

DateKind = Literal[
    "contract", "phase", "step", "warranty", "guarantee", "deliverable", "task", "training", "customer_duty",
    "planned", "revisit", "response",
]  # fmt: skip
"""`planned`: visits and tasks of a cadence; `response`: what follows from a ticket."""
KINDS: Final[tuple[DateKind, ...]] = get_args(DateKind)
"""The order of what has the same day."""
Moment = Literal["begins", "due", "ends"]
ChangeKind = Literal["appears", "disappears", "moves", "changes"]


class RevisitInForce(Struct, frozen=True, kw_only=True):
    """A revisit rule that the tenant put into force, and since when."""

    rule: RevisitRule
    starts_on: date


class Assumptions(Struct, frozen=True, kw_only=True):
    """Under which facts a contract is lived through.

    `events` are the contract's, `assets` types with their number; `own_rules`, `courses` and `revisits` are what the
    tenant has in force beside the terms. `signed_on` is the day of the signature, `is_working` the tenant's calendar.
    """

    starts_on: date
    signed_on: date
    zone: ZoneInfo
    ends_on: date | None = None
    until: date | None = None
    events: Mapping[str, date] = {}
    assets: Mapping[str, int] = {}
    region: str | None = None
    tier: str | None = None
    fields: Mapping[str, Any] = {}
    commissioning_due: date | None = None
    guarantees_from: date | None = None
    own_rules: tuple[OwnRule, ...] = ()
    courses: tuple[Curriculum, ...] = ()
    revisits: tuple[RevisitInForce, ...] = ()
    is_working: Callable[[date], bool] | None = None


class SimulatedDate(Struct, frozen=True, kw_only=True):
    """Something that has a day. `on` is the day under which it stands: the first, the due or the last one.

    What is due by the end of `last_day` may be done from `first_day` on. `free=None`: the text says nothing of a
    price. `count` is for how many assets of `asset_type` it is owed, `share` the part of them that is enough. `law`
    is what gives more than was promised; `usage_limit` ends a term earlier.
    """

    on: date
    kind: DateKind
    moment: Moment
    code: str
    label: Label
    clause: str | None = None
    source: Source = "vertical"
    first_day: date | None = None
    last_day: date | None = None
    free: bool | None = None
    asset_type: str | None = None
    count: int = 1
    share: Decimal | None = None
    law: Label | None = None
    usage_limit: UsageLimit | None = None


class StandingPromise(Struct, frozen=True, kw_only=True):
    """Something that is promised and has no day: because it follows from a ticket, because the text names no number,
    or because it waits for an event that wasn't assumed (`waits_for`)."""

    kind: DateKind
    code: str
    label: Label
    words: Label
    clause: str | None = None
    source: Source = "vertical"
    free: bool | None = None
    waits_for: str | None = None


class MissingField(Struct, frozen=True, kw_only=True):
    """What the contract must still state: to be signed (`signing`), or on a day that comes (`event`)."""

    field: str
    label: Label
    clause: str | None
    kind: str
    stated: Literal["signing", "event"]


class Simulation(Struct, frozen=True, kw_only=True):
    """A contract's life in the order of its dates.

    What repeats is listed as far as `until`; `complete` is False where that is earlier than asked for, because there
    was too much to list.
    """

    dates: tuple[SimulatedDate, ...]
    promises: tuple[StandingPromise, ...]
    missing: tuple[MissingField, ...]
    until: date
    complete: bool


class SimulatedChange(Struct, frozen=True, kw_only=True):
    """What one simulation has otherwise than another: a date or a standing promise, before and after."""

    change: ChangeKind
    date_before: SimulatedDate | None = None
    date_after: SimulatedDate | None = None
    promise_before: StandingPromise | None = None
    promise_after: StandingPromise | None = None
