"""Telling people and systems: notices to persons, webhooks to systems."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
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


class Notice(TenantRow, Base):
    """A message to one recipient. `dedupe_key` makes it one, however often its cause is handled.

    One with a `customer_id` is for that customer's people, who read it in their API (the inbox) as well.
    """

    __tablename__ = "notices"
    __table_args__ = (
        tenant_unique("dedupe_key"),
        tenant_reference("customer_id", to="customers"),
        tenant_index("ix_notices_ticket", "ticket_id", "id"),
        tenant_index("ix_notices_customer", "customer_id", "id", postgresql_where=text("customer_id is not null")),
        one_of("state", ("queued", "sent", "undeliverable")),
    )

    dedupe_key: Mapped[str]
    ticket_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None]
    recipient_member_id: Mapped[UUID | None]
    recipient: Mapped[str]
    role: Mapped[str | None]
    address: Mapped[str | None]
    language: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class WebhookEndpoint(TenantRow, Versioned, Base):
    """Where a tenant wants its events sent, signed by the Standard Webhooks scheme with `secret`.

    `event_kinds` are kinds of events, `ticket.*` for all that begin so, `*` for everything.
    """

    __tablename__ = "webhook_endpoints"

    url: Mapped[str]
    secret: Mapped[str]
    event_kinds: Mapped[list[str]] = mapped_column(default=list)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class WebhookDelivery(TenantRow, Base):
    """A delivery of one message to one endpoint: proof that it arrived, or how it failed last.

    `message_id` is the receiver's key against duplicates (header `webhook-id`), the same in every attempt;
    `status` is the HTTP status of the last answer, None while there was none.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        tenant_unique("endpoint_id", "message_id"),
        tenant_reference("endpoint_id", to="webhook_endpoints"),
    )

    endpoint_id: Mapped[UUID]
    message_id: Mapped[str]
    kind: Mapped[str]
    body: Mapped[dict[str, Any]]
    status: Mapped[int | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
