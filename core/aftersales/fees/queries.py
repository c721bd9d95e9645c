"""The fees room's reads."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import DateTime, Text, Uuid, and_, bindparam, exists, func, literal_column, select, union_all

from aftersales.fees.models import (
    ApprovalRule,
    Charge,
    Consent,
    Invoice,
    InvoiceLine,
    Payment,
    PriceBook,
    PriceBookEntry,
    Quote,
    QuoteLine,
)
from aftersales.fees.pricing import TableEntry
from aftersales.fees.rules import BookPeriod, MatrixRow, QuoteStand
from aftersales.scope import TenantWork

_books: Any = PriceBook.__table__
_entries: Any = PriceBookEntry.__table__
_quotes: Any = Quote.__table__
_lines: Any = QuoteLine.__table__
_consents: Any = Consent.__table__
_matrix: Any = ApprovalRule.__table__
_charges: Any = Charge.__table__
_invoices: Any = Invoice.__table__
_invoice_lines: Any = InvoiceLine.__table__
_payments: Any = Payment.__table__

_tenant = bindparam("tenant_id", type_=Uuid)
_ticket = bindparam("ticket_id", type_=Uuid)

_BOOKS = select(_books).where(_books.c.tenant_id == _tenant)
_ENTRIES = select(_entries).where(
    _entries.c.tenant_id == _tenant, _entries.c.price_book_id == bindparam("price_book_id", type_=Uuid)
)
_QUOTES = select(_quotes).where(_quotes.c.tenant_id == _tenant, _quotes.c.ticket_id == _ticket)
_LINES = (
    select(_lines)
    .where(_lines.c.tenant_id == _tenant, _lines.c.quote_id == bindparam("quote_id", type_=Uuid))
    .order_by(_lines.c.position)
)
_CHARGED = (
    select(
        _charges.c.quote_line_id,
        func.sum(_charges.c.quantity).label("quantity"),
        func.sum(_charges.c.total).label("total"),
        func.sum(_charges.c.vat).label("vat"),
    )
    .where(
        _charges.c.tenant_id == _tenant,
        _charges.c.quote_id == bindparam("quote_id", type_=Uuid),
        _charges.c.credited_id.is_(None),
    )
    .group_by(_charges.c.quote_line_id)
)
_WANTS_INVOICE = select(func.bool_or(_consents.c.wants_invoice).label("wanted")).where(
    _consents.c.tenant_id == _tenant, _consents.c.ticket_id == _ticket, _consents.c.agreed
)
_MATRIX = select(_matrix).where(
    _matrix.c.tenant_id == _tenant, _matrix.c.type == bindparam("type", type_=Text), _matrix.c.replaced_at.is_(None)
)
_CHARGES = (
    select(_charges).where(_charges.c.tenant_id == _tenant, _charges.c.ticket_id == _ticket).order_by(_charges.c.id)
)
_documented = exists().where(
    and_(
        _invoice_lines.c.tenant_id == _charges.c.tenant_id,
        _invoice_lines.c.charge_id == _charges.c.id,
        _invoice_lines.c.credited_id.is_(None),
    )
)
_OPEN_CHARGES = _CHARGES.where(~_documented, _charges.c.total > 0, _charges.c.credited_id.is_(None))
_INVOICE_LINES = (
    select(_invoice_lines)
    .where(_invoice_lines.c.tenant_id == _tenant, _invoice_lines.c.invoice_id == bindparam("invoice_id", type_=Uuid))
    .order_by(_invoice_lines.c.id)
)
_customer = bindparam("customer_id", type_=Uuid)
_until = bindparam("until", type_=DateTime(timezone=True))
_STATEMENT = union_all(
    select(
        _invoices.c.issued_at.label("at"),
        _invoices.c.kind.label("kind"),
        _invoices.c.number.label("number"),
        _invoices.c.currency.label("currency"),
        _invoices.c.total.label("amount"),
        _invoices.c.id.label("invoice_id"),
        _invoices.c.id.label("row_id"),
    ).where(
        _invoices.c.tenant_id == _tenant,
        _invoices.c.customer_id == _customer,
        _invoices.c.bill_to == literal_column("'customer'"),
        _invoices.c.issued_at < _until,
    ),
    select(
        _payments.c.at,
        literal_column("'payment'"),
        _invoices.c.number,
        _invoices.c.currency,
        -_payments.c.amount,
        _invoices.c.id,
        _payments.c.id,
    )
    .join(_invoices, and_(_invoices.c.tenant_id == _payments.c.tenant_id, _invoices.c.id == _payments.c.invoice_id))
    .where(
        _payments.c.tenant_id == _tenant,
        _invoices.c.customer_id == _customer,
        _invoices.c.bill_to == literal_column("'customer'"),
        _payments.c.at < _until,
    ),
).order_by("at", "row_id")


async def book_periods(uow: TenantWork) -> list[BookPeriod]:
    """Where and when each of the tenant's price books counts."""
    return [
        BookPeriod(
            id=row["id"],
            number=row["number"],
            vertical=row["vertical"],
            region=row["region"],
            currency=row["currency"],
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
        )
        for row in await uow.fetch(_BOOKS)
    ]


