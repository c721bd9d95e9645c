"""What every operation on a row shares: the row locked, the version that the caller saw, instants that can be."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from aftersales.kit.clock import require_aware
from aftersales.kit.errors import Conflict, InvalidInput
from aftersales.kit.unit_of_work import Row, UnitOfWork

BATCH: Final = "batch"
FIRST_DAY = date.min + timedelta(days=1)
"""The first day that has its beginning within the years 1 to 9999 in every zone."""


async def locked(uow: UnitOfWork[Any], entity: type[Row], row_id: UUID, expected_version: int | None = None) -> Row:
    """The row, locked until the unit ends. NOT_FOUND; VERSION_STALE when it was changed since `expected_version`.

    A second operation of the unit sees what the first one wrote.
    """
    key = (entity, row_id, "locked")
    known = uow.memo.get(key)
    if known is not BATCH:
        await uow.flush()
    if known:
        row = await uow.get(entity, row_id)
    else:
        row = await uow.get(entity, row_id, for_update=True)
        uow.memo[key] = True
    actual = getattr(row, "version", expected_version)
    if expected_version is not None and expected_version != actual:
        raise Conflict("VERSION_STALE", field="expectedVersion", actual=actual, expected=expected_version)
    return row


def happened(now: datetime, value: datetime | None, field: str, *, after: datetime | None = None) -> datetime:
    """A fact's instant in UTC, by default now: tz-aware, not in the future, not before what it follows."""
    at = now if value is None else require_aware(value, field)
    if at > now:
        raise InvalidInput("INSTANT_IN_FUTURE", field=field, field_name=field)
    if after is not None and at < after:
        raise InvalidInput("PERIOD_INVERTED", field=field)
    return at


def taken(uow: UnitOfWork[Any], entity: type[Row], rows: Iterable[Row]) -> None:
    """Rows that were read FOR UPDATE, for a batch that changes each by itself: `locked` sends nothing for them."""
    for row in rows:
        uow.memo[entity, row.id, "locked"] = BATCH  # type: ignore[attr-defined]


def today(now: datetime, zone: str) -> date:
    """The local date of an instant."""
    return now.astimezone(ZoneInfo(zone)).date()


def happened_on(now: datetime, zone: str, value: date | None, field: str) -> date:
    """A fact's local date, by default today's; INSTANT_IN_FUTURE for a later one, INSTANT_IMPOSSIBLE before year 1."""
    present = today(now, zone)
    if value is not None and value < FIRST_DAY:
        raise InvalidInput("INSTANT_IMPOSSIBLE", field=field, value=value.isoformat())
    if value is not None and value > present:
        raise InvalidInput("INSTANT_IN_FUTURE", field=field, field_name=field)
    return value or present
