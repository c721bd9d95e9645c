"""Calendar feeds over HTTP, read back by a calendar library."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import httpx
import icalendar
import pytest
import recurring_ical_events  # type: ignore[import-untyped]
from litestar import Litestar

from aftersales.feeds import rules, service
from aftersales.feeds.commands import OpenFeed, RevokeFeed
from aftersales.feeds.models import CalendarFeed
from aftersales.kit.actor import Actor
from aftersales.kit.errors import AftersalesError
from aftersales_server.asgi import create_app
from aftersales_server.feeds import feed_handler
from aftersales_server.settings import Settings
from aftersales_tenants.commands import TenantState
from tests.fixtures.database import TestPlatform
from tests.planned.planning import settled, work_off
from tests.tickets.world import World, local, member
from tests.work.visiting import order, plan


@pytest.fixture
async def visited(platform: TestPlatform) -> World:
    """A heater that is due for maintenance, and a visit of the engineer Wang on 10 March 2026, 09:00 to 11:00."""
    world = await settled(platform, "solar", "solar_water_heater", accepted_on="2026-03-01")
    await work_off(world)
    ticket = await world.open(title="No hot water")
    await plan(world, await order(world, ticket), world.engineer.id, local("2026-03-10 09:00"))
    return world


@pytest.fixture
async def reader(platform: TestPlatform) -> AsyncIterator[httpx.AsyncClient]:
    """A calendar program."""
    app = Litestar([feed_handler(lambda: platform.gateway)], openapi_config=None, logging_config=None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(cast(Any, app)), base_url="http://test") as client:
        yield client


async def opened(world: World, actor: Actor | None = None, **owner: Any) -> service.OpenedFeed:
    done: service.OpenedFeed = await world.do(service.open_feed, OpenFeed(**owner), actor or world.owner)
    return done


async def refusal(world: World, actor: Actor, **owner: Any) -> str:
    with pytest.raises(AftersalesError) as caught:
        await opened(world, actor, **owner)
    return caught.value.code


def on_day(text: bytes, day: date) -> list[tuple[str, str, str]]:
    """What a calendar shows on a day: summary, begin, status."""
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).at(day)
    return [(str(one["summary"]), str(one["dtstart"].dt), str(one.get("status", ""))) for one in found]


async def test_an_engineers_feed_shows_the_visits_in_the_tenants_zone(
    visited: World, reader: httpx.AsyncClient
) -> None:
    feed = await opened(visited, engineer_id=visited.engineer.id)
    answer = await reader.get(feed.path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    [(summary, begins, status)] = on_day(answer.content, date(2026, 3, 10))
    assert (summary, begins, status) == ("No hot water · Hospital", "2026-03-10 09:00:00+08:00", "TENTATIVE")
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]


async def test_a_units_feed_shows_its_engineers_and_no_others(visited: World, reader: httpx.AsyncClient) -> None:
    own = await reader.get((await opened(visited, service_unit_id=visited.team.id)).path)
    other = await reader.get((await opened(visited, service_unit_id=visited.headquarters.id)).path)
    assert [summary for summary, _, _ in on_day(own.content, date(2026, 3, 10))] == ["No hot water · Wang"]
    assert on_day(other.content, date(2026, 3, 10)) == []


async def test_a_customers_feed_shows_visits_and_what_is_owed(visited: World, reader: httpx.AsyncClient) -> None:
    """Given two maintenance visits a year, then the day by which each has to be made is in the calendar."""
    feed = await opened(visited, visited.customer_member(), customer_id=visited.customer.id)
    text = (await reader.get(feed.path)).content
    assert len(on_day(text, date(2026, 3, 10))) == 1
    [(_, due, _)] = on_day(text, date(2026, 8, 31))
    assert due == "2026-08-31"


async def test_a_calendar_that_is_known_isnt_sent_again(visited: World, reader: httpx.AsyncClient) -> None:
    feed = await opened(visited, engineer_id=visited.engineer.id)
    tag = (await reader.get(feed.path)).headers["etag"]
    again = await reader.get(feed.path, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    ticket = await visited.open(title="Leak")
    await plan(visited, await order(visited, ticket), visited.engineer.id, local("2026-03-11 09:00"))
    assert (await reader.get(feed.path, headers={"if-none-match": tag})).status_code == 200


async def test_a_revoked_address_leads_nowhere_and_tells_nothing(visited: World, reader: httpx.AsyncClient) -> None:
    """Given a feed, when it is revoked, then 404, the same as for an address that never was."""
    feed = await opened(visited, engineer_id=visited.engineer.id)
    await visited.do(service.revoke_feed, RevokeFeed(feed_id=feed.id), visited.owner)
    never = await reader.get(feed.path.replace(feed.token, "x" * len(feed.token)))
    revoked = await reader.get(feed.path)
    assert (revoked.status_code, revoked.content, revoked.headers) == (404, b"", never.headers)
    with pytest.raises(AftersalesError) as caught:
        await visited.do(service.revoke_feed, RevokeFeed(feed_id=feed.id), visited.owner)
    assert caught.value.code == "FEED_REVOKED"


async def test_an_address_of_another_tenant_or_a_suspended_one_leads_nowhere(
    visited: World, platform: TestPlatform, reader: httpx.AsyncClient
) -> None:
    feed = await opened(visited, engineer_id=visited.engineer.id)
    other = await platform.tenant({"solar": {}})
    for path in (
        feed.path.replace(visited.tenant.slug, other.slug), feed.path.replace(visited.tenant.slug, "nobody"),
        feed.path.removesuffix(".ics"), f"/t/{visited.tenant.slug}/feeds/{'a' * 3000}.ics",
    ):  # fmt: skip
        assert (await reader.get(path)).status_code == 404
    await platform.registry.suspend(TenantState(slug=visited.tenant.slug))
    assert (await reader.get(feed.path)).status_code == 404


async def test_only_the_digest_of_a_token_is_kept(visited: World) -> None:
    feed = await opened(visited, engineer_id=visited.engineer.id)
    [row] = await visited.read(CalendarFeed)
    assert feed.token not in str(row.__dict__)
    assert row.digest == service.digest_of(feed.token)


async def test_nobody_opens_a_calendar_that_isnt_theirs(visited: World) -> None:
    before = await visited.counts()
    other_customer, dealer = (
        member("customer", customer_id=visited.team.id),
        member("dealer", dealer_id=visited.team.id),
    )
    assert await refusal(visited, other_customer, customer_id=visited.customer.id) == "NOT_FOUND"
    assert await refusal(visited, visited.customer_member(), engineer_id=visited.engineer.id) == "FORBIDDEN"
    assert await refusal(visited, visited.customer_member(), service_unit_id=visited.team.id) == "FORBIDDEN"
    assert await refusal(visited, dealer, service_unit_id=visited.headquarters.id) == "NOT_FOUND"
    assert await refusal(visited, dealer, customer_id=visited.customer.id) == "NOT_FOUND"
    assert await refusal(visited, dealer, engineer_id=visited.other_engineer.id) == "NOT_FOUND"
    assert await refusal(visited, visited.engineer_member, engineer_id=visited.engineer.id) == "FORBIDDEN"
    assert await refusal(visited, member("finance"), customer_id=visited.customer.id) == "FORBIDDEN"
    assert await refusal(visited, visited.owner) == "FEED_OWNER_REQUIRED"
    both = {"engineer_id": visited.engineer.id, "customer_id": visited.customer.id}
    assert await refusal(visited, visited.owner, **both) == "FEED_OWNER_REQUIRED"
    assert await visited.counts() == before


def test_a_zone_with_daylight_saving_time_keeps_the_wall_clock() -> None:
    """Given visits at 09:00 in Berlin before and after the change of 29 March 2026, then both are read as 09:00."""
    berlin = ZoneInfo("Europe/Berlin")
    visits = [
        rules.Visit(
            id=str(day), begins=begin, ends=begin + timedelta(hours=2), title="Visit", place="", description="",
            state="planned", confirmed=True, version=1,
        )
        for day in (28, 30)
        for begin in [datetime(2026, 3, day, 9, tzinfo=berlin).astimezone(UTC)]
    ]  # fmt: skip
    text = rules.render("Team", "Europe/Berlin", datetime(2026, 3, 1, tzinfo=UTC), visits, [])
    for day, offset in ((28, "+01:00"), (30, "+02:00")):
        [(_, begins, status)] = on_day(text, date(2026, 3, day))
        assert (begins, status) == (f"2026-03-{day} 09:00:00{offset}", "CONFIRMED")
    [zone] = icalendar.Calendar.from_ical(text).walk("VTIMEZONE")
    assert {part.name for part in zone.subcomponents} == {"STANDARD", "DAYLIGHT"}


def test_the_application_serves_the_addresses(settings: Settings) -> None:
    paths = {route.path_format for route in create_app(settings).routes}
    assert "/t/{tenant}/feeds/{name}" in paths
