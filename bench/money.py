"""Issue 3's figures: a coverage decision and a priced order, in the rules alone and on one core."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter
from zoneinfo import ZoneInfo

from aftersales.coverage.compiling import compile_terms
from aftersales.coverage.rules import decide
from aftersales.coverage.values import CoverageFacts
from aftersales.fees.pricing import FeeTables, OrderFacts, OrderLine, TableEntry, price_order, table_of
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from bench.report import Report

ACCEPTED = date(2026, 3, 1)
LINES = 30


def measure(report: Report, count: int, rounds: int = 5) -> None:
    """The median of `rounds` rounds of `count` calls each."""
    _coverage(report, count, rounds)
    _pricing(report, max(count // 20, 20), rounds)


def _coverage(report: Report, count: int, rounds: int) -> None:
    playbook = PlaybookCompiler(Registry.installed()).playbook({"solar": {}}).verticals["solar"]
    terms = compile_terms(playbook, playbook.asset_types[0], ZoneInfo("Asia/Shanghai"))
    facts = [
        CoverageFacts(
            component="tank",
            occurred_on=ACCEPTED + timedelta(days=day % 1500),
            today=date(2032, 1, 1),
            starts={"acceptance": ACCEPTED},
            cause="product_quality" if day % 2 else "own_transport",
            symptoms=("leak",),
        )
        for day in range(count)
    ]

    def work() -> None:
        for one in facts:
            decide(one, terms)

    seconds = _median(work, rounds)
    report.add("coverage", "a coverage decision in the rules", seconds / count * 1e6, "µs", "≤ 50 µs", decisions=count)


def _pricing(report: Report, count: int, rounds: int) -> None:
    terms = PlaybookCompiler(Registry.installed()).playbook({"auto_4s": {}}).verticals["auto_4s"]
    entries = [
        TableEntry(
            item="parts", code=f"part-{number}", name=f"Part {number}", part_class="special",
            price=Decimal(100 + number), cost=Decimal(60),
        )
        for number in range(LINES)
    ]  # fmt: skip
    tables = FeeTables(
        version="bench", entries=table_of(entries), rules=terms.service_fee_table, labour=terms.labour_hours
    )
    lines = [OrderLine(item="parts", code=entry.code, quantity=Decimal(2)) for entry in entries]
    facts = OrderFacts(outcome="bill_full", phase="after_term", vat_rate=Decimal("0.13"))

    def work() -> None:
        for _ in range(count):
            price_order(lines, facts, tables)

    seconds = _median(work, rounds)
    report.add("pricing", f"pricing an order of {LINES} lines", seconds / count * 1e3, "ms", "≤ 1 ms", orders=count)


def _median(work: Callable[[], None], rounds: int) -> float:
    found = []
    for _ in range(rounds):
        began = perf_counter()
        work()
        found.append(perf_counter() - began)
    found.sort()
    return found[len(found) // 2]
