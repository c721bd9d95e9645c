"""The table of states: what may follow what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.kit.errors import StateRefused
from aftersales.tickets.models import STATES
from aftersales.tickets.state_rules import NEEDS_EMERGENCY_PLAN, TRANSITIONS, Operation, next_state


@pytest.mark.parametrize(
    ("state", "operation", "after"),
    [
        ("open", "start", "in_progress"),
        ("open", "acknowledge", "open"),
        ("in_progress", "wait", "waiting_customer"),
        ("waiting_customer", "resume", "in_progress"),
        ("in_progress", "resolve", "resolved"),
        ("resolved", "close", "closed"),
        ("resolved", "reject_resolution", "in_progress"),
        ("closed", "reopen", "in_progress"),
        ("waiting_customer", "cancel", "cancelled"),
    ],
)
def test_an_operation_leads_to_its_state(state: str, operation: Operation, after: str) -> None:
    assert next_state(state, operation) == after


@pytest.mark.parametrize(
    ("state", "operation"),
    [
        ("open", "close"),
        ("in_progress", "close"),
        ("waiting_customer", "resolve"),
        ("open", "resume"),
        ("closed", "resolve"),
        ("closed", "cancel"),
        ("cancelled", "reopen"),
        ("resolved", "escalate"),
        ("closed", "regrade"),
    ],
)
def test_what_the_table_does_not_list_is_refused(state: str, operation: Operation) -> None:
    with pytest.raises(StateRefused) as refusal:
        next_state(state, operation)
    assert refusal.value.code == "TICKET_STATE_REFUSED"
    assert state in refusal.value.message("zh-CN")


@given(st.sampled_from(sorted(TRANSITIONS)))
def test_every_state_in_the_table_is_a_state_of_the_table_of_tickets(operation: Operation) -> None:
    row = TRANSITIONS[operation]
    assert {*row, *row.values()} <= set(STATES)


def test_nothing_leads_out_of_cancelled() -> None:
    assert not [operation for operation, row in TRANSITIONS.items() if "cancelled" in row]


def test_whatever_moves_a_major_incident_on_needs_its_plan_but_answering_does_not() -> None:
    assert {"start", "escalate", "resolve"} <= NEEDS_EMERGENCY_PLAN
    assert not {"acknowledge", "record", "regrade", "assign", "cancel"} & NEEDS_EMERGENCY_PLAN
