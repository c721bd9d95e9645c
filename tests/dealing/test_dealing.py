"""Plan 15's money between company and dealer, and plan 7's answer to a demand."""

import asyncio
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from aftersales import AssetType, Label, PartOrderRule, ReturnCostRule
from aftersales.dealing import accounts, demands, service
from aftersales.dealing.commands import (
    ApproveSettlement,
    CancelPartOrder,
    ConfirmDemandQuality,
    ConfirmSettlement,
    DecideDemand,
    NoticeSettlement,
    OrderParts,
    PartOrderLine,
    PayPartOrder,
    PostReceivable,
    RecordDemand,
    RecordStockReturn,
    ShipPartOrder,
)
from aftersales.dealing.models import DealerSettlement, PartOrder, RemedyDemand, StockReturn
from aftersales.fees.approvals import set_approval_matrix
from aftersales.fees.commands import MatrixEntry, SetApprovalMatrix
from aftersales.kit.actor import Actor
from aftersales.kit.ids import new_id
from aftersales.parties.models import ServiceUnit
from tests.fixtures.database import TestPlatform
from tests.support.declaring import declared, over
from tests.support.refusals import refused
from tests.tickets.world import World, local, member, settle

D = Decimal
FINANCE = member("finance")


def _name(text: str) -> Label:
    return Label(text, text)


def _cause(cause: str, clause: str, freight: Any, restoration: Any) -> ReturnCostRule:
    return ReturnCostRule(
        code=cause, label=_name(cause), clause=clause, cause=cause, freight=freight, restoration=restoration
    )


MACHINES = declared(
    "agricultural_machinery",
    asset_types=(AssetType(code="tractor", label=_name("Tractor"), clause="P15-18"),),
    part_order_rules=(
        PartOrderRule(code="cash", label=_name("Cash before goods"), clause="P15-12", payment="before_shipment"),
    ),
    return_costs=(
        _cause("quality", "P15-28", "company", "company"),
        _cause("dismantled_by_dealer", "P15-29", "dealer", "dealer"),
        _cause("unsaleable", "P15-30", "dealer", None),
    ),
)


class Dealer(World):
    """A maker of machines with one dealer."""

    unit: ServiceUnit
    dealer: Actor

    async def balance(self) -> Decimal:
        async with self.work(FINANCE) as uow:
            return await accounts.receivable(uow, self.unit.id)

    async def post(self, amount: str, kind: Any = "charge") -> None:
        command = PostReceivable(service_unit_id=self.unit.id, kind=kind, amount=D(amount), reference="goods")
        await self.do(accounts.post_receivable, command, FINANCE)

    async def noticed(self, amount: str = "800.00") -> DealerSettlement:
        """Warranty fees that finance approved and told the dealer about."""
        approve = ApproveSettlement(service_unit_id=self.unit.id, amount=D(amount), claims=("W-17",))
        settlement: DealerSettlement = await self.do(accounts.approve_settlement, approve, FINANCE)
        await self.do(
            accounts.notice_settlement, NoticeSettlement(settlement_id=settlement.id, reference="N-8"), FINANCE
        )
        return settlement

    async def confirm(self, settlement: DealerSettlement, agreed: bool = True, **more: Any) -> DealerSettlement:
        command = ConfirmSettlement(settlement_id=settlement.id, agreed=agreed, evidence="letter of 5 August", **more)
        answered: DealerSettlement = await self.do(accounts.confirm_settlement, command, self.dealer)
        return answered


@pytest.fixture
async def machines(platform: TestPlatform) -> Dealer:
    world = await settle(
        over(platform, MACHINES), {"agricultural_machinery": {}}, vertical="agricultural_machinery",
        asset_type="tractor",
    )  # fmt: skip
    world.__class__ = Dealer
    assert isinstance(world, Dealer)
    world.unit = ServiceUnit(id=new_id(), code="D1", name="Dealer", kind="dealer")
    await world.add(world.unit)
    world.dealer = member("dealer", dealer_id=world.unit.id)
    return world


@pytest.fixture
async def shop(platform: TestPlatform) -> World:
    return await settle(platform, {"solar": {}}, vertical="solar", asset_type="solar_water_heater")


# --- part orders ---------------------------------------------------------------------------------------------


async def ordered(machines: Dealer) -> PartOrder:
    lines = (PartOrderLine(code="belt", quantity=4, unit_price=D("300.00")),)
    command = OrderParts(service_unit_id=machines.unit.id, vertical="agricultural_machinery", lines=lines)
    order: PartOrder = await machines.do(service.order_parts, command, machines.dealer)
    return order


