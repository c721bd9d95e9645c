"""Trade secrets stay in the house (P09-03)."""

import pytest

from aftersales.documents import service
from aftersales.documents.models import DocumentDispatch
from aftersales.documents.service import AddDocument, ReclassifyDocument, SendDocument
from aftersales.parties import service as parties
from aftersales.parties.commands import ArchiveCustomer
from tests.support.refusals import refused
from tests.tickets.world import World, member


@pytest.mark.clause("P09-03", "P14-03")
@pytest.mark.parametrize("sender", ["owner", "dispatcher", "engineer"])
async def test_a_secret_document_is_never_sent_to_a_customer(solar_world: World, sender: str) -> None:
    secret = await solar_world.do(
        service.add_document, AddDocument(title="Coating recipe", body="…", confidentiality="secret")
    )
    command = SendDocument(document_id=secret.id, customer_id=solar_world.customer.id)
    error = await refused(solar_world, service.send_document, command, member(sender))
    assert (error.code, error.field) == ("DOCUMENT_SECRET", "documentId")


@pytest.mark.clause("P09-03", "P14-03")
@pytest.mark.parametrize("confidentiality", ["public", "customer"])
async def test_advice_that_discloses_nothing_is_sent(solar_world: World, confidentiality: str) -> None:
    document = await solar_world.do(
        service.add_document, AddDocument(title="Manual", body="…", confidentiality=confidentiality)
    )
    command = SendDocument(document_id=document.id, customer_id=solar_world.customer.id)
    sent = await solar_world.do(service.send_document, command)
    [stored] = await solar_world.read(DocumentDispatch, id=sent.id)
    assert (stored.document_id, stored.customer_id) == (document.id, solar_world.customer.id)
    assert stored.sent_at == solar_world.clock.now()


async def test_a_document_that_became_secret_is_sent_no_more(solar_world: World) -> None:
    document = await solar_world.do(service.add_document, AddDocument(title="Manual", body="…"))
    change = ReclassifyDocument(document_id=document.id, confidentiality="secret", expected_version=1)
    assert (await refused(solar_world, service.reclassify_document, change, member("engineer"))).code == "FORBIDDEN"
    await solar_world.do(service.reclassify_document, change, solar_world.owner)
    again = await refused(solar_world, service.reclassify_document, change, solar_world.owner)
    assert again.code == "VERSION_STALE"
    command = SendDocument(document_id=document.id, customer_id=solar_world.customer.id)
    assert (await refused(solar_world, service.send_document, command)).code == "DOCUMENT_SECRET"


async def test_what_cannot_be_kept_or_sent_is_refused(solar_world: World) -> None:
    level = AddDocument(title="X", body="x", confidentiality="top")
    assert (await refused(solar_world, service.add_document, level)).field == "confidentiality"
    blank = AddDocument(title="", body="x")
    assert (await refused(solar_world, service.add_document, blank)).field == "title"
    document = await solar_world.do(service.add_document, AddDocument(title="Manual", body="…"))
    command = SendDocument(document_id=document.id, customer_id=solar_world.customer.id)
    customer = solar_world.customer_member()
    assert (await refused(solar_world, service.send_document, command, customer)).code == "FORBIDDEN"
    await solar_world.do(parties.archive_customer, ArchiveCustomer(customer_id=solar_world.customer.id))
    assert (await refused(solar_world, service.send_document, command)).code == "CUSTOMER_ARCHIVED"
