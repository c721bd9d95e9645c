"""The contracts' reads."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Text, Uuid, and_, bindparam, or_, select

from aftersales.assets.models import Asset
from aftersales.contracts.models import ContractLine, ServiceContract
from aftersales.contracts.rules import ContractCandidate
from aftersales.scope import TenantWork

_contracts: Any = ServiceContract.__table__
_lines: Any = ContractLine.__table__

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
        _contracts.c.state == "active",
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
            active=row["state"] == "active",
        )
        for row in rows
    ]


async def lines_of(uow: TenantWork, contract_id: UUID) -> list[ContractLine]:
    """What a contract covers."""
    return await uow.entities(ContractLine, _LINES, contract_id=contract_id)
