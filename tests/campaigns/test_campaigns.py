"""Campaigns as they are opened, published and ended; who may take part."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from aftersales.campaigns import service
from aftersales.campaigns.commands import (
    ChangeCampaign,
    EndCampaign,
    OpenCampaign,
    OwnOffer,
    PriceOrder,
    PublishCampaign,
)
from aftersales.campaigns.models import Campaign
from aftersales.journal.models import Event
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer
from tests.campaigns.dealership import FINANCE, OPEN, Dealership
from tests.campaigns.summer import labour, payable, work
from tests.support.refusals import refused
from tests.tickets.world import member

REPAIR = labour("gearbox_repair", "100.00")


@pytest.mark.clause("P06-01", "P06-04")
async def test_a_campaign_is_opened_for_a_year_with_its_fifteen_offers(shop: Dealership) -> None:
    campaign = await shop.open(published=False)
    [stored] = await shop.world.read(Campaign, id=campaign.id)
    assert [offer["number"] for offer in stored.offers] == list(range(1, 16))
    assert (stored.prepare_by, stored.starts_on, stored.ends_on) == (
        date(2026, 5, 18), date(2026, 6, 18), date(2026, 8, 18),
    )  # fmt: skip
    assert ((stored.ends_on - stored.starts_on).days + 1, stored.state) == (62, "draft")


@pytest.mark.clause("P06-05")
async def test_a_campaign_without_its_mileage_is_not_published(shop: Dealership) -> None:
    campaign = await shop.open(published=False, parameters={})
    publish = PublishCampaign(campaign_id=campaign.id)
    refusal = await refused(shop.world, service.publish_campaign, publish, FINANCE)
    assert (refusal.code, refusal.params["parameter"]) == ("CAMPAIGN_PARAMETER_REQUIRED", "minimum_campaign_kilometres")
    change = ChangeCampaign(campaign_id=campaign.id, parameters={"minimum_campaign_kilometres": 0})
    await shop.world.do(service.change_campaign, change, FINANCE)
    published = await shop.world.do(service.publish_campaign, publish, FINANCE)
    assert published.parameters == {
        "minimum_campaign_kilometres": 0, "lost_after_months": 12, "new_car_months": 12,
    }  # fmt: skip


async def test_publishing_after_the_day_of_preparation_is_noted_as_late(shop: Dealership) -> None:
    await shop.open()
    [event] = await shop.world.read(Event, kind="campaign.published")
    assert event.data["late"] is True


@pytest.mark.clause("P06-05")
@pytest.mark.parametrize(("kilometres", "takes_part"), [(4_999, False), (5_000, True)])
async def test_a_car_takes_part_from_the_mileage_on(shop: Dealership, kilometres: int, takes_part: bool) -> None:
    campaign = await shop.open()
    car = await shop.car("B2", usage=kilometres, sold_on="2020-01-01")
    priced = await shop.price(campaign, REPAIR, asset_id=car.id)
    assert (priced.refused is None) == takes_part
    assert payable(priced) == (["70.00"] if takes_part else ["100.00"])


@pytest.mark.clause("P06-06")
async def test_a_new_car_gets_no_cleaning_at_the_campaigns_price_but_its_free_check(shop: Dealership) -> None:
    campaign = await shop.open()
    car = await shop.car("B3", sold_on="2026-05-20")
    priced = await shop.price(campaign, work("air_conditioning_cleaning"), asset_id=car.id)
    assert payable(priced) == ["220.00"]
    assert len([check for check in priced.checks if check.offer == "safety_check"]) == 9
    old = await shop.price(campaign, work("air_conditioning_cleaning"))
    assert payable(old) == ["168.00"]


@pytest.mark.clause("P06-06")
async def test_the_campaigns_own_definition_of_a_new_car_counts(shop: Dealership) -> None:
    """Given three months instead of twelve, when a car sold in January comes in June, then it isn't new."""
    parameters = {"minimum_campaign_kilometres": 5_000, "new_car_months": 3}
    campaign = await shop.open(parameters=parameters)
    car = await shop.car("B4", sold_on="2026-01-10")
    assert payable(await shop.price(campaign, work("air_conditioning_cleaning"), asset_id=car.id)) == ["168.00"]


