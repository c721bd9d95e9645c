"""What an order costs: the plans' own figures, to the cent, each line with its reason."""

import time
from decimal import Decimal
from typing import Any

import pytest

from aftersales.fees.pricing import (
    FeeTables,
    OrderFacts,
    OrderLine,
    PricedOrder,
    TableEntry,
    price_order,
    split_vat,
    table_of,
)
from aftersales.kit.errors import AftersalesError
from aftersales.terms.base import Label
from aftersales.terms.money import FeeRule, LabourOperation
from aftersales_auto_4s.fees import LABOUR
from aftersales_landscaping.fees import FEES as LANDSCAPING
from aftersales_software_his.fees import HOSPITAL_FEES, PROJECT_MANAGEMENT_FEES
from aftersales_solar.fees import FEES as SOLAR

D = Decimal


def entry(item: str, code: str, **given: Any) -> TableEntry:
    values: dict[str, Any] = {name: D(value) if name in _MONEY else value for name, value in given.items()}
    return TableEntry(item=item, code=code, name=code, **values)


_MONEY = {"price", "market_price", "cost", "hours", "cap"}


def tables(
    *entries: TableEntry, rules: tuple[FeeRule, ...] = (), labour: tuple[LabourOperation, ...] = ()
) -> FeeTables:
    return FeeTables(version="PB-2026-000001", entries=table_of(entries), rules=rules, labour=labour)


def line(item: Any, code: str, quantity: str = "1", **given: Any) -> OrderLine:
    asked = given.pop("asked", None)
    return OrderLine(item=item, code=code, quantity=D(quantity), asked=None if asked is None else D(asked), **given)


def priced(
    *lines: OrderLine, by: FeeTables, outcome: Any = "bill_full", phase: Any = "after_term", **facts: Any
) -> PricedOrder:
    return price_order(lines, OrderFacts(outcome=outcome, phase=phase, **facts), by)


def refusal(*lines: OrderLine, by: FeeTables, **facts: Any) -> tuple[str, str | None]:
    """Code and field of the refusal, which has a text in both languages."""
    with pytest.raises(AftersalesError) as refused:
        priced(*lines, by=by, **facts)
    assert refused.value.message("zh-CN") != refused.value.message("en")
    return refused.value.code, refused.value.field


LIGHTNING = tables(
    entry("parts", "module", part_class="special", price="480.00", cost="300.00"),
    entry("labour", "replace", price="150.00", cost="80.00"),
    entry("travel", "trip", price="50.00"),
)


@pytest.mark.clause("P03-12", "P13-12")
def test_cost_only_is_parts_and_labour_at_cost() -> None:
    """Given lightning in term, parts at cost 300.00 (list 480.00) and labour at cost 80.00, then 380.00 (A06)."""
    order = priced(
        line("parts", "module"), line("labour", "replace"), line("travel", "trip"),
        by=LIGHTNING, outcome="cost_only", phase="in_term",
    )  # fmt: skip
    assert [found.total for found in order.lines] == [D("300.00"), D("80.00"), D("0.00")]
    assert order.total == D("380.00")
    assert {found.rule for found in order.lines} == {"cost_only"}


def test_hourly_work_at_cost_takes_the_rates_cost() -> None:
    by = tables(entry("labour", "hour", price="100.00", cost="40.00"), entry("labour", "weld", hours="1.5"))
    order = priced(line("labour", "weld"), line("labour", "hour", "2"), by=by, outcome="cost_only", phase="in_term")
    assert [found.total for found in order.lines] == [D("60.00"), D("80.00")]


@pytest.mark.clause("P03-02", "P13-02")
@pytest.mark.parametrize("phase", ["in_term", "after_term"])
@pytest.mark.parametrize("outcome", ["free", "cost_only", "bill_full", "advise_only", "reject"])
def test_a_phone_consultation_is_free_in_every_phase(outcome: str, phase: str) -> None:
    order = priced(line("consultation", "phone"), by=tables(), outcome=outcome, phase=phase)
    assert (order.total, order.billable) == (D("0.00"), False)


@pytest.mark.clause("P03-13", "P13-13")
def test_a_fee_at_discretion_names_its_approver() -> None:
    """Given the free period is over, when a discretionary fee is set, then it is refused without a named approver."""
    by = tables(entry("discretionary", "service", price="500.00"))
    assert refusal(line("discretionary", "service", asked="200.00"), by=by) == ("APPROVER_REQUIRED", "lines.0.approver")
    order = priced(line("discretionary", "service", asked="200.00", approver="Manager Zhou"), by=by)
    assert (order.total, order.lines[0].approver) == (D("200.00"), "Manager Zhou")
    assert "Manager Zhou" in order.lines[0].reason.en
    above = line("discretionary", "service", asked="500.01", approver="Manager Zhou")
    assert refusal(above, by=by) == ("CHARGE_ABOVE_TABLE", "lines.0.asked")
    assert refusal(above, by=tables()) == ("CHARGE_NOT_IN_TABLE", "lines.0.code")
    assert refusal(line("discretionary", "service", approver="Li"), by=by) == ("REQUIRED", "lines.0.asked")


