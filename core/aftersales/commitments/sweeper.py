"""Raises what fell due. Only the search for tenants crosses tenants; the rest is each tenant's unit of work."""

from datetime import datetime
from uuid import UUID

import asyncpg

from aftersales.commitments import queries
from aftersales.commitments.clocks import Clock
from aftersales.commitments.models import Alarm, ClockSegmentRow, Commitment
from aftersales.journal import service as journal
from aftersales.kit.ids import new_id
from aftersales.kit.statements import compiled
from aftersales.kit.unit_of_work import Connection
from aftersales.scope import TenantWork

DUE_TENANTS = compiled(queries.DUE_TENANTS)


async def due_tenants(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """The tenants that have an alarm due before `now`, longest waiting first; one index scan when there is none."""
    records = await connection.fetch(DUE_TENANTS.sql, *DUE_TENANTS.arguments({"now": now, "limit": limit}))
    return [record["tenant_id"] for record in records]


async def sweep_tenant(uow: TenantWork, limit: int) -> int:
    """Raise the tenant's due alarms, at most `limit` commitments at once; how many alarms were raised.

    Alarm, event and notice are written with the mark that they were raised, in one transaction: whatever is
    killed, an alarm is raised once. Rows that another sweeper has in hand are skipped.
    """
    rows = await uow.entities(Commitment, queries.DUE, now=uow.now, limit=limit)
    if not rows:
        return 0
    ids = [row.id for row in rows]
    segments: dict[UUID, list[ClockSegmentRow]] = {}
    for segment in await uow.entities(ClockSegmentRow, queries.SEGMENTS_OF, commitment_ids=ids):
        segments.setdefault(segment.commitment_id, []).append(segment)
    raised: dict[UUID, set[str]] = {}
    for record in await uow.fetch(queries.RAISED_OF, commitment_ids=ids):
        raised.setdefault(record["commitment_id"], set()).add(record["code"])
    tickets = {
        record["id"]: record
        for record in await uow.fetch(queries.TICKETS_OF, ticket_ids=[row.ticket_id for row in rows if row.ticket_id])
    }
    count = 0
    for row in rows:
        clock = Clock(uow, row, segments[row.id], raised.get(row.id, set()))
        count += await _raise_due(uow, clock, tickets.get(row.ticket_id))
    return count


async def _raise_due(uow: TenantWork, clock: Clock, ticket: asyncpg.Record | None) -> int:
    count, row = 0, clock.row
    while (due := clock.upcoming()) is not None and due.at < uow.now:
        rule = due.rule
        alarm = uow.add(
            Alarm(
                id=new_id(),
                commitment_id=row.id,
                ticket_id=row.ticket_id,
                code=rule.code,
                kind=rule.kind,
                role=rule.escalate_to or "dispatcher",
                level=rule.level,
                due_at=due.at,
                raised_at=uow.now,
            )
        )
        clock.raised.add(rule.code)
        if rule.kind == "breach" and row.breached_at is None:
            row.breached_at = row.due_at
        elif rule.kind == "handover" and row.handed_over_at is None:
            row.handed_over_at = row.due_at
        await journal.record(
            uow,
            "alarm.raised",
            subject_type="commitment",
            subject_id=row.id,
            ticket_id=row.ticket_id,
            asset_id=ticket["asset_id"] if ticket else None,
            customer_id=ticket["customer_id"] if ticket else None,
            vertical=row.terms["vertical"],
            data={
                "alarm": rule.code,
                "kind": rule.kind,
                "role": alarm.role,
                "level": rule.level,
                "milestone": row.milestone,
                "party": row.party,
                "clause": row.clause,
                "due_at": row.due_at,
                "at": due.at,
            },
        )
        uow.enqueue("notice", {"alarm_id": str(alarm.id)})
        count += 1
    clock.plan_alarm()
    return count
