"""Work that nobody has to ask for: inspections, revisits, training, site safety."""

from typing import Literal

from msgspec import Struct

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


RevisitTrigger = Literal[
    "ticket_closed", "tier", "contract", "area", "season", "event", "flag", "care_plan", "manual", "go_live",
    "installation",
]  # fmt: skip
RevisitChannel = Literal["phone", "letter", "email", "visit", "remote", "forum", "notice", "other"]
REVISIT_CHANNELS: tuple[RevisitChannel, ...] = (
    "phone", "letter", "email", "visit", "remote", "forum", "notice", "other",
)  # fmt: skip


class SeasonWindow(Struct, frozen=True, kw_only=True):
    """From the first to the last day of a season (`MM-DD`, both included) in regions; none named: everywhere.

    A last day before the first one lies in the following year (winter).
    """

    starts: str
    ends: str
    regions: tuple[str, ...] = ()


class RevisitRule(Term, frozen=True, kw_only=True):
    """A contact after service: what triggers it, who makes it and what must be asked.

    `months` repeats it, counted from the last counted contact (or the sale), for areas from period to period;
    None: once per trigger, or a cadence that the tenant sets (A05). `within_days` is the time for one contact after
    its trigger, None: tracked without a number (a season's contact is due by the season's last day).

    - `ticket_closed`: each closed ticket; `tier`: customers of a tier; `contract`: customers
      under a contract; `area`: one for each of `regions`;
    - `season`: sites (with `notice`, their owners) within `windows`, `sample_percent` of them where it is given;
    - `event`: what happened is one of `events` (hail, sudden_event); `flag`: sites with the tag `flag`;
    - `care_plan`: every customer of the tier has a plan with an action each year; `manual`: when somebody says so.

    Obligatory on each: scores from 1 to 5 for `dimensions`, an opinion for each of `topics`, a finding for each of
    `check_items`, somebody for each of `participants`, an opinion with `needs_opinion`, and the filled record with
    `needs_record`, of which `copies_to` (departments) get a copy. `ends_with_contract` lets nothing fall due outside
    of a contract.
    """

    trigger: RevisitTrigger
    months: int | None = None
    tier: str | None = None
    channels: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    owner: str | None = None
    within_days: int | None = None
    regions: tuple[str, ...] = ()
    windows: tuple[SeasonWindow, ...] = ()
    sample_percent: int | None = None
    events: tuple[str, ...] = ()
    flag: str | None = None
    priority: Literal["normal", "highest"] = "normal"
    topics: tuple[str, ...] = ()
    check_items: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    needs_record: bool = False
    needs_opinion: bool = False
    copies_to: tuple[str, ...] = ()
    original_team: bool = False
    notice: bool = False
    forum_counts: bool = False
    ends_with_contract: bool = False


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
    """

    kind: Literal["gate", "check", "permit", "patrol", "stop_work", "role", "zero_target", "record"]
    applies_to: str
    conditions: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    minimum: int | None = None
    longest_gap_minutes: int | None = None
