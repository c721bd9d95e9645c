"""The three requests of the main job over HTTP, each as a ratio to its own SQL by plain asyncpg in the same run."""

import itertools
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from strawberry.relay import to_base64

from aftersales_server.settings import Settings
from bench import identifiers as ids
from bench.capture import Watched, inner_api, watching
from bench.dataset import ASSETS, CUSTOMERS, RequestSizes, slug, token
from bench.http_client import HttpLoad, request_bytes
from bench.rates import Rate, median_rate
from bench.report import Report
from bench.servers import api
from bench.sql_load import SqlLoad

CONNECTIONS = 16

ONE_TICKET = """query Ticket($id: ID!) { ticket(id: $id) {
  id number title state grade priority reportedAt nextDueAt version
  customer { id name tier phone } asset { id number name serial acceptedOn }
  contract { id number title startsOn endsOn }
  lastEvents(first: 5) { id at kind actor data } } }"""
WORKLIST = """query Worklist { tickets(first: 50, filter: {open: true}, orderBy: [{field: NEXT_DUE_AT}]) { nodes {
  id number title state grade nextDueAt customer { id name tier } asset { id number name } } } }"""
OPEN_TICKET = """mutation Open($input: OpenTicketInput!) { openTicket(input: $input) {
  ticket { id number grade nextDueAt } userErrors { field code message } } }"""
KINDS = ("ticket", "worklist", "open")
WATCHED = (*KINDS, "open_by_rule")
"""Where no rule of the vertical decides the grade, opening asks its `classify_fault`: a decision, not a table."""
AIMS = {"ticket": 0.25, "worklist": 0.25, "open": 0.5}
NAMES = {
    "ticket": "a ticket with customer, asset, contract, last five events",
    "worklist": "50 open tickets by due time, with customer and asset",
    "open": "open a ticket",
    "open_by_rule": "open a ticket that a declared rule grades",
}


@dataclass(frozen=True)
class Target:
    """One request's place: a tenant and a ticket in it (or the number that a new one's customer goes by)."""

    tenant: int
    number: int

    @property
    def asset(self) -> int:
        return 1 + self.number % ASSETS

    @property
    def customer(self) -> int:
        return 1 + self.asset % CUSTOMERS

    def known_ids(self) -> list[UUID]:
        """The ids that a captured statement may carry, always in the same order."""
        return [
            ids.identifier(ids.TENANT, self.tenant),
            ids.identifier(ids.MEMBER, self.tenant),
            ids.identifier(ids.TICKET, self.tenant, self.number),
            ids.identifier(ids.CUSTOMER, self.tenant, self.customer),
            ids.identifier(ids.CONTACT, self.tenant, self.customer),
            ids.identifier(ids.SITE, self.tenant, self.customer),
            ids.identifier(ids.ASSET, self.tenant, self.asset),
            ids.identifier(ids.CONTRACT, self.tenant, self.customer),
        ]


def _global(kind: str, identifier: UUID) -> str:
    return to_base64(kind, str(identifier))


def body(kind: str, target: Target) -> dict[str, Any]:
    """The GraphQL request of a kind."""
    if kind == "ticket":
        ticket = ids.identifier(ids.TICKET, target.tenant, target.number)
        return {"query": ONE_TICKET, "variables": {"id": _global("Ticket", ticket)}}
    if kind == "worklist":
        return {"query": WORKLIST}
    return {
        "query": OPEN_TICKET,
        "variables": {
            "input": {
                "kind": "fault",
                "channel": "web",
                "title": "门诊收费无法打印发票",
                "description": "收费窗口打印发票时报错,重启后仍然出现。",
                "customerId": _global("Customer", ids.identifier(ids.CUSTOMER, target.tenant, target.customer)),
                "contactId": _global("Contact", ids.identifier(ids.CONTACT, target.tenant, target.customer)),
                "assetId": _global("Asset", ids.identifier(ids.ASSET, target.tenant, target.asset)),
                **({"facts": {"is_complex": True}} if kind == "open_by_rule" else {}),
            }
        },
    }


def sound(kind: str) -> Callable[[bytes], bool]:
    """Whether an answer is what was asked for."""
    if kind.startswith("open"):
        return lambda answer: b'"errors"' not in answer and b'"userErrors":[]' in answer
    if kind == "worklist":
        return lambda answer: b'"errors"' not in answer and answer.count(b'"number"') >= 50
    return lambda answer: b'"errors"' not in answer and answer.count(b'"kind"') == 5


def targets(sizes: RequestSizes, seed: int) -> Iterator[Target]:
    """Places all over the platform, the same in every run."""
    choose = random.Random(seed)
    while True:
        yield Target(choose.randrange(1, sizes.tenants + 1), choose.randrange(1, sizes.tickets + 1))


def encoded(kind: str, sizes: RequestSizes, count: int = 4000) -> Callable[[], bytes]:
    """Requests ready to send, in a ring."""
    chosen = itertools.islice(targets(sizes, seed=7), count)
    ready = [
        request_bytes(
            f"/t/{slug(target.tenant)}/graphql",
            token(target.tenant),
            json.dumps(body(kind, target), ensure_ascii=False).encode(),
        )
        for target in chosen
    ]
    ring = itertools.cycle(ready)
    return lambda: next(ring)


