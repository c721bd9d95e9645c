"""`python -m bench`: measures, shows progress, prints a table and writes bench/results/<time>.json."""

import argparse
import asyncio
from pathlib import Path

import uvloop

from aftersales_server.settings import Settings
from bench import dataset, deadlines, fleets, imports, money, planned, playbooks, requests, search, servers, sweep
from bench.report import RESULTS, Report

PARTS = ("deadlines", "money", "playbooks", "requests", "sweep", "fleet", "planned", "imports", "search")
ON_SERVERS = {"requests", "sweep", "fleet", "planned", "imports", "search"}
USUAL = {
    "tenants": 200, "tickets": 5000, "sweep_tenants": 1000, "sweep_commitments": 1000, "rounds": 5, "seconds": 4.0,
    "fleet_assets": 100_000, "planned_assets": 100_000, "rolled_assets": 1_000_000, "imported_rows": 100_000,
    "searched_records": 200_000,
}  # fmt: skip
SMALL = {
    "tenants": 2, "tickets": 300, "sweep_tenants": 5, "sweep_commitments": 100, "rounds": 1, "seconds": 0.3,
    "fleet_assets": 1_500, "planned_assets": 300, "rolled_assets": 1_000, "imported_rows": 700,
    "searched_records": 2_000,
}  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    """Measure what was asked for."""
    options = _options(arguments)
    report = Report()
    parts = options.only or PARTS
    if "deadlines" in parts:
        with report.step("Deadlines on a calendar with two windows a day and holidays"):
            deadlines.measure(report, 5_000 if options.quick else 100_000)
    if "money" in parts:
        with report.step("Coverage decisions and priced orders"):
            money.measure(report, 1_000 if options.quick else 50_000)
    if "playbooks" in parts:
        with report.step("Playbooks and schemas"):
            playbooks.measure(report, 3 if options.quick else 20, each=not options.quick)
    if ON_SERVERS & set(parts):
        with servers.servers(options.data) as settings:
            if "requests" in parts:
                _requests(report, settings, options)
            if "sweep" in parts:
                _sweep(report, settings, options)
            if "fleet" in parts:
                uvloop.run(fleets.measure(report, _fresh(settings, "fleet"), options.fleet_assets))
            if "planned" in parts:
                sizes = planned.PlannedSizes(options.planned_assets, options.rolled_assets)
                uvloop.run(planned.measure(report, _fresh(settings, "planned"), sizes))
            if "imports" in parts:
                uvloop.run(imports.measure(report, _fresh(settings, "imports"), options.imported_rows))
            if "search" in parts:
                uvloop.run(search.measure(report, _fresh(settings, "search"), options.searched_records))
    report.console.print(report.table())
    chosen = {name: str(value) if isinstance(value, Path) else value for name, value in vars(options).items()}
    report.console.print(f"Written to {report.write(chosen, options.results)}")


def _requests(report: Report, settings: Settings, options: argparse.Namespace) -> None:
    from aftersales_tenants.tokens import digest_of

    sizes = dataset.RequestSizes(options.tenants, options.tickets)
    name = f"requests_{sizes.tenants}_{sizes.tickets}"
    chosen = servers.on_database(settings, name)
    if not asyncio.run(servers.has_database(settings, name)):
        with report.step(f"Loading {sizes.tenants} tenants with {sizes.tickets:,} tickets each"):
            asyncio.run(servers.create_database(settings, name))
            servers.migrate(chosen)
            loaded = asyncio.run(dataset.load_requests(chosen.owner_dsn, sizes, digest_of))
        report.add("loading", "rows for the requests", loaded["rows"], "rows")
        report.add("loading", "time for them", loaded["seconds"], "s")
    uvloop.run(requests.measure(report, chosen, sizes, rounds=options.rounds, seconds=options.seconds))


def _sweep(report: Report, settings: Settings, options: argparse.Namespace) -> None:
    sizes = dataset.SweepSizes(options.sweep_tenants, options.sweep_commitments, 10)
    with report.step(f"Loading {sizes.tenants:,} tenants with {sizes.commitments:,} open commitments each"):
        chosen = _fresh(settings, "sweep")
        loaded = asyncio.run(dataset.load_sweep(chosen.owner_dsn, sizes))
    report.add("loading", "rows for the sweep", loaded["rows"], "rows")
    report.add("loading", "time for them", loaded["seconds"], "s")
    with report.step("Sweeping"):
        uvloop.run(sweep.measure(report, chosen, sizes))


def _fresh(settings: Settings, name: str) -> Settings:
    """A migrated database of that name with nothing in it."""
    if asyncio.run(servers.has_database(settings, name)):
        asyncio.run(servers.drop_database(settings, name))
    asyncio.run(servers.create_database(settings, name))
    chosen = servers.on_database(settings, name)
    servers.migrate(chosen)
    return chosen


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="small sizes, to see that it runs; its figures mean little"
    )
    parser.add_argument("--only", action="append", choices=PARTS, help="measure only this; may be repeated")
    parser.add_argument("--tenants", type=int, help="tenants of the requests (200)")
    parser.add_argument("--tickets", type=int, help="tickets per tenant (5000)")
    parser.add_argument("--sweep-tenants", type=int, help="tenants of the sweep (1000)")
    parser.add_argument("--sweep-commitments", type=int, help="open commitments per tenant (1000)")
    parser.add_argument("--fleet-assets", type=int, help="assets of a fleet that is decided (100000)")
    parser.add_argument("--planned-assets", type=int, help="assets whose three years are planned (100000)")
    parser.add_argument("--rolled-assets", type=int, help="assets among whose plans a day's are found (1000000)")
    parser.add_argument("--imported-rows", type=int, help="rows of an import (100000)")
    parser.add_argument("--searched-records", type=int, help="records among which some are found (200000)")
    parser.add_argument("--rounds", type=int, help="rounds each way (5)")
    parser.add_argument("--seconds", type=float, help="length of a round (4)")
    parser.add_argument("--data", type=Path, help="keep servers and rows in this folder, and find them there again")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the JSON goes")

    return parser


def _options(arguments: list[str] | None) -> argparse.Namespace:
    """What was asked for, with the sizes that weren't named."""
    options = _parser().parse_args(arguments)
    for name, value in (SMALL if options.quick else USUAL).items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    return options


if __name__ == "__main__":
    main()
