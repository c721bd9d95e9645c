"""The company's part of service plans and contracts."""

from typing import TYPE_CHECKING

from aftersales.coverage.models import QualityFinding
from aftersales.kit.ids import new_id

if TYPE_CHECKING:
    from tests.api.rooms.world import Company


async def more_of_contracts(company: "Company") -> None:
    """A plan, an offer that waits for the customer, a contract with tasks, an agreement, a body's finding."""
    owner, ids = company.owner, company.ids
    plan = await owner.do("draftServicePlan", "plan { id }", vertical="solar", name="Own")
    ids["ServicePlan"] = plan["plan"]["id"]
    contract = await owner.do(
        "signContract", "contract { id tasks { id } }", title="Care", vertical="solar", customerId=ids["Customer"],
        startsOn="2026-01-01", commissioning=True, commissioningDue="2026-06-20",
    )  # fmt: skip
    ids["ContractTask"] = contract["contract"]["tasks"][0]["id"]
    await owner.do(
        "signContract", "contract { id }", title="Offer", vertical="solar", customerId=ids["Customer"],
        startsOn="2026-01-01", twoParty=True,
    )  # fmt: skip
    agreed = await owner.do(
        "signDealerAgreement", "agreement { id }", serviceUnitId=ids["ServiceUnit"], title="Agency",
        startsOn="2026-01-01",
    )  # fmt: skip
    ids["DealerAgreement"] = agreed["agreement"]["id"]
    async with company.tenant.work() as uow:
        uow.add(
            QualityFinding(
                id=new_id(), ticket_id=company.row_id("Ticket"), contract_id=company.row_id("ServiceContract"),
                component="pump", body="Institute X", finding="a weld", cause="product_quality", evidence="report 1",
                reported_on=uow.now.date(), actor="test", recorded_at=uow.now,
            )
        )  # fmt: skip
