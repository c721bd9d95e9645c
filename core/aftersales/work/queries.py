"""The work room's reads."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Uuid, and_, bindparam, exists, func, literal_column, select

from aftersales.parties.models import ServiceUnit
from aftersales.scope import TenantWork
from aftersales.tickets.models import EngineerRejection
from aftersales.work.models import Engineer, EngineerCertificate, ServiceAppointment
from aftersales.work.rules import EngineerFacts

_engineers: Any = Engineer.__table__
_certificates: Any = EngineerCertificate.__table__
_visits: Any = ServiceAppointment.__table__
_units: Any = ServiceUnit.__table__
_rejections: Any = EngineerRejection.__table__

_tenant = bindparam("tenant_id", type_=Uuid)
_window_start = bindparam("window_start", type_=DateTime(timezone=True))
_window_end = bindparam("window_end", type_=DateTime(timezone=True))

TAKING_TIME: Sequence[str] = ("planned", "dispatched", "arrived")
"""States of a visit that keep its engineer busy for its window."""


def _busy(engineer_id: Any) -> Any:
    return and_(
        _visits.c.tenant_id == _tenant,
        _visits.c.engineer_id == engineer_id,
        _visits.c.state.in_([literal_column(f"'{state}'") for state in TAKING_TIME]),
        _visits.c.window_start < _window_end,
        _visits.c.window_end > _window_start,
    )


_OF_TICKET = (
    select(_visits)
    .where(_visits.c.tenant_id == _tenant, _visits.c.ticket_id == bindparam("ticket_id", type_=Uuid))
    .order_by(_visits.c.id)
    .with_for_update()
)

_OVERLAPPING = select(func.count().label("count")).where(
    _busy(bindparam("engineer_id", type_=Uuid)), _visits.c.id != bindparam("other_than", type_=Uuid)
)
NO_VISIT = UUID(int=0)

_CERTIFICATES = (
    select(_certificates.c.certificate, func.max(_certificates.c.valid_until).label("valid_until"))
    .where(_certificates.c.tenant_id == _tenant, _certificates.c.engineer_id == bindparam("engineer_id", type_=Uuid))
    .group_by(_certificates.c.certificate)
)

_UNFINISHED = select(func.count().label("count")).where(
    _visits.c.tenant_id == _tenant,
    _visits.c.work_order_id == bindparam("work_order_id", type_=Uuid),
    _visits.c.state.in_([literal_column(f"'{state}'") for state in TAKING_TIME]),
)


def _roster() -> Any:
    held = (
        select(_certificates.c.certificate, func.max(_certificates.c.valid_until).label("valid_until"))
        .where(_certificates.c.tenant_id == _tenant, _certificates.c.engineer_id == _engineers.c.id)
        .group_by(_certificates.c.certificate)
        .correlate(_engineers)
        .subquery("held")
    )
    certificates = select(func.jsonb_object_agg(held.c.certificate, held.c.valid_until)).scalar_subquery()
    day_start = bindparam("day_start", type_=DateTime(timezone=True))
    day_end = bindparam("day_end", type_=DateTime(timezone=True))
    load = (
        select(func.count())
        .where(
            _visits.c.tenant_id == _tenant,
            _visits.c.engineer_id == _engineers.c.id,
            _visits.c.state.in_([literal_column(f"'{state}'") for state in (*TAKING_TIME, "done")]),
            _visits.c.window_start < day_end,
            _visits.c.window_end > day_start,
        )
        .correlate(_engineers)
        .scalar_subquery()
    )
    rejected = (
        exists()
        .where(
            _rejections.c.tenant_id == _tenant,
            _rejections.c.ticket_id == bindparam("ticket_id", type_=Uuid),
            _rejections.c.engineer_id == _engineers.c.id,
        )
        .correlate(_engineers)
    )
    return (
        select(
            _engineers,
            _units.c.level,
            certificates.label("certificates"),
            load.label("visits_that_day"),
            rejected.label("rejected"),
            exists().where(_busy(_engineers.c.id)).correlate(_engineers).label("busy"),
        )
        .outerjoin(
            _units,
            and_(_units.c.tenant_id == _engineers.c.tenant_id, _units.c.id == _engineers.c.service_unit_id),
        )
        .where(_engineers.c.tenant_id == _tenant, _engineers.c.state == "active")
    )


_ROSTER = _roster()


async def visits_of(uow: TenantWork, ticket_id: UUID) -> list[ServiceAppointment]:
    """Every visit of a ticket, in the order of planning, locked."""
    return await uow.entities(ServiceAppointment, _OF_TICKET, ticket_id=ticket_id)


async def overlapping_visits(
    uow: TenantWork, engineer_id: UUID, start: datetime, end: datetime, *, other_than: UUID = NO_VISIT
) -> int:
    """How many of an engineer's (other) visits share time with the window; windows that only touch don't."""
    row = await uow.fetch_one(
        _OVERLAPPING, engineer_id=engineer_id, window_start=start, window_end=end, other_than=other_than
    )
    return row["count"] if row else 0


async def certificates_of(uow: TenantWork, engineer_id: UUID) -> dict[str, date]:
    """The last valid day of each certificate that an engineer holds or held."""
    rows = await uow.fetch(_CERTIFICATES, engineer_id=engineer_id)
    return {row["certificate"]: row["valid_until"] for row in rows}


async def unfinished_visits(uow: TenantWork, work_order_id: UUID) -> int:
    """How many visits of a work order are planned or under way."""
    row = await uow.fetch_one(_UNFINISHED, work_order_id=work_order_id)
    return row["count"] if row else 0


async def roster(
    uow: TenantWork, *, ticket_id: UUID, window: tuple[datetime, datetime], day: tuple[datetime, datetime]
) -> list[EngineerFacts]:
    """Every active engineer with certificates, unit, load of the day, and what stands against a visit."""
    rows = await uow.fetch(
        _ROSTER,
        ticket_id=ticket_id,
        window_start=window[0],
        window_end=window[1],
        day_start=day[0],
        day_end=day[1],
    )
    return [
        EngineerFacts(
            id=row["id"],
            code=row["code"],
            name=row["name"],
            party=row["party"],
            skills=tuple(row["skills"]),
            regions=tuple(row["regions"]),
            certificates={name: date.fromisoformat(last_day) for name, last_day in (row["certificates"] or {}).items()},
            service_unit_id=row["service_unit_id"],
            level=row["level"],
            active=row["state"] == "active",
            rejected=row["rejected"],
            busy=row["busy"],
            visits_that_day=row["visits_that_day"],
        )
        for row in rows
    ]
