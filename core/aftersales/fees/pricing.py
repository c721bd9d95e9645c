"""What an order costs and why. Pure: lines, facts and tables in, a priced order out.

Rounding: every line is rounded half-up to 0.01, VAT per line too; totals are sums of rounded lines.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal, get_args

from msgspec import Struct

from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.terms.base import Label
from aftersales.terms.money import FeeRule, LabourOperation

Outcome = Literal["free", "cost_only", "bill_full", "advise_only", "reject"]
"""The verdict on coverage that an order is priced under."""
Phase = Literal["in_term", "after_term"]
Item = Literal[
    "labour", "parts", "travel", "upkeep", "maintenance", "consultation", "visit", "customisation", "flat",
    "discretionary",
]  # fmt: skip
PartClass = Literal["special", "ordinary"]
BillTo = Literal["customer", "damager", "dealer", "supplier"]
OUTCOMES: tuple[str, ...] = get_args(Outcome)
PHASES: tuple[str, ...] = get_args(Phase)
ITEMS: tuple[str, ...] = get_args(Item)
PART_CLASSES: tuple[str, ...] = get_args(PartClass)
BILL_TO: tuple[str, ...] = get_args(BillTo)

HOUR: Final = "hour"
"""The code of the hourly rate among the labour entries of a price book."""
ROUNDING: Final = "line_half_up_0.01"
CENT: Final = Decimal("0.01")
ZERO: Final = Decimal("0.00")
LARGEST_AMOUNT: Final = Decimal(1_000_000_000)
LARGEST_QUANTITY: Final = Decimal(100_000)


class OrderLine(Struct, frozen=True, kw_only=True):
    """Work or a part to be priced. `asked` is the unit price that somebody wants to charge; the table is its limit.

    A labour line with the code `hour` has hours as its quantity, any other one names a published operation.
    """

    item: Item
    code: str
    quantity: Decimal = Decimal(1)
    description: str = ""
    asked: Decimal | None = None
    approver: str | None = None


class OrderFacts(Struct, frozen=True, kw_only=True):
    """What the price depends on beside the lines. `told` is a total somebody wants to charge, checked only."""

    outcome: Outcome
    phase: Phase
    told: Decimal | None = None
    vat_rate: Decimal = Decimal(0)
    prices_include_vat: bool = True


class TableEntry(Struct, frozen=True, kw_only=True):
    """A published price, see `PriceBookEntry`."""

    item: str
    code: str
    name: str
    part_class: str | None = None
    price: Decimal | None = None
    market_price: Decimal | None = None
    cost: Decimal | None = None
    hours: Decimal | None = None
    cap: Decimal | None = None
    clause: str | None = None


class FeeTables(Struct, frozen=True, kw_only=True):
    """Everything published: the price book's entries, and the vertical's fee rules and labour hours."""

    version: str
    currency: str = "CNY"
    entries: Mapping[tuple[str, str], TableEntry] = {}
    rules: tuple[FeeRule, ...] = ()
    labour: tuple[LabourOperation, ...] = ()


class PricedLine(Struct, frozen=True, kw_only=True):
    """A line with its price, the rule that made it, its clause, and the reason in both languages."""

    item: str
    code: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    net: Decimal
    vat: Decimal
    total: Decimal
    rule: str
    clause: str | None
    reason: Label
    hours: Decimal | None = None
    approver: str | None = None


class PricedOrder(Struct, frozen=True, kw_only=True):
    """The whole: what is charged needs the customer's consent before, and an invoice or receipt after."""

    lines: tuple[PricedLine, ...]
    net: Decimal
    vat: Decimal
    total: Decimal
    currency: str
    table: str
    rounding: str = ROUNDING

    @property
    def billable(self) -> bool:
        """Whether there is anything to pay."""
        return self.total > 0


class _Price(Struct, frozen=True):
    """The table's unit price (None: by quote), where it comes from, and the text of why."""

    unit: Decimal | None
    rule: str
    clause: str | None
    zh: str
    en: str
    hours: Decimal | None = None


def table_of(entries: Iterable[TableEntry]) -> dict[tuple[str, str], TableEntry]:
    """The entries by item and code."""
    return {(entry.item, entry.code): entry for entry in entries}


