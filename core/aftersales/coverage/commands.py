"""What callers ask of coverage: one frozen Struct per operation. Days are local days of the tenant's zone."""

from datetime import date
from uuid import UUID

from msgspec import Struct


class EvidenceDetails(Struct, frozen=True, kw_only=True):
    """Something that can be shown, and where it is: a photo's address, a record's number.

    `kind` is photo, report, measurement, weather_record, utility_notice, training_record, warning, statement,
    warranty_card, invoice, registration or other.
    """

    kind: str
    reference: str


class DealerPromiseDetails(Struct, frozen=True, kw_only=True):
    """What a dealer promised on its own account: `amount` days, months or years from the start of the term."""

    amount: int
    unit: str


class DecideCoverage(Struct, frozen=True, kw_only=True):
    """Is the work on a part of the ticket's asset free?

    `cause` stays empty until it is found; `occurred_on` is today unless said; `usage` is the reading at the failure,
    by default the asset's last one. A warranty card that was issued for the site needn't be named as evidence.
    """

    ticket_id: UUID
    component: str
    symptoms: tuple[str, ...] = ()
    cause: str | None = None
    evidence: tuple[EvidenceDetails, ...] = ()
    occurred_on: date | None = None
    usage: int | None = None
    dealer_promise: DealerPromiseDetails | None = None
    expected_version: int | None = None


class AgreeWarranty(Struct, frozen=True, kw_only=True):
    """The length of a term that a contract states on its own: where the text leaves it open, or gives less.

    `end_rule` is civil_code (the corresponding day is covered) or half_open (the day before is the last).
    `usage_limit` is in `usage_unit` (kilometre, operating_hour). `clause` is the contract's own number.
    `formalities` are kinds of evidence without which nothing is free, such as warranty_card. `extends_by_repair` adds
    the days of covered repairs, `restarts_on_replacement` begins the term anew for a replaced part, `roll_holiday`
    moves an end on a legal day of rest to the next day that isn't one.
    """

    contract_id: UUID
    warranty_class: str
    amount: int
    unit: str
    starts_on: str
    end_rule: str = "civil_code"
    usage_limit: int | None = None
    usage_unit: str | None = None
    roll_holiday: bool = False
    extends_by_repair: bool = False
    restarts_on_replacement: bool = False
    formalities: tuple[str, ...] = ()
    clause: str | None = None
    expected_version: int | None = None


class RecordQualityFinding(Struct, frozen=True, kw_only=True):
    """What the inspection body of the contract found in a quarrel about the quality of a part.

    `cause` is one that coverage knows; it is final. `evidence` says where the report is.
    """

    ticket_id: UUID
    component: str
    body: str
    finding: str
    cause: str
    evidence: str
    reported_on: date | None = None
    expected_version: int | None = None


class StartFleetReview(Struct, frozen=True, kw_only=True):
    """Is work on a part of every asset of a type free, if it failed `on_day` (by default today) by `cause`?

    `evidence` are kinds of papers and proofs that there are for all of them.
    """

    vertical: str
    asset_type: str
    component: str
    cause: str | None = None
    symptoms: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    on_day: date | None = None


class CancelFleetReview(Struct, frozen=True, kw_only=True):
    """Decide no further assets; the verdicts that there are stay."""

    fleet_review_id: UUID
    expected_version: int | None = None
