"""The reads of planned work."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ARRAY, Date, DateTime, Integer, Text, Uuid, and_, any_, bindparam, false, func, or_, select

from aftersales.assets.models import Asset
from aftersales.contracts.models import ContractLine, ServiceContract
from aftersales.parties.models import Customer, ServiceUnit, Site
from aftersales.planned.models import LoggedOccurrence, MaintenancePlan, MaintenanceRule, PlannedObligation
from aftersales.planned.values import BY_METER
from aftersales.scope import TenantWork
from aftersales.work.models import Engineer, EngineerCertificate, ServiceAppointment

_plans: Any = MaintenancePlan.__table__
_rules: Any = MaintenanceRule.__table__
_owed: Any = PlannedObligation.__table__
_occurrences: Any = LoggedOccurrence.__table__
_assets: Any = Asset.__table__
_sites: Any = Site.__table__
_customers: Any = Customer.__table__
_contracts: Any = ServiceContract.__table__
_lines: Any = ContractLine.__table__
_engineers: Any = Engineer.__table__
_certificates: Any = EngineerCertificate.__table__
_units: Any = ServiceUnit.__table__
_visits: Any = ServiceAppointment.__table__

_tenant = bindparam("tenant_id", type_=Uuid)
_ids = bindparam("ids", type_=ARRAY(Uuid))
_limit = bindparam("limit", type_=Integer)
MOST_RULES = 500
MOST_OCCURRENCES = 500

DUE_TENANTS = (
    select(_plans.c.tenant_id, func.min(_plans.c.next_at).label("earliest"))
    .where(_plans.c.next_at <= bindparam("now", type_=DateTime(timezone=True)))
    .group_by(_plans.c.tenant_id)
    .order_by(func.min(_plans.c.next_at))
    .limit(_limit)
)
"""Across tenants, for the system role alone: whose horizon reached something new, the longest waiting first."""

REMINDING_TENANTS = (
    select(_owed.c.tenant_id, func.min(_owed.c.remind_at).label("earliest"))
    .where(_owed.c.remind_at <= bindparam("now", type_=DateTime(timezone=True)))
    .group_by(_owed.c.tenant_id)
    .order_by(func.min(_owed.c.remind_at))
    .limit(_limit)
)
"""Across tenants, for the system role alone: who has customers to remind, the longest waiting first."""
_TO_REMIND = (
    select(_owed)
    .where(_owed.c.tenant_id == _tenant, _owed.c.remind_at <= bindparam("now", type_=DateTime(timezone=True)))
    .order_by(_owed.c.remind_at, _owed.c.id)
    .limit(_limit)
    .with_for_update(skip_locked=True)
)
_DUE = (
    select(_plans)
    .where(_plans.c.tenant_id == _tenant, _plans.c.next_at <= bindparam("now", type_=DateTime(timezone=True)))
    .order_by(_plans.c.next_at)
    .limit(_limit)
    .with_for_update(skip_locked=True)
)
_PLANS_OF = select(_plans).where(_plans.c.tenant_id == _tenant, _plans.c.subject_id == any_(_ids)).order_by(_plans.c.id)
_PLANS_IN_HAND = _PLANS_OF.with_for_update()
_PLANS_OF_CUSTOMER = (
    select(_plans)
    .where(_plans.c.tenant_id == _tenant, _plans.c.customer_id == bindparam("customer_id", type_=Uuid))
    .order_by(_plans.c.id)
    .limit(_limit)
)
_parents: Any = _assets.alias("parents")
_SUBJECTS = (
    select(
        _assets,
        _parents.c.attributes.label("parent_attributes"),
        _parents.c.accepted_on.label("parent_accepted_on"),
        _parents.c.installed_on.label("parent_installed_on"),
        func.coalesce(_sites.c.region, _customers.c.region).label("region"),
    )
    .join(_customers, and_(_customers.c.tenant_id == _assets.c.tenant_id, _customers.c.id == _assets.c.customer_id))
    .outerjoin(_sites, and_(_sites.c.tenant_id == _assets.c.tenant_id, _sites.c.id == _assets.c.site_id))
    .outerjoin(_parents, and_(_parents.c.tenant_id == _assets.c.tenant_id, _parents.c.id == _assets.c.parent_asset_id))
    .where(_assets.c.tenant_id == _tenant, _assets.c.id == any_(_ids))
)
_REGIONS = select(_customers.c.id, _customers.c.region).where(
    _customers.c.tenant_id == _tenant, _customers.c.id == any_(_ids)
)
_today = bindparam("today", type_=Date)
_covered = _lines.join(
    _contracts, and_(_contracts.c.tenant_id == _lines.c.tenant_id, _contracts.c.id == _lines.c.contract_id)
).join(
    _assets,
    and_(
        _assets.c.tenant_id == _contracts.c.tenant_id,
        _assets.c.customer_id == _contracts.c.customer_id,
        _assets.c.vertical == _contracts.c.vertical,
        or_(
            _lines.c.asset_id == _assets.c.id,
            and_(_lines.c.asset_id.is_(None), _lines.c.asset_type == _assets.c.asset_type),
        ),
    ),
)
_CONTRACT_OF = (
    select(_assets.c.id.label("asset_id"), _contracts.c.id.label("contract_id"))
    .select_from(_covered)
    .where(_assets.c.tenant_id == _tenant, _lines.c.tenant_id == _tenant, _assets.c.id == any_(_ids))
    .order_by(
        _assets.c.id,
        func.coalesce(_contracts.c.ends_on < _today, false()),
        _contracts.c.starts_on > _today,
        _lines.c.asset_id.is_(None),
        _contracts.c.starts_on.desc(),
        _contracts.c.number.desc(),
    )
)
_CONTRACTS = select(_contracts).where(_contracts.c.tenant_id == _tenant, _contracts.c.id == any_(_ids))
_WITH_LINES = (
    select(_lines.c.contract_id).distinct().where(_lines.c.tenant_id == _tenant, _lines.c.contract_id == any_(_ids))
)
_COVERED_BY = (
    select(_assets.c.id, _assets.c.customer_id, _assets.c.vertical)
    .select_from(_covered)
    .where(
        _assets.c.tenant_id == _tenant,
        _lines.c.tenant_id == _tenant,
        _contracts.c.id == bindparam("contract_id", type_=Uuid),
        _assets.c.id > bindparam("after", type_=Uuid),
    )
    .distinct()
    .order_by(_assets.c.id)
    .limit(_limit)
)
_OF_VERTICAL = (
    select(_assets.c.id, _assets.c.customer_id, _assets.c.vertical)
    .where(
        _assets.c.tenant_id == _tenant,
        _assets.c.vertical == bindparam("vertical", type_=Text),
        _assets.c.state != "retired",
        _assets.c.id > bindparam("after", type_=Uuid),
    )
    .order_by(_assets.c.id)
    .limit(_limit)
)
_PARTS_OF = (
    select(_assets.c.id, _assets.c.customer_id, _assets.c.vertical)
    .where(
        _assets.c.tenant_id == _tenant,
        _assets.c.parent_asset_id == bindparam("parent_id", type_=Uuid),
        _assets.c.state != "retired",
        _assets.c.id > bindparam("after", type_=Uuid),
    )
    .order_by(_assets.c.id)
    .limit(_limit)
)
_CONTRACT_PLANS = (
    select(_plans)
    .where(
        _plans.c.tenant_id == _tenant,
        _plans.c.vertical == bindparam("vertical", type_=Text),
        _plans.c.asset_id.is_(None),
        _plans.c.id > bindparam("after", type_=Uuid),
    )
    .order_by(_plans.c.id)
    .limit(_limit)
    .with_for_update()
)
_RULES = select(_rules).where(_rules.c.tenant_id == _tenant).order_by(_rules.c.effective_from, _rules.c.id)
_RULES_OF = _RULES.where(
    _rules.c.vertical == bindparam("vertical", type_=Text), _rules.c.code == bindparam("code", type_=Text)
).with_for_update()
_HAPPENED = (
    select(_occurrences)
    .where(_occurrences.c.tenant_id == _tenant, _occurrences.c.happened_on >= bindparam("since", type_=Date))
    .order_by(_occurrences.c.happened_on.desc(), _occurrences.c.id)
    .limit(MOST_OCCURRENCES)
)
_STORED = (
    select(_owed)
    .where(
        _owed.c.tenant_id == _tenant,
        _owed.c.plan_id == any_(_ids),
        or_(
            _owed.c.due_on.is_(None),
            _owed.c.due_on >= bindparam("since", type_=Date),
            _owed.c.occurrence.startswith(BY_METER),
            _owed.c.occurrence == any_(bindparam("occurrences", type_=ARRAY(Text))),
        ),
    )
    .order_by(_owed.c.id)
    .with_for_update()
)
_DONE = select(_owed.c.plan_id, _owed.c.rule, _owed.c.occurrence, _owed.c.planned_on, _owed.c.done_on).where(
    _owed.c.tenant_id == _tenant,
    _owed.c.plan_id == any_(_ids),
    _owed.c.state == "done",
    _owed.c.planned_on.is_not(None),
)
_BETWEEN = (
    select(_owed)
    .where(
        _owed.c.tenant_id == _tenant,
        _owed.c.plan_id == any_(_ids),
        _owed.c.due_on.between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
    )
    .order_by(_owed.c.due_on, _owed.c.id)
)
_OF_TICKET = (
    select(_owed)
    .where(_owed.c.tenant_id == _tenant, _owed.c.ticket_id == bindparam("ticket_id", type_=Uuid))
    .order_by(_owed.c.id)
    .with_for_update()
)
_OF_RULE = (
    select(_owed)
    .where(
        _owed.c.tenant_id == _tenant,
        _owed.c.plan_id == bindparam("plan_id", type_=Uuid),
        _owed.c.code == bindparam("code", type_=Text),
        _owed.c.state != "withdrawn",
    )
    .order_by(_owed.c.id)
)
_OPEN_BETWEEN = (
    select(_owed)
    .where(
        _owed.c.tenant_id == _tenant,
        _owed.c.state == "open",
        _owed.c.due_on.between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
    )
    .order_by(_owed.c.due_on, _owed.c.id)
    .limit(_limit)
)
_LIVE_VISITS = select(func.count().label("count")).where(
    _visits.c.tenant_id == _tenant,
    _visits.c.ticket_id == bindparam("ticket_id", type_=Uuid),
    _visits.c.id != bindparam("other_than", type_=Uuid),
    or_(*[_visits.c.state == state for state in ("planned", "dispatched", "arrived", "done")]),
)


def _board() -> Any:
    begin = bindparam("begin", type_=DateTime(timezone=True))
    end = bindparam("end", type_=DateTime(timezone=True))
    held = (
        select(_certificates.c.certificate, func.max(_certificates.c.valid_until).label("valid_until"))
        .where(_certificates.c.tenant_id == _tenant, _certificates.c.engineer_id == _engineers.c.id)
        .group_by(_certificates.c.certificate)
        .correlate(_engineers)
        .subquery("held")
    )
    visit = (
        select(
            _visits.c.id,
            _visits.c.ticket_id,
            _visits.c.window_start,
            _visits.c.window_end,
            _visits.c.state,
            _visits.c.confirmed_at.is_not(None).label("confirmed"),
        )
        .where(
            _visits.c.tenant_id == _tenant,
            _visits.c.engineer_id == _engineers.c.id,
            _visits.c.window_start < end,
            _visits.c.window_end > begin,
            or_(*[_visits.c.state == state for state in ("planned", "dispatched", "arrived", "done")]),
        )
        .order_by(_visits.c.window_start)
        .correlate(_engineers)
        .subquery("visit")
    )
    row = func.jsonb_build_array(
        visit.c.id, visit.c.ticket_id, visit.c.window_start, visit.c.window_end, visit.c.state, visit.c.confirmed
    )
    return (
        select(
            _engineers,
            _units.c.name.label("unit"),
            _units.c.authorised,
            select(func.jsonb_object_agg(held.c.certificate, held.c.valid_until)).scalar_subquery().label("held"),
            select(func.jsonb_agg(row)).select_from(visit).scalar_subquery().label("visits"),
        )
        .outerjoin(
            _units, and_(_units.c.tenant_id == _engineers.c.tenant_id, _units.c.id == _engineers.c.service_unit_id)
        )
        .where(_engineers.c.tenant_id == _tenant, _engineers.c.state == "active")
        .order_by(_engineers.c.code)
    )


_BOARD = _board()


async def due_plans(uow: TenantWork, limit: int) -> list[MaintenancePlan]:
    """The plans to look at now, longest waiting first, locked; what another worker has in hand is skipped."""
    return await uow.entities(MaintenancePlan, _DUE, now=uow.now, limit=limit)


async def to_remind(uow: TenantWork, limit: int) -> list[PlannedObligation]:
    """What customers have to be reminded of now, longest waiting first, locked; others' are skipped."""
    return await uow.entities(PlannedObligation, _TO_REMIND, now=uow.now, limit=limit)


