"""Files over HTTP: up, checked, run, down again, for whoever has a token and the right."""

import io

import docx
import pytest

from aftersales.parties.models import Customer
from aftersales.plugins.registry import Registry
from aftersales_graphql.machine.relay import decode_id, encode_id
from tests.api.rooms.api import Api, Caller
from tests.exchange.files import csv_file, run, work_off
from tests.fixtures.database import TestPlatform
from tests.tickets.world import World


@pytest.fixture
def api(platform: TestPlatform, installed_verticals: Registry) -> Api:
    made = Api(installed_verticals)
    made.platform = platform
    return made


async def caller(api: Api, plant: World, role: str = "owner") -> Caller:
    return Caller(api, plant.tenant, (await plant.tenant.member(role))[1])


def headers(who: Caller) -> dict[str, str]:
    return {"authorization": f"Bearer {who.token}", "accept-language": who.language}


async def test_a_file_goes_up_is_checked_told_about_and_run(api: Api, plant: World) -> None:
    """Given an upload, when it was checked, then its faults are told in the caller's language, and it can be run."""
    owner = await caller(api, plant)
    answer = await api.client.post(
        f"/t/{plant.tenant.slug}/imports",
        params={"kind": "customers", "name": "kunden.csv", "policy": "skip_bad_rows"},
        content="客户编号,客户名称,地区代码\nK1,One,\nK2,Two,999999\n".encode("gb18030"),
        headers=headers(owner),
    )
    assert (answer.status_code, answer.json()["rows"]) == (201, 2)
    this = answer.json()["id"]
    await work_off(plant, decode_id(this)[1])
    found = await owner.ask(
        """query ($id: ID!) { dataImport(id: $id) { state fileName rowsTotal rowsFailed }
            importFaults(importId: $id) { row column code message } }""",
        id=this,
    )
    assert found["dataImport"] == {"state": "checked", "fileName": "kunden.csv", "rowsTotal": 2, "rowsFailed": 1}
    [fault] = found["importFaults"]
    assert (fault["row"], fault["column"], fault["code"]) == (3, "region", "REGION_UNKNOWN")
    assert "999999" in fault["message"]
    started = await owner.do("startImport", "dataImport { state }", importId=this)
    assert started["dataImport"] == {"state": "running"}
    await work_off(plant, decode_id(this)[1])
    assert len(await plant.read(Customer, code="K1")) == 1


async def test_what_cannot_be_taken_is_refused_and_nothing_is_kept(api: Api, plant: World) -> None:
    """Given no token, no right, an unknown kind or a wrong file, it is refused in both languages."""
    owner, engineer = await caller(api, plant), await caller(api, plant, "engineer")
    address = f"/t/{plant.tenant.slug}/imports"
    good = "code,name\nK1,One\n"
    before = await plant.counts()
    assert (await api.client.post(address, params={"kind": "customers"}, content=good)).status_code == 401
    for who, kind, content, status, code in (
        (engineer, "customers", good, 403, "FORBIDDEN"),
        (owner, "boats", good, 422, "VALUE_UNKNOWN"),
        (owner, "customers", "", 422, "IMPORT_FILE_EMPTY"),
        (owner, "customers", "code,colour\nK1,x\n", 422, "IMPORT_COLUMN_UNKNOWN"),
        (owner, "customers", "\x89PNG", 422, "IMPORT_COLUMN_UNKNOWN"),
    ):
        told = []
        for language in ("zh-CN", "en"):
            answer = await api.client.post(
                address, params={"kind": kind}, content=content, headers={**headers(who), "accept-language": language}
            )
            [error] = answer.json()["errors"]
            assert (answer.status_code, error["extensions"]["code"]) == (status, code)
            told.append(error["message"])
        assert told[0] != told[1]
    large = await api.client.post(
        address, params={"kind": "customers"}, content=b"x" * 30_000_001, headers=headers(owner)
    )
    assert large.status_code == 413
    assert await plant.counts() == before


async def test_tables_templates_and_plans_are_downloaded(api: Api, plant: World, platform: TestPlatform) -> None:
    """Given a token, then tables, templates and plans come as files; another tenant's token opens nothing."""
    owner = await caller(api, plant)
    base = f"/t/{plant.tenant.slug}"
    table = await api.client.get(f"{base}/exports/customers.csv", headers=headers(owner))
    assert table.status_code == 200
    assert table.text.lstrip("\ufeff").splitlines()[1].startswith("C1,Hospital")
    assert "attachment" in table.headers["content-disposition"]
    for path in ("exports/assets.xlsx", "imports/templates/assets.xlsx"):
        workbook = await api.client.get(f"{base}/{path}", headers=headers(owner))
        assert (workbook.status_code, workbook.content[:2]) == (200, b"PK")
    plan = await api.client.get(f"{base}/plans/document.docx", params={"vertical": "solar"}, headers=headers(owner))
    assert "售后服务方案" in "".join(found.text for found in docx.Document(io.BytesIO(plan.content)).paragraphs) or (
        "After-sales" in docx.Document(io.BytesIO(plan.content)).core_properties.title
    )
    engineer = await caller(api, plant, "engineer")
    refused = await api.client.get(f"{base}/exports/customers.csv", headers=headers(engineer))
    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")
    stranger = await platform.tenant({"solar": {}})
    token = (await stranger.member("owner"))[1]
    foreign = await api.client.get(f"{base}/exports/customers.csv", headers={"authorization": f"Bearer {token}"})
    assert foreign.status_code == 401


async def test_a_past_service_is_part_of_the_assets_archive(api: Api, plant: World) -> None:
    """Given an imported service, then the asset tells of it, to its customer too, and to no other customer."""
    await run(plant, "history", csv_file("reference,asset_number,happened_on,title", "R1,A1,2025-11-03,New tube"))
    token = (await plant.tenant.member("customer", customer_id=plant.customer.id))[1]
    await run(plant, "customers", csv_file("code,name", "K1,One"))
    [stranger] = await plant.read(Customer, code="K1")
    foreign = (await plant.tenant.member("customer", customer_id=stranger.id))[1]
    for who in (await caller(api, plant), Caller(api, plant.tenant, token)):
        found = await who.ask(
            """query ($id: ID!) { asset(id: $id) {
                pastServices(first: 5) { nodes { reference happenedOn title } }
                archive(first: 9) { nodes { kind data } } } }""",
            id=encode_id("Asset", plant.asset.id),
        )
        assert found["asset"]["pastServices"]["nodes"] == [
            {"reference": "R1", "happenedOn": "2025-11-03", "title": "New tube"}
        ]
        [told] = [one for one in found["asset"]["archive"]["nodes"] if one["kind"] == "asset.past_service_recorded"]
        assert told["data"]["reference"] == "R1"
    found = await Caller(api, plant.tenant, foreign).ask("{ pastServices(first: 5) { nodes { reference } } }")
    assert found["pastServices"]["nodes"] == []
