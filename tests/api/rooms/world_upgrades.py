"""Releases, a change asked for, a proposal, and a dealer's money, for the company of the API's tests."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aftersales.customisation.models import CustomisationRequest
from aftersales.dealing.models import StockReturn
from aftersales.kit.ids import new_id
from aftersales.upgrades.models import BacklogItem, BacklogTicket, InstalledVersion

if TYPE_CHECKING:
    from tests.api.rooms.world import Company


async def found(company: "Company") -> None:
    """One of everything that the rooms of upgrades, customisation, proposals and dealing keep."""
    owner, ids = company.owner, company.ids

    async def make(mutation: str, key: str, type_name: str, **given: Any) -> str:
        made: str = (await owner.do(mutation, f"{key} {{ id }}", **given))[key]["id"]
        ids.setdefault(type_name, made)
        return made

    unit = ids["ServiceUnit"]
    patch = {"vertical": "solar", "assetType": "solar_water_heater", "kind": "patch", "release": "1.1", "title": "Fix"}
    release = await make("publishRelease", "release", "ProductRelease", **patch)
    await make(
        "chooseRelease", "choice", "ReleaseChoice", assetId=ids["Asset"], releaseId=release, decision="schedule",
        channel="on_site",
    )  # fmt: skip
    proposal = await make(
        "requestProposal", "proposal", "Proposal", vertical="solar", customerId=ids["Customer"], needs="Hot water"
    )
    await make("recordSurvey", "survey", "SiteSurvey", proposalId=proposal, conditions="South roof", surveyor="Wang")
    lines = [{"code": "tube", "quantity": 2, "unitPrice": "50"}]
    await make("orderParts", "partOrder", "PartOrder", serviceUnitId=unit, vertical="solar", lines=lines)
    await make("postReceivable", "entry", "DealerEntry", serviceUnitId=unit, kind="charge", amount="9", reference="x")
    await make("approveSettlement", "settlement", "DealerSettlement", serviceUnitId=unit, amount="8", claims=["W-1"])
    await make("recordDemand", "demand", "RemedyDemand", ticketId=ids["Ticket"], demanded="refund", amount="5")
    await _stored(company)


async def _stored(company: "Company") -> None:
    """What needs further tickets and assets, which other tests count; a return, for which solar has no terms."""
    asset, customer = company.row_id("Asset"), company.row_id("Customer")
    async with company.tenant.work() as uow:
        item = uow.add(
            BacklogItem(
                id=new_id(), vertical="solar", cause="frost", year=2026, quarter=2, tickets=1, state="open",
                created_at=uow.now,
            )
        )  # fmt: skip
        uow.add(BacklogTicket(id=new_id(), item_id=item.id, ticket_id=company.row_id("Ticket")))
        uow.add(
            InstalledVersion(
                id=new_id(), asset_id=asset, customer_id=customer, origin="release", version_tag="1.0",
                installed_at=uow.now, actor="test",
            )
        )  # fmt: skip
        uow.add(
            CustomisationRequest(
                id=new_id(), number="CR-1", type="report", title="A report", description="", vertical="solar",
                ticket_id=company.row_id("Ticket"), asset_id=asset, customer_id=customer, needs_estimate=True,
                needs_training=False, needs_version_tag=False, needs_plan=False, state="completed",
                requested_at=uow.now,
            )
        )  # fmt: skip
        uow.add(
            StockReturn(
                id=new_id(), number="SR-1", service_unit_id=company.row_id("ServiceUnit"), vertical="solar",
                cause="quality", product="Tank", freight=Decimal(3), restoration=Decimal(0), freight_payer="company",
                company_bears=Decimal(3), dealer_bears=Decimal(0), currency="CNY", evidence="", at=uow.now,
                actor="test",
            )
        )  # fmt: skip
