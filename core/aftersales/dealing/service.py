"""Part orders and returns of stock; the dealers' account stands in `accounts`, customers' demands in `demands`."""

from decimal import Decimal
from typing import Final
from uuid import UUID

import msgspec

from aftersales.access import require
from aftersales.dealing import accounts, rules
from aftersales.dealing.commands import (
    CancelPartOrder,
    OrderParts,
    PartOrderLine,
    PayPartOrder,
    RecordStockReturn,
    ShipPartOrder,
)
from aftersales.dealing.models import PartOrder, StockReturn
from aftersales.fees.pricing import LARGEST_AMOUNT, check_amount
from aftersales.fees.rules import check_currency
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.entities import encode
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties.models import ServiceUnit
from aftersales.scope import TenantWork

ORDER_PREFIX: Final = "PO"
RETURN_PREFIX: Final = "SR"
DEALERS: Final = frozenset({"agent", "dealer", "workshop", "branch"})
"""Kinds of service unit that deal with the company on their own account."""
MOST_LINES: Final = 500
LARGEST_COUNT: Final = 1_000_000


async def order_parts(uow: TenantWork, command: OrderParts) -> PartOrder:
    """A dealer orders parts. NOT_A_DEALER, TOO_MANY_LINES, QUANTITY_INVALID, AMOUNT_INVALID, CURRENCY_INVALID."""
    require(uow.actor, "dealing.order")
    unit = await dealer_of(uow, command.service_unit_id)
    uow.scope.enabled(command.vertical)
    if not command.lines:
        raise InvalidInput("REQUIRED", field="lines", field_name="lines")
    if len(command.lines) > MOST_LINES:
        raise InvalidInput("TOO_MANY_LINES", field="lines", count=len(command.lines), limit=MOST_LINES)
    total = sum((_line_total(line, f"lines.{place}") for place, line in enumerate(command.lines)), Decimal("0.00"))
    if total > LARGEST_AMOUNT:
        raise InvalidInput("AMOUNT_INVALID", field="lines", value=str(total))
    order = uow.add(
        PartOrder(
            id=new_id(),
            number=await next_number(uow, ORDER_PREFIX, today(uow.now, uow.scope.time_zone).year),
            service_unit_id=unit.id,
            vertical=command.vertical,
            lines=msgspec.to_builtins(list(command.lines), enc_hook=encode),
            total=total,
            paid=rules.ZERO,
            currency=check_currency(command.currency),
            state="ordered",
            ordered_at=uow.now,
        )
    )
    await _note(uow, "part_order.ordered", order, {"total": total})
    return order


async def pay_part_order(uow: TenantWork, command: PayPartOrder) -> PartOrder:
    """Money for an order; on account it becomes what the dealer owes, where the terms allow that.

    ON_ACCOUNT_REFUSED, OVERPAID, AMOUNT_INVALID, PART_ORDER_STATE_REFUSED.
    """
    require(uow.actor, "dealing.settle")
    order = await locked(uow, PartOrder, command.part_order_id, command.expected_version)
    rules.check_order_state(order.state, {"ordered"}, "pay")
    rules.check_method(command.method, uow.scope.vertical(order.vertical).part_order_rules)
    amount = check_amount(command.amount, "amount")
    reference = clean_text(command.reference, "reference", TITLE_LIMIT, required=True)
    missing = order.total - order.paid
    if amount == 0:
        raise InvalidInput("AMOUNT_INVALID", field="amount", value=str(amount))
    if amount > missing:
        raise StateRefused("OVERPAID", field="amount", missing=str(missing))
    order.paid += amount
    if order.paid == order.total:
        order.state = "paid"
    if command.method == "on_account":
        await accounts.enter(uow, order.service_unit_id, "charge", amount, order.currency, order.number)
    await _note(uow, "part_order.paid", order, {"amount": amount, "method": command.method, "reference": reference})
    return order


async def ship_part_order(uow: TenantWork, command: ShipPartOrder) -> PartOrder:
    """The goods leave. PAYMENT_BEFORE_SHIPMENT while something is missing and the terms want it first (P15-12)."""
    require(uow.actor, "dealing.settle")
    order = await locked(uow, PartOrder, command.part_order_id, command.expected_version)
    rules.check_order_state(order.state, {"ordered", "paid"}, "ship")
    rules.check_shippable(order.total, order.paid, uow.scope.vertical(order.vertical).part_order_rules)
    order.shipping_reference = clean_text(command.reference, "reference", TITLE_LIMIT) or None
    missing = order.total - order.paid
    if missing > 0:
        await accounts.enter(uow, order.service_unit_id, "charge", missing, order.currency, order.number)
    order.state, order.shipped_at = "shipped", uow.now
    await _note(uow, "part_order.shipped", order, {"on_account": missing})
    return order


