"""A contract's whole life before it is signed."""

from datetime import date
from typing import Any

import pytest

from aftersales.plandocs import service
from aftersales.plandocs.commands import AssumedEvent, SimulateContract
from aftersales.plandocs.simulation import Foreseen
from aftersales.plugins.registry import Registry
from tests.api.rooms.api import Api, Caller
from tests.fixtures.database import TestPlatform
from tests.support.refusals import contents, refused
from tests.tickets.world import World, member

ACCEPTED = (
    AssumedEvent(event="acceptance", on=date(2026, 7, 1)),
    AssumedEvent(event="site_survey", on=date(2026, 6, 10)),
    AssumedEvent(event="installation_started", on=date(2026, 6, 20)),
)


def question(**given: Any) -> SimulateContract:
    return SimulateContract(
        **{
            "vertical": "solar", "starts_on": date(2026, 6, 10), "until": date(2029, 12, 31), "events": ACCEPTED,
            "asset_type": "solar_water_heater", **given,
        }
    )  # fmt: skip


def days(found: list[Foreseen], kind: str, code: str) -> list[tuple[date | None, date | None]]:
    return [(one.opens_on, one.due_on) for one in found if (one.kind, one.code) == (kind, code)]


async def test_a_solar_contract_is_foreseen_to_its_paid_phase(plant: World) -> None:
    """Given an acceptance assumed for 1 July 2026, then three years of tank, training within two days, two visits a
    year, and paid service from 2 July 2029; nothing is written."""
    before = await contents(plant)
    found = await plant.do(service.simulate_contract, question(), plant.owner)
    assert await contents(plant) == before
    assert days(found, "warranty", "main_unit") == [(date(2026, 7, 1), date(2029, 7, 1))]
    assert days(found, "phase", "lifetime_service") == [(date(2029, 7, 2), None)]
    trainings = [one for one in found if one.kind == "training" and one.due_on is not None]
    assert {one.due_on for one in trainings} == {date(2026, 7, 3)}
    visits = [one.due_on for one in found if one.kind == "visit" and one.clause == "P09-20" and one.due_on is not None]
    assert len([day for day in visits if day <= date(2029, 7, 1)]) == 6
    assert {one.clause for one in found} >= {"P09-10", "P09-11", "P09-12", "P09-20"}
    ordered = [one.due_on or one.opens_on for one in found if one.due_on or one.opens_on]
    assert ordered == sorted(ordered)


async def test_what_isnt_assumed_stays_open(plant: World) -> None:
    found = await plant.do(service.simulate_contract, question(events=()), plant.owner)
    assert days(found, "warranty", "main_unit") == [(None, None)]
    assert days(found, "phase", "warranty") == [(None, None)]


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"ends_on": date(2026, 6, 1)}, "PERIOD_INVERTED", "endsOn"),
        ({"until": date(2026, 6, 9)}, "PERIOD_INVERTED", "until"),
        ({"until": date(2226, 6, 9)}, "PERIOD_TOO_LONG", "until"),
        ({"starts_on": date.max, "until": None}, "INSTANT_IMPOSSIBLE", "startsOn"),
        ({"vertical": "auto_4s"}, "VERTICAL_NOT_ENABLED", "vertical"),
        ({"events": (AssumedEvent(event="wedding", on=date(2026, 7, 1)),)}, "CONTRACT_EVENT_UNKNOWN", "events.0.event"),
        ({"events": ACCEPTED[:1] * 2}, "CONTRACT_EVENT_TWICE", "events.1.event"),
        ({"asset_type": "car"}, "ASSET_TYPE_UNKNOWN", "assetType"),
        ({"fields": {"colour": "red"}}, "CONTRACT_FIELD_UNKNOWN", "fields.colour"),
    ],
)
async def test_a_question_that_cannot_be_answered_is_refused(
    plant: World, given: dict[str, Any], code: str, field: str
) -> None:
    error = await refused(plant, service.simulate_contract, question(**given), plant.owner)
    assert (error.code, error.field) == (code, field)


async def test_only_who_signs_contracts_may_ask(plant: World) -> None:
    assert (await refused(plant, service.simulate_contract, question(), member("engineer"))).code == "FORBIDDEN"
    assert (await refused(plant, service.simulate_contract, question(), plant.customer_member())).code == "FORBIDDEN"


async def test_the_api_tells_the_same(plant: World, platform: TestPlatform, installed_verticals: Registry) -> None:
    api = Api(installed_verticals)
    api.platform = platform
    owner = Caller(api, plant.tenant, (await plant.tenant.member("owner"))[1])
    asked = {"vertical": "solar", "startsOn": "2026-06-10", "until": "2029-12-31", "assetType": "solar_water_heater",
             "events": [{"event": "acceptance", "on": "2026-07-01"}]}  # fmt: skip
    found = await owner.ask(
        "query ($input: SimulateContractInput!) { simulateContract(input: $input) { kind code clause opensOn dueOn } }",
        input=asked,
    )
    assert {"kind": "warranty", "code": "main_unit", "clause": "P09-10", "opensOn": "2026-07-01",
            "dueOn": "2029-07-01"} in found["simulateContract"]  # fmt: skip
