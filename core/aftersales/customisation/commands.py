"""What callers ask of customisation: one frozen Struct per operation. Days are local ones of the tenant."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from msgspec import Struct

from aftersales.fees.pricing import Phase


class RequestCustomisation(Struct, frozen=True, kw_only=True):
    """A change that the customer asked for in a ticket about an asset, of a type that its vertical declares."""

    ticket_id: UUID
    type: str
    title: str
    description: str = ""


class EstimateCustomisation(Struct, frozen=True, kw_only=True):
    """How many working days it takes, and what it costs with VAT."""

    request_id: UUID
    working_days: int
    amount: Decimal
    expected_version: int | None = None


class QuoteCustomisation(Struct, frozen=True, kw_only=True):
    """Offer the estimate to the customer; `valid_until` is the last local day on which it may be accepted."""

    request_id: UUID
    valid_until: date
    phase: Phase = "after_term"
    currency: str = "CNY"
    expected_version: int | None = None


class PlanStep(Struct, frozen=True, kw_only=True):
    """A step of a plan; `working_days` is how long it takes, where that is known."""

    text: str
    working_days: int | None = None


class AnswerWithPlan(Struct, frozen=True, kw_only=True):
    """The plan that answers a request: how the product is opened or expanded, step by step."""

    request_id: UUID
    title: str
    steps: tuple[PlanStep, ...]
    introduction: str = ""
    expected_version: int | None = None


class DeliverCustomisation(Struct, frozen=True, kw_only=True):
    """The change was delivered; `release` is the version that it stands on, such as `5.1`."""

    request_id: UUID
    release: str = ""
    at: datetime | None = None
    expected_version: int | None = None


class RecordRequestTraining(Struct, frozen=True, kw_only=True):
    """The users were trained in the change; `reference` says where the record is."""

    request_id: UUID
    held_on: date
    reference: str
    trainees: int | None = None
    expected_version: int | None = None


class CompleteCustomisation(Struct, frozen=True, kw_only=True):
    """All is done."""

    request_id: UUID
    expected_version: int | None = None


class WithdrawCustomisation(Struct, frozen=True, kw_only=True):
    """The request isn't followed any more, with the reason."""

    request_id: UUID
    reason: str
    expected_version: int | None = None