@pytest.mark.clause("P05-39")
def test_upkeep_after_the_term_is_billed_as_upkeep() -> None:
    """Given the upkeep term is over, when pruning is ordered, then there is an upkeep fee; in the term it is free."""
    by = tables(entry("upkeep", "pruning", price="600.00"), rules=LANDSCAPING)
    [after] = priced(line("upkeep", "pruning"), by=by).lines
    assert (after.total, after.item, after.rule, after.clause) == (D("600.00"), "upkeep", "upkeep_after_term", "P05-39")
    [within] = priced(line("upkeep", "pruning"), by=by, outcome="free", phase="in_term").lines
    assert (within.total, within.clause) == (D("0.00"), "P05-35")


@pytest.mark.clause("P06-19")
def test_three_filters_on_one_order_are_three_hours_not_four() -> None:
    """Given 100.00 an hour, when all three filters are on one order, then 3 h: 300.00; two of them are summed (A38)."""
    by = tables(entry("labour", "hour", price="100.00"), labour=LABOUR)
    oil, air, fuel = line("labour", "oil_and_oil_filter"), line("labour", "air_filter"), line("labour", "fuel_filter")
    together = priced(oil, air, fuel, by=by)
    assert [(found.code, found.total, found.hours) for found in together.lines] == [
        ("oil_and_oil_filter", D("0.00"), None),
        ("air_filter", D("0.00"), None),
        ("fuel_filter", D("0.00"), None),
        ("three_filters", D("300.00"), D("3")),
    ]
    assert {found.clause for found in together.lines} == {"P06-19"}
    assert priced(oil, air, by=by).total == D("300.00")
    assert priced(air, fuel, by=by).total == D("200.00")
    assert sum(priced(one, by=by).total for one in (oil, air, fuel)) == D("400.00")


def test_a_bundle_takes_whole_sets_only() -> None:
    """Given one set of filters and an air filter more, then one bundle; the one that is over has its own line."""
    by = tables(entry("labour", "hour", price="100.00"), labour=LABOUR)
    filters = line("labour", "oil_and_oil_filter"), line("labour", "air_filter"), line("labour", "fuel_filter")
    assert priced(*filters, line("labour", "air_filter"), by=by).total == D("400.00")
    assert refusal(filters[0], line("labour", "air_filter", "2"), filters[2], by=by) == (
        "BUNDLE_SPLIT", "lines.1.quantity",
    )  # fmt: skip
    doubled = priced(*(line("labour", one.code, "2") for one in filters), by=by)
    assert doubled.total == D("600.00")


@pytest.mark.clause("P08-09")
def test_a_customisation_is_priced_case_by_case() -> None:
    by = tables(rules=HOSPITAL_FEES)
    [work] = priced(line("customisation", "report", asked="12000.00"), by=by).lines
    assert (work.total, work.rule, work.clause) == (D("12000.00"), "customisation", "P08-09")
    assert refusal(line("customisation", "report"), by=by)[0] == "CHARGE_NOT_IN_TABLE"


@pytest.mark.clause("P09-17", "P14-17")
def test_out_of_term_the_customer_pays_parts_cost_and_labour() -> None:
    """Given parts 260.00 (list 390.00) and labour 120.00 after the term, then 380.00."""
    by = tables(
        entry("parts", "pump", part_class="special", price="390.00", cost="260.00"),
        entry("labour", "pump", price="120.00"), rules=SOLAR,
    )  # fmt: skip
    order = priced(line("parts", "pump"), line("labour", "pump"), by=by)
    assert order.total == D("380.00")
    assert {found.clause for found in order.lines} == {"P09-17"}


@pytest.mark.clause("P09-27", "P14-27")
def test_ordinary_parts_cost_the_market_price_and_special_ones_the_company_price() -> None:
    """Given a valve at 35.00 on the market and a tube at 90.00 in the list, then 125.00 and the labour."""
    by = tables(
        entry("parts", "valve", part_class="ordinary", price="50.00", market_price="35.00", cost="20.00"),
        entry("parts", "tube", part_class="special", price="90.00", cost="40.00"),
        entry("labour", "mend", price="60.00"), rules=SOLAR,
    )  # fmt: skip
    lines = line("parts", "valve"), line("parts", "tube"), line("labour", "mend")
    order = priced(*lines, by=by, phase="in_term")
    assert [found.total for found in order.lines] == [D("35.00"), D("90.00"), D("60.00")]
    assert [found.clause for found in order.lines] == ["P09-27", "P09-27", "P09-37"]


