"""The only source of "now". Business code gets an instant from its unit of work and never asks the machine."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from aftersales.kit.errors import InvalidInput


class Clock(Protocol):
    """Tells the present instant, tz-aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock, shifted by a fixed offset (zero in production).

    A development clock is the same clock with an offset that an admin may move; the offset lives in
    PostgreSQL so that API and worker agree.
    """

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


class FixedClock:
    """A clock that stands until it is moved; for tests and simulations."""

    def __init__(self, instant: datetime) -> None:
        self.instant = require_aware(instant)

    def now(self) -> datetime:
        return self.instant

    def move_to(self, instant: datetime) -> None:
        self.instant = require_aware(instant)

    def advance(self, step: timedelta) -> None:
        self.instant += step


def require_aware(value: datetime, field: str | None = None) -> datetime:
    """The same instant in UTC; INSTANT_NAIVE without a zone, INSTANT_IMPOSSIBLE outside of the years 1 to 9999."""
    if value.tzinfo is None or value.utcoffset() is None:
        raise InvalidInput("INSTANT_NAIVE", field=field, value=value.isoformat())
    try:
        return value.astimezone(UTC)
    except OverflowError as fault:
        raise InvalidInput("INSTANT_IMPOSSIBLE", field=field, value=value.isoformat()) from fault
