"""Documents and how confidential they are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from aftersales.kit.database import Base, TenantRow, Versioned, one_of, tenant_index, tenant_reference

CONFIDENTIALITY = ("public", "customer", "secret")


class Document(TenantRow, Versioned, Base):
    """A document of the company; a secret one is never sent to a customer (P09-03).

    One that serves as a `deliverable` of a vertical is written section by section and published once (P11-34).
    """

    __tablename__ = "documents"
    __table_args__ = (one_of("confidentiality", CONFIDENTIALITY),)

    title: Mapped[str]
    confidentiality: Mapped[str]
    body: Mapped[str]
    vertical: Mapped[str | None]
    deliverable: Mapped[str | None]
    author_department: Mapped[str | None]
    sections: Mapped[dict[str, Any]] = mapped_column(default=dict)
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class DocumentDispatch(TenantRow, Base):
    """A document that was sent to a customer."""

    __tablename__ = "document_dispatches"
    __table_args__ = (
        tenant_reference("document_id", to="documents"),
        tenant_reference("customer_id", to="customers"),
        tenant_index("ix_document_dispatches_customer", "customer_id"),
    )

    document_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    sent_at: Mapped[datetime]
    actor: Mapped[str]
