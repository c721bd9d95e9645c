"""The contracts' reads."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, Text, Uuid, and_, bindparam, case, func, or_, select

from aftersales.assets.models import Asset
from aftersales.contracts.models import (
    ContractApproval,
    ContractLine,
    ContractRevision,
    ContractTask,
    DealerAgreement,
    ServiceContract,
)
from aftersales.contracts.rules import ContractCandidate
from aftersales.scope import TenantWork

_contracts: Any = ServiceContract.__table__
_lines: Any = ContractLine.__table__
_approvals: Any = ContractApproval.__table__
_revisions: Any = ContractRevision.__table__
_tasks: Any = ContractTask.__table__
_agreements: Any = DealerAgreement.__table__
_tenant = bindparam("tenant_id", type_=Uuid)

_OF_ASSET = (
    select(
        _contracts.c.id,
        _contracts.c.number,
        _contracts.c.starts_on,
        _contracts.c.ends_on,
        _contracts.c.state,
        _lines.c.asset_id,
    )
    .join(_lines, and_(_lines.c.tenant_id == _contracts.c.tenant_id, _lines.c.contract_id == _contracts.c.id))
    .where(
        _contracts.c.tenant_id == bindparam("tenant_id"),
        _contracts.c.customer_id == bindparam("customer_id", type_=Uuid),
        _contracts.c.vertical == bindparam("vertical", type_=Text),
        or_(
            _lines.c.asset_id == bindparam("asset_id", type_=Uuid),
            and_(_lines.c.asset_id.is_(None), _lines.c.asset_type == bindparam("asset_type", type_=Text)),
        ),
    )
)
_LINES = select(_lines).where(
    _lines.c.tenant_id == bindparam("tenant_id"), _lines.c.contract_id == bindparam("contract_id")
)


_COUNTING = (
    select(_contracts)
    .join(_lines, and_(_lines.c.tenant_id == _contracts.c.tenant_id, _lines.c.contract_id == _contracts.c.id))
    .where(
        _contracts.c.tenant_id == bindparam("tenant_id"),
        _contracts.c.customer_id == bindparam("customer_id", type_=Uuid),
        _contracts.c.vertical == bindparam("vertical", type_=Text),
        _contracts.c.state != "pending",
        _contracts.c.starts_on <= bindparam("today", type_=Date),
        or_(_contracts.c.ends_on.is_(None), _contracts.c.ends_on >= bindparam("today", type_=Date)),
        or_(
            _lines.c.asset_id == bindparam("asset_id", type_=Uuid),
            and_(_lines.c.asset_id.is_(None), _lines.c.asset_type == bindparam("asset_type", type_=Text)),
        ),
    )
    .order_by(_lines.c.asset_id.is_(None), _contracts.c.starts_on.desc(), _contracts.c.number.desc())
    .limit(1)
)


async def counting(
    uow: TenantWork, *, customer_id: UUID, vertical: str, asset_id: UUID, asset_type: str, today: date
) -> ServiceContract | None:
    """The contract that counts for an asset on a day, in one statement: the first of `rules.rank_contracts`."""
    return await uow.entity(
        ServiceContract,
        _COUNTING,
        customer_id=customer_id,
        vertical=vertical,
        asset_id=asset_id,
        asset_type=asset_type,
        today=today,
    )


async def covering(uow: TenantWork, asset: Asset) -> list[ContractCandidate]:
    """The contracts of which a line covers the asset, in force or not."""
    rows = await uow.fetch(
        _OF_ASSET,
        customer_id=asset.customer_id,
        vertical=asset.vertical,
        asset_id=asset.id,
        asset_type=asset.asset_type,
    )
    return [
        ContractCandidate(
            id=row["id"],
            number=row["number"],
            covers="asset_type" if row["asset_id"] is None else "asset",
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            active=row["state"] != "pending",
        )
        for row in rows
    ]


async def lines_of(uow: TenantWork, contract_id: UUID) -> list[ContractLine]:
    """What a contract covers."""
    return await uow.entities(ContractLine, _LINES, contract_id=contract_id)


_in_force = and_(
    _contracts.c.state != "pending",
    or_(_contracts.c.ends_on.is_(None), _contracts.c.ends_on >= bindparam("today", type_=Date)),
)
_BEGUN = (
    select(_contracts)
    .join(_lines, and_(_lines.c.tenant_id == _contracts.c.tenant_id, _lines.c.contract_id == _contracts.c.id))
    .where(
        _contracts.c.tenant_id == _tenant,
        _contracts.c.customer_id == bindparam("customer_id", type_=Uuid),
        _contracts.c.vertical == bindparam("vertical", type_=Text),
        _contracts.c.state != "pending",
        _contracts.c.starts_on <= bindparam("today", type_=Date),
        or_(
            _lines.c.asset_id == bindparam("asset_id", type_=Uuid),
            and_(_lines.c.asset_id.is_(None), _lines.c.asset_type == bindparam("asset_type", type_=Text)),
        ),
    )
    .order_by(
        case((_in_force, 0), else_=1), _lines.c.asset_id.is_(None), _contracts.c.starts_on.desc(),
        _contracts.c.number.desc(),
    )
    .limit(1)
)  # fmt: skip


async def counting_or_over(
    uow: TenantWork, *, customer_id: UUID, vertical: str, asset_id: UUID, asset_type: str, today: date
) -> ServiceContract | None:
    """Like `counting`; where none is in force, the one that was: its term is over, service goes on for money."""
    return await uow.entity(
        ServiceContract, _BEGUN, customer_id=customer_id, vertical=vertical, asset_id=asset_id, asset_type=asset_type,
        today=today,
    )  # fmt: skip


_CONTRADICTING = (
    select(_contracts.c.number)
    .join(_lines, and_(_lines.c.tenant_id == _contracts.c.tenant_id, _lines.c.contract_id == _contracts.c.id))
    .where(
        _contracts.c.tenant_id == _tenant,
        _contracts.c.customer_id == bindparam("customer_id", type_=Uuid),
        _contracts.c.vertical == bindparam("vertical", type_=Text),
        _contracts.c.id != bindparam("contract_id", type_=Uuid),
        _contracts.c.state != "ended",
        _contracts.c.starts_on == bindparam("starts_on", type_=Date),
        or_(
            _lines.c.asset_id == bindparam("asset_id", type_=Uuid),
            and_(_lines.c.asset_id.is_(None), _lines.c.asset_type == bindparam("asset_type", type_=Text)),
        ),
    )
    .limit(1)
)


async def contradicting(
    uow: TenantWork,
    *,
    customer_id: UUID,
    vertical: str,
    contract_id: UUID,
    starts_on: date,
    asset_id: UUID | None,
    asset_type: str | None,
) -> str | None:
    """The number of another contract that covers the same asset or type from the same day on: no rank tells them
    apart by what was agreed."""
    record = await uow.fetch_one(
        _CONTRADICTING, customer_id=customer_id, vertical=vertical, contract_id=contract_id, starts_on=starts_on,
        asset_id=asset_id, asset_type=asset_type,
    )  # fmt: skip
    return None if record is None else str(record["number"])


_APPROVALS = select(_approvals).where(
    _approvals.c.tenant_id == _tenant,
    _approvals.c.contract_id == bindparam("contract_id", type_=Uuid),
    _approvals.c.step == bindparam("step", type_=Text),
)
_REVISION_ON = (
    select(_revisions)
    .where(
        _revisions.c.tenant_id == _tenant,
        _revisions.c.contract_id == bindparam("contract_id", type_=Uuid),
        or_(_revisions.c.effective_from <= bindparam("on", type_=Date), _revisions.c.revision == 1),
    )
    .order_by(_revisions.c.revision.desc())
    .limit(1)
)
_OPEN_TASKS = select(_tasks).where(
    _tasks.c.tenant_id == _tenant,
    _tasks.c.contract_id == bindparam("contract_id", type_=Uuid),
    _tasks.c.state == "open",
)
_AGREEMENTS = (
    select(_agreements)
    .where(_agreements.c.tenant_id == _tenant, _agreements.c.service_unit_id == bindparam("unit_id", type_=Uuid))
    .order_by(_agreements.c.starts_on.desc())
)
PHASE_DUE_TENANTS = (
    select(_contracts.c.tenant_id, func.min(_contracts.c.phase_due_at).label("earliest"))
    .where(_contracts.c.phase_due_at <= bindparam("now", type_=DateTime(timezone=True)))
    .group_by(_contracts.c.tenant_id)
    .order_by(func.min(_contracts.c.phase_due_at))
    .limit(bindparam("limit", type_=Integer))
)
"""Across tenants, for the system role alone: whose contracts' free term is over, the longest over first."""
PHASE_DUE = (
    select(_contracts)
    .where(
        _contracts.c.tenant_id == _tenant,
        _contracts.c.phase_due_at <= bindparam("now", type_=DateTime(timezone=True)),
    )
    .order_by(_contracts.c.phase_due_at, _contracts.c.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
)


COMING_TENANTS = (
    select(_contracts.c.tenant_id, func.min(_contracts.c.coming_at).label("earliest"))
    .where(_contracts.c.coming_at <= bindparam("now", type_=DateTime(timezone=True)))
    .group_by(_contracts.c.tenant_id)
    .order_by(func.min(_contracts.c.coming_at))
    .limit(bindparam("limit", type_=Integer))
)
"""Across tenants, for the system role alone: whose contracts have an amendment whose day has begun."""
COMING = (
    select(_contracts)
    .where(
        _contracts.c.tenant_id == _tenant,
        _contracts.c.coming_at <= bindparam("now", type_=DateTime(timezone=True)),
    )
    .order_by(_contracts.c.coming_at, _contracts.c.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
)


async def approvals_of(uow: TenantWork, contract_id: UUID, step: str) -> list[ContractApproval]:
    """Which parties agreed to a step."""
    return await uow.entities(ContractApproval, _APPROVALS, contract_id=contract_id, step=step)


async def revision_on(uow: TenantWork, contract_id: UUID, on: date) -> ContractRevision | None:
    """The revision that held on a day, the first for the days before it."""
    return await uow.entity(ContractRevision, _REVISION_ON, contract_id=contract_id, on=on)


async def open_tasks(uow: TenantWork, contract_id: UUID) -> list[ContractTask]:
    """What a contract made due and isn't done yet."""
    return await uow.entities(ContractTask, _OPEN_TASKS, contract_id=contract_id)


async def agreements_of(uow: TenantWork, unit_id: UUID) -> list[DealerAgreement]:
    """A dealer's agreements, the latest first."""
    return await uow.entities(DealerAgreement, _AGREEMENTS, unit_id=unit_id)
