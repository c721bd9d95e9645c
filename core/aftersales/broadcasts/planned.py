"""Reminders of what a customer does itself: planned like a visit, told like a broadcast (P11-23, P11-28)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from aftersales.broadcasts import audience
from aftersales.broadcasts.commands import BroadcastTexts
from aftersales.broadcasts.rules import BroadcastAudience
from aftersales.broadcasts.service import schedule, write
from aftersales.kit.statements import compiled
from aftersales.kit.unit_of_work import Connection
from aftersales.planned import keeping, queries
from aftersales.planned.models import PlannedObligation
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.terms.planned import InspectionCadence

BODY: Final = (
    "按约定,请于 {day} 前后完成:{name}。",
    "As agreed, please see to this around {day}: {name}.",
)
_TENANTS = compiled(queries.REMINDING_TENANTS)


async def reminding_tenants(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """The tenants with customers to remind; one index scan when there is none."""
    records = await connection.fetch(_TENANTS.sql, *_TENANTS.arguments({"now": now, "limit": limit}))
    return [record["tenant_id"] for record in records]


async def remind_customers(uow: TenantWork, limit: int) -> int:
    """Tell customers what is due by themselves, one message for all whom the same thing concerns on a day.

    Its promise is kept with the message. Whoever can't be told stays owed, and the deadline's alarm tells the company.
    """
    found = await queries.to_remind(uow, limit)
    groups: dict[tuple[Any, ...], list[PlannedObligation]] = {}
    for obligation in found:
        obligation.remind_at = None
        if obligation.state == "open":
            groups.setdefault((obligation.vertical, obligation.rule, obligation.due_on), []).append(obligation)
    for members in groups.values():
        await _tell(uow, members)
    return len(found)


async def _tell(uow: TenantWork, members: Sequence[PlannedObligation]) -> None:
    first = members[0]
    wanted = BroadcastAudience(customer_ids=tuple({member.customer_id for member in members}))
    told = await audience.reachable(uow, wanted)
    if not told:
        return
    label = await _label(uow, first)
    broadcast = await write(
        uow, kind="reminder", key=f"planned:{first.id}",
        texts=(
            BroadcastTexts(zh=label.zh, en=label.en),
            BroadcastTexts(
                zh=BODY[0].format(day=first.due_on, name=label.zh), en=BODY[1].format(day=first.due_on, name=label.en)
            ),
        ),
        audience=BroadcastAudience(customer_ids=tuple(sorted(told))), topic=first.code, clause=first.clause,
    )  # fmt: skip
    await schedule(uow, broadcast, uow.now)
    for member in members:
        if member.customer_id in told:
            await keeping.fulfil(uow, member, uow.now, f"reminder {broadcast.number}", member.present)


async def _label(uow: TenantWork, obligation: PlannedObligation) -> Label:
    """The name in both languages: the tenant's own rule's, else the vertical's."""
    own = [msgspec.convert(rule.cadence, InspectionCadence) for rule in await queries.own_rules(uow)
           if obligation.rule == f"own:{rule.id}"]  # fmt: skip
    declared = uow.scope.vertical(obligation.vertical).inspection_cadences
    known = (cadence.label for cadence in (*own, *declared) if cadence.code == obligation.code)
    return next(known, Label(obligation.name, obligation.name))
