"""Releases, a change asked for, a proposal, and a dealer's money, for the company of the API's tests."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aftersales.dealing.models import StockReturn
from aftersales.kit.ids import new_id

if TYPE_CHECKING:
    from tests.api.rooms.world import Company


async def found(company: "Company") -> None:
    """One of everything that the rooms of upgrades, customisation, proposals and dealing keep."""
    owner, ids = company.owner, company.ids

    async def make(mutation: str, key: str, type_name: str, **given: Any) -> str:
        made: str = (await owner.do(mutation, f"{key} {{ id }}", **given))[key]["id"]
        ids.setdefault(type_name, made)
        return made

    customer, unit = ids["Customer"], ids["ServiceUnit"]
    # Solved remotely: what the quarter's backlog is made from.
    solved = await owner.do(
        "openTicket", "ticket { id }", kind="question", channel="web", title="How?", customerId=customer,
        assetId=ids["Asset"],
    )  # fmt: skip
    await owner.do("resolveTicket", ticketId=solved["ticket"]["id"], cause="manual", measures="explained")
    await owner.do("summariseProblems", "items { id }", vertical="solar", year=2026, quarter=2)
    system = await owner.do(
        "registerAsset", "asset { id }", name="System", vertical="software_his",
        assetType="hospital_information_system", customerId=customer,
    )  # fmt: skip
    asset = system["asset"]["id"]
    wish = await owner.do(
        "openTicket", "ticket { id }", kind="customisation", channel="web", title="A report", customerId=customer,
        assetId=asset,
    )  # fmt: skip
    await make(
        "requestCustomisation", "request", "CustomisationRequest", ticketId=wish["ticket"]["id"], type="customisation",
        title="A report",
    )  # fmt: skip
    patch = {"vertical": "solar", "assetType": "solar_water_heater", "kind": "patch", "release": "1.1", "title": "Fix"}
    release = await make("publishRelease", "release", "ProductRelease", **patch)
    await make(
        "chooseRelease", "choice", "ReleaseChoice", assetId=ids["Asset"], releaseId=release, decision="schedule",
        channel="on_site", ticketId=ids["Ticket"],
    )  # fmt: skip
    await owner.do("installRelease", assetId=ids["Asset"], releaseId=release, channel="on_site")
    proposal = await make(
        "requestProposal", "proposal", "Proposal", vertical="solar", customerId=customer, needs="Hot water"
    )
    await make("recordSurvey", "survey", "SiteSurvey", proposalId=proposal, conditions="South roof", surveyor="Wang")
    lines = [{"code": "tube", "quantity": 2, "unitPrice": "50"}]
    await make("orderParts", "partOrder", "PartOrder", serviceUnitId=unit, vertical="solar", lines=lines)
    await make("postReceivable", "entry", "DealerEntry", serviceUnitId=unit, kind="charge", amount="9", reference="x")
    await make("approveSettlement", "settlement", "DealerSettlement", serviceUnitId=unit, amount="8", claims=["W-1"])
    await make("recordDemand", "demand", "RemedyDemand", ticketId=ids["Ticket"], demanded="refund", amount="5")
    await returned(company)


async def returned(company: "Company") -> None:
    """A return of stock: none of the four verticals names causes, so it is stored as one with causes would."""
    async with company.tenant.work() as uow:
        uow.add(
            StockReturn(
                id=new_id(), number="SR-1", service_unit_id=company.row_id("ServiceUnit"), vertical="solar",
                cause="quality", product="Tank", freight=Decimal(3), restoration=Decimal(0), freight_payer="company",
                company_bears=Decimal(3), dealer_bears=Decimal(0), currency="CNY", evidence="", at=uow.now,
                actor="test",
            )
        )  # fmt: skip
