"""An inspection and a site's safety through the API, and the examples of the tenants' pages."""

import re
from pathlib import Path

import pytest
from graphql import parse, validate

from aftersales.plugins.registry import Registry
from tests.api.rooms.api import EVERYTHING, Api, Caller, node_id
from tests.fixtures.database import TestPlatform
from tests.safety.park import Park
from tests.tickets.world import World, settle

TENANTS = Path(__file__).parents[2] / "docs" / "tenants"
EXAMPLE = re.compile(r"```graphql\n(.*?)```", re.DOTALL)


@pytest.fixture
def api(platform: TestPlatform, installed_verticals: Registry) -> Api:
    made = Api(installed_verticals)
    made.platform = platform
    return made


@pytest.mark.parametrize("page", ["inspections.md", "site-safety.md"])
async def test_the_examples_of_the_page_fit_the_schema(api: Api, page: str) -> None:
    examples = EXAMPLE.findall((TENANTS / page).read_text(encoding="utf-8"))
    assert len(examples) >= 4
    for example in examples:
        assert validate(api.schema(*EVERYTHING).graphql, parse(example)) == [], example


async def callers(api: Api, world: World) -> tuple[Caller, Caller, Caller]:
    owner = Caller(api, world.tenant, (await world.tenant.member("owner"))[1])
    engineer = Caller(api, world.tenant, (await world.tenant.member("engineer"))[1])
    token = (await world.tenant.member("customer", customer_id=world.customer.id))[1]
    return owner, engineer, Caller(api, world.tenant, token)


@pytest.mark.clause("P01-20", "P11-21")
async def test_an_inspection_ends_in_a_ticket_that_its_customer_can_follow(api: Api, solar_world: World) -> None:
    owner, engineer, customer = await callers(api, solar_world)
    await owner.do(
        "publishChecklist", "checklist { version }", vertical="solar", code="balcony", nameZh="阳台", nameEn="Balcony",
        items=[{"code": "rail", "nameZh": "护栏", "nameEn": "Rail", "kind": "number", "unit": "mm", "minimum": "900"}],
    )  # fmt: skip
    asset = node_id("Asset", solar_world.asset.id)
    begun = await engineer.do(
        "startInspection", "inspection { id number }", vertical="solar", checklist="balcony", assetId=asset
    )
    inspection = begun["inspection"]["id"]
    read = "query ($id: ID!) { inspection(id: $id) { passed findings { severity ticket { number } } } }"
    assert await customer.ask(read, id=inspection) == {"inspection": None}
    assert await engineer.code("answerItems", inspectionId=inspection, answers=[{"item": "ghost"}]) == (
        "CHECK_ITEM_UNKNOWN"
    )
    done = await engineer.do(
        "answerItems", "inspection { passed findings { ticket { id number inspectionFindings { item } } } }",
        inspectionId=inspection, answers=[{"item": "rail", "number": "899"}], complete=True,
    )  # fmt: skip
    [finding] = done["inspection"]["findings"]
    assert done["inspection"]["passed"] is False
    assert finding["ticket"]["inspectionFindings"] == [{"item": "rail"}]
    seen = (await customer.ask(read, id=inspection))["inspection"]
    assert seen == {"passed": False, "findings": [{"severity": "medium", "ticket": {"number": "T-2026-000001"}}]}
    report = await customer.ask(
        "query ($id: ID!, $asset: ID!) { inspectionReport(inspectionId: $id) { lines { resultZh resultEn } }"
        " inspectionTrend(assetId: $asset, item: \"rail\") { value inspection { number } } }",
        id=inspection, asset=asset,
    )  # fmt: skip
    [line] = report["inspectionReport"]["lines"]
    assert line["resultEn"] == "899 mm (at least 900 mm), not passed"
    [point] = report["inspectionTrend"]
    assert (point["value"], point["inspection"]) == ("899.000000", {"number": begun["inspection"]["number"]})


@pytest.mark.clause("P05-10", "P05-26")
async def test_a_day_on_a_site_through_the_api(api: Api, platform: TestPlatform) -> None:
    settings = {"landscaping": {"patrol_gap_minutes": 240}}
    park = Park(await settle(platform, settings, vertical="landscaping", asset_type="landscape_works"))
    await park.staff()
    owner, engineer, customer = await callers(api, park.world)
    [worker] = await park.crew("W1")
    site, who = node_id("Site", park.site.id), node_id("SiteWorker", worker.id)
    enter = {"siteId": site, "workerId": who, "guard": "Qian"}
    assert await engineer.code("enterSite", **enter) == "ENTRY_EDUCATION_MISSING"
    chairs = [node_id("Engineer", one.id) for one in (park.world.engineer, park.world.other_engineer)]
    await owner.do(
        "recordEducation", siteId=site, topics=["production", "electricity", "fire", "machinery"],
        chairEngineerIds=chairs, attendees=[{"workerId": who}], evidence="list 1",
    )  # fmt: skip
    entry = await engineer.do("enterSite", "entry { name worker { trade } leftAt }", **enter)
    assert entry["entry"] == {"name": "Worker W1", "worker": {"trade": "mason"}, "leftAt": None}
    gaps = "query ($site: ID!) { paperGaps(siteId: $site) { record clause worker { code } engineer { code } } }"
    found = (await owner.ask(gaps, site=site))["paperGaps"]
    assert {"record": "responsibility_letter", "clause": "P05-05", "worker": {"code": "W1"}, "engineer": None} in found
    await engineer.do("recordPatrol", siteId=site, rule="patrol", areas=["site"], engineerId=chairs[1])
    park.world.later(hours=6)
    audit = await owner.ask(
        'query ($site: ID!) { patrolAudit(siteId: $site, rule: "patrol", begin: "2026-06-10T09:00:00+08:00",'
        ' end: "2026-06-10T15:00:00+08:00") { gaps { area minutes } } }',
        site=site,
    )
    assert audit["patrolAudit"]["gaps"] == [
        {"area": "site", "minutes": 360}, {"area": "rest_areas", "minutes": 360},
    ]  # fmt: skip
    code, _ = await customer.refused(gaps, site=site)
    assert code == "FORBIDDEN"
    assert (await customer.ask("{ siteWorkers { totalCount } gateEntries { totalCount } }")) == {
        "siteWorkers": {"totalCount": 0}, "gateEntries": {"totalCount": 0},
    }  # fmt: skip
