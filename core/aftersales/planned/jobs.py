"""What workers do for planned work: roll the horizon on, and bring the plans of a contract or a vertical up to date."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from aftersales.kit.jobs import Round, handles, make_rounds
from aftersales.kit.outbox import OutboxMessage
from aftersales.kit.statements import compiled
from aftersales.kit.unit_of_work import Connection
from aftersales.planned import queries
from aftersales.planned.planner import plan_due
from aftersales.planned.plans import BEGINNING, TOPIC, new_plan
from aftersales.scope import TenantWork

AT_ONCE: Final = 500

_DUE_TENANTS = compiled(queries.DUE_TENANTS)


async def due_tenants(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """The tenants with a plan whose time has come; one index scan when there is none."""
    records = await connection.fetch(_DUE_TENANTS.sql, *_DUE_TENANTS.arguments({"now": now, "limit": limit}))
    return [record["tenant_id"] for record in records]


@handles(TOPIC)
async def look_at_plans(uow: TenantWork, message: OutboxMessage) -> None:
    """Have one plan, or those of a contract's, a vertical's or a whole's assets looked at; the round does the rest.

    Five hundred at once; the message for the next five hundred is written with them. Doing it twice changes nothing.
    """
    if "subject_id" in message.payload:
        for plan in await queries.plans_in_hand(uow, [UUID(message.payload["subject_id"])]):
            plan.next_at = uow.now
            plan.entered = {**plan.entered, **message.payload.get("entered", {})}
        return
    after = UUID(message.payload.get("after") or str(BEGINNING))
    contract_id, vertical = message.payload.get("contract_id"), message.payload.get("vertical")
    parent_id = message.payload.get("parent_id")
    if parent_id is not None:
        assets = await queries.parts_of(uow, UUID(parent_id), after, AT_ONCE)
    elif contract_id is not None:
        assets = await queries.covered_by(uow, UUID(contract_id), after, AT_ONCE)
    else:
        assets = await queries.assets_of_vertical(uow, str(vertical), after, AT_ONCE)
        if after == BEGINNING:
            await _look_at_contracts(uow, str(vertical))
    await _look_at(uow, assets)
    if len(assets) == AT_ONCE:
        uow.enqueue(TOPIC, {**message.payload, "after": str(assets[-1]["id"])})


async def _look_at(uow: TenantWork, assets: Sequence[asyncpg.Record]) -> None:
    planned = {plan.subject_id: plan for plan in await queries.plans_in_hand(uow, [asset["id"] for asset in assets])}
    for asset in assets:
        plan = planned.get(asset["id"])
        if plan is None:
            uow.add(new_plan(uow, asset["customer_id"], asset["vertical"], asset_id=asset["id"]))
        else:
            plan.next_at = uow.now


async def _look_at_contracts(uow: TenantWork, vertical: str) -> None:
    after = BEGINNING
    while plans := await queries.contract_plans(uow, vertical, after, AT_ONCE):
        for plan in plans:
            plan.next_at = uow.now
        after = plans[-1].id


PLANS: Final = Round("plans", due_tenants, plan_due)

make_rounds(PLANS)
