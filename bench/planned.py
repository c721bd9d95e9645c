"""Planned work: three years of obligations, a day's roll-over among very many plans, a month's board."""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from time import perf_counter
from uuid import UUID

import asyncpg
import psutil

from aftersales.kit.ids import new_id
from aftersales.planned import planner, proposals, queries
from aftersales.scope import TenantWork
from aftersales_server.settings import Settings
from aftersales_server.worker.memory import settle_memory
from aftersales_server.worker.platform import PlatformDoors, open_doors
from bench.report import Report

THREE_YEARS = timedelta(days=3 * 366)
AT_ONCE = 250
HANDS = 3
WARM_UP = 40
"""Batches after which the process has its size: ten thousand assets."""
BOARD_ROUNDS = 30
ENGINEERS = 50
VISITS_EACH = 40
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class PlannedSizes:
    """Assets whose three years are planned, and assets among whose plans a day's are found."""

    planned: int
    rolled: int

    @property
    def due(self) -> int:
        """How many plans have something new on one day, when everybody's two visits a year are spread evenly."""
        return max(1, self.rolled // 183)


async def measure(report: Report, settings: Settings, sizes: PlannedSizes) -> None:
    """Load, plan, roll over, and show a board."""
    async with open_doors(settings) as doors:
        with report.step(f"Loading {sizes.planned + sizes.rolled:,} accepted heaters with their plans"):
            fresh = await solar_company(settings, "fresh", sizes.planned, "now()")
            spread = f"case when n <= {sizes.due} then now() else now() + interval '1 day' * (1 + n % 180) end"
            rolled = await solar_company(settings, "rolled", sizes.rolled, spread)
        await _three_years(report, doors, fresh, sizes)
        await _roll_over(report, doors, settings, rolled, sizes)
        await _board(report, doors, settings, rolled)


async def _three_years(report: Report, doors: PlatformDoors, tenant: UUID, sizes: PlannedSizes) -> None:
    process, peak, begin, batches = psutil.Process(), 0, 0, 0

    async def hand() -> None:
        nonlocal peak, begin, batches
        while True:
            async with doors.tenant(tenant) as uow:
                plans = await queries.due_plans(uow, AT_ONCE)
                if not plans:
                    return
                await planner.materialise(uow, plans, horizon=THREE_YEARS)
            batches += 1
            peak = max(peak, process.memory_info().rss)
            if batches <= WARM_UP:
                begin = peak

    settle_memory()
    began, used = perf_counter(), process.cpu_times()
    await asyncio.gather(*(hand() for _ in range(HANDS)))
    seconds, spent = perf_counter() - began, process.cpu_times()
    processor = spent.user + spent.system - used.user - used.system
    stored = await doors.system_pool.fetchval("select count(*) from planned_obligations where tenant_id = $1", tenant)
    report.add(
        "planned work", f"three years of {sizes.planned:,} assets ({stored:,} obligations with deadlines)", seconds,
        "s", "≤ 120 s for 100,000 assets", obligations=stored, per_second=stored / seconds,
        planner_processor_seconds=processor,
    )  # fmt: skip
    report.add("planned work", "memory gained while planning", (peak - begin) / MEGABYTE, "MB", "flat")


async def _roll_over(
    report: Report, doors: PlatformDoors, settings: Settings, tenant: UUID, sizes: PlannedSizes
) -> None:
    from aftersales.planned.jobs import due_tenants

    now = await doors.now()
    began = perf_counter()
    async with doors.system_pool.acquire() as connection:
        found = await due_tenants(connection, now, 1000)
    looked = 1000 * (perf_counter() - began)
    if found != [tenant]:
        raise RuntimeError(f"{found} has something due instead of {tenant}")
    touched, began = 0, perf_counter()
    while True:
        async with doors.tenant(tenant) as uow:
            count = await planner.plan_due(uow, AT_ONCE)
        touched += count
        if count < AT_ONCE:
            break
    seconds = perf_counter() - began
    if touched != sizes.due:
        raise RuntimeError(f"{touched} plans were touched instead of {sizes.due}")
    # Autovacuum, which the bench's server does without, takes the entries away that the round left dead.
    owner = await asyncpg.connect(settings.owner_dsn)
    await owner.execute("vacuum analyze maintenance_plans")
    await owner.close()
    idle = []
    for _ in range(BOARD_ROUNDS):
        began = perf_counter()
        async with doors.system_pool.acquire() as connection:
            await due_tenants(connection, now, 1000)
        idle.append(1000 * (perf_counter() - began))
    report.add("planned work", f"who has something due among {sizes.rolled:,} plans", looked, "ms")
    report.add(
        "planned work", f"a day's roll-over: {touched:,} plans of {sizes.rolled:,} touched", seconds, "s",
        "only what falls due", touched=touched,
    )  # fmt: skip
    report.add("planned work", "a look with nothing due, median", median(idle), "ms", "≤ 5 ms")


async def _board(report: Report, doors: PlatformDoors, settings: Settings, tenant: UUID) -> None:
    await _visits(settings, tenant)
    taken = []
    async with doors.tenant(tenant) as uow:
        first = uow.now.date().replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        for _ in range(BOARD_ROUNDS):
            began = perf_counter()
            rows = await _shown(uow, first, last)
            taken.append(1000 * (perf_counter() - began))
    name = f"a month's board of {rows} engineers with {VISITS_EACH} visits each, median"
    report.add("planned work", name, median(taken), "ms", "≤ 50 ms", slowest=max(taken))


async def _shown(uow: TenantWork, first: date, last: date) -> int:
    return len(await proposals.planning_board(uow, first, last))


async def solar_company(settings: Settings, slug: str, assets: int, next_at: str = "null::timestamptz") -> UUID:
    """A solar company with so many accepted heaters of one customer, each with its plan."""
    tenant, customer = new_id(), new_id()
    connection = await asyncpg.connect(settings.owner_dsn)
    try:
        async with connection.transaction():
            await connection.execute("set local session_replication_role = replica")
            await connection.execute(
                "insert into tenants (id, slug, name, state, time_zone, language, settings_version, version,"
                " created_at) values ($1, $2, $2, 'active', 'Asia/Shanghai', 'zh-CN', 1, 1, now())", tenant, slug,
            )  # fmt: skip
            await connection.execute(
                "insert into tenant_verticals (tenant_id, id, vertical, settings, enabled, version)"
                " values ($1, $2, 'solar', '{}', true, 1)", tenant, new_id(),
            )  # fmt: skip
            await connection.execute(
                "insert into customers (tenant_id, id, code, name, tier, state, created_at, version, region, tags)"
                " values ($1, $2, 'C', 'C', 'standard', 'active', now(), 1, '320100', '[]')", tenant, customer,
            )  # fmt: skip
            await connection.execute(
                "with made as (insert into assets (tenant_id, id, number, name, vertical, asset_type, customer_id,"
                " attributes, accepted_on, remote_allowed, state, created_at, version)"
                " select $1, gen_random_uuid(), 'A-' || n, 'Heater', 'solar', 'solar_water_heater', $2, '{}',"
                " current_date - (n % 300), true, 'in_service', now(), 1 from generate_series(1, $3::int) n"
                " returning id, number)"
                " insert into maintenance_plans (tenant_id, id, subject_id, asset_id, customer_id, vertical, entered,"
                f" next_at, created_at, version) select $1, gen_random_uuid(), id, id, $2, 'solar', '{{}}', {next_at},"
                " now() - interval '1 year', 1 from (select id, substr(number, 3)::int as n from made) m",
                tenant, customer, assets, timeout=3600,
            )  # fmt: skip
        await connection.execute("vacuum analyze", timeout=3600)
    finally:
        await connection.close()
    return tenant


async def _visits(settings: Settings, tenant: UUID) -> None:
    """Fifty engineers with certificates, and forty visits each in this month."""
    connection = await asyncpg.connect(settings.owner_dsn)
    try:
        async with connection.transaction():
            await connection.execute("set local session_replication_role = replica")
            await connection.execute(
                "insert into engineers (tenant_id, id, code, name, party, skills, regions, state, version)"
                " select $1, gen_random_uuid(), 'E' || n, 'E' || n, 'company', '[\"electrician\"]', '[\"32\"]',"
                " 'active', 1 from generate_series(1, $2::int) n", tenant, ENGINEERS,
            )  # fmt: skip
            await connection.execute(
                "insert into engineer_certificates (tenant_id, id, engineer_id, certificate, number, valid_until)"
                " select tenant_id, gen_random_uuid(), id, 'electrician', code, current_date + 365 from engineers"
                " where tenant_id = $1", tenant,
            )  # fmt: skip
            await connection.execute(
                "insert into service_appointments (tenant_id, id, work_order_id, ticket_id, engineer_id, party,"
                " window_start, window_end, state, notes, version) select e.tenant_id, gen_random_uuid(),"
                " gen_random_uuid(), gen_random_uuid(), e.id, 'company', at, at + interval '2 hours', 'planned', '', 1"
                " from engineers e, generate_series(1, $2::int) n, lateral (select date_trunc('month', now())"
                " + interval '16 hours' * n as at) w where e.tenant_id = $1", tenant, VISITS_EACH,
            )  # fmt: skip
        await connection.execute("analyze")
    finally:
        await connection.close()
