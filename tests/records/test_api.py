"""Records through the API: who lists which, the way from form to archive, finding, reports."""

from typing import Any

import pytest

from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer, ServiceUnit
from aftersales.plugins.registry import Registry
from aftersales.records.models import StoredFile
from tests.api.rooms.api import Api, Caller
from tests.fixtures.database import TestPlatform
from tests.tickets.world import World

RECORDS = "{ records(first: 20) { nodes { number form state complete missing values serviceUnit { code } } } }"
CALL = {
    "channel": "call", "received_at": "2026-06-10T08:30:00+08:00", "contact": "Zhou", "subject": "噪音投诉",
    "result": "solved",
}  # fmt: skip


@pytest.fixture
def api(platform: TestPlatform, installed_verticals: Registry) -> Api:
    made = Api(installed_verticals)
    made.platform = platform
    return made


async def caller(api: Api, world: World, role: str, **more: Any) -> Caller:
    return Caller(api, world.tenant, (await world.tenant.member(role, **more))[1])


async def listed(who: Caller) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = (await who.ask(RECORDS))["records"]["nodes"]
    return nodes


@pytest.mark.clause("P15-21")
async def test_headquarters_lists_a_dealers_register_and_another_dealer_doesnt(api: Api, solar_world: World) -> None:
    units = [ServiceUnit(id=new_id(), code=code, name=code, kind="agent") for code in ("D", "E")]
    await solar_world.add(*units)
    first, second = [await caller(api, solar_world, "dealer", service_unit_id=unit.id) for unit in units]
    owner = await caller(api, solar_world, "owner")
    customer = await caller(api, solar_world, "customer", customer_id=solar_world.customer.id)
    started = await first.do("startRecord", "record { id state }", form="contact_register", values=CALL)
    record = started["record"]["id"]
    assert await second.code("submitRecord", recordId=record) == "NOT_FOUND"
    await first.do("submitRecord", recordId=record)
    assert [(row["form"], row["serviceUnit"]) for row in await listed(owner)] == [("contact_register", {"code": "D"})]
    assert len(await listed(first)) == 1
    assert await listed(second) == []
    assert await listed(customer) == []
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await second.ask(node, id=record))["node"] is None
    find = 'query { findRecords(text: "噪音", fields: {channel: "call"}) { kind title record { number } } }'
    assert [found["kind"] for found in (await owner.ask(find))["findRecords"]] == ["record"]
    assert len((await first.ask(find))["findRecords"]) == 1
    assert (await second.ask(find))["findRecords"] == []


async def test_a_customer_answers_a_survey_and_sees_it_and_nobody_elses(api: Api, solar_world: World) -> None:
    other = Customer(id=new_id(), code="C2", name="Other", created_at=solar_world.clock.now())
    await solar_world.add(other)
    own = await caller(api, solar_world, "customer", customer_id=solar_world.customer.id)
    stranger = await caller(api, solar_world, "customer", customer_id=other.id)
    started = await own.do(
        "startRecord", "record { id missing version }", form="suggestion_form", values={"suggestion": "longer hours"}
    )
    record = started["record"]
    assert record["missing"] == []
    assert await listed(own) != []
    await own.do("submitRecord", recordId=record["id"], expectedVersion=record["version"])
    assert [row["values"] for row in await listed(own)] == [{"suggestion": "longer hours"}]
    assert await listed(stranger) == []
    owner = await caller(api, solar_world, "owner")
    assert await owner.code("deleteRecord", recordId=record["id"], reason="") == "REQUIRED"
    await owner.do("deleteRecord", recordId=record["id"], reason="the customer asked for it")
    assert await listed(own) == []
    archive = "{ records(first: 5, filter: {deletedAt: {isNull: false}}) { nodes { deletionReason deletedBy } } }"
    [kept] = (await owner.ask(archive))["records"]["nodes"]
    assert kept["deletionReason"] == "the customer asked for it"


async def test_forms_handovers_and_reports_are_told_in_the_callers_language(api: Api, solar_world: World) -> None:
    owner = await caller(api, solar_world, "owner")
    forms = (await owner.ask("{ forms { code label vertical clause } }"))["forms"]
    by_code = {form["code"]: form for form in forms}
    assert by_code["warranty_card"] == {
        "code": "warranty_card", "label": "Warranty card", "vertical": "solar", "clause": "P09-04",
    }  # fmt: skip
    assert {"service_log", "response_record", "suggestion_form"} <= by_code.keys()
    owner.language = "zh-CN"
    asset = (await owner.ask("{ assets(first: 1) { nodes { id } } }"))["assets"]["nodes"][0]["id"]
    status = """query ($id: ID!) { handoverStatus(due: "handover", assetId: $id) {
        complete completed missing deliverables { code label received } } }"""
    assert (await owner.ask(status, id=asset))["handoverStatus"] == {
        "complete": False, "completed": False, "missing": ["user_manual"],
        "deliverables": [{"code": "user_manual", "label": "说明书", "received": False}],
    }  # fmt: skip
    assert await owner.code("completeHandover", due="handover", assetId=asset) == "DELIVERABLES_MISSING"
    report = '{ dispatchReport(month: "2026-06") { count totals { currency amount } } }'
    assert (await owner.ask(report))["dispatchReport"] == {"count": 0, "totals": []}
    code, _ = await owner.refused('{ dispatchReport(month: "2026-13") { count } }')
    assert code == "MONTH_INVALID"
    engineer = await caller(api, solar_world, "engineer")
    code, _ = await engineer.refused('{ productFailures(since: "2026-01-01", until: "2026-06-01") { failures } }')
    assert code == "FORBIDDEN"


async def test_files_are_listed_with_what_they_belong_to(api: Api, solar_world: World) -> None:
    ticket = await solar_world.open()
    row = StoredFile(
        id=new_id(), name="a.jpg", purpose="photo", media_type="image/jpeg", size=5_000_000_000, sha256="00",
        subject_type="ticket", subject_id=ticket.id, ticket_id=ticket.id, customer_id=solar_world.customer.id,
        state="stored", created_at=solar_world.clock.now(), created_by="test",
    )  # fmt: skip
    await solar_world.add(row)
    own = await caller(api, solar_world, "customer", customer_id=solar_world.customer.id)
    [found] = (await own.ask("{ storedFiles(first: 5) { nodes { name size ticket { number } } } }"))["storedFiles"][
        "nodes"
    ]
    assert found == {"name": "a.jpg", "size": "5000000000", "ticket": {"number": ticket.number}}