async def cancel_part_order(uow: TenantWork, command: CancelPartOrder) -> PartOrder:
    """The order isn't carried out; PART_ORDER_STATE_REFUSED once money came in or goods left."""
    require(uow.actor, "dealing.order")
    found = await uow.get(PartOrder, command.part_order_id)
    if uow.actor.dealer_id not in {None, found.service_unit_id}:
        raise NotFound("NOT_FOUND", thing="PartOrder")
    order = await locked(uow, PartOrder, command.part_order_id, command.expected_version)
    state = "paid" if order.paid > 0 else order.state
    rules.check_order_state(state, {"ordered"}, "cancel")
    order.reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    order.state = "cancelled"
    await _note(uow, "part_order.cancelled", order, {"reason": order.reason})
    return order


async def record_stock_return(uow: TenantWork, command: RecordStockReturn) -> StockReturn:
    """A dealer's stock came back: its cause decides who bears freight and restoration (P15-28, P15-29, P15-30).

    NOT_A_DEALER, RETURN_CAUSE_UNKNOWN, RESTORATION_UNDECIDED, AMOUNT_INVALID, CURRENCY_INVALID.
    """
    require(uow.actor, "dealing.settle")
    unit = await dealer_of(uow, command.service_unit_id)
    declared = uow.scope.enabled(command.vertical).return_costs
    freight = check_amount(command.freight, "freight")
    restoration = check_amount(command.restoration, "restoration")
    costs = rules.return_costs(command.cause, freight, restoration, declared)
    returned = uow.add(
        StockReturn(
            id=new_id(),
            number=await next_number(uow, RETURN_PREFIX, today(uow.now, uow.scope.time_zone).year),
            service_unit_id=unit.id,
            vertical=command.vertical,
            cause=command.cause,
            product=clean_text(command.product, "product", NAME_LIMIT, required=True),
            freight=freight,
            restoration=restoration,
            freight_payer=costs.freight_payer,
            restoration_payer=costs.restoration_payer,
            company_bears=costs.company,
            dealer_bears=costs.dealer,
            currency=check_currency(command.currency),
            clause=costs.clause,
            evidence=clean_text(command.evidence, "evidence", BODY_LIMIT),
            at=uow.now,
            actor=uow.actor.label,
        )
    )
    await journal.record(
        uow, "stock.returned", subject_type="stock_return", subject_id=returned.id, vertical=returned.vertical,
        data={
            "number": returned.number, "cause": returned.cause, "company": costs.company, "dealer": costs.dealer,
            "clause": costs.clause,
        },
    )  # fmt: skip
    return returned


async def dealer_of(uow: TenantWork, service_unit_id: UUID) -> ServiceUnit:
    """The dealer; NOT_FOUND for another one's, NOT_A_DEALER for a part of the company itself."""
    if uow.actor.dealer_id not in {None, service_unit_id}:
        raise NotFound("NOT_FOUND", field="serviceUnitId", thing="ServiceUnit")
    unit = await uow.get(ServiceUnit, service_unit_id)
    if unit.kind not in DEALERS:
        raise InvalidInput("NOT_A_DEALER", field="serviceUnitId")
    return unit


def _line_total(line: PartOrderLine, at: str) -> Decimal:
    clean_text(line.code, f"{at}.code", NAME_LIMIT, required=True)
    clean_text(line.description, f"{at}.description", TITLE_LIMIT)
    if not 0 < line.quantity <= LARGEST_COUNT:
        raise InvalidInput("QUANTITY_INVALID", field=f"{at}.quantity", value=str(line.quantity))
    return check_amount(line.unit_price, f"{at}.unitPrice") * line.quantity


async def _note(uow: TenantWork, kind: str, order: PartOrder, data: dict[str, object]) -> None:
    await journal.record(
        uow, kind, subject_type="part_order", subject_id=order.id, vertical=order.vertical,
        data={"number": order.number, **data},
    )  # fmt: skip
