"""A whole fleet reviewed by a worker: page by page, resumable, each asset once; on a real database."""

import asyncio
from datetime import date
from typing import Any

import pytest

from aftersales.assets.models import Asset
from aftersales.coverage import reviews
from aftersales.coverage.commands import CancelFleetReview, StartFleetReview
from aftersales.coverage.models import FleetReview, FleetVerdict
from aftersales.journal.models import Event
from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales.kit.outbox import OutboxMessage
from tests.support.refusals import refused
from tests.tickets.world import World, local, member

ACCEPTED = date(2026, 3, 1)
ENGINEER = member("engineer")


async def fleet(world: World, size: int, **more: Any) -> None:
    """So many accepted heaters beside the world's own, which never was."""
    async with world.work() as uow:
        for number in range(size):
            values = {
                "number": f"F{number}", "name": "Heater", "vertical": "solar", "asset_type": "solar_water_heater",
                "customer_id": world.customer.id, "accepted_on": ACCEPTED, "created_at": uow.now, **more,
            }  # fmt: skip
            uow.add(Asset(id=new_id(), **values))


def question(**given: Any) -> StartFleetReview:
    values = {"vertical": "solar", "asset_type": "solar_water_heater", "component": "pump", "cause": "product_quality"}
    return StartFleetReview(**{**values, **given})


async def worked(world: World, review: FleetReview) -> FleetReview:
    """What the worker makes of a review's messages, each of them delivered twice."""
    while True:
        messages = [found for found in await world.read(OutboxMessage, topic=reviews.TOPIC)
                    if found.payload["fleet_review_id"] == str(review.id)]  # fmt: skip
        newest = max(message.payload["page"] for message in messages)
        for _ in range(2):
            async with world.work() as uow:
                await reviews.advance(uow, review.id, newest)
        [now] = await world.read(FleetReview, id=review.id)
        if now.state != "running":
            return now


async def test_a_fleet_is_reviewed_page_by_page_and_each_asset_once(solar_world: World) -> None:
    """Given 2,100 heaters and one never accepted, when every message comes twice, then 2,101 answers, each once."""
    await fleet(solar_world, 2_100)
    solar_world.clock.move_to(local("2027-02-28 09:00"))
    started = await solar_world.do(reviews.start_fleet_review, question(), ENGINEER)
    assert (started.state, started.assets_decided) == ("running", 0)
    done = await worked(solar_world, started)
    assert (done.state, done.pages, done.assets_decided) == ("done", 3, 2_101)
    assert done.outcomes == {"free": 2_100, "WARRANTY_START_MISSING": 1}
    verdicts = await solar_world.read(FleetVerdict, fleet_review_id=started.id)
    assert len(verdicts) == len({verdict.asset_id for verdict in verdicts}) == 2_101
    [none] = [verdict for verdict in verdicts if verdict.outcome is None]
    assert (none.asset_id, none.refusal) == (solar_world.asset.id, "WARRANTY_START_MISSING")
    free = next(verdict for verdict in verdicts if verdict.outcome == "free")
    assert (free.payer, free.reason, free.phase, free.refusal) == ("company", "COVERED", "in_term", None)
    [ended] = await solar_world.read(Event, kind="fleet_review.done")
    assert ended.data["assets"] == 2_101


@pytest.mark.parametrize(
    ("day", "outcomes"),
    [
        (date(2027, 3, 1), {"free": 3, "WARRANTY_START_MISSING": 1}),
        (date(2027, 3, 2), {"bill_full": 3, "WARRANTY_START_MISSING": 1}),
    ],
)
async def test_the_day_of_the_failure_counts_not_that_of_the_question(
    solar_world: World, day: date, outcomes: dict[str, int]
) -> None:
    """Given a pump's twelve months from 1 March 2026, then the corresponding day is covered, the next one isn't."""
    await fleet(solar_world, 3)
    solar_world.clock.move_to(local("2028-01-01 09:00"))
    done = await worked(solar_world, await solar_world.do(reviews.start_fleet_review, question(on_day=day), ENGINEER))
    assert done.outcomes == outcomes


async def test_a_cancelled_review_decides_no_further_assets(solar_world: World) -> None:
    await fleet(solar_world, 1_500)
    started = await solar_world.do(reviews.start_fleet_review, question(), ENGINEER)
    async with solar_world.work() as uow:
        await reviews.advance(uow, started.id, 0)
    cancel = CancelFleetReview(fleet_review_id=started.id)
    assert (await solar_world.do(reviews.cancel_fleet_review, cancel, ENGINEER)).state == "cancelled"
    async with solar_world.work() as uow:
        await reviews.advance(uow, started.id, 1)
    assert len(await solar_world.read(FleetVerdict, fleet_review_id=started.id)) == 1_000
    assert (await refused(solar_world, reviews.cancel_fleet_review, cancel, ENGINEER)).code == "FLEET_REVIEW_ENDED"


async def test_of_reviews_that_are_started_at_once_one_runs(solar_world: World) -> None:
    """Given three people who start a review at one moment, then one of them has, and nothing is decided twice."""

    async def start(component: str) -> str:
        try:
            await solar_world.do(reviews.start_fleet_review, question(component=component), ENGINEER)
        except AftersalesError as refusal:
            return refusal.code
        return "started"

    outcomes = await asyncio.gather(start("pump"), start("tank"), start("pump"))
    assert sorted(outcomes) == ["FLEET_REVIEW_RUNNING", "FLEET_REVIEW_RUNNING", "started"]
    assert len(await solar_world.read(FleetReview)) == 1


async def test_a_second_review_waits_for_the_first(solar_world: World) -> None:
    first = await solar_world.do(reviews.start_fleet_review, question(), ENGINEER)
    refusal = await refused(solar_world, reviews.start_fleet_review, question(component="tank"), ENGINEER)
    assert refusal.code == "FLEET_REVIEW_RUNNING"
    await worked(solar_world, first)
    await solar_world.do(reviews.start_fleet_review, question(component="tank"), ENGINEER)


@pytest.mark.parametrize(
    ("code", "field", "given"),
    [
        ("COMPONENT_UNKNOWN", "component", {"component": "sail"}),
        ("CAUSE_UNKNOWN", "cause", {"cause": "witchcraft"}),
        ("ASSET_TYPE_UNKNOWN", "assetType", {"asset_type": "boat"}),
        ("VERTICAL_NOT_ENABLED", "vertical", {"vertical": "auto_4s"}),
        ("INSTANT_IN_FUTURE", "onDay", {"on_day": date(2026, 6, 11)}),
        ("VALUE_UNKNOWN", "evidence.0", {"evidence": ("hearsay",)}),
        ("TOO_MANY_GIVEN", "evidence", {"evidence": ("photo",) * 51}),
        ("TOO_MANY_GIVEN", "symptoms", {"symptoms": ("leak",) * 21}),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused_and_nothing_written(
    solar_world: World, code: str, field: str, given: dict[str, Any]
) -> None:
    refusal = await refused(solar_world, reviews.start_fleet_review, question(**given), ENGINEER)
    assert (refusal.code, refusal.field) == (code, field)
    assert await solar_world.read(FleetReview) == []
    assert await solar_world.read(OutboxMessage, topic=reviews.TOPIC) == []


async def test_customers_review_no_fleet(solar_world: World) -> None:
    refusal = await refused(solar_world, reviews.start_fleet_review, question(), solar_world.customer_member())
    assert refusal.code == "FORBIDDEN"
