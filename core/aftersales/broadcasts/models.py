"""Broadcasts and who got them, reminders that repeat, released guides, and tasks handed to dealers."""

from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.broadcasts.rules import BROADCAST_KINDS, BroadcastState, RecipientState
from aftersales.kit.database import (
    Base,
    TenantRow,
    Versioned,
    one_of,
    tenant_index,
    tenant_reference,
    tenant_unique,
)
from aftersales.kit.storage_errors import on_unique
from aftersales.parties.rules import CONTACT_CHANNELS

on_unique("uq_broadcasts_tenant_id_key", "BROADCAST_EXISTS", "key")
on_unique("uq_dealer_tasks_tenant_id_ticket_id", "DEALER_TASK_EXISTS", "ticketId")
on_unique("uq_guide_releases_tenant_id_code_revision", "GUIDE_REVISION_EXISTS", "revision")


class Broadcast(TenantRow, Versioned, Base):
    """A message to an audience. `key` makes one of it, however often its cause (a warning, a reminder) comes.

    `topic` is the code of the revisit rule whose duty to tell it fulfils, or what the warning is about.
    """

    __tablename__ = "broadcasts"
    __table_args__ = (
        tenant_unique("number"),
        tenant_unique("key"),
        one_of("kind", BROADCAST_KINDS),
        one_of("state", get_args(BroadcastState)),
    )

    number: Mapped[str]
    key: Mapped[str]
    kind: Mapped[str]
    topic: Mapped[str | None]
    clause: Mapped[str | None]
    title: Mapped[dict[str, Any]]
    body: Mapped[dict[str, Any]]
    audience: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="draft")
    send_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class BroadcastRecipient(TenantRow, Base):
    """One person's copy of a broadcast, one row for ever; `person` is the contact's id, or `customer` itself."""

    __tablename__ = "broadcast_recipients"
    __table_args__ = (
        tenant_unique("broadcast_id", "customer_id", "person"),
        tenant_reference("broadcast_id", to="broadcasts"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("contact_id", to="contacts"),
        tenant_index("ix_broadcast_recipients_customer", "customer_id", "id"),
        one_of("channel", CONTACT_CHANNELS),
        one_of("state", get_args(RecipientState)),
    )

    broadcast_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    contact_id: Mapped[UUID | None]
    person: Mapped[str]
    name: Mapped[str]
    channel: Mapped[str | None]
    address: Mapped[str | None]
    state: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class ReminderSeries(TenantRow, Versioned, Base):
    """A broadcast that is sent again every so many months, such as a duty of the customers' own (P11-23)."""

    __tablename__ = "reminder_series"
    __table_args__ = (
        Index("ix_reminder_series_next", "next_at", postgresql_where=text("next_at is not null")),
        CheckConstraint("months > 0", name="months_positive"),
        one_of("state", ("active", "ended")),
    )

    name: Mapped[str]
    topic: Mapped[str | None]
    clause: Mapped[str | None]
    title: Mapped[dict[str, Any]]
    body: Mapped[dict[str, Any]]
    audience: Mapped[dict[str, Any]]
    months: Mapped[int]
    starts_on: Mapped[date]
    next_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[datetime]


class GuideRelease(TenantRow, Versioned, Base):
    """A guide in a revision, released to customers who have such a product (P01-27); a later one takes its place."""

    __tablename__ = "guide_releases"
    __table_args__ = (
        tenant_unique("code", "revision"),
        tenant_reference("document_id", to="documents"),
        one_of("state", ("released", "withdrawn")),
    )

    code: Mapped[str]
    revision: Mapped[str]
    document_id: Mapped[UUID]
    asset_types: Mapped[list[str]]
    models: Mapped[list[str]]
    state: Mapped[str] = mapped_column(default="released")
    released_at: Mapped[datetime]


class DealerTask(TenantRow, Versioned, Base):
    """A ticket in a dealer's hands: arranged, user told and filed with the company, each with its instant (P15-22).

    The deadline is a commitment with this row as the subject; it is met with the last of the three acts.
    """

    __tablename__ = "dealer_tasks"
    __table_args__ = (
        tenant_unique("ticket_id"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_index("ix_dealer_tasks_unit", "service_unit_id", "id"),
        one_of("state", ("open", "done")),
    )

    ticket_id: Mapped[UUID]
    service_unit_id: Mapped[UUID]
    clause: Mapped[str | None]
    conditions: Mapped[list[str]]
    acts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="open")
