"""What callers ask of tickets: one frozen Struct per operation.

Instants are tz-aware; one that is left out means the instant of the transaction. `expected_version` refuses the
operation (VERSION_STALE) when somebody else changed the ticket meanwhile.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, field

Step = Literal["phone", "remote", "on_site"]


class CallDetails(Struct, frozen=True, kw_only=True):
    """Who answered, who called and what was said (P08-11)."""

    handler_name: str
    caller: str
    notes: str
    phone: str | None = None
    direction: Literal["inbound", "outbound"] = "inbound"
    handler_member_id: UUID | None = None
    at: datetime | None = None


class OpenTicket(Struct, frozen=True, kw_only=True):
    """A request as intake records it.

    `vertical` may be left out where the asset, the contract or a single enabled vertical says it. `facts` fit the
    vertical's own type and lead to the grade; `grade` overrules them. `region` defaults to the site's, then the
    customer's. An emergency is declared with its reason (A28).
    """

    kind: str
    channel: str
    title: str
    customer_id: UUID
    vertical: str | None = None
    description: str = ""
    contact_id: UUID | None = None
    site_id: UUID | None = None
    asset_id: UUID | None = None
    component: str | None = None
    symptom: str | None = None
    contract_id: UUID | None = None
    region: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    grade: str | None = None
    grade_reason: str | None = None
    emergency: bool = False
    emergency_reason: str | None = None
    work_type: str | None = None
    error_code: str | None = None
    module_code: str | None = None
    campaign: str | None = None
    parent_ticket_id: UUID | None = None
    complaint_about_ticket_id: UUID | None = None
    service_unit_id: UUID | None = None
    owner_member_id: UUID | None = None
    reported_at: datetime | None = None
    crashed_at: datetime | None = None
    call: CallDetails | None = None
    idempotency_key: str | None = None


class OpenFromMail(Struct, frozen=True, kw_only=True):
    """A mail as it came in (RFC 5322, headers and body); `vertical` where the tenant has several."""

    raw: str
    kind: str = "fault"
    vertical: str | None = None


class TicketCommand(Struct, frozen=True, kw_only=True):
    """The ticket that an operation is about."""

    ticket_id: UUID
    expected_version: int | None = None


class Regrade(TicketCommand, frozen=True, kw_only=True):
    """New facts (merged into the known ones), or a grade set by a person; the reason is kept with both."""

    reason: str
    facts: dict[str, Any] = field(default_factory=dict)
    grade: str | None = None


class SetParent(TicketCommand, frozen=True, kw_only=True):
    """Make the ticket a child of another one, or of none."""

    parent_ticket_id: UUID | None


class AssignEngineer(TicketCommand, frozen=True, kw_only=True):
    """Give the ticket to an engineer."""

    engineer_id: UUID


class RejectEngineer(TicketCommand, frozen=True, kw_only=True):
    """The customer doesn't want this engineer on the ticket again (P10-31)."""

    engineer_id: UUID
    reason: str


class Acknowledge(TicketCommand, frozen=True, kw_only=True):
    """The first answer to the customer."""

    at: datetime | None = None
    notes: str = ""


class StartWork(TicketCommand, frozen=True, kw_only=True):
    """Work begins."""


class ProposePlan(TicketCommand, frozen=True, kw_only=True):
    """The solution proposed to the customer (P08-14)."""

    plan: str
    at: datetime | None = None


class WaitForCustomer(TicketCommand, frozen=True, kw_only=True):
    """Nothing can go on before the customer answers; clocks pause for this reason."""

    reason: str
    at: datetime | None = None


class Resume(TicketCommand, frozen=True, kw_only=True):
    """The customer answered; clocks run on."""

    at: datetime | None = None


class RecordAttempt(TicketCommand, frozen=True, kw_only=True):
    """A try on one step of the channel ladder; `needs_on_site` orders a visit at once (P10-24, P10-27)."""

    step: Step
    outcome: Literal["solved", "unsolved"]
    started_at: datetime
    ended_at: datetime
    notes: str = ""
    needs_on_site: bool = False
    override_reason: str | None = None


class EscalateStep(TicketCommand, frozen=True, kw_only=True):
    """Go on to a further step of the ladder; an override role may skip steps with a reason."""

    to: Literal["remote", "on_site"]
    override_reason: str | None = None


class DecideOnSite(TicketCommand, frozen=True, kw_only=True):
    """Decide on a visit and order its work; the clock of the arrival starts here (A46)."""

    work_type: str | None = None
    instructions: str = ""
    override_reason: str | None = None
    at: datetime | None = None


class AuthoriseRemote(TicketCommand, frozen=True, kw_only=True):
    """The customer's permission: who gave it, through what, for what, from when until when (P10-21).

    Either a contact that may authorise, or the name of the person.
    """

    purpose: str
    valid_from: datetime
    valid_until: datetime
    contact_id: UUID | None = None
    granted_by: str | None = None
    granted_through: str = "phone"


class RevokeAuthorisation(Struct, frozen=True, kw_only=True):
    """The customer takes its permission back."""

    authorisation_id: UUID
    expected_version: int | None = None


class OpenRemoteSession(TicketCommand, frozen=True, kw_only=True):
    """Enter the customer's system; without `authorisation_id` the one that is valid then is taken."""

    authorisation_id: UUID | None = None
    engineer_id: UUID | None = None
    started_at: datetime | None = None
    override_reason: str | None = None


class CloseRemoteSession(Struct, frozen=True, kw_only=True):
    """End a session with its log; code that was changed needs a change record (P10-22).

    `outcome=None` is for a session that checks and solves nothing (P10-23); its findings are kept.
    """

    session_id: UUID
    log: str
    outcome: Literal["solved", "unsolved"] | None
    ended_at: datetime | None = None
    code_changed: bool = False
    change_record: str | None = None
    findings: str | None = None
    expected_version: int | None = None


class ReportRestored(TicketCommand, frozen=True, kw_only=True):
    """The service runs again; with `crashed_at` the time to restore is known (P10-09)."""

    restored_at: datetime | None = None
    crashed_at: datetime | None = None


class Resolve(TicketCommand, frozen=True, kw_only=True):
    """The work is done; cause and measures are kept."""

    cause: str | None = None
    measures: str | None = None
    resolved_at: datetime | None = None


class ConfirmTicket(TicketCommand, frozen=True, kw_only=True):
    """The customer's answer to a resolution; "not satisfied" reopens the ticket (P08-21)."""

    satisfied: bool
    comment: str = ""


class CloseTicket(TicketCommand, frozen=True, kw_only=True):
    """End the ticket for good."""


class ReopenTicket(TicketCommand, frozen=True, kw_only=True):
    """Take up a resolved or closed ticket again."""

    reason: str


class CancelTicket(TicketCommand, frozen=True, kw_only=True):
    """End a ticket that shouldn't be worked on."""

    reason: str


class FileComplaint(TicketCommand, frozen=True, kw_only=True):
    """A complaint about a ticket's handling, or about its engineer: a ticket of its own."""

    channel: str
    title: str
    description: str = ""
    engineer_id: UUID | None = None
    contact_id: UUID | None = None
    call: CallDetails | None = None
    idempotency_key: str | None = None


class AddCallRecord(TicketCommand, frozen=True, kw_only=True):
    """A further call about a ticket."""

    call: CallDetails


class AddEmergencyPlan(TicketCommand, frozen=True, kw_only=True):
    """The emergency plan of a major incident (P10-26)."""

    body: str


class ChangeContract(TicketCommand, frozen=True, kw_only=True):
    """Put the ticket under another contract, or under none; deadlines are re-computed."""

    contract_id: UUID | None
