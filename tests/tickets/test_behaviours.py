"""What a vertical may say while a ticket lives, and what becomes of one that talks nonsense."""

import asyncio
from typing import Any

import pytest

from aftersales.kit.clock import FixedClock
from aftersales.kit.errors import AftersalesError, Conflict, PluginFault
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from aftersales.tickets import service
from aftersales.tickets.commands import (
    AddCallRecord,
    AssignEngineer,
    CallDetails,
    CloseTicket,
    OpenTicket,
    Resolve,
    StartWork,
)
from aftersales.tickets.models import Ticket
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.pools import Pools
from aftersales_tenants.scopes import Scopes
from tests.fixtures.database import TestPlatform
from tests.tickets.pumps import PUMPS
from tests.tickets.world import World, settle


@pytest.fixture
async def pumps(pools: Pools, clock: FixedClock) -> World:
    """A tenant of the example vertical."""
    compiler = PlaybookCompiler(Registry([PUMPS]))
    platform = TestPlatform(pools, clock, Gateway(pools, Scopes(compiler), clock), compiler)
    return await settle(platform, {"pumps": {}}, vertical="pumps", asset_type="pump")


async def refused(world: World, operation: Any, command: Any) -> AftersalesError:
    before = await world.counts()
    with pytest.raises(AftersalesError) as refusal:
        await world.do(operation, command)
    assert await world.counts() == before
    return refusal.value


async def test_the_classifiers_verdict_is_the_grade(pumps: World) -> None:
    assert (await pumps.open(facts={"mood": "furious"})).grade == "bad"
    assert (await pumps.open(facts={"mood": "calm"})).grade == "fair"


@pytest.mark.parametrize(("mood", "code"), [("confused", "VERTICAL_RETURNED_NONSENSE"), ("broken", "VERTICAL_FAILED")])
async def test_a_classifier_that_fails_is_named_and_nothing_is_written(pumps: World, mood: str, code: str) -> None:
    before = await pumps.counts()
    with pytest.raises(PluginFault) as fault:
        await pumps.open(facts={"mood": mood})
    assert (fault.value.code, fault.value.params["vertical"], fault.value.params["hook"]) == (
        code,
        "pumps",
        "classify_fault",
    )
    assert await pumps.counts() == before


async def test_a_follow_up_stands_in_the_outbox_of_the_same_transaction(pumps: World) -> None:
    ticket = await pumps.open()
    await pumps.do(service.start_work, StartWork(ticket_id=ticket.id))
    [asked] = await pumps.outbox("webhook")
    assert (asked["what"], asked["vertical"], asked["clause"]) == ("pump", "pumps", "X-6")


async def test_a_follow_up_on_a_topic_that_the_engine_does_not_have_is_nonsense(pumps: World) -> None:
    ticket = await pumps.open()
    call = CallDetails(handler_name="Chen", caller="Li", notes="again")
    error = await refused(pumps, service.add_call_record, AddCallRecord(ticket_id=ticket.id, call=call))
    assert (error.code, error.params["hook"]) == ("VERTICAL_RETURNED_NONSENSE", "on_event")


async def worked_on(world: World, measures: str) -> Ticket:
    ticket = await world.open(channel="web")
    await world.do(service.start_work, StartWork(ticket_id=ticket.id))
    resolved: Ticket = await world.do(service.resolve, Resolve(ticket_id=ticket.id, measures=measures))
    return resolved


async def test_a_ticket_whose_customer_got_no_answer_is_not_closed(pumps: World) -> None:
    ticket = await worked_on(pumps, "oiled")
    assert (await refused(pumps, service.close_ticket, CloseTicket(ticket_id=ticket.id))).code == "REPLY_REQUIRED"


@pytest.mark.parametrize(
    ("measures", "code"), [("none", "TICKET_GUARD_REFUSED"), ("unclear", "VERTICAL_RETURNED_NONSENSE")]
)
async def test_the_vertical_has_the_last_word_before_the_end(pumps: World, measures: str, code: str) -> None:
    ticket = await worked_on(pumps, measures)
    async with pumps.work() as uow:
        (await uow.get(Ticket, ticket.id)).acknowledged_at = uow.now
    error = await refused(pumps, service.close_ticket, CloseTicket(ticket_id=ticket.id))
    assert error.code == code
    if code == "TICKET_GUARD_REFUSED":
        assert "没有措施" in error.message("zh-CN")
        assert "nothing was done" in error.message("en")


async def test_of_two_who_change_a_ticket_at_once_the_second_is_told(pumps: World) -> None:
    """Given two dispatchers who saw version 1, when both assign, then one wins and one hears VERSION_STALE."""
    ticket = await pumps.open()
    results = await asyncio.gather(
        *(
            pumps.do(
                service.assign_engineer,
                AssignEngineer(ticket_id=ticket.id, engineer_id=engineer.id, expected_version=ticket.version),
            )
            for engineer in (pumps.engineer, pumps.other_engineer)
        ),
        return_exceptions=True,
    )
    lost = [result for result in results if isinstance(result, AftersalesError)]
    assert [error.code for error in lost] == ["VERSION_STALE"]


async def test_the_same_key_from_two_sides_at_once_opens_one_ticket(pumps: World) -> None:
    command = OpenTicket(
        kind="fault", channel="web", title="x", customer_id=pumps.customer.id, vertical="pumps", idempotency_key="k"
    )
    results = await asyncio.gather(*(pumps.do(service.open_ticket, command) for _ in range(3)), return_exceptions=True)
    assert all(isinstance(result, Ticket | Conflict) for result in results)
    assert len(await pumps.read(Ticket)) == 1


async def test_numbers_have_no_gap_after_a_refusal_and_no_twin_under_load(pumps: World) -> None:
    with pytest.raises(AftersalesError):
        await pumps.open(service_unit_id=pumps.customer.id)
    await asyncio.gather(*(pumps.open(title=f"Pump {number}") for number in range(6)))
    numbers = sorted(ticket.number for ticket in await pumps.read(Ticket))
    assert numbers == [f"T-2026-{number:06d}" for number in range(1, 7)]
