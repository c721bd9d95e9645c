"""Who gets which plan: staff any, customers that of their own contracts, nobody another tenant's."""

from collections.abc import Callable
from datetime import date

import pytest

from aftersales.contracts import service as contracts
from aftersales.contracts.commands import AmendContract, ContractTarget, SignContract
from aftersales.contracts.models import ServiceContract
from aftersales.coverage.commands import AgreeWarranty
from aftersales.coverage.service import agree_warranty
from aftersales.kit.actor import Actor
from aftersales.kit.errors import NotFound
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer
from aftersales.plandocs import queries, service
from aftersales.plandocs.commands import PlanDocumentRequest
from aftersales.plans.commands import DraftServicePlan, PublishServicePlan, TermChange
from aftersales.plans.service import draft_service_plan, publish_service_plan
from aftersales.plugins.registry import Registry
from aftersales_server.cli.plan import _render as render_plan
from aftersales_server.composition import open_composition
from aftersales_server.errors import OperatorError
from aftersales_server.settings import Settings
from aftersales_tenants.commands import CreateTenant
from tests.api.rooms.api import Api, Caller, node_id
from tests.fixtures.database import TestPlatform
from tests.support.refusals import refused
from tests.tickets.world import World, member, settle

QUERY = """query ($vertical: String, $contract: ID, $language: String) {
    planDocument(vertical: $vertical, contractId: $contract, language: $language) {
        title language html sections { code title sentences { text clause clauses source kind term } } } }"""


async def signed(world: World) -> ServiceContract:
    """A contract of the customer, from 1 January 2026."""
    contract: ServiceContract = await world.do(
        contracts.sign_contract,
        SignContract(
            title="热水系统售后", vertical="solar", customer_id=world.customer.id, starts_on=date(2026, 1, 1),
            number="HT-1",
        ),
        world.owner,
    )  # fmt: skip
    return contract


async def test_a_contracts_plan_names_the_contract_and_its_customer(plant: World) -> None:
    """Given a signed contract, when its plan is asked for, then the first page says whose it is and since when."""
    contract = await signed(plant)
    made = await plant.do(
        service.plan_document, PlanDocumentRequest(language="en", contract_id=contract.id), plant.customer_member()
    )
    assert (made.facts.contract_number, made.facts.customer) == ("HT-1", plant.customer.name)
    assert (made.facts.starts_on, made.facts.made_on) == (date(2026, 1, 1), date(2026, 6, 10))
    async with plant.work() as uow:
        assert await queries.contract_of_number(uow, "HT-1") == contract.id
        assert await queries.contract_of_number(uow, "HT-2") is None


async def test_the_document_says_what_the_tenant_and_the_contract_changed(plant: World) -> None:
    """Given a plan with 60 months for the main unit, then the bid says five years, as the draft did; a contract of
    before keeps three for it, but the two that it agreed for pipes, and the visit within two hours."""

    async def sentence(term: str, **given: object) -> str:
        made = await plant.do(service.plan_document, PlanDocumentRequest(language="en", **given), plant.owner)  # type: ignore[arg-type]
        return next(str(one.text) for part in made.sections for one in part.sentences if one.term == term)

    before = await signed(plant)
    change = TermChange(declaration="warranty_terms", code="main_unit", fields={"amount": 60}, clause="G-1")
    draft = await plant.do(
        draft_service_plan, DraftServicePlan(vertical="solar", name="Gold", changes=(change,)), plant.owner
    )
    assert "3 years" in await sentence("main_unit", vertical="solar")
    assert "5 years" in await sentence("main_unit", service_plan_id=draft.id)
    await plant.do(publish_service_plan, PublishServicePlan(service_plan_id=draft.id), plant.owner)
    assert "5 years" in await sentence("main_unit", vertical="solar")
    assert "3 years" in await sentence("main_unit", contract_id=before.id)
    agreed = AgreeWarranty(
        contract_id=before.id, warranty_class="pipe_and_electrical", amount=24, unit="month", starts_on="acceptance"
    )
    await plant.do(agree_warranty, agreed, plant.owner)
    visit = ContractTarget(code="own_visit", name="Visit", milestone="on_site", amount=2, unit="hour", clause="7.2")
    amend = AmendContract(contract_id=before.id, reason="faster", targets=(visit,))
    await plant.do(contracts.amend_contract, amend, plant.owner)
    assert "2 years" in await sentence("pipe_and_electrical", contract_id=before.id)
    assert "2 hours" in await sentence("own_visit", contract_id=before.id)


