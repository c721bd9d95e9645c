"""The company's part of service plans and contracts."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.api.rooms.world import Company


async def more_of_contracts(company: "Company") -> None:
    """A plan, a contract that waits for the customer and makes tasks due, an agreement, a quarrel that was decided."""
    owner, ids = company.owner, company.ids
    plan = await owner.do("draftServicePlan", "plan { id }", vertical="solar", name="Own")
    ids["ServicePlan"] = plan["plan"]["id"]
    heater = await owner.do(
        "registerAsset", "asset { id }", name="Second heater", vertical="solar", assetType="solar_water_heater",
        customerId=ids["Customer"],
    )  # fmt: skip
    contract = await owner.do(
        "signContract", "contract { id tasks { id } }", title="Care", vertical="solar", customerId=ids["Customer"],
        startsOn="2026-01-01", lines=[{"assetId": heater["asset"]["id"]}], commissioning=True,
        commissioningDue="2026-06-20", inspectionBody="Institute X",
    )  # fmt: skip
    ids["ContractTask"] = contract["contract"]["tasks"][0]["id"]
    await owner.do(
        "signContract", "contract { id }", title="Offer", vertical="solar", customerId=ids["Customer"],
        startsOn="2026-01-01", twoParty=True,
    )  # fmt: skip
    dealer = await owner.do("createServiceUnit", "serviceUnit { id }", code="DEALER", name="Dealer", kind="dealer")
    agreed = await owner.do(
        "signDealerAgreement", "agreement { id }", serviceUnitId=dealer["serviceUnit"]["id"], title="Agency",
        startsOn="2026-01-01",
    )  # fmt: skip
    ids["DealerAgreement"] = agreed["agreement"]["id"]
    disputed = await owner.do(
        "openTicket", "ticket { id }", kind="fault", channel="web", title="Is it the tank?",
        customerId=ids["Customer"], assetId=heater["asset"]["id"],
    )  # fmt: skip
    found = await owner.do(
        "recordQualityFinding", "finding { id }", ticketId=disputed["ticket"]["id"], component="tank",
        body="Institute X", finding="a weld", cause="product_quality", evidence="report 1",
    )  # fmt: skip
    ids["QualityFinding"] = found["finding"]["id"]
