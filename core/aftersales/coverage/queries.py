"""The coverage room's reads."""

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Date, Integer, Text, Uuid, and_, bindparam, case, func, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on

from aftersales.assets.models import Asset, AssetComponent
from aftersales.contracts.models import ContractLine, ServiceContract
from aftersales.coverage.models import CoverageDecision, FleetReview, QualityFinding
from aftersales.scope import TenantWork
from aftersales.tickets.models import Ticket

_findings: Any = QualityFinding.__table__
_decisions: Any = CoverageDecision.__table__
_reviews: Any = FleetReview.__table__
_tickets: Any = Ticket.__table__
_assets: Any = Asset.__table__
_parts: Any = AssetComponent.__table__
_contracts: Any = ServiceContract.__table__
_lines: Any = ContractLine.__table__

_tenant = bindparam("tenant_id", type_=Uuid)

_LATEST = (
    select(_decisions)
    .where(
        _decisions.c.tenant_id == _tenant,
        _decisions.c.ticket_id == bindparam("ticket_id", type_=Uuid),
        _decisions.c.component == bindparam("component", type_=Text),
    )
    .order_by(_decisions.c.sequence.desc())
    .limit(1)
)


async def latest(uow: TenantWork, ticket_id: UUID, component: str) -> CoverageDecision | None:
    """The decision that counts for a part of a ticket's asset."""
    return await uow.entity(CoverageDecision, _LATEST, ticket_id=ticket_id, component=component)


_OF_TICKET = (
    select(_decisions)
    .where(_decisions.c.tenant_id == _tenant, _decisions.c.ticket_id == bindparam("ticket_id", type_=Uuid))
    .ext(distinct_on(_decisions.c.component))
    .order_by(_decisions.c.component, _decisions.c.sequence.desc())
)


async def counting_of_ticket(uow: TenantWork, ticket_id: UUID) -> list[CoverageDecision]:
    """The decision that counts for each part of a ticket's asset, in the order of the parts."""
    return await uow.entities(CoverageDecision, _OF_TICKET, ticket_id=ticket_id)


_REPLACED = (
    select(_parts.c.component, func.max(_parts.c.replaced_on).label("replaced_on"))
    .where(
        _parts.c.tenant_id == _tenant,
        _parts.c.asset_id == bindparam("asset_id", type_=Uuid),
        _parts.c.replaced_on.is_not(None),
        _parts.c.replaced_on < bindparam("on", type_=Date),
    )
    .group_by(_parts.c.component)
)


async def replaced_parts(uow: TenantWork, asset_id: UUID, on: date) -> dict[str, date]:
    """When each replaced part of an asset was replaced last, before a day: the repair of that day doesn't count."""
    return {row["component"]: row["replaced_on"] for row in await uow.fetch(_REPLACED, asset_id=asset_id, on=on)}


_REPAIRS = (
    select(_decisions.c.component, _tickets.c.id, _tickets.c.reported_at, _tickets.c.resolved_at)
    .join(_tickets, and_(_tickets.c.tenant_id == _decisions.c.tenant_id, _tickets.c.id == _decisions.c.ticket_id))
    .where(
        _decisions.c.tenant_id == _tenant,
        _decisions.c.asset_id == bindparam("asset_id", type_=Uuid),
        _decisions.c.outcome == "free",
        _tickets.c.resolved_at.is_not(None),
        or_(_tickets.c.state == "resolved", _tickets.c.state == "closed"),
    )
    .distinct()
)


async def covered_repairs(uow: TenantWork, asset_id: UUID) -> list[asyncpg.Record]:
    """Component, ticket, `reported_at` and `resolved_at` of an asset's repairs that were free and are done."""
    return await uow.fetch(_REPAIRS, asset_id=asset_id)


