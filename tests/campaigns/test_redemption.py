"""Orders that are stored under a campaign, gifts that are given once, and the report."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from aftersales.campaigns import service
from aftersales.campaigns.commands import EndCampaign, HandOverGift
from aftersales.campaigns.models import Campaign, CampaignGift, CampaignOrder, CampaignUse
from aftersales.journal.models import Event
from aftersales.kit.errors import Forbidden
from aftersales.parties.models import Customer
from aftersales.tickets.models import Ticket
from tests.campaigns.dealership import FINANCE, Dealership
from tests.campaigns.summer import labour, material, work
from tests.support.refusals import refused
from tests.tickets.world import local

REPAIR = labour("gearbox_repair", "100.00")


@pytest.mark.clause("P06-22")
async def test_two_orders_of_one_car_on_one_day_reach_the_tier_together(shop: Dealership) -> None:
    campaign = await shop.open()
    first = await shop.redeem(campaign, "R-1", material("part", "1000.00"))
    second = await shop.redeem(campaign, "R-2", material("part", "880.00"))
    assert await shop.gifts(first.id) == ["interior_cleaning"]
    assert sorted(await shop.gifts(second.id)) == ["glaze_sealing", "wheel_alignment"]
    shop.world.later(days=1)
    third = await shop.redeem(campaign, "R-3", material("part", "879.99"))
    assert await shop.gifts(third.id) == []


@pytest.mark.clause("P06-21")
async def test_another_car_of_the_customer_has_a_day_of_its_own(shop: Dealership) -> None:
    campaign = await shop.open()
    await shop.redeem(campaign, "R-1", material("part", "800.00"))
    other = await shop.car("B2")
    order = await shop.redeem(campaign, "R-2", material("part", "800.00"), asset_id=other.id)
    assert await shop.gifts(order.id) == []


@pytest.mark.clause("P06-18")
async def test_an_accident_order_counts_for_no_tier(shop: Dealership) -> None:
    campaign = await shop.open()
    order = await shop.redeem(campaign, "R-1", material("part", "1880.00"), order_type="accident")
    assert (await shop.gifts(order.id), order.routine_spend) == ([], Decimal("0.00"))


async def test_the_same_order_twice_is_stored_once(shop: Dealership) -> None:
    campaign = await shop.open()
    first = await shop.redeem(campaign, "R-1", material("part", "880.00"))
    before = await shop.world.counts()
    again = await shop.redeem(campaign, " R-1 ", material("part", "880.00"))
    assert (again.id, await shop.world.counts()) == (first.id, before)
    other = shop.order(campaign, "R-1", material("part", "881.00"))
    refusal = await refused(shop.world, service.redeem_order, other)
    assert (refusal.code, refusal.field) == ("ORDER_REDEEMED", "number")


async def test_two_orders_at_once_give_a_tier_once(shop: Dealership) -> None:
    """Both wait for the car's row: whoever comes second sees the tier of the first."""
    campaign = await shop.open()
    await asyncio.gather(*(shop.redeem(campaign, number, material("part", "900.00")) for number in ("R-1", "R-2")))
    gifts = [gift.gift for gift in await shop.world.read(CampaignGift)]
    assert sorted(gifts) == ["interior_cleaning", "wheel_alignment"]


async def test_a_gift_is_handed_over_once(shop: Dealership) -> None:
    campaign = await shop.open()
    order = await shop.redeem(campaign, "R-1", material("wipers", "60.00", "frameless_wiper", quantity="2"))
    [gift] = await shop.world.read(CampaignGift, order_id=order.id)
    assert (gift.gift, gift.quantity) == ("glass_cleaner", 1)
    command = HandOverGift(gift_id=gift.id)
    early = HandOverGift(gift_id=gift.id, at=local("2026-06-18 08:59"))
    assert (await refused(shop.world, service.hand_over_gift, early)).code == "PERIOD_INVERTED"
    given = await shop.world.do(service.hand_over_gift, command)
    assert given.handed_over_at is not None
    refusal = await refused(shop.world, service.hand_over_gift, command)
    assert (refusal.code, refusal.field) == ("GIFT_TWICE", "giftId")


