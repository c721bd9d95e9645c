"""The questions and answers of coverage: facts, compiled terms, standings, verdicts. Frozen values, no behaviour."""

from datetime import date, datetime
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

from msgspec import Struct

from aftersales.terms.base import Label, Source
from aftersales.terms.coverage import (
    CoveredCause,
    EndRule,
    Exclusion,
    LifecyclePhase,
    SymptomRemedy,
    TermStart,
    TermUnit,
    UsageLimit,
)

Outcome = Literal["free", "cost_only", "bill_full", "advise_only", "reject"]
Payer = Literal["company", "customer", "damager", "dealer", "supplier"]
Phase = Literal["in_term", "after_term"]
Reason = Literal[
    "COVERED",
    "CAUSE_OPEN",
    "EXCLUSION_UNPROVEN",
    "EXCLUDED",
    "EXPIRED",
    "USAGE_EXCEEDED",
    "FORMALITY_MISSING",
    "CAUSE_NOT_COVERED",
    "DEALER_PROMISE",
]
RuleKind = Literal["term", "floor", "exclusion", "cause", "formality", "symptom", "dealer_promise", "phase"]
EvidenceKind = Literal[
    "photo", "report", "measurement", "weather_record", "utility_notice", "training_record", "warning", "statement",
    "warranty_card", "invoice", "registration", "other",
]  # fmt: skip
OUTCOMES: Final[tuple[str, ...]] = get_args(Outcome)
PAYERS: Final[tuple[str, ...]] = get_args(Payer)
PHASES: Final[tuple[str, ...]] = get_args(Phase)
REASONS: Final[tuple[str, ...]] = get_args(Reason)
EVIDENCE_KINDS: Final[tuple[str, ...]] = get_args(EvidenceKind)
FORMAL_EVIDENCE: Final = frozenset({"warranty_card", "invoice", "registration"})
"""Papers that fulfil a formality; they prove no cause."""

OTHER_CAUSES: Final[dict[str, Label]] = {
    "wear": Label("正常磨损", "Ordinary wear"),
    "consumption": Label("易耗品消耗", "Consumption of a consumable"),
    "overload": Label("超负荷使用", "Overload"),
    "other": Label("其他原因", "Another cause"),
}
"""Causes that every vertical knows: covered only where a plan says so, or where it covers every cause."""
DERIVED_CAUSES: Final = frozenset({"expired", "dealer_promise"})
"""Causes that the engine finds itself; nobody can report them."""


class Entitlement(Struct, frozen=True, kw_only=True):
    """One way of being covered: a promise, or a statutory floor with its `law` and the day it came into force."""

    code: str
    label: Label
    clause: str | None
    source: Source
    amount: int
    unit: TermUnit
    starts_on: TermStart
    fallback_start: TermStart | None = None
    later_start_counts: bool = False
    end_rule: EndRule = "civil_code"
    roll_holiday: bool = False
    usage_limit: UsageLimit | None = None
    extends_by_repair: bool = False
    restarts_on_replacement: bool = False
    formalities: tuple[str, ...] = ()
    law: Label | None = None
    effective_from: date | None = None


class PartTerms(Struct, frozen=True, kw_only=True):
    """What is promised for one component. Without entitlements its term was never stated."""

    component: str
    label: Label
    warranty_class: str
    entitlements: tuple[Entitlement, ...]
    remedies: tuple[SymptomRemedy, ...] = ()


class CoverageTerms(Struct, frozen=True, kw_only=True):
    """Everything that decides about an asset of one type, indexed. `covered` is empty where every cause counts."""

    vertical: str
    asset_type: str
    zone: ZoneInfo
    country: str
    parts: dict[str, PartTerms]
    covered: dict[str, CoveredCause]
    exclusions: dict[str, Exclusion]
    causes: frozenset[str]
    expired: Exclusion | None = None
    dealer: Exclusion | None = None
    lifetime: LifecyclePhase | None = None


class DealerPromise(Struct, frozen=True, kw_only=True):
    """What a dealer promised on its own account, from the same start as the company's term."""

    amount: int
    unit: TermUnit


class Evidence(Struct, frozen=True, kw_only=True):
    """Something that can be shown, and where it is."""

    kind: EvidenceKind
    reference: str


class PartHistory(Struct, frozen=True, kw_only=True):
    """What happened to a part and moves its term."""

    replaced_on: date | None = None
    repair_days: int = 0


class CoverageFacts(Struct, frozen=True, kw_only=True):
    """A failure. Days are local days; `usage` is in the unit of the asset, `previous_usage` the reading before it.

    `cause=None`: not found yet.
    """

    component: str
    occurred_on: date
    today: date
    starts: dict[str, date]
    cause: str | None = None
    symptoms: tuple[str, ...] = ()
    evidence: frozenset[str] = frozenset()
    usage: int | None = None
    previous_usage: int | None = None
    history: PartHistory = PartHistory()
    dealer_promise: DealerPromise | None = None


class Standing(Struct, frozen=True, kw_only=True):
    """An entitlement with its days. `last_day` is covered to its end; `ends_at` (UTC) is the instant after it."""

    code: str
    label: Label
    clause: str | None
    source: Source
    starts_on: date
    last_day: date
    ends_at: datetime
    usage_limit: UsageLimit | None = None
    restarted_on: date | None = None
    extended_days: int = 0
    rolled_over: tuple[date, ...] = ()
    law: Label | None = None
    effective_from: date | None = None
    formalities: tuple[str, ...] = ()


class RuleResult(Struct, frozen=True, kw_only=True):
    """A rule that was weighed: it decided (`won`) or it didn't, and why."""

    rule: RuleKind
    code: str
    label: Label
    won: bool
    why: str
    clause: str | None
    source: Source


class CoverageVerdict(Struct, frozen=True, kw_only=True):
    """Whether work is free, and why. `provisional`: a fact that is still missing may change it.

    `must_match` says what a replacement has in common with the original (P05-37). After the term work is billed,
    never refused, where the plan promises service for life (`service_continues`).
    """

    component: str
    warranty_class: str
    outcome: Outcome
    payer: Payer
    reason: Reason
    clause: str | None
    phase: Phase
    provisional: bool
    standing: Standing
    remedies: tuple[str, ...]
    must_match: tuple[str, ...]
    service_continues: bool
    rules: tuple[RuleResult, ...]

    @property
    def covered(self) -> bool:
        """Whether the customer pays nothing for the repair itself."""
        return self.outcome == "free"
