"""Plans and contracts through the API, by the blocks of the tenants' own page."""

import re
from pathlib import Path

import msgspec
import pytest

from aftersales.plugins.registry import Registry
from tests.api.rooms.api import Api, Caller
from tests.fixtures.database import TestPlatform
from tests.tickets.world import World

PAGE = Path(__file__).parents[2] / "docs" / "tenants" / "plans-and-contracts.md"


@pytest.fixture
def api(platform: TestPlatform, installed_verticals: Registry) -> Api:
    made = Api(installed_verticals)
    made.platform = platform
    return made


async def test_a_plan_is_drafted_compared_published_and_signed(api: Api, solar_world: World) -> None:
    """Given the page's blocks, when they are sent, then the plan counts and the contract is signed under it."""
    owner = Caller(api, solar_world.tenant, (await solar_world.tenant.member("owner"))[1])
    customer_id = solar_world.customer.id
    member = (await solar_world.tenant.member("customer", customer_id=customer_id))[1]
    customer = Caller(api, solar_world.tenant, member)
    text = PAGE.read_text(encoding="utf-8")
    draft, sign = re.findall(r"```graphql\n(.*?)```", text, re.DOTALL)
    [given] = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    drafted = (await owner.ask(draft, **msgspec.json.decode(given)))["draftServicePlan"]
    assert drafted["userErrors"] == []
    plan = drafted["plan"]["id"]
    differing = await owner.ask(
        "query ($id: ID!) { planDifferences(servicePlanId: $id) { code field old new clause } }", id=plan
    )
    assert {"code": "main_unit", "field": "amount", "old": 36, "new": 60, "clause": "G-1"} in differing[
        "planDifferences"
    ]
    published = await owner.do("publishServicePlan", "plan { edition state effectiveFrom }", servicePlanId=plan)
    assert published["plan"] == {"edition": 1, "state": "published", "effectiveFrom": "2026-06-10"}
    found = await owner.ask("{ customers(first: 1) { nodes { id } } }")
    terms = {"title": "Care", "vertical": "solar", "customerId": found["customers"]["nodes"][0]["id"],
             "startsOn": "2026-06-10", "endsOn": "2031-06-09", "twoParty": True}  # fmt: skip
    contract = (await owner.ask(sign, input=terms))["signContract"]["contract"]
    assert (contract["state"], contract["tasks"]) == ("pending", [])
    this = {"contractId": contract["id"]}
    await customer.do("approveContractStep", "approval { step party }", **this, step="contract")
    assert await customer.code("enterPhase", **this, phase="warranty") == "PHASE_OUT_OF_ORDER"
    await owner.do("enterPhase", **this, phase="design")
    await owner.do("recordContractEvent", **this, event="installation_started")
    assert await owner.code("enterPhase", **this, phase="warranty") == "CUSTOMER_MUST_SIGN"
    await customer.do("enterPhase", **this, phase="warranty")
    seen = await customer.ask(
        "query ($id: ID!) { contract(id: $id) { state phase freeUntil startEvents servicePlan { edition } "
        "approvals { party } revisions { kind } } }",
        id=contract["id"],
    )
    assert seen["contract"]["phase"] == "warranty"
    assert seen["contract"]["freeUntil"] == "2031-06-10"
    assert seen["contract"]["servicePlan"] is None, "the house's own drafts and editions aren't the customer's"
    assert sorted(row["party"] for row in seen["contract"]["approvals"]) == ["company", "customer"]
    duties = "query ($id: ID!) { contractDuties(contractId: $id) { code due clause } }"
    seen_duties = (await customer.ask(duties, id=contract["id"]))["contractDuties"]
    assert {"code": "training_venue", "due": "before_training", "clause": "P09-31"} in seen_duties
    coming = "query ($id: ID!) { comingAmendment(contractId: $id) { effectiveFrom reason differences } }"
    assert (await owner.ask(coming, id=contract["id"]))["comingAmendment"] is None
    visit = {"code": "visit", "name": "Visit", "milestone": "on_site", "amount": 2, "unit": "hour"}
    later = {"reason": "longer", "effectiveFrom": "2026-07-01", "targets": [visit]}
    await owner.do("amendContract", "contract { comingOn }", **this, **later)
    waiting = (await owner.ask(coming, id=contract["id"]))["comingAmendment"]
    assert (waiting["effectiveFrom"], waiting["reason"]) == ("2026-07-01", "longer")
    assert [found["code"] for found in waiting["differences"]] == ["targets"]
    await owner.do("withdrawAmendment", "contract { comingOn }", **this, reason="never mind")
    mine = await owner.ask(
        "query ($id: ID!) { contract(id: $id) { servicePlan { edition } revisions { revision kind } } }",
        id=contract["id"],
    )
    assert mine["contract"] == {"servicePlan": {"edition": 1}, "revisions": [{"revision": 1, "kind": "signed"}]}
