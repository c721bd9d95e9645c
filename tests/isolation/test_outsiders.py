"""Customers and dealers of one tenant: what a refusal, a file, an address or a race must not give them."""

import asyncio
from datetime import date
from typing import Any, cast

import httpx
import pytest
from litestar import Litestar

from aftersales.contracts import service as contracts
from aftersales.contracts.commands import LineDetails, SignContract
from aftersales.contracts.models import ServiceContract
from aftersales.feeds import service as feeds
from aftersales.feeds.commands import OpenFeed
from aftersales.kit.actor import Actor
from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales.parties.models import ServiceUnit
from aftersales.plugins.registry import Registry
from aftersales.records import service as records
from aftersales.records.commands import StartRecord
from aftersales.records.models import FormPoint, StoredFile
from aftersales.training import service as training
from aftersales.training.commands import PassKnowledge
from aftersales_server.feeds import feed_handler
from aftersales_tenants.commands import UpdateMember
from tests.api.rooms.api import Api, Caller
from tests.fixtures.database import TestPlatform
from tests.records.filling import start
from tests.support.refusals import refused
from tests.tickets.world import World, local, member
from tests.work.visiting import order, plan

CALL = {
    "channel": "call", "received_at": "2026-06-10T08:30:00+08:00", "contact": "Zhou", "subject": "noise",
    "result": "solved",
}  # fmt: skip


async def test_a_dealer_notes_nothing_on_a_visit_that_its_unit_doesnt_have(solar_world: World) -> None:
    """Given a visit of headquarters, when a dealer says what was taught there, then there is no such visit."""
    await solar_world.add(unit := ServiceUnit(id=new_id(), code="D", name="Dealer", kind="dealer"))
    ticket = await solar_world.open()
    visit = await plan(
        solar_world, await order(solar_world, ticket), solar_world.engineer.id, local("2026-06-11 09:00")
    )
    before = await solar_world.counts()
    command = PassKnowledge(appointment_id=visit.id, recipients="Nobody")
    error = await refused(solar_world, training.pass_knowledge, command, member("dealer", dealer_id=unit.id))
    assert (error.code, error.params["thing"]) == ("NOT_FOUND", "ServiceAppointment")
    assert (await refused(solar_world, training.pass_knowledge, command, solar_world.owner)).code != "NOT_FOUND"
    assert await solar_world.counts() == before


async def test_two_signers_at_once_dont_cover_the_same_twice(solar_world: World) -> None:
    """Given two contracts for one asset from one day on, when both are signed at once, then one of them stands."""

    async def sign(number: str) -> str:
        command = SignContract(
            number=number, title="Care", vertical="solar", customer_id=solar_world.customer.id,
            starts_on=date(2026, 6, 1), lines=(LineDetails(asset_id=solar_world.asset.id),),
        )  # fmt: skip
        try:
            await solar_world.do(contracts.sign_contract, command, member("finance"))
        except AftersalesError as refusal:
            return refusal.code
        return "signed"

    outcomes = await asyncio.gather(*(sign(f"K{number}") for number in range(4)))
    assert sorted(outcomes) == ["CONTRACT_OVERLAPS"] * 3 + ["signed"]
    assert len(await solar_world.read(ServiceContract)) == 1


async def test_a_customer_isnt_told_whose_the_things_are_that_it_names(solar_world: World) -> None:
    """Given its own ticket and another's site or point, then a record of both is refused like an unknown id."""
    other = await other_customers(solar_world)
    ticket = await solar_world.open()
    mine = solar_world.customer_member()
    for given in ({"site_id": other["site"]}, {"customer_id": other["customer"]}, {"form_point_id": other["point"]}):
        command = StartRecord(form="suggestion_form", values={"suggestion": "x"}, ticket_id=ticket.id, **given)
        assert (await refused(solar_world, records.start_record, command, mine)).code == "NOT_FOUND"
    # Before the form is looked at: a form that isn't for customers tells nothing of the site either.
    hidden = StartRecord(form="contact_register", values=CALL, site_id=other["site"])
    assert (await refused(solar_world, records.start_record, hidden, mine)).code == "NOT_FOUND"


async def other_customers(world: World) -> dict[str, Any]:
    from aftersales.parties.models import Customer, Site

    customer = Customer(id=new_id(), code="C9", name="Other", created_at=world.clock.now())
    site = Site(id=new_id(), customer_id=customer.id, name="Elsewhere")
    point = FormPoint(
        id=new_id(), code="P9", place="Hall", form="suggestion_form", customer_id=customer.id,
        created_at=world.clock.now(),
    )  # fmt: skip
    await world.add(customer, site, point)
    return {"customer": customer.id, "site": site.id, "point": point.id}


async def test_files_of_a_record_that_isnt_finished_dont_show(
    platform: TestPlatform, installed_verticals: Registry, solar_world: World
) -> None:
    """Given a photo in an engineer's draft, when the customer lists files, then it comes with the record only."""
    ticket = await solar_world.open()
    record = await start(
        solar_world, "suggestion_form", {"suggestion": "x"}, solar_world.engineer_member, ticket_id=ticket.id
    )
    await solar_world.add(
        StoredFile(
            id=new_id(), name="secret plan.jpg", purpose="photo", media_type="image/jpeg", subject_type="record",
            subject_id=record.id, ticket_id=ticket.id, customer_id=solar_world.customer.id, state="stored", size=1,
            sha256="0" * 64, created_at=solar_world.clock.now(), created_by="member:x",
        )
    )  # fmt: skip
    api = Api(installed_verticals)
    api.platform = platform
    who = {
        "customer": {"customer_id": solar_world.customer.id},
        "owner": {},
    }
    seen = {}
    for role, more in who.items():
        caller = Caller(api, solar_world.tenant, (await solar_world.tenant.member(role, **more))[1])
        seen[role] = (await caller.ask("{ storedFiles(first: 5) { totalCount nodes { name } } }"))["storedFiles"]
    assert seen["owner"]["totalCount"] == 1
    assert seen["customer"] == {"totalCount": 0, "nodes": []}
    await solar_world.do(records.submit_record, records.SubmitRecord(record_id=record.id), solar_world.engineer_member)
    caller = Caller(api, solar_world.tenant, (await solar_world.tenant.member("customer", **who["customer"]))[1])
    assert (await caller.ask("{ storedFiles(first: 5) { totalCount } }"))["storedFiles"] == {"totalCount": 1}


@pytest.mark.parametrize("change", [{"state": "inactive"}, {"roles": ["finance"]}], ids=["left", "other role"])
async def test_a_calendars_address_ends_with_the_right_of_whoever_opened_it(
    solar_world: World, platform: TestPlatform, change: dict[str, Any]
) -> None:
    """Given a dispatcher's address, when the dispatcher leaves or may no longer have it, then it leads nowhere."""
    member_id, _ = await solar_world.tenant.member("dispatcher")
    actor = Actor(kind="member", id=member_id, roles=frozenset({"dispatcher"}))
    opened = await solar_world.do(feeds.open_feed, OpenFeed(engineer_id=solar_world.engineer.id), actor)
    app = Litestar([feed_handler(lambda: platform.gateway)], openapi_config=None, logging_config=None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(cast(Any, app)), base_url="http://test") as reader:
        assert (await reader.get(opened.path)).status_code == 200
        async with solar_world.work() as uow:
            email = await uow.connection.fetchval("select email from members where id = $1", member_id)
        await platform.registry.update_member(UpdateMember(slug=solar_world.tenant.slug, email=email, **change))
        assert (await reader.get(opened.path)).status_code == 404
