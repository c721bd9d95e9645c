"""Coverage through the API: decide, read, explain, and the last day of every part."""

import pytest

from aftersales_graphql.machine.relay import decode_id
from tests.api.rooms.api import Caller
from tests.api.rooms.conftest import MakeCaller
from tests.fixtures.database import TestPlatform

DECISION = (
    "decision { id sequence outcome payer reason clause phase provisional remedies lastDay endsAt ticket { id }"
    " asset { number } }"
)
WHY = "query ($id: ID!) { coverageExplanation(coverageDecisionId: $id) { summary rules } }"
WARRANTIES = (
    "query ($id: ID!, $on: Date) { assetWarranties(assetId: $id, on: $on)"
    " { component name warrantyClass state startsOn lastDay endsAt usageLimit usageUnit source clause law } }"
)


async def heater(owner: Caller) -> dict[str, str]:
    """A customer with an accepted heater and a ticket about it."""
    customer = (await owner.do("createCustomer", "customer { id }", code="C-1", name="Li"))["customer"]["id"]
    asset = (
        await owner.do(
            "registerAsset", "asset { id }", name="Heater", vertical="solar", assetType="solar_water_heater",
            customerId=customer,
        )
    )["asset"]["id"]  # fmt: skip
    await owner.do("acceptAsset", assetId=asset, acceptedOn="2026-03-01")
    ticket = (
        await owner.do(
            "openTicket", "ticket { id }", kind="fault", channel="web", title="It leaks", customerId=customer,
            assetId=asset,
        )
    )["ticket"]["id"]  # fmt: skip
    return {"customer": customer, "asset": asset, "ticket": ticket}


@pytest.mark.clause("P09-14", "P09-23")
async def test_a_leak_is_free_until_somebody_is_found_to_have_opened_the_tank(
    platform: TestPlatform, caller: MakeCaller
) -> None:
    tenant = await platform.tenant({"solar": {}})
    owner, engineer = await caller(tenant, "owner"), await caller(tenant, "engineer")
    ids = await heater(owner)
    this = {"ticketId": ids["ticket"], "component": "tank", "symptoms": ["leak"], "occurredOn": "2026-06-09"}

    first = (await engineer.do("decideCoverage", DECISION, **this, cause="product_quality"))["decision"]
    assert (first["outcome"], first["payer"], first["remedies"]) == ("free", "company", ["replace"])
    assert (first["lastDay"], first["endsAt"]) == ("2029-03-01", "2029-03-01T16:00:00+00:00")
    assert first["ticket"]["id"] == ids["ticket"]

    found = await engineer.do(
        "decideCoverage", DECISION, **this, cause="dismantled_by_unauthorised_unit",
        evidence=[{"kind": "photo", "reference": "IMG-1"}],
    )  # fmt: skip
    second = found["decision"]
    assert (second["sequence"], second["outcome"], second["payer"]) == (2, "bill_full", "customer")
    assert (second["reason"], second["clause"]) == ("EXCLUDED", "P09-23")

    kept = await owner.ask(
        "query ($t: ID!) { coverageDecisions(filter: {ticket: {eq: $t}}) { nodes { sequence outcome evidence } } }",
        t=ids["ticket"],
    )
    assert kept["coverageDecisions"]["nodes"] == [
        {"sequence": 1, "outcome": "free", "evidence": []},
        {"sequence": 2, "outcome": "bill_full", "evidence": [{"kind": "photo", "reference": "IMG-1"}]},
    ]
    explained = (await owner.ask(WHY, id=second["id"]))["coverageExplanation"]
    assert "P09-23" in explained["summary"]
    assert len(explained["rules"]) == 2


async def test_a_customer_reads_why_and_until_when_and_decides_nothing(
    platform: TestPlatform, caller: MakeCaller
) -> None:
    """Given a decision, then its customer reads it and the warranties, another customer neither, and none decides."""
    tenant = await platform.tenant({"solar": {}})
    owner = await caller(tenant, "owner")
    ids = await heater(owner)
    ask = {"ticketId": ids["ticket"], "component": "tank", "cause": "product_quality"}
    decision = (await owner.do("decideCoverage", DECISION, **ask))["decision"]["id"]
    customer = await caller(tenant, "customer", customer_id=decode_id(ids["customer"])[1])
    other = (await owner.do("createCustomer", "customer { id }", code="C-2", name="Wu"))["customer"]["id"]
    stranger = await caller(tenant, "customer", customer_id=decode_id(other)[1])
    assert "P09-22" in (await customer.ask(WHY, id=decision))["coverageExplanation"]["summary"]
    tank = (await customer.ask(WARRANTIES, id=ids["asset"], on="2026-06-10"))["assetWarranties"][0]
    assert (tank["component"], tank["state"], tank["lastDay"], tank["clause"]) == (
        "tank", "in_term", "2029-03-01", "P09-10",
    )  # fmt: skip
    assert (tank["law"], tank["usageLimit"], tank["source"]) == (None, None, "vertical")
    assert (await stranger.refused(WHY, id=decision))[0] == "NOT_FOUND"
    assert (await stranger.refused(WARRANTIES, id=ids["asset"]))[0] == "NOT_FOUND"
    assert await customer.code("decideCoverage", **ask) == "FORBIDDEN"


async def test_refusals_name_the_field_and_write_nothing(platform: TestPlatform, caller: MakeCaller) -> None:
    tenant = await platform.tenant({"solar": {}})
    owner = await caller(tenant, "owner")
    ids = await heater(owner)
    this = {"ticketId": ids["ticket"], "component": "tank"}
    for given, code in (
        ({"component": "sail"}, "COMPONENT_UNKNOWN"),
        ({"cause": "witchcraft"}, "CAUSE_UNKNOWN"),
        ({"usage": -1}, "USAGE_INVALID"),
        ({"occurredOn": "2026-02-28"}, "OCCURRED_BEFORE_START"),
        ({"occurredOn": "2026-06-11"}, "INSTANT_IN_FUTURE"),
    ):
        assert await owner.code("decideCoverage", **{**this, **given}) == code
    kept = await owner.ask("{ coverageDecisions { nodes { id } } }")
    assert kept["coverageDecisions"]["nodes"] == []


async def test_a_contract_agrees_on_a_longer_term(platform: TestPlatform, caller: MakeCaller) -> None:
    tenant = await platform.tenant({"solar": {}})
    owner = await caller(tenant, "owner")
    ids = await heater(owner)
    signed = await owner.do(
        "signContract", "contract { id }", title="Care", vertical="solar", customerId=ids["customer"],
        startsOn="2026-03-01", lines=[{"assetId": ids["asset"]}],
    )  # fmt: skip
    await owner.do(
        "agreeWarranty", "contract { number }", contractId=signed["contract"]["id"],
        warrantyClass="pipe_and_electrical", amount=24, unit="month", startsOn="acceptance", clause="3.1",
    )  # fmt: skip
    found = (await owner.ask(WARRANTIES, id=ids["asset"]))["assetWarranties"]
    pump = next(each for each in found if each["component"] == "pump")
    assert (pump["lastDay"], pump["source"], pump["clause"]) == ("2028-03-01", "contract", "3.1")