_HOUSEKEEPING = re.compile(
    r"^\s*(begin|commit|rollback|start transaction|set |select app\.set_tenant|select set_config|select pg_|reset)",
    re.I,
)
_AUTHENTICATION = ("api_tokens", "tenant_verticals", "from tenants", "platform_settings")


def business_statements(watched: Watched) -> list[tuple[str, tuple[Any, ...]]]:
    """What a request sends apart from opening its transaction and finding out who asks."""
    return [
        (sql, args)
        for sql, args in watched.statements
        if not _HOUSEKEEPING.match(sql) and not any(word in sql.lower() for word in _AUTHENTICATION)
    ]


class Replay:
    """Captured statements with the ids of another target, and with new ids for what they insert."""

    def __init__(self, captured: list[tuple[str, tuple[Any, ...]]], origin: Target) -> None:
        self.captured = captured
        self._origin = [str(known) for known in origin.known_ids()]
        texts = [arg for _, args in captured for arg in args if isinstance(arg, str)]
        made = {found for text in texts for found in re.findall(r'"id":"([0-9a-f-]{36})"', text)}
        self._made = sorted(made - set(self._origin))
        numbers = {found for text in texts for found in re.findall(r'"number":"(T-\d{4}-\d+)"', text)}
        self._numbers = sorted(numbers)

    def statements(self, target: Target) -> list[tuple[str, tuple[Any, ...]]]:
        """The same work for another target."""
        swap = dict(zip(self._origin, (str(known) for known in target.known_ids()), strict=True))
        swap.update((old, str(uuid4())) for old in self._made)
        swap.update((old, f"R-{uuid4().hex}") for old in self._numbers)
        pattern = re.compile("|".join(map(re.escape, swap)))

        def moved(value: Any) -> Any:
            if isinstance(value, UUID):
                found = swap.get(str(value))
                return UUID(found) if found else value
            if isinstance(value, str):
                return pattern.sub(lambda match: swap[match.group()], value)
            if isinstance(value, list):
                return [moved(item) for item in value]
            return value

        return [(sql, tuple(moved(arg) for arg in args)) for sql, args in self.captured]


async def capture(settings: Settings, sizes: RequestSizes, report: Report) -> dict[str, Replay]:
    """The statements of each kind of request, taken from a warm API; its hook dispatches are reported."""
    found: dict[str, Replay] = {}
    origin = next(targets(sizes, seed=7))
    async with inner_api(settings) as client:
        for kind in WATCHED:
            headers = {"authorization": f"Bearer {token(origin.tenant)}", "accept-language": "zh-CN"}
            with watching() as watched:
                for _ in range(2):
                    watched.clear()
                    answer = await client.post(
                        f"/t/{slug(origin.tenant)}/graphql", json=body(kind, origin), headers=headers
                    )
            if answer.status_code != 200 or not sound(kind)(answer.content):
                raise RuntimeError(f"the API answered {answer.status_code}: {answer.text[:2000]}")
            statements = business_statements(watched)
            found[kind] = Replay(statements, origin)
            report.add(
                "hot path", f"hooks dispatched: {NAMES[kind]}", len(watched.hooks), "calls", "0", hooks=watched.hooks
            )
            report.add(
                "hot path", f"statements: {NAMES[kind]}", len(statements), "", sent=len(watched.statements),
                sql=[sql for sql, _ in watched.statements],
            )  # fmt: skip
    return found


async def measure(
    report: Report,
    settings: Settings,
    sizes: RequestSizes,
    *,
    rounds: int,
    seconds: float,
    kinds: tuple[str, ...] = KINDS,
) -> None:
    """Alternating rounds of HTTP and plain asyncpg at the same concurrency; medians and their ratio."""
    replays = await capture(settings, sizes, report)
    with api(settings) as served:
        for kind in kinds:
            requests = encoded(kind, sizes)
            chosen = targets(sizes, seed=11)
            async with (
                HttpLoad(served.port, CONNECTIONS, sound(kind)) as http,
                SqlLoad(settings.app_dsn, CONNECTIONS) as plain,
            ):
                over_http: list[Rate] = []
                over_sql: list[Rate] = []
                with report.step(f"{NAMES[kind]}: {rounds} rounds of {seconds:g} s each way"):
                    await http.round(requests, min(seconds, 2.0))
                    for _ in range(rounds):
                        over_http.append(await http.round(requests, seconds))
                        over_sql.append(await plain.round(replays[kind], chosen, seconds))
            _report(report, kind, over_http, over_sql)


def _report(report: Report, kind: str, over_http: list[Rate], over_sql: list[Rate]) -> None:
    http, plain = median_rate(over_http), median_rate(over_sql)
    shown = {"http": [vars(rate) for rate in over_http], "sql": [vars(rate) for rate in over_sql]}
    report.add("requests", f"{NAMES[kind]}, over HTTP", http, "/s", rounds=shown["http"])
    report.add("requests", f"{NAMES[kind]}, plain asyncpg", plain, "/s", rounds=shown["sql"])
    report.add("requests", f"{NAMES[kind]}, ratio", http / plain, "", f"≥ {AIMS[kind]}")
