"""Part orders, returns of stock, dealers' accounts and write-offs; customers' demands."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.scalars import JSON

from aftersales.dealing import models
from aftersales_graphql.machine.declare import connection, entity, find, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.parties import Customer, ServiceUnit
from aftersales_graphql.rooms.visibility import own_or_given

if TYPE_CHECKING:
    from aftersales_graphql.rooms.tickets import Ticket

_dealers: Any = own_or_given(None, "service_unit_id")
_customers: Any = own_or_given()


@entity(models.PartOrder, filters=("vertical", "state", "service_unit"), orders=("ordered_at",),
        default_order="ordered_at", visible=_dealers)  # fmt: skip
class PartOrder(Node):
    """Parts that a dealer ordered."""

    number: str
    vertical: str
    lines: JSON
    total: Decimal
    paid: Decimal
    currency: str
    state: str
    reason: str | None
    ordered_at: datetime
    shipped_at: datetime | None
    shipping_reference: str | None
    version: int
    service_unit: ServiceUnit | None = one("service_unit_id")


@entity(models.StockReturn, filters=("vertical", "cause", "service_unit"), orders=("at",), default_order="at",
        visible=_dealers)  # fmt: skip
class StockReturn(Node):
    """Stock that a dealer sent back, and who bears what of its cost."""

    number: str
    vertical: str
    cause: str
    product: str
    freight: Decimal
    restoration: Decimal
    freight_payer: str
    restoration_payer: str | None
    company_bears: Decimal
    dealer_bears: Decimal
    currency: str
    clause: str | None
    evidence: str
    at: datetime
    service_unit: ServiceUnit | None = one("service_unit_id")


@entity(models.DealerSettlement, filters=("state", "service_unit"), orders=("approved_at",),
        default_order="approved_at", visible=_dealers)  # fmt: skip
class DealerSettlement(Node):
    """Warranty fees of a dealer, from approval to being taken off what it owes."""

    number: str
    amount: Decimal
    taken: Decimal
    currency: str
    claims: list[str]
    state: str
    notice_reference: str | None
    evidence: str | None
    reason: str | None
    approved_at: datetime
    noticed_at: datetime | None
    confirmed_at: datetime | None
    offset_at: datetime | None
    version: int
    service_unit: ServiceUnit | None = one("service_unit_id")


@entity(models.DealerEntry, filters=("kind", "service_unit"), orders=("at",), default_order="at",
        visible=_dealers)  # fmt: skip
class DealerEntry(Node):
    """An entry of a dealer's account: positive is owed to the company."""

    kind: str
    amount: Decimal
    currency: str
    reference: str
    at: datetime
    service_unit: ServiceUnit | None = one("service_unit_id")
    settlement: DealerSettlement | None = one("settlement_id")


@entity(models.RemedyDemand, filters=("state", "customer", "ticket"), orders=("recorded_at",),
        default_order="recorded_at", visible=_customers)  # fmt: skip
class RemedyDemand(Node):
    """What a customer demanded about a faulty product, what it got, why, and on whose authority."""

    demanded: str
    amount: Decimal
    details: str
    quality_confirmed: bool | None
    evidence: str | None
    granted: str | None
    reason: str | None
    authority: str | None
    state: str
    recorded_at: datetime
    decided_at: datetime | None
    version: int
    customer: Customer | None = one("customer_id")
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")


@root
class DealingQueries:
    part_order: PartOrder | None = find(description="One part order by its id.")
    part_orders: Connection[PartOrder] = connection(description="Part orders of dealers.")
    stock_returns: Connection[StockReturn] = connection(description="Returns of stock.")
    dealer_settlements: Connection[DealerSettlement] = connection(description="Write-offs of warranty fees.")
    dealer_entries: Connection[DealerEntry] = connection(description="The dealers' accounts.")
    remedy_demands: Connection[RemedyDemand] = connection(description="Customers' demands.")