def payment(order: PartOrder, amount: str, method: Any = "cash") -> PayPartOrder:
    return PayPartOrder(part_order_id=order.id, amount=D(amount), method=method, reference="receipt 3")


@pytest.mark.clause("P15-12")
async def test_parts_leave_when_they_are_paid(machines: Dealer) -> None:
    """Given an order of 1,200.00, when it is unpaid or a cent short, then shipping is blocked; paid, it ships."""
    order = await ordered(machines)
    assert order.total == D("1200.00")
    ship = ShipPartOrder(part_order_id=order.id)
    for amount, missing in ((None, "1200.00"), ("1199.99", "0.01")):
        if amount is not None:
            await machines.do(service.pay_part_order, payment(order, amount), FINANCE)
        refusal = await refused(machines, service.ship_part_order, ship, FINANCE)
        assert (refusal.code, refusal.params["missing"]) == ("PAYMENT_BEFORE_SHIPMENT", missing)
    await machines.do(service.pay_part_order, payment(order, "0.01"), FINANCE)
    shipped: PartOrder = await machines.do(service.ship_part_order, ship, FINANCE)
    assert shipped.state == "shipped"
    assert await machines.balance() == 0


@pytest.mark.clause("P15-12")
async def test_cash_only_means_nothing_on_account(machines: Dealer) -> None:
    order = await ordered(machines)
    refusal = await refused(machines, service.pay_part_order, payment(order, "1200.00", "on_account"), FINANCE)
    assert refusal.code == "ON_ACCOUNT_REFUSED"


async def test_where_no_text_forbids_it_goods_go_on_account(platform: TestPlatform) -> None:
    world = await settle(platform, {"solar": {}}, vertical="solar", asset_type="solar_water_heater")
    unit = ServiceUnit(id=new_id(), code="D1", name="Dealer", kind="dealer")
    await world.add(unit)
    lines = (PartOrderLine(code="tube", quantity=2, unit_price=D("50.00")),)
    order = await world.do(
        service.order_parts, OrderParts(service_unit_id=unit.id, vertical="solar", lines=lines), FINANCE
    )
    await world.do(service.ship_part_order, ShipPartOrder(part_order_id=order.id), FINANCE)
    async with world.work(FINANCE) as uow:
        assert await accounts.receivable(uow, unit.id) == D("100.00")


async def test_bad_orders_and_payments_are_refused(machines: Dealer) -> None:
    order = await ordered(machines)
    assert (await refused(machines, service.pay_part_order, payment(order, "1200.01"), FINANCE)).code == "OVERPAID"
    assert (await refused(machines, service.pay_part_order, payment(order, "0"), FINANCE)).code == "AMOUNT_INVALID"
    assert (await refused(machines, service.pay_part_order, payment(order, "1"), machines.dealer)).code == "FORBIDDEN"
    line = PartOrderLine(code="belt", quantity=0, unit_price=D(1))
    empty = OrderParts(service_unit_id=machines.unit.id, vertical="agricultural_machinery", lines=(line,))
    assert (await refused(machines, service.order_parts, empty, FINANCE)).field == "lines.0.quantity"
    other = member("dealer", dealer_id=machines.team.id)
    assert (await refused(machines, service.order_parts, empty, other)).code == "NOT_FOUND"
    own = OrderParts(service_unit_id=machines.headquarters.id, vertical="agricultural_machinery", lines=(line,))
    assert (await refused(machines, service.order_parts, own, FINANCE)).code == "NOT_A_DEALER"
    cancel = CancelPartOrder(part_order_id=order.id, reason="mistake")
    assert (await refused(machines, service.cancel_part_order, cancel, other)).code == "NOT_FOUND"
    await machines.do(service.cancel_part_order, cancel, machines.dealer)
    refusal = await refused(machines, service.ship_part_order, ShipPartOrder(part_order_id=order.id), FINANCE)
    assert refusal.code == "PART_ORDER_STATE_REFUSED"


# --- returns of stock ----------------------------------------------------------------------------------------


