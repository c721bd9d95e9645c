"""What callers ask of broadcasts: one frozen Struct per operation. Instants are tz-aware, days local."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from aftersales.broadcasts.rules import BroadcastAudience


class BroadcastTexts(Struct, frozen=True, kw_only=True):
    """A text in both languages."""

    zh: str
    en: str


class DraftBroadcast(Struct, frozen=True, kw_only=True):
    """A message to an audience: virus, weather, season, guide, patch, reminder or news."""

    kind: str
    title: BroadcastTexts
    body: BroadcastTexts
    audience: BroadcastAudience = BroadcastAudience()
    topic: str | None = None
    clause: str | None = None


class SendBroadcast(Struct, frozen=True, kw_only=True):
    """Send a draft, now or at an instant to come."""

    broadcast_id: UUID
    at: datetime | None = None
    expected_version: int | None = None


class CancelBroadcast(Struct, frozen=True, kw_only=True):
    """Send no (further) copy; what has gone out stays sent."""

    broadcast_id: UUID
    expected_version: int | None = None


class ReceiveWeatherWarning(Struct, frozen=True, kw_only=True):
    """A warning of the weather service for regions: owners there are told (P11-27).

    `kind` is typhoon, hail, rainstorm …; the same `external_id` again changes nothing.
    """

    kind: str
    regions: tuple[str, ...]
    external_id: str
    title: BroadcastTexts | None = None
    body: BroadcastTexts | None = None
    vertical: str | None = None


class OpenReminderSeries(Struct, frozen=True, kw_only=True):
    """Remind an audience every so many months, first on `starts_on` (by default today)."""

    name: str
    title: BroadcastTexts
    body: BroadcastTexts
    months: int
    audience: BroadcastAudience = BroadcastAudience()
    starts_on: date | None = None
    topic: str | None = None
    clause: str | None = None


class EndReminderSeries(Struct, frozen=True, kw_only=True):
    """Send no further reminder."""

    reminder_series_id: UUID
    expected_version: int | None = None


class ReleaseGuide(Struct, frozen=True, kw_only=True):
    """Release a document as a guide in a revision, for customers with such products; nothing named: for all."""

    document_id: UUID
    code: str
    revision: str
    asset_types: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


class WithdrawGuide(Struct, frozen=True, kw_only=True):
    """Show a guide to no customer any more."""

    guide_release_id: UUID
    expected_version: int | None = None


class TakeDealerTask(Struct, frozen=True, kw_only=True):
    """A dealer got a ticket, forwarded or by itself."""

    ticket_id: UUID
    service_unit_id: UUID | None = None
    received_at: datetime | None = None


class RecordDealerAct(Struct, frozen=True, kw_only=True):
    """One of the three acts was done: arranged, user_told, filed."""

    dealer_task_id: UUID
    act: str
    at: datetime | None = None
    expected_version: int | None = None