@pytest.mark.clause("P06-07")
async def test_a_taxi_takes_part_at_its_designated_store_only(shop: Dealership) -> None:
    campaign = await shop.open()
    taxi = await shop.car("T1", use="commercial", designated_store="TEAM")
    there = await shop.price(campaign, REPAIR, asset_id=taxi.id, service_unit_id=shop.world.team.id)
    elsewhere = await shop.price(campaign, REPAIR, asset_id=taxi.id, service_unit_id=shop.world.headquarters.id)
    assert (payable(there), payable(elsewhere)) == (["70.00"], ["100.00"])
    assert elsewhere.refused_clause == "P06-07"


@pytest.mark.clause("P06-04")
@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 6, 17), "100.00"), (date(2026, 6, 18), "70.00"), (date(2026, 8, 18), "70.00"),
     (date(2026, 8, 19), "100.00")],
)  # fmt: skip
async def test_a_price_asked_for_another_day_is_that_days(shop: Dealership, day: date, expected: str) -> None:
    assert payable(await shop.price(await shop.open(), REPAIR, on=day)) == [expected]


async def test_a_changed_setting_does_not_change_an_opened_campaign(shop: Dealership) -> None:
    """The rate was set when the campaign was opened; a draft may still change its own."""
    campaign = await shop.open(published=False, labour_rate=Decimal("120.00"))
    changed = ChangeCampaign(
        campaign_id=campaign.id, labour_rate=Decimal("80.00"), budget=Decimal("5000.00"), tier_mode="highest",
        stacking="lowest_price",
    )  # fmt: skip
    await shop.world.do(service.change_campaign, changed, FINANCE)
    [stored] = await shop.world.read(Campaign, id=campaign.id)
    assert (stored.labour_rate, stored.budget, stored.tier_mode) == (Decimal("80.00"), Decimal("5000.00"), "highest")
    assert payable(await shop.price(campaign, labour("air_filter"))) == ["56.00"]


async def test_a_tenant_leaves_an_offer_out_and_adds_its_own(shop: Dealership) -> None:
    own = OwnOffer(
        code="half_battery", name="40 %", number=7, trigger="battery", price_rule="discount_labour",
        factor=Decimal("0.40"),
    )  # fmt: skip
    campaign = await shop.open(without=("battery",), own_offers=(own,))
    priced = await shop.price(campaign, labour("battery", "60.00"))
    assert (payable(priced), priced.lines[0].offer) == (["24.00"], "half_battery")


def own_offer(**given: Any) -> dict[str, Any]:
    """An opening with one more offer."""
    offer = {"code": "own", "name": "Own", "number": 16, "trigger": "wash", "price_rule": "free", **given}
    return {"own_offers": (OwnOffer(**offer),)}


@pytest.mark.parametrize(
    "given",
    [
        own_offer(trigger="battery", price_rule="discount_labour", factor=Decimal("0.4")),
        own_offer(number=7),
        own_offer(code="battery"),
        own_offer(price_rule="discount_all"),
        own_offer(price_rule="discount_all", factor=Decimal("1.1")),
        own_offer(price_rule="discount_all", factor=Decimal(0)),
        own_offer(price_rule="discount_all", factor=Decimal("NaN")),
        own_offer(factor=Decimal("0.5")),
        own_offer(price_rule="fixed"),
        own_offer(price_rule="fixed", fixed_price=Decimal("20.00"), list_price=Decimal("10.00")),
        own_offer(price_rule="gift"),
        own_offer(threshold=Decimal("10.00")),
        own_offer(trigger="routine_spend_per_day", price_rule="gift", gifts=("mug",)),
        own_offer(trigger="routine_spend_per_day", price_rule="gift", gifts=("mug",), threshold=Decimal("880.00")),
        own_offer(excludes=("wash",)),
    ],
)
async def test_rules_that_contradict_are_refused(shop: Dealership, given: dict[str, Any]) -> None:
    refusal = await refused(shop.world, service.open_campaign, OpenCampaign(**OPEN, **given), FINANCE)
    assert (refusal.code, refusal.field) == ("CAMPAIGN_CONTRADICTORY", "offers")


