"""Price books, and what an order costs under the one that counts."""

from uuid import UUID

from aftersales.access import require
from aftersales.assets.models import Asset
from aftersales.contracts.queries import counting_or_over
from aftersales.contracts.terms import terms_of
from aftersales.coverage import service as coverage
from aftersales.fees import queries, rules
from aftersales.fees.commands import EndPriceBook, PriceEntry, PriceTicket, PublishPriceBook
from aftersales.fees.models import PriceBook, PriceBookEntry
from aftersales.fees.pricing import (
    HOUR,
    LARGEST_QUANTITY,
    FeeTables,
    OrderFacts,
    PricedOrder,
    check_amount,
    price_order,
    table_of,
)
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import CODE_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.regions import check_region
from aftersales.scope import TenantWork
from aftersales.terms.playbook import VerticalPlaybook
from aftersales.tickets.handling import terms_under, visible_to
from aftersales.tickets.models import Ticket

NUMBER_PREFIX = "PB"
MOST_LINES = 200


async def publish_price_book(uow: TenantWork, command: PublishPriceBook) -> PriceBook:
    """Publish a price table; its entries never change, a change of prices is a new table.

    PERIOD_INVERTED, PRICE_BOOK_OVERLAPS, CURRENCY_INVALID, VAT_RATE_INVALID, AMOUNT_INVALID, QUANTITY_INVALID,
    PRICE_TWICE, PART_CLASS_REQUIRED, PRICE_MISSING, VERTICAL_NOT_ENABLED.
    """
    require(uow.actor, "price.manage")
    name = clean_text(command.name, "name", NAME_LIMIT, required=True)
    if command.vertical is not None:
        uow.scope.enabled(command.vertical)
    region = check_region(command.region, "region")
    rules.check_currency(command.currency)
    if not command.vat_rate.is_finite() or not 0 <= command.vat_rate < 1:
        raise InvalidInput("VAT_RATE_INVALID", field="vatRate", value=str(command.vat_rate))
    if not command.entries:
        raise InvalidInput("REQUIRED", field="entries", field_name="entries")
    seen: set[tuple[str, str]] = set()
    for position, entry in enumerate(command.entries):
        _check_entry(entry, f"entries.{position}")
        if (entry.item, entry.code) in seen:
            raise InvalidInput("PRICE_TWICE", field=f"entries.{position}.code", code_name=entry.code)
        seen.add((entry.item, entry.code))
    # The counter's row stays locked, so that two tables for one period can't be published at once.
    number = await next_number(uow, NUMBER_PREFIX, today(uow.now, uow.scope.time_zone).year)
    book_id = new_id()
    period = rules.BookPeriod(
        id=book_id,
        number=number,
        vertical=command.vertical,
        region=region,
        currency=command.currency,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
    )
    rules.check_period(period, await queries.book_periods(uow))
    book = uow.add(
        PriceBook(
            id=book_id,
            number=number,
            name=name,
            vertical=command.vertical,
            region=region,
            currency=command.currency,
            valid_from=command.valid_from,
            valid_until=command.valid_until,
            vat_rate=command.vat_rate,
            prices_include_vat=command.prices_include_vat,
            created_at=uow.now,
        )
    )
    for entry in command.entries:
        uow.add(
            PriceBookEntry(
                id=new_id(),
                price_book_id=book.id,
                item=entry.item,
                code=entry.code.strip(),
                name=entry.name.strip(),
                part_class=entry.part_class,
                price=entry.price,
                market_price=entry.market_price,
                cost=entry.cost,
                hours=entry.hours,
                cap=entry.cap,
                clause=entry.clause,
            )
        )
    await _note(uow, "price_book.published", book)
    return book


async def end_price_book(uow: TenantWork, command: EndPriceBook) -> PriceBook:
    """Give a table its last day, or an earlier one. PERIOD_INVERTED, PRICE_BOOK_ENDED for a later one."""
    require(uow.actor, "price.manage")
    book = await locked(uow, PriceBook, command.price_book_id, command.expected_version)
    if command.valid_until < book.valid_from:
        raise InvalidInput("PERIOD_INVERTED", field="validUntil")
    if book.valid_until is not None and command.valid_until > book.valid_until:
        raise StateRefused("PRICE_BOOK_ENDED", field="validUntil", valid_until=book.valid_until.isoformat())
    book.valid_until = command.valid_until
    await _note(uow, "price_book.ended", book)
    return book


async def price_ticket(uow: TenantWork, command: PriceTicket) -> PricedOrder:
    """What the lines would cost on this ticket today; each with its rule and reason. Writes nothing."""
    require(uow.actor, "quote.issue")
    ticket = await uow.get(Ticket, command.ticket_id)
    if not visible_to(uow.actor, ticket):
        raise NotFound("NOT_FOUND", thing="Ticket")
    return (await priced(uow, ticket, command))[1]


