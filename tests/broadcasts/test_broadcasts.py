"""News reach each recipient once, by the way that each chose; reminders repeat; dealers act within two hours."""

import sys
from datetime import date, timedelta
from typing import Any

import pytest

from aftersales import AssetType, Budget, Label, SlaTarget, Vertical, VerticalSettings, hookimpl
from aftersales.broadcasts import service
from aftersales.broadcasts.commands import (
    BroadcastTexts,
    CancelBroadcast,
    DraftBroadcast,
    EndReminderSeries,
    OpenReminderSeries,
    ReceiveWeatherWarning,
    RecordDealerAct,
    ReleaseGuide,
    SendBroadcast,
    TakeDealerTask,
    WithdrawGuide,
)
from aftersales.broadcasts.models import Broadcast, BroadcastRecipient, GuideRelease
from aftersales.broadcasts.rules import BroadcastAudience
from aftersales.commitments.models import Commitment
from aftersales.documents.models import Document
from aftersales.kit.clock import FixedClock
from aftersales.kit.ids import new_id
from aftersales.kit.outbox import OutboxMessage
from aftersales.notices.models import Notice
from aftersales.parties import service as parties
from aftersales.parties.commands import AddContact, UpdateCustomer
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.pools import Pools
from aftersales_tenants.scopes import Scopes
from tests.fixtures.database import TestPlatform
from tests.revisits.office import customer, handle, wall, work_off
from tests.support.refusals import refused
from tests.tickets.world import World, local, member, settle

NEWS = BroadcastTexts(zh="病毒预警", en="Virus alert")


@hookimpl
def asset_types(settings: VerticalSettings) -> Any:
    return (AssetType(code="tractor", label=Label("拖拉机", "Tractor"), clause="P15-01"),)


@hookimpl
def sla_targets(settings: VerticalSettings) -> Any:
    return (
        SlaTarget(
            code="dealer_two_hours", label=Label("两小时内安排", "Arranged within two hours"), clause="P15-22",
            milestone="arranged", budget=Budget(amount=2, unit="hour"), party="agent",
            conditions=("arranged", "user_told", "filed"),
        ),
    )  # fmt: skip


FARM = Vertical(
    name="farm", label=Label("农机", "Farm"), version="1.0", engine=">=0.1,<1", settings=VerticalSettings,
    hooks=sys.modules[__name__],
)  # fmt: skip


@pytest.fixture
async def farm(pools: Pools, clock: FixedClock) -> World:
    """A maker of tractors with dealers, on 10 June 2026, 09:00 in Shanghai."""
    compiler = PlaybookCompiler(Registry([FARM]))
    platform = TestPlatform(pools, clock, Gateway(pools, Scopes(compiler), clock), compiler)
    return await settle(platform, {"farm": {}}, vertical="farm", asset_type="tractor")


async def draft(world: World, **given: Any) -> Broadcast:
    command = DraftBroadcast(**{"kind": "virus", "title": NEWS, "body": NEWS, **given})
    made: Broadcast = await world.do(service.draft_broadcast, command)
    return made


async def send(world: World, broadcast: Broadcast, **given: Any) -> None:
    await world.do(service.send_broadcast, SendBroadcast(broadcast_id=broadcast.id, **given))
    await work_off(world)


async def copies(world: World, broadcast: Broadcast) -> list[tuple[str, str | None, str]]:
    rows = await world.read(BroadcastRecipient, broadcast_id=broadcast.id)
    return sorted((row.name, row.channel, row.state) for row in rows)


