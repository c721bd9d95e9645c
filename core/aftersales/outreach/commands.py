"""What callers ask of outreach: one frozen Struct per operation. Days and times are local ones of the tenant."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct, field

from aftersales.outreach.rules import OutreachPhase, OutreachStaffNeed


class CreateOutreachEvent(Struct, frozen=True, kw_only=True):
    """An event in a year, owned by a department; its phases are ranges of days (A13: the year is a parameter)."""

    code: str
    year: int
    title: str
    owner_department: str
    phases: tuple[OutreachPhase, ...]
    vertical: str
    staffing: tuple[OutreachStaffNeed, ...] = ()
    clause: str | None = None


class UpdateOutreachEvent(Struct, frozen=True, kw_only=True):
    """New values; None leaves a value as it is. `plan_document_id` is the implementation plan (P02-13)."""

    outreach_event_id: UUID
    title: str | None = None
    phases: tuple[OutreachPhase, ...] | None = None
    staffing: tuple[OutreachStaffNeed, ...] | None = None
    plan_document_id: UUID | None = None
    expected_version: int | None = None


class AddOutreachPoint(Struct, frozen=True, kw_only=True):
    """A stop: a community or a market day, with its slot (`HH:MM`) and its people."""

    outreach_event_id: UUID
    kind: str
    place: str
    day: date
    starts: str
    ends: str
    region: str | None = None
    staff: tuple[str, ...] = ()


class AddOutreachStaff(Struct, frozen=True, kw_only=True):
    """Somebody whom a department sends."""

    outreach_event_id: UUID
    department: str
    name: str


class SetOutreachGood(Struct, frozen=True, kw_only=True):
    """An item of the goods list: how many are needed, how many are there."""

    outreach_event_id: UUID
    item: str
    needed: int
    in_stock: int


class PublishOutreachEvent(Struct, frozen=True, kw_only=True):
    """Issue the notice of the event."""

    outreach_event_id: UUID
    expected_version: int | None = None


class RegisterOpinion(Struct, frozen=True, kw_only=True):
    """A row of the register. With `home_visit` somebody is sent: a ticket with the channel `outreach`."""

    outreach_point_id: UUID
    name: str
    phone: str
    category: str
    content: str
    customer_id: UUID | None = None
    home_visit: bool = False
    address: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


class CloseOutreachEvent(Struct, frozen=True, kw_only=True):
    """End the event: its summary goes to the general manager's office."""

    outreach_event_id: UUID
    expected_version: int | None = None
