"""What a customer owns and the company serves, with its parts."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

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

on_unique("uq_assets_tenant_id_number", "ASSET_NUMBER_TAKEN", "number")


class Asset(TenantRow, Versioned, Base):
    """A product in a customer's hands. `attributes` fit the Struct that its vertical declares for the type.

    `accepted_on` is the acceptance date from which most terms run; `usage` is the last meter reading in the unit
    of its vertical (kilometres, operating hours).
    """

    __tablename__ = "assets"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("site_id", to="sites"),
        tenant_reference("parent_asset_id", to="assets"),
        tenant_index("ix_assets_customer", "customer_id"),
        tenant_index("ix_assets_parent", "parent_asset_id"),
        one_of("state", ("in_service", "out_of_service", "retired")),
    )

    number: Mapped[str]
    name: Mapped[str]
    vertical: Mapped[str]
    asset_type: Mapped[str]
    customer_id: Mapped[UUID]
    site_id: Mapped[UUID | None]
    parent_asset_id: Mapped[UUID | None]
    serial: Mapped[str | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    installed_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    usage: Mapped[int | None]
    remote_allowed: Mapped[bool] = mapped_column(default=True)
    installation_guide_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default="in_service")
    created_at: Mapped[datetime]


class AssetComponent(TenantRow, Versioned, Base):
    """A part of an asset that its vertical names (`tank`, `bracket`), with its own serial and installation date."""

    __tablename__ = "asset_components"
    __table_args__ = (
        tenant_reference("asset_id", to="assets"),
        tenant_index("ix_asset_components_asset", "asset_id"),
    )

    asset_id: Mapped[UUID]
    component: Mapped[str]
    serial: Mapped[str | None]
    installed_on: Mapped[date | None]
    replaced_on: Mapped[date | None]


class Arrival(TenantRow, Base):
    """A customer's arrival with an asset at a workshop (P06-03): recorded at once, passed on to the dealer system."""

    __tablename__ = "arrivals"
    __table_args__ = (
        tenant_reference("asset_id", to="assets"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_index("ix_arrivals_asset", "asset_id", "id"),
        one_of("synchronisation", ("queued", "done")),
    )

    asset_id: Mapped[UUID]
    service_unit_id: Mapped[UUID | None]
    arrived_at: Mapped[datetime]
    usage: Mapped[int | None]
    ticket_id: Mapped[UUID | None]
    synchronisation: Mapped[str] = mapped_column(default="queued")
