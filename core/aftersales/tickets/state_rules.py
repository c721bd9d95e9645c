"""The states of a ticket and which operation leads from where to where. Pure."""

from collections.abc import Mapping
from typing import Final, Literal

from aftersales.kit.errors import StateRefused

State = Literal["open", "in_progress", "waiting_customer", "resolved", "closed", "cancelled"]
Operation = Literal[
    "acknowledge", "regrade", "assign", "record", "start", "propose_plan", "wait", "resume", "escalate", "restore",
    "resolve", "confirm", "reject_resolution", "close", "reopen", "cancel", "change_contract", "set_parent",
    "authorise",
]  # fmt: skip

_OPEN: Final = ("open", "in_progress", "waiting_customer")


def _same(*states: State) -> Mapping[State, State]:
    return {state: state for state in states}


TRANSITIONS: Final[Mapping[Operation, Mapping[State, State]]] = {
    "acknowledge": _same(*_OPEN),
    "regrade": _same(*_OPEN),
    "assign": _same(*_OPEN),
    "record": _same(*_OPEN, "resolved"),
    "authorise": _same(*_OPEN),
    "change_contract": _same(*_OPEN),
    "set_parent": _same(*_OPEN),
    "restore": _same(*_OPEN),
    "start": {"open": "in_progress", "in_progress": "in_progress"},
    "propose_plan": {"open": "in_progress", "in_progress": "in_progress", "waiting_customer": "waiting_customer"},
    "escalate": {"open": "in_progress", "in_progress": "in_progress", "waiting_customer": "in_progress"},
    "wait": {"open": "waiting_customer", "in_progress": "waiting_customer"},
    "resume": {"waiting_customer": "in_progress"},
    "resolve": {"open": "resolved", "in_progress": "resolved"},
    "confirm": {"resolved": "resolved"},
    "reject_resolution": {"resolved": "in_progress"},
    "close": {"resolved": "closed"},
    "reopen": {"resolved": "in_progress", "closed": "in_progress"},
    "cancel": {"open": "cancelled", "in_progress": "cancelled", "waiting_customer": "cancelled"},
}
"""Operation -> state before -> state after; what isn't listed is refused."""

NEEDS_EMERGENCY_PLAN: Final[frozenset[Operation]] = frozenset(
    {"start", "propose_plan", "escalate", "resume", "resolve"}
)
"""What a major incident may not do before its emergency plan is on record (P10-26)."""


def next_state(state: str, operation: Operation) -> State:
    """The state after the operation; TICKET_STATE_REFUSED when it isn't possible now."""
    for before, after in TRANSITIONS[operation].items():
        if before == state:
            return after
    raise StateRefused("TICKET_STATE_REFUSED", state=state, operation=operation)


def is_open(state: str) -> bool:
    return state in _OPEN
