"""What callers ask of plan documents and simulations."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct, field

from aftersales.kit.errors import Language


class PlanDocumentRequest(Struct, frozen=True, kw_only=True):
    """What is offered for a vertical or a service plan (a draft too), or what a contract says: exactly one of them."""

    language: Language
    vertical: str | None = None
    contract_id: UUID | None = None
    service_plan_id: UUID | None = None


class AssumedEvent(Struct, frozen=True, kw_only=True):
    """An event of a contract's life, such as acceptance, and the local day on which it is assumed to happen."""

    event: str
    on: date


class SimulateContract(Struct, frozen=True, kw_only=True):
    """A contract that nobody signed: under the plan in effect, or under `service_plan_id`, a draft too.

    `fields` are what the text leaves to the contract. Everything up to `until` is told, by default to the contract's
    last day, else for ten years.
    """

    vertical: str
    starts_on: date
    ends_on: date | None = None
    until: date | None = None
    service_plan_id: UUID | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    events: tuple[AssumedEvent, ...] = ()
    asset_type: str | None = None
    region: str | None = None
    commissioning_due: date | None = None
