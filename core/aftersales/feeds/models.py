"""Private addresses of calendars."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from aftersales.kit.database import Base, TenantRow, Versioned, one_of, tenant_reference, tenant_unique


class CalendarFeed(TenantRow, Versioned, Base):
    """A calendar of one engineer, one service unit or one customer. Only the token's digest is kept."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        tenant_unique("digest"),
        tenant_reference("engineer_id", to="engineers"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_reference("customer_id", to="customers"),
        one_of("kind", ("engineer", "unit", "customer")),
    )

    kind: Mapped[str]
    engineer_id: Mapped[UUID | None]
    service_unit_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None]
    digest: Mapped[str]
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
