"""Loads a platform's worth of rows by SQL inside the server, as the owner; foreign keys aren't re-checked.

Ids follow `bench.identifiers`, so that the load knows them without asking. Secondary indexes of the big tables
are dropped and built again after the rows, which is how a database is restored as well.
"""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import asyncpg
import msgspec

from aftersales.commitments.clocks import stored_terms
from aftersales.commitments.rules import Budget
from aftersales.commitments.targets import DEFAULT_LADDER
from aftersales.terms.base import Label
from bench import identifiers as ids

VERTICAL = "software_his"
SETTINGS = '{"profile": "hospital"}'
CUSTOMERS, ASSETS = 200, 500
OPEN_SHARE = 5
"""Every fifth ticket is open."""
EVENTS = 5

Values = Mapping[str, str]


@dataclass(frozen=True)
class RequestSizes:
    tenants: int
    tickets: int
    """Per tenant."""


@dataclass(frozen=True)
class SweepSizes:
    tenants: int
    commitments: int
    """Open ones per tenant."""
    due: int
    """Per tenant."""


def slug(tenant: int) -> str:
    return f"bench-{tenant:04d}"


def token(tenant: int) -> str:
    """The dispatcher's token; only its digest is stored, as the platform does it."""
    return f"bench-token-of-tenant-{tenant:06d}-{hashlib.sha256(str(tenant).encode()).hexdigest()[:16]}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class Loader:
    """One connection of the owner that writes rows without triggers."""

    def __init__(self, connection: asyncpg.Connection, first: int, last: int) -> None:
        self.connection = connection
        self.series = f"generate_series({first}, {last}) t"
        self.rows = 0

    async def insert(self, table: str, values: Values, *series: str) -> None:
        source = " cross join ".join([self.series, *series])
        columns = ", ".join(f'"{name}"' for name in ("tenant_id", *values))
        expressions = ", ".join([ids.sql(ids.TENANT, "t", "0"), *values.values()])
        status = await self.connection.execute(
            f"insert into {table} ({columns}) select {expressions} from {source}", timeout=3600
        )
        self.rows += int(status.split()[-1])


@asynccontextmanager
async def _bulk(connection: asyncpg.Connection, tables: Sequence[str]) -> AsyncIterator[None]:
    """Without triggers and secondary indexes while inside."""
    await connection.execute("set session_replication_role = replica; set synchronous_commit = off")
    await connection.execute("set maintenance_work_mem = '512MB'; set work_mem = '64MB'")
    found = await connection.fetch(
        "select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i "
        "where i.indrelid = any($1::text[]::regclass[]) and not exists "
        "(select 1 from pg_constraint c where c.conindid = i.indexrelid)",
        list(tables),
    )
    for index in found:
        await connection.execute(f"drop index {index['name']}")
    yield
    for index in found:
        await connection.execute(index["definition"], timeout=3600)


async def _organisation(load: Loader) -> None:
    now = "now() - interval '400 days'"
    await load.connection.execute(
        "insert into tenants "
        "(id, slug, name, state, time_zone, language, hotline, settings_version, created_at, version) "
        f"select {ids.sql(ids.TENANT, 't', '0')}, 'bench-' || lpad(t::text, 4, '0'), 'Bench ' || t, 'active', "
        f"'Asia/Shanghai', 'zh-CN', '400-000-0000', 1, {now}, 1 from {load.series}"
    )
    await load.insert(
        "tenant_verticals",
        {
            "id": ids.sql(ids.ENABLED, "t", "0"),
            "vertical": f"'{VERTICAL}'",
            "enabled": "true",
            "settings": f"'{SETTINGS}'::jsonb",
            "version": "1",
        },
    )
    await load.insert(
        "members",
        {
            "id": ids.sql(ids.MEMBER, "t", "0"),
            "name": "'Dispatcher'",
            "email": "'dispatcher@bench.example'",
            "roles": """'["owner", "dispatcher", "engineer"]'::jsonb""",
            "notice_addresses": "'[]'::jsonb",
            "state": "'active'",
            "version": "1",
        },
    )


async def _tokens(load: Loader, tenants: int, digest: Any) -> None:
    await load.connection.executemany(
        "insert into api_tokens (tenant_id, id, member_id, name, digest, issued_at) "
        "values ($1, $2, $3, 'bench', $4, now() - interval '1 day')",
        [
            (
                ids.identifier(ids.TENANT, number),
                ids.identifier(ids.TOKEN, number),
                ids.identifier(ids.MEMBER, number),
                digest(token(number)),
            )
            for number in range(1, tenants + 1)
        ],
    )


