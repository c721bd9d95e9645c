"""The journal: everything that ever happened, in order, append-only."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from aftersales.kit.database import Base, TenantRow, tenant_index


class Event(TenantRow, Base):
    """Something that happened to a subject. The id is a UUIDv7, so id order is the order of happening.

    The subject columns say what it belongs to, so that an asset's whole archive is one index scan; they carry
    no foreign key because the journal outlives what it tells of.
    """

    __tablename__ = "events"
    __table_args__ = (
        tenant_index("ix_events_ticket", "ticket_id", "id"),
        tenant_index("ix_events_asset", "asset_id", "id"),
        tenant_index("ix_events_customer", "customer_id", "id"),
    )
    append_only: ClassVar[bool] = True

    at: Mapped[datetime]
    kind: Mapped[str]
    actor: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    ticket_id: Mapped[UUID | None]
    asset_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
