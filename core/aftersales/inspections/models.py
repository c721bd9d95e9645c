"""Checklists of the company's own, inspections with their answers, and findings."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
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
from aftersales.terms.checklists import CONSEQUENCES, SEVERITIES

VALUE = Numeric(18, 6)

on_unique("uq_checklist_templates_tenant_id_vertical_code_version", "CHECKLIST_VERSION_TAKEN", "code")


class ChecklistTemplate(TenantRow, Base):
    """A version of a company's own checklist; the highest is the one that counts, the others stay readable."""

    __tablename__ = "checklist_templates"
    __table_args__ = (tenant_unique("vertical", "code", "version"), CheckConstraint("version > 0", name="version"))
    append_only: ClassVar[bool] = True

    vertical: Mapped[str]
    code: Mapped[str]
    version: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    items: Mapped[list[dict[str, Any]]]
    standard: Mapped[str | None]
    clause: Mapped[str | None]
    created_at: Mapped[datetime]
    actor: Mapped[str]


class Inspection(TenantRow, Versioned, Base):
    """A checklist about one thing, with the items as they were when it was begun."""

    __tablename__ = "inspections"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("site_id", to="sites"),
        tenant_reference("contract_id", to="service_contracts"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("work_order_id", to="work_orders"),
        tenant_reference("appointment_id", to="service_appointments"),
        tenant_reference("machine_id", to="site_machines"),
        tenant_reference("shift_id", to="site_shifts"),
        tenant_index("ix_inspections_asset", "asset_id", "id"),
        tenant_index("ix_inspections_site", "site_id", "id"),
        tenant_index("ix_inspections_shift", "shift_id", "machine_id"),
        one_of("state", ("open", "completed", "cancelled")),
        one_of("moment", ("before_shift", "after_shift")),
    )

    number: Mapped[str]
    vertical: Mapped[str]
    checklist: Mapped[str]
    checklist_version: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    clause: Mapped[str | None]
    standard: Mapped[str | None]
    moment: Mapped[str | None]
    items: Mapped[list[dict[str, Any]]]
    customer_id: Mapped[UUID | None]
    asset_id: Mapped[UUID | None]
    site_id: Mapped[UUID | None]
    contract_id: Mapped[UUID | None]
    ticket_id: Mapped[UUID | None]
    work_order_id: Mapped[UUID | None]
    appointment_id: Mapped[UUID | None]
    machine_id: Mapped[UUID | None]
    shift_id: Mapped[UUID | None]
    person: Mapped[str | None]
    inspector: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    passed: Mapped[bool | None]
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]


class InspectionAnswer(TenantRow, Base):
    """What was found at an item. `asset_id` and `at` let the values of an asset be read as a series."""

    __tablename__ = "inspection_answers"
    __table_args__ = (
        tenant_unique("inspection_id", "item"),
        tenant_reference("inspection_id", to="inspections"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("document_id", to="documents"),
        tenant_reference("file_id", to="stored_files"),
        tenant_index("ix_inspection_answers_trend", "asset_id", "item", "at"),
    )

    inspection_id: Mapped[UUID]
    asset_id: Mapped[UUID | None]
    item: Mapped[str]
    passed: Mapped[bool | None]
    number: Mapped[Decimal | None] = mapped_column(VALUE)
    choice: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    photo: Mapped[str | None]
    document_id: Mapped[UUID | None]
    file_id: Mapped[UUID | None]
    at: Mapped[datetime]
    actor: Mapped[str]


class Finding(TenantRow, Base):
    """A failed item, or what was found besides; with what it led to. Corrected when the item passes after all."""

    __tablename__ = "inspection_findings"
    __table_args__ = (
        tenant_reference("inspection_id", to="inspections"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("work_order_id", to="work_orders"),
        tenant_reference("hazard_id", to="hazards"),
        tenant_reference("machine_id", to="site_machines"),
        tenant_index("ix_inspection_findings_inspection", "inspection_id", "id"),
        tenant_index("ix_inspection_findings_ticket", "ticket_id"),
        one_of("severity", SEVERITIES),
        one_of("consequence", CONSEQUENCES),
        one_of("state", ("open", "corrected")),
    )

    inspection_id: Mapped[UUID]
    customer_id: Mapped[UUID | None]
    item: Mapped[str | None]
    description: Mapped[str]
    severity: Mapped[str]
    consequence: Mapped[str]
    clause: Mapped[str | None]
    advice_zh: Mapped[str | None]
    advice_en: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")
    ticket_id: Mapped[UUID | None]
    work_order_id: Mapped[UUID | None]
    hazard_id: Mapped[UUID | None]
    machine_id: Mapped[UUID | None]
    at: Mapped[datetime]
