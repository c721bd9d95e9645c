"""The squad in April (plan 2): planned, published when ready, registered opinion by opinion, summed up at the end."""

from datetime import date
from typing import Any

import pytest

from aftersales.documents.models import Document
from aftersales.kit.actor import Actor
from aftersales.kit.clock import FixedClock
from aftersales.kit.ids import new_id
from aftersales.outreach import rules, service
from aftersales.outreach.commands import (
    AddOutreachPoint,
    AddOutreachStaff,
    CloseOutreachEvent,
    CreateOutreachEvent,
    PublishOutreachEvent,
    RegisterOpinion,
    SetOutreachGood,
    UpdateOutreachEvent,
)
from aftersales.outreach.models import OutreachEvent, OutreachOpinion, OutreachPoint
from aftersales.outreach.rules import OutreachPhase, OutreachStaffNeed
from aftersales.work.models import WorkOrder
from aftersales_tenants.pools import Pools
from tests.revisits.office import VERTICAL, customer, office_of
from tests.support.refusals import refused
from tests.tickets.world import World, local

OWNER = "客服纪检部"
FIRST = OutreachPhase(code="phase_1", starts_on=date(2026, 4, 7), ends_on=date(2026, 4, 24))
GOODS = ("square parasols", "tables", "display boards", "leaflets", "small gifts")


def staff_of(department: str | None, role: str = "dispatcher") -> Actor:
    return Actor(kind="member", id=new_id(), roles=frozenset({role}), department=department)


HOST = staff_of(OWNER)


@pytest.fixture
async def mall(pools: Pools, clock: FixedClock) -> World:
    """A department store on 1 April 2026."""
    clock.move_to(local("2026-04-01 09:00"))
    return await office_of(pools, clock)


async def plan(world: World, **given: Any) -> OutreachEvent:
    command = CreateOutreachEvent(
        **{
            "code": "squad", "year": 2026, "title": "Service squad", "owner_department": OWNER, "phases": (FIRST,),
            "vertical": VERTICAL, "clause": "P02-01", **given,
        }
    )  # fmt: skip
    made: OutreachEvent = await world.do(service.create_outreach_event, command, HOST)
    return made


async def point_of(world: World, event: OutreachEvent, **given: Any) -> OutreachPoint:
    command = AddOutreachPoint(
        **{
            "outreach_event_id": event.id, "kind": "community", "place": "Garden estate", "day": date(2026, 4, 8),
            "starts": "09:00", "ends": "17:00", "staff": ("Chen", "Wang"), **given,
        }
    )  # fmt: skip
    made: OutreachPoint = await world.do(service.add_outreach_point, command, HOST)
    return made


async def published(world: World) -> tuple[OutreachEvent, OutreachPoint]:
    event = await plan(world)
    point = await point_of(world, event)
    await world.do(service.publish_outreach_event, PublishOutreachEvent(outreach_event_id=event.id), HOST)
    return event, point


async def say(world: World, point: OutreachPoint, number: int = 1, **given: Any) -> OutreachOpinion:
    command = RegisterOpinion(
        **{
            "outreach_point_id": point.id, "name": f"Resident {number}", "phone": f"139-{number:04}",
            "category": "opinion", "content": "open longer", **given,
        }
    )  # fmt: skip
    made: OutreachOpinion = await world.do(service.register_opinion, command)
    return made


@pytest.mark.clause("P02-01")
async def test_an_event_has_a_year_an_owner_and_a_first_day(mall: World) -> None:
    """Given the masked year (A13), then the year is a parameter: the same event exists once in each."""
    event = await plan(mall)
    assert (event.starts_on, event.owner_department) == (date(2026, 4, 7), OWNER)
    other = OutreachPhase(code="phase_1", starts_on=date(2027, 4, 7), ends_on=date(2027, 4, 24))
    assert (await plan(mall, year=2027, phases=(other,))).starts_on == date(2027, 4, 7)
    again = CreateOutreachEvent(
        code="squad", year=2026, title="x", owner_department=OWNER, phases=(FIRST,), vertical=VERTICAL
    )
    assert (await refused(mall, service.create_outreach_event, again, HOST)).code == "OUTREACH_EVENT_EXISTS"


@pytest.mark.clause("P02-11")
def test_a_phase_lasts_until_the_end_of_its_last_day() -> None:
    """Given 7 to 24 April, then 18 days, active on the 24th to its end and ended on the 25th."""
    assert FIRST.days == 18
    states = [rules.phase_state(FIRST, date(2026, 4, day)) for day in (6, 7, 24, 25)]
    assert states == ["upcoming", "active", "active", "ended"]


@pytest.mark.clause("P02-11")
@pytest.mark.parametrize(("at", "state"), [("2026-04-24 23:59", "active"), ("2026-04-25 00:00", "ended")])
async def test_the_phase_ends_with_the_local_day(mall: World, at: str, state: str) -> None:
    event = await plan(mall)
    mall.clock.move_to(local(at))
    async with mall.work(HOST) as uow:
        [(phase, found)] = await service.outreach_phases(uow, event.id)
    assert (phase.days, found) == (18, state)