async def plans_of(uow: TenantWork, subjects: Sequence[UUID]) -> list[MaintenancePlan]:
    """The plans of assets or contracts, as far as there are any."""
    return await uow.entities(MaintenancePlan, _PLANS_OF, ids=list(subjects))


async def plans_in_hand(uow: TenantWork, subjects: Sequence[UUID]) -> list[MaintenancePlan]:
    """The plans of assets or contracts, locked; waits for a planner that has one in hand."""
    return await uow.entities(MaintenancePlan, _PLANS_IN_HAND, ids=list(subjects))


async def plans_of_customer(uow: TenantWork, customer_id: UUID, limit: int) -> list[MaintenancePlan]:
    """A customer's plans, at most `limit`."""
    return await uow.entities(MaintenancePlan, _PLANS_OF_CUSTOMER, customer_id=customer_id, limit=limit)


async def assets_of(uow: TenantWork, ids: Sequence[UUID]) -> dict[UUID, asyncpg.Record]:
    """The assets with the region of their site, else of their customer, and what their parents tell."""
    return {row["id"]: row for row in await uow.fetch(_SUBJECTS, ids=list(ids))}


async def regions_of(uow: TenantWork, customers: Sequence[UUID]) -> dict[UUID, str | None]:
    """The customers' regions."""
    return {row["id"]: row["region"] for row in await uow.fetch(_REGIONS, ids=list(customers))}


