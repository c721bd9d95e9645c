"""What callers ask of upgrades: one frozen Struct per operation. Instants are tz-aware; left out, they mean now."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from aftersales.terms.upgrades import ReleaseKind, ReleaseSubject

ReleaseChannel = Literal["remote", "on_site"]


class PublishRelease(Struct, frozen=True, kw_only=True):
    """A release of a product (an asset type). `fixes` are the defects it mends, `backlog_item_ids` what led to it."""

    vertical: str
    asset_type: str
    kind: ReleaseKind
    release: str
    title: str
    subject: ReleaseSubject = "application"
    notes: str = ""
    fixes: tuple[str, ...] = ()
    backlog_item_ids: tuple[UUID, ...] = ()


class WithdrawRelease(Struct, frozen=True, kw_only=True):
    """A release that nobody is to get any more, with the reason."""

    release_id: UUID
    reason: str
    expected_version: int | None = None


class ChooseRelease(Struct, frozen=True, kw_only=True):
    """The customer's choice about a release for one asset: install it (when, by which channel), or not.

    `ticket_id` names the ticket whose accepted quote pays for a release that isn't free.
    """

    asset_id: UUID
    release_id: UUID
    decision: Literal["schedule", "decline"]
    channel: ReleaseChannel = "remote"
    planned_at: datetime | None = None
    ticket_id: UUID | None = None
    reason: str = ""


class InstallRelease(Struct, frozen=True, kw_only=True):
    """A release was installed on an asset."""

    asset_id: UUID
    release_id: UUID
    channel: ReleaseChannel
    at: datetime | None = None
    ticket_id: UUID | None = None


class SummariseProblems(Struct, frozen=True, kw_only=True):
    """Gather the tickets of a vertical's quarter by cause; `quarter` is 1 to 4, local to the tenant."""

    vertical: str
    year: int
    quarter: int
