"""Plan 9: a tank on the last covered day and on the day after, and a collector that somebody took apart."""

from typing import Any

from aftersales_server.demo.stories.steps import (
    charge,
    decide,
    finish,
    new_asset,
    offer,
    publish_prices,
    report_fault,
    why,
)
from aftersales_server.demo.stories.story import Script, Story

# Accepted on 1 March 2026; three years for the main unit (P09-10), the corresponding day included (A01).
LAST_DAY = "2029-03-01"
# After the term: the tank at its cost, 1,500.00, and labour, 300.00 (P09-17).
AFTER_TERM = "1800.00"
# Excluded: a solar part by the company's list, 900.00, and labour, 300.00 (P09-27, P09-37).
EXCLUDED = "1200.00"
PRICES: tuple[dict[str, Any], ...] = (
    {"item": "parts", "code": "tank", "name": "储热水箱", "partClass": "special", "price": "2100.00",
     "cost": "1500.00"},
    {"item": "parts", "code": "collector", "name": "集热器", "partClass": "special", "price": "900.00",
     "cost": "620.00"},
    {"item": "labour", "code": "replace", "name": "更换", "price": "300.00", "cost": "180.00"},
)  # fmt: skip


def play(story: Story) -> None:
    """Three failures: free, at cost after consent, in full after consent."""
    dispatcher = story.by("dispatcher")
    story.at("2026-03-01 10:00")
    publish_prices(story, "2026 售后价目", validFrom="2026-01-01", vatRate="0.13", entries=list(PRICES))
    asset = new_asset(
        story, "SW-QF-3", name="泉府 5 号楼热水系统", vertical="solar", assetType="solar_water_heater",
        attributes={"collector": "vacuum_tube", "collector_count": 24, "tank_litres": 3000},
        components=[{"component": "tank"}, {"component": "collector"}],
    )  # fmt: skip
    dispatcher.do("acceptAsset", "asset { id }", assetId=asset["id"], acceptedOn="2026-03-01", trainingVenue="会议室")
    story.note("A system is accepted: three years for tank, collector and bracket, one for fittings and electrics.")

    story.at("2027-05-10 09:00")
    dismantled = report_fault(
        story, "collector", asset, "2027-05-10 09:00", title="集热器漏水", component="collector", symptom="leak",
        facts={"leaking": True},
    )  # fmt: skip
    verdict = decide(
        story, dismantled, component="collector", symptoms=["leak"], cause="dismantled_by_user",
        evidence=[{"kind": "photo", "reference": "现场照片 1–3"}],
    )  # fmt: skip
    story.note("A collector leaks in the second year; the photos show that the user took it apart: not free.")
    story.expect("the dismantled collector", ("bill_full", "EXCLUDED", "P09-23"), _of(verdict))
    quote = offer(
        story, dismantled, outcome=verdict["outcome"], phase="in_term", validUntil="2027-05-20",
        lines=[{"item": "parts", "code": "collector"}, {"item": "labour", "code": "replace"}],
    )  # fmt: skip
    story.expect("the quote for it", EXCLUDED, quote["total"])
    _agree_and_work(story, dismantled, quote, "2027-05-10 15:00", EXCLUDED)

    story.at(f"{LAST_DAY} 16:00")
    covered = report_fault(
        story, "last day", asset, f"{LAST_DAY} 16:00", title="水箱漏水", component="tank", symptom="leak",
        facts={"leaking": True},
    )  # fmt: skip
    verdict = decide(story, covered, component="tank", symptoms=["leak"], cause="product_quality")
    story.note("The tank leaks on the last covered day: a new one, free of charge.")
    story.expect("the tank on the last day", ("free", "COVERED", "P09-22"), _of(verdict))
    story.expect("the last covered day", LAST_DAY, verdict["lastDay"])
    dispatcher.do("startWork", "ticket { id }", ticketId=covered)
    finish(story, covered, f"{LAST_DAY} 16:00", "product_quality: 内胆开裂", "免费更换水箱(P09-14)")
    dispatcher.do("closeTicket", "ticket { id }", ticketId=covered)

    story.at("2029-03-02 08:00")
    late = report_fault(
        story, "day after", asset, "2029-03-02 08:00", title="水箱漏水", component="tank", symptom="leak",
        facts={"leaking": True},
    )  # fmt: skip
    verdict = decide(story, late, component="tank", symptoms=["leak"], cause="product_quality")
    story.note("Another tank's owner calls on the day after: repaired as well, for the cost of the parts and labour.")
    story.explanation = why(story, verdict)
    story.expect("the tank on the day after", ("bill_full", "EXPIRED", "P09-25"), _of(verdict))
    quote = offer(
        story, late, outcome=verdict["outcome"], phase="after_term", validUntil="2029-03-12",
        lines=[{"item": "parts", "code": "tank"}, {"item": "labour", "code": "replace"}],
    )  # fmt: skip
    story.expect("the quote after the term", AFTER_TERM, quote["total"])
    _agree_and_work(story, late, quote, "2029-03-02 17:00", AFTER_TERM)


def _of(verdict: dict[str, Any]) -> tuple[str, str, str]:
    return verdict["outcome"], verdict["reason"], verdict["clause"]


def _agree_and_work(story: Story, ticket_id: str, quote: dict[str, Any], until: str, total: str) -> None:
    """No work before consent (P09-18), a receipt for every charge (P09-28)."""
    dispatcher = story.by("dispatcher")
    codes = story.refusal(
        lambda: dispatcher.do("startWork", "ticket { id }", ticketId=ticket_id), "work before the customer agreed"
    )
    story.expect("work without consent", ["CONSENT_REQUIRED"], codes)
    story.by("customer").do("answerQuote", "quote { state }", quoteId=quote["id"], agreed=True, channel="web")
    dispatcher.do("startWork", "ticket { id }", ticketId=ticket_id)
    story.at(until)
    finish(story, ticket_id, until, "见判定", "已更换")
    story.expect("charged", total, charge(story, ticket_id))
    dispatcher.do("closeTicket", "ticket { id }", ticketId=ticket_id)
    story.note(f"The customer signs for {total}, the part is replaced, the receipt is written, the ticket closed.")


SCRIPT = Script(
    code="warranty",
    slug="hefeng-solar",
    title="Free on the last day, billed on the day after",
    clauses=("P09-10", "P09-14", "P09-17", "P09-18", "P09-23", "P09-25", "P09-27", "P09-28"),
    play=play,
)
