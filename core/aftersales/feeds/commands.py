"""What callers ask of calendar feeds."""

from uuid import UUID

from msgspec import Struct


class OpenFeed(Struct, frozen=True, kw_only=True):
    """A private address for the calendar of exactly one engineer, service unit or customer."""

    engineer_id: UUID | None = None
    service_unit_id: UUID | None = None
    customer_id: UUID | None = None


class RevokeFeed(Struct, frozen=True, kw_only=True):
    """The address leads nowhere from now on."""

    feed_id: UUID
    expected_version: int | None = None
