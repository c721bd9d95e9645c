"""What callers ask of work: one frozen Struct per operation. Instants are tz-aware; left out, they mean now."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from msgspec import Struct


class CreateEngineer(Struct, frozen=True, kw_only=True):
    """A person who is sent to work; `regions` are the GB/T 2260 prefixes served."""

    code: str
    name: str
    phone: str | None = None
    email: str | None = None
    member_id: UUID | None = None
    service_unit_id: UUID | None = None
    party: Literal["company", "agent"] = "company"
    skills: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


class UpdateEngineer(Struct, frozen=True, kw_only=True):
    """New values; None leaves a value as it is."""

    engineer_id: UUID
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    service_unit_id: UUID | None = None
    party: Literal["company", "agent"] | None = None
    skills: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None
    active: bool | None = None
    expected_version: int | None = None


class AddCertificate(Struct, frozen=True, kw_only=True):
    """A certificate and its last valid day (P05-12)."""

    engineer_id: UUID
    certificate: str
    number: str
    valid_until: date


class CreateWorkOrder(Struct, frozen=True, kw_only=True):
    """Work that a ticket needs; without a type of the vertical any engineer may do it."""

    ticket_id: UUID
    work_type: str | None = None
    instructions: str = ""


class AddWorkOrderLine(Struct, frozen=True, kw_only=True):
    """Labour, a part or travel."""

    work_order_id: UUID
    kind: Literal["labour", "part", "travel"]
    description: str
    quantity: Decimal = Decimal(1)
    substitute_for: str | None = None
    """The part in whose place another one is fitted (P01-13)."""
    expected_version: int | None = None


class WorkOrderCommand(Struct, frozen=True, kw_only=True):
    """The work order that an operation is about."""

    work_order_id: UUID
    expected_version: int | None = None


class CompleteWorkOrder(WorkOrderCommand, frozen=True, kw_only=True):
    """The work is done: what the cause was and what was done about it."""

    cause: str
    measures: str


class SignOffWorkOrder(WorkOrderCommand, frozen=True, kw_only=True):
    """The customer's person who signed for the work."""

    signed_off_by: str
    at: datetime | None = None


class CancelWorkOrder(WorkOrderCommand, frozen=True, kw_only=True):
    """The work isn't needed."""

    reason: str


class PlanAppointment(WorkOrderCommand, frozen=True, kw_only=True):
    """Who goes in which window."""

    engineer_id: UUID
    window_start: datetime
    window_end: datetime


class AppointmentCommand(Struct, frozen=True, kw_only=True):
    """The visit that an operation is about."""

    appointment_id: UUID
    expected_version: int | None = None


class DispatchAppointment(AppointmentCommand, frozen=True, kw_only=True):
    """The engineer is sent off."""

    at: datetime | None = None


class RecordArrival(AppointmentCommand, frozen=True, kw_only=True):
    """The engineer is on site."""

    at: datetime | None = None


class FinishAppointment(AppointmentCommand, frozen=True, kw_only=True):
    """The engineer leaves; what was found and done."""

    at: datetime | None = None
    notes: str = ""


class CancelAppointment(AppointmentCommand, frozen=True, kw_only=True):
    """The visit doesn't take place, with its cause; what it was for stays owed.

    `missed`: nobody came. `refused`: the customer turned the engineer away.
    """

    reason: str
    missed: bool = False
    refused: bool = False


class ConfirmAppointment(AppointmentCommand, frozen=True, kw_only=True):
    """The customer agrees to the window; `confirmed_by` is who said so, by default the caller."""

    confirmed_by: str | None = None


class MoveAppointment(AppointmentCommand, frozen=True, kw_only=True):
    """Another window for a visit. One that the customer chooses is confirmed with it."""

    window_start: datetime
    window_end: datetime


class ProposeEngineers(Struct, frozen=True, kw_only=True):
    """Who could go for a ticket in a window; without `work_type` the ticket's own counts."""

    ticket_id: UUID
    window_start: datetime
    window_end: datetime
    work_type: str | None = None
