"""Tickets and everything that is on record about how one was handled."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.kit.database import (
    Base,
    Computed,
    TenantRow,
    Versioned,
    one_of,
    tenant_index,
    tenant_reference,
    tenant_unique,
)
from aftersales.terms.classification import INTAKE_CHANNELS, TICKET_KINDS

STATES = ("open", "in_progress", "waiting_customer", "resolved", "closed", "cancelled")
OPEN_STATES = ("open", "in_progress", "waiting_customer")
STEPS = ("phone", "remote", "on_site")


class Ticket(TenantRow, Versioned, Base):
    """A request of a customer. `facts` are what intake recorded and the grade was decided from.

    `step` is where on the channel ladder the work stands; `next_due_at` is the earliest open deadline, kept here
    so that a dispatcher's list sorts by it. `queue` names who owns it besides the assigned engineer, and
    `queue_contact` the number on which that queue answers. The instants from `reported_at` to
    `customer_replied_at` are the events that start clocks; both the call and the decision to visit are kept (A46).
    """

    __tablename__ = "tickets"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("contact_id", to="contacts"),
        tenant_reference("site_id", to="sites"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("contract_id", to="service_contracts"),
        tenant_reference("parent_ticket_id", to="tickets"),
        tenant_reference("complaint_about_ticket_id", to="tickets"),
        tenant_reference("engineer_id", to="engineers"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_index("ix_tickets_created", "id"),
        tenant_index(
            "ix_tickets_open_due", "next_due_at", "id",
            postgresql_where=text("state in ('open', 'in_progress', 'waiting_customer')"),
        ),
        tenant_index("ix_tickets_customer", "customer_id", "id"),
        tenant_index("ix_tickets_asset", "asset_id", "id"),
        tenant_index("ix_tickets_parent", "parent_ticket_id", postgresql_where=text("parent_ticket_id is not null")),
        tenant_index("ix_tickets_engineer", "engineer_id", postgresql_where=text("engineer_id is not null")),
        one_of("kind", TICKET_KINDS),
        one_of("channel", INTAKE_CHANNELS),
        one_of("state", STATES),
        one_of("step", STEPS),
    )  # fmt: skip

    number: Mapped[str]
    kind: Mapped[str]
    channel: Mapped[str]
    vertical: Mapped[str]
    title: Mapped[str]
    title_lower: Mapped[str] = mapped_column(Computed("lower(title)", persisted=True))
    description: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="open")
    step: Mapped[str] = mapped_column(default="phone")
    grade: Mapped[str | None]
    priority: Mapped[int] = mapped_column(default=3)
    emergency: Mapped[bool] = mapped_column(default=False)
    emergency_reason: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    customer_id: Mapped[UUID]
    contact_id: Mapped[UUID | None]
    site_id: Mapped[UUID | None]
    asset_id: Mapped[UUID | None]
    component: Mapped[str | None]
    symptom: Mapped[str | None]
    contract_id: Mapped[UUID | None]
    billable: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    region: Mapped[str | None]
    region_class: Mapped[str | None]
    tier: Mapped[str]
    work_type: Mapped[str | None]
    error_code: Mapped[str | None]
    module_code: Mapped[str | None]
    campaign: Mapped[str | None]
    parent_ticket_id: Mapped[UUID | None]
    complaint_about_ticket_id: Mapped[UUID | None]
    queue: Mapped[str | None]
    queue_contact: Mapped[str | None]
    service_unit_id: Mapped[UUID | None]
    owner_member_id: Mapped[UUID | None]
    engineer_id: Mapped[UUID | None]
    cause: Mapped[str | None]
    measures: Mapped[str | None]
    waiting_reason: Mapped[str | None]
    reported_at: Mapped[datetime]
    graded_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    phone_failed_at: Mapped[datetime | None]
    remote_failed_at: Mapped[datetime | None]
    on_site_decided_at: Mapped[datetime | None]
    customer_replied_at: Mapped[datetime | None]
    crashed_at: Mapped[datetime | None]
    restored_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    customer_satisfied: Mapped[bool | None]
    customer_confirmed_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class TicketGrading(TenantRow, Base):
    """A grade that was given: by which rule or whom, from which facts; the history of re-grading."""

    __tablename__ = "ticket_gradings"
    __table_args__ = (
        tenant_reference("ticket_id", to="tickets"),
        tenant_index("ix_ticket_gradings_ticket", "ticket_id", "id"),
    )
    append_only: ClassVar[bool] = True

    ticket_id: Mapped[UUID]
    at: Mapped[datetime]
    grade: Mapped[str | None]
    previous_grade: Mapped[str | None]
    facts: Mapped[dict[str, Any]]
    decided_by: Mapped[str]
    reason: Mapped[str]
    clause: Mapped[str | None]
    actor: Mapped[str]


class CallRecord(TenantRow, Base):
    """The record of a call: who answered, who called, what was said (P08-11)."""

    __tablename__ = "call_records"
    __table_args__ = (
        tenant_reference("ticket_id", to="tickets"),
        tenant_index("ix_call_records_ticket", "ticket_id", "id"),
    )

    ticket_id: Mapped[UUID]
    at: Mapped[datetime]
    direction: Mapped[str] = mapped_column(default="inbound")
    handler_member_id: Mapped[UUID | None]
    handler_name: Mapped[str]
    caller: Mapped[str]
    phone: Mapped[str | None]
    notes: Mapped[str]


class ChannelAttempt(TenantRow, Base):
    """A try to solve the ticket on a step of the ladder, with its outcome; earlier steps stay on record."""

    __tablename__ = "channel_attempts"
    __table_args__ = (
        tenant_reference("ticket_id", to="tickets"),
        tenant_index("ix_channel_attempts_ticket", "ticket_id", "id"),
        one_of("step", STEPS),
        one_of("outcome", ("solved", "unsolved", "skipped")),
    )

    ticket_id: Mapped[UUID]
    step: Mapped[str]
    outcome: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    notes: Mapped[str] = mapped_column(default="")
    override_reason: Mapped[str | None]
    actor: Mapped[str]


class RemoteAuthorisation(TenantRow, Versioned, Base):
    """The customer's permission to enter its system: by whom, for what, from when until when (P10-21)."""

    __tablename__ = "remote_authorisations"
    __table_args__ = (
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("contact_id", to="contacts"),
        tenant_index("ix_remote_authorisations_ticket", "ticket_id"),
    )

    ticket_id: Mapped[UUID]
    contact_id: Mapped[UUID | None]
    granted_by: Mapped[str]
    granted_at: Mapped[datetime]
    granted_through: Mapped[str]
    purpose: Mapped[str]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class RemoteSession(TenantRow, Versioned, Base):
    """A remote session under an authorisation, with its log; changed code needs a change record (P10-22)."""

    __tablename__ = "remote_sessions"
    __table_args__ = (
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("authorisation_id", to="remote_authorisations"),
        tenant_reference("engineer_id", to="engineers"),
        tenant_index("ix_remote_sessions_ticket", "ticket_id", "id"),
        Index("ix_remote_sessions_open", "tenant_id", "ticket_id", postgresql_where=text("ended_at is null")),
    )

    ticket_id: Mapped[UUID]
    authorisation_id: Mapped[UUID]
    engineer_id: Mapped[UUID | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    log: Mapped[str] = mapped_column(default="")
    code_changed: Mapped[bool] = mapped_column(default=False)
    change_record: Mapped[str | None]
    findings: Mapped[str | None]


class EngineerRejection(TenantRow, Base):
    """A customer doesn't want this engineer on this ticket again (P10-31, P10-32)."""

    __tablename__ = "engineer_rejections"
    __table_args__ = (
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("engineer_id", to="engineers"),
        tenant_unique("ticket_id", "engineer_id"),
    )

    ticket_id: Mapped[UUID]
    engineer_id: Mapped[UUID]
    reason: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]


class EmergencyPlan(TenantRow, Base):
    """The emergency plan of a major incident (P10-26)."""

    __tablename__ = "emergency_plans"
    __table_args__ = (
        tenant_reference("ticket_id", to="tickets"),
        tenant_index("ix_emergency_plans_ticket", "ticket_id"),
    )

    ticket_id: Mapped[UUID]
    body: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
