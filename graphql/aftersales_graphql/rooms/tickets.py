"""Tickets and what is on record about how one was handled."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Optional

import strawberry
from sqlalchemy import BindParameter, Boolean, ColumnElement, Integer, and_, case, cast, extract
from strawberry.scalars import JSON

from aftersales.tickets import models
from aftersales_graphql.machine.declare import (
    Columns,
    Filter,
    Scope,
    connection,
    entity,
    find,
    many,
    one,
    sql,
)
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.assets import Asset
from aftersales_graphql.rooms.commitments import Alarm, Commitment
from aftersales_graphql.rooms.contracts import ServiceContract
from aftersales_graphql.rooms.journal import Event
from aftersales_graphql.rooms.notices import Notice
from aftersales_graphql.rooms.parties import Contact, Customer, ServiceUnit, Site
from aftersales_graphql.rooms.visibility import staff_only, through_ticket, ticket_seen
from aftersales_graphql.rooms.work import Engineer, ServiceAppointment, WorkOrder

if TYPE_CHECKING:
    from aftersales_graphql.rooms.inspections import InspectionFinding


def _is_open(row: Columns, value: BindParameter[bool], scope: Scope) -> ColumnElement[bool]:
    return cast(row["state"].in_(models.OPEN_STATES), Boolean) == value


def _overdue(row: Columns, value: BindParameter[bool], scope: Scope) -> ColumnElement[bool]:
    late = and_(row["state"].in_(models.OPEN_STATES), row["next_due_at"].is_not(None), row["next_due_at"] < scope.now)
    return cast(late, Boolean) == value


def _minutes(row: Columns, scope: Scope) -> ColumnElement[int]:
    elapsed = extract("epoch", row["ended_at"] - row["started_at"]) / 60
    return case((row["ended_at"].is_(None), None), else_=cast(elapsed, Integer))


def _restore_seconds(row: Columns, scope: Scope) -> ColumnElement[int]:
    return cast(extract("epoch", row["restored_at"] - row["crashed_at"]), Integer)


@entity(models.TicketGrading, visible=staff_only)
class TicketGrading(Node):
    """A grade that was given, from which facts, by which rule or whom."""

    at: datetime
    grade: str | None
    previous_grade: str | None
    facts: JSON
    decided_by: str
    reason: str
    clause: str | None
    actor: str


@entity(models.CallRecord, visible=staff_only)
class CallRecord(Node):
    """The record of a call."""

    at: datetime
    direction: str
    handler_name: str
    caller: str
    phone: str | None
    notes: str


@entity(models.ChannelAttempt, visible=through_ticket)
class ChannelAttempt(Node):
    """A try to solve the ticket on a step of the ladder."""

    step: str
    outcome: str
    started_at: datetime
    ended_at: datetime
    notes: str
    override_reason: str | None
    actor: str


@entity(models.RemoteAuthorisation, visible=through_ticket)
class RemoteAuthorisation(Node):
    """The customer's permission to enter its system."""

    granted_by: str
    granted_through: str
    purpose: str
    valid_from: datetime
    valid_until: datetime
    revoked_at: datetime | None


@entity(models.RemoteSession, visible=through_ticket)
class RemoteSession(Node):
    """A remote session under an authorisation, with its log."""

    started_at: datetime
    ended_at: datetime | None
    minutes: int | None = sql(_minutes, description="Length in whole minutes; null while it is open.")
    log: str
    code_changed: bool
    change_record: str | None
    findings: str | None
    version: int
    engineer: Engineer | None = one("engineer_id")
    authorisation: RemoteAuthorisation | None = one("authorisation_id")


@entity(models.EmergencyPlan, visible=staff_only)
class EmergencyPlan(Node):
    """The emergency plan of a major incident."""

    body: str
    at: datetime
    actor: str


@entity(
    models.Ticket,
    filters=(
        "number", "kind", "channel", "vertical", "state", "step", "grade", "priority", "emergency", "customer", "asset",
        "contract", "engineer", "parent", "region_class", "queue", "reported_at", "next_due_at",
        Filter("open", bool, _is_open, "Open, in progress or waiting for the customer."),
        Filter("overdue", bool, _overdue, "Open, with a deadline in the past."),
    ),
    orders=("number", "reported_at", "next_due_at", "priority", "created_at"),
    default_order="number",
    visible=ticket_seen,
)  # fmt: skip
class Ticket(Node):
    """A request of a customer, its grade, its deadlines and everything done about it."""

    number: str
    kind: str
    channel: str
    vertical: str
    title: str
    description: str
    state: str
    step: str
    grade: str | None
    priority: int
    emergency: bool
    billable: bool
    facts: JSON
    component: str | None
    symptom: str | None
    region: str | None
    region_class: str | None
    tier: str
    work_type: str | None
    error_code: str | None
    module_code: str | None
    campaign: str | None
    queue: str | None
    cause: str | None
    measures: str | None
    reported_at: datetime
    crashed_at: datetime | None
    restored_at: datetime | None
    restore_seconds: int | None = sql(_restore_seconds, description="From crash to restoration, in seconds.")
    resolved_at: datetime | None
    closed_at: datetime | None
    customer_satisfied: bool | None
    customer_confirmed_at: datetime | None
    next_due_at: datetime | None
    version: int
    created_at: datetime
    customer: Customer | None = one("customer_id")
    contact: Contact | None = one("contact_id")
    site: Site | None = one("site_id")
    asset: Asset | None = one("asset_id")
    contract: ServiceContract | None = one("contract_id")
    service_unit: ServiceUnit | None = one("service_unit_id")
    engineer: Engineer | None = one("engineer_id")
    parent: Optional["Ticket"] = one("parent_ticket_id")
    children: list["Ticket"] = many("parent_ticket_id", order="number")
    complaint_about: Optional["Ticket"] = one("complaint_about_ticket_id")
    complaints: list["Ticket"] = many("complaint_about_ticket_id", order="number")
    commitments: list[Commitment] = many("ticket_id", order=("due_at", "created_at"), cap=40)
    alarms: list[Alarm] = many("ticket_id", order="id")
    gradings: list[TicketGrading] = many("ticket_id", order="id")
    calls: list[CallRecord] = many("ticket_id", order="id")
    attempts: list[ChannelAttempt] = many("ticket_id", order="id")
    authorisations: list[RemoteAuthorisation] = many("ticket_id", order="valid_from")
    remote_sessions: list[RemoteSession] = many("ticket_id", order="started_at")
    emergency_plans: list[EmergencyPlan] = many("ticket_id", order="at")
    work_orders: list[WorkOrder] = many("ticket_id", order="number", cap=20)
    appointments: list[ServiceAppointment] = many("ticket_id", order="window_start")
    notices: list[Notice] = many("ticket_id", order="id")
    inspection_findings: list[
        Annotated["InspectionFinding", strawberry.lazy("aftersales_graphql.rooms.inspections")]
    ] = many("ticket_id", order="at", description="The findings of inspections that opened the ticket.")
    events: Connection[Event] = connection("ticket_id")
    last_events: list[Event] = many("ticket_id", order="-id", cap=20, description="The latest events, newest first.")


@root
class TicketQueries:
    ticket: Ticket | None = find(description="One ticket by its id.")
    ticket_by_number: Ticket | None = find("number", description="One ticket by its number, T-2026-000123.")
    tickets: Connection[Ticket] = connection(description="Tickets; `filter: {open: true}, orderBy` for a worklist.")
