"""A ticket's way from the call to the signature, through the API alone."""

from datetime import datetime

import pytest

from tests.api.rooms.api import Caller, local
from tests.api.rooms.conftest import MakeCaller
from tests.fixtures.database import TestPlatform

DEADLINES = "commitments { milestone party clause dueAt state outcome }"


@pytest.mark.clause("P08-12", "P08-19", "P08-20")
async def test_a_hospital_fault_goes_from_phone_to_remote_to_site(platform: TestPlatform, caller: MakeCaller) -> None:
    """Given a hospital near Beijing, when its general fault isn't solved by phone nor remotely, then somebody comes."""
    tenant = await platform.tenant({"software_his": {"profile": "hospital"}})
    owner, dispatcher = await caller(tenant, "owner"), await caller(tenant, "dispatcher")
    engineer = await caller(tenant, "engineer")
    ids = await settle(owner)

    opened = await dispatcher.do(
        "openTicket",
        f"ticket {{ id number grade state step regionClass version nextDueAt {DEADLINES} }}",
        kind="fault", channel="phone", title="挂号窗口报错", customerId=ids["customer"], assetId=ids["asset"],
        call={"handlerName": "Chen", "caller": "Dr. Li", "notes": "the queue doesn't print"},
        facts={"is_complex": False},
    )  # fmt: skip
    ticket = opened["ticket"]
    assert (ticket["number"], ticket["grade"], ticket["state"]) == ("T-2026-000001", "general", "open")
    due = {c["milestone"]: c["dueAt"] for c in ticket["commitments"]}
    assert due["acknowledged"] == "2026-06-10T02:00:00+00:00"
    assert due["resolved"] == "2026-06-10T09:00:00+00:00"

    this = {"ticketId": ticket["id"]}
    await engineer.do("acknowledgeTicket", **this, notes="we are looking into it")
    platform.clock.move_to(_at("2026-06-10 09:30"))
    await engineer.do(
        "recordAttempt", **this, step="phone", outcome="unsolved", startedAt=local("2026-06-10 09:05"),
        endedAt=local("2026-06-10 09:25"),
    )  # fmt: skip
    await dispatcher.do("escalateStep", **this, to="remote")
    await dispatcher.do(
        "authoriseRemote", **this, contactId=ids["contact"], purpose="look at the print queue",
        validFrom=local("2026-06-10 09:30"), validUntil=local("2026-06-10 12:00"),
    )  # fmt: skip
    opened_session = await engineer.do(
        "openRemoteSession", "session { id minutes }", **this, engineerId=ids["engineer"]
    )
    platform.clock.move_to(_at("2026-06-10 10:15"))
    closed = await engineer.do(
        "closeRemoteSession", "session { minutes given: authorisation { grantedBy } }",
        sessionId=opened_session["session"]["id"], log="restarted the spooler", outcome="unsolved",
    )  # fmt: skip
    assert closed["session"] == {"minutes": 45, "given": {"grantedBy": "Dr. Li"}}
    decided = await dispatcher.do(
        "decideOnSite", f"ticket {{ step {DEADLINES} workOrders {{ id number state }} }}", **this
    )
    on_site = next(c for c in decided["ticket"]["commitments"] if c["milestone"] == "on_site")
    assert on_site["dueAt"] == "2026-06-10T14:15:00+00:00"

    [order] = decided["ticket"]["workOrders"]
    window = {"windowStart": local("2026-06-10 14:00"), "windowEnd": local("2026-06-10 16:00")}
    proposals = await dispatcher.ask(
        "query ($id: ID!, $a: DateTime, $b: DateTime) {"
        " dispatchProposals(ticketId: $id, windowStart: $a, windowEnd: $b) {"
        " fit score engineer { id name } reasons { code text points blocks } } }",
        id=ticket["id"], a=window["windowStart"], b=window["windowEnd"],
    )  # fmt: skip
    best = proposals["dispatchProposals"][0]
    assert best["fit"]
    assert best["engineer"]["name"] == "Wang"
    assert {reason["code"] for reason in best["reasons"]} >= {"region"}
    planned = await dispatcher.do(
        "planAppointment", "appointment { id state engineer { name } }",
        workOrderId=order["id"], engineerId=best["engineer"]["id"], **window,
    )  # fmt: skip
    visit = {"appointmentId": planned["appointment"]["id"]}
    await dispatcher.do("dispatchAppointment", **visit)
    platform.clock.move_to(_at("2026-06-10 14:10"))
    arrived = await engineer.do("recordArrival", f"appointment {{ state ticket {{ {DEADLINES} }} }}", **visit)
    met = {c["milestone"]: (c["state"], c["outcome"]) for c in arrived["appointment"]["ticket"]["commitments"]}
    assert met["on_site"] == ("met", "in_time")
    platform.clock.move_to(_at("2026-06-10 15:00"))
    await engineer.do("finishAppointment", **visit, notes="printer driver replaced")
    await engineer.do("completeWorkOrder", workOrderId=order["id"], cause="driver", measures="replaced")
    signed = await engineer.do(
        "signOffWorkOrder",
        "workOrder { state signedOffBy lines { id } }",
        workOrderId=order["id"],
        signedOffBy="Dr. Li",
    )
    assert signed["workOrder"]["state"] == "signed_off"
    await engineer.do("resolveTicket", **this, cause="driver", measures="replaced")
    await dispatcher.do("confirmTicket", **this, satisfied=True)
    closed_ticket = await dispatcher.do("closeTicket", "ticket { state closedAt customerSatisfied }", **this)
    assert closed_ticket["ticket"] == {
        "state": "closed", "closedAt": "2026-06-10T07:00:00+00:00", "customerSatisfied": True,
    }  # fmt: skip

    told = await owner.ask(
        "query ($id: ID!) { ticket(id: $id) {"
        " lastEvents { kind } events(first: 3) { totalCount nodes { kind at } } } }",
        id=ticket["id"],
    )
    kinds = [event["kind"] for event in told["ticket"]["lastEvents"]]
    assert kinds[0] == "ticket.closed"
    assert told["ticket"]["events"]["nodes"][0]["kind"] == "ticket.opened"