async def test_each_recipient_is_told_once_by_the_way_it_chose(farm: World) -> None:
    """Given people with and without a choice, then each gets one copy; who can't be reached stays on record."""
    mail = await customer(farm, "MAIL", email="mail@example.org")
    chooser = await customer(farm, "CHOOSER", email="not@example.org")
    add = AddContact(customer_id=chooser.id, name="Inbox", email="x@example.org", notice_channels=("inbox", "email"))
    await farm.do(parties.add_contact, add)
    await farm.do(parties.add_contact, AddContact(customer_id=chooser.id, name="NoMail", notice_channels=("email",)))
    shy = await customer(farm, "SHY", email="shy@example.org")
    await farm.do(parties.add_contact, AddContact(customer_id=shy.id, name="Shy", notices_refused=True))
    broadcast = await draft(farm)
    async with farm.work() as uow:
        found = await service.preview_broadcast(uow, broadcast.id)
    assert (found.customers, found.recipients, found.by_email, found.by_inbox) == (4, 2, 1, 1)
    assert (found.undeliverable, found.refused) == (2, 1)
    await send(farm, broadcast)
    assert await copies(farm, broadcast) == [
        ("Hospital", None, "undeliverable"), ("Inbox", "inbox", "sent"), ("MAIL", "email", "queued"),
        ("NoMail", None, "undeliverable"), ("SHY", None, "refused"),
    ]  # fmt: skip
    notices = await farm.read(Notice)
    assert sorted((row.customer_id == mail.id, row.state) for row in notices) == [(False, "sent"), (True, "queued")]
    assert len(await farm.outbox("notice.send")) == 1


async def test_a_killed_worker_sends_nothing_twice(farm: World) -> None:
    """Given the page was written and its message comes again, then there is no second copy."""
    await customer(farm, "MAIL", email="mail@example.org")
    broadcast = await draft(farm)
    await farm.do(service.send_broadcast, SendBroadcast(broadcast_id=broadcast.id))
    [message] = await farm.read(OutboxMessage, topic=service.EXPAND)
    await handle(farm, message.id, note=False)
    before = await farm.counts()
    await handle(farm, message.id, note=False)
    assert await farm.counts() == before
    again = SendBroadcast(broadcast_id=broadcast.id)
    assert (await refused(farm, service.send_broadcast, again)).code == "BROADCAST_STATE_REFUSED"


async def test_more_than_a_page_of_customers(farm: World) -> None:
    from aftersales.parties.models import Customer

    await farm.add(
        *(
            Customer(id=new_id(), code=f"N{number:04}", name="N", email="n@example.org", created_at=farm.clock.now())
            for number in range(450)
        )
    )
    broadcast = await draft(farm)
    await send(farm, broadcast)
    rows = await farm.read(BroadcastRecipient, broadcast_id=broadcast.id)
    assert (len(rows), len({row.customer_id for row in rows})) == (451, 451)
    assert [row.state for row in await farm.read(Broadcast)] == ["sent"]


async def test_audiences_by_region_tier_tag_and_product(farm: World) -> None:
    north = await customer(farm, "NORTH", region="230100", email="n@example.org", tier="important", tags=("fleet",))
    await customer(farm, "SOUTH", region="440100", email="s@example.org")
    for audience, names in (
        ({"regions": ("23",)}, ["NORTH"]),
        ({"tiers": ("important",)}, ["NORTH"]),
        ({"tags": ("fleet",)}, ["NORTH"]),
        ({"asset_types": ("tractor",)}, ["Hospital"]),
        ({"asset_types": ("tractor",), "regions": ("23",)}, []),
        ({"customer_ids": (north.id,)}, ["NORTH"]),
    ):
        broadcast = await draft(farm, audience=BroadcastAudience(**audience))
        command = SendBroadcast(broadcast_id=broadcast.id)
        if not names:
            assert (await refused(farm, service.send_broadcast, command)).code == "BROADCAST_AUDIENCE_EMPTY"
            continue
        await send(farm, broadcast)
        assert [name for name, _, _ in await copies(farm, broadcast)] == names


async def test_a_scheduled_broadcast_may_be_cancelled(farm: World) -> None:
    await customer(farm, "MAIL", email="mail@example.org")
    broadcast = await draft(farm)
    await send(farm, broadcast, at=farm.clock.now() + timedelta(hours=2))
    assert await copies(farm, broadcast) == []
    await farm.do(service.cancel_broadcast, CancelBroadcast(broadcast_id=broadcast.id))
    farm.later(hours=3)
    await work_off(farm)
    assert await copies(farm, broadcast) == []
    late = await draft(farm)
    past = SendBroadcast(broadcast_id=late.id, at=farm.clock.now() - timedelta(minutes=1))
    assert (await refused(farm, service.send_broadcast, past)).code == "INSTANT_PAST"
    far = SendBroadcast(broadcast_id=late.id, at=farm.clock.now() + timedelta(days=400))
    assert (await refused(farm, service.send_broadcast, far)).code == "BROADCAST_TOO_FAR"


