"""Work that nobody has to ask for: inspections, revisits, training, site safety."""

from decimal import Decimal
from typing import Literal

from msgspec import field

from aftersales.terms.base import Term
from aftersales.terms.coverage import TermStart


class InspectionCadence(Term, frozen=True, kw_only=True):
    """A repeated visit. `count` per `per`, anchored on `anchor` (A12); `count=None`: the tenant sets it (A05).

    `every_days` repeats inside `per` instead of counting; `months` (1 to 12) are the months in which it runs,
    empty: all year round.
    """

    kind: Literal["inspection", "maintenance", "health_check", "patrol", "upkeep", "safety_check"]
    count: int | None
    per: Literal["contract_year", "quarter", "month", "week", "day", "shift", "season", "once"]
    anchor: TermStart | Literal["go_live", "season_start", "shift_start"]
    free: bool
    phase: str | None = None
    provider: Literal["any", "authorised_unit", "named_person"] = "any"
    checklist: tuple[str, ...] = ()
    needs_authorisation: bool = False
    every_days: int | None = None
    months: tuple[int, ...] = ()


class RevisitRule(Term, frozen=True, kw_only=True):
    """A contact after service: what triggers it and what must be asked. `months=None`: once per trigger."""

    trigger: Literal["ticket_closed", "tier", "go_live", "installation", "season"]
    months: int | None = None
    tier: str | None = None
    channels: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()


class Curriculum(Term, frozen=True, kw_only=True):
    """A course: audience, units, outcomes, and by when after its trigger it must have been held.

    `due_days=None` keeps the duty without a number. `gate` names what can't happen before it was passed.
    """

    audience: tuple[str, ...]
    units: tuple[str, ...]
    outcomes: tuple[str, ...] = ()
    trigger: Literal["acceptance", "go_live", "site_entry", "request", "staff_change"]
    due_days: int | None = None
    gate: str | None = None
    venue_by: Literal["customer", "company"] = "company"


class SafetyRule(Term, frozen=True, kw_only=True):
    """A site-safety gate, check or target; `zero_target` counts events that must not happen.

    All of `conditions` and, where given, one of `any_of` must hold for `applies_to`. `minimum` is the least number
    of people in a role; `longest_gap_minutes` the longest time between two rounds of a patrol (None: the tenant's).

    What an engine needs beside that to keep the rule, whatever the industry:
    `at_close` are the conditions of a permit that hold only when the work is over; `condition_roles` names the site
    roles whose holder fulfils a condition by approving it; `chaired_by` the site roles that hold an education together;
    `violations` the codes under which a breach of the rule is recorded; `certificates` what an operator must hold.
    A patrol with `months` runs in those months only, `daily` asks for each of its conditions on every day of them,
    `named_person` for somebody who is put in charge. A check with `asset_type` is made when such an asset is accepted:
    its attributes named by `conditions` have to be true where `attribute` reaches `threshold` (None: not set, so not
    refused).
    """

    kind: Literal["gate", "check", "permit", "patrol", "stop_work", "role", "zero_target", "record"]
    applies_to: str
    conditions: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    minimum: int | None = None
    longest_gap_minutes: int | None = None
    at_close: tuple[str, ...] = ()
    condition_roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    chaired_by: tuple[str, ...] = ()
    violations: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    months: tuple[int, ...] = ()
    daily: bool = False
    named_person: bool = False
    asset_type: str | None = None
    attribute: str | None = None
    threshold: Decimal | None = None