@pytest.mark.clause("P06-04")
@pytest.mark.parametrize(
    ("at", "code"),
    [("2026-06-17 23:59", "CAMPAIGN_NOT_RUNNING"), ("2026-06-18 00:00", None), ("2026-08-18 23:59", None),
     ("2026-08-19 00:00", "CAMPAIGN_NOT_RUNNING")],
)  # fmt: skip
async def test_an_order_counts_by_the_local_minute_of_the_window(shop: Dealership, at: str, code: str | None) -> None:
    campaign = await shop.open()
    shop.world.clock.move_to(local("2026-08-19 12:00"))
    command = shop.order(campaign, "R-1", REPAIR, at=local(at))
    if code is None:
        assert (await shop.world.do(service.redeem_order, command)).payable == Decimal("70.00")
    else:
        assert (await refused(shop.world, service.redeem_order, command)).code == code


async def test_what_cannot_be_redeemed_is_refused(shop: Dealership) -> None:
    draft = await shop.open(published=False, year=2027)
    campaign = await shop.open()
    taxi = await shop.car("T1", use="commercial", designated_store="ELSEWHERE")
    ticket: Ticket = await shop.world.open(vertical="auto_4s", asset_id=taxi.id)
    cases: list[tuple[Campaign, dict[str, Any], str, str | None]] = [
        (draft, {}, "CAMPAIGN_STATE_REFUSED", "campaignId"),
        (campaign, {"asset_id": taxi.id}, "CAMPAIGN_REFUSED", "assetId"),
        (campaign, {"ticket_id": ticket.id}, "TICKET_OF_OTHER_ASSET", "ticketId"),
        (campaign, {"number": " "}, "REQUIRED", "number"),
        (campaign, {"lines": ()}, "REQUIRED", "lines"),
        (campaign, {"lines": (work("air_conditioning_cleaning", "-1"),)}, "CAMPAIGN_LINE_INVALID", "lines.0.unitPrice"),
        (campaign, {"lines": (labour("air_filter"),)}, "LABOUR_RATE_REQUIRED", "labourRate"),
        (campaign, {"at": local("2026-06-18 09:01")}, "INSTANT_IN_FUTURE", "at"),
    ]
    for of, given, code, field in cases:
        command = shop.order(of, **{"number": "R-1", "lines": (REPAIR,), **given})
        refusal = await refused(shop.world, service.redeem_order, command)
        assert (refusal.code, refusal.field) == (code, field)
    await shop.world.do(service.end_campaign, EndCampaign(campaign_id=campaign.id, reason="over"), FINANCE)
    late = await refused(shop.world, service.redeem_order, shop.order(campaign, "R-1", REPAIR))
    assert late.code == "CAMPAIGN_STATE_REFUSED"
    customer = await refused(
        shop.world, service.redeem_order, shop.order(campaign, "R-1", REPAIR), shop.world.customer_member()
    )
    assert customer.code == "FORBIDDEN"


