"""The promise ledger: commitments, the append-only segments of their clocks, and the alarms they raised."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.kit.database import (
    Base,
    TenantRow,
    Versioned,
    one_of,
    tenant_index,
    tenant_reference,
    tenant_unique,
)

STATES = ("running", "paused", "met", "missed", "cancelled")
OUTCOMES = ("in_time", "late", "untimed")


class Commitment(TenantRow, Versioned, Base):
    """One deadline: who owes which milestone of what, by when, and how it ended.

    `due_at` is None while no number is promised (tracked). `breached_at` is the deadline itself, whenever the
    sweeper noticed. `next_alarm_at` is what the sweeper looks for; None when nothing more is to be raised.
    `terms` keeps the winning target, its rivals and the alarm rungs as they were when the clock was set.
    """

    __tablename__ = "commitments"
    __table_args__ = (
        tenant_index("ix_commitments_subject", "subject_type", "subject_id"),
        tenant_index("ix_commitments_ticket", "ticket_id"),
        Index("ix_commitments_next_alarm", "next_alarm_at", postgresql_where=text("next_alarm_at is not null")),
        tenant_index("ix_commitments_open_due", "due_at", postgresql_where=text("state in ('running', 'paused')")),
        one_of("state", STATES),
        one_of("outcome", OUTCOMES),
        one_of("on_miss", ("breach", "handover")),
        tenant_reference("ticket_id", to="tickets"),
    )

    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    ticket_id: Mapped[UUID | None]
    milestone: Mapped[str]
    party: Mapped[str] = mapped_column(default="company")
    on_miss: Mapped[str] = mapped_column(default="breach")
    clause: Mapped[str | None]
    source: Mapped[str]
    calendar_code: Mapped[str | None]
    terms: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="running")
    outcome: Mapped[str | None]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    spent_seconds: Mapped[int] = mapped_column(default=0)
    met_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    next_alarm_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ClockSegmentRow(TenantRow, Base):
    """A turn of a commitment's clock: it runs, pauses or stops from `starts_at` on, until the next segment."""

    __tablename__ = "clock_segments"
    __table_args__ = (
        tenant_unique("commitment_id", "sequence"),
        tenant_reference("commitment_id", to="commitments"),
        one_of("kind", ("running", "paused", "stopped")),
    )
    append_only: ClassVar[bool] = True

    commitment_id: Mapped[UUID]
    sequence: Mapped[int]
    kind: Mapped[str]
    starts_at: Mapped[datetime]
    reason: Mapped[str]
    outcome: Mapped[str | None]
    budget: Mapped[dict[str, Any] | None]
    calendar: Mapped[dict[str, Any] | None]
    recorded_at: Mapped[datetime]
    actor: Mapped[str]


class Alarm(TenantRow, Base):
    """An alarm that was raised: once per commitment, rung and instant, whatever was killed in between."""

    __tablename__ = "alarms"
    __table_args__ = (
        tenant_unique("commitment_id", "code", "due_at"),
        tenant_index("ix_alarms_ticket", "ticket_id", "id"),
        tenant_reference("commitment_id", to="commitments"),
    )
    append_only: ClassVar[bool] = True

    commitment_id: Mapped[UUID]
    ticket_id: Mapped[UUID | None]
    code: Mapped[str]
    kind: Mapped[str]
    role: Mapped[str]
    level: Mapped[int]
    due_at: Mapped[datetime]
    raised_at: Mapped[datetime]
