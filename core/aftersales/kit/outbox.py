"""Tables of the kit: outbox, idempotency keys, counters.

Every side effect is an outbox row in the transaction that causes it. PostgreSQL is the truth; whatever carries
the row to a worker is only a bell.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.kit.database import Base, TenantRow, tenant_index


class OutboxMessage(TenantRow, Base):
    """A side effect to be done at least once; its handler is idempotent by the row's id.

    `available_at` is when it may be tried (next), `leased_until` when a worker's claim on it lapses;
    `done_at` or `dead_at` ends it. A dead message keeps its last error and can be replayed. `attempts` counts
    failures, `lapses` the claims that ended without any word, as when the message kills the process.
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        tenant_index(
            "ix_outbox_messages_pending",
            "available_at",
            postgresql_where=text("done_at is null and dead_at is null"),
        ),
        tenant_index("ix_outbox_messages_dead", "dead_at", postgresql_where=text("dead_at is not null")),
        Index("ix_outbox_messages_done", "done_at", "tenant_id", postgresql_where=text("done_at is not null")),
    )

    topic: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lapses: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class IdempotencyKey(Base):
    """A key that a caller sent with a mutation, the fingerprint of the input, and what came out."""

    __tablename__ = "idempotency_keys"

    tenant_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tenants.id"), primary_key=True)
    actor: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    outcome: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class TenantCounter(Base):
    """The next people-facing number of a kind, such as tickets of 2026; numbering has no gaps after a rollback."""

    __tablename__ = "tenant_counters"

    tenant_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tenants.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    next_number: Mapped[int] = mapped_column(default=1)
