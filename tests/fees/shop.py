"""A tenant with a price table, and the steps that most examples take."""

from datetime import date
from decimal import Decimal
from typing import Any

from aftersales.fees import service
from aftersales.fees.commands import AnswerQuote, IssueQuote, PriceEntry, PublishPriceBook
from aftersales.fees.models import PriceBook, Quote, QuoteLine
from aftersales.fees.pricing import OrderLine
from aftersales.tickets.models import Ticket
from tests.tickets.world import World, member

D = Decimal
FINANCE = member("finance")
TODAY = date(2026, 6, 10)
"""The local date on which the tests' clock stands."""

ENTRIES = (
    PriceEntry(item="parts", code="pump", name="循环泵", part_class="special", price=D("390.00"), cost=D("260.00")),
    PriceEntry(
        item="parts", code="valve", name="阀门", part_class="ordinary", market_price=D("35.00"), cost=D("20.00")
    ),
    PriceEntry(item="labour", code="replace", name="更换", price=D("120.00"), cost=D("80.00")),
    PriceEntry(item="labour", code="hour", name="工时", price=D("60.00"), cost=D("40.00")),
    PriceEntry(item="travel", code="trip", name="上门", price=D("50.00"), clause="T-TRAVEL"),
)
REPAIR = (OrderLine(item="parts", code="pump"), OrderLine(item="labour", code="replace"))
"""Parts 260.00 at cost and labour 120.00: 380.00 after the term of plan 9."""


def book(**given: Any) -> PublishPriceBook:
    """The prices of 2026, open-ended."""
    return PublishPriceBook(
        **{"name": "2026", "valid_from": date(2026, 1, 1), "vat_rate": D("0.13"), "entries": ENTRIES, **given}
    )


async def publish(world: World, **given: Any) -> PriceBook:
    found: PriceBook = await world.do(service.publish_price_book, book(**given), FINANCE)
    return found


def offer(ticket: Ticket, **given: Any) -> IssueQuote:
    return IssueQuote(
        **{
            "ticket_id": ticket.id,
            "outcome": "bill_full",
            "phase": "after_term",
            "lines": REPAIR,
            "valid_until": date(2026, 6, 20),
            **given,
        }
    )


async def quote(world: World, ticket: Ticket, **given: Any) -> Quote:
    found: Quote = await world.do(service.issue_quote, offer(ticket, **given), FINANCE)
    return found


def answer(world: World, given: Quote, **more: Any) -> AnswerQuote:
    """The contact who may decide signs."""
    return AnswerQuote(
        **{
            "quote_id": given.id,
            "agreed": True,
            "channel": "signature",
            "contact_id": world.contact.id,
            "evidence": "signed sheet no. 7",
            **more,
        }
    )


async def agreed(world: World, ticket: Ticket, **given: Any) -> Quote:
    """A quote that the customer accepted."""
    offered = await quote(world, ticket, **given)
    accepted: Quote = await world.do(service.answer_quote, answer(world, offered))
    return accepted


async def lines(world: World, of: Quote) -> list[QuoteLine]:
    return await world.read(QuoteLine, quote_id=of.id)
