"""Releases, the customers' choices, what is installed, and the backlog."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric
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
from aftersales.kit.storage_errors import on_unique
from aftersales.terms.upgrades import RELEASE_KINDS, RELEASE_SUBJECTS
from aftersales.upgrades.rules import CHOICE_STATES

MONEY = Numeric(14, 2)
CHANNELS = ("remote", "on_site")
INSTALLED_BY = ("release", "customisation")

on_unique("uq_product_releases_tenant_id_vertical_asset_type_release", "RELEASE_TAKEN", "release")
on_unique("uq_release_choices_tenant_id_asset_id_release_id", "RELEASE_CHOSEN_MEANWHILE", "releaseId")


class ProductRelease(TenantRow, Versioned, Base):
    """An upgrade, a patch or an expansion of a product; `release` is its number, such as `5.1`."""

    __tablename__ = "product_releases"
    __table_args__ = (
        tenant_unique("vertical", "asset_type", "release"),
        one_of("kind", RELEASE_KINDS),
        one_of("subject", RELEASE_SUBJECTS),
        one_of("state", ("published", "withdrawn")),
    )

    vertical: Mapped[str]
    asset_type: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    release: Mapped[str]
    title: Mapped[str]
    notes: Mapped[str] = mapped_column(default="")
    fixes: Mapped[list[str]]
    state: Mapped[str] = mapped_column(default="published")
    published_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class ReleaseChoice(TenantRow, Versioned, Base):
    """What a customer decided about a release for an asset; no row: the choice is still open.

    `fee` is what it cost the customer, known from the installation on; `clause` and `basis` say why.
    """

    __tablename__ = "release_choices"
    __table_args__ = (
        tenant_unique("asset_id", "release_id"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("release_id", to="product_releases"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("quote_id", to="quotes"),
        one_of("state", CHOICE_STATES),
        one_of("basis", ("free", "quote")),
        one_of("channel", CHANNELS),
        CheckConstraint("fee >= 0", name="fee_amount"),
    )

    asset_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    release_id: Mapped[UUID]
    ticket_id: Mapped[UUID | None]
    quote_id: Mapped[UUID | None]
    state: Mapped[str]
    basis: Mapped[str]
    clause: Mapped[str | None]
    channel: Mapped[str]
    fee: Mapped[Decimal | None] = mapped_column(MONEY)
    currency: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    planned_at: Mapped[datetime | None]
    decided_at: Mapped[datetime]
    decided_by: Mapped[str]
    installed_at: Mapped[datetime | None]


class InstalledVersion(TenantRow, Base):
    """A version that an asset got; the latest one is what it runs. `version_tag` names a customer's own version."""

    __tablename__ = "installed_versions"
    __table_args__ = (
        tenant_reference("asset_id", to="assets"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("release_id", to="product_releases"),
        tenant_index("ix_installed_versions_asset", "asset_id", "installed_at", "id"),
        one_of("origin", INSTALLED_BY),
    )
    append_only: ClassVar[bool] = True

    asset_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    release_id: Mapped[UUID | None]
    origin: Mapped[str]
    version_tag: Mapped[str]
    installed_at: Mapped[datetime]
    actor: Mapped[str]


class BacklogItem(TenantRow, Versioned, Base):
    """A problem seen in a quarter, by its cause, that a release is to mend (P01-24)."""

    __tablename__ = "backlog_items"
    __table_args__ = (
        tenant_unique("vertical", "cause", "year", "quarter"),
        tenant_reference("release_id", to="product_releases"),
        one_of("state", ("open", "released")),
        CheckConstraint("quarter between 1 and 4", name="quarter_number"),
    )

    vertical: Mapped[str]
    cause: Mapped[str]
    year: Mapped[int]
    quarter: Mapped[int]
    tickets: Mapped[int]
    state: Mapped[str] = mapped_column(default="open")
    release_id: Mapped[UUID | None]
    created_at: Mapped[datetime]


class BacklogTicket(TenantRow, Base):
    """A ticket that an item of the backlog comes from."""

    __tablename__ = "backlog_tickets"
    __table_args__ = (
        tenant_unique("item_id", "ticket_id"),
        tenant_reference("item_id", to="backlog_items"),
        tenant_reference("ticket_id", to="tickets"),
    )

    item_id: Mapped[UUID]
    ticket_id: Mapped[UUID]
