"""The lines of an order at their list prices, published labour hours and their bundles included."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from msgspec import Struct

from aftersales.kit.errors import InvalidInput
from aftersales.terms.base import Label
from aftersales.terms.money import CampaignOffer, LabourOperation

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
HIGHEST_PRICE = Decimal("1000000000")
LONGEST_ORDER = 500

Item = Literal["labour", "material", "service"]
OrderType = Literal["routine", "accident", "warranty"]
Stacking = Literal["specific_first", "lowest_price"]
"""Which of several price rules a line takes; it never takes two (A34)."""
TierMode = Literal["cumulative", "highest"]
"""Whether a day's spend gives every tier that it reaches, or the highest only (A35)."""


class CampaignLine(Struct, frozen=True, kw_only=True):
    """A line of an order: what is done, and whether the line is its labour, its material, or both as one service.

    `products` are the classes of the material (`gold_mobil_oil`, `full_synthetic_oil`). `unit_price` is the list
    price of one unit, VAT included; left out, labour takes the published hours and a service the offer's list price.
    """

    operation: str
    item: Item = "service"
    products: tuple[str, ...] = ()
    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None


class CampaignOrder(Struct, frozen=True, kw_only=True):
    """An after-sales order of one vehicle; `routine` is 日常维修, `accident` an accident car's repair (A39)."""

    lines: tuple[CampaignLine, ...]
    order_type: OrderType = "routine"


class Listed(Struct, frozen=True, kw_only=True):
    """A line with its list price; `names` is what offers may call it. Quantity 0: a bundle took its place."""

    position: int
    operation: str
    item: Item
    names: frozenset[str]
    quantity: Decimal
    unit: Decimal
    note: Label | None = None

    @property
    def listed(self) -> Decimal:
        return (self.unit * self.quantity).quantize(CENT, ROUND_HALF_UP)


def listed_lines(
    order: CampaignOrder, offers: Sequence[CampaignOffer], labour: Sequence[LabourOperation], rate: Decimal | None
) -> list[Listed]:
    """Every line at its list price; bundles stand behind them as lines of their own, and empty what they replace.

    A bundle counts only when all its operations are on the order (A38). CAMPAIGN_LINE_INVALID,
    LABOUR_RATE_REQUIRED.
    """
    if not order.lines:
        raise InvalidInput("REQUIRED", field="lines", field_name="lines")
    if len(order.lines) > LONGEST_ORDER:
        raise InvalidInput("LIST_TOO_LONG", field="lines", limit=LONGEST_ORDER)
    hours = {operation.code: operation for operation in labour if not operation.bundle_of}
    for position, line in enumerate(order.lines):
        _check(line, f"lines.{position}", published=line.item == "labour" and line.operation in hours)
    left = [line.quantity for line in order.lines]
    bundled: list[tuple[LabourOperation, int]] = []
    in_bundle: dict[int, LabourOperation] = {}
    for bundle in labour:
        places = {code: _places(order, code) for code in bundle.bundle_of}
        times = min((int(sum(left[place] for place in found)) for found in places.values()), default=0)
        if times < 1:
            continue
        bundled.append((bundle, times))
        for found in places.values():
            due = Decimal(times)
            for place in found:
                used = min(left[place], due)
                left[place], due = left[place] - used, due - used
                in_bundle[place] = bundle
    lines = [
        Listed(
            position=position,
            operation=line.operation,
            item=line.item,
            names=frozenset({line.operation, *line.products}),
            quantity=left[position],
            unit=_unit(line, f"lines.{position}", offers, hours, rate),
            note=_bundle_note(in_bundle.get(position)),
        )
        for position, line in enumerate(order.lines)
    ]
    return lines + [
        Listed(
            position=len(order.lines) + number,
            operation=bundle.code,
            item="labour",
            names=frozenset({bundle.code}),
            quantity=Decimal(times),
            unit=_rated(bundle, rate),
            note=Label(f"{bundle.label.zh}:合计 {bundle.hours} 工时", f"{bundle.label.en}: {bundle.hours} h together"),
        )
        for number, (bundle, times) in enumerate(bundled)
    ]


def _places(order: CampaignOrder, operation: str) -> list[int]:
    return [
        position for position, line in enumerate(order.lines) if line.item == "labour" and line.operation == operation
    ]


def _bundle_note(bundle: LabourOperation | None) -> Label | None:
    return None if bundle is None else Label(f"并入{bundle.label.zh}", f"part of: {bundle.label.en}")


def _check(line: CampaignLine, at: str, *, published: bool) -> None:
    if not line.operation.strip():
        raise InvalidInput("REQUIRED", field=f"{at}.operation", field_name=f"{at}.operation")
    if not line.quantity.is_finite() or not 0 < line.quantity <= HIGHEST_PRICE:
        raise _invalid(f"{at}.quantity", "数量必须大于零", "the quantity has to be above zero")
    unit = line.unit_price
    if unit is not None and (not unit.is_finite() or not 0 <= unit <= HIGHEST_PRICE or unit != unit.quantize(CENT)):
        raise _invalid(f"{at}.unitPrice", "单价须为不小于零、至多两位小数的金额", "a price is 0 or more, in cents")
    if published and unit is not None:
        reason = "an operation with published hours takes its price from them"
        raise _invalid(f"{at}.unitPrice", "已公布工时的项目按工时计价", reason)


def _unit(
    line: CampaignLine,
    at: str,
    offers: Iterable[CampaignOffer],
    hours: dict[str, LabourOperation],
    rate: Decimal | None,
) -> Decimal:
    if line.unit_price is not None:
        return line.unit_price
    if line.item == "labour":
        if line.operation not in hours:
            raise _invalid(f"{at}.unitPrice", "该项目没有公布工时", "this operation has no published hours")
        return _rated(hours[line.operation], rate)
    listed = next((offer.list_price for offer in offers if offer.trigger == line.operation and offer.list_price), None)
    if listed is None:
        raise _invalid(f"{at}.unitPrice", "必须给出标价", "its list price is needed")
    return listed


def _rated(operation: LabourOperation, rate: Decimal | None) -> Decimal:
    if rate is None:
        raise InvalidInput("LABOUR_RATE_REQUIRED", field="labourRate")
    return operation.hours * rate


def _invalid(field: str, zh: str, en: str) -> InvalidInput:
    return InvalidInput("CAMPAIGN_LINE_INVALID", field=field, reason_zh=zh, reason_en=en)