@pytest.mark.parametrize(
    ("phases", "code"),
    [
        ((), "REQUIRED"),
        ((OutreachPhase(code="a", starts_on=date(2026, 4, 7), ends_on=date(2026, 4, 6)),), "PERIOD_INVERTED"),
        ((FIRST, OutreachPhase(code="b", starts_on=date(2026, 4, 24), ends_on=date(2026, 5, 1))), "PHASES_OVERLAP"),
        ((FIRST, OutreachPhase(code="phase_1", starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 2))), "PHASE_TWICE"),
        ((OutreachPhase(code="a", starts_on=date(2025, 4, 7), ends_on=date(2025, 4, 8)),), "PHASE_OUTSIDE_YEAR"),
    ],
)
async def test_phases_that_can_not_be(mall: World, phases: tuple[OutreachPhase, ...], code: str) -> None:
    command = CreateOutreachEvent(
        code="x", year=2026, title="x", owner_department=OWNER, phases=phases, vertical=VERTICAL
    )
    assert (await refused(mall, service.create_outreach_event, command, HOST)).code == code


@pytest.mark.clause("P02-02")
async def test_only_the_owning_department_changes_the_plan(mall: World) -> None:
    event = await plan(mall)
    command = UpdateOutreachEvent(outreach_event_id=event.id, title="Ours now")
    for department in ("销售部", None):
        fault = await refused(mall, service.update_outreach_event, command, staff_of(department))
        assert fault.code == "OUTREACH_NOT_OWNER"
    assert (
        await refused(mall, service.update_outreach_event, command, staff_of(OWNER, "engineer"))
    ).code == "FORBIDDEN"
    assert (await mall.do(service.update_outreach_event, command, HOST)).title == "Ours now"


@pytest.mark.clause("P02-03", "P02-06")
async def test_points_make_the_itinerary(mall: World) -> None:
    """Given a community on 8 April and a market day before it, then both stand in the itinerary in order."""
    event = await plan(mall)
    await point_of(mall, event)
    await point_of(
        mall, event, kind="market_day", place="Liji market", day=date(2026, 4, 7), starts="06:00", ends="11:00"
    )
    async with mall.work(HOST) as uow:
        from aftersales.outreach import queries

        stops = await queries.points(uow, event.id)
    assert [(stop.kind, stop.place, stop.day) for stop in stops] == [
        ("market_day", "Liji market", date(2026, 4, 7)), ("community", "Garden estate", date(2026, 4, 8)),
    ]  # fmt: skip
    for given, code in (
        ({"day": date(2026, 4, 25)}, "OUTSIDE_OF_PHASES"),
        ({"starts": "17:00", "ends": "09:00"}, "SLOT_INVALID"),
        ({"ends": "24:00"}, "SLOT_INVALID"),
        ({"kind": "parade"}, "VALUE_UNKNOWN"),
    ):
        command = AddOutreachPoint(
            **{  # type: ignore[arg-type]
                "outreach_event_id": event.id, "kind": "community", "place": "x", "day": date(2026, 4, 8),
                "starts": "09:00", "ends": "17:00", **given,
            }
        )  # fmt: skip
        assert (await refused(mall, service.add_outreach_point, command, HOST)).code == code


@pytest.mark.clause("P02-12")
async def test_nothing_is_published_without_an_itinerary(mall: World) -> None:
    event = await plan(mall)
    command = PublishOutreachEvent(outreach_event_id=event.id)
    assert (await refused(mall, service.publish_outreach_event, command, HOST)).code == "ITINERARY_MISSING"
    await point_of(mall, event)
    assert (await mall.do(service.publish_outreach_event, command, HOST)).state == "published"
    assert (await refused(mall, service.publish_outreach_event, command, HOST)).code == "OUTREACH_STATE_REFUSED"


@pytest.mark.clause("P02-08")
async def test_the_service_department_sends_exactly_two(mall: World) -> None:
    """Given one person of the department, then "needs 2"; two are right, a third is too many."""
    event = await plan(mall, staffing=(OutreachStaffNeed(department=OWNER, count=2, exact=True),))
    await point_of(mall, event)
    publish = PublishOutreachEvent(outreach_event_id=event.id)
    for name, gaps in (("Chen", [(2, 1)]), ("Wang", []), ("Wang", []), ("Zhao", [(2, 3)])):
        await mall.do(
            service.add_outreach_staff,
            AddOutreachStaff(outreach_event_id=event.id, department=OWNER, name=name), HOST,
        )  # fmt: skip
        async with mall.work(HOST) as uow:
            found = await service.outreach_readiness(uow, event.id)
        assert [(gap.needs, gap.has) for gap in found.staff_gaps] == gaps
    fault = await refused(mall, service.publish_outreach_event, publish, HOST)
    assert (fault.code, "needs 2" in fault.message("en")) == ("STAFF_MISSING", True)


