"""How long it takes to find records in one tenant with many, as the app's role."""

import random
import statistics
import time
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from aftersales.kit.actor import Actor
from aftersales.kit.clock import SystemClock
from aftersales.kit.ids import new_id
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry as Verticals
from aftersales.records import search
from aftersales_server.settings import Settings
from aftersales_tenants.commands import CreateTenant
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.pools import open_pools
from aftersales_tenants.principals import Principal
from aftersales_tenants.scopes import Scopes
from aftersales_tenants.service import Registry
from bench.report import Report

CHARACTERS = "水箱漏热器管道阀门更换维修保养用户电路板控制器温度压力正常安装验收培训回访投诉建议质量原因措施处理结果"
WORDS_OF_A_RECORD = 24
GROUP = "search"
ROUNDS = 40
QUESTIONS = ("漏水", "水箱漏水", "控制器", "更换阀门 控制器", "pump-77", "pump-77 漏水", "nothing-like-it")


async def measure(report: Report, settings: Settings, records: int) -> None:
    """Fill one tenant and ask: the median of every question in milliseconds."""
    compiler, clock = PlaybookCompiler(Verticals.installed()), SystemClock()
    async with open_pools(settings.app_dsn, settings.system_dsn, app_size=4, system_size=4) as pools:
        gateway = Gateway(pools, Scopes(compiler), clock)
        admin = Actor(kind="platform_admin", name="bench")
        slug = f"search-{random.randrange(10**9)}"
        tenant = await Registry(pools, compiler, admin, clock.now()).create_tenant(
            CreateTenant(slug=slug, name="Search", verticals={})
        )
        owner = await _fill(pools.system, tenant, records)
        system = await gateway.system(tenant)
        staff = Actor(kind="member", id=new_id(), name="bench", roles=frozenset({"dispatcher"}))
        customer = Actor(kind="member", id=new_id(), name="bench", roles=frozenset({"customer"}), customer_id=owner)
        for asking, question in [(staff, one) for one in QUESTIONS] + [(customer, one) for one in QUESTIONS[:2]]:
            taken, found = [], 0
            for _ in range(ROUNDS):
                principal = Principal(scope=system.scope, actor=asking, language="en", now=clock.now())
                begin = time.perf_counter()
                async with gateway.open(principal) as uow:
                    found = len(await search.search(uow, question))
                taken.append((time.perf_counter() - begin) * 1000)
            taken.sort()
            role = next(iter(asking.roles))
            report.add(
                GROUP, f"{question} among {records:,} records, {role}, median", statistics.median(taken), "ms",
                found=found, p95=taken[int(len(taken) * 0.95)],
            )  # fmt: skip


async def _fill(pool: "asyncpg.Pool[asyncpg.Record]", tenant: UUID, records: int) -> UUID:
    chance = random.Random(7)
    now = datetime.now(UTC)
    owner = new_id()
    async with pool.acquire() as connection:
        await connection.execute(
            "insert into customers (tenant_id, id, code, name, tier, state, version, created_at, tags) "
            "values ($1, $2, 'C', 'C', 'standard', 'active', 1, now(), '[]')",
            tenant,
            owner,
        )
        for begin in range(0, records, 20_000):
            entries, tokens = [], []
            for number in range(begin, min(begin + 20_000, records)):
                entry = new_id()
                text = "".join(chance.choices(CHARACTERS, k=WORDS_OF_A_RECORD)) + f" pump-{number % 5000} R-{number}"
                entries.append(
                    (tenant, entry, "record", text[:60], owner if number % 1000 == 0 else None, False, False, now)
                )
                tokens += [(tenant, token, entry) for token in search.tokens_of(text)]
            columns = ["tenant_id", "id", "kind", "title", "customer_id", "internal", "hidden", "at"]
            await connection.copy_records_to_table("search_entries", records=entries, columns=columns)
            columns = ["tenant_id", "token", "entry_id"]
            await connection.copy_records_to_table("search_tokens", records=tokens, columns=columns)
        await connection.execute("analyze search_entries")
        await connection.execute("analyze search_tokens")
    return owner
