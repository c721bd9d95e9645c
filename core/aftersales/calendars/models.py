"""Working-time calendars that a tenant keeps for itself; a vertical's own calendars live in the Playbook."""

from typing import Any

from sqlalchemy.orm import Mapped

from aftersales.kit.database import Base, TenantRow, Versioned, tenant_unique


class BusinessCalendar(TenantRow, Versioned, Base):
    """A tenant's calendar; one with the code of a vertical's calendar takes that calendar's place."""

    __tablename__ = "business_calendars"
    __table_args__ = (tenant_unique("code"),)

    code: Mapped[str]
    name: Mapped[str]
    definition: Mapped[dict[str, Any]]
