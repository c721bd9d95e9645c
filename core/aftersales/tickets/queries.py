"""Everything the tickets room reads."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Text,
    Uuid,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from aftersales.assets.models import Arrival, Asset
from aftersales.journal.models import Event
from aftersales.parties.models import Contact, Customer, ServiceUnit, Site
from aftersales.scope import TenantWork
from aftersales.tickets.closing_rules import Evidence
from aftersales.tickets.ladder_rules import Attempt
from aftersales.tickets.models import (
    OPEN_STATES,
    CallRecord,
    ChannelAttempt,
    EmergencyPlan,
    EngineerRejection,
    RemoteAuthorisation,
    RemoteSession,
    Ticket,
)
from aftersales.work.models import Engineer, ServiceAppointment, WorkOrder

_arrivals: Any = Arrival.__table__
_customers: Any = Customer.__table__
_contacts: Any = Contact.__table__
_sites: Any = Site.__table__
_assets: Any = Asset.__table__
_units: Any = ServiceUnit.__table__
_tickets: Any = Ticket.__table__
_attempts: Any = ChannelAttempt.__table__
_calls: Any = CallRecord.__table__
_plans: Any = EmergencyPlan.__table__
_sessions: Any = RemoteSession.__table__
_authorisations: Any = RemoteAuthorisation.__table__
_rejections: Any = EngineerRejection.__table__
_orders: Any = WorkOrder.__table__
_visits: Any = ServiceAppointment.__table__
_events: Any = Event.__table__
_engineers: Any = Engineer.__table__

_tenant = bindparam("tenant_id", type_=Uuid)


def _still_open(tickets: Any) -> Any:
    """The condition of the partial index, in literals: PostgreSQL can't match it with parameters."""
    return tickets.c.state.in_([literal_column(f"'{state}'") for state in OPEN_STATES])


def _intake() -> Any:
    """One row about everything that intake refers to; a thing that doesn't exist leaves its columns empty."""
    asked = {
        name: bindparam(name, type_=Uuid) for name in ("asset_id", "site_id", "contact_id", "parent_id", "about_id")
    }
    asset = _assets.alias("asset")
    site = _sites.alias("site")
    contact = _contacts.alias("contact")
    parent = _tickets.alias("parent")
    about = _tickets.alias("about")
    joined = (
        _customers.outerjoin(asset, and_(asset.c.tenant_id == _tenant, asset.c.id == asked["asset_id"]))
        .outerjoin(
            site,
            and_(site.c.tenant_id == _tenant, site.c.id == func.coalesce(asked["site_id"], asset.c.site_id)),
        )
        .outerjoin(contact, and_(contact.c.tenant_id == _tenant, contact.c.id == asked["contact_id"]))
        .outerjoin(parent, and_(parent.c.tenant_id == _tenant, parent.c.id == asked["parent_id"]))
        .outerjoin(about, and_(about.c.tenant_id == _tenant, about.c.id == asked["about_id"]))
    )
    return (
        select(
            _customers.c.state.label("customer_state"),
            _customers.c.tier.label("tier"),
            _customers.c.region.label("customer_region"),
            asset.c.customer_id.label("asset_customer"),
            asset.c.vertical.label("asset_vertical"),
            asset.c.asset_type.label("asset_type"),
            asset.c.state.label("asset_state"),
            asset.c.accepted_on.label("asset_accepted_on"),
            asset.c.attributes.label("asset_attributes"),
            site.c.id.label("site_id"),
            site.c.customer_id.label("site_customer"),
            site.c.region.label("site_region"),
            contact.c.customer_id.label("contact_customer"),
            parent.c.customer_id.label("parent_customer"),
            about.c.customer_id.label("about_customer"),
        )
        .select_from(joined)
        .where(_customers.c.tenant_id == _tenant, _customers.c.id == bindparam("customer_id", type_=Uuid))
    )


_INTAKE = _intake()


async def intake_context(
    uow: TenantWork,
    *,
    customer_id: UUID,
    asset_id: UUID | None,
    site_id: UUID | None,
    contact_id: UUID | None,
    parent_id: UUID | None,
    about_id: UUID | None,
) -> asyncpg.Record | None:
    """Customer, asset, site, contact and related tickets in one row; None when the customer doesn't exist."""
    return await uow.fetch_one(
        _INTAKE,
        customer_id=customer_id,
        asset_id=asset_id,
        site_id=site_id,
        contact_id=contact_id,
        parent_id=parent_id,
        about_id=about_id,
    )


def _senders() -> Any:
    address = bindparam("address", type_=Text)
    writing = and_(
        _contacts.c.tenant_id == _tenant,
        _contacts.c.customer_id == _customers.c.id,
        func.lower(_contacts.c.email) == address,
    )
    return (
        select(_customers.c.id.label("customer_id"), _contacts.c.id.label("contact_id"))
        .select_from(_customers.outerjoin(_contacts, writing))
        .where(
            _customers.c.tenant_id == _tenant,
            _customers.c.state == "active",
            or_(_contacts.c.id.is_not(None), func.lower(_customers.c.email) == address),
        )
        .order_by(_customers.c.id, _contacts.c.id)
    )


