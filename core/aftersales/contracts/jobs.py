"""What workers do for contracts: let the phase after the free term begin, and amendments on their day."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from aftersales.contracts import queries
from aftersales.contracts.amendments import begin_due
from aftersales.contracts.lifecycle import begin_due_phase
from aftersales.contracts.models import ServiceContract
from aftersales.kit.jobs import PUT_ASIDE, Round, make_rounds, work_off
from aftersales.kit.statements import compiled
from aftersales.kit.unit_of_work import Connection
from aftersales.scope import TenantWork

DUE_TENANTS = compiled(queries.PHASE_DUE_TENANTS)
COMING_TENANTS = compiled(queries.COMING_TENANTS)


async def due_tenants(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """The tenants with a contract whose free term is over, longest waiting first."""
    records = await connection.fetch(DUE_TENANTS.sql, *DUE_TENANTS.arguments({"now": now, "limit": limit}))
    return [record["tenant_id"] for record in records]


async def enter_due_phases(uow: TenantWork, limit: int) -> int:
    """Enter the phase after the free term for at most `limit` contracts; how many were looked at.

    The phase, its event and the mark that nothing is due any more are one commit: a killed worker doubles nothing. A
    contract whose phase is refused (a record is missing) or can't be read is put aside, and holds up no other.
    """
    due = {record["id"]: record for record in await uow.fetch(queries.PHASE_DUE, now=uow.now, limit=limit)}

    def put_aside(contract_id: UUID) -> None:
        uow.track(ServiceContract, due[contract_id]).phase_due_at = uow.now + PUT_ASIDE

    await work_off(uow, list(due), _enter, put_aside, what="contracts' phases")
    return len(due)


async def _enter(uow: TenantWork, contract_ids: Sequence[UUID]) -> None:
    for contract_id in contract_ids:
        contract = await uow.get(ServiceContract, contract_id)
        if not await begin_due_phase(uow, contract) and contract.phase_due_at and contract.phase_due_at <= uow.now:
            contract.phase_due_at = None


PHASES: Final = Round("contract_phases", due_tenants, enter_due_phases)


async def coming_tenants(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """The tenants with an amendment whose day has begun, longest waiting first."""
    records = await connection.fetch(COMING_TENANTS.sql, *COMING_TENANTS.arguments({"now": now, "limit": limit}))
    return [record["tenant_id"] for record in records]


async def begin_amendments(uow: TenantWork, limit: int) -> int:
    """Let at most `limit` amendments count whose day has begun; each with its revision and event in one commit."""
    contracts = await uow.entities(ServiceContract, queries.COMING, now=uow.now, limit=limit)
    for contract in contracts:
        await begin_due(uow, contract)
    return len(contracts)


AMENDMENTS: Final = Round("contract_amendments", coming_tenants, begin_amendments)

make_rounds(PHASES, AMENDMENTS)
