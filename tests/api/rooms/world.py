"""A company with something of everything, made through the API; what only workers write is stored as they would."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from aftersales.campaigns.models import CampaignGift, CampaignOrder, CampaignUse
from aftersales.commitments.models import Alarm, Commitment
from aftersales.kit.ids import new_id
from aftersales.kit.outbox import OutboxMessage
from aftersales.notices.models import Notice, WebhookDelivery
from aftersales_graphql.machine.relay import decode_id
from tests.api.rooms import world_upgrades
from tests.api.rooms.api import EVERYTHING, Api, Caller, Tables, local, node_id
from tests.api.rooms.world_contracts import more_of_contracts
from tests.api.rooms.world_exchange import add_exchange
from tests.api.rooms.world_fleet import add_fleet
from tests.api.rooms.world_planned import plan_something
from tests.api.rooms.world_records import keep_records
from tests.api.rooms.world_revisits import revisited
from tests.api.rooms.world_safety import site_safety
from tests.api.rooms.world_training import train
from tests.fixtures.database import TestPlatform, TestTenant

START = "2026-06-10 09:00"


@dataclass
class Company:
    """One tenant, who asks in it, and the global id of one thing of every type."""

    tenant: TestTenant
    callers: dict[str, Caller]
    ids: dict[str, str] = field(default_factory=dict)
    car: str = ""
    """A second asset, of the vertical that has campaigns."""
    living_message: str = ""
    """An outbox message that waits for its first attempt."""

    @property
    def owner(self) -> Caller:
        return self.callers["owner"]

    def row_id(self, type_name: str) -> UUID:
        return decode_id(self.ids[type_name])[1]


async def found_company(api: Api, platform: TestPlatform, tables: Tables) -> Company:
    """A tenant with all verticals, a customer with a member of its own, a dealer with one, and things of every type."""
    tenant = await platform.tenant({name: {} for name in EVERYTHING})
    callers: dict[str, Caller] = {}
    for role in ("owner", "dispatcher", "engineer", "finance", "quality_supervisor", "gm_office"):
        callers[role] = Caller(api, tenant, (await tenant.member(role))[1])
    company = Company(tenant, callers)
    await _parties(company)
    await _tickets(company)
    await _money(company)
    await _promised(company)
    await train(company.owner, company.tenant, company.ids)
    await plan_something(company)
    await keep_records(company.owner, company.ids, company.tenant)
    await revisited(company)
    await world_upgrades.found(company)
    await _by_workers(company)
    await more_of_contracts(company)
    await site_safety(company)
    customer, unit = company.row_id("Customer"), company.row_id("ServiceUnit")
    callers["customer"] = Caller(api, tenant, (await tenant.member("customer", customer_id=customer))[1])
    callers["dealer"] = Caller(api, tenant, (await tenant.member("dealer", service_unit_id=unit))[1])
    for name, declared in api.schema(*EVERYTHING).entities.items():
        if name not in company.ids:
            found = await tables.some_id(declared.table.name, tenant.id)
            assert found is not None, f"the company has no {name} yet: let it have one"
            company.ids[name] = node_id(name, found)
    return company


async def _parties(company: Company) -> None:
    owner, ids = company.owner, company.ids

    async def make(mutation: str, key: str, type_name: str, **given: Any) -> str:
        made: str = (await owner.do(mutation, f"{key} {{ id }}", **given))[key]["id"]
        ids.setdefault(type_name, made)
        return made

    unit = await make(
        "createServiceUnit", "serviceUnit", "ServiceUnit", code="AGENT", name="Agent", kind="agent", regions=["32"]
    )
    customer = await make("createCustomer", "customer", "Customer", code="C-1", name="Li", region="320100")
    await make("addContact", "contact", "Contact", customerId=customer, name="Mrs. Li", mayAuthorise=True)
    site = await make("addSite", "site", "Site", customerId=customer, name="Roof", region="320100")
    await make("issueWarrantyCard", "warrantyCard", "WarrantyCard", siteId=site, number="W-1")
    engineer = await make(
        "createEngineer", "engineer", "Engineer", code="E-1", name="Wang", serviceUnitId=unit, regions=["32"],
        party="agent", skills=["installation_guide"],
    )  # fmt: skip
    await owner.do(
        "addCertificate", engineerId=engineer, certificate="electrician", number="EC-1", validUntil="2030-01-01"
    )
    asset = await make(
        "registerAsset", "asset", "Asset", name="Heater", vertical="solar", assetType="solar_water_heater",
        customerId=customer, siteId=site, components=[{"component": "tank"}], installationGuideId=engineer,
    )  # fmt: skip
    await owner.do("acceptAsset", assetId=asset, acceptedOn="2026-06-10", trainingVenue="on the roof")
    car = await owner.do(
        "registerAsset", "asset { id }", name="Car", vertical="auto_4s", assetType="passenger_car", customerId=customer
    )
    company.car = car["asset"]["id"]
    await make("checkIn", "arrival", "Arrival", assetId=company.car, usage=12_000)
    await make(
        "signContract", "contract", "ServiceContract", title="Care", vertical="solar", customerId=customer,
        startsOn="2026-01-01", lines=[{"assetId": asset}],
    )  # fmt: skip
    await owner.do("saveCalendar", code="own", name="Own hours", definition=OFFICE_HOURS)
    await make("addDocument", "document", "Document", title="Manual", body="Turn the tap.", confidentiality="public")
    await make("sendDocument", "dispatch", "DocumentDispatch", documentId=ids["Document"], customerId=customer)
    await make("addWebhookEndpoint", "endpoint", "WebhookEndpoint", url="https://example.org/hook")
    await owner.do("appointSafetyRole", role="project_manager", siteId=site, engineerId=engineer)
    await make("reportHazard", "hazard", "Hazard", siteId=site, category="condition", description="loose tile")


OFFICE_HOURS = {
    "zone": "Asia/Shanghai",
    "weekly": {"monday": [["09:00", "17:00"]], "tuesday": [["09:00", "17:00"]]},
}


async def _tickets(company: Company) -> None:
    owner, ids = company.owner, company.ids
    opened = await owner.do(
        "openTicket", "ticket { id commitments { id segments { id } } }", kind="fault", channel="phone",
        title="It leaks", customerId=ids["Customer"], assetId=ids["Asset"], contactId=ids["Contact"],
        serviceUnitId=ids["ServiceUnit"], facts={"leaking": True},
        call={"handlerName": "Chen", "caller": "Mrs. Li", "notes": "water everywhere"},
    )  # fmt: skip
    ticket = opened["ticket"]
    ids["Ticket"], ids["Commitment"] = ticket["id"], ticket["commitments"][0]["id"]
    this = {"ticketId": ticket["id"]}
    covered = await owner.do("decideCoverage", "decision { id }", **this, component="tank", cause="use_against_manual")
    ids["CoverageDecision"] = covered["decision"]["id"]
    await owner.do("assignEngineer", **this, engineerId=ids["Engineer"])
    await owner.do(
        "recordAttempt", **this, step="phone", outcome="unsolved", startedAt=local(START), endedAt=local(START)
    )
    granted = await owner.do(
        "authoriseRemote", "authorisation { id }", **this, contactId=ids["Contact"], purpose="look at the controller",
        validFrom=local(START), validUntil=local("2026-06-10 12:00"),
    )  # fmt: skip
    ids["RemoteAuthorisation"] = granted["authorisation"]["id"]
    entered = await owner.do(
        "openRemoteSession", "session { id }", **this, engineerId=ids["Engineer"], overrideReason="the tap is shut off"
    )
    ids["RemoteSession"] = entered["session"]["id"]
    await owner.do("addEmergencyPlan", **this, body="Shut the water off.")
    order = await owner.do("createWorkOrder", "workOrder { id }", **this)
    ids["WorkOrder"] = order["workOrder"]["id"]
    await owner.do("addWorkOrderLine", workOrderId=ids["WorkOrder"], kind="part", description="seal", quantity="2")
    visit = await owner.do(
        "planAppointment", "appointment { id }", workOrderId=ids["WorkOrder"], engineerId=ids["Engineer"],
        windowStart=local("2026-06-10 14:00"), windowEnd=local("2026-06-10 16:00"),
    )  # fmt: skip
    ids["ServiceAppointment"] = visit["appointment"]["id"]


async def _money(company: Company) -> None:
    owner, ids = company.owner, company.ids
    this = {"ticketId": ids["Ticket"]}
    prices = [{"item": "parts", "code": "pump", "name": "Pump", "partClass": "special", "price": "390", "cost": "260"}]
    book = await owner.do(
        "publishPriceBook", "priceBook { id }", name="2026", validFrom="2026-01-01", vatRate="0.13", entries=prices
    )
    ids["PriceBook"] = book["priceBook"]["id"]
    await owner.do("setApprovalMatrix", type="refund", rules=[{"approver": "Head of finance", "role": "finance"}])
    asked = await owner.do(
        "requestApproval", "approval { id }", **this, type="refund", amount="10", subject="it was late"
    )
    ids["Approval"] = asked["approval"]["id"]
    offered = await owner.do(
        "issueQuote", "quote { id lines { id } }", **this, outcome="bill_full", phase="in_term",
        lines=[{"item": "parts", "code": "pump"}], validUntil="2026-06-20",
    )  # fmt: skip
    ids["Quote"] = offered["quote"]["id"]
    ids["QuoteLine"] = offered["quote"]["lines"][0]["id"]
    await owner.do(
        "answerQuote",
        quoteId=ids["Quote"],
        agreed=True,
        channel="signature",
        contactId=ids["Contact"],
        evidence="sheet 7",
    )
    done = await owner.do("chargeWork", "charges { id }", **this)
    ids["Charge"] = done["charges"][0]["id"]
    billed = await owner.do("issueInvoice", "invoice { id lines { id } }", **this)
    ids["Invoice"], ids["InvoiceLine"] = billed["invoice"]["id"], billed["invoice"]["lines"][0]["id"]
    await owner.do("recordPayment", invoiceId=ids["Invoice"], amount="100", method="bank")


async def _promised(company: Company) -> None:
    """A campaign with an order (its window is yet to come, so that is stored as it will be), and guarantees."""
    owner, ids = company.owner, company.ids
    opened = await owner.do(
        "openCampaign", "campaign { id }", vertical="auto_4s", campaign="summer", year=2026,
        parameters={"minimum_campaign_kilometres": 5000}, labourRate="100", budget="1000",
    )  # fmt: skip
    ids["Campaign"] = opened["campaign"]["id"]
    await owner.do("publishCampaign", campaignId=ids["Campaign"])
    async with company.tenant.work() as uow:
        order = uow.add(
            CampaignOrder(
                id=new_id(), campaign_id=company.row_id("Campaign"), number="O-1", asset_id=decode_id(company.car)[1],
                customer_id=company.row_id("Customer"), order_type="routine", day=date(2026, 6, 18),
                listed=Decimal(220), payable=Decimal(168), saved=Decimal(52), routine_spend=Decimal(0), lines=[],
                fingerprint="1", at=uow.now, actor="test",
            )
        )  # fmt: skip
        this = {"campaign_id": order.campaign_id, "order_id": order.id}
        uow.add(CampaignUse(id=new_id(), **this, offer="air_conditioning_cleaning", lines=1, saved=Decimal(52)))
        uow.add(
            CampaignGift(
                id=new_id(), **this, asset_id=order.asset_id, day=order.day, offer="frameless_wipers",
                gift="glass_cleaner", quantity=1, tier=False, key="1", earned_at=uow.now,
            )
        )  # fmt: skip
    up = await owner.do(
        "openGuarantee", "guarantee { id }", vertical="solar", assetId=ids["Asset"], startsOn="2026-06-01",
        own={"code": "up", "name": "Over 99 %", "metric": "availability", "threshold": "0.99"},
    )  # fmt: skip
    await owner.do("recordDowntime", guaranteeId=up["guarantee"]["id"], reason="pump")
    zeros = await owner.do(
        "openGuarantee", "guarantee { id }", vertical="landscaping", guarantee="five_zeros", startsOn="2026-06-01"
    )
    await owner.do(
        "recordIncident", guaranteeId=zeros["guarantee"]["id"], category="fire", description="grass", evidence="photo"
    )
    alive = await owner.do(
        "openGuarantee", "guarantee { id }", vertical="landscaping", guarantee="survival_rate", siteId=ids["Site"],
        startsOn="2024-06-10",
    )  # fmt: skip
    ids["ServiceGuarantee"] = alive["guarantee"]["id"]
    trees = {"species": "ginkgo", "size": "12 cm", "planted": 1000, "excluded": 20, "alive": 930}
    this_day = {"guaranteeId": ids["ServiceGuarantee"], "checkpointOn": "2026-06-10"}
    await owner.do("recordCount", **this_day, lines=[trees], evidence="sheet 1")
    await owner.do("checkGuarantee", **this_day)


async def _by_workers(company: Company) -> None:
    """What sweeper and worker write: an alarm, a notice, a delivery, a dead letter."""
    ids = {name: decode_id(value)[1] for name, value in company.ids.items()}
    async with company.tenant.work() as uow:
        commitment = await uow.get(Commitment, ids["Commitment"])
        uow.add(
            Alarm(
                id=new_id(), commitment_id=commitment.id, ticket_id=commitment.ticket_id, code="warning-1",
                kind="warning", role="dispatcher", level=1, due_at=uow.now, raised_at=uow.now,
            )
        )  # fmt: skip
        uow.add(
            Notice(
                id=new_id(), dedupe_key="alarm:1", ticket_id=commitment.ticket_id, recipient="Chen", role="dispatcher",
                address="mailto:chen@example.org", language="en", subject="Due", body="Soon", created_at=uow.now,
            )
        )  # fmt: skip
        uow.add(
            WebhookDelivery(
                id=new_id(), endpoint_id=ids["WebhookEndpoint"], message_id="m-1", kind="ticket.opened",
                body={"type": "ticket.opened"}, created_at=uow.now,
            )
        )  # fmt: skip
        add_exchange(uow, ids["Asset"], ids["Customer"])
        add_fleet(uow, ids["Asset"])
        dead = OutboxMessage(
            id=new_id(), topic="webhook", payload={"kind": "x"}, created_at=uow.now, available_at=uow.now,
            attempts=8, dead_at=uow.now, last_error="nobody answered",
        )  # fmt: skip
        uow.add(dead)
        company.living_message = node_id("OutboxMessage", uow.enqueue("event", {}).id)
        company.ids["OutboxMessage"] = node_id("OutboxMessage", dead.id)