async def test_who_may_send_and_what_can_not_be_sent(farm: World) -> None:
    command = DraftBroadcast(kind="virus", title=NEWS, body=NEWS)
    for actor in (member("engineer"), farm.customer_member()):
        assert (await refused(farm, service.draft_broadcast, command, actor)).code == "FORBIDDEN"
    blank = DraftBroadcast(kind="virus", title=BroadcastTexts(zh="", en="x"), body=NEWS)
    assert (await refused(farm, service.draft_broadcast, blank)).field == "title.zh"
    odd = DraftBroadcast(kind="gossip", title=NEWS, body=NEWS)
    assert (await refused(farm, service.draft_broadcast, odd)).code == "VALUE_UNKNOWN"
    half = DraftBroadcast(kind="virus", title=NEWS, body=NEWS, audience=BroadcastAudience(segment="x"))
    assert (await refused(farm, service.draft_broadcast, half)).code == "AUDIENCE_INVALID"


@pytest.mark.clause("P11-27")
async def test_a_typhoon_warning_reaches_the_owners_in_the_city(farm: World) -> None:
    """Given a warning for city X, then owners in X are told to check what opens, once; others aren't."""
    await customer(farm, "IN", region="310115", email="in@example.org")
    await customer(farm, "OUT", region="440100", email="out@example.org")
    warning = ReceiveWeatherWarning(kind="typhoon", regions=("3101",), external_id="CMA-7")
    first = await farm.do(service.receive_weather_warning, warning)
    await work_off(farm)
    again = await farm.do(service.receive_weather_warning, warning)
    await work_off(farm)
    assert first.id == again.id
    assert [name for name, _, _ in await copies(farm, first)] == ["IN"]
    [notice] = await farm.read(Notice)
    assert "检查" in notice.body or "check" in notice.body
    nowhere = ReceiveWeatherWarning(kind="typhoon", regions=(), external_id="CMA-8")
    assert (await refused(farm, service.receive_weather_warning, nowhere)).code == "REQUIRED"


@pytest.mark.clause("P11-23")
async def test_owners_are_reminded_of_their_own_duty(farm: World) -> None:
    """Given a cadence of 6 months from 2026-06-15, then a notice on 06-15 and on 12-15, none between."""
    await farm.do(parties.update_customer, UpdateCustomer(customer_id=farm.customer.id, email="owner@example.org"))
    clean = BroadcastTexts(zh="请清洗装饰面", en="Please clean the surfaces")
    series = await farm.do(
        service.open_reminder_series,
        OpenReminderSeries(
            name="cleaning", title=clean, body=clean, months=6, starts_on=date(2026, 6, 15), clause="P11-23"
        ),
    )
    sent = []
    for day in ("2026-06-14", "2026-06-15", "2026-06-16", "2026-12-14", "2026-12-15", "2026-12-15"):
        farm.clock.move_to(local(f"{day} 09:00"))
        async with farm.tenant.work() as uow:
            await service.remind(uow, 20)
        await work_off(farm)
        sent.append(len(await farm.read(Notice)))
    assert sent == [0, 1, 1, 1, 2, 2]
    await farm.do(service.end_reminder_series, EndReminderSeries(reminder_series_id=series.id))
    ended = EndReminderSeries(reminder_series_id=series.id)
    assert (await refused(farm, service.end_reminder_series, ended)).code == "SERIES_ENDED"
    never = OpenReminderSeries(name="x", title=clean, body=clean, months=0)
    assert (await refused(farm, service.open_reminder_series, never)).code == "MONTHS_INVALID"


