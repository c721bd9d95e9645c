"""Events over a WebSocket: to the tenant's own people, and to a customer or dealer only what is theirs.

The server is the real one: its own pools, its own ear at Redis, a port of this machine.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection, connect

from aftersales.exchange import service as exchange
from aftersales_graphql.machine.relay import decode_id
from aftersales_server.bell import Bell
from aftersales_server.settings import Settings
from tests.api.rooms.api import Api, Tables
from tests.api.rooms.world import Company, found_company
from tests.fixtures.database import TestPlatform

SUBSCRIPTION = "subscription ($id: ID) { ticketEvents(ticketId: $id) { kind ticket { number } } }"
PROGRESS = "subscription ($id: ID!) { importProgress(importId: $id) { state rowsSeen rowsTotal } }"
PATIENCE_SECONDS = 10.0


@pytest.fixture
async def bell(settings: Settings) -> AsyncIterator[Bell]:
    redis = Redis.from_url(settings.redis_dsn)
    yield Bell(redis)
    await redis.aclose()


@pytest.fixture
async def ours(rooms: Api, platform: TestPlatform, tables: Tables) -> Company:
    return await found_company(rooms, platform, tables)


@asynccontextmanager
async def listening(
    port: int, company: Company, role: str, subject_id: str | None = None, query: str = SUBSCRIPTION
) -> AsyncIterator[ClientConnection]:
    """A subscription of a member of the company."""
    url = f"ws://127.0.0.1:{port}/t/{company.tenant.slug}/graphql"
    async with connect(url, subprotocols=["graphql-transport-ws"]) as socket_:  # type: ignore[list-item]
        token = company.callers[role].token
        await say(socket_, type="connection_init", payload={"Authorization": f"Bearer {token}"})
        assert (await hear(socket_))["type"] == "connection_ack"
        payload = {"query": query, "variables": {"id": subject_id}}
        await say(socket_, type="subscribe", id="1", payload=payload)
        yield socket_


async def say(socket_: ClientConnection, **message: Any) -> None:
    await socket_.send(msgspec.json.encode(message).decode())


async def hear(socket_: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        heard: dict[str, Any] = msgspec.json.decode(await socket_.recv())
        return heard


async def next_kind(socket_: ClientConnection) -> str:
    heard = await hear(socket_)
    assert heard["type"] == "next", heard
    assert "errors" not in heard["payload"], heard
    return str(heard["payload"]["data"]["ticketEvents"]["kind"])


async def events_of(tables: Tables, company: Company, kind: str) -> list[UUID]:
    rows = await tables.pool.fetch(
        "select id from events where tenant_id = $1 and kind = $2 order by id", company.tenant.id, kind
    )
    return [row["id"] for row in rows]


async def until_heard(bell: Bell, company: Company, event_id: UUID, socket_: ClientConnection) -> str:
    """Ring for an event until the subscription, which may only just be listening, has heard it."""
    hearing = asyncio.create_task(next_kind(socket_))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not hearing.done():
            await bell.event(company.tenant.id, event_id)
            await asyncio.wait([hearing], timeout=0.1)
    return hearing.result()


async def second_ticket(company: Company) -> None:
    """Another customer's ticket, which nobody gave to the dealer, acknowledged."""
    owner = company.owner
    customer = (await owner.do("createCustomer", "customer { id }", code="C-2", name="Zhao"))["customer"]["id"]
    opened = await owner.do(
        "openTicket", "ticket { id }", kind="fault", channel="web", title="Cold", customerId=customer, vertical="solar"
    )
    await owner.do("proposePlan", ticketId=opened["ticket"]["id"], plan="a new heater")


@pytest.mark.parametrize("role", ["customer", "dealer"])
async def test_outsiders_hear_of_their_own_tickets_only(
    port: int, bell: Bell, ours: Company, tables: Tables, role: str
) -> None:
    """Given events of two customers' tickets, when both ring, then each listener hears what it may see, in order."""
    await second_ticket(ours)
    await ours.owner.do("acknowledgeTicket", ticketId=ours.ids["Ticket"], notes="coming")
    [foreign] = await events_of(tables, ours, "ticket.plan_proposed")
    [own] = await events_of(tables, ours, "ticket.answered")
    async with listening(port, ours, role) as outside, listening(port, ours, "owner") as inside:
        assert await until_heard(bell, ours, own, outside) == "ticket.answered"
        assert await until_heard(bell, ours, foreign, inside) in {"ticket.plan_proposed", "ticket.answered"}
        # Every bell rung for the other customer's event went to both; this one is the end of what the outsider hears.
        [last] = (await events_of(tables, ours, "ticket.graded"))[:1]
        await bell.event(ours.tenant.id, foreign)
        await bell.event(ours.tenant.id, last)
        heard: list[str] = []
        while not heard or heard[-1] != "ticket.graded":
            heard.append(await next_kind(outside))
        assert "ticket.plan_proposed" not in heard


