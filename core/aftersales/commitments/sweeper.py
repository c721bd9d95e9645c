"""Raises what fell due. Only the search for tenants crosses tenants; the rest is each tenant's unit of work."""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from aftersales.commitments import queries
from aftersales.commitments.clocks import Clock
from aftersales.commitments.models import Alarm, ClockSegmentRow, Commitment
from aftersales.commitments.rules import AlarmInstant
from aftersales.journal import service as journal
from aftersales.kit.errors import PluginFault
from aftersales.kit.ids import new_id
from aftersales.kit.statements import compiled
from aftersales.kit.unit_of_work import Connection
from aftersales.scope import TenantWork

logger = logging.getLogger(__name__)

PUT_ASIDE: Final = timedelta(minutes=15)
"""When a commitment that couldn't be swept is looked at again."""

DUE_TENANTS = compiled(queries.DUE_TENANTS)


async def due_tenants(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """The tenants that have an alarm due before `now`, longest waiting first; one index scan when there is none."""
    records = await connection.fetch(DUE_TENANTS.sql, *DUE_TENANTS.arguments({"now": now, "limit": limit}))
    return [record["tenant_id"] for record in records]


async def sweep_tenant(uow: TenantWork, limit: int) -> int:
    """Raise the tenant's due alarms, at most `limit` commitments at once; how many alarms were raised.

    Alarm, event and notice are written with the mark that they were raised, in one transaction: whatever is
    killed, an alarm is raised once. Rows that another sweeper has in hand are skipped.
    A row that can't be read is logged and put aside for a quarter of an hour; a vertical's `on_event` that fails
    loses its follow-ups, never the alarm.
    """
    rows = await uow.entities(Commitment, queries.DUE, now=uow.now, limit=limit)
    if not rows:
        return 0
    ids = [row.id for row in rows]
    segments: dict[UUID, list[ClockSegmentRow]] = {}
    for segment in await uow.entities(ClockSegmentRow, queries.SEGMENTS_OF, commitment_ids=ids):
        segments.setdefault(segment.commitment_id, []).append(segment)
    raised: dict[UUID, dict[str, datetime]] = {}
    for record in await uow.fetch(queries.RAISED_OF, commitment_ids=ids):
        raised.setdefault(record["commitment_id"], {})[record["code"]] = record["due_at"]
    tickets = {
        record["id"]: record
        for record in await uow.fetch(queries.TICKETS_OF, ticket_ids=[row.ticket_id for row in rows if row.ticket_id])
    }
    count = 0
    for row in rows:
        try:
            clock = Clock(uow, row, segments.get(row.id, []), raised.get(row.id, {}))
            due = _due(clock)
        except Exception:
            # One commitment whose stored terms can't be read mustn't silence the tenant's others.
            logger.exception("commitment %s of tenant %s can't be swept; it is put aside", row.id, uow.tenant_id)
            row.next_alarm_at = uow.now + PUT_ASIDE
            continue
        for alarm in due:
            await _raise(uow, row, alarm, tickets.get(row.ticket_id) if row.ticket_id else None)
        clock.mark_breach()
        count += len(due)
    return count


def _due(clock: Clock) -> list[AlarmInstant]:
    """The alarms whose time has passed; plans the next one. Nothing is written before all of it is known."""
    found: list[AlarmInstant] = []
    while (alarm := clock.upcoming()) is not None and alarm.at < clock.uow.now:
        clock.raised[alarm.rule.code] = alarm.at
        found.append(alarm)
    clock.plan_alarm()
    return found


async def _raise(uow: TenantWork, row: Commitment, due: AlarmInstant, ticket: asyncpg.Record | None) -> None:
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
    uow.enqueue("notice", {"alarm_id": str(alarm.id)})
    if rule.kind == "handover" and row.handed_over_at is None:
        row.handed_over_at = row.due_at
    try:
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
    except PluginFault:
        # The event and its outbox row are written before the vertical is asked: only its follow-ups are lost.
        logger.exception("on_event of %s failed at alarm %s; the alarm is raised", row.terms["vertical"], alarm.id)