async def test_what_cannot_be_rendered_is_refused(plant: World, platform: TestPlatform) -> None:
    """Given neither or both of plan and contract, a vertical that isn't enabled, somebody else's contract: refused."""
    contract = await signed(plant)
    none = PlanDocumentRequest(language="en")
    assert (await refused(plant, service.plan_document, none)).code == "REQUIRED"
    both = PlanDocumentRequest(language="en", vertical="solar", contract_id=contract.id)
    assert (await refused(plant, service.plan_document, both)).code == "REQUIRED"
    unknown = PlanDocumentRequest(language="en", vertical="auto_4s")
    assert (await refused(plant, service.plan_document, unknown)).code == "VERTICAL_NOT_ENABLED"

    own = PlanDocumentRequest(language="en", contract_id=contract.id)
    stranger = Customer(id=new_id(), code="C2", name="Other", created_at=plant.clock.now())
    await plant.add(stranger)
    for outsider in (plant.customer_member(stranger), member("dealer", dealer_id=plant.team.id)):
        assert (await refused(plant, service.plan_document, own, outsider)).code == "NOT_FOUND"
    offered = PlanDocumentRequest(language="en", vertical="solar")
    assert (await refused(plant, service.plan_document, offered, plant.customer_member())).code == "FORBIDDEN"
    other = await settle(platform, {"solar": {}}, vertical="solar", asset_type="solar_water_heater")
    assert (await refused(other, service.plan_document, own)).code == "NOT_FOUND"


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "保修 3 年"), ("en", "covered for 3 years")])
async def test_the_api_gives_sections_and_the_page(
    plant: World, platform: TestPlatform, installed_verticals: Registry, language: str, said: str
) -> None:
    """Given the API, then it gives each sentence with clause and source, and the page that holds them."""
    api = Api(installed_verticals)
    api.platform = platform
    owner = Caller(api, plant.tenant, (await plant.tenant.member("owner"))[1])
    found = (await owner.ask(QUERY, vertical="solar", language=language))["planDocument"]
    sentences = [sentence for section in found["sections"] for sentence in section["sentences"]]
    [warranty] = [one for one in sentences if one["term"] == "main_unit" and one["kind"] == "warranty_terms"]
    assert said in warranty["text"]
    assert (warranty["clause"], warranty["source"]) == ("P09-10", "vertical")
    assert warranty["text"] in found["html"]
    contract = await signed(plant)
    own = await owner.ask(QUERY, contract=node_id("ServiceContract", contract.id))
    assert "HT-1" in own["planDocument"]["html"]


async def test_the_command_writes_the_same_plan(
    fresh_settings: Callable[..., Settings], installed_verticals: Registry
) -> None:
    """Given an installation with a tenant, when the command renders its plan, then page and Word document come out."""
    settings = fresh_settings()
    async with open_composition(settings, app_size=1, system_size=2) as opened:
        registry = await opened.registry(Actor(kind="platform_admin", name="test"))
        await registry.create_tenant(CreateTenant(slug="sunny", name="Sunny", verticals={"solar": {}}))
    page = await render_plan(settings, "sunny", "solar", None, "zh-CN", "html")
    assert "保修 3 年" in page.decode()
    assert (await render_plan(settings, "sunny", "solar", None, "en", "docx"))[:2] == b"PK"
    with pytest.raises(NotFound):
        await render_plan(settings, "sunny", None, "HT-9", "en", "html")
    with pytest.raises(OperatorError):
        await render_plan(settings, "sunny", "solar", None, "fr", "html")
