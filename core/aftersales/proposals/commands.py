"""What callers ask of proposals: one frozen Struct per operation. Instants are tz-aware; left out, they mean now."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from msgspec import Struct


class RequestProposal(Struct, frozen=True, kw_only=True):
    """What a customer needs, asked for at an instant; the deadline of the proposal runs from it."""

    vertical: str
    customer_id: UUID
    needs: str
    site_id: UUID | None = None
    requested_at: datetime | None = None


class RecordSurvey(Struct, frozen=True, kw_only=True):
    """What was found on the site."""

    proposal_id: UUID
    conditions: str
    surveyor: str
    surveyed_on: date | None = None
    document_id: UUID | None = None


class SendProposal(Struct, frozen=True, kw_only=True):
    """The proposal goes to the customer; `budget_total` is what the whole project costs."""

    proposal_id: UUID
    title: str
    body: str
    budget_total: Decimal | None = None
    currency: str = "CNY"
    sent_at: datetime | None = None
    expected_version: int | None = None


class AnswerProposal(Struct, frozen=True, kw_only=True):
    """The customer's yes or no; a yes names the contract that came of it, where there is one already."""

    proposal_id: UUID
    accepted: bool
    reason: str = ""
    contract_id: UUID | None = None
    expected_version: int | None = None


class LinkProposalContract(Struct, frozen=True, kw_only=True):
    """The contract that came of an accepted proposal."""

    proposal_id: UUID
    contract_id: UUID
    expected_version: int | None = None


class WithdrawProposal(Struct, frozen=True, kw_only=True):
    """The customer needs no proposal any more, with the reason."""

    proposal_id: UUID
    reason: str
    expected_version: int | None = None