async def _parties(load: Loader) -> None:
    customers, assets = f"generate_series(1, {CUSTOMERS}) n", f"generate_series(1, {ASSETS}) n"
    long_ago = "now() - interval '300 days'"
    await load.insert(
        "customers",
        {
            "id": ids.sql(ids.CUSTOMER, "t", "n"),
            "code": "'C' || n",
            "name": "'第' || n || '人民医院'",
            "tier": "(array['standard', 'long_term', 'important'])[1 + n % 3]",
            "region": "'110101'",
            "phone": "'010-0000' || n",
            "tags": "'[]'",
            "state": "'active'",
            "created_at": long_ago,
            "version": "1",
        },
        customers,
    )
    await load.insert(
        "contacts",
        {
            "id": ids.sql(ids.CONTACT, "t", "n"),
            "customer_id": ids.sql(ids.CUSTOMER, "t", "n"),
            "name": "'联系人' || n",
            "may_authorise": "true",
            "notice_channels": "'[]'",
            "notices_refused": "false",
            "version": "1",
        },
        customers,
    )
    await load.insert(
        "sites",
        {
            "id": ids.sql(ids.SITE, "t", "n"),
            "customer_id": ids.sql(ids.CUSTOMER, "t", "n"),
            "name": "'院区' || n",
            "region": "'110101'",
            "tags": "'[]'",
            "state": "'active'",
            "version": "1",
        },
        customers,
    )
    await load.insert(
        "assets",
        {
            "id": ids.sql(ids.ASSET, "t", "n"),
            "number": "'A-' || n",
            "name": "'HIS ' || n",
            "vertical": f"'{VERTICAL}'",
            "asset_type": "'hospital_information_system'",
            "customer_id": ids.sql(ids.CUSTOMER, "t", customer_of_asset("n")),
            "site_id": ids.sql(ids.SITE, "t", customer_of_asset("n")),
            "serial": "'SN' || n",
            "attributes": """'{"product_version": "6.2", "operators": 40}'::jsonb""",
            "accepted_on": "date '2025-03-31'",
            "remote_allowed": "true",
            "state": "'in_service'",
            "created_at": long_ago,
            "version": "1",
        },
        assets,
    )
    await load.insert(
        "service_contracts",
        {
            "id": ids.sql(ids.CONTRACT, "t", "n"),
            "number": "'S-' || n",
            "title": "'维护合同'",
            "vertical": f"'{VERTICAL}'",
            "customer_id": ids.sql(ids.CUSTOMER, "t", "n"),
            "starts_on": "date '2025-01-01'",
            "playbook_key": "'bench'",
            "terms": "'{}'::jsonb",
            "state": "'active'",
            "created_at": long_ago,
            "version": "1",
        },
        customers,
    )
    await load.insert(
        "contract_lines",
        {
            "id": ids.sql(ids.LINE, "t", "n"),
            "contract_id": ids.sql(ids.CONTRACT, "t", "n"),
            "asset_type": "'hospital_information_system'",
        },
        customers,
    )


def customer_of_asset(asset: str) -> str:
    return f"(1 + ({asset}) % {CUSTOMERS})"


def asset_of_ticket(ticket: str) -> str:
    return f"(1 + ({ticket}) % {ASSETS})"


async def _tickets(load: Loader, tickets: int) -> None:
    asset = asset_of_ticket("n")
    customer = customer_of_asset(asset)
    is_open = f"n % {OPEN_SHARE} = 0"
    reported = f"now() - interval '200 days' * (({tickets} - n)::float / {tickets})"
    series = f"generate_series(1, {tickets}) n"
    await load.insert(
        "tickets",
        {
            "id": ids.sql(ids.TICKET, "t", "n"),
            "number": "'B-2026-' || lpad(n::text, 6, '0')",
            "kind": "'fault'",
            "channel": "'web'",
            "vertical": f"'{VERTICAL}'",
            "title": "'门诊收费无法打印发票 ' || n",
            "description": "'收费窗口打印发票时报错,重启后仍然出现。'",
            "state": f"case when {is_open} then 'in_progress' else 'closed' end",
            "step": "'phone'",
            "grade": "'general'",
            "priority": "2",
            "emergency": "false",
            "facts": """'{"is_complex": false, "data_affected": false}'::jsonb""",
            "customer_id": ids.sql(ids.CUSTOMER, "t", customer),
            "contact_id": ids.sql(ids.CONTACT, "t", customer),
            "site_id": ids.sql(ids.SITE, "t", customer),
            "asset_id": ids.sql(ids.ASSET, "t", asset),
            "contract_id": ids.sql(ids.CONTRACT, "t", customer),
            "region": "'110101'",
            "region_class": "'beijing'",
            "tier": "'standard'",
            "queue": "'desk'",
            "reported_at": reported,
            "graded_at": reported,
            "next_due_at": f"case when {is_open} then now() + interval '1 minute' * (n * 7919 % 20011) end",
            "created_at": reported,
            "version": "1",
        },
        series,
    )
    await load.insert(
        "events",
        {
            "id": ids.sql(ids.EVENT, "t", f"n::bigint * {EVENTS} + e"),
            "at": f"{reported} + e * interval '10 minutes'",
            "kind": "'ticket.' || (array['opened', 'graded', 'milestone', 'assigned', 'resolved'])[e]",
            "actor": "'system'",
            "subject_type": "'ticket'",
            "subject_id": ids.sql(ids.TICKET, "t", "n"),
            "ticket_id": ids.sql(ids.TICKET, "t", "n"),
            "asset_id": ids.sql(ids.ASSET, "t", asset),
            "customer_id": ids.sql(ids.CUSTOMER, "t", customer),
            "data": "jsonb_build_object('number', 'B-2026-' || lpad(n::text, 6, '0'), 'step', e)",
        },
        series,
        f"generate_series(1, {EVENTS}) e",
    )


