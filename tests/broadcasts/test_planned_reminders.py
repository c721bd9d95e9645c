"""Owners are reminded of what they do themselves when its day comes, each in the language in which it reads."""

from typing import Any

import pytest

from aftersales.broadcasts import service as broadcasts
from aftersales.broadcasts.commands import BroadcastTexts, DraftBroadcast, SendBroadcast
from aftersales.broadcasts.models import Broadcast, BroadcastRecipient
from aftersales.broadcasts.planned import remind_customers
from aftersales.broadcasts.rules import BroadcastAudience
from aftersales.notices.models import Notice
from aftersales.parties import service as parties
from aftersales.parties.commands import AddContact, UpdateContact, UpdateCustomer
from aftersales.planned import service
from aftersales.planned.commands import EndMaintenanceRule, SetMaintenanceRule
from tests.fixtures.database import TestPlatform
from tests.planned.planning import day, owed, promise_of, settled
from tests.planned.planning import work_off as plan_all
from tests.revisits.office import work_off
from tests.support.refusals import refused
from tests.tickets.world import World, local


@pytest.fixture
async def oiled(platform: TestPlatform) -> World:
    """An owner of a heater of 31 January; every quarter its moving parts want oil (the tenant's number)."""
    world = await settled(platform, "solar", "solar_water_heater", at="2026-01-31 09:00", accepted_on="2026-01-31")
    oiling = SetMaintenanceRule(
        vertical="solar", code="oiling", name="给可活动部分涂润滑油", kind="reminder", anchor="acceptance", every=3,
        unit="month", effective_from=day("2026-01-31"),
    )  # fmt: skip
    await world.do(service.set_maintenance_rule, oiling, world.owner)
    await plan_all(world)
    return world


async def reminded(world: World, at: str) -> int:
    """A worker's round at a moment, and its jobs; how many notices there are then."""
    world.clock.move_to(local(at))
    async with world.tenant.work() as uow:
        await remind_customers(uow, 200)
    await work_off(world)
    return len(await world.read(Notice))


@pytest.mark.clause("P11-23", "P11-28")
async def test_an_owner_is_told_on_the_day_and_once(oiled: World) -> None:
    """Given a quarter from 31 January, then on 30 April the owner is told, not the evening before, and not again."""
    await oiled.do(parties.update_customer, UpdateCustomer(customer_id=oiled.customer.id, email="owner@example.org"))
    told = [await reminded(oiled, at) for at in ("2026-04-29 23:59", "2026-04-30 00:00", "2026-04-30 18:00")]
    assert told == [0, 1, 1]
    [notice] = await oiled.read(Notice)
    assert (notice.customer_id, "涂润滑油" in notice.body) == (oiled.customer.id, True)
    [first, second, *_] = await owed(oiled, "oiling")
    assert (first.state, second.state, str(second.due_on)) == ("done", "open", "2026-07-31")
    assert (await promise_of(oiled, first)).outcome == "in_time"


@pytest.mark.clause("P11-28")
async def test_an_owner_who_cant_be_told_stays_owed(oiled: World) -> None:
    assert await reminded(oiled, "2026-04-30 09:00") == 0
    assert await oiled.read(Broadcast) == []
    [first, *_] = await owed(oiled, "oiling")
    assert (first.state, (await promise_of(oiled, first)).state) == ("open", "running")


@pytest.mark.clause("P11-23")
async def test_a_reminder_of_a_rule_that_ended_isnt_sent(oiled: World) -> None:
    from aftersales.planned.models import MaintenanceRule

    await oiled.do(parties.update_customer, UpdateCustomer(customer_id=oiled.customer.id, email="owner@example.org"))
    oiled.clock.move_to(local("2026-04-20 09:00"))
    [rule] = await oiled.read(MaintenanceRule)
    await oiled.do(service.end_maintenance_rule, EndMaintenanceRule(maintenance_rule_id=rule.id), oiled.owner)
    await plan_all(oiled)
    assert await reminded(oiled, "2026-04-30 09:00") == 0


@pytest.mark.clause("P10-10", "P11-27")
async def test_each_contact_reads_its_own_language(oiled: World) -> None:
    """Given a contact who reads English and one of whom nothing is known, then the other gets the tenant's Chinese."""
    person: dict[str, Any] = {"customer_id": oiled.customer.id, "notice_channels": ("email",)}
    smith = await oiled.do(
        parties.add_contact, AddContact(name="Smith", email="smith@example.org", language="en", **person)
    )
    await oiled.do(parties.add_contact, AddContact(name="王", email="wang@example.org", **person))
    news = BroadcastTexts(zh="病毒预警", en="Virus alert")
    drafted = await oiled.do(broadcasts.draft_broadcast, DraftBroadcast(kind="virus", title=news, body=news))
    await oiled.do(broadcasts.send_broadcast, SendBroadcast(broadcast_id=drafted.id))
    await work_off(oiled)
    assert {(row.recipient, row.language, row.subject) for row in await oiled.read(Notice)} == {
        ("Smith", "en", "Virus alert"), ("王", "zh-CN", "病毒预警"),
    }  # fmt: skip
    unknown = UpdateContact(contact_id=smith.id, language="fr")
    assert (await refused(oiled, parties.update_contact, unknown)).code == "VALUE_UNKNOWN"


async def test_named_customers_are_told_and_nobody_else(oiled: World) -> None:
    from tests.revisits.office import customer

    others = [await customer(oiled, f"N{number}", email=f"c{number}@example.org") for number in range(3)]
    named = BroadcastAudience(customer_ids=(others[1].id,), tiers=("standard",))
    news = BroadcastTexts(zh="新闻", en="News")
    drafted = await oiled.do(
        broadcasts.draft_broadcast, DraftBroadcast(kind="news", title=news, body=news, audience=named)
    )
    await oiled.do(broadcasts.send_broadcast, SendBroadcast(broadcast_id=drafted.id))
    await work_off(oiled)
    assert [row.customer_id for row in await oiled.read(BroadcastRecipient)] == [others[1].id]
