"""Plan 6: one visit in the summer campaign, with the bundle of three filters, discounts, gifts and spend tiers."""

from typing import Any

from aftersales_server.demo.stories.steps import new_asset
from aftersales_server.demo.stories.story import Script, Story, instant

CAMPAIGNS = 'query { campaigns(first: 1, filter: {vertical: {eq: "auto_4s"}}) { nodes { id } } }'
LINES: tuple[dict[str, Any], ...] = (
    # Offer 2: 168.00 instead of 220.00. It counts for no tier, since it is no routine repair (A36).
    {"operation": "air_conditioning_cleaning"},
    # Offer 11: three hours at 100.00, at 70 % (A38): 210.00 instead of 400.00 for 2 + 1 + 1 hours one by one.
    {"operation": "oil_and_oil_filter", "item": "labour"},
    {"operation": "air_filter", "item": "labour"},
    {"operation": "fuel_filter", "item": "labour"},
    # Offer 4: 480.00 at 90 %: 432.00, and an oil filter for nothing.
    {"operation": "gold_mobil_oil", "item": "material", "products": ["gold_mobil_oil"], "unitPrice": "480.00"},
    # Offer 7: half of 60.00, and not at 70 % once more (A34).
    {"operation": "battery", "item": "labour", "unitPrice": "60.00"},
    # Offer 10: 400.00 at 70 %.
    {"operation": "repair", "item": "labour", "unitPrice": "400.00"},
)
PAYABLE = "1120.00"  # 168 + 210 + 432 + 30 + 280
GIFTS = ["interior_cleaning", "oil_filter"]  # 952.00 of routine repair on that day reach the tier of 880.00
QUERY = """query Price($input: PriceOrderInput!) { campaignPrice(input: $input) {
  payable refused gifts { gift } lines { operation payable offer clause reason } } }"""


def play(story: Story) -> None:
    """Priced, paid, and nothing given twice."""
    owner = story.by("owner")
    story.at("2026-07-04 10:00")
    known = owner.query(CAMPAIGNS)["campaigns"]["nodes"]
    if not known:
        opened = owner.do(
            "openCampaign", "campaign { id }", vertical="auto_4s", campaign="summer", year=2026,
            parameters={"minimum_campaign_kilometres": 5000}, labourRate="100",
        )  # fmt: skip
        known = [opened["campaign"]]
        owner.do("publishCampaign", "campaign { id }", campaignId=known[0]["id"])
    car = new_asset(
        story, "CAR-ZH", name="京A·F5678 索纳塔", vertical="auto_4s", assetType="passenger_car", usage=32000,
        attributes={"brand": "Hyundai", "model": "Sonata", "use": "private", "sold_on": "2023-05-20"},
    )  # fmt: skip
    order = {"campaignId": known[0]["id"], "assetId": car["id"], "lines": list(LINES)}
    priced = owner.query(QUERY, input=order)["campaignPrice"]
    for line in priced["lines"]:
        story.note(
            f"{line['operation']}: {line['payable']} (offer {line['offer']}, {line['clause']}: {line['reason']})"
        )
    story.expect("the visit's price", PAYABLE, priced["payable"])
    story.expect("its gifts", GIFTS, sorted(gift["gift"] for gift in priced["gifts"]))
    number = f"R-{car['id'][-12:]}"
    order |= {"number": number, "at": instant("2026-07-04 10:00")}
    redeemed = owner.do("redeemOrder", "order { number payable }", **order)
    story.note(f"Paid: {redeemed['order']['payable']}, with the gifts {', '.join(GIFTS)}.")
    again = {**order, "lines": list(LINES[:1])}
    codes = story.refusal(lambda: owner.do("redeemOrder", "order { id }", **again), "the order's number once more")
    story.expect("the order a second time", ["ORDER_REDEEMED"], codes)
    story.explanation = "\n".join(f"{line['operation']}: {line['reason']}" for line in priced["lines"])


SCRIPT = Script(
    code="summer",
    slug="jingbei-4s",
    title="A visit in the summer campaign",
    clauses=("P06-10", "P06-12", "P06-15", "P06-18", "P06-19", "P06-20"),
    play=play,
)
