"""A whole fleet decided as a job, page by page, every verdict kept."""

from time import perf_counter

import psutil

from aftersales.coverage import reviews
from aftersales.coverage.commands import StartFleetReview
from aftersales.coverage.models import FleetReview
from aftersales_server.settings import Settings
from aftersales_server.worker.memory import settle_memory
from aftersales_server.worker.platform import open_doors
from bench.planned import solar_company
from bench.report import Report

GROUP = "fleet"
WARM_UP = 10
"""Pages after which the process has its size."""
MEGABYTE = 1 << 20


async def measure(report: Report, settings: Settings, assets: int) -> None:
    """The job's messages carried out one after the other, as a worker does."""
    process, peaks = psutil.Process(), []
    async with open_doors(settings) as doors:
        with report.step(f"Loading a fleet of {assets:,} accepted heaters"):
            tenant = await solar_company(settings, "fleet", assets)
        settle_memory()
        began, used = perf_counter(), process.cpu_times()
        async with doors.tenant(tenant) as uow:
            question = StartFleetReview(
                vertical="solar", asset_type="solar_water_heater", component="tank", cause="product_quality"
            )
            this = (await reviews.start_fleet_review(uow, question)).id
        page = 0
        while True:
            async with doors.tenant(tenant) as uow:
                review = await uow.get(FleetReview, this)
                if review.state != "running":
                    break
                await reviews.advance(uow, this, page)
            page += 1
            peaks.append(process.memory_info().rss)
        seconds, spent = perf_counter() - began, process.cpu_times()
        kept = await doors.system_pool.fetchval("select count(*) from fleet_verdicts where tenant_id = $1", tenant)
    if kept != assets:
        raise RuntimeError(f"{kept} verdicts were kept instead of {assets}")
    report.add(
        GROUP, f"{assets:,} assets decided in one job, verdicts kept", seconds, "s", "≤ 60 s for 100,000 assets",
        outcomes=review.outcomes, per_second=assets / seconds,
        processor_seconds=spent.user + spent.system - used.user - used.system,
    )  # fmt: skip
    gained = max(peaks) - max(peaks[:WARM_UP])
    report.add(GROUP, "memory gained while deciding", gained / MEGABYTE, "MB", "flat")
