"""Work that nobody has to ask for: inspections, revisits, training, site safety."""

from decimal import Decimal
from typing import Literal

from msgspec import Struct, field

from aftersales.terms.base import Term
from aftersales.terms.coverage import TermStart

CurriculumTrigger = Literal[
    "acceptance",
    "go_live",
    "handover",
    "phase",
    "contract",
    "site_entry",
    "request",
    "visit",
    "staff_change",
    "periodic",
]
"""What makes a course due. `contract`: its signature; `phase`: the beginning of the phase that it names."""

CadenceUnit = Literal["day", "week", "month", "quarter", "year"]
CadenceKind = Literal[
    "inspection", "maintenance", "health_check", "patrol", "upkeep", "safety_check", "visit", "reminder"
]  # fmt: skip
CadencePeriod = Literal["contract_year", "quarter", "month", "week", "day", "shift", "season", "once"]
CadenceAnchor = (
    TermStart
    | Literal["go_live", "season_start", "shift_start", "contract_start", "move_in", "installation", "phase_entered"]
)


class Season(Struct, frozen=True, kw_only=True):
    """First and last day of a season, both inclusive, month and day; the same every year.

    29 February and the like mean the last day of a month that is shorter. A season that ends before it begins is
    refused unless it says `over_new_year`. `regions` are GB/T 2260 prefixes, empty: everywhere.
    """

    starts_month: int
    starts_day: int
    ends_month: int
    ends_day: int
    over_new_year: bool = False
    regions: tuple[str, ...] = ()


class MeterInterval(Struct, frozen=True, kw_only=True):
    """Every so many kilometres or hours, by the readings of an asset's meter."""

    every: int
    unit: Literal["kilometre", "operating_hour"]


class InspectionCadence(Term, frozen=True, kw_only=True):
    """A repeated visit or task. `count` per `per`, anchored on `anchor` (A12); `count=None`: the tenant sets it (A05).

    `every` so many `unit`s instead of counting: the n-th is due on the anchor's corresponding day, never drifting;
    with `per="once"` they are the time after the anchor. `every_days` repeats inside `per`; `months` (1 to 12) or
    `seasons` are when it runs, empty: all year round. `meter` makes it due by readings, too: whichever comes first.
    `on_events` makes it due only when such an event is logged (storm warning, hail, disease), `every` `unit`s later.

    `phase` bounds it to a phase of the contract, `within_term` to the term of a warranty class (A52). `departments`
    take part in each, `sample_share` of the assets is enough. `holiday_shift` moves a due day off a day of rest.
    `rolls_on_early_completion` and `shifts_on_late` count the next one from the day on which this one was done;
    otherwise due days are fixed. `about="contract"`: one for the whole contract instead of one for each asset.
    """

    kind: CadenceKind
    count: int | None
    per: CadencePeriod
    anchor: CadenceAnchor
    free: bool
    phase: str | None = None
    provider: Literal["any", "authorised_unit", "named_person"] = "any"
    checklist: tuple[str, ...] = ()
    needs_authorisation: bool = False
    every_days: int | None = None
    months: tuple[int, ...] = ()
    every: int | None = None
    unit: CadenceUnit | None = None
    seasons: tuple[Season, ...] = ()
    meter: MeterInterval | None = None
    on_events: tuple[str, ...] = ()
    within_term: str | None = None
    departments: tuple[str, ...] = ()
    sample_share: Decimal | None = None
    holiday_shift: Literal["none", "forward", "back"] = "none"
    rolls_on_early_completion: bool = False
    shifts_on_late: bool = False
    about: Literal["asset", "contract"] = "asset"
    asset_types: tuple[str, ...] = ()


RevisitTrigger = Literal[
    "ticket_closed", "tier", "contract", "area", "season", "event", "flag", "care_plan", "manual", "go_live",
    "installation",
]  # fmt: skip
RevisitChannel = Literal["phone", "letter", "email", "visit", "remote", "forum", "notice", "other"]
REVISIT_CHANNELS: tuple[RevisitChannel, ...] = (
    "phone", "letter", "email", "visit", "remote", "forum", "notice", "other",
)  # fmt: skip


class RevisitRule(Term, frozen=True, kw_only=True):
    """A contact after service: what triggers it, who makes it and what must be asked.

    `months` repeats it, counted from the last counted contact (or the sale), for areas from period to period;
    None: once per trigger, or a cadence that the tenant sets (A05). `within_days` is the time for one contact after
    its trigger, None: tracked without a number (a season's contact is due by the season's last day).

    - `ticket_closed`: each closed ticket; `tier`: customers of a tier; `contract`: customers
      under a contract; `area`: one for each of `regions`;
    - `go_live`, `installation`: customers, from the day on which the first of their assets went live or was installed;
    - `season`: sites (with `notice`, their owners) within `seasons`, `sample_percent` of them where it is given;
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
    seasons: tuple[Season, ...] = ()
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


class RoleOutcomes(Struct, frozen=True, kw_only=True):
    """What people of a role must be able to do in the end, where a course asks different things of its audience."""

    role: str
    outcomes: tuple[str, ...]


class Curriculum(Term, frozen=True, kw_only=True):
    """A course: audience, units, outcomes, and by when after its trigger it must have been held.

    `due_days=None` keeps the duty without a number. `gate` names what can't happen before everybody named has passed:
    `acceptance` (going live as well), a phase of the vertical's contracts, `dispatch`, `visit`; `site_entry` where a
    safety rule gates it, `customisation_completed` where a kind of customisation needs training. `before` names the
    event (`handover`, `go_live`) or phase on whose first day the course must have been held at the latest; with
    `trigger="phase"` it falls due when `phase` begins and must be over when that phase ends. `attendance="all_named"`:
    everybody whom the customer named must take part.

    `track` groups courses; `stage` and `level` order them within a track. `asset_types` attach a course to such
    assets and to what is a part of them; `per_asset` owes it for each. `trainer_skill` is the skill or certificate
    that a trainer needs. A certificate holds `valid_months` (None: for good) and is refreshed after
    `refresher_months`, when left out as it expires. `free=None`: the text says nothing of a price.
    """

    audience: tuple[str, ...]
    units: tuple[str, ...]
    outcomes: tuple[str, ...] = ()
    trigger: CurriculumTrigger
    due_days: int | None = None
    gate: str | None = None
    venue_by: Literal["customer", "company"] = "company"
    given_to: Literal["customer", "dealer", "staff"] = "customer"
    role_outcomes: tuple[RoleOutcomes, ...] = ()
    track: str | None = None
    stage: int | None = None
    level: int | None = None
    prerequisites: tuple[str, ...] = ()
    phase: str | None = None
    before: str | None = None
    attendance: Literal["any", "all_named"] = "any"
    asset_types: tuple[str, ...] = ()
    per_asset: bool = False
    free: bool | None = None
    trainer_skill: str | None = None
    valid_months: int | None = None
    refresher_months: int | None = None


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
