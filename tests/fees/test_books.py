"""Price books: what may be published, which one counts."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from aftersales.fees import service
from aftersales.fees.commands import EndPriceBook, PriceEntry, PriceTicket
from aftersales.fees.models import PriceBook, PriceBookEntry
from aftersales.fees.pricing import OrderLine
from aftersales.fees.rules import BookPeriod, book_for
from aftersales.kit.ids import new_id
from tests.fees.shop import ENTRIES, FINANCE, REPAIR, book, publish
from tests.support.refusals import refused
from tests.tickets.world import World, local, member

D = Decimal


async def test_a_price_book_is_published_with_its_entries(solar_world: World) -> None:
    made = await publish(solar_world, vertical="solar", region="11")
    [stored] = await solar_world.read(PriceBook)
    assert (stored.number, stored.currency, stored.vat_rate) == ("PB-2026-000001", "CNY", D("0.1300"))
    assert {entry.code for entry in await solar_world.read(PriceBookEntry, price_book_id=made.id)} == {
        "pump", "valve", "replace", "hour", "trip",
    }  # fmt: skip


def _entry(**given: Any) -> tuple[PriceEntry, ...]:
    return (PriceEntry(**{"item": "travel", "code": "x", "name": "x", "price": D("1.00"), **given}),)


async def test_what_cannot_be_published_is_refused(solar_world: World) -> None:
    await publish(solar_world, valid_until=date(2026, 6, 30))
    cases = [
        (book(valid_from=date(2026, 6, 30)), "PRICE_BOOK_OVERLAPS", "validFrom"),
        (book(valid_from=date(2025, 1, 1), valid_until=date(2026, 1, 1)), "PRICE_BOOK_OVERLAPS", "validFrom"),
        (book(valid_from=date(2026, 7, 2), valid_until=date(2026, 7, 1)), "PERIOD_INVERTED", "validUntil"),
        (book(currency="yuan"), "CURRENCY_INVALID", "currency"),
        (book(vat_rate=D("13")), "VAT_RATE_INVALID", "vatRate"),
        (book(vat_rate=D("NaN")), "VAT_RATE_INVALID", "vatRate"),
        (book(vat_rate=D("-0.1")), "VAT_RATE_INVALID", "vatRate"),
        (book(vertical="auto_4s"), "VERTICAL_NOT_ENABLED", "vertical"),
        (book(region="99"), "REGION_UNKNOWN", "region"),
        (book(name=" "), "REQUIRED", "name"),
        (book(entries=()), "REQUIRED", "entries"),
        (book(entries=ENTRIES + ENTRIES[:1]), "PRICE_TWICE", "entries.5.code"),
        (book(entries=_entry(price=D("-1"))), "AMOUNT_INVALID", "entries.0.price"),
        (book(entries=_entry(price=D("0.001"))), "AMOUNT_INVALID", "entries.0.price"),
        (book(entries=_entry(price=None)), "PRICE_MISSING", "entries.0.price"),
        (book(entries=_entry(item="parts")), "PART_CLASS_REQUIRED", "entries.0.partClass"),
        (book(entries=_entry(part_class="special")), "PART_CLASS_REQUIRED", "entries.0.partClass"),
        (book(entries=_entry(item="parts", part_class="ordinary")), "PRICE_MISSING", "entries.0.price"),
        (book(entries=_entry(hours=D("1"))), "QUANTITY_INVALID", "entries.0.hours"),
        (book(entries=_entry(item="labour", hours=D("0"))), "QUANTITY_INVALID", "entries.0.hours"),
        (book(entries=_entry(code=" ")), "REQUIRED", "entries.0.code"),
    ]
    for command, code, field in cases:
        error = await refused(solar_world, service.publish_price_book, command, FINANCE)
        assert (error.code, error.field) == (code, field)
    assert (await refused(solar_world, service.publish_price_book, book(), member("engineer"))).code == "FORBIDDEN"


async def test_the_next_book_begins_the_day_after(solar_world: World) -> None:
    """Given a book that ends on 30 June, when the next begins on 1 July, then both stand, and their numbers follow."""
    first = await publish(solar_world)
    command = EndPriceBook(price_book_id=first.id, valid_until=date(2026, 6, 30))
    await solar_world.do(service.end_price_book, command, FINANCE)
    second = await publish(solar_world, valid_from=date(2026, 7, 1))
    assert second.number == "PB-2026-000002"
    longer = await refused(
        solar_world, service.end_price_book, EndPriceBook(price_book_id=first.id, valid_until=date(2026, 7, 1)), FINANCE
    )
    assert (longer.code, longer.field) == ("PRICE_BOOK_ENDED", "validUntil")
    before = EndPriceBook(price_book_id=first.id, valid_until=date(2025, 12, 31))
    assert (await refused(solar_world, service.end_price_book, before, FINANCE)).code == "PERIOD_INVERTED"


async def test_books_of_other_regions_and_verticals_stand_beside_each_other(solar_world: World) -> None:
    for given in ({}, {"region": "11"}, {"vertical": "solar"}, {"vertical": "solar", "region": "11"}):
        await publish(solar_world, **given)
    assert len(await solar_world.read(PriceBook)) == 4


async def test_a_ticket_is_priced_by_the_book_of_its_day(solar_world: World) -> None:
    """Given prices that rise on 1 July, when a ticket is priced on 30 June 23:59 and at 24:00, then each by its own."""
    await publish(solar_world, valid_until=date(2026, 6, 30))
    dearer = (PriceEntry(item="travel", code="trip", name="上门", price=D("70.00")),)
    await publish(solar_world, valid_from=date(2026, 7, 1), entries=dearer)
    ticket = await solar_world.open()
    command = PriceTicket(
        ticket_id=ticket.id, outcome="bill_full", phase="after_term", lines=(OrderLine(item="travel", code="trip"),)
    )
    for instant, expected in (("2026-06-30 23:59", "50.00"), ("2026-07-01 00:00", "70.00")):
        solar_world.clock.move_to(local(instant))
        assert (await solar_world.do(service.price_ticket, command, FINANCE)).total == D(expected)
    solar_world.clock.move_to(local("2026-07-01 00:00"))
    unknown = PriceTicket(ticket_id=ticket.id, outcome="bill_full", phase="after_term", lines=REPAIR)
    assert (await refused(solar_world, service.price_ticket, unknown, FINANCE)).code == "CHARGE_NOT_IN_TABLE"


async def test_pricing_writes_nothing_and_needs_a_book(solar_world: World) -> None:
    ticket = await solar_world.open()
    command = PriceTicket(ticket_id=ticket.id, outcome="bill_full", phase="after_term", lines=REPAIR)
    assert (await refused(solar_world, service.price_ticket, command, FINANCE)).code == "PRICE_BOOK_MISSING"
    await publish(solar_world)
    before = await solar_world.counts()
    order = await solar_world.do(service.price_ticket, command, FINANCE)
    assert await solar_world.counts() == before
    assert (order.total, order.vat, order.net) == (D("380.00"), D("43.72"), D("336.28"))
    for lines, code in (((), "REQUIRED"), (REPAIR * 101, "TOO_MANY_LINES")):
        wrong = PriceTicket(ticket_id=ticket.id, outcome="bill_full", phase="after_term", lines=lines)
        assert (await refused(solar_world, service.price_ticket, wrong, FINANCE)).code == code


@pytest.mark.parametrize(
    ("region", "on", "expected"),
    [
        ("110105", date(2026, 1, 1), "solar 1101"),
        ("110205", date(2026, 1, 1), "solar"),
        ("310000", date(2026, 1, 1), "solar"),
        (None, date(2026, 12, 31), "solar"),
        (None, date(2027, 1, 1), None),
    ],
)
def test_the_narrowest_book_counts(region: str | None, on: date, expected: str | None) -> None:
    def period(number: str, vertical: str | None, at: str | None) -> BookPeriod:
        return BookPeriod(
            id=UUID(int=new_id().int), number=number, vertical=vertical, region=at, currency="CNY",
            valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31),
        )  # fmt: skip

    books = [
        period("all", None, None), period("all 1101", None, "1101"), period("solar", "solar", None),
        period("solar 1101", "solar", "1101"), period("cars", "auto_4s", None),
    ]  # fmt: skip
    found = book_for(books, vertical="solar", region=region, on=on)
    assert (found.number if found else None) == expected