@pytest.mark.clause("P06-24", "P06-02")
async def test_the_report_tells_uptake_budget_recovered_customers_and_satisfaction(shop: Dealership) -> None:
    """Given a customer without a paid visit since 2024, when it orders, then it counts as recovered, once."""
    campaign = await shop.open(budget=Decimal("100.00"))
    async with shop.world.work() as uow:
        (await uow.get(Customer, shop.world.customer.id)).last_paid_visit_on = date(2024, 12, 1)
    ticket: Ticket = await shop.world.open(vertical="auto_4s")
    async with shop.world.work() as uow:
        (await uow.get(Ticket, ticket.id)).customer_satisfied = True
    first = await shop.redeem(campaign, "R-1", work("air_conditioning_cleaning"), REPAIR, ticket_id=ticket.id)
    second = await shop.redeem(campaign, "R-2", material("oil", "400.00", "gold_mobil_oil"))
    assert (first.segment, second.segment) == ("lost", "existing")
    assert await shop.last_paid_visit() == date(2026, 6, 18)
    async with shop.world.work() as uow:
        report = await service.campaign_report(uow, campaign.id)
    assert (report.orders, report.customers, report.vehicles, report.recovered) == (2, 1, 1, 1)
    assert (report.satisfied, report.answered) == (1, 1)
    # 52.00 on the cleaning, 30.00 on labour, 40.00 on oil.
    assert (str(report.listed), str(report.payable), str(report.saved)) == ("720.00", "598.00", "122.00")
    assert (str(report.budget), str(report.budget_left)) == ("100.00", "-22.00")
    taken = {found.number: (found.orders, found.lines, str(found.saved)) for found in report.offers if found.orders}
    assert taken == {
        1: (2, 6, "0.00"), 2: (1, 1, "52.00"), 4: (1, 1, "40.00"), 10: (1, 1, "30.00"), 15: (2, 18, "0.00"),
    }  # fmt: skip
    assert [(found.gifts_earned, found.gifts_given) for found in report.offers if found.number == 4] == [(1, 0)]
    events = [event.kind for event in await shop.world.read(Event, subject_id=campaign.id)]
    assert events.count("campaign.budget_spent") == 1
    with pytest.raises(Forbidden):
        async with shop.world.work(shop.world.customer_member()) as uow:
            await service.campaign_report(uow, campaign.id)


@pytest.mark.clause("P06-02")
@pytest.mark.parametrize(("months", "segment"), [(12, "lost"), (36, "existing")])
async def test_who_is_lost_is_the_campaigns_own_definition(shop: Dealership, months: int, segment: str) -> None:
    """A33: the text doesn't say when a customer is lost; the last paid visit was on 1 December 2024."""
    campaign = await shop.open(parameters={"minimum_campaign_kilometres": 5_000, "lost_after_months": months})
    async with shop.world.work() as uow:
        (await uow.get(Customer, shop.world.customer.id)).last_paid_visit_on = date(2024, 12, 1)
    assert (await shop.redeem(campaign, "R-1", REPAIR)).segment == segment


@pytest.mark.clause("P06-25", "P06-24")
async def test_inquiries_about_the_campaign_are_in_its_report(shop: Dealership) -> None:
    campaign = await shop.open()
    ticket: Ticket = await shop.world.open(kind="question", title="About offer 2", campaign="summer")
    assert ticket.campaign == "summer"
    async with shop.world.work() as uow:
        assert (await service.campaign_report(uow, campaign.id)).inquiries == 1


@pytest.mark.clause("P06-08", "P06-09", "P06-23")
async def test_every_paid_order_takes_both_free_checks(shop: Dealership) -> None:
    order = await shop.redeem(await shop.open(), "R-1", work("wash", "10.00"))
    uses = {use.offer: use.lines for use in await shop.world.read(CampaignUse, order_id=order.id)}
    assert uses == {"cool_summer_check": 3, "safety_check": 9}


@pytest.mark.clause("P06-19")
async def test_the_bundle_is_stored_with_its_reason(shop: Dealership) -> None:
    campaign = await shop.open(labour_rate=Decimal("100.00"))
    order = await shop.redeem(
        campaign, "R-1", labour("oil_and_oil_filter"), labour("air_filter"), labour("fuel_filter")
    )
    [stored] = await shop.world.read(CampaignOrder, id=order.id)
    assert stored.payable == Decimal("210.00")
    assert [line["offer"] for line in stored.lines] == [None, None, None, "three_filters"]
    assert stored.lines[0]["reason"]["en"] == "part of: Three filters together"
