"""What is done with prices, quotes, approvals and invoices; what work would cost, and whether it may start."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from aftersales.fees import service
from aftersales.fees.commands import PriceTicket
from aftersales_graphql.language import told
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Ref
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.machine.structs import input_type, to_struct
from aftersales_graphql.rooms.commands import ID_TYPES, command, id_given
from aftersales_graphql.rooms.fees import Approval, ApprovalRule, Charge, Invoice, Payment, PriceBook, Quote

PriceTicketInput = input_type(PriceTicket)


@strawberry.type(description="A line with its price, the rule that made it, its clause and the reason.")
class PricedLine:
    item: str
    code: str
    description: str
    quantity: Decimal
    hours: Decimal | None
    unit_price: Decimal
    net: Decimal
    vat: Decimal
    total: Decimal
    rule: str
    clause: str | None
    reason: str = strawberry.field(description="In the caller's language.")


@strawberry.type(description="What work would cost by a price table; every line is rounded half-up to 0.01.")
class PricedOrder:
    lines: list[PricedLine]
    net: Decimal
    vat: Decimal
    total: Decimal
    currency: str
    table: str = strawberry.field(description="The number of the price table.")
    rounding: str
    needs_consent: bool


@strawberry.type(
    description="Whether billable work may start; if not, the code says why and the quote is the one meant."
)
class WorkPermission:
    allowed: bool
    code: str | None
    quote: Quote | None


@strawberry.type(description="An invoice, receipt, credit note or payment, and what is owed after it.")
class StatementLine:
    at: datetime
    kind: str
    number: str
    amount: Decimal
    balance: Decimal


@strawberry.type(description="A customer's account between two days, both included.")
class CustomerStatement:
    currency: str
    opening: Decimal
    lines: list[StatementLine]
    closing: Decimal


async def _price_order(call: Call, input: PriceTicketInput) -> PricedOrder:  # type: ignore[valid-type]
    """What work on a ticket would cost today under a coverage outcome; writes nothing."""
    order = await service.price_ticket(call.uow, to_struct(input, PriceTicket, ID_TYPES))
    return PricedOrder(
        lines=[
            PricedLine(
                item=line.item,
                code=line.code,
                description=line.description,
                quantity=line.quantity,
                hours=line.hours,
                unit_price=line.unit_price,
                net=line.net,
                vat=line.vat,
                total=line.total,
                rule=line.rule,
                clause=line.clause,
                reason=told(line.reason, call.language),
            )
            for line in order.lines
        ],
        net=order.net,
        vat=order.vat,
        total=order.total,
        currency=order.currency,
        table=order.table,
        rounding=order.rounding,
        needs_consent=order.billable,
    )


price_order = query(name="priceOrder")(_price_order)


@query()
async def work_permission(call: Call, ticket_id: strawberry.ID, on: date | None = None) -> WorkPermission:
    """May billable work on a ticket start on a local day, by default today?"""
    verdict = await service.work_allowed(call.uow, id_given("Ticket", ticket_id, "ticketId"), on)
    return WorkPermission(
        allowed=verdict.allowed,
        code=verdict.code,
        quote=None if verdict.quote_id is None else Ref(Quote, verdict.quote_id),  # type: ignore[arg-type]
    )


@query()
async def customer_statement(
    call: Call, customer_id: strawberry.ID, first: date, last: date, currency: str = "CNY"
) -> CustomerStatement:
    """What a customer owed before the first day, what came and went, what it owes at the end of the last."""
    found = await service.customer_statement(
        call.uow, id_given("Customer", customer_id, "customerId"), first, last, currency
    )
    return CustomerStatement(
        currency=found.currency,
        opening=found.opening,
        lines=[
            StatementLine(at=line.at, kind=line.kind, number=line.number, amount=line.amount, balance=line.balance)
            for line in found.lines
        ],
        closing=found.closing,
    )


@root
class FeeAnswerQueries:
    price_order = price_order
    work_permission = work_permission
    customer_statement = customer_statement


@root
class FeeMutations:
    publish_price_book = command(service.publish_price_book, returns=PriceBook)
    end_price_book = command(service.end_price_book, returns=PriceBook)
    issue_quote = command(service.issue_quote, returns=Quote)
    answer_quote = command(service.answer_quote, returns=Quote)
    withdraw_quote = command(service.withdraw_quote, returns=Quote)
    set_approval_matrix = command(service.set_approval_matrix, returns=list[ApprovalRule], under="approval_rules")
    request_approval = command(service.request_approval, returns=Approval)
    decide_approval = command(service.decide_approval, returns=Approval)
    implement_approval = command(service.implement_approval, returns=Approval)
    charge_work = command(service.charge_work, returns=list[Charge], under="charges")
    issue_invoice = command(service.issue_invoice, returns=Invoice)
    issue_credit_note = command(service.issue_credit_note, returns=Invoice)
    record_payment = command(service.record_payment, returns=Payment)
