"""Training through the API: what customers do themselves, what they see, and what others don't."""

from datetime import timedelta
from typing import Any

import pytest

from aftersales.plugins.registry import Registry
from tests.api.rooms.api import Api, Caller
from tests.fixtures.database import TestPlatform
from tests.tickets.world import World

DUTIES = """{ trainingDuties(first: 10, filter: {curriculum: {eq: "operators"}}) { nodes {
    id state free venue tasks { kind state clause } commitments { dueAt clause } } } }"""
MINE = """{ trainees(first: 10) { nodes { name certificates { number validUntil } } }
    trainingSessions(first: 10) { nodes { state warnings enrolments { warnings trainee { name } } } }
    trainingTasks(first: 10) { totalCount } trainingCertificates(first: 10) { totalCount } }"""


@pytest.fixture
def api(platform: TestPlatform, installed_verticals: Registry) -> Api:
    made = Api(installed_verticals)
    made.platform = platform
    return made


async def caller(api: Api, world: World, *roles: str, **more: Any) -> Caller:
    return Caller(api, world.tenant, (await world.tenant.member(*roles, **more))[1])


async def test_a_course_from_acceptance_to_certificates(api: Api, solar_world: World) -> None:
    """Given an acceptance, then the customer names its people, agrees and provides the room; staff do the rest."""
    staff = await caller(api, solar_world, "owner")
    customer = await caller(api, solar_world, "customer", customer_id=solar_world.customer.id)
    found = await staff.ask("{ assets(first: 1) { nodes { id } } customers(first: 1) { nodes { id } } engineers(first: 1) { nodes { id } } }")  # fmt: skip # noqa: E501
    asset, owner, trainer = (found[key]["nodes"][0]["id"] for key in ("assets", "customers", "engineers"))
    await staff.do("acceptAsset", assetId=asset)
    [duty] = (await customer.ask(DUTIES))["trainingDuties"]["nodes"]
    assert (duty["state"], duty["tasks"]) == ("due", [{"kind": "provide_venue", "state": "open", "clause": "P09-31"}])
    person = (
        await customer.do(
            "nameTrainee", "trainee { id }", vertical="solar", name="Wu", role="accountant", customerId=owner
        )
    )["trainee"]["id"]
    start = solar_world.clock.now() + timedelta(hours=1)
    planned = await staff.do(
        "planTrainingSession", "session { id state tasks { kind } }", trainingDutyId=duty["id"], trainerId=trainer,
        startsAt=start.isoformat(), endsAt=(start + timedelta(hours=2)).isoformat(),
    )  # fmt: skip
    this = {"trainingSessionId": planned["session"]["id"]}
    assert planned["session"]["state"] == "tentative"
    assert await staff.code("confirmTrainingSession", **this) == "TRAINING_VENUE_REQUIRED"
    await customer.do("provideTrainingVenue", **this, venue="Boiler room")
    assert await staff.code("confirmTrainingSession", **this) == "TRAINING_NOT_AGREED"
    await customer.do("agreeTrainingSession", **this)
    await staff.do("confirmTrainingSession", **this)
    enrolled = await customer.do("enrolTrainee", "enrolment { warnings }", **this, traineeId=person)
    assert enrolled["enrolment"]["warnings"] == ["outside audience (role accountant)"]
    assert await customer.code("recordAttendance", **this, traineeId=person, units=[]) == "FORBIDDEN"

    solar_world.clock.move_to(start + timedelta(hours=2))
    units = (await staff.ask('{ curricula(vertical: "solar", role: "plumber") { code units } }'))["curricula"][0][
        "units"
    ]
    await staff.do("recordAttendance", **this, traineeId=person, units=units)
    await staff.do("holdTrainingSession", **this)
    results = [{"outcome": outcome, "passed": True} for outcome in ("safe_use", "no_damage", "simple_repair")]
    await staff.do("assessTrainee", **this, traineeId=person, results=results)
    certified = await staff.do(
        "certifyTrainee", "certificate { number validUntil }", traineeId=person, curriculum="operators"
    )
    assert certified["certificate"] == {"number": "TC-2026-000001", "validUntil": None}
    [duty] = (await customer.ask(DUTIES))["trainingDuties"]["nodes"]
    assert (duty["state"], duty["venue"]) == ("held", "Boiler room")
    team = await customer.ask(
        'query ($c: ID!) { trainedTeam(vertical: "solar", curriculum: "operators", customerId: $c)'
        " { size members { name } } }",
        c=owner,
    )
    assert team["trainedTeam"] == {"size": 1, "members": [{"name": "Wu"}]}
    mine = await customer.ask(MINE)
    assert mine["trainees"]["nodes"] == [
        {"name": "Wu", "certificates": [{"number": "TC-2026-000001", "validUntil": None}]}
    ]

    stranger = await staff.do("createCustomer", "customer { id }", code="C2", name="Stranger")
    other_id = (await solar_world.read(type(solar_world.customer), code="C2"))[0].id
    outsider = await caller(api, solar_world, "customer", customer_id=other_id)
    assert stranger["customer"]["id"] != owner
    assert await outsider.ask(MINE) == {
        "trainees": {"nodes": []}, "trainingSessions": {"nodes": []}, "trainingTasks": {"totalCount": 0},
        "trainingCertificates": {"totalCount": 0},
    }  # fmt: skip
    assert (await outsider.ask(DUTIES))["trainingDuties"]["nodes"] == []
    assert await outsider.code("enrolTrainee", **this, traineeId=person) == "NOT_FOUND"
    assert await outsider.code("nameTrainee", vertical="solar", name="x", role="user", customerId=owner) == "NOT_FOUND"


async def test_lists_are_told_in_the_callers_language(api: Api, project_world: World) -> None:
    staff = await caller(api, project_world, "owner")
    query = '{ curricula(vertical: "software_his", track: "1") { code name clause units } }'
    [course] = (await staff.ask(query))["curricula"]
    assert (course["name"], len(course["units"])) == ("Track 1: project management", 7)
    staff.language = "zh-CN"
    [course] = (await staff.ask(query))["curricula"]
    assert course["name"] == "项目管理层培训"
    code, message = await staff.refused('{ curricula(vertical: "solar") { code } }')
    assert (code, bool(message)) == ("VERTICAL_NOT_ENABLED", True)
