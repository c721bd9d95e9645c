"""Planned work through the API: from an accepted heater to a visit that the customer confirms."""

import re
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from aftersales.planned import service
from aftersales.plugins.registry import Registry
from tests.api.rooms.api import EVERYTHING, Api, Caller, node_id
from tests.fixtures.database import TestPlatform
from tests.planned.planning import work_off
from tests.tickets.world import World

PAGE = Path(__file__).parents[2] / "docs" / "tenants" / "planned-visits.md"
COMING = """query ($asset: ID!, $first: Date!, $last: Date!) {
    plannedVisits(first: $first, last: $last, assetId: $asset) { code dueOn free state obligation { id } } }"""


@pytest.fixture
def api(platform: TestPlatform, installed_verticals: Registry) -> Api:
    made = Api(installed_verticals)
    made.platform = platform
    return made


async def caller(api: Api, world: World, *roles: str, **more: Any) -> Caller:
    return Caller(api, world.tenant, (await world.tenant.member(*roles, **more))[1])


async def test_every_example_of_the_page_fits_the_schema(api: Api) -> None:
    blocks = re.findall(r"```graphql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert len(blocks) >= 5
    for block in blocks:
        assert validate(api.schema(*EVERYTHING).graphql, parse(block)) == [], block


async def test_a_heaters_visits_from_plan_to_confirmation(api: Api, heater: World) -> None:
    await work_off(heater)
    dispatcher = await caller(api, heater, "dispatcher")
    theirs = await caller(api, heater, "customer", customer_id=heater.customer.id)
    years = {"asset": node_id("Asset", heater.asset.id), "first": "2026-03-01", "last": "2029-12-31"}
    coming = (await theirs.ask(COMING, **years))["plannedVisits"]
    assert [(one["dueOn"], one["free"], one["state"]) for one in coming] == [
        ("2026-08-31", True, "open"), ("2027-02-28", True, "open"), ("2027-08-31", True, "computed"),
        ("2028-02-29", True, "computed"), ("2028-08-31", True, "computed"), ("2029-02-28", True, "computed"),
    ]  # fmt: skip
    planned = await dispatcher.do(
        "scheduleVisit", "appointment { id ticket { kind title } }", obligationIds=[coming[0]["obligation"]["id"]],
        engineerId=node_id("Engineer", heater.engineer.id), windowStart="2026-08-20T09:00:00+08:00",
        windowEnd="2026-08-20T11:00:00+08:00",
    )  # fmt: skip
    assert planned["appointment"]["ticket"]["kind"] == "maintenance"
    await theirs.do(
        "confirmAppointment", "appointment { confirmedAt }", appointmentId=planned["appointment"]["id"],
        confirmedBy="Dr. Li",
    )  # fmt: skip
    board = await dispatcher.ask(
        '{ planningBoard(first: "2026-08-01", last: "2026-08-31")'
        " { engineer { name } load visits { confirmed windowStart } } }"
    )
    assert [(row["engineer"]["name"], row["load"]) for row in board["planningBoard"]] == [("Wang", 1), ("Zhao", 0)]
    assert board["planningBoard"][0]["visits"][0]["confirmed"] is True
    proposed = await dispatcher.ask(
        '{ visitProposals(first: "2027-02-01", last: "2027-02-28", by: "day")'
        " { group day obligations { code } candidates { fit score engineer { name } reasons { code text } } } }"
    )
    assert proposed["visitProposals"][0]["obligations"] == [{"code": "maintenance"}]


async def test_customers_and_dealers_see_only_what_is_theirs(
    api: Api, heater: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a heater's plan, then another customer and a dealer don't see it, and can't ask for it."""
    await work_off(heater)
    listed = "{ plannedObligations(first: 10) { nodes { code } } maintenancePlans(first: 10) { nodes { id } } }"
    staff = await caller(api, heater, "dispatcher")
    assert len((await staff.ask(listed))["plannedObligations"]["nodes"]) == 3
    theirs = await caller(api, heater, "customer", customer_id=heater.customer.id)
    assert len((await theirs.ask(listed))["plannedObligations"]["nodes"]) == 3
    dealer = await caller(api, heater, "dealer", service_unit_id=heater.team.id)
    assert (await dealer.ask(listed))["plannedObligations"]["nodes"] == []
    years = {"asset": node_id("Asset", heater.asset.id), "first": "2026-03-01", "last": "2027-03-01"}
    assert (await dealer.refused(COMING, **years))[0] == "NOT_FOUND"
    assert (await staff.refused(COMING, **{**years, "last": "2026-02-01"}))[0] == "PERIOD_INVERTED"
    assert (await staff.refused(COMING, **{**years, "last": "2056-02-01"}))[0] == "PERIOD_TOO_LONG"
    monkeypatch.setattr(service, "MOST_VISITS", 1)
    assert (await staff.refused(COMING, **years))[0] == "PERIOD_TOO_FULL"
    board = '{ planningBoard(first: "2026-08-01", last: "2026-08-31") { load } }'
    assert (await theirs.refused(board))[0] == "FORBIDDEN"


async def test_an_unknown_grouping_is_refused(api: Api, heater: World) -> None:
    staff = await caller(api, heater, "dispatcher")
    text = '{ visitProposals(first: "2027-02-01", last: "2027-02-28", by: "moon") { day } }'
    assert (await staff.refused(text))[0] == "VALUE_UNKNOWN"
