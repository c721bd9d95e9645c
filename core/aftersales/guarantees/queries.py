"""The guarantees' reads."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Text, Uuid, bindparam, func, select

from aftersales.guarantees.measures import Transition
from aftersales.guarantees.models import (
    GuaranteeCheck,
    GuaranteeCount,
    GuaranteeDowntime,
    GuaranteeIncident,
    GuaranteeRemedy,
)
from aftersales.safety.models import Hazard, SafetyViolation
from aftersales.scope import TenantWork

_counts: Any = GuaranteeCount.__table__
_downtimes: Any = GuaranteeDowntime.__table__
_incidents: Any = GuaranteeIncident.__table__
_checks: Any = GuaranteeCheck.__table__
_remedies: Any = GuaranteeRemedy.__table__
_hazards: Any = Hazard.__table__
_violations: Any = SafetyViolation.__table__
_tenant = bindparam("tenant_id", type_=Uuid)
_guarantee = bindparam("guarantee_id", type_=Uuid)
EVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Later than anything in a ledger."""

_COUNTS = (
    select(_counts)
    .where(
        _counts.c.tenant_id == _tenant,
        _counts.c.guarantee_id == _guarantee,
        _counts.c.counted_on <= bindparam("until", type_=Date),
    )
    .order_by(_counts.c.checkpoint_on, _counts.c.id)
)
_LEDGER = (
    select(_downtimes.c.at, _downtimes.c.state, _downtimes.c.planned)
    .where(
        _downtimes.c.tenant_id == _tenant,
        _downtimes.c.guarantee_id == _guarantee,
        _downtimes.c.at < bindparam("until", type_=DateTime(timezone=True)),
    )
    .order_by(_downtimes.c.at, _downtimes.c.id)
)
_HAPPENED = (
    select(_incidents.c.category, func.count().label("count"))
    .where(
        _incidents.c.tenant_id == _tenant,
        _incidents.c.guarantee_id == _guarantee,
        _incidents.c.at >= bindparam("begin", type_=DateTime(timezone=True)),
        _incidents.c.at < bindparam("end", type_=DateTime(timezone=True)),
    )
    .group_by(_incidents.c.category)
)
_HAZARDS = select(func.count().label("count")).where(
    _hazards.c.tenant_id == _tenant,
    _hazards.c.site_id == bindparam("site_id", type_=Uuid),
    _hazards.c.found_at >= bindparam("begin", type_=DateTime(timezone=True)),
    _hazards.c.found_at < bindparam("end", type_=DateTime(timezone=True)),
)
_VIOLATIONS = select(func.count().label("count")).where(
    _violations.c.tenant_id == _tenant,
    _violations.c.site_id == bindparam("site_id", type_=Uuid),
    _violations.c.at >= bindparam("begin", type_=DateTime(timezone=True)),
    _violations.c.at < bindparam("end", type_=DateTime(timezone=True)),
)
_CHECK = select(_checks.c.id).where(
    _checks.c.tenant_id == _tenant,
    _checks.c.guarantee_id == _guarantee,
    _checks.c.checkpoint_on == bindparam("checkpoint_on", type_=Date),
)
_OWED = select(func.coalesce(func.sum(_remedies.c.quantity), 0).label("owed")).where(
    _remedies.c.tenant_id == _tenant,
    _remedies.c.guarantee_id == _guarantee,
    _remedies.c.state == bindparam("state", type_=Text),
)


async def counts_until(uow: TenantWork, guarantee_id: UUID, until: date) -> list[GuaranteeCount]:
    """The counts taken up to a day: one for each checkpoint, the latest, in the order of checkpoints."""
    found = await uow.entities(GuaranteeCount, _COUNTS, guarantee_id=guarantee_id, until=until)
    return list({count.checkpoint_on: count for count in found}.values())


async def ledger_until(uow: TenantWork, guarantee_id: UUID, until: datetime) -> list[Transition]:
    """The downtime ledger before an instant, in order."""
    rows = await uow.fetch(_LEDGER, guarantee_id=guarantee_id, until=until)
    return [Transition(at=row["at"], state=row["state"], planned=row["planned"]) for row in rows]


async def incidents_between(uow: TenantWork, guarantee_id: UUID, begin: datetime, end: datetime) -> dict[str, int]:
    """How often what must not happen did, by category."""
    rows = await uow.fetch(_HAPPENED, guarantee_id=guarantee_id, begin=begin, end=end)
    return {row["category"]: row["count"] for row in rows}


async def hazards_between(uow: TenantWork, site_id: UUID, begin: datetime, end: datetime) -> int:
    """How many hazards were found on a site."""
    row = await uow.fetch_one(_HAZARDS, site_id=site_id, begin=begin, end=end)
    return int(row["count"]) if row else 0


async def violations_between(uow: TenantWork, site_id: UUID, begin: datetime, end: datetime) -> int:
    """How many violations were recorded on a site."""
    row = await uow.fetch_one(_VIOLATIONS, site_id=site_id, begin=begin, end=end)
    return int(row["count"]) if row else 0


async def is_decided(uow: TenantWork, guarantee_id: UUID, checkpoint_on: date) -> bool:
    """Whether the checkpoint has its verdict."""
    return await uow.fetch_one(_CHECK, guarantee_id=guarantee_id, checkpoint_on=checkpoint_on) is not None


async def owed(uow: TenantWork, guarantee_id: UUID) -> int:
    """How many plants are still to be replaced."""
    row = await uow.fetch_one(_OWED, guarantee_id=guarantee_id, state="due")
    return int(row["owed"]) if row else 0