def cents(amount: Decimal) -> Decimal:
    """Half-up to 0.01."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def split_vat(amount: Decimal, rate: Decimal, included: bool) -> tuple[Decimal, Decimal, Decimal]:
    """Net, VAT and total of a rounded amount: VAT is contained in it, or comes on top."""
    if included:
        net = cents(amount / (1 + rate))
        return net, amount - net, amount
    vat = cents(amount * rate)
    return amount, vat, amount + vat


def price_order(lines: Sequence[OrderLine], facts: OrderFacts, tables: FeeTables) -> PricedOrder:
    """Price every line under the coverage outcome.

    CHARGE_ABOVE_TABLE for an asked price (or told total) above the published one, CHARGE_NOT_IN_TABLE where
    nothing is published, COST_UNKNOWN and PRICE_UNKNOWN where the entry lacks the figure, APPROVER_REQUIRED for a
    fee at discretion, NOT_OFFERED for work under "advise only" or "reject", QUANTITY_INVALID, AMOUNT_INVALID.
    """
    bundles, in_bundle = _bundles(lines, tables.labour)
    priced: list[PricedLine] = []
    for position, line in enumerate(lines):
        _check_line(line, f"lines.{position}")
        price = _price(line, facts, tables, f"lines.{position}", in_bundle.get(position, Decimal(0)))
        priced.append(_priced(line, price, facts, tables, f"lines.{position}"))
    for operation, count in bundles:
        line = OrderLine(item="labour", code=operation.code, quantity=count, description=operation.label.zh)
        price = _price(line, facts, tables, "lines", Decimal(0))
        priced.append(_priced(line, price, facts, tables, "lines"))
    net = sum((line.net for line in priced), ZERO)
    vat = sum((line.vat for line in priced), ZERO)
    if facts.told is not None and facts.told > net + vat:
        raise StateRefused("CHARGE_ABOVE_TABLE", field="told", asked=str(facts.told), published=str(net + vat))
    return PricedOrder(
        lines=tuple(priced), net=net, vat=vat, total=net + vat, currency=tables.currency, table=tables.version
    )


def _check_line(line: OrderLine, at: str) -> None:
    quantity = line.quantity
    if not quantity.is_finite() or not 0 < quantity <= LARGEST_QUANTITY or _decimals(quantity) > 3:
        raise InvalidInput("QUANTITY_INVALID", field=f"{at}.quantity", value=str(quantity))
    if line.asked is not None:
        check_amount(line.asked, f"{at}.asked")


def check_amount(amount: Decimal, field: str) -> Decimal:
    """The amount, if it is one: finite, not negative, whole cents; AMOUNT_INVALID otherwise."""
    if not amount.is_finite() or not 0 <= amount <= LARGEST_AMOUNT or _decimals(amount) > 2:
        raise InvalidInput("AMOUNT_INVALID", field=field, value=str(amount))
    return amount


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _bundles(
    lines: Sequence[OrderLine], labour: Sequence[LabourOperation]
) -> tuple[list[tuple[LabourOperation, Decimal]], dict[int, Decimal]]:
    """Which bundles are complete on this order, how often, and how much of each line they take up (P06-19, A38).

    The larger bundle goes first; an operation counts for one bundle only.
    """
    left = {position: line.quantity for position, line in enumerate(lines) if line.item == "labour"}
    if not left:
        return [], {}
    found: list[tuple[LabourOperation, Decimal]] = []
    taken: dict[int, Decimal] = {}
    for bundle in sorted((known for known in labour if known.bundle_of), key=lambda known: -len(known.bundle_of)):
        places = [[at for at in left if lines[at].code == code] for code in bundle.bundle_of]
        sets = min(sum((left[at] for at in at_code), Decimal(0)) for at_code in places) // 1
        if sets < 1:
            continue
        found.append((bundle, sets))
        for at_code in places:
            missing = sets
            for at in at_code:
                used = min(left[at], missing)
                left[at] -= used
                missing -= used
                taken[at] = taken.get(at, Decimal(0)) + used
    return found, taken


def _price(line: OrderLine, facts: OrderFacts, tables: FeeTables, at: str, in_bundle: Decimal) -> _Price:
    """The published price of a line under the facts."""
    entry = tables.entries.get((line.item, line.code))
    if in_bundle:
        if in_bundle < line.quantity:
            raise InvalidInput("BUNDLE_SPLIT", field=f"{at}.quantity", code_name=line.code, count=str(in_bundle))
        clause = _clause_of_hours(line, tables)
        return _Price(ZERO, "in_bundle", clause, "已计入组合工时", "counted in the bundle's hours")
    rule = _rule(line, facts, tables, entry)
    if line.item == "consultation" and (rule is None or rule.basis == "free"):
        return _Price(
            ZERO, rule.code if rule else "consultation", rule.clause if rule else None,
            "咨询在各阶段均免费", "consultation is free in every phase",
        )  # fmt: skip
    if facts.outcome in {"advise_only", "reject"}:
        raise StateRefused("NOT_OFFERED", field=at, outcome=facts.outcome)
    if facts.outcome == "free":
        clause = rule.clause if rule else None
        return _Price(ZERO, "covered", clause, "属于保修范围,免费", "covered, so it is free")
    if facts.outcome == "cost_only":
        return _at_cost(line, tables, entry, at)
    if line.item == "discretionary":
        return _at_discretion(line, entry, at)
    return _billed(line, tables, entry, rule, at)


def _rule(line: OrderLine, facts: OrderFacts, tables: FeeTables, entry: TableEntry | None) -> FeeRule | None:
    """The vertical's fee rule for the line: the one that names the situation and the part's class wins."""
    situation = "in_term" if facts.outcome == "free" else "excluded" if facts.phase == "in_term" else "after_term"
    best: FeeRule | None = None
    best_rank = -1
    for rule in tables.rules:
        if rule.item != line.item or (rule.applies_when != "always" and not _fits(rule.applies_when, situation)):
            continue
        special = None if rule.part_class is None else "ordinary" if rule.part_class == "ordinary" else "special"
        if special is not None and (entry is None or special != entry.part_class):
            continue
        rank = 2 * (rule.applies_when != "always") + (special is not None)
        if rank > best_rank:
            best, best_rank = rule, rank
    return best


def _fits(applies_when: str, situation: str) -> bool:
    return applies_when == situation or (applies_when == "not_covered" and situation != "in_term")


def _at_cost(line: OrderLine, tables: FeeTables, entry: TableEntry | None, at: str) -> _Price:
    """工本费 (A06): parts at cost and direct labour at cost; no margin, no list price, nothing else."""
    if line.item not in {"parts", "labour"}:
        return _Price(ZERO, "cost_only", None, "工本费只含材料与人工成本", "cost only: parts and direct labour")
    hours = _hours(line, tables, entry)
    if entry is not None and entry.cost is not None:
        unit = entry.cost
    elif hours is not None:
        rate = tables.entries.get(("labour", HOUR))
        if rate is None or rate.cost is None:
            raise InvalidInput("COST_UNKNOWN", field=f"{at}.code", code_name=line.code)
        unit = hours * rate.cost
    elif entry is None:
        raise InvalidInput("CHARGE_NOT_IN_TABLE", field=f"{at}.code", item=line.item, code_name=line.code)
    else:
        raise InvalidInput("COST_UNKNOWN", field=f"{at}.code", code_name=line.code)
    clause = entry.clause if entry else None
    return _Price(unit, "cost_only", clause, "只收工本费:按成本计", "cost only: at cost, no margin", hours)


def _at_discretion(line: OrderLine, entry: TableEntry | None, at: str) -> _Price:
    """酌情收取 (P03-13): somebody answers for the amount by name, and the table's price is its limit."""
    if not (line.approver or "").strip():
        raise InvalidInput("APPROVER_REQUIRED", field=f"{at}.approver")
    if entry is None:
        raise InvalidInput("CHARGE_NOT_IN_TABLE", field=f"{at}.code", item=line.item, code_name=line.code)
    if line.asked is None:
        raise InvalidInput("REQUIRED", field=f"{at}.asked", field_name=f"{at}.asked")
    zh, en = f"酌情收费,批准人:{line.approver}", f"at discretion, approved by {line.approver}"
    return _figure(entry.price, "PRICE_UNKNOWN", line, at, "discretionary", entry.clause, zh, en)


