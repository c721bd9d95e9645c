"""What it costs to compile a Playbook and to build a tenant's schema: time, and memory that stays."""

import gc
import tracemalloc
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from aftersales_graphql.composition import parts_for
from aftersales_graphql.machine.schema import compose
from bench.report import Report

KILOBYTE = 1024
GROUP = "playbook and schema"


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


def measure(report: Report, rounds: int, *, each: bool = True) -> None:
    """All verticals together and, with `each`, every one alone; compiled and composed anew each time."""
    registry = Registry.installed()
    parts = parts_for(registry)
    sets = [*(frozenset({name}) for name in registry.names if each), frozenset(registry.names)]
    for names in sets:
        title = next(iter(names)) if len(names) == 1 else "all verticals"
        settings: dict[str, dict[str, Any]] = {name: {} for name in names}

        def compile_playbook(settings: dict[str, dict[str, Any]] = settings) -> Any:
            return PlaybookCompiler(registry).playbook(settings)

        report.add(GROUP, f"compile a Playbook, {title}", _timed(compile_playbook, rounds), "ms")
        report.add(GROUP, f"memory of a Playbook, {title}", _kept(compile_playbook), "kB")

        def build_schema(names: frozenset[str] = names) -> Any:
            return compose(parts(names), names)

        report.add(GROUP, f"build a schema, {title}", _timed(build_schema, max(3, rounds // 5)), "ms")
        report.add(GROUP, f"memory of a schema, {title}", _kept(build_schema), "kB")