async def contract_of_assets(uow: TenantWork, ids: Sequence[UUID], today: date) -> dict[UUID, UUID]:
    """Which contract each asset is planned under: one in force before one that will be, before one that was."""
    rows = await uow.fetch(_CONTRACT_OF, ids=list(ids), today=today)
    found: dict[UUID, UUID] = {}
    for row in rows:
        found.setdefault(row["asset_id"], row["contract_id"])
    return found


async def contracts(uow: TenantWork, ids: Sequence[UUID]) -> dict[UUID, ServiceContract]:
    """The contracts of these ids."""
    return {row.id: row for row in await uow.entities(ServiceContract, _CONTRACTS, ids=list(ids))}


async def with_lines(uow: TenantWork, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the contracts that cover something in particular."""
    return frozenset(row["contract_id"] for row in await uow.fetch(_WITH_LINES, ids=list(ids)))


async def covered_by(uow: TenantWork, contract_id: UUID, after: UUID, limit: int) -> list[asyncpg.Record]:
    """The assets that a contract covers, in the order of their ids behind `after`."""
    return await uow.fetch(_COVERED_BY, contract_id=contract_id, after=after, limit=limit)


async def assets_of_vertical(uow: TenantWork, vertical: str, after: UUID, limit: int) -> list[asyncpg.Record]:
    """A vertical's assets in service, in the order of their ids behind `after`."""
    return await uow.fetch(_OF_VERTICAL, vertical=vertical, after=after, limit=limit)


async def parts_of(uow: TenantWork, parent_id: UUID, after: UUID, limit: int) -> list[asyncpg.Record]:
    """The assets in service that are parts of another, in the order of their ids behind `after`."""
    return await uow.fetch(_PARTS_OF, parent_id=parent_id, after=after, limit=limit)


async def contract_plans(uow: TenantWork, vertical: str, after: UUID, limit: int) -> list[MaintenancePlan]:
    """The plans of whole contracts under a vertical, behind `after`."""
    return await uow.entities(MaintenancePlan, _CONTRACT_PLANS, vertical=vertical, after=after, limit=limit)


async def own_rules(uow: TenantWork) -> list[MaintenanceRule]:
    """The tenant's own rules, in the order in which they came into force."""
    return await uow.entities(MaintenanceRule, _RULES)


async def rules_of(uow: TenantWork, vertical: str, code: str) -> list[MaintenanceRule]:
    """The tenant's rules of one code, locked."""
    return await uow.entities(MaintenanceRule, _RULES_OF, vertical=vertical, code=code)


async def happened_since(uow: TenantWork, since: date) -> list[LoggedOccurrence]:
    """What was logged from a day on, the latest first; at most 500."""
    return await uow.entities(LoggedOccurrence, _HAPPENED, since=since)


async def stored(
    uow: TenantWork, plans: Sequence[UUID], since: date, occurrences: Sequence[str]
) -> dict[UUID, list[PlannedObligation]]:
    """By plan: what is stored without a due day, or due from a day on, or under one of these keys."""
    found: dict[UUID, list[PlannedObligation]] = {}
    rows = await uow.entities(
        PlannedObligation, _STORED, ids=list(plans), since=since, occurrences=list(occurrences)
    )  # fmt: skip
    for row in rows:
        found.setdefault(row.plan_id, []).append(row)
    return found


async def done_of(uow: TenantWork, plans: Sequence[UUID]) -> list[asyncpg.Record]:
    """When what was due was done."""
    return await uow.fetch(_DONE, ids=list(plans))


async def between(uow: TenantWork, plans: Sequence[UUID], first: date, last: date) -> list[PlannedObligation]:
    """What of plans is stored as due between two days."""
    return await uow.entities(PlannedObligation, _BETWEEN, ids=list(plans), first=first, last=last)


async def of_ticket(uow: TenantWork, ticket_id: UUID) -> list[PlannedObligation]:
    """What a ticket's visit is for, locked."""
    return await uow.entities(PlannedObligation, _OF_TICKET, ticket_id=ticket_id)


async def of_rule(uow: TenantWork, plan_id: UUID, code: str) -> list[PlannedObligation]:
    """Everything of one cadence in a plan that wasn't withdrawn."""
    return await uow.entities(PlannedObligation, _OF_RULE, plan_id=plan_id, code=code)


async def open_between(uow: TenantWork, first: date, last: date, limit: int) -> list[PlannedObligation]:
    """What is due between two days and has no visit yet."""
    return await uow.entities(PlannedObligation, _OPEN_BETWEEN, first=first, last=last, limit=limit)


async def has_live_visit(uow: TenantWork, ticket_id: UUID, other_than: UUID) -> bool:
    """Whether a ticket has another visit that will be, is, or was made."""
    row = await uow.fetch_one(_LIVE_VISITS, ticket_id=ticket_id, other_than=other_than)
    return bool(row and row["count"])


async def board(uow: TenantWork, begin: datetime, end: datetime) -> list[asyncpg.Record]:
    """Every active engineer with unit, certificates, and visits that share time with the stretch; one statement."""
    return await uow.fetch(_BOARD, begin=begin, end=end)