def _billed(line: OrderLine, tables: FeeTables, entry: TableEntry | None, rule: FeeRule | None, at: str) -> _Price:
    """The full price: by the vertical's rule where it says how, else parts by class and the rest by the list."""
    basis = rule.basis if rule else None
    code = rule.code if rule else f"{line.item}_list"
    clause = (rule.clause if rule else None) or (entry.clause if entry else None)
    if rule is not None and basis == "free":
        return _Price(ZERO, code, clause, f"免费:{rule.label.zh}", f"free: {rule.label.en}")
    if rule is not None and basis == "flat" and rule.amount is not None:
        return _Price(rule.amount, code, clause, f"固定费用:{rule.label.zh}", f"flat fee: {rule.label.en}")
    by_hours = entry is None or entry.price is None or line.code == HOUR
    if line.item == "labour" and by_hours and not (entry is None and basis == "quote"):
        return _labour(line, tables, entry, rule, code, clause or _clause_of_hours(line, tables), at)
    if entry is None:
        if basis == "quote" and line.asked is not None:
            return _Price(None, code, clause, "按次报价", "quoted case by case")
        raise InvalidInput("CHARGE_NOT_IN_TABLE", field=f"{at}.code", item=line.item, code_name=line.code)
    if basis == "cost":
        return _figure(entry.cost, "COST_UNKNOWN", line, at, code, clause, "按成本价", "at cost")
    if basis == "market_price" or (rule is None and line.item == "parts" and entry.part_class == "ordinary"):
        return _figure(entry.market_price, "PRICE_UNKNOWN", line, at, code, clause, "普通配件按市场价", "market price")
    return _figure(entry.price, "PRICE_UNKNOWN", line, at, code, clause, "按公司价目表", "company's price list")


