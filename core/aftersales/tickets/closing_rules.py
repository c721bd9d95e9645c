"""What must be on record before a ticket is opened, resolved or closed. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

from aftersales.terms.deadlines import ClosingRule, MajorIncidentRule, TargetScope

Stage = Literal["open", "resolve", "close"]

REFUSALS: Final[dict[str, str]] = {
    "customer_confirmation": "CUSTOMER_CONFIRMATION_REQUIRED",
    "call_record": "CALL_RECORD_REQUIRED",
    "cause_and_measures": "CAUSE_AND_MEASURES_REQUIRED",
    "emergency_plan": "EMERGENCY_PLAN_REQUIRED",
    "sign_off": "SIGN_OFF_REQUIRED",
    "reply": "REPLY_REQUIRED",
    "arrival_record": "ARRIVAL_RECORD_REQUIRED",
    "root_cause": "ROOT_CAUSE_REQUIRED",
}
"""What a ClosingRule needs -> the code of the refusal while it is missing."""


class TicketTraits(Struct, frozen=True, kw_only=True):
    """The dimensions by which terms choose tickets."""

    kind: str
    channel: str
    tier: str
    grade: str | None = None
    region_class: str | None = None
    symptom: str | None = None
    work_type: str | None = None


class Evidence(Struct, frozen=True, kw_only=True):
    """What is on record about a ticket."""

    call_records: int = 0
    cause: str | None = None
    measures: str | None = None
    customer_satisfied: bool | None = None
    emergency_plans: int = 0
    signed_off_orders: int = 0
    arrivals: int = 0
    last_contact_at: datetime | None = None
    last_reply_at: datetime | None = None

    @property
    def replied(self) -> bool:
        """Whether the customer's latest contact was answered."""
        if self.last_reply_at is None:
            return False
        return self.last_contact_at is None or self.last_reply_at >= self.last_contact_at


def in_scope(scope: TargetScope, traits: TicketTraits) -> bool:
    """Whether the term is for such a ticket; a dimension that isn't named matches every ticket."""
    pairs: tuple[tuple[tuple[str, ...], str | None], ...] = (
        (scope.kinds, traits.kind),
        (scope.grades, traits.grade),
        (scope.regions, traits.region_class),
        (scope.tiers, traits.tier),
        (scope.symptoms, traits.symptom),
        (scope.work_types, traits.work_type),
        (scope.channels, traits.channel),
    )
    return all(not named or actual in named for named, actual in pairs)


def fulfilled(need: str, evidence: Evidence) -> bool:
    """Whether one need of a closing rule is on record."""
    match need:
        case "customer_confirmation":
            return evidence.customer_satisfied is True
        case "call_record":
            return evidence.call_records > 0
        case "cause_and_measures":
            return bool(evidence.cause and evidence.measures)
        case "root_cause":
            return bool(evidence.cause)
        case "emergency_plan":
            return evidence.emergency_plans > 0
        case "sign_off":
            return evidence.signed_off_orders > 0
        case "arrival_record":
            return evidence.arrivals > 0
        case "reply":
            return evidence.replied
    raise ValueError(f"no evidence is known for {need}")


def missing(
    rules: Iterable[ClosingRule], stage: Stage, traits: TicketTraits, evidence: Evidence
) -> tuple[ClosingRule, ...]:
    """The rules of the stage that apply to the ticket and aren't fulfilled, in the order of declaration."""
    return tuple(
        rule
        for rule in rules
        if rule.before == stage and in_scope(rule.scope, traits) and not fulfilled(rule.needs, evidence)
    )


def major_incident(rules: Iterable[MajorIncidentRule], grade: str | None) -> MajorIncidentRule | None:
    """The rule that makes a ticket of this grade a major incident (P10-26)."""
    return next((rule for rule in rules if grade is not None and grade in rule.grades), None)
