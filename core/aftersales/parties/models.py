"""Customers, their contacts and sites, and the units of the service organisation."""

from datetime import date, datetime
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
from aftersales.kit.messages import LANGUAGES
from aftersales.kit.storage_errors import on_unique

TIERS = ("standard", "long_term", "important")
UNIT_KINDS = ("headquarters", "office", "agent", "dealer", "workshop", "department", "branch")

on_unique("uq_customers_tenant_id_code", "CUSTOMER_CODE_TAKEN", "code")
on_unique("uq_service_units_tenant_id_code", "SERVICE_UNIT_CODE_TAKEN", "code")
on_unique("uq_warranty_cards_tenant_id_number", "WARRANTY_CARD_NUMBER_TAKEN", "number")
on_unique("uq_warranty_cards_active_site", "WARRANTY_CARD_EXISTS", "siteId")


class ServiceUnit(TenantRow, Versioned, Base):
    """A part of the service organisation: headquarters, office, agent, dealer, department.

    `level` counts from the customer: 1 is nearest (P09-05). `regions` are GB/T 2260 prefixes it serves.
    `hotline` and `on_call` are the numbers of the desk and of the off-hours mobile.
    """

    __tablename__ = "service_units"
    __table_args__ = (
        tenant_unique("code"),
        tenant_reference("parent_id", to="service_units"),
        one_of("kind", UNIT_KINDS),
    )

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    level: Mapped[int] = mapped_column(default=1)
    parent_id: Mapped[UUID | None]
    regions: Mapped[list[str]] = mapped_column(default=list)
    authorised: Mapped[bool] = mapped_column(default=True)
    hotline: Mapped[str | None]
    on_call: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="active")


class Customer(TenantRow, Versioned, Base):
    """A customer with its tier; `contact_confirmed_on` is when its contact data were last checked.

    `tags` are the company's own marks. A tier among them holds beside the customer's own one (A41).
    """

    __tablename__ = "customers"
    __table_args__ = (
        tenant_unique("code"),
        tenant_index("ix_customers_name_lower", "name_lower"),
        one_of("tier", TIERS),
        one_of("state", ("active", "archived")),
    )

    code: Mapped[str]
    name: Mapped[str]
    name_lower: Mapped[str] = mapped_column(Computed("lower(name)", persisted=True))
    tier: Mapped[str] = mapped_column(default="standard")
    region: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    last_paid_visit_on: Mapped[date | None]
    contact_confirmed_on: Mapped[date | None]
    tags: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[datetime]


class Contact(TenantRow, Versioned, Base):
    """A person at a customer. `may_authorise` lets the person open the customer's systems for remote work.

    `notice_channels` are the ways on which the person wants to be told of news, the dearest first; empty: not chosen.
    With `notices_refused` the person gets none. `language` is that of what the person is told, None: the tenant's.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        tenant_reference("customer_id", to="customers"),
        tenant_index("ix_contacts_customer", "customer_id"),
        one_of("language", LANGUAGES),
    )

    customer_id: Mapped[UUID]
    name: Mapped[str]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    position: Mapped[str | None]
    may_authorise: Mapped[bool] = mapped_column(default=False)
    notice_channels: Mapped[list[str]] = mapped_column(default=list)
    notices_refused: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str | None]


class Site(TenantRow, Versioned, Base):
    """A place where a customer's assets stand, with its region code (GB/T 2260); `tags` such as `new_tech`."""

    __tablename__ = "sites"
    __table_args__ = (
        tenant_reference("customer_id", to="customers"),
        tenant_index("ix_sites_customer", "customer_id"),
        one_of("state", ("planned", "active", "stopped", "closed")),
    )

    customer_id: Mapped[UUID]
    name: Mapped[str]
    address: Mapped[str | None]
    region: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="active")


class WarrantyCard(TenantRow, Base):
    """The warranty card of an installation: one valid card per site (P09-04); a replacement invalidates the old."""

    __tablename__ = "warranty_cards"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("site_id", to="sites"),
        Index(
            "uq_warranty_cards_active_site", "tenant_id", "site_id", unique=True,
            postgresql_where=text("replaced_at is null"),
        ),
    )  # fmt: skip

    site_id: Mapped[UUID]
    number: Mapped[str]
    issued_on: Mapped[date]
    replaced_at: Mapped[datetime | None]
