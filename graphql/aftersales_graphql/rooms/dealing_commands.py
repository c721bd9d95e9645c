"""What is done between company and dealer, and with customers' demands; what a dealer owes."""

from decimal import Decimal

import strawberry

from aftersales.dealing import accounts, demands, service
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.commands import command, id_given
from aftersales_graphql.rooms.dealing import DealerEntry, DealerSettlement, PartOrder, RemedyDemand, StockReturn


@query()
async def dealer_receivable(call: Call, service_unit_id: strawberry.ID, currency: str = "CNY") -> Decimal:
    """What a dealer owes; negative when it paid ahead."""
    return await accounts.receivable(call.uow, id_given("ServiceUnit", service_unit_id, "serviceUnitId"), currency)


@root
class DealingAnswerQueries:
    dealer_receivable = dealer_receivable


@root
class DealingMutations:
    order_parts = command(service.order_parts, returns=PartOrder)
    pay_part_order = command(service.pay_part_order, returns=PartOrder)
    ship_part_order = command(service.ship_part_order, returns=PartOrder)
    cancel_part_order = command(service.cancel_part_order, returns=PartOrder)
    record_stock_return = command(service.record_stock_return, returns=StockReturn)
    post_receivable = command(accounts.post_receivable, returns=DealerEntry, under="entry")
    approve_settlement = command(accounts.approve_settlement, returns=DealerSettlement, under="settlement")
    notice_settlement = command(accounts.notice_settlement, returns=DealerSettlement, under="settlement")
    confirm_settlement = command(accounts.confirm_settlement, returns=DealerSettlement, under="settlement")
    record_demand = command(demands.record_demand, returns=RemedyDemand, under="demand")
    confirm_demand_quality = command(demands.confirm_demand_quality, returns=RemedyDemand, under="demand")
    decide_demand = command(demands.decide_demand, returns=RemedyDemand, under="demand")
