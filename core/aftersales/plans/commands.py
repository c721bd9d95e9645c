"""What callers ask of service plans: one frozen Struct per operation. Dates are local days of the tenant's zone."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, field


class TermChange(Struct, frozen=True, kw_only=True):
    """One change of a vertical's terms.

    `declaration` is the name of the declaration (warranty_terms, sla_targets, service_fee_table …), `code` the term's
    own. `change` gives `fields` other values, `add` declares a further term, `withdraw` leaves one out. Values are
    written like those of the declaration in JSON. `clause` is the tenant's own number for what it promises.
    """

    declaration: str
    code: str
    action: Literal["change", "add", "withdraw"] = "change"
    fields: dict[str, Any] = field(default_factory=dict)
    clause: str | None = None


class DraftServicePlan(Struct, frozen=True, kw_only=True):
    """Begin a plan under an enabled vertical. `based_on_plan_id` takes over the changes of an earlier plan."""

    vertical: str
    name: str
    changes: tuple[TermChange, ...] = ()
    based_on_plan_id: UUID | None = None


class ChangeServicePlan(Struct, frozen=True, kw_only=True):
    """Put other changes in the place of a draft's, or give it another name."""

    service_plan_id: UUID
    name: str | None = None
    changes: tuple[TermChange, ...] | None = None
    expected_version: int | None = None


class PublishServicePlan(Struct, frozen=True, kw_only=True):
    """Publish a draft; it counts for contracts signed from `effective_from` on, by default today."""

    service_plan_id: UUID
    effective_from: date | None = None
    expected_version: int | None = None


class RetireServicePlan(Struct, frozen=True, kw_only=True):
    """Let a published plan count no more from `retired_on` on, by default today; signed contracts keep it."""

    service_plan_id: UUID
    retired_on: date | None = None
    expected_version: int | None = None


class PublishPlan(Struct, frozen=True, kw_only=True):
    """Publish the service plan of a vertical, as it is in effect today, to the customers."""

    vertical: str
