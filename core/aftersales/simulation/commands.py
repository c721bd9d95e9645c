"""What callers ask of simulations. Dates are local days of the tenant's zone; nothing of it is written."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct, field


class AssumedEvent(Struct, frozen=True, kw_only=True):
    """The day on which something is assumed to happen: acceptance, handover, completion, go_live, a step …"""

    event: str
    on: date


class AssumedAssets(Struct, frozen=True, kw_only=True):
    """So many assets of a type; what starts their terms are the assumed events."""

    asset_type: str
    count: int = 1


class SimulateContract(Struct, frozen=True, kw_only=True):
    """A contract that nobody signed, under a vertical's terms as the tenant offers them now, or under one of its plans.

    `service_plan_id` names a draft or a published plan. `ends_on` is the contract's last day, None while open-ended;
    the list of what repeats goes as far as `until`, by default to the contract's end, else to the last day of the
    longest term. Without `assets` the contract covers whatever the customer has. `fields` are what the text leaves
    to the contract; what is missing is told. Guarantees are counted from `guarantees_from`, by default from the first
    day of any term. `compared_with_plan_id` (or `compared_with_present`, the terms that count today) adds what
    appears, disappears, moves or changes against those.
    """

    starts_on: date
    vertical: str | None = None
    service_plan_id: UUID | None = None
    ends_on: date | None = None
    until: date | None = None
    events: tuple[AssumedEvent, ...] = ()
    assets: tuple[AssumedAssets, ...] = ()
    region: str | None = None
    tier: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    commissioning_due: date | None = None
    guarantees_from: date | None = None
    compared_with_plan_id: UUID | None = None
    compared_with_present: bool = False
