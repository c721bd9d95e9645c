"""Signed sets of terms."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
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

on_unique("uq_service_contracts_tenant_id_number", "CONTRACT_NUMBER_TAKEN", "number")


class ServiceContract(TenantRow, Versioned, Base):
    """A customer's contract under a vertical. `terms` holds what was agreed apart from the Playbook, such as
    targets of its own (`targets`: SlaTarget values with source `contract`).
    """

    __tablename__ = "service_contracts"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("customer_id", to="customers"),
        tenant_index("ix_service_contracts_customer", "customer_id"),
        one_of("state", ("active", "ended")),
        CheckConstraint("ends_on > starts_on", name="period"),
    )

    number: Mapped[str]
    title: Mapped[str]
    vertical: Mapped[str]
    customer_id: Mapped[UUID]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    playbook_key: Mapped[str]
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[datetime]


class ContractLine(TenantRow, Base):
    """What a contract covers: one asset, or every asset of a type."""

    __tablename__ = "contract_lines"
    __table_args__ = (
        tenant_reference("contract_id", to="service_contracts"),
        tenant_reference("asset_id", to="assets"),
        tenant_index("ix_contract_lines_contract", "contract_id"),
        tenant_index("ix_contract_lines_asset", "asset_id"),
    )

    contract_id: Mapped[UUID]
    asset_id: Mapped[UUID | None]
    asset_type: Mapped[str | None]
