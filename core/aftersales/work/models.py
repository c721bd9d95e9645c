"""Who does the work and how it is ordered: engineers, work orders, appointments."""

from datetime import date, datetime
from decimal import Decimal
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

on_unique("uq_engineers_tenant_id_code", "ENGINEER_CODE_TAKEN", "code")


class Engineer(TenantRow, Versioned, Base):
    """A person who is sent to work: skills, regions served (GB/T 2260 prefixes), the unit they belong to."""

    __tablename__ = "engineers"
    __table_args__ = (
        tenant_unique("code"),
        tenant_reference("service_unit_id", to="service_units"),
        one_of("party", ("company", "agent")),
        one_of("state", ("active", "inactive")),
    )

    code: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    member_id: Mapped[UUID | None]
    service_unit_id: Mapped[UUID | None]
    party: Mapped[str] = mapped_column(default="company")
    skills: Mapped[list[str]] = mapped_column(default=list)
    regions: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="active")


class EngineerCertificate(TenantRow, Base):
    """A certificate with its last valid day; special work is refused without a valid one (P05-12)."""

    __tablename__ = "engineer_certificates"
    __table_args__ = (
        tenant_reference("engineer_id", to="engineers"),
        tenant_index("ix_engineer_certificates_engineer", "engineer_id"),
    )

    engineer_id: Mapped[UUID]
    certificate: Mapped[str]
    number: Mapped[str]
    valid_until: Mapped[date]


class WorkOrder(TenantRow, Versioned, Base):
    """Work that a ticket needs, with who signed it off.

    `contract_task_id` is what a contract made due and this order is for, `due_on` its last day where it has one.
    """

    __tablename__ = "work_orders"
    __table_args__ = (
        tenant_unique("number"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("contract_task_id", to="contract_tasks"),
        tenant_index("ix_work_orders_ticket", "ticket_id", "id"),
        tenant_index("ix_work_orders_contract_task", "contract_task_id"),
        one_of("state", ("open", "done", "signed_off", "cancelled")),
    )

    number: Mapped[str]
    ticket_id: Mapped[UUID]
    work_type: Mapped[str]
    instructions: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="open")
    cause: Mapped[str | None]
    measures: Mapped[str | None]
    signed_off_by: Mapped[str | None]
    signed_off_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    due_on: Mapped[date | None]
    contract_task_id: Mapped[UUID | None]


class WorkOrderLine(TenantRow, Base):
    """Labour, a part or travel on a work order."""

    __tablename__ = "work_order_lines"
    __table_args__ = (
        tenant_reference("work_order_id", to="work_orders"),
        tenant_index("ix_work_order_lines_order", "work_order_id", "id"),
        one_of("kind", ("labour", "part", "travel")),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    work_order_id: Mapped[UUID]
    kind: Mapped[str]
    description: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Numeric(12, 3))
    substitute_for: Mapped[str | None]


class ServiceAppointment(TenantRow, Versioned, Base):
    """A visit: who goes, in which window, when they left, arrived and finished.

    `confirmed_at` is when the customer agreed to the window, `confirmed_by` who said so.
    """

    __tablename__ = "service_appointments"
    __table_args__ = (
        tenant_reference("work_order_id", to="work_orders"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_reference("engineer_id", to="engineers"),
        tenant_index("ix_service_appointments_ticket", "ticket_id", "id"),
        tenant_index("ix_service_appointments_engineer", "engineer_id", "window_start"),
        tenant_index("ix_service_appointments_window", "window_start"),
        one_of("state", ("planned", "dispatched", "arrived", "done", "cancelled", "missed", "refused")),
        one_of("party", ("company", "agent")),
        CheckConstraint("window_end > window_start", name="window"),
    )

    work_order_id: Mapped[UUID]
    ticket_id: Mapped[UUID]
    engineer_id: Mapped[UUID]
    party: Mapped[str] = mapped_column(default="company")
    window_start: Mapped[datetime]
    window_end: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="planned")
    dispatched_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None]
    notes: Mapped[str] = mapped_column(default="")
