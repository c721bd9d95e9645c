"""A guarantee through the API: opened, counted, decided, remedied."""

import pytest

from aftersales.plugins.registry import Registry
from tests.api.rooms.api import Api, Caller
from tests.fixtures.database import TestPlatform
from tests.tickets.world import World

STATUS = """query ($id: ID!) { guaranteeStatus(guaranteeId: $id) { met value base counted shortfall owed }
    guaranteeForecast(guaranteeId: $id) { checkpointOn met } }"""


@pytest.fixture
def api(platform: TestPlatform, installed_verticals: Registry) -> Api:
    made = Api(installed_verticals)
    made.platform = platform
    return made


async def test_a_missed_checkpoint_becomes_a_remedy_and_the_remedy_is_done(api: Api, project: World) -> None:
    owner = Caller(api, project.tenant, (await project.tenant.member("owner"))[1])
    sites = await owner.ask("{ customers(first: 1) { nodes { sites { id } } } }")
    opened = await owner.do(
        "openGuarantee", "guarantee { id clause endsOn threshold }", vertical="landscaping",
        guarantee="survival_rate", siteId=sites["customers"]["nodes"][0]["sites"][0]["id"], startsOn="2024-06-10",
    )  # fmt: skip
    assert (opened["guarantee"]["clause"], opened["guarantee"]["endsOn"]) == ("P05-38", "2026-06-10")
    guarantee = opened["guarantee"]["id"]
    this = {"guaranteeId": guarantee, "checkpointOn": "2026-06-10"}
    assert await owner.code("checkGuarantee", **this) == "CHECKPOINT_WITHOUT_COUNT"
    trees = {"species": "ginkgo", "size": "12 cm", "planted": 1000, "excluded": 20, "alive": 930}
    await owner.do("recordCount", **this, lines=[trees], evidence="photo sheet 7")
    check = (await owner.do("checkGuarantee", "check { met shortfall remedies { id species quantity state } }", **this))["check"]  # fmt: skip # noqa: E501
    assert (check["met"], check["shortfall"], len(check["remedies"])) == (False, 1, 1)
    found = await owner.ask(STATUS, id=guarantee)
    assert found["guaranteeStatus"] == {
        "met": False, "value": "0.948979", "base": 980, "counted": 930, "shortfall": 1, "owed": 1,
    }  # fmt: skip
    assert found["guaranteeForecast"] == {"checkpointOn": "2026-06-10", "met": False}
    done = await owner.do(
        "carryOutRemedy", "remedy { state doneAt }", remedyId=check["remedies"][0]["id"], species="ginkgo",
        size="12 cm", quantity=1, evidence="photo sheet 9",
    )  # fmt: skip
    assert done["remedy"]["state"] == "done"