_SENDERS = _senders()


async def senders(uow: TenantWork, address: str) -> list[tuple[UUID, UUID | None]]:
    """The active customers, with the contacts, that have this address (in lower case)."""
    return [(row["customer_id"], row["contact_id"]) for row in await uow.fetch(_SENDERS, address=address)]


def _serving_unit() -> Any:
    """The asked unit; without one the nearest that serves the region, else headquarters."""
    asked = bindparam("unit_id", type_=Uuid)
    member = func.jsonb_array_elements_text(_units.c.regions).table_valued("value").alias("member")
    reach = (
        select(func.max(func.length(member.c.value)))
        .select_from(member)
        .where(func.starts_with(bindparam("region", type_=Text), member.c.value))
        .scalar_subquery()
    )
    candidate = (
        select(
            _units.c.id,
            _units.c.kind,
            _units.c.hotline,
            _units.c.on_call,
            _units.c.level,
            func.coalesce(reach, 0).label("reach"),
        )
        .where(_units.c.tenant_id == _tenant, _units.c.state == "active")
        .subquery("candidate")
    )
    serves = or_(candidate.c.reach > 0, candidate.c.kind == "headquarters")
    return (
        select(candidate)
        .where(or_(candidate.c.id == asked, and_(asked.is_(None), serves)))
        .order_by(candidate.c.reach.desc(), candidate.c.level, candidate.c.id)
        .limit(1)
    )


_SERVING_UNIT = _serving_unit()


async def serving_unit(uow: TenantWork, *, region: str | None, unit_id: UUID | None) -> asyncpg.Record | None:
    """Id, hotline and on-call number of the unit that serves; `reach` is how closely its regions name the place."""
    return await uow.fetch_one(_SERVING_UNIT, region=region, unit_id=unit_id)


_ATTEMPTS = (
    select(_attempts.c.step, _attempts.c.outcome)
    .where(_attempts.c.tenant_id == _tenant, _attempts.c.ticket_id == bindparam("ticket_id", type_=Uuid))
    .order_by(_attempts.c.id)
)


async def attempts_of(uow: TenantWork, ticket_id: UUID) -> list[Attempt]:
    """What was tried on the ladder, in order."""
    rows = await uow.fetch(_ATTEMPTS, ticket_id=ticket_id)
    return [Attempt(step=row["step"], outcome=row["outcome"]) for row in rows]


_SERVES = (
    select(_tickets.c.id)
    .where(
        _tickets.c.tenant_id == _tenant,
        _tickets.c.customer_id == bindparam("customer_id", type_=Uuid),
        _tickets.c.service_unit_id == bindparam("unit_id", type_=Uuid),
    )
    .limit(1)
)


async def serves(uow: TenantWork, *, unit_id: UUID, customer_id: UUID) -> bool:
    """Whether the unit has, or had, a ticket of the customer."""
    return await uow.fetch_one(_SERVES, customer_id=customer_id, unit_id=unit_id) is not None


def _count(table: Any, *conditions: Any) -> Any:
    return (
        select(func.count())
        .select_from(table)
        .where(table.c.tenant_id == _tenant, table.c.ticket_id == bindparam("ticket_id", type_=Uuid), *conditions)
        .scalar_subquery()
    )


def _latest(column: Any, *conditions: Any) -> Any:
    table = column.table
    return (
        select(func.max(column))
        .where(table.c.tenant_id == _tenant, table.c.ticket_id == bindparam("ticket_id", type_=Uuid), *conditions)
        .scalar_subquery()
    )


_EVIDENCE = select(
    _count(_calls).label("call_records"),
    _count(_plans).label("emergency_plans"),
    _count(_orders, _orders.c.state == "signed_off").label("signed_off_orders"),
    # An engineer at the customer's site, or the customer's asset at the workshop.
    (_count(_visits, _visits.c.arrived_at.is_not(None)) + _count(_arrivals)).label("arrivals"),
    _latest(_calls.c.at, _calls.c.direction == "inbound").label("last_contact_at"),
    func.greatest(
        _latest(_calls.c.at, _calls.c.direction == "outbound"),
        _latest(_attempts.c.ended_at, _attempts.c.outcome != "skipped"),
    ).label("last_reply_at"),
    _count(_sessions, _sessions.c.ended_at.is_(None)).label("open_sessions"),
    (
        select(func.count())
        .select_from(_tickets)
        .where(
            _tickets.c.tenant_id == _tenant,
            _tickets.c.parent_ticket_id == bindparam("ticket_id", type_=Uuid),
            or_(_still_open(_tickets), _tickets.c.state == "resolved"),
        )
        .scalar_subquery()
    ).label("open_children"),
)