async def test_the_attributes_of_the_vertical_are_real_fields(owner: Caller) -> None:
    """Given assets of two verticals, when read, then each shows its own typed attributes and no other's."""
    customer = (await owner.do("createCustomer", "customer { id }", code="C-1", name="Li"))["customer"]["id"]
    solar = await owner.do(
        "registerAsset", "asset { id }", name="roof", vertical="solar", assetType="solar_water_heater",
        customerId=customer,
        attributes={"tank_litres": 200, "commissioned_on": "2025-05-01"},
    )  # fmt: skip
    car = await owner.do(
        "registerAsset", "asset { id }", name="car", vertical="auto_4s", assetType="passenger_car",
        customerId=customer,
        attributes={"vin": "LSVAA4189E2123456", "use": "commercial"},
    )  # fmt: skip
    read = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Asset { vertical
        solarSolarWaterHeater { tankLitres commissionedOn collector }
        auto4sPassengerCar { vin use soldOn } landscapingPlantingBatch { species }
        softwareHisHospitalInformationSystem { operators } } } }"""
    found = await owner.ask(read, ids=[solar["asset"]["id"], car["asset"]["id"]])
    nothing = {"landscapingPlantingBatch": None, "softwareHisHospitalInformationSystem": None}
    assert found["nodes"] == [
        {
            "vertical": "solar", "auto4sPassengerCar": None, **nothing,
            "solarSolarWaterHeater": {"tankLitres": 200, "commissionedOn": "2025-05-01", "collector": "vacuum_tube"},
        },
        {
            "vertical": "auto_4s", "solarSolarWaterHeater": None, **nothing,
            "auto4sPassengerCar": {"vin": "LSVAA4189E2123456", "use": "commercial", "soldOn": None},
        },
    ]  # fmt: skip


def _at(text: str) -> datetime:
    return datetime.fromisoformat(local(text))


async def settle(owner: Caller) -> dict[str, str]:
    """A customer in Beijing with contact, site and system, and an engineer of the region."""
    customer = (await owner.do("createCustomer", "customer { id }", code="H-1", name="第一医院", region="130100"))[
        "customer"
    ]["id"]
    contact = await owner.do("addContact", "contact { id }", customerId=customer, name="Dr. Li", mayAuthorise=True)
    site = await owner.do("addSite", "site { id }", customerId=customer, name="门诊楼", region="130100")
    asset = await owner.do(
        "registerAsset", "asset { id }", name="HIS", vertical="software_his", assetType="hospital_information_system",
        customerId=customer, siteId=site["site"]["id"],
    )  # fmt: skip
    engineer = await owner.do("createEngineer", "engineer { id }", code="E1", name="Wang", regions=["13"])
    return {
        "customer": customer,
        "contact": contact["contact"]["id"],
        "site": site["site"]["id"],
        "asset": asset["asset"]["id"],
        "engineer": engineer["engineer"]["id"],
    }
