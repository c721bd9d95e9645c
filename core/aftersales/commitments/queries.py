"""Reads of the promise ledger."""

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, literal_column, select

from aftersales.commitments.models import Alarm, ClockSegmentRow, Commitment
from aftersales.tickets.models import Ticket

_commitments = Commitment.__table__
_segments = ClockSegmentRow.__table__
_alarms = Alarm.__table__
_tickets = Ticket.__table__

OF_SUBJECT = (
    select(_commitments)
    .where(
        _commitments.c.tenant_id == bindparam("tenant_id"),
        _commitments.c.subject_type == bindparam("subject_type"),
        _commitments.c.subject_id == bindparam("subject_id"),
    )
    .order_by(_commitments.c.id)
    .with_for_update()
)

SEGMENTS_OF_SUBJECT = (
    select(_segments)
    .join(
        _commitments,
        (_commitments.c.tenant_id == _segments.c.tenant_id) & (_commitments.c.id == _segments.c.commitment_id),
    )
    .where(
        _segments.c.tenant_id == bindparam("tenant_id"),
        _commitments.c.tenant_id == bindparam("tenant_id"),
        _commitments.c.subject_type == bindparam("subject_type"),
        _commitments.c.subject_id == bindparam("subject_id"),
    )
    .order_by(_segments.c.commitment_id, _segments.c.sequence)
)

RAISED_OF_SUBJECT = (
    select(_alarms.c.commitment_id, _alarms.c.code, func.max(_alarms.c.due_at).label("due_at"))
    .join(
        _commitments,
        (_commitments.c.tenant_id == _alarms.c.tenant_id) & (_commitments.c.id == _alarms.c.commitment_id),
    )
    .where(
        _alarms.c.tenant_id == bindparam("tenant_id"),
        _commitments.c.tenant_id == bindparam("tenant_id"),
        _commitments.c.subject_type == bindparam("subject_type"),
        _commitments.c.subject_id == bindparam("subject_id"),
    )
    .group_by(_alarms.c.commitment_id, _alarms.c.code)
)

SEGMENTS = (
    select(_segments)
    .where(_segments.c.tenant_id == bindparam("tenant_id"), _segments.c.commitment_id == bindparam("commitment_id"))
    .order_by(_segments.c.sequence)
)

SUBJECTS_ON_CALENDAR = (
    select(_commitments.c.subject_type, _commitments.c.subject_id, _commitments.c.ticket_id)
    .where(
        _commitments.c.tenant_id == bindparam("tenant_id"),
        _commitments.c.calendar_code == bindparam("calendar_code"),
        _commitments.c.state.in_([literal_column("'running'"), literal_column("'paused'")]),
    )
    .distinct()
    .order_by(_commitments.c.ticket_id, _commitments.c.subject_id)
)

DUE = (
    select(_commitments)
    .where(_commitments.c.tenant_id == bindparam("tenant_id"), _commitments.c.next_alarm_at < bindparam("now"))
    .order_by(_commitments.c.next_alarm_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)

SEGMENTS_OF = (
    select(_segments)
    .where(
        _segments.c.tenant_id == bindparam("tenant_id"),
        _segments.c.commitment_id == any_(bindparam("commitment_ids", type_=ARRAY(Uuid))),
    )
    .order_by(_segments.c.commitment_id, _segments.c.sequence)
)

RAISED_OF = (
    select(_alarms.c.commitment_id, _alarms.c.code, func.max(_alarms.c.due_at).label("due_at"))
    .where(
        _alarms.c.tenant_id == bindparam("tenant_id"),
        _alarms.c.commitment_id == any_(bindparam("commitment_ids", type_=ARRAY(Uuid))),
    )
    .group_by(_alarms.c.commitment_id, _alarms.c.code)
)

TICKETS_OF = select(_tickets.c.id, _tickets.c.asset_id, _tickets.c.customer_id).where(
    _tickets.c.tenant_id == bindparam("tenant_id"),
    _tickets.c.id == any_(bindparam("ticket_ids", type_=ARRAY(Uuid))),
)

DUE_TENANTS = (
    select(_commitments.c.tenant_id, func.min(_commitments.c.next_alarm_at).label("earliest"))
    .where(_commitments.c.next_alarm_at < bindparam("now"))
    .group_by(_commitments.c.tenant_id)
    .order_by(func.min(_commitments.c.next_alarm_at))
    .limit(bindparam("limit"))
)
"""Across tenants, for the system role alone: whose alarms are due, the longest overdue first."""
