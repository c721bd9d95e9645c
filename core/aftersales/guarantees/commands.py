"""What callers ask of guarantees: one frozen Struct per operation. Days are local ones of the tenant."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from msgspec import Struct

from aftersales.guarantees.measures import CountLine, Metric


class OwnGuarantee(Struct, frozen=True, kw_only=True):
    """A guarantee that a contract gives on its own. `threshold` 0.99 means 99 %; `categories` are what must not
    happen under a zero target; `window` is a length such as `P2Y`, left out for the whole life."""

    code: str
    name: str
    metric: Metric
    threshold: Decimal = Decimal(0)
    inclusive: bool = False
    window: str | None = None
    excludes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    remedy: str | None = None
    clause: str | None = None


class OpenGuarantee(Struct, frozen=True, kw_only=True):
    """Begin to measure a vertical's guarantee (`guarantee`: its code) or one of a contract (`own`).

    It is about one asset, one site, or the company when neither is named. Without `ends_on` its window counts.
    """

    vertical: str
    starts_on: date
    guarantee: str | None = None
    own: OwnGuarantee | None = None
    asset_id: UUID | None = None
    site_id: UUID | None = None
    contract_id: UUID | None = None
    ends_on: date | None = None
    checkpoints: tuple[date, ...] = ()


class EndGuarantee(Struct, frozen=True, kw_only=True):
    """The last day of a guarantee, with the reason."""

    guarantee_id: UUID
    reason: str
    ends_on: date | None = None
    expected_version: int | None = None


class RecordCount(Struct, frozen=True, kw_only=True):
    """The plants as they were counted for a checkpoint; `evidence` says where the proof is."""

    guarantee_id: UUID
    checkpoint_on: date
    lines: tuple[CountLine, ...]
    evidence: str
    document_id: UUID | None = None
    counted_on: date | None = None


class RecordDowntime(Struct, frozen=True, kw_only=True):
    """The system went down; planned downtime doesn't count."""

    guarantee_id: UUID
    reason: str
    planned: bool = False
    at: datetime | None = None
    ticket_id: UUID | None = None


class RecordUptime(Struct, frozen=True, kw_only=True):
    """The system is up again."""

    guarantee_id: UUID
    reason: str = ""
    at: datetime | None = None


class RecordIncident(Struct, frozen=True, kw_only=True):
    """Something happened that must not happen."""

    guarantee_id: UUID
    category: str
    description: str
    evidence: str
    at: datetime | None = None
    ticket_id: UUID | None = None


class CheckGuarantee(Struct, frozen=True, kw_only=True):
    """Decide a checkpoint."""

    guarantee_id: UUID
    checkpoint_on: date


class CarryOutRemedy(Struct, frozen=True, kw_only=True):
    """What a remedy asks for was done: that species, that size, that many."""

    remedy_id: UUID
    species: str
    size: str
    quantity: int
    evidence: str
    at: datetime | None = None
    expected_version: int | None = None