async def priced(uow: TenantWork, ticket: Ticket, command: PriceTicket) -> tuple[UUID, PricedOrder]:
    """The book that counts for a ticket today, and the order priced by it.

    PRICE_BOOK_MISSING, CURRENCY_OTHER, TOO_MANY_LINES, and what `price_order` refuses.
    """
    if not command.lines:
        raise InvalidInput("REQUIRED", field="lines", field_name="lines")
    if len(command.lines) > MOST_LINES:
        raise InvalidInput("TOO_MANY_LINES", field="lines", count=len(command.lines), limit=MOST_LINES)
    period = rules.book_for(
        await queries.book_periods(uow),
        vertical=ticket.vertical,
        region=ticket.region,
        on=today(uow.now, uow.scope.time_zone),
    )
    if period is None:
        raise StateRefused("PRICE_BOOK_MISSING", field="ticketId")
    if command.currency != period.currency:
        raise InvalidInput("CURRENCY_OTHER", field="currency", value=command.currency, currency=period.currency)
    book = await uow.get(PriceBook, period.id)
    terms = await _terms(uow, ticket)
    tables = FeeTables(
        version=book.number,
        currency=book.currency,
        entries=table_of(await queries.entries_of(uow, book.id)),
        rules=terms.service_fee_table,
        labour=terms.labour_hours,
    )
    verdict = await decided(uow, ticket, command)
    facts = OrderFacts(
        outcome=verdict.outcome,
        phase=verdict.phase,
        told=None if command.told is None else check_amount(command.told, "told"),
        vat_rate=book.vat_rate,
        prices_include_vat=book.prices_include_vat,
    )
    return book.id, price_order(command.lines, facts, tables)


async def decided(uow: TenantWork, ticket: Ticket, command: PriceTicket) -> rules.Decided:
    """Under which verdict work is priced: what coverage decided; before a decision, what the caller says.

    OUTCOME_NOT_DECIDED where neither says it, or decisions differ and no part is named; OUTCOME_OTHER where the
    caller's word contradicts the decision. After the free term everything is billed unless coverage says otherwise.
    """
    decisions = await coverage.decisions_of(uow, ticket.id)
    if command.component is not None:
        decisions = [found for found in decisions if found.component == command.component]
        if not decisions:
            raise InvalidInput("OUTCOME_NOT_DECIDED", field="component")
    verdicts = {(found.outcome, found.phase) for found in decisions}
    if not verdicts:
        if command.outcome is not None and command.phase is not None:
            return rules.Decided(outcome=command.outcome, phase=command.phase)
        if ticket.billable and command.outcome in {None, "bill_full"} and command.phase in {None, "after_term"}:
            return rules.Decided(outcome="bill_full", phase="after_term")
        raise InvalidInput("OUTCOME_NOT_DECIDED", field="outcome")
    wanted = [
        found for found in sorted(verdicts) if command.outcome in {None, found[0]} and command.phase in {None, found[1]}
    ]
    if not wanted:
        known = ", ".join(sorted({outcome for outcome, _ in verdicts}))
        raise InvalidInput("OUTCOME_OTHER", field="outcome", value=command.outcome or command.phase or "", known=known)
    if len(wanted) > 1:
        raise InvalidInput("OUTCOME_NOT_DECIDED", field="component")
    [(outcome, phase)] = wanted
    payers = {found.payer for found in decisions if (found.outcome, found.phase) == (outcome, phase)}
    return rules.Decided(
        outcome=outcome,  # type: ignore[arg-type]  # both tables know the same values
        phase=phase,  # type: ignore[arg-type]
        payers=frozenset(payers),
    )


async def _terms(uow: TenantWork, ticket: Ticket) -> VerticalPlaybook:
    """The terms that prices follow: the ticket's own, else those of the contract that its asset last was under: what
    work costs after the term was promised there (P09-17, P10-35)."""
    if ticket.contract_id is not None or ticket.asset_id is None:
        return await terms_under(uow, ticket)
    asset = await uow.get(Asset, ticket.asset_id)
    contract = await counting_or_over(
        uow, customer_id=ticket.customer_id, vertical=ticket.vertical, asset_id=asset.id, asset_type=asset.asset_type,
        today=today(uow.now, uow.scope.time_zone),
    )  # fmt: skip
    return terms_of(uow.scope, ticket.vertical, contract)


def _check_entry(entry: PriceEntry, at: str) -> None:
    clean_text(entry.code, f"{at}.code", CODE_LIMIT, required=True)
    clean_text(entry.name, f"{at}.name", NAME_LIMIT, required=True)
    for field, amount in (
        ("price", entry.price), ("marketPrice", entry.market_price), ("cost", entry.cost), ("cap", entry.cap),
    ):  # fmt: skip
        if amount is not None:
            check_amount(amount, f"{at}.{field}")
    hours = entry.hours
    if hours is not None and (not hours.is_finite() or not 0 < hours <= LARGEST_QUANTITY or entry.item != "labour"):
        raise InvalidInput("QUANTITY_INVALID", field=f"{at}.hours", value=str(hours))
    if (entry.item == "parts") != (entry.part_class is not None):
        raise InvalidInput("PART_CLASS_REQUIRED", field=f"{at}.partClass")
    basis = entry.market_price if entry.part_class == "ordinary" else entry.price
    if basis is None and entry.cost is None and (entry.hours is None or entry.code == HOUR):
        raise InvalidInput("PRICE_MISSING", field=f"{at}.price", code_name=entry.code)


async def _note(uow: TenantWork, kind: str, book: PriceBook) -> None:
    data = {"number": book.number, "valid_from": book.valid_from, "valid_until": book.valid_until}
    await journal.record(uow, kind, subject_type="price_book", subject_id=book.id, data=data, vertical=book.vertical)
