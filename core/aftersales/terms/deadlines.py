"""Promises with a deadline: targets, what starts their clocks, ladders of escalation and of channels."""

from typing import Literal

from msgspec import Struct

from aftersales.calendars.rules import CalendarDefinition
from aftersales.commitments.rules import AlarmRule, Budget
from aftersales.terms.base import Term

Milestone = Literal[
    "acknowledged",
    "plan_proposed",
    "arranged",
    "dispatched",
    "on_site",
    "restored",
    "resolved",
    "next_response",
]
MILESTONES: tuple[Milestone, ...] = (
    "acknowledged", "plan_proposed", "arranged", "dispatched", "on_site", "restored", "resolved", "next_response",
)  # fmt: skip

StartEvent = Literal["reported", "graded", "phone_failed", "remote_failed", "on_site_decided", "customer_replied"]
"""The ticket event that starts a target's clock."""

Party = Literal["company", "agent"]
"""Who owes the milestone: the company itself, or the local agent (dealer) in front of it."""


class CalendarTerm(Term, frozen=True, kw_only=True):
    """A working-time calendar that a vertical's clauses name, and what it opens (`phone_desk`, `on_site` …)."""

    definition: CalendarDefinition
    purpose: Literal["phone_desk", "on_call", "on_site", "working_days"]


class TargetScope(Struct, frozen=True, kw_only=True):
    """The tickets that a target is for; an empty tuple means "any". More named dimensions are more specific."""

    kinds: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    work_types: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class SlaTarget(Term, frozen=True, kw_only=True):
    """`milestone` is due within `budget` of `starts_on`.

    `budget=None` keeps the obligation without a number: tracked and reported, never breached (A05).
    `calendar` names a CalendarTerm for working units; None counts elapsed time, 24x7 (A03).
    `on_miss="handover"` passes the duty to the next party instead of breaking the promise (A49).
    `also_starts_on` are further events that start the same clock when they come before `starts_on`.
    `conditions` are acts of a dealer (arranged, user_told, filed) which must all be on record (A76): such a target
    is for tasks in a dealer's hands, from the instant of receipt, and starts no clock of the ticket itself.
    """

    milestone: Milestone
    budget: Budget | None
    starts_on: StartEvent = "reported"
    also_starts_on: tuple[StartEvent, ...] = ()
    scope: TargetScope = TargetScope()
    calendar: str | None = None
    party: Party = "company"
    on_miss: Literal["breach", "handover"] = "breach"
    ladder: str | None = None
    conditions: tuple[str, ...] = ()

    def starts_with(self, event: StartEvent) -> bool:
        """Whether the event starts this target's clock, unless it runs already."""
        return event == self.starts_on or event in self.also_starts_on


class EscalationLadder(Term, frozen=True, kw_only=True):
    """Who is told before and after a deadline, rung by rung; each AlarmRule names a role and a point in time."""

    rungs: tuple[AlarmRule, ...]


class ChannelLadder(Term, frozen=True, kw_only=True):
    """The order in which channels are tried, and what each needs.

    `steps` run from cheapest to dearest. A step is refused before those in `requires` were tried and failed,
    unless a role in `override_roles` gives a reason.
    """

    steps: tuple[Literal["phone", "remote", "on_site"], ...]
    requires: dict[str, tuple[str, ...]]
    override_roles: tuple[str, ...] = ("owner", "dispatcher")
    remote_needs_authorisation: bool = True
    change_record_for_remote_changes: bool = False
    grades: tuple[str, ...] = ()


class MajorIncidentRule(Term, frozen=True, kw_only=True):
    """Tickets of these grades convene a group and need an emergency plan before work goes on (P10-26)."""

    grades: tuple[str, ...]
    notify_roles: tuple[str, ...]
    needs_emergency_plan: bool = True


class ClosingRule(Term, frozen=True, kw_only=True):
    """What must be on record before a ticket may be resolved or closed."""

    before: Literal["resolve", "close", "open"]
    needs: Literal[
        "customer_confirmation", "call_record", "cause_and_measures", "emergency_plan", "sign_off", "reply",
        "arrival_record", "root_cause",
    ]  # fmt: skip
    scope: TargetScope = TargetScope()


class ServiceTier(Term, frozen=True, kw_only=True):
    """A level of the service organisation, nearest to the customer first (P09-05)."""

    level: int
    party: Party


class Duty(Term, frozen=True, kw_only=True):
    """A standing duty and the role or department that owns it, e.g. complaints about an engineer go to HQ.

    `kinds` are the kinds of ticket that are routed to the owner; empty: a duty that routes no ticket.
    `when="desk_closed"` routes only while the vertical's phone desk is closed (P10-29). `contact` is the number on
    which the owner answers; None: the number of the unit that serves the customer.
    """

    owner: str
    kinds: tuple[str, ...] = ()
    excludes_engineer: bool = False
    when: Literal["always", "desk_closed"] = "always"
    contact: str | None = None
