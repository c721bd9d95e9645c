"""What callers ask of dealing: one frozen Struct per operation. Amounts are Decimal, in the named currency."""

from decimal import Decimal
from typing import Literal
from uuid import UUID

from msgspec import Struct

PaymentMethod = Literal["cash", "bank_transfer", "on_account"]
Remedy = Literal["repair", "exchange", "return", "refund", "compensation"]


class PartOrderLine(Struct, frozen=True, kw_only=True):
    """So many of a part at a unit price."""

    code: str
    quantity: int
    unit_price: Decimal
    description: str = ""


class OrderParts(Struct, frozen=True, kw_only=True):
    """A dealer orders parts under a vertical's rules."""

    service_unit_id: UUID
    vertical: str
    lines: tuple[PartOrderLine, ...]
    currency: str = "CNY"


class PayPartOrder(Struct, frozen=True, kw_only=True):
    """Money for a part order, or the whole of it put on the dealer's account."""

    part_order_id: UUID
    amount: Decimal
    method: PaymentMethod
    reference: str
    expected_version: int | None = None


class ShipPartOrder(Struct, frozen=True, kw_only=True):
    """The goods leave."""

    part_order_id: UUID
    reference: str = ""
    expected_version: int | None = None


class CancelPartOrder(Struct, frozen=True, kw_only=True):
    """The order isn't carried out, with the reason."""

    part_order_id: UUID
    reason: str
    expected_version: int | None = None


class RecordStockReturn(Struct, frozen=True, kw_only=True):
    """A dealer sends stock back, for a cause that the vertical names, with what that costs."""

    service_unit_id: UUID
    vertical: str
    cause: str
    product: str
    freight: Decimal
    restoration: Decimal = Decimal(0)
    currency: str = "CNY"
    evidence: str = ""


class PostReceivable(Struct, frozen=True, kw_only=True):
    """What a dealer owes for goods (`charge`), or paid (`payment`)."""

    service_unit_id: UUID
    kind: Literal["charge", "payment"]
    amount: Decimal
    reference: str
    currency: str = "CNY"


class ApproveSettlement(Struct, frozen=True, kw_only=True):
    """Finance examined and approved warranty fees of a dealer; `claims` name what they are for."""

    service_unit_id: UUID
    amount: Decimal
    claims: tuple[str, ...]
    currency: str = "CNY"


class NoticeSettlement(Struct, frozen=True, kw_only=True):
    """The written notice of the write-off goes to the dealer; `reference` names the document."""

    settlement_id: UUID
    reference: str
    expected_version: int | None = None


class ConfirmSettlement(Struct, frozen=True, kw_only=True):
    """The dealer's answer in writing; a no has a reason."""

    settlement_id: UUID
    agreed: bool
    evidence: str
    reason: str = ""
    expected_version: int | None = None


class RecordDemand(Struct, frozen=True, kw_only=True):
    """What a customer demands about a faulty product, and what it would cost the company."""

    ticket_id: UUID
    demanded: Remedy
    amount: Decimal
    details: str = ""


class ConfirmDemandQuality(Struct, frozen=True, kw_only=True):
    """Whether the product really has a quality problem, with the evidence."""

    demand_id: UUID
    confirmed: bool
    evidence: str
    expected_version: int | None = None


class DecideDemand(Struct, frozen=True, kw_only=True):
    """What the customer gets (left out: nothing); anything else than the demand has a reason."""

    demand_id: UUID
    granted: Remedy | None = None
    reason: str = ""
    expected_version: int | None = None