def _fleet() -> Any:
    """One page of assets in the order of their ids, each with what its contract agreed on its own.

    That is the one that `contracts.queries.counting_or_over` finds for a single asset: what was promised stays.
    """
    parent = _assets.alias("parent")
    on = bindparam("on", type_=Date)
    agreed = (
        select(
            _contracts.c.id.label("contract_id"),
            _contracts.c.terms["warranty_terms"].label("warranty_terms"),
            _contracts.c.terms_id,
            _contracts.c.start_events,
            or_(and_(_contracts.c.revision > 1, _contracts.c.effective_from > on), _contracts.c.coming_on <= on).label(
                "other_revision"
            ),
        )
        .join(_lines, and_(_lines.c.tenant_id == _contracts.c.tenant_id, _lines.c.contract_id == _contracts.c.id))
        .where(
            _contracts.c.tenant_id == _tenant,
            _contracts.c.customer_id == _assets.c.customer_id,
            _contracts.c.vertical == _assets.c.vertical,
            _contracts.c.state != "pending",
            _contracts.c.starts_on <= on,
            or_(
                _lines.c.asset_id == _assets.c.id,
                and_(_lines.c.asset_id.is_(None), _lines.c.asset_type == _assets.c.asset_type),
            ),
        )
        .order_by(
            case((or_(_contracts.c.ends_on.is_(None), _contracts.c.ends_on >= on), 0), else_=1),
            _lines.c.asset_id.is_(None),
            _contracts.c.starts_on.desc(),
            _contracts.c.number.desc(),
        )
        .limit(1)
        .lateral("agreed")
    )
    replaced = (
        select(func.max(_parts.c.replaced_on).label("replaced_on"))
        .where(
            _parts.c.tenant_id == _tenant,
            _parts.c.asset_id == _assets.c.id,
            _parts.c.component == bindparam("component", type_=Text),
            _parts.c.replaced_on < on,
        )
        .lateral("replaced")
    )
    return (
        select(
            _assets.c.id,
            _assets.c.number,
            _assets.c.accepted_on,
            _assets.c.attributes,
            _assets.c.usage,
            parent.c.accepted_on.label("parent_accepted_on"),
            parent.c.attributes.label("parent_attributes"),
            agreed.c.warranty_terms,
            agreed.c.terms_id,
            agreed.c.contract_id,
            agreed.c.start_events,
            agreed.c.other_revision,
            replaced.c.replaced_on,
        )
        .select_from(
            _assets.outerjoin(
                parent, and_(parent.c.tenant_id == _assets.c.tenant_id, parent.c.id == _assets.c.parent_asset_id)
            )
            .outerjoin(agreed, true())
            .outerjoin(replaced, true())
        )
        .where(
            _assets.c.tenant_id == _tenant,
            _assets.c.vertical == bindparam("vertical", type_=Text),
            _assets.c.asset_type == bindparam("asset_type", type_=Text),
            _assets.c.state != "retired",
            _assets.c.id > bindparam("after", type_=Uuid),
        )
        .order_by(_assets.c.id)
        .limit(bindparam("first", type_=Integer))
    )


_FLEET = _fleet()


async def fleet_page(
    uow: TenantWork, *, vertical: str, asset_type: str, component: str, on: date, after: UUID, first: int
) -> list[asyncpg.Record]:
    """The next assets of a fleet behind `after`."""
    return await uow.fetch(
        _FLEET, vertical=vertical, asset_type=asset_type, component=component, on=on, after=after, first=first
    )


_FINDING = (
    select(_findings)
    .where(
        _findings.c.tenant_id == _tenant,
        _findings.c.ticket_id == bindparam("ticket_id", type_=Uuid),
        _findings.c.component == bindparam("component", type_=Text),
    )
    .limit(1)
)


async def finding_on(uow: TenantWork, ticket_id: UUID, component: str) -> QualityFinding | None:
    """What the inspection body found about a part of a ticket's asset."""
    return await uow.entity(QualityFinding, _FINDING, ticket_id=ticket_id, component=component)


_REVIEW_RUNNING = select(_reviews.c.id).where(_reviews.c.tenant_id == _tenant, _reviews.c.state == "running").limit(1)


async def review_running(uow: TenantWork) -> bool:
    """Whether a fleet of the tenant is being reviewed."""
    return await uow.fetch_one(_REVIEW_RUNNING) is not None