@pytest.mark.parametrize("role", ["customer", "dealer"])
async def test_outsiders_do_not_hear_what_is_not_disclosed(
    port: int, bell: Bell, ours: Company, tables: Tables, role: str
) -> None:
    """Given an internal event of an outsider's ticket, when it rings before another, then only this other is heard."""
    [plan] = await events_of(tables, ours, "ticket.emergency_plan")
    graded = (await events_of(tables, ours, "ticket.graded"))[0]
    async with listening(port, ours, role) as outside, listening(port, ours, "owner") as inside:
        assert await until_heard(bell, ours, plan, inside) == "ticket.emergency_plan"
        assert await until_heard(bell, ours, graded, outside) == "ticket.graded"


async def test_no_event_crosses_to_another_tenant(
    port: int, bell: Bell, ours: Company, tables: Tables, rooms: Api, platform: TestPlatform
) -> None:
    """Given two tenants that listen, when one's event rings, even under the other's name, then only its own hear it."""
    theirs = await found_company(rooms, platform, tables)
    await ours.owner.do("acknowledgeTicket", ticketId=ours.ids["Ticket"], notes="coming")
    [mine] = await events_of(tables, ours, "ticket.answered")
    graded = (await events_of(tables, theirs, "ticket.graded"))[0]
    async with listening(port, ours, "owner") as our_ear, listening(port, theirs, "owner") as their_ear:
        assert await until_heard(bell, ours, mine, our_ear) == "ticket.answered"
        await bell.event(theirs.tenant.id, mine)
        assert await until_heard(bell, theirs, graded, their_ear) == "ticket.graded"


async def test_one_ticket_alone_can_be_listened_to(port: int, bell: Bell, ours: Company, tables: Tables) -> None:
    """Given a subscription to one ticket, when another ticket's event rings before its own, then only its own comes."""
    await second_ticket(ours)
    [foreign] = await events_of(tables, ours, "ticket.plan_proposed")
    graded = (await events_of(tables, ours, "ticket.graded"))[0]
    async with listening(port, ours, "owner", ours.ids["Ticket"]) as ear:
        await bell.event(ours.tenant.id, foreign)
        assert await until_heard(bell, ours, graded, ear) == "ticket.graded"


async def test_the_progress_of_an_import_is_heard_until_it_ends(
    port: int, bell: Bell, ours: Company, tables: Tables
) -> None:
    """Given an uploaded table, then its state is told at once and after each batch; outsiders hear nothing of it."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        answer = await client.post(
            f"/t/{ours.tenant.slug}/imports",
            params={"kind": "customers", "name": "x.csv"},
            content="code,name\n" + "".join(f"K{number},x\n" for number in range(501)),
            headers={"authorization": f"Bearer {ours.owner.token}"},
        )
    this = answer.json()["id"]
    for role in ("customer", "dealer"):
        async with listening(port, ours, role, this, PROGRESS) as outside:
            [error] = (await hear(outside))["payload"]
            assert error["extensions"]["code"] in {"FORBIDDEN", "NOT_FOUND"}
    async with listening(port, ours, "owner", this, PROGRESS) as ear:

        async def told() -> dict[str, Any]:
            progress: dict[str, Any] = (await hear(ear))["payload"]["data"]["importProgress"]
            return progress

        assert await told() == {"state": "checking", "rowsSeen": 0, "rowsTotal": 501}
        for batch, state in ((0, "checking"), (1, "checked")):
            async with ours.tenant.work() as uow:
                await exchange.advance(uow, decode_id(this)[1], "checking", batch)
            [event] = await events_of(tables, ours, ("import.progressed", "import.checked")[batch])
            await bell.event(ours.tenant.id, event)
            assert await told() == {"state": state, "rowsSeen": (500, 501)[batch], "rowsTotal": 501}
        await ours.owner.do("cancelImport", importId=this)
        [event] = await events_of(tables, ours, "import.cancelled")
        await bell.event(ours.tenant.id, event)
        assert (await told())["state"] == "cancelled"
        assert (await hear(ear))["type"] == "complete"


async def test_the_application_serves_health_metrics_and_both_apis(port: int, ours: Company) -> None:
    """Given the running application, when asked, then health, metrics, a tenant's and the platform's API answer."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["database"], ready.json()["redis"]) == (200, "ok", "ok")
        assert "aftersales_requests" in (await client.get("/metrics")).text
        headers = {"authorization": f"Bearer {ours.owner.token}"}
        answer = await client.post(
            f"/t/{ours.tenant.slug}/graphql", json={"query": "{ tenant { slug verticals } }"}, headers=headers
        )
        assert answer.json()["data"]["tenant"]["slug"] == ours.tenant.slug
        refused = await client.post("/platform/graphql", json={"query": "{ tenants { slug } }"}, headers=headers)
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