async def test_what_cannot_be_opened_is_refused(shop: Dealership) -> None:
    await shop.open()
    cases: list[tuple[dict[str, Any], str, str | None]] = [
        ({}, "CAMPAIGN_EXISTS", "year"),
        ({"vertical": "solar"}, "VERTICAL_NOT_ENABLED", "vertical"),
        ({"campaign": "winter"}, "CAMPAIGN_UNKNOWN", "campaign"),
        ({"year": 0}, "YEAR_INVALID", "year"),
        ({"year": 2027, "without": ("tea",)}, "CAMPAIGN_OFFER_UNKNOWN", "without"),
        ({"year": 2027, "parameters": {"height": 2}}, "CAMPAIGN_PARAMETER_UNKNOWN", "parameters"),
        ({"year": 2027, "parameters": {"new_car_months": -1}}, "USAGE_INVALID", "parameters"),
        ({"year": 2027, "parameters": {"new_car_months": 1201}}, "USAGE_INVALID", "parameters"),
        ({"year": 2027, "labour_rate": Decimal("NaN")}, "AMOUNT_INVALID", "labourRate"),
        ({"year": 2027, "labour_rate": Decimal(0)}, "AMOUNT_INVALID", "labourRate"),
        ({"year": 2027, "budget": Decimal("-0.01")}, "AMOUNT_INVALID", "budget"),
        ({"year": 2027, "budget": Decimal("0.001")}, "AMOUNT_INVALID", "budget"),
    ]
    for given, code, field in cases:
        command = OpenCampaign(**{**OPEN, **given})
        refusal = await refused(shop.world, service.open_campaign, command, FINANCE)
        assert (refusal.code, refusal.field) == (code, field)
    forbidden = await refused(shop.world, service.open_campaign, OpenCampaign(**OPEN), member("dispatcher"))
    assert forbidden.code == "FORBIDDEN"


async def test_a_campaign_goes_from_draft_to_published_to_ended_and_no_other_way(shop: Dealership) -> None:
    campaign = await shop.open(published=False)
    publish, end = PublishCampaign(campaign_id=campaign.id), EndCampaign(campaign_id=campaign.id, reason="sold out")
    assert (await refused(shop.world, service.end_campaign, end, FINANCE)).code == "CAMPAIGN_STATE_REFUSED"
    await shop.world.do(service.publish_campaign, publish, FINANCE)
    change = ChangeCampaign(campaign_id=campaign.id, budget=Decimal(1))
    for operation, command in ((service.publish_campaign, publish), (service.change_campaign, change)):
        assert (await refused(shop.world, operation, command, FINANCE)).code == "CAMPAIGN_STATE_REFUSED"
    blank = EndCampaign(campaign_id=campaign.id, reason=" ")
    assert (await refused(shop.world, service.end_campaign, blank, FINANCE)).code == "REQUIRED"
    ended = await shop.world.do(service.end_campaign, end, FINANCE)
    assert (ended.state, ended.end_reason) == ("ended", "sold out")
    kinds = [event.kind for event in await shop.world.read(Event, subject_id=campaign.id)]
    assert kinds == ["campaign.opened", "campaign.published", "campaign.ended"]


async def test_another_customers_car_and_another_verticals_campaign_are_not_there(shop: Dealership) -> None:
    campaign = await shop.open()
    other = Customer(id=new_id(), code="C9", name="Other", created_at=shop.world.clock.now())
    await shop.world.add(other)
    command = service_price(campaign, shop)
    refusal = await refused(shop.world, service.price_order, command, shop.world.customer_member(other))
    assert refusal.code == "NOT_FOUND"
    priced = await shop.world.do(service.price_order, command, shop.world.customer_member())
    assert payable(priced) == ["70.00"]


def service_price(campaign: Campaign, shop: Dealership) -> PriceOrder:
    return PriceOrder(campaign_id=campaign.id, asset_id=shop.world.asset.id, lines=(REPAIR,))
