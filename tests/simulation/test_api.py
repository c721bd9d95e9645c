"""The API and the command line tell the same life of a contract; only those who sign may ask, nothing is written."""

from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from aftersales.kit.actor import Actor
from aftersales.plans import service as plans
from aftersales.plans.commands import DraftServicePlan, TermChange
from aftersales.plugins.registry import Registry
from aftersales_server.cli import build
from aftersales_server.cli.simulation import _life, assets_given, events_given, fields_given
from aftersales_server.composition import open_composition
from aftersales_server.errors import OperatorError
from aftersales_server.settings import Settings
from aftersales_tenants.commands import CreateTenant
from tests.api.rooms.api import Api, Caller, node_id
from tests.fixtures.database import TestPlatform
from tests.simulation.lives import FINANCE, asked
from tests.support.refusals import contents
from tests.tickets.world import World

QUERY = """query ($input: SimulateContractInput!) { simulateContract(input: $input) {
    vertical until complete plan { id name } comparedWith { id } missing { field name stated }
    dates { on kind moment code name clause source firstDay lastDay free assetType count share law usageLimit
        usageUnit }
    promises { kind code name text clause waitsFor free }
    changes { change dateBefore { on code } dateAfter { on code } promiseBefore { code } promiseAfter { text } } } }"""
LIFE: dict[str, Any] = {
    "vertical": "solar", "startsOn": "2026-01-01", "events": [{"event": "acceptance", "on": "2026-03-01"}],
    "assets": [{"assetType": "solar_water_heater", "count": 2}],
}  # fmt: skip


@pytest.fixture
async def api(solar_world: World, platform: TestPlatform, installed_verticals: Registry) -> Api:
    """The API of the tenant's platform."""
    made = Api(installed_verticals)
    made.platform = platform
    return made


async def caller(api: Api, world: World, role: str, **party: Any) -> Caller:
    return Caller(api, world.tenant, (await world.tenant.member(role, **party))[1])


@pytest.mark.clause("P09-20")
async def test_the_api_tells_dates_promises_and_changes(api: Api, solar_world: World) -> None:
    """Given a draft with three visits a year, when compared with today's terms, then dates, words and moves come."""
    more = TermChange(declaration="inspection_cadences", code="maintenance", fields={"count": 3})
    drafting = DraftServicePlan(vertical="solar", name="Better", changes=(more,))
    draft = await solar_world.do(plans.draft_service_plan, drafting, FINANCE)
    finance = await caller(api, solar_world, "finance")
    before = await contents(solar_world)
    plain = (await finance.ask(QUERY, input=LIFE))["simulateContract"]
    first = next(one for one in plain["dates"] if one["kind"] == "planned")
    assert first == {
        "on": "2026-08-31", "kind": "planned", "moment": "due", "code": "maintenance",
        "name": "Two free maintenance visits a year, inspection included", "clause": "P09-20", "source": "vertical",
        "firstDay": "2026-03-01", "lastDay": "2026-08-31", "free": True, "assetType": "solar_water_heater",
        "count": 2, "share": None, "law": None, "usageLimit": None, "usageUnit": None,
    }  # fmt: skip
    assert (plain["plan"], plain["changes"], plain["until"], plain["complete"]) == (None, [], "2029-03-01", True)
    [agent] = [one for one in plain["promises"] if one["code"] == "agent_on_site"]
    assert (agent["clause"], agent["waitsFor"]) == ("P09-06", "reported")
    assert "4 hours" in agent["text"]

    plan = node_id("ServicePlan", draft.id)
    life = {**LIFE, "servicePlanId": plan, "comparedWithPresent": True, "until": "2026-12-31"}
    changed = (await finance.ask(QUERY, input=life))["simulateContract"]
    assert changed["plan"] == {"id": plan, "name": "Better"}
    moves = [one for one in changed["changes"] if one["change"] == "moves"]
    assert moves[0]["dateBefore"] == {"on": "2026-08-31", "code": "maintenance"}
    assert moves[0]["dateAfter"] == {"on": "2026-06-30", "code": "maintenance"}
    assert await contents(solar_world) == before


async def test_the_api_names_what_can_not_be(api: Api, solar_world: World) -> None:
    """Given bad input, then its code; given somebody who doesn't sign, a ticket's id for a plan: no answer."""
    owner = await caller(api, solar_world, "owner")
    odd = {**LIFE, "events": [{"event": "christmas", "on": "2026-03-01"}]}
    assert (await owner.refused(QUERY, input=odd))[0] == "CONTRACT_EVENT_UNKNOWN"
    assert (await owner.refused(QUERY, input={**LIFE, "endsOn": "2025-01-01"}))[0] == "PERIOD_INVERTED"
    other = {**LIFE, "comparedWithPlanId": node_id("Ticket", solar_world.asset.id)}
    assert (await owner.refused(QUERY, input=other))[0] == "NOT_FOUND"
    customer = await caller(api, solar_world, "customer", customer_id=solar_world.customer.id)
    for outsider in (customer, await caller(api, solar_world, "engineer")):
        assert (await outsider.refused(QUERY, input=LIFE))[0] == "FORBIDDEN"


async def test_the_command_prints_the_same_life(
    fresh_settings: Callable[..., Settings], installed_verticals: Registry
) -> None:
    """Given an installation with a tenant, when the command simulates, then every date stands on a line of its own."""
    settings = fresh_settings()
    async with open_composition(settings, app_size=1, system_size=2) as opened:
        registry = await opened.registry(Actor(kind="platform_admin", name="test"))
        await registry.create_tenant(CreateTenant(slug="sunny", name="Sunny", verticals={"solar": {}}))
    command = asked("2026-01-01", {"acceptance": "2026-03-01"}, {"solar_water_heater": 2}, vertical="solar")
    english = await _life(settings, "sunny", command, "en")
    assert "2026-08-31  due  Two free maintenance visits a year, inspection included  P09-20  free  x2" in english
    assert any(line.startswith("2029-03-01  ends") for line in english)
    assert any("12 hours" in line for line in english)
    chinese = await _life(settings, "sunny", command, "zh-CN")
    assert "2026-08-31  到期  每年两次免费上门保养(含年检)  P09-20  免费  x2" in chinese
    with pytest.raises(OperatorError):
        await _life(settings, "sunny", command, "fr")


def test_the_commands_options_are_read_or_refused() -> None:
    """Given name=value pairs, then they become events, assets and fields; anything else is a sentence to act on."""
    assert events_given({"acceptance": "2026-03-01", "handover": None}, ["go_live=2026-02-01"])[1].event == "go_live"
    assert assets_given(["solar_water_heater=2", "tank"])[1].count == 1
    assert fields_given(["guarantee_months=24", "place=Beijing"]) == {"guarantee_months": "24", "place": "Beijing"}
    for bad in (["acceptance"], ["acceptance=soon"], ["=2026-01-01"]):
        with pytest.raises(OperatorError):
            events_given({}, bad)
    with pytest.raises(OperatorError):
        assets_given(["tank=many"])
    shown = CliRunner().invoke(build(), ["plan", "simulate", "--help"])
    assert shown.exit_code == 0
