"""Outreach events: phases, points, staff, goods, the register of opinions, and the summary."""

from datetime import date, datetime
from typing import Any, ClassVar, get_args
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
from aftersales.outreach.rules import CATEGORIES, POINT_KINDS, EventState

on_unique("uq_outreach_events_tenant_id_code_year", "OUTREACH_EVENT_EXISTS", "code")
on_unique("uq_outreach_goods_tenant_id_event_id_item", "OUTREACH_GOOD_EXISTS", "item")


class OutreachEvent(TenantRow, Versioned, Base):
    """A campaign of service out of the house in a year; only its owning department changes it.

    `phases` are ranges of local days, both included; `staffing` says how many people which department sends.
    """

    __tablename__ = "outreach_events"
    __table_args__ = (
        tenant_unique("code", "year"),
        tenant_reference("plan_document_id", to="documents"),
        one_of("state", get_args(EventState)),
    )

    code: Mapped[str]
    year: Mapped[int]
    title: Mapped[str]
    vertical: Mapped[str]
    owner_department: Mapped[str]
    clause: Mapped[str | None]
    phases: Mapped[list[dict[str, Any]]]
    staffing: Mapped[list[dict[str, Any]]]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    plan_document_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default="draft")
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class OutreachPoint(TenantRow, Versioned, Base):
    """A stop of the itinerary: a community or a market day, where, when, with whom. Times are local, `HH:MM`."""

    __tablename__ = "outreach_points"
    __table_args__ = (
        tenant_reference("event_id", to="outreach_events"),
        tenant_index("ix_outreach_points_event", "event_id", "day"),
        one_of("kind", POINT_KINDS),
        CheckConstraint("ends > starts", name="slot"),
    )

    event_id: Mapped[UUID]
    kind: Mapped[str]
    place: Mapped[str]
    region: Mapped[str | None]
    day: Mapped[date]
    starts: Mapped[str]
    ends: Mapped[str]
    staff: Mapped[list[str]]


class OutreachStaff(TenantRow, Base):
    """Somebody whom a department sends."""

    __tablename__ = "outreach_staff"
    __table_args__ = (
        tenant_unique("event_id", "department", "name"),
        tenant_reference("event_id", to="outreach_events"),
    )

    event_id: Mapped[UUID]
    department: Mapped[str]
    name: Mapped[str]


class OutreachGood(TenantRow, Versioned, Base):
    """An item of the goods list: how many are needed, how many are in stock."""

    __tablename__ = "outreach_goods"
    __table_args__ = (
        tenant_unique("event_id", "item"),
        tenant_reference("event_id", to="outreach_events"),
        CheckConstraint("needed > 0", name="needed_positive"),
        CheckConstraint("in_stock >= 0", name="stock_not_negative"),
    )

    event_id: Mapped[UUID]
    item: Mapped[str]
    needed: Mapped[int]
    in_stock: Mapped[int]


class OutreachOpinion(TenantRow, Base):
    """A row of the register (Attachment 2): who said what, at which point, on which day.

    `known_before` says whether the company had this customer before it registered here.
    """

    __tablename__ = "outreach_opinions"
    __table_args__ = (
        tenant_reference("event_id", to="outreach_events"),
        tenant_reference("point_id", to="outreach_points"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("ticket_id", to="tickets"),
        tenant_index("ix_outreach_opinions_event", "event_id", "id"),
        one_of("category", CATEGORIES),
    )
    append_only: ClassVar[bool] = True

    event_id: Mapped[UUID]
    point_id: Mapped[UUID]
    day: Mapped[date]
    name: Mapped[str]
    phone: Mapped[str]
    category: Mapped[str]
    content: Mapped[str]
    customer_id: Mapped[UUID | None]
    known_before: Mapped[bool]
    ticket_id: Mapped[UUID | None]
    at: Mapped[datetime]
    actor: Mapped[str]
