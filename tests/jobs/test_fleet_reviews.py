"""A review of a fleet survives SIGKILL: it goes on with the page that was under way, and decides every asset once."""

from datetime import date
from uuid import UUID

from aftersales.assets.models import Asset
from aftersales.coverage import reviews
from aftersales.coverage.commands import StartFleetReview
from aftersales.coverage.fleet import PAGE
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer
from tests.jobs.stage import Stage, kill
from tests.support.wait import eventually

ASSETS = 6 * PAGE + 1
LONG_SECONDS = 90


async def solar_fleet(stage: Stage) -> UUID:
    """A solar company with so many heaters, accepted long ago."""
    tenant = await stage.tenant("solar")
    async with stage.doors.system_pool.acquire() as connection:
        await connection.execute(
            "insert into tenant_verticals (tenant_id, id, vertical, settings, enabled, version)"
            " values ($1, $2, 'solar', '{}', true, 1)", tenant, new_id(),
        )  # fmt: skip
        await connection.execute("update tenants set settings_version = settings_version + 1 where id = $1", tenant)
    async with stage.doors.tenant(tenant) as uow:
        customer = uow.add(Customer(id=new_id(), code="C", name="Homes", created_at=uow.now))
        for number in range(ASSETS):
            uow.put(
                Asset, number=f"H{number}", name="Heater", vertical="solar", asset_type="solar_water_heater",
                customer_id=customer.id, accepted_on=date(2020, 3, 1), created_at=uow.now,
            )  # fmt: skip
    return tenant


async def test_a_review_that_is_killed_again_and_again_decides_each_asset_once(stage: Stage) -> None:
    """Given 6,001 heaters, when the worker is killed in the middle of it twice, then each has one verdict."""
    tenant = await solar_fleet(stage)
    async with stage.doors.tenant(tenant) as uow:
        question = StartFleetReview(vertical="solar", asset_type="solar_water_heater", component="pump")
        await reviews.start_fleet_review(uow, question)
    for least in (1, 3):
        worker = stage.start_worker()
        await eventually(
            lambda least=least: stage.count(f"fleet_reviews where pages >= {least}"),  # type: ignore[misc]
            seconds=LONG_SECONDS, what=f"{least} pages",
        )  # fmt: skip
        kill(worker)
        # A page and its progress are one transaction: never a part of one.
        [row] = await stage.rows("select assets_decided from fleet_reviews")
        assert await stage.count("fleet_verdicts") == row["assets_decided"]
    stage.start_worker()
    await eventually(
        lambda: stage.count("fleet_reviews where state = 'done'"), seconds=LONG_SECONDS, what="the review's end"
    )

    assert await stage.count("fleet_verdicts where outcome = 'bill_full'") == ASSETS
    assert await stage.count("(select distinct asset_id from fleet_verdicts) found") == ASSETS