def _figure(
    unit: Decimal | None, missing: str, line: OrderLine, at: str, code: str, clause: str | None, zh: str, en: str
) -> _Price:
    if unit is None:
        raise InvalidInput(missing, field=f"{at}.code", code_name=line.code)
    return _Price(unit, code, clause, zh, en)


def _labour(
    line: OrderLine, tables: FeeTables, entry: TableEntry | None, rule: FeeRule | None, code: str, clause: str | None,
    at: str,
) -> _Price:  # fmt: skip
    """Published hours at the hourly rate: the book's, else the one that the rule states."""
    hours = _hours(line, tables, entry)
    if hours is None:
        raise InvalidInput("CHARGE_NOT_IN_TABLE", field=f"{at}.code", item=line.item, code_name=line.code)
    listed = tables.entries.get(("labour", HOUR))
    rate = listed.price if listed else None
    if rate is None and rule is not None and rule.basis == "hourly":
        rate = rule.amount
    if rate is None:
        raise InvalidInput("PRICE_UNKNOWN", field=f"{at}.code", code_name=HOUR)
    return _Price(hours * rate, code, clause, f"工时 {hours} × {rate}", f"{hours} h at {rate}", hours)


def _hours(line: OrderLine, tables: FeeTables, entry: TableEntry | None) -> Decimal | None:
    """The hours of one unit of a labour line: 1 for hourly work, else what is published; None: nothing is."""
    if line.item != "labour":
        return None
    if line.code == HOUR:
        return Decimal(1)
    if entry is not None and entry.hours is not None:
        return entry.hours
    return next((known.hours for known in tables.labour if known.code == line.code), None)


def _clause_of_hours(line: OrderLine, tables: FeeTables) -> str | None:
    return next((known.clause for known in tables.labour if known.code == line.code), None)


def _priced(line: OrderLine, price: _Price, facts: OrderFacts, tables: FeeTables, at: str) -> PricedLine:
    """The line with its amounts: the asked price where it stays within the table, at most the cap."""
    if price.unit is None and line.asked is None:
        raise InvalidInput("REQUIRED", field=f"{at}.asked", field_name=f"{at}.asked")
    if price.unit is not None and line.asked is not None and line.asked > price.unit:
        raise StateRefused(
            "CHARGE_ABOVE_TABLE", field=f"{at}.asked", asked=str(line.asked), published=str(cents(price.unit))
        )
    unit = line.asked if line.asked is not None else price.unit
    assert unit is not None  # noqa: S101 - one of the two is there, checked above
    entry = tables.entries.get((line.item, line.code))
    amount = cents(unit * line.quantity)
    zh, en = price.zh, price.en
    if line.asked is not None and price.unit is not None and line.asked < price.unit:
        zh, en = f"{zh};减至 {line.asked}", f"{en}; reduced to {line.asked}"
    if entry is not None and entry.cap is not None and amount > entry.cap:
        amount, zh, en = entry.cap, f"{zh};封顶 {entry.cap}", f"{en}; capped at {entry.cap}"
    net, vat, total = split_vat(amount, facts.vat_rate, facts.prices_include_vat)
    return PricedLine(
        item=line.item,
        code=line.code,
        description=line.description or (entry.name if entry else line.code),
        quantity=line.quantity,
        unit_price=cents(unit),
        net=net,
        vat=vat,
        total=total,
        rule=price.rule,
        clause=price.clause,
        reason=Label(zh, en),
        hours=None if price.hours is None else price.hours * line.quantity,
        approver=line.approver,
    )