async def load_requests(dsn: str, sizes: RequestSizes, digest: Any) -> dict[str, float]:
    """Tenants with customers, assets, contracts, tickets and five events each; rows and seconds."""
    began = perf_counter()
    connection = await asyncpg.connect(dsn)
    try:
        load = Loader(connection, 1, sizes.tenants)
        async with _bulk(connection, ("tickets", "events", "assets", "customers")):
            await _organisation(load)
            await _tokens(load, sizes.tenants, digest)
            await _parties(load)
            await _tickets(load, sizes.tickets)
        await connection.execute("vacuum analyze", timeout=3600)
        await connection.execute("checkpoint")
    finally:
        await connection.close()
    return {"rows": load.rows, "seconds": perf_counter() - began}


async def load_sweep(dsn: str, sizes: SweepSizes) -> dict[str, float]:
    """Tenants with open commitments, each with its segment; `due` of them are past their first alarm."""
    began = perf_counter()
    budget = msgspec.to_builtins(Budget(amount=8, unit="hour"))
    terms = stored_terms(
        "general_resolved",
        Label("8 小时内解决", "Resolved within 8 hours"),
        "reported",
        DEFAULT_LADDER.rungs,
        (),
        VERTICAL,
    )
    is_due = f"n <= {sizes.due}"
    # Eight hours: a clock that began six and a half hours ago is past 75 % and no further.
    started = f"case when {is_due} then now() - interval '390 minutes' else now() end"
    series = f"generate_series(1, {sizes.commitments}) n"
    connection = await asyncpg.connect(dsn)
    try:
        load = Loader(connection, 1, sizes.tenants)
        async with _bulk(connection, ("commitments", "clock_segments")):
            await _organisation(load)
            await load.insert(
                "commitments",
                {
                    "id": ids.sql(ids.COMMITMENT, "t", "n"),
                    "subject_type": "'ticket'",
                    "subject_id": ids.sql(ids.TICKET, "t", "n"),
                    "milestone": "'resolved'",
                    "party": "'company'",
                    "on_miss": "'breach'",
                    "clause": "'P08-13'",
                    "source": "'vertical'",
                    "terms": f"{_quoted(msgspec.json.encode(terms).decode())}::jsonb",
                    "state": "'running'",
                    "started_at": started,
                    "due_at": f"{started} + interval '8 hours'",
                    "spent_seconds": "0",
                    "next_alarm_at": f"{started} + interval '6 hours' + case when {is_due} then interval '0' "
                    "else interval '1 day' end",
                    "created_at": started,
                    "version": "1",
                },
                series,
            )
            await load.insert(
                "clock_segments",
                {
                    "id": ids.sql(ids.SEGMENT, "t", "n"),
                    "commitment_id": ids.sql(ids.COMMITMENT, "t", "n"),
                    "sequence": "1",
                    "kind": "'running'",
                    "starts_at": started,
                    "reason": "'reported'",
                    "budget": f"{_quoted(msgspec.json.encode(budget).decode())}::jsonb",
                    "recorded_at": started,
                    "actor": "'system'",
                },
                series,
            )
        await connection.execute("vacuum analyze", timeout=3600)
        await connection.execute("checkpoint")
    finally:
        await connection.close()
    return {"rows": load.rows, "seconds": perf_counter() - began}
