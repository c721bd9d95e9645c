"""What it costs to compile a Playbook and to build a tenant's schema: time, and memory that stays."""

import gc
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from bench.report import Report

KILOBYTE = 1024


def _timed(work: Callable[[], Any], rounds: int) -> float:
    """Median milliseconds."""
    times = []
    for _ in range(rounds):
        began = perf_counter()
        work()
        times.append(1000 * (perf_counter() - began))
    return median(times)


def _kept(work: Callable[[], Any]) -> float:
    """Kilobytes that the result holds on to, after a first one was made."""
    work()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = work()
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del kept
    return (after - before) / KILOBYTE


def measure(report: Report, rounds: int) -> None:
    """Each vertical alone and all together, compiled and composed anew each time."""
    from aftersales_server.schemas import schema_of

    registry = Registry.installed()
    sets = [frozenset({name}) for name in registry.names] + [frozenset(registry.names)]
    for names in sets:
        title = next(iter(names)) if len(names) == 1 else "all verticals"
        settings: dict[str, dict[str, Any]] = {name: {} for name in names}

        def compile_playbook(settings: dict[str, dict[str, Any]] = settings) -> Any:
            return PlaybookCompiler(registry).playbook(settings)

        report.add(
            "playbook and schema", f"compile a Playbook, {title}", _timed(compile_playbook, rounds), "ms",
            kilobytes=_kept(compile_playbook),
        )  # fmt: skip

        def build_schema(names: frozenset[str] = names) -> Any:
            return schema_of(registry, names)

        report.add(
            "playbook and schema", f"build a schema, {title}", _timed(build_schema, max(3, rounds // 5)), "ms",
            kilobytes=_kept(build_schema),
        )  # fmt: skip