def returning(machines: Dealer, cause: str, **given: Any) -> RecordStockReturn:
    return RecordStockReturn(
        **{
            "service_unit_id": machines.unit.id, "vertical": "agricultural_machinery", "cause": cause,
            "product": "Tractor 17", "freight": D("300.00"), **given,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cause", "restoration", "company", "dealer", "clause"),
    [
        pytest.param("quality", "0", "300.00", "0.00", "P15-28", marks=pytest.mark.clause("P15-28")),
        pytest.param("dismantled_by_dealer", "150.00", "0.00", "450.00", "P15-29", marks=pytest.mark.clause("P15-29")),
        pytest.param("unsaleable", "0", "0.00", "300.00", "P15-30", marks=pytest.mark.clause("P15-30")),
    ],
)
async def test_the_cause_decides_who_pays_for_a_return(
    machines: Dealer, cause: str, restoration: str, company: str, dealer: str, clause: str
) -> None:
    """Given freight 300.00, then quality is the company's, a dismantled product and the rest are the dealer's."""
    command = returning(machines, cause, restoration=D(restoration))
    returned: StockReturn = await machines.do(service.record_stock_return, command, FINANCE)
    assert (returned.company_bears, returned.dealer_bears, returned.clause) == (D(company), D(dealer), clause)


async def test_bad_returns_are_refused(machines: Dealer) -> None:
    unknown = await refused(machines, service.record_stock_return, returning(machines, "colour"), FINANCE)
    assert (unknown.code, unknown.params["known"]) == (
        "RETURN_CAUSE_UNKNOWN", "quality, dismantled_by_dealer, unsaleable",
    )  # fmt: skip
    open_question = returning(machines, "unsaleable", restoration=D(1))
    assert (
        await refused(machines, service.record_stock_return, open_question, FINANCE)
    ).code == "RESTORATION_UNDECIDED"
    negative = returning(machines, "quality", freight=D(-1))
    assert (await refused(machines, service.record_stock_return, negative, FINANCE)).field == "freight"
    by_dealer = returning(machines, "quality")
    assert (await refused(machines, service.record_stock_return, by_dealer, machines.dealer)).code == "FORBIDDEN"


# --- write-offs ----------------------------------------------------------------------------------------------


@pytest.mark.clause("P15-45")
async def test_approved_fees_are_taken_off_once_the_dealer_confirmed(machines: Dealer) -> None:
    """Given 10,000.00 owed and 800.00 approved: 10,000.00 until the dealer confirms, 9,200.00 from then on."""
    await machines.post("10000.00")
    settlement = await machines.noticed()
    assert await machines.balance() == D("10000.00")
    machines.clock.move_to(local("2026-08-05 10:00"))
    done = await machines.confirm(settlement)
    assert (done.state, done.taken, done.confirmed_at) == ("offset", D("800.00"), local("2026-08-05 10:00"))
    assert await machines.balance() == D("9200.00")


@pytest.mark.clause("P15-45")
async def test_a_balance_never_falls_below_zero_and_the_rest_is_carried_forward(machines: Dealer) -> None:
    """Given 500.00 owed and 800.00 confirmed, then 300.00 wait for the next goods (A79)."""
    await machines.post("500.00")
    settlement = await machines.noticed()
    partly = await machines.confirm(settlement)
    assert (partly.state, partly.taken, await machines.balance()) == ("confirmed", D("500.00"), D("0.00"))
    await machines.post("200.00")
    assert await machines.balance() == 0
    await machines.post("1000.00")
    [whole] = await machines.read(DealerSettlement)
    assert (whole.state, whole.taken, await machines.balance()) == ("offset", D("800.00"), D("900.00"))


@pytest.mark.clause("P15-45")
async def test_without_notice_or_with_a_no_nothing_is_taken_off(machines: Dealer) -> None:
    await machines.post("10000.00")
    approve = ApproveSettlement(service_unit_id=machines.unit.id, amount=D("800.00"), claims=("W-17",))
    approved = await machines.do(accounts.approve_settlement, approve, FINANCE)
    early = ConfirmSettlement(settlement_id=approved.id, agreed=True, evidence="letter")
    refusal = await refused(machines, accounts.confirm_settlement, early, machines.dealer)
    assert refusal.code == "SETTLEMENT_STATE_REFUSED"
    notice = NoticeSettlement(settlement_id=approved.id, reference="N-8")
    await machines.do(accounts.notice_settlement, notice, FINANCE)
    unwritten = ConfirmSettlement(settlement_id=approved.id, agreed=True, evidence=" ")
    assert (
        await refused(machines, accounts.confirm_settlement, unwritten, machines.dealer)
    ).code == "EVIDENCE_REQUIRED"
    disputed = await machines.confirm(approved, agreed=False, reason="two claims are missing")
    assert (disputed.state, await machines.balance()) == ("disputed", D("10000.00"))


@pytest.mark.clause("P15-45")
async def test_two_confirmations_at_once_are_taken_off_once_each(machines: Dealer) -> None:
    await machines.post("1000.00")
    first, second = await machines.noticed("700.00"), await machines.noticed("700.00")
    await asyncio.gather(machines.confirm(first), machines.confirm(second))
    settlements = await machines.read(DealerSettlement)
    assert await machines.balance() == 0
    assert sum(settlement.taken for settlement in settlements) == D("1000.00")


async def test_a_dealer_sees_and_confirms_only_its_own(machines: Dealer) -> None:
    settlement = await machines.noticed()
    other = member("dealer", dealer_id=machines.team.id)
    command = ConfirmSettlement(settlement_id=settlement.id, agreed=True, evidence="letter")
    assert (await refused(machines, accounts.confirm_settlement, command, other)).code == "NOT_FOUND"
    engineer = member("engineer")
    assert (await refused(machines, accounts.confirm_settlement, command, engineer)).code == "FORBIDDEN"

    async def peek(uow: Any, unit_id: Any) -> None:
        await accounts.receivable(uow, unit_id)

    assert (await refused(machines, peek, machines.unit.id, other)).code == "NOT_FOUND"


# --- demands -------------------------------------------------------------------------------------------------

SUPERVISOR = member("quality_supervisor")
HEAD = member("owner")


async def demanded(shop: World, amount: str = "500.00", confirmed: bool | None = True) -> RemedyDemand:
    """A customer wants its money back; the supervisor decides up to 1,000.00, the head about the rest."""
    rules = (
        MatrixEntry(up_to=D(1000), approver="Supervisor", role="quality_supervisor"),
        MatrixEntry(approver="Head", role="owner"),
    )
    await shop.do(set_approval_matrix, SetApprovalMatrix(type="remedy", rules=rules), shop.owner)
    ticket = await shop.open()
    command = RecordDemand(ticket_id=ticket.id, demanded="refund", amount=D(amount), details="It leaks again.")
    demand: RemedyDemand = await shop.do(demands.record_demand, command)
    if confirmed is not None:
        examined = ConfirmDemandQuality(demand_id=demand.id, confirmed=confirmed, evidence="report 7")
        await shop.do(demands.confirm_demand_quality, examined)
    return demand


@pytest.mark.clause("P07-21")
@pytest.mark.parametrize("amount", ["500.00", "1000.00"])
async def test_a_confirmed_problem_is_answered_as_the_customer_wants(shop: World, amount: str) -> None:
    demand = await demanded(shop, amount)
    granted = DecideDemand(demand_id=demand.id, granted="refund")
    done: RemedyDemand = await shop.do(demands.decide_demand, granted, SUPERVISOR)
    assert (done.demanded, done.granted, done.state, done.authority) == ("refund", "refund", "granted", "Supervisor")
    assert (await refused(shop, demands.decide_demand, granted, SUPERVISOR)).code == "DEMAND_STATE_REFUSED"


@pytest.mark.clause("P07-21")
async def test_beyond_its_authority_nobody_grants(shop: World) -> None:
    demand = await demanded(shop, "1000.01")
    granted = DecideDemand(demand_id=demand.id, granted="refund")
    refusal = await refused(shop, demands.decide_demand, granted, SUPERVISOR)
    assert (refusal.code, refusal.params["approver"]) == ("DEMAND_AUTHORITY_REQUIRED", "Head")
    done: RemedyDemand = await shop.do(demands.decide_demand, granted, HEAD)
    assert (done.state, done.authority) == ("granted", "Head")


@pytest.mark.clause("P07-21")
async def test_a_refusal_of_a_confirmed_problem_has_a_reason_and_the_highest_authority(shop: World) -> None:
    demand = await demanded(shop)
    silent = DecideDemand(demand_id=demand.id, granted=None)
    assert (await refused(shop, demands.decide_demand, silent, HEAD)).code == "DEMAND_REASON_REQUIRED"
    low = DecideDemand(demand_id=demand.id, granted="repair", reason="a repair mends it")
    assert (await refused(shop, demands.decide_demand, low, SUPERVISOR)).code == "DEMAND_FAVOUR_DUE"
    done: RemedyDemand = await shop.do(demands.decide_demand, low, HEAD)
    assert (done.demanded, done.granted, done.state) == ("refund", "repair", "granted_other")
    assert (done.reason, done.authority) == ("a repair mends it", "Head")


@pytest.mark.clause("P07-21")
async def test_without_a_quality_problem_the_supervisor_may_refuse_with_a_reason(shop: World) -> None:
    unexamined = await demanded(shop, confirmed=None)
    early = DecideDemand(demand_id=unexamined.id, granted="refund")
    assert (await refused(shop, demands.decide_demand, early, HEAD)).code == "DEMAND_QUALITY_OPEN"
    demand = await demanded(shop, confirmed=False)
    refuse = DecideDemand(demand_id=demand.id, reason="opened by the customer")
    done: RemedyDemand = await shop.do(demands.decide_demand, refuse, SUPERVISOR)
    assert (done.state, done.granted, done.reason) == ("refused", None, "opened by the customer")
    assert isinstance(done.decided_at, datetime)