async def entries_of(uow: TenantWork, price_book_id: UUID) -> list[TableEntry]:
    """The prices of a book."""
    return [
        TableEntry(**{name: row[name] for name in TableEntry.__struct_fields__})
        for row in await uow.fetch(_ENTRIES, price_book_id=price_book_id)
    ]


async def quotes_of(uow: TenantWork, ticket_id: UUID) -> list[Quote]:
    """All versions of a ticket's quote."""
    return await uow.entities(Quote, _QUOTES, ticket_id=ticket_id)


async def quote_stands(uow: TenantWork, ticket_id: UUID) -> list[QuoteStand]:
    """The same, as the gate needs them."""
    return [
        QuoteStand(
            id=quote.id,
            revision=quote.revision,
            state=quote.state,
            valid_until=quote.valid_until,
            total=quote.total,
            outcome=quote.outcome,
        )
        for quote in await quotes_of(uow, ticket_id)
    ]


async def lines_of(uow: TenantWork, quote_id: UUID) -> list[QuoteLine]:
    """A quote's lines in order."""
    return await uow.entities(QuoteLine, _LINES, quote_id=quote_id)


async def charged(uow: TenantWork, quote_id: UUID) -> dict[UUID, tuple[Decimal, Decimal, Decimal]]:
    """Quantity, total and VAT charged so far for each line of a quote."""
    rows = await uow.fetch(_CHARGED, quote_id=quote_id)
    return {row["quote_line_id"]: (row["quantity"], row["total"], row["vat"]) for row in rows}


async def wants_invoice(uow: TenantWork, ticket_id: UUID) -> bool:
    """Whether the customer asked for an invoice (发票) rather than a receipt when it agreed (A54)."""
    row = await uow.fetch_one(_WANTS_INVOICE, ticket_id=ticket_id)
    return bool(row and row["wanted"])


async def matrix_rules(uow: TenantWork, type: str) -> list[ApprovalRule]:
    """The present rows of the approval matrix for a type."""
    return await uow.entities(ApprovalRule, _MATRIX, type=type)


async def matrix_rows(uow: TenantWork, type: str) -> list[MatrixRow]:
    """The same, as the rules take them."""
    rules = await matrix_rules(uow, type)
    return [MatrixRow(up_to=rule.up_to, approver=rule.approver, role=rule.role) for rule in rules]


async def charges_of(uow: TenantWork, ticket_id: UUID) -> list[Charge]:
    """What was charged on a ticket."""
    return await uow.entities(Charge, _CHARGES, ticket_id=ticket_id)


async def open_charges(uow: TenantWork, ticket_id: UUID) -> list[Charge]:
    """The charges with something to pay that stand on no invoice or receipt."""
    return await uow.entities(Charge, _OPEN_CHARGES, ticket_id=ticket_id)


async def invoice_lines(uow: TenantWork, invoice_id: UUID) -> Sequence[InvoiceLine]:
    """An invoice's lines."""
    return await uow.entities(InvoiceLine, _INVOICE_LINES, invoice_id=invoice_id)


async def statement_rows(uow: TenantWork, customer_id: UUID, until: datetime) -> list[asyncpg.Record]:
    """Invoices, credit notes and payments of a customer before an instant, in order; payments are negative."""
    return await uow.fetch(_STATEMENT, customer_id=customer_id, until=until)
