"""The revisits' reads."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, DateTime, Integer, Text, Uuid, bindparam, func, literal_column, or_, select

from aftersales.assets.models import Asset
from aftersales.contracts.models import ServiceContract
from aftersales.kit.statements import compiled
from aftersales.kit.unit_of_work import Connection
from aftersales.parties.models import Customer, Site
from aftersales.parties.regions import lies_in
from aftersales.revisits.models import CarePlan, Revisit, RevisitPlan, SurveyResponse
from aftersales.scope import TenantWork
from aftersales.tickets.models import Ticket

_plans: Any = RevisitPlan.__table__
_revisits: Any = Revisit.__table__
_responses: Any = SurveyResponse.__table__
_care: Any = CarePlan.__table__
_customers: Any = Customer.__table__
_sites: Any = Site.__table__
_assets: Any = Asset.__table__
_contracts: Any = ServiceContract.__table__
_tickets: Any = Ticket.__table__
_tenant = bindparam("tenant_id", type_=Uuid)
_customer = bindparam("customer_id", type_=Uuid)
CONTACTS_LIMIT = 100
"""How many of a customer's last contacts are looked at for the one that counts."""

DUE_TENANTS = (
    select(_plans.c.tenant_id, func.min(_plans.c.next_at).label("earliest"))
    .where(_plans.c.next_at <= bindparam("now", type_=DateTime(timezone=True)))
    .group_by(_plans.c.tenant_id)
    .order_by(func.min(_plans.c.next_at))
    .limit(bindparam("limit", type_=Integer))
)
"""Across tenants, for the system role alone: who has a season or period to open, the longest waiting first."""
_DUE = (
    select(_plans)
    .where(_plans.c.tenant_id == _tenant, _plans.c.next_at <= bindparam("now", type_=DateTime(timezone=True)))
    .order_by(_plans.c.next_at)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
)
_ACTIVE = (
    select(_plans)
    .where(_plans.c.tenant_id == _tenant, _plans.c.state == literal_column("'active'"))
    .order_by(_plans.c.code)
)
_KNOWN_KEYS = select(_revisits.c.key).where(
    _revisits.c.tenant_id == _tenant, _revisits.c.key == func.any(bindparam("keys", type_=ARRAY(Text)))
)
_OPEN_OF_CUSTOMER = (
    select(_revisits)
    .where(
        _revisits.c.tenant_id == _tenant,
        _revisits.c.customer_id == _customer,
        _revisits.c.state == literal_column("'open'"),
    )
    .order_by(_revisits.c.id)
    .with_for_update()
)
_OPEN_OF_TICKET = (
    select(_revisits)
    .where(
        _revisits.c.tenant_id == _tenant,
        _revisits.c.ticket_id == bindparam("ticket_id", type_=Uuid),
        _revisits.c.state == literal_column("'open'"),
    )
    .order_by(_revisits.c.id)
    .with_for_update()
)
_OPEN_OF_PLAN = (
    select(_revisits)
    .where(
        _revisits.c.tenant_id == _tenant,
        _revisits.c.plan_id == bindparam("plan_id", type_=Uuid),
        _revisits.c.state == literal_column("'open'"),
    )
    .order_by(_revisits.c.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update()
)
_CONTACTS = (
    select(_revisits.c.held_at, _revisits.c.channel, _revisits.c.record)
    .where(
        _revisits.c.tenant_id == _tenant,
        _revisits.c.customer_id == _customer,
        _revisits.c.state == literal_column("'done'"),
    )
    .order_by(_revisits.c.held_at.desc())
    .limit(CONTACTS_LIMIT)
)
_SALE = select(
    func.greatest(
        select(func.max(_assets.c.accepted_on))
        .where(_assets.c.tenant_id == _tenant, _assets.c.customer_id == _customer)
        .scalar_subquery(),
        select(func.max(_contracts.c.starts_on))
        .where(_contracts.c.tenant_id == _tenant, _contracts.c.customer_id == _customer)
        .scalar_subquery(),
    ).label("day")
)
_live_assets = (
    _assets.c.tenant_id == _tenant,
    _assets.c.customer_id == _customer,
    _assets.c.vertical == bindparam("vertical", type_=Text),
    _assets.c.state != literal_column("'retired'"),
)
_INSTALLED = select(func.min(_assets.c.installed_on).label("day")).where(*_live_assets)
_WENT_LIVE = select(
    func.least(
        select(func.min(_assets.c.attributes["went_live_on"].astext)).where(*_live_assets).scalar_subquery(),
        select(func.min(_contracts.c.start_events["go_live"].astext))
        .where(
            _contracts.c.tenant_id == _tenant,
            _contracts.c.customer_id == _customer,
            _contracts.c.vertical == bindparam("vertical", type_=Text),
        )
        .scalar_subquery(),
    ).label("day")
)
"""Days as text: ISO 8601 sorts like the days themselves."""
_CONTRACT_ON = (
    select(_contracts)
    .where(
        _contracts.c.tenant_id == _tenant,
        _contracts.c.customer_id == _customer,
        _contracts.c.vertical == bindparam("vertical", type_=Text),
        _contracts.c.starts_on <= bindparam("day", type_=Date),
        or_(_contracts.c.ends_on.is_(None), _contracts.c.ends_on >= bindparam("day", type_=Date)),
    )
    .order_by(_contracts.c.id.desc())
)
_SITES = (
    select(_sites.c.id, _sites.c.customer_id, _sites.c.region, _sites.c.tags)
    .join(_customers, (_customers.c.tenant_id == _sites.c.tenant_id) & (_customers.c.id == _sites.c.customer_id))
    .where(
        _sites.c.tenant_id == _tenant,
        _sites.c.state == literal_column("'active'"),
        _customers.c.state == literal_column("'active'"),
        select(literal_column("1"))
        .select_from(_assets)
        .where(
            _assets.c.tenant_id == _sites.c.tenant_id,
            _assets.c.site_id == _sites.c.id,
            _assets.c.vertical == bindparam("vertical", type_=Text),
            _assets.c.state != literal_column("'retired'"),
        )
        .exists(),
        _sites.c.id > bindparam("after", type_=Uuid),
    )
    .order_by(_sites.c.id)
    .limit(bindparam("limit", type_=Integer))
)
SITES_AT_ONCE = 1_000
_GUIDE = (
    select(_assets.c.installation_guide_id.label("engineer_id"))
    .where(
        _assets.c.tenant_id == _tenant,
        _assets.c.site_id == bindparam("site_id", type_=Uuid),
        _assets.c.installation_guide_id.is_not(None),
    )
    .order_by(_assets.c.id)
    .limit(1)
)
_FIRST_ENGINEER = (
    select(_tickets.c.engineer_id)
    .where(
        _tickets.c.tenant_id == _tenant,
        _tickets.c.site_id == bindparam("site_id", type_=Uuid),
        _tickets.c.engineer_id.is_not(None),
    )
    .order_by(_tickets.c.id)
    .limit(1)
)
_SATISFACTION = (
    select(_revisits.c.held_at, _revisits.c.product_score, _revisits.c.service_score, _revisits.c.score)
    .where(
        _revisits.c.tenant_id == _tenant,
        _revisits.c.customer_id == _customer,
        _revisits.c.state == literal_column("'done'"),
        or_(_revisits.c.product_score.is_not(None), _revisits.c.service_score.is_not(None)),
    )
    .order_by(_revisits.c.held_at)
)
_OF_ENGINEER = select(func.avg(_revisits.c.score).label("mean"), func.count().label("count")).where(
    _revisits.c.tenant_id == _tenant,
    _revisits.c.engineer_id == bindparam("engineer_id", type_=Uuid),
    _revisits.c.state == literal_column("'done'"),
    _revisits.c.score.is_not(None),
    _revisits.c.held_at >= bindparam("begin", type_=DateTime(timezone=True)),
    _revisits.c.held_at < bindparam("end", type_=DateTime(timezone=True)),
)
_RESPONSES = (
    select(_responses.c.scores)
    .where(_responses.c.tenant_id == _tenant, _responses.c.survey_id == bindparam("survey_id", type_=Uuid))
    .order_by(_responses.c.id)
)
_CARE_OF = select(_care).where(
    _care.c.tenant_id == _tenant,
    _care.c.customer_id == _customer,
    _care.c.year == bindparam("year", type_=Integer),
)


async def due_tenants(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """The tenants with a plan that is due; one index scan when there is none."""
    query = compiled(DUE_TENANTS)
    records = await connection.fetch(query.sql, *query.arguments({"now": now, "limit": limit}))
    return [record["tenant_id"] for record in records]


async def due_plans(uow: TenantWork, limit: int) -> list[RevisitPlan]:
    """The plans that are due, locked; those that another worker has in hand are skipped."""
    return await uow.entities(RevisitPlan, _DUE, now=uow.now, limit=limit)


async def active_plans(uow: TenantWork, *triggers: str) -> list[RevisitPlan]:
    """The plans in force, of these triggers where some are named."""
    return [plan for plan in await uow.entities(RevisitPlan, _ACTIVE) if not triggers or plan.trigger in triggers]


async def known_keys(uow: TenantWork, keys: list[str]) -> set[str]:
    """Those of the keys for which a revisit exists."""
    return {record["key"] for record in await uow.fetch(_KNOWN_KEYS, keys=keys)}


async def open_of_customer(uow: TenantWork, customer_id: UUID) -> list[Revisit]:
    """A customer's open revisits, locked."""
    return await uow.entities(Revisit, _OPEN_OF_CUSTOMER, customer_id=customer_id)


async def open_of_ticket(uow: TenantWork, ticket_id: UUID) -> list[Revisit]:
    """A ticket's open revisits, locked."""
    return await uow.entities(Revisit, _OPEN_OF_TICKET, ticket_id=ticket_id)


async def open_of_plan(uow: TenantWork, plan_id: UUID, limit: int) -> list[Revisit]:
    """What is open under a plan, locked."""
    return await uow.entities(Revisit, _OPEN_OF_PLAN, plan_id=plan_id, limit=limit)


async def contacts(uow: TenantWork, customer_id: UUID) -> list[tuple[datetime, str, str | None]]:
    """When and how a customer's counted contacts took place, and their records, the latest first."""
    records = await uow.fetch(_CONTACTS, customer_id=customer_id)
    return [(record["held_at"], record["channel"], record["record"]) for record in records]


async def last_sale(uow: TenantWork, customer_id: UUID) -> date | None:
    """The day of the customer's last acceptance or contract."""
    record = await uow.fetch_one(_SALE, customer_id=customer_id)
    return record["day"] if record else None


async def began(uow: TenantWork, customer_id: UUID, vertical: str, trigger: str) -> date | None:
    """On which day the first of a customer's assets under a vertical was installed, or went live; None before that."""
    if trigger == "installation":
        row = await uow.fetch_one(_INSTALLED, customer_id=customer_id, vertical=vertical)
        found: date | None = row["day"] if row else None
        return found
    row = await uow.fetch_one(_WENT_LIVE, customer_id=customer_id, vertical=vertical)
    return date.fromisoformat(row["day"]) if row and row["day"] else None


async def contract_on(uow: TenantWork, customer_id: UUID, vertical: str, day: date) -> ServiceContract | None:
    """A contract of the customer that holds on a day, both its end days included."""
    found = await uow.entities(ServiceContract, _CONTRACT_ON, customer_id=customer_id, vertical=vertical, day=day)
    return next(iter(found), None)


async def sites_in(
    uow: TenantWork, vertical: str, regions: tuple[str, ...], flag: str | None = None
) -> list[tuple[UUID, UUID]]:
    """Active sites with an asset of the vertical, in one of the regions (none named: anywhere), with the tag.

    Each with its customer, as ids alone: read a thousand at a time.
    """
    found: list[tuple[UUID, UUID]] = []
    after = UUID(int=0)
    while page := await uow.fetch(_SITES, vertical=vertical, after=after, limit=SITES_AT_ONCE):
        found += [
            (site["id"], site["customer_id"])
            for site in page
            if lies_in(regions, site["region"]) and (flag is None or flag in site["tags"])
        ]
        after = page[-1]["id"]
    return found


async def original_engineer(uow: TenantWork, site_id: UUID) -> UUID | None:
    """Who guided the installation at a site, else who worked on its first ticket."""
    for statement in (_GUIDE, _FIRST_ENGINEER):
        record = await uow.fetch_one(statement, site_id=site_id)
        if record is not None:
            found: UUID = record["engineer_id"]
            return found
    return None


async def satisfaction(uow: TenantWork, customer_id: UUID) -> list[Any]:
    """What a customer said of product and service, in order."""
    return await uow.fetch(_SATISFACTION, customer_id=customer_id)


async def score_of_engineer(uow: TenantWork, engineer_id: UUID, begin: datetime, end: datetime) -> tuple[Any, int]:
    """Mean and number of the scores that customers gave for an engineer's work."""
    record = await uow.fetch_one(_OF_ENGINEER, engineer_id=engineer_id, begin=begin, end=end)
    return (record["mean"], record["count"]) if record else (None, 0)


async def answers(uow: TenantWork, survey_id: UUID) -> list[dict[str, int]]:
    """The scores of every answer to a survey."""
    return [record["scores"] for record in await uow.fetch(_RESPONSES, survey_id=survey_id)]


async def care_plan_of(uow: TenantWork, customer_id: UUID, year: int) -> CarePlan | None:
    """A customer's care plan of a year."""
    return await uow.entity(CarePlan, _CARE_OF, customer_id=customer_id, year=year)
