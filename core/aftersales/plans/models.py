"""Service plans and kept terms."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.kit.database import Base, TenantRow, Versioned, one_of, tenant_index, tenant_reference, tenant_unique


class TermSnapshot(TenantRow, Base):
    """A vertical's terms as they were on a day. `id` follows from their content, so equal terms are kept once."""

    __tablename__ = "term_snapshots"
    append_only: ClassVar[bool] = True

    vertical: Mapped[str]
    playbook_key: Mapped[str]
    terms: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class ServicePlan(TenantRow, Versioned, Base):
    """What a tenant promises under a vertical: its terms with the tenant's own changes.

    A draft may be changed. Publishing gives it its `edition`, keeps its terms (`terms_id`) and lets it count for
    contracts that are signed from `effective_from` on, until a later edition counts or it is retired (`retired_on`:
    the first day without it).
    """

    __tablename__ = "service_plans"
    __table_args__ = (
        tenant_reference("terms_id", to="term_snapshots"),
        tenant_unique("vertical", "edition"),
        tenant_index("ix_service_plans_effective", "vertical", "effective_from"),
        one_of("state", ("draft", "published", "retired")),
        CheckConstraint("edition > 0", name="edition_positive"),
    )

    vertical: Mapped[str]
    name: Mapped[str]
    edition: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="draft")
    changes: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    terms_id: Mapped[UUID | None]
    effective_from: Mapped[date | None]
    retired_on: Mapped[date | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    published_by: Mapped[str | None]
    published_at: Mapped[datetime | None]
