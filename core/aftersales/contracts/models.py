"""Signed sets of terms, their history, what they make due, and the dealers' agreements."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, text
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
on_unique("uq_contract_approvals_tenant_id_contract_id_step_party", "APPROVED_ALREADY", "step")
on_unique("uq_dealer_agreements_tenant_id_number", "AGREEMENT_NUMBER_TAKEN", "number")


class ServiceContract(TenantRow, Versioned, Base):
    """A customer's contract under a vertical.

    `terms_id` names the terms that were signed; `contracts.terms.terms_of` gives them. `terms` holds what was agreed
    apart from them, such as targets of its own (`targets`: SlaTarget values with source `contract`), `fields` what
    the text leaves to the contract. `start_events` says on which local day each event of its life happened, `phase`
    where it stands; `free_until` is the last day of its longest term, and at `phase_due_at` the phase after it begins
    by itself. `revision` counts what was signed, amended and renewed; the present one holds from `effective_from`.
    `coming` is an amendment that was agreed and begins to count on `coming_on`, at `coming_at`.
    """

    __tablename__ = "service_contracts"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("service_plan_id", to="service_plans"),
        tenant_reference("terms_id", to="term_snapshots"),
        tenant_index("ix_service_contracts_customer", "customer_id"),
        tenant_index(
            "ix_service_contracts_phase_due", "phase_due_at", postgresql_where=text("phase_due_at is not null")
        ),
        tenant_index("ix_service_contracts_coming", "coming_at", postgresql_where=text("coming_at is not null")),
        one_of("state", ("active", "pending", "ended")),
        CheckConstraint("ends_on > starts_on", name="period"),
        CheckConstraint("revision > 0", name="revision_positive"),
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
    service_plan_id: Mapped[UUID | None]
    terms_id: Mapped[UUID | None]
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    effective_from: Mapped[date | None]
    phase: Mapped[str | None]
    phase_since: Mapped[date | None]
    phase_due_at: Mapped[datetime | None]
    free_until: Mapped[date | None]
    start_events: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    coming: Mapped[dict[str, Any] | None]
    coming_on: Mapped[date | None]
    coming_at: Mapped[datetime | None]


class ContractRevision(TenantRow, Base):
    """What a contract said from a day on: who changed it, when, why, and what differs from the one before."""

    __tablename__ = "contract_revisions"
    __table_args__ = (
        tenant_reference("contract_id", to="service_contracts"),
        tenant_reference("terms_id", to="term_snapshots"),
        tenant_unique("contract_id", "revision"),
        one_of("kind", ("signed", "amended", "renewed")),
        CheckConstraint("revision > 0", name="revision_positive"),
    )
    append_only: ClassVar[bool] = True

    contract_id: Mapped[UUID]
    revision: Mapped[int]
    kind: Mapped[str]
    effective_from: Mapped[date]
    ends_on: Mapped[date | None]
    terms_id: Mapped[UUID | None]
    terms: Mapped[dict[str, Any]]
    fields: Mapped[dict[str, Any]]
    differences: Mapped[list[dict[str, Any]]]
    reason: Mapped[str]
    actor: Mapped[str]
    recorded_at: Mapped[datetime]


class ContractApproval(TenantRow, Base):
    """A party's yes to a step of a contract's life, or to the contract itself (`step` = contract)."""

    __tablename__ = "contract_approvals"
    __table_args__ = (
        tenant_reference("contract_id", to="service_contracts"),
        tenant_unique("contract_id", "step", "party"),
        one_of("party", ("company", "customer")),
    )
    append_only: ClassVar[bool] = True

    contract_id: Mapped[UUID]
    step: Mapped[str]
    party: Mapped[str]
    evidence: Mapped[str]
    actor: Mapped[str]
    approved_at: Mapped[datetime]


class ContractTask(TenantRow, Versioned, Base):
    """Something that a contract made due once; its deadline is a commitment with this task as the subject."""

    __tablename__ = "contract_tasks"
    __table_args__ = (
        tenant_reference("contract_id", to="service_contracts"),
        tenant_unique("contract_id", "task"),
        one_of("state", ("open", "done", "cancelled")),
    )

    contract_id: Mapped[UUID]
    task: Mapped[str]
    name: Mapped[str]
    clause: Mapped[str | None]
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[str] = mapped_column(default="open")
    created_at: Mapped[datetime]


class DealerAgreement(TenantRow, Versioned, Base):
    """A sales agreement with a dealer; without one that is valid on a day the dealer has no standing on it (P15-02)."""

    __tablename__ = "dealer_agreements"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("service_unit_id", to="service_units"),
        tenant_index("ix_dealer_agreements_unit", "service_unit_id"),
        CheckConstraint("ends_on > starts_on", name="period"),
    )

    service_unit_id: Mapped[UUID]
    number: Mapped[str]
    title: Mapped[str]
    regions: Mapped[list[str]] = mapped_column(default=list)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
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
