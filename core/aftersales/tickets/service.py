"""What the tickets room does, in one place for callers; each function takes a unit of work and one command.

Nothing here commits. Every refusal is an `AftersalesError` with a stable code.
"""

from aftersales.tickets.assignment import assign_engineer, reject_engineer
from aftersales.tickets.closing import close_ticket, confirm_ticket, reopen_ticket, resolve
from aftersales.tickets.complaints import file_complaint
from aftersales.tickets.grading import regrade
from aftersales.tickets.intake import open_ticket
from aftersales.tickets.ladder import decide_on_site, escalate_step, record_attempt
from aftersales.tickets.lifecycle import (
    acknowledge,
    cancel_ticket,
    change_contract,
    propose_plan,
    report_restored,
    resume,
    set_parent,
    start_work,
    wait_for_customer,
)
from aftersales.tickets.mail_intake import open_from_mail
from aftersales.tickets.milestones import milestone_reached
from aftersales.tickets.records import add_call_record, add_emergency_plan
from aftersales.tickets.remote import (
    authorise_remote,
    close_remote_session,
    open_remote_session,
    revoke_authorisation,
)

__all__ = [
    "acknowledge",
    "add_call_record",
    "add_emergency_plan",
    "assign_engineer",
    "authorise_remote",
    "cancel_ticket",
    "change_contract",
    "close_remote_session",
    "close_ticket",
    "confirm_ticket",
    "decide_on_site",
    "escalate_step",
    "file_complaint",
    "milestone_reached",
    "open_from_mail",
    "open_remote_session",
    "open_ticket",
    "propose_plan",
    "record_attempt",
    "regrade",
    "reject_engineer",
    "reopen_ticket",
    "report_restored",
    "resolve",
    "resume",
    "revoke_authorisation",
    "set_parent",
    "start_work",
    "wait_for_customer",
]
