"""The decisions of the tickets room, all pure: intake, grading, the channel ladder, states, closing."""

from aftersales.parties.regions import check_region
from aftersales.tickets.closing_rules import (
    Evidence,
    TicketTraits,
    fulfilled,
    in_scope,
    major_incident,
    missing,
)
from aftersales.tickets.grading_rules import GradeDecision, matching_rule, priority_of, typed_facts
from aftersales.tickets.intake_rules import Routing, complaint_queue, route
from aftersales.tickets.ladder_rules import (
    Attempt,
    Window,
    best_window,
    check_window,
    missing_steps,
    session_minutes,
    steps_to_skip,
)
from aftersales.tickets.state_rules import TRANSITIONS, Operation, State, is_open, next_state

__all__ = [
    "TRANSITIONS",
    "Attempt",
    "Evidence",
    "GradeDecision",
    "Operation",
    "Routing",
    "State",
    "TicketTraits",
    "Window",
    "best_window",
    "check_region",
    "check_window",
    "complaint_queue",
    "fulfilled",
    "in_scope",
    "is_open",
    "major_incident",
    "matching_rule",
    "missing",
    "missing_steps",
    "next_state",
    "priority_of",
    "route",
    "session_minutes",
    "steps_to_skip",
    "typed_facts",
]
