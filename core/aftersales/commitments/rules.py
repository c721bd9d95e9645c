"""The promise ledger's decisions: every deadline of the system, its clock, its status and its alarms.

One mechanism for all: `Budget` (how long), `ClockSegment` (what happened), `replay` and `advance` (what
follows), `clock_status` (kept or not), `next_alarm` (whom to tell when), `explain_deadline` (why this date).
"""

from aftersales.commitments.alarms import AlarmInstant, AlarmKind, AlarmRule, alarm_instants, next_alarm
from aftersales.commitments.budgets import Budget, BudgetUnit, TimeKind
from aftersales.commitments.explanations import (
    DeadlineExplanation,
    explain_deadline,
    render_explanation,
)
from aftersales.commitments.ledger import (
    Calendars,
    Carry,
    ClockSegment,
    ClockState,
    Outcome,
    SegmentKind,
    advance,
    replay,
    start,
)
from aftersales.commitments.policies import PolicyCandidate, PolicySource, PolicyVerdict, rank_policies
from aftersales.commitments.status import ClockStatus, StatusCode, clock_status

__all__ = [
    "AlarmInstant",
    "AlarmKind",
    "AlarmRule",
    "Budget",
    "BudgetUnit",
    "Calendars",
    "Carry",
    "ClockSegment",
    "ClockState",
    "ClockStatus",
    "DeadlineExplanation",
    "Outcome",
    "PolicyCandidate",
    "PolicySource",
    "PolicyVerdict",
    "SegmentKind",
    "StatusCode",
    "TimeKind",
    "advance",
    "alarm_instants",
    "clock_status",
    "explain_deadline",
    "next_alarm",
    "rank_policies",
    "render_explanation",
    "replay",
    "start",
]
