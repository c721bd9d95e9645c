"""What is covered, for how long, in which phase, and what is left out."""

from datetime import date
from typing import Literal

from msgspec import Struct

from aftersales.terms.base import Label, Term

TermUnit = Literal["day", "month", "year"]
EndRule = Literal["civil_code", "half_open"]
TermStart = Literal["acceptance", "handover", "completion", "invoice", "purchase", "delivery", "leaving_shop"]


class UsageLimit(Struct, frozen=True, kw_only=True):
    """A second end of a term, by meter: whichever comes first."""

    amount: int
    unit: Literal["kilometre", "operating_hour"]


class WarrantyTerm(Term, frozen=True, kw_only=True):
    """How long a warranty class is covered. `amount=None`: the contract must state it (no default is invented).

    `fallback_start` is taken where `starts_on` isn't known, with `later_start_counts` also where it is later.
    `extends_by_repair` adds the days that a part was away for a covered repair; `restarts_on_replacement` begins
    the term anew for a replaced part. `formalities` are kinds of evidence without which nothing is free
    (`warranty_card`). `also_covers` are further classes that this term covers beside their own (A26).
    """

    warranty_class: str
    amount: int | None
    unit: TermUnit
    starts_on: TermStart
    end_rule: EndRule = "civil_code"
    roll_holiday: bool = False
    usage_limit: UsageLimit | None = None
    fallback_start: TermStart | None = None
    later_start_counts: bool = False
    extends_by_repair: bool = False
    restarts_on_replacement: bool = False
    formalities: tuple[str, ...] = ()
    also_covers: tuple[str, ...] = ()


class CoveredCause(Term, frozen=True, kw_only=True):
    """A cause that makes in-term work free; `remedies` limits what is done for it (P08-04: data only)."""

    remedies: tuple[str, ...] = ()


class SymptomRemedy(Term, frozen=True, kw_only=True):
    """Component + symptom lead to a remedy; all of `symptoms` must be present (P09-16: deformed and unusable).

    `must_match` names what the replacement has in common with the original (P05-37: species and size).
    """

    component: str
    symptoms: tuple[str, ...]
    remedy: Literal["repair", "replace", "replant", "refund", "advise"]
    must_match: tuple[str, ...] = ()


class Exclusion(Term, frozen=True, kw_only=True):
    """A cause that takes work out of coverage, its effect on the price, and who pays.

    With `evidence_required` it is the company's to prove: without evidence the work is judged as if caused by
    `unproven_as`, or, without one, as covered (A43, A55). The cause `expired` is found by the engine itself when
    a term is over (A56), `dealer_promise` when a dealer promised more than the company (P15-16).
    """

    effect: Literal["bill_full", "cost_only", "advise_only", "reject"]
    bill_to: Literal["customer", "damager", "dealer", "supplier"] = "customer"
    causes: tuple[str, ...]
    evidence_required: bool = False
    unproven_as: str | None = None


ContractParty = Literal["company", "customer"]


class PhaseTask(Struct, frozen=True, kw_only=True):
    """What an event of a contract's life makes due once, within `due_days` calendar days.

    `due_days=None` keeps the task without a number. With `visit` somebody goes to the customer for it.
    """

    code: str
    label: Label
    clause: str | None = None
    due_days: int | None = None
    visit: bool = False


class PhaseStep(Struct, frozen=True, kw_only=True):
    """Something that happens within a phase, such as the end of a trial run; steps happen in their order.

    `customer_signs`: only the customer may say that it happened. `approved_by` names the parties that must have
    agreed before. `tasks` are what it makes due.
    """

    event: str
    label: Label
    clause: str | None = None
    customer_signs: bool = False
    approved_by: tuple[ContractParty, ...] = ()
    tasks: tuple[PhaseTask, ...] = ()


class LifecyclePhase(Term, frozen=True, kw_only=True):
    """A phase of a contract's life, entered by an event; services depend on it.

    Phases follow each other by `order`, none is left out. `entered_on` is the event: `contract_signed` comes with the
    signature, `warranty_ended` by itself when the longest term is over. `customer_signs`: only the customer may say
    that it happened. All `steps` of a phase have happened before the next one; `tasks` are what entering it makes due.
    """

    order: int
    entered_on: str
    billable: bool
    customer_signs: bool = False
    steps: tuple[PhaseStep, ...] = ()
    tasks: tuple[PhaseTask, ...] = ()


class CustomerDuty(Term, frozen=True, kw_only=True):
    """Something the customer must do, e.g. provide the training venue."""

    due: Literal["before_training", "on_staff_change", "before_work", "always"]


class TermField(Struct, frozen=True, kw_only=True):
    """A field of a declared term, such as the `amount` of a warranty term."""

    declaration: str
    code: str
    field: str


class RequiredField(Term, frozen=True, kw_only=True):
    """A value that the text leaves open, so that the contract (or the tenant) must state it.

    A contract isn't signed without those of `stated="signing"`; those of `stated="event"` are days that are recorded
    when they come. What a contract states becomes the value of each term field in `sets`. `minimum` bounds numbers.
    """

    field: str
    of: Literal["contract", "tenant"]
    kind: Literal["text", "integer", "decimal", "date", "boolean"] = "text"
    stated: Literal["signing", "event"] = "signing"
    sets: tuple[TermField, ...] = ()
    minimum: int | None = None


class Guarantee(Term, frozen=True, kw_only=True):
    """A measured promise: `metric` compared with `threshold` (inclusive or strict) over `window`."""

    metric: Literal["survival_rate", "availability", "zero_count"]
    threshold: str
    inclusive: bool
    window: str
    excludes: tuple[str, ...] = ()
    remedy: str | None = None
    checkpoints: Literal["tenant", "term_end", "calendar_month"] = "tenant"


class StatutoryFloor(Term, frozen=True, kw_only=True):
    """The least that law allows for a warranty class; `effective_from` is when the law came into force."""

    warranty_class: str
    amount: int
    unit: TermUnit
    usage_limit: UsageLimit | None = None
    law: Label
    effective_from: date