@pytest.mark.clause("P01-27")
async def test_a_guide_is_released_in_revisions_and_never_a_secret_one(farm: World) -> None:
    """Given guide G, when v3 is published, then v2 isn't shown any more; a secret document isn't released."""
    public, secret = (
        Document(id=new_id(), title="G", confidentiality=kind, body="b", created_at=farm.clock.now())
        for kind in ("public", "secret")
    )
    await farm.add(public, secret)
    for revision in ("v2", "v3"):
        command = ReleaseGuide(document_id=public.id, code="G", revision=revision, asset_types=("tractor",))
        await farm.do(service.release_guide, command)
    assert [(row.revision, row.state) for row in await farm.read(GuideRelease)] == [
        ("v2", "withdrawn"), ("v3", "released"),
    ]  # fmt: skip
    hidden = ReleaseGuide(document_id=secret.id, code="S", revision="1")
    assert (await refused(farm, service.release_guide, hidden)).code == "DOCUMENT_SECRET"
    twice = ReleaseGuide(document_id=public.id, code="G", revision="v3")
    assert (await refused(farm, service.release_guide, twice)).code == "GUIDE_REVISION_EXISTS"
    first = (await farm.read(GuideRelease))[0]
    gone = WithdrawGuide(guide_release_id=first.id)
    assert (await refused(farm, service.withdraw_guide, gone)).code == "GUIDE_WITHDRAWN"


@pytest.mark.clause("P15-22")
@pytest.mark.parametrize(
    ("acts", "breached"),
    [
        ({"arranged": "11:50", "user_told": "11:55", "filed": "12:05"}, "2026-06-10 12:00"),
        ({"arranged": "11:50", "user_told": "11:55", "filed": "12:00"}, None),
        ({"filed": "10:10", "user_told": "12:01", "arranged": "10:05"}, "2026-06-10 12:00"),
    ],
)
async def test_a_dealer_arranges_tells_and_files_within_two_hours(
    farm: World, acts: dict[str, str], breached: str | None
) -> None:
    """Given a task at 10:00, arranged 11:50, user told 11:55, filed 12:05, then broken: the third act came late."""
    dealer = member("dealer", dealer_id=farm.team.id)
    farm.clock.move_to(local("2026-06-10 10:00"))
    ticket = await farm.open(service_unit_id=farm.team.id)
    task = await farm.do(service.take_dealer_task, TakeDealerTask(ticket_id=ticket.id), dealer)
    farm.clock.move_to(local("2026-06-10 13:00"))
    for number, (act, time) in enumerate(acts.items()):
        command = RecordDealerAct(dealer_task_id=task.id, act=act, at=local(f"2026-06-10 {time}"))
        [promise] = await farm.read(Commitment, subject_id=task.id)
        assert (number, promise.state) == (number, "running")
        await farm.do(service.record_dealer_act, command, dealer)
        assert (await refused(farm, service.record_dealer_act, command, dealer)).code == "DEALER_ACT_DONE"
    [promise] = await farm.read(Commitment, subject_id=task.id)
    assert (promise.state, promise.clause, wall(promise.due_at)) == ("met", "P15-22", "2026-06-10 12:00")
    assert (promise.breached_at and wall(promise.breached_at)) == breached


@pytest.mark.clause("P15-22")
async def test_a_task_is_its_own_dealers(farm: World) -> None:
    ticket = await farm.open(service_unit_id=farm.team.id)
    assert [row for row in await farm.read(Commitment) if row.milestone == "arranged"] == []
    task = await farm.do(service.take_dealer_task, TakeDealerTask(ticket_id=ticket.id))
    stranger = member("dealer", dealer_id=farm.headquarters.id)
    act = RecordDealerAct(dealer_task_id=task.id, act="arranged")
    assert (await refused(farm, service.record_dealer_act, act, stranger)).code == "NOT_FOUND"
    twice = TakeDealerTask(ticket_id=ticket.id)
    assert (await refused(farm, service.take_dealer_task, twice)).code == "DEALER_TASK_EXISTS"
    odd = RecordDealerAct(dealer_task_id=task.id, act="slept")
    assert (await refused(farm, service.record_dealer_act, odd)).code == "VALUE_UNKNOWN"
