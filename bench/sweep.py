"""Sweeping a million open commitments: how long the due ones take, and what a sweep costs when nothing is due."""

import asyncio
from statistics import median
from time import perf_counter

from aftersales.commitments.jobs import ALARMS
from aftersales_server.settings import Settings
from aftersales_server.worker.options import WorkerOptions
from aftersales_server.worker.platform import open_doors
from aftersales_server.worker.sweeper import Sweeper
from bench.dataset import SweepSizes
from bench.report import Report

IDLE_ROUNDS = 50


async def measure(report: Report, settings: Settings, sizes: SweepSizes) -> None:
    """Raise all that is due, then sweep on with nothing due."""
    due = sizes.tenants * sizes.due
    async with open_doors(settings) as doors:
        sweeper = Sweeper(doors, WorkerOptions(), asyncio.Event(), (ALARMS,))
        raised, began = 0, perf_counter()
        while (found := await sweeper.sweep()) > 0:
            raised += found
        seconds = perf_counter() - began
        if raised != due:
            raise RuntimeError(f"{raised} alarms were raised instead of {due}")
        idle = []
        for _ in range(IDLE_ROUNDS):
            began = perf_counter()
            await sweeper.sweep()
            idle.append(1000 * (perf_counter() - began))
    open_commitments = f"{sizes.tenants * sizes.commitments:,} open commitments, {sizes.tenants:,} tenants"
    report.add("sweep", f"{due:,} due alarms raised ({open_commitments})", seconds, "s", "≤ 10 s")
    report.add("sweep", "an idle sweep, median", median(idle), "ms", "≤ 5 ms", slowest=max(idle))