@pytest.mark.clause("P09-37", "P14-37")
def test_an_excluded_case_in_term_costs_parts_and_labour() -> None:
    """Given a user who dismantled the set in term, parts 90.00 and labour 60.00, then 150.00."""
    by = tables(
        entry("parts", "tube", part_class="special", price="90.00"), entry("labour", "mend", price="60.00"), rules=SOLAR
    )
    assert priced(line("parts", "tube"), line("labour", "mend"), by=by, phase="in_term").total == D("150.00")


@pytest.mark.clause("P10-35")
def test_after_the_guarantee_there_is_a_maintenance_cost_fee() -> None:
    by = tables(entry("maintenance", "yearly", price="8000.00"), rules=PROJECT_MANAGEMENT_FEES)
    [fee] = priced(line("maintenance", "yearly"), by=by).lines
    assert (fee.total, fee.rule, fee.clause) == (D("8000.00"), "maintenance_cost", "P10-35")


PAID_SERVICE = tables(
    entry("travel", "trip", price="180.00", clause="P15-20"),
    entry("labour", "hour", price="60.00", clause="P15-20"),
    entry("parts", "belt", part_class="special", price="75.00"),
)


@pytest.mark.clause("P15-20")
def test_a_paid_service_is_travel_and_wages_and_nothing_above() -> None:
    """Given travel 180.00 and wages 240.00, then 420.00 may be charged and 600.00 is refused (A75)."""
    work = line("travel", "trip"), line("labour", "hour", "4")
    assert priced(*work, by=PAID_SERVICE, told=D("420.00")).total == D("420.00")
    assert refusal(*work, by=PAID_SERVICE, told=D("600.00")) == ("CHARGE_ABOVE_TABLE", "told")
    assert refusal(line("labour", "hour", "4", asked="105.00"), by=PAID_SERVICE) == (
        "CHARGE_ABOVE_TABLE", "lines.0.asked",
    )  # fmt: skip
    assert refusal(*work, line("flat", "handling", asked="180.00"), by=PAID_SERVICE)[0] == "CHARGE_NOT_IN_TABLE"
    assert priced(*work, line("parts", "belt"), by=PAID_SERVICE).total == D("495.00")


def test_the_published_price_itself_may_be_asked_and_a_cent_more_may_not() -> None:
    assert priced(line("travel", "trip", asked="180.00"), by=PAID_SERVICE).total == D("180.00")
    assert (
        priced(line("travel", "trip", asked="150.00"), by=PAID_SERVICE).lines[0].reason.en.endswith("reduced to 150.00")
    )
    assert refusal(line("travel", "trip", asked="180.01"), by=PAID_SERVICE)[0] == "CHARGE_ABOVE_TABLE"
    assert refusal(line("travel", "trip", asked="0.01"), by=PAID_SERVICE, outcome="free")[0] == "CHARGE_ABOVE_TABLE"


def test_a_cap_ends_a_line() -> None:
    by = tables(entry("travel", "kilometre", price="2.00", cap="100.00"))
    assert priced(line("travel", "kilometre", "50"), by=by).total == D("100.00")
    capped = priced(line("travel", "kilometre", "50.5"), by=by).lines[0]
    assert (capped.total, capped.reason.zh) == (D("100.00"), "按公司价目表;封顶 100.00")


@pytest.mark.parametrize(
    ("amount", "rate", "included", "expected"),
    [
        ("113.00", "0.13", True, ("100.00", "13.00", "113.00")),
        ("100.00", "0.13", False, ("100.00", "13.00", "113.00")),
        ("380.00", "0.13", True, ("336.28", "43.72", "380.00")),
        ("0.05", "0.10", False, ("0.05", "0.01", "0.06")),
        ("0.04", "0.10", False, ("0.04", "0.00", "0.04")),
        ("10.00", "0", True, ("10.00", "0.00", "10.00")),
    ],
)
def test_vat_is_rounded_half_up(amount: str, rate: str, included: bool, expected: tuple[str, str, str]) -> None:
    assert tuple(map(str, split_vat(D(amount), D(rate), included))) == expected


def test_every_line_is_rounded_half_up_before_the_sum() -> None:
    """Given three lines of 0.335 each, then 3 × 0.34 = 1.02 and not 1.01."""
    by = tables(entry("travel", "metre", price="0.67"))
    order = priced(*(line("travel", "metre", "0.5") for _ in range(3)), by=by)
    assert ([found.total for found in order.lines], order.total) == ([D("0.34")] * 3, D("1.02"))
    assert (order.rounding, order.table) == ("line_half_up_0.01", "PB-2026-000001")


