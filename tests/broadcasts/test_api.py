"""What a customer reads of news and guides in its own API, and what it doesn't."""

from uuid import UUID

import pytest

from aftersales.broadcasts import service
from aftersales.broadcasts.commands import BroadcastTexts, DraftBroadcast, ReleaseGuide, SendBroadcast
from aftersales.broadcasts.rules import BroadcastAudience
from aftersales.documents.models import Document
from aftersales.kit.ids import new_id
from aftersales.parties import service as parties
from aftersales.parties.commands import AddContact
from aftersales.plugins.registry import Registry
from tests.api.rooms.api import Api, Caller
from tests.fixtures.database import TestPlatform
from tests.revisits.office import customer, work_off
from tests.tickets.world import World

NEWS = BroadcastTexts(zh="病毒预警", en="Virus alert")


@pytest.fixture
def api(platform: TestPlatform, installed_verticals: Registry) -> Api:
    made = Api(installed_verticals)
    made.platform = platform
    return made


async def caller(api: Api, world: World, customer_id: UUID) -> Caller:
    return Caller(api, world.tenant, (await world.tenant.member("customer", customer_id=customer_id))[1])


@pytest.mark.clause("P01-27")
async def test_a_customer_sees_the_guide_of_its_own_product(api: Api, solar_world: World) -> None:
    """Given guide G v3 for heaters, when customers log in, then who owns one finds v3 with its text, others nothing."""
    document = Document(id=new_id(), title="Guide G", confidentiality="public", body="Turn it off.",
                        created_at=solar_world.clock.now())  # fmt: skip
    await solar_world.add(document)
    for revision in ("v2", "v3"):
        command = ReleaseGuide(
            document_id=document.id, code="G", revision=revision, asset_types=("solar_water_heater",)
        )
        await solar_world.do(service.release_guide, command)
    other = await customer(solar_world, "OTHER")
    found = {}
    for who in (solar_world.customer, other):
        reader = await caller(api, solar_world, customer_id=who.id)
        found[who.code] = (await reader.ask("{ guides(first: 9) { nodes { code revision title body } } }"))["guides"]
    guide = {"code": "G", "revision": "v3", "title": "Guide G", "body": "Turn it off."}
    assert found == {"C1": {"nodes": [guide]}, "OTHER": {"nodes": []}}


async def test_the_inbox_is_the_customers_own(api: Api, solar_world: World) -> None:
    """Given a copy in a customer's inbox, then it reads it, another customer doesn't."""
    await solar_world.do(
        parties.add_contact, AddContact(customer_id=solar_world.customer.id, name="Li", notice_channels=("inbox",))
    )
    other = await customer(solar_world, "OTHER")
    only = BroadcastAudience(customer_ids=(solar_world.customer.id,))
    drafted = await solar_world.do(
        service.draft_broadcast, DraftBroadcast(kind="virus", title=NEWS, body=NEWS, audience=only)
    )
    await solar_world.do(service.send_broadcast, SendBroadcast(broadcast_id=drafted.id))
    await work_off(solar_world)
    read = []
    for who in (solar_world.customer, other):
        reader = await caller(api, solar_world, customer_id=who.id)
        nodes = (await reader.ask("{ notices(first: 9) { nodes { subject state } } }"))["notices"]["nodes"]
        read.append([(node["subject"] in {NEWS.zh, NEWS.en}, node["state"]) for node in nodes])
    assert read == [[(True, "sent")], []]
