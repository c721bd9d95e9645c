"""A campaign through the API: opened, priced, paid, reported."""

from typing import Any

import pytest

from aftersales.plugins.registry import Registry
from tests.api.rooms.api import Api, Caller
from tests.campaigns.dealership import Dealership
from tests.fixtures.database import TestPlatform

PRICE = """query ($input: PriceOrderInput!) { campaignPrice(input: $input) {
    payable saved refused gifts { gift quantity } checks { check payable }
    lines { operation payable offer number clause reason lost { offer reason } } } }"""
REPORT = """query ($id: ID!) { campaignReport(campaignId: $id) {
    orders recovered saved budgetLeft offers { number label orders saved } } }"""


@pytest.fixture
def api(platform: TestPlatform, installed_verticals: Registry) -> Api:
    made = Api(installed_verticals)
    made.platform = platform
    return made


async def caller(api: Api, shop: Dealership, language: str = "en") -> Caller:
    return Caller(api, shop.world.tenant, (await shop.world.tenant.member("owner", language=language))[1], language)


async def set_up(owner: Caller, shop: Dealership) -> tuple[str, str]:
    """The campaign's and the car's global ids."""
    opened = await owner.do(
        "openCampaign", "campaign { id state startsOn endsOn }", vertical="auto_4s", campaign="summer", year=2026,
        parameters={"minimum_campaign_kilometres": 5000}, labourRate="100", budget="1000",
    )  # fmt: skip
    assert opened["campaign"]["startsOn"] == "2026-06-18"
    campaign = opened["campaign"]["id"]
    await owner.do("publishCampaign", campaignId=campaign)
    cars = await owner.ask("{ assets(first: 1) { nodes { id } } }")
    return campaign, cars["assets"]["nodes"][0]["id"]


LINES: list[dict[str, Any]] = [
    {"operation": "battery", "item": "labour", "unitPrice": "60.00"},
    {"operation": "air_conditioning_cleaning"},
]


async def test_an_order_is_priced_stored_and_reported(api: Api, shop: Dealership) -> None:
    owner = await caller(api, shop)
    campaign, car = await set_up(owner, shop)
    given = {"campaignId": campaign, "assetId": car, "lines": LINES}
    priced = (await owner.ask(PRICE, input=given))["campaignPrice"]
    assert (priced["payable"], priced["saved"], priced["refused"]) == ("198.00", "82.00", None)
    assert [(line["offer"], line["clause"]) for line in priced["lines"]] == [
        ("battery", "P06-15"), ("air_conditioning_cleaning", "P06-10"),
    ]  # fmt: skip
    assert priced["lines"][0]["lost"] == [
        {"offer": "normal_repair", "reason": "one price rule per line: offer 7 goes before"}
    ]
    stored = await owner.do("redeemOrder", "order { number payable uses { offer lines } }", **given, number="R-1")
    assert stored["order"]["payable"] == "198.00"
    assert len(stored["order"]["uses"]) == 4
    report = (await owner.ask(REPORT, id=campaign))["campaignReport"]
    assert (report["orders"], report["saved"], report["budgetLeft"]) == (1, "82.00", "918.00")
    assert await owner.code("redeemOrder", **{**given, "lines": LINES[:1]}, number="R-1") == "ORDER_REDEEMED"


async def test_reasons_come_in_the_callers_language(api: Api, shop: Dealership) -> None:
    owner = await caller(api, shop, "zh-CN")
    campaign, car = await set_up(owner, shop)
    priced = (await owner.ask(PRICE, input={"campaignId": campaign, "assetId": car, "lines": LINES}))["campaignPrice"]
    assert priced["lines"][0]["reason"] == "更换电瓶人工费 5 折"
    assert priced["lines"][0]["lost"][0]["reason"] == "每行只用一条价格规则:第 7 项优先"


async def test_a_draft_is_not_for_customers(api: Api, shop: Dealership) -> None:
    owner = await caller(api, shop)
    await owner.do("openCampaign", "campaign { id }", vertical="auto_4s", campaign="summer", year=2027)
    await set_up(owner, shop)
    tenant = shop.world.tenant
    token = (await tenant.member("customer", customer_id=shop.world.customer.id))[1]
    seen = await Caller(api, tenant, token).ask("{ campaigns { nodes { year state } } }")
    assert seen["campaigns"]["nodes"] == [{"year": 2026, "state": "published"}]