@pytest.mark.clause("P02-10")
async def test_without_gifts_the_event_is_not_ready(mall: World) -> None:
    event = await plan(mall)
    await point_of(mall, event)

    async def ready() -> bool:
        async with mall.work(HOST) as uow:
            return (await service.outreach_readiness(uow, event.id)).ready

    for item in GOODS:
        stock = 0 if item == "small gifts" else 5
        good = SetOutreachGood(outreach_event_id=event.id, item=item, needed=5, in_stock=stock)
        await mall.do(service.set_outreach_good, good, HOST)
    assert not await ready()
    publish = PublishOutreachEvent(outreach_event_id=event.id)
    assert (await refused(mall, service.publish_outreach_event, publish, HOST)).params["items"] == "small gifts"
    gifts = SetOutreachGood(outreach_event_id=event.id, item="small gifts", needed=5, in_stock=5)
    await mall.do(service.set_outreach_good, gifts, HOST)
    assert await ready()
    none = SetOutreachGood(outreach_event_id=event.id, item="x", needed=0, in_stock=0)
    assert (await refused(mall, service.set_outreach_good, none, HOST)).code == "OUTREACH_COUNT_INVALID"


@pytest.mark.clause("P02-13")
async def test_a_missing_plan_document_warns_and_does_not_stop(mall: World) -> None:
    event = await plan(mall)
    await point_of(mall, event)

    async def warnings() -> tuple[str, ...]:
        async with mall.work(HOST) as uow:
            return (await service.outreach_readiness(uow, event.id)).warnings

    assert await warnings() == ("PLAN_DOCUMENT_MISSING",)
    document = Document(id=new_id(), title="Plan", confidentiality="public", body="b", created_at=mall.clock.now())
    await mall.add(document)
    update = UpdateOutreachEvent(outreach_event_id=event.id, plan_document_id=document.id)
    await mall.do(service.update_outreach_event, update, HOST)
    assert await warnings() == ()


@pytest.mark.clause("P02-04")
async def test_twelve_comments_are_twelve_rows_with_point_and_day(mall: World) -> None:
    _, point = await published(mall)
    for number in range(12):
        await say(mall, point, number)
    rows = await mall.read(OutreachOpinion)
    assert (len(rows), {(row.point_id, row.day) for row in rows}) == (12, {(point.id, date(2026, 4, 8))})


@pytest.mark.clause("P02-04")
async def test_the_register_is_open_between_publishing_and_closing(mall: World) -> None:
    event = await plan(mall)
    point = await point_of(mall, event)
    command = RegisterOpinion(outreach_point_id=point.id, name="Li", phone="1", category="opinion", content="x")
    assert (await refused(mall, service.register_opinion, command)).code == "OUTREACH_STATE_REFUSED"
    odd = RegisterOpinion(outreach_point_id=point.id, name="Li", phone="1", category="gossip", content="x")
    await mall.do(service.publish_outreach_event, PublishOutreachEvent(outreach_event_id=event.id), HOST)
    assert (await refused(mall, service.register_opinion, odd)).code == "VALUE_UNKNOWN"


@pytest.mark.clause("P02-05")
async def test_a_home_visit_becomes_a_dispatched_ticket(mall: World) -> None:
    """Given a resident asks for a TV repair, then a ticket with source outreach, its visit ordered (A14)."""
    _, point = await published(mall)
    opinion = await say(mall, point, category="home_visit", content="TV stays dark", home_visit=True, address="3-201")
    assert opinion.ticket_id is not None
    ticket = await mall.ticket(opinion.ticket_id)
    assert (ticket.channel, ticket.step, ticket.on_site_decided_at) == ("outreach", "on_site", mall.clock.now())
    assert [order.ticket_id for order in await mall.read(WorkOrder)] == [ticket.id]


@pytest.mark.clause("P02-07")
async def test_the_summary_goes_to_the_general_managers_office_once(mall: World) -> None:
    """Given 30 registered items, when the event closes, then one report with counts by category."""
    event, point = await published(mall)
    for number in range(30):
        await say(mall, point, number, category=("opinion", "suggestion", "complaint")[number % 3])
    close = CloseOutreachEvent(outreach_event_id=event.id)
    closed = await mall.do(service.close_outreach_event, close, HOST)
    assert closed.summary["by_category"] == {"complaint": 10, "opinion": 10, "suggestion": 10}
    [notice] = await mall.outbox("notice")
    assert (notice["roles"], "complaint 10" in notice["body"]["en"]) == (["gm_office"], True)
    assert (await refused(mall, service.close_outreach_event, close, HOST)).code == "OUTREACH_STATE_REFUSED"


@pytest.mark.clause("P02-14")
async def test_new_customers_are_counted(mall: World) -> None:
    """Given 40 registrants of whom 9 were unknown, some speaking twice, then new_customers = 9."""
    event, point = await published(mall)
    for number in range(31):
        await customer(mall, f"C-{number}", phone=f"139-{number:04}")
    for number in range(40):
        await say(mall, point, number)
    await say(mall, point, 39, home_visit=True, category="home_visit")
    await say(mall, point, 39)
    closed = await mall.do(service.close_outreach_event, CloseOutreachEvent(outreach_event_id=event.id), HOST)
    assert (closed.summary["registrants"], closed.summary["new_customers"], closed.summary["home_visits"]) == (40, 9, 1)
