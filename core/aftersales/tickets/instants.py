"""When something happened, as people tell it: not in the future, not in another age, by outsiders not long ago."""

from datetime import UTC, datetime, timedelta
from typing import Final

from aftersales.kit.errors import InvalidInput
from aftersales.kit.guards import happened
from aftersales.scope import TenantWork

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""No report or crash is older; what is was mistyped."""
OUTSIDERS_LOOK_BACK: Final = timedelta(hours=24)
"""How far back a customer or dealer may date a report or a crash: promises run from there."""


def is_outsider(uow: TenantWork) -> bool:
    """Whether the caller is a customer's or a dealer's member."""
    return uow.actor.customer_id is not None or uow.actor.dealer_id is not None


def told(uow: TenantWork, value: datetime | None, field: str) -> datetime:
    """The instant of a report or a crash in UTC, by default now.

    INSTANT_NAIVE, INSTANT_IN_FUTURE, INSTANT_IMPOSSIBLE before the year 2000, INSTANT_TOO_OLD when an outsider
    dates it back further than `OUTSIDERS_LOOK_BACK`.
    """
    at = happened(uow.now, value, field)
    if at < EARLIEST:
        raise InvalidInput("INSTANT_IMPOSSIBLE", field=field, value=at.isoformat())
    if is_outsider(uow) and at < uow.now - OUTSIDERS_LOOK_BACK:
        hours = int(OUTSIDERS_LOOK_BACK.total_seconds()) // 3600
        raise InvalidInput("INSTANT_TOO_OLD", field=field, field_name=field, hours=hours)
    return at
