"""Statements of the outbox: what is pending over all tenants, claims, dead letters, figures.

`PENDING_TENANTS`, `DONE_TENANTS` and `FIGURES` run as the system role, by the partial indexes; every other statement
names its tenant.
Claims are made per tenant because `FOR UPDATE SKIP LOCKED` over all tenants is refused on Citus.
"""

from sqlalchemy import and_, bindparam, case, delete, func, or_, select, update

from aftersales.kit.outbox import OutboxMessage

_messages = OutboxMessage.__table__
_open = and_(_messages.c.done_at.is_(None), _messages.c.dead_at.is_(None))
# A lease is a matter between machines: it runs on the database's own clock, which no development clock moves.
_unleased = or_(_messages.c.leased_until.is_(None), _messages.c.leased_until < func.clock_timestamp())

_waiting = and_(_open, _messages.c.available_at <= bindparam("now"), _unleased)

PENDING_TENANTS = (
    select(_messages.c.tenant_id, func.min(_messages.c.available_at).label("earliest"))
    .where(_waiting)
    .group_by(_messages.c.tenant_id)
    .order_by(func.min(_messages.c.available_at))
    .limit(bindparam("limit"))
)
"""Tenants with rows that may be tried `now` and that nobody holds, the longest waiting first (system role)."""

_picked = (
    select(_messages.c.id)
    .where(_messages.c.tenant_id == bindparam("tenant_id"), _waiting)
    .order_by(_messages.c.available_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("picked")
)
CLAIM = (
    update(OutboxMessage)
    .where(_messages.c.tenant_id == bindparam("tenant_id"), _messages.c.id == _picked.c.id)
    .values(
        leased_until=func.clock_timestamp() + bindparam("lease"),
        lapses=_messages.c.lapses + case((_messages.c.leased_until.is_(None), 0), else_=1),
    )
    .returning(_messages.c.id, _messages.c.attempts)
)
"""Lease the tenant's `limit` oldest rows that may be tried `now` and that nobody holds, for `lease` (a timedelta).

A row whose last lease is still noted was left without a word: that counts as a lapse.
"""

LOCK = (
    select(_messages)
    .where(_messages.c.tenant_id == bindparam("tenant_id"), _messages.c.id == bindparam("id"), _open)
    .with_for_update(skip_locked=True)
)
"""The row if it is still to be done and no other transaction works on it."""

DEAD = (
    select(_messages)
    .where(
        _messages.c.tenant_id == bindparam("tenant_id"),
        _messages.c.dead_at.is_not(None),
        _messages.c.id > bindparam("after"),
    )
    .order_by(_messages.c.id)
    .limit(bindparam("first"))
)
"""The tenant's dead letters in the order of their making."""

DONE_TENANTS = (
    select(_messages.c.tenant_id)
    .where(_messages.c.done_at < bindparam("before"))
    .group_by(_messages.c.tenant_id)
    .limit(bindparam("limit"))
)
"""Tenants with messages that were done before an instant (system role)."""

_forgotten = (
    select(_messages.c.id)
    .where(_messages.c.tenant_id == bindparam("tenant_id"), _messages.c.done_at < bindparam("before"))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("forgotten")
)
FORGET = (
    delete(OutboxMessage)
    .where(_messages.c.tenant_id == bindparam("tenant_id"), _messages.c.id == _forgotten.c.id)
    .returning(_messages.c.id)
)
"""Delete at most `limit` of the tenant's messages that were done before an instant."""

FIGURES = select(
    select(func.count()).where(_open).scalar_subquery().label("pending"),
    select(func.count()).select_from(_messages).where(_messages.c.dead_at.is_not(None)).scalar_subquery().label("dead"),
    select(func.min(_messages.c.available_at)).where(_open).scalar_subquery().label("oldest"),
)
"""How many rows are pending and dead over all tenants, and since when the oldest pending one may be tried."""