async def evidence_of(uow: TenantWork, ticket: Ticket) -> tuple[Evidence, int, int]:
    """What is on record about a ticket, its open remote sessions and its open children."""
    row = await uow.fetch_one(_EVIDENCE, ticket_id=ticket.id)
    assert row is not None  # noqa: S101 - a select of scalars always has a row
    replies: list[datetime] = [at for at in (row["last_reply_at"], ticket.acknowledged_at) if at is not None]
    evidence = Evidence(
        call_records=row["call_records"],
        cause=ticket.cause,
        measures=ticket.measures,
        customer_satisfied=ticket.customer_satisfied,
        emergency_plans=row["emergency_plans"],
        signed_off_orders=row["signed_off_orders"],
        arrivals=row["arrivals"],
        last_contact_at=max(
            at for at in (row["last_contact_at"], ticket.reported_at, ticket.customer_replied_at) if at is not None
        ),
        last_reply_at=max(replies, default=None),
    )
    return evidence, row["open_sessions"], row["open_children"]


_PLANS = select(_count(_plans).label("plans"))


async def has_emergency_plan(uow: TenantWork, ticket_id: UUID) -> bool:
    """Whether an emergency plan is on record."""
    row = await uow.fetch_one(_PLANS, ticket_id=ticket_id)
    return row is not None and row["plans"] > 0


_AUTHORISATIONS = (
    select(_authorisations)
    .where(_authorisations.c.tenant_id == _tenant, _authorisations.c.ticket_id == bindparam("ticket_id", type_=Uuid))
    .order_by(_authorisations.c.id)
)


async def authorisations_of(uow: TenantWork, ticket_id: UUID) -> list[RemoteAuthorisation]:
    """The customer's permissions for remote work on a ticket, oldest first."""
    return await uow.entities(RemoteAuthorisation, _AUTHORISATIONS, ticket_id=ticket_id)


_CLOSED_SESSIONS = select(_count(_sessions, _sessions.c.ended_at.is_not(None)).label("sessions"))


async def has_closed_session(uow: TenantWork, ticket_id: UUID) -> bool:
    """Whether a remote session was held and ended."""
    row = await uow.fetch_one(_CLOSED_SESSIONS, ticket_id=ticket_id)
    return row is not None and row["sessions"] > 0


_REJECTED = select(_rejections.c.engineer_id).where(
    _rejections.c.tenant_id == _tenant, _rejections.c.ticket_id == bindparam("ticket_id", type_=Uuid)
)


async def rejected_engineers(uow: TenantWork, ticket_id: UUID) -> frozenset[UUID]:
    """The engineers that the customer doesn't want on this ticket (P10-32); dispatch leaves them out as well."""
    return frozenset(row["engineer_id"] for row in await uow.fetch(_REJECTED, ticket_id=ticket_id))


_REJECTED_UNITS = (
    select(_engineers.c.service_unit_id)
    .join(
        _rejections,
        and_(_rejections.c.tenant_id == _engineers.c.tenant_id, _rejections.c.engineer_id == _engineers.c.id),
    )
    .where(
        _engineers.c.tenant_id == _tenant,
        _rejections.c.ticket_id == bindparam("ticket_id", type_=Uuid),
        _engineers.c.service_unit_id.is_not(None),
    )
)


async def units_of_rejected(uow: TenantWork, ticket_id: UUID) -> frozenset[UUID]:
    """The teams of the rejected engineers: a complaint about one of them isn't theirs to handle (P10-31)."""
    return frozenset(row["service_unit_id"] for row in await uow.fetch(_REJECTED_UNITS, ticket_id=ticket_id))


def _ancestors() -> Any:
    start = (
        select(_tickets.c.id, _tickets.c.parent_ticket_id)
        .where(_tickets.c.tenant_id == _tenant, _tickets.c.id == bindparam("ticket_id", type_=Uuid))
        .cte("ancestors", recursive=True)
    )
    upper = _tickets.alias("upper")
    above = select(upper.c.id, upper.c.parent_ticket_id).where(
        upper.c.tenant_id == _tenant, upper.c.id == start.c.parent_ticket_id
    )
    return select(start.union(above).c.id)


_ANCESTORS = _ancestors()


async def with_ancestors(uow: TenantWork, ticket_id: UUID) -> frozenset[UUID]:
    """The ticket and all tickets above it."""
    return frozenset(row["id"] for row in await uow.fetch(_ANCESTORS, ticket_id=ticket_id))


_MILESTONES = (
    select(_events.c.data["milestone"].astext.label("milestone"), func.min(_events.c.at).label("at"))
    .where(
        _events.c.tenant_id == _tenant,
        _events.c.ticket_id == bindparam("ticket_id", type_=Uuid),
        _events.c.kind == "ticket.milestone",
    )
    .group_by(literal_column("milestone"))
)


async def milestones_of(uow: TenantWork, ticket_id: UUID) -> dict[str, datetime]:
    """When each milestone was first reached."""
    return {row["milestone"]: row["at"] for row in await uow.fetch(_MILESTONES, ticket_id=ticket_id)}


_OPEN_IN_ORDER = (
    select(_tickets)
    .where(_tickets.c.tenant_id == _tenant, _still_open(_tickets))
    .order_by(_tickets.c.next_due_at, _tickets.c.id)
    .limit(bindparam("first"))
)


async def open_by_due(uow: TenantWork, first: int) -> list[Ticket]:
    """Open tickets, the earliest deadline first, those without one last."""
    return await uow.entities(Ticket, _OPEN_IN_ORDER, first=first)