@pytest.mark.parametrize(
    ("given", "facts", "expected"),
    [
        (line("parts", "unknown"), {}, ("CHARGE_NOT_IN_TABLE", "lines.0.code")),
        (line("labour", "unknown"), {}, ("CHARGE_NOT_IN_TABLE", "lines.0.code")),
        (line("labour", "timed"), {}, ("PRICE_UNKNOWN", "lines.0.code")),
        (line("parts", "bare"), {}, ("PRICE_UNKNOWN", "lines.0.code")),
        (line("parts", "listed"), {"outcome": "cost_only"}, ("COST_UNKNOWN", "lines.0.code")),
        (line("labour", "timed"), {"outcome": "cost_only"}, ("COST_UNKNOWN", "lines.0.code")),
        (line("parts", "unknown"), {"outcome": "cost_only"}, ("CHARGE_NOT_IN_TABLE", "lines.0.code")),
        (line("parts", "listed"), {"outcome": "advise_only"}, ("NOT_OFFERED", "lines.0")),
        (line("parts", "listed"), {"outcome": "reject"}, ("NOT_OFFERED", "lines.0")),
        (line("parts", "listed", "0"), {}, ("QUANTITY_INVALID", "lines.0.quantity")),
        (line("parts", "listed", "-1"), {}, ("QUANTITY_INVALID", "lines.0.quantity")),
        (line("parts", "listed", "NaN"), {}, ("QUANTITY_INVALID", "lines.0.quantity")),
        (line("parts", "listed", "0.0001"), {}, ("QUANTITY_INVALID", "lines.0.quantity")),
        (line("parts", "listed", asked="-1"), {}, ("AMOUNT_INVALID", "lines.0.asked")),
        (line("parts", "listed", asked="1.005"), {}, ("AMOUNT_INVALID", "lines.0.asked")),
    ],
)
def test_what_cannot_be_priced_is_refused(given: OrderLine, facts: dict[str, Any], expected: tuple[str, str]) -> None:
    by = tables(
        entry("parts", "listed", part_class="special", price="10.00"),
        entry("parts", "bare", part_class="ordinary", price="10.00"),
        entry("labour", "timed", hours="2"),
    )  # fmt: skip
    assert refusal(given, by=by, **facts) == expected


def test_the_rate_of_the_fee_table_counts_where_the_book_has_none() -> None:
    """Given a workshop's rate in its settings, then it is the price of an hour; a price book's own rate goes first."""
    rate = FeeRule(code="labour", label=Label("工时费", "Labour"), item="labour", basis="hourly", amount=D("80.00"))
    air = line("labour", "air_filter")
    assert priced(air, by=tables(rules=(rate,), labour=LABOUR)).total == D("80.00")
    book = entry("labour", "hour", price="90.00")
    assert priced(air, by=tables(book, rules=(rate,), labour=LABOUR)).total == D("90.00")


def test_a_flat_fee_of_the_vertical_is_the_price() -> None:
    flat = FeeRule(
        code="call_out", label=Label("上门费", "Call-out"), clause="T1", item="visit", basis="flat", amount=D(30)
    )
    [fee] = priced(line("visit", "any"), by=tables(rules=(flat,))).lines
    assert (fee.total, fee.rule, fee.clause, fee.reason.en) == (D("30.00"), "call_out", "T1", "flat fee: Call-out")


def test_thirty_lines_are_priced_within_a_millisecond() -> None:
    """Given an order of 30 lines, when it is priced, then the best of 50 runs takes at most 1 ms."""
    codes = [f"p{number}" for number in range(20)]
    by = tables(
        *(entry("parts", code, part_class="special", price="19.99", cost="9.50") for code in codes),
        entry("labour", "hour", price="100.00"), entry("travel", "trip", price="50.00"), rules=SOLAR, labour=LABOUR,
    )  # fmt: skip
    lines = [line("parts", code, "3") for code in codes]
    lines += [line("labour", operation.code) for operation in LABOUR[:3]]
    lines += [line("labour", "hour", "1.5") for _ in range(6)] + [line("travel", "trip")]
    assert len(lines) == 30
    facts = OrderFacts(outcome="bill_full", phase="after_term", vat_rate=D("0.13"))
    spent: list[float] = []
    for _ in range(50):
        begun = time.perf_counter()
        price_order(lines, facts, by)
        spent.append(time.perf_counter() - begun)
    assert min(spent) <= 0.001, f"{min(spent) * 1000:.2f} ms"
