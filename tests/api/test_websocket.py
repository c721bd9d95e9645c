"""Subscriptions over real WebSockets, by the graphql-transport-ws protocol."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.api.serving import Directory, Served
from tests.api.world import World, identifier

pytestmark = pytest.mark.anyio

EVENTS = "subscription ($id: ID!) { ticketEvents(ticketId: $id) { number customer { name } } }"


@asynccontextmanager
async def talk(served: Served, protocol: str = "graphql-transport-ws") -> AsyncIterator[ClientConnection]:
    address = f"ws://127.0.0.1:{served.port}/t/ours/graphql"
    async with connect(address, subprotocols=[Subprotocol(protocol)], proxy=None) as socket:
        yield socket


async def say(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def hear(socket: ClientConnection) -> Any:
    async with asyncio.timeout(5):
        return json.loads(await socket.recv())


async def begin(socket: ClientConnection, member: str = "ours-dispatcher", language: str = "en") -> None:
    payload = {"Authorization": f"Bearer {member}", "Accept-Language": language}
    await say(socket, type="connection_init", payload=payload)
    assert await hear(socket) == {"type": "connection_ack"}


async def closing_code(socket: ClientConnection) -> int:
    async with asyncio.timeout(5):
        await socket.wait_closed()
    assert socket.close_code is not None
    return socket.close_code


async def test_each_event_is_answered_until_the_source_ends(served: Served, world: World, directory: Directory) -> None:
    """Given a subscription, when events happen, then each answer is read freshly, and the end is told."""
    ticket = identifier(world.ours, "ticket", 4)
    async with talk(served) as socket:
        await begin(socket)
        payload = {"query": EVENTS, "variables": {"id": world.ticket_id(4)}}
        await say(socket, type="subscribe", id="one", payload=payload)
        await directory.listening.wait()
        for number in (1, 2):
            directory.feeds[ticket].put_nowait(number)
            assert await hear(socket) == {
                "type": "next",
                "id": "one",
                "payload": {"data": {"ticketEvents": {"number": "T-00004", "customer": {"name": "Customer 1"}}}},
            }
        directory.feeds[ticket].put_nowait(-1)
        assert await hear(socket) == {"type": "complete", "id": "one"}


async def test_a_completed_subscription_stops_its_source(served: Served, world: World, directory: Directory) -> None:
    """Given a running subscription, when the client completes it, then the source is closed, the socket stays."""
    async with talk(served) as socket:
        await begin(socket)
        payload = {"query": EVENTS, "variables": {"id": world.ticket_id(4)}}
        await say(socket, type="subscribe", id="one", payload=payload)
        await directory.listening.wait()
        await say(socket, type="complete", id="one")
        async with asyncio.timeout(5):
            await directory.stopped.wait()
        await say(socket, type="ping")
        assert await hear(socket) == {"type": "pong"}


async def test_a_client_that_leaves_stops_its_sources(served: Served, world: World, directory: Directory) -> None:
    """Given a running subscription, when the client is gone, then nothing goes on for it."""
    async with talk(served) as socket:
        await begin(socket)
        payload = {"query": EVENTS, "variables": {"id": world.ticket_id(4)}}
        await say(socket, type="subscribe", id="one", payload=payload)
        await directory.listening.wait()
    async with asyncio.timeout(5):
        await directory.stopped.wait()


async def test_a_revoked_token_ends_its_subscription(served: Served, world: World, directory: Directory) -> None:
    """Given a running subscription, when the token is revoked, then the next event isn't shown and the source stops."""
    async with talk(served) as socket:
        await begin(socket)
        payload = {"query": EVENTS, "variables": {"id": world.ticket_id(4)}}
        await say(socket, type="subscribe", id="one", payload=payload)
        await directory.listening.wait()
        directory.revoked.add("ours-dispatcher")
        directory.feeds[identifier(world.ours, "ticket", 4)].put_nowait(1)
        error = await hear(socket)
        assert (error["type"], error["payload"][0]["extensions"]["code"]) == ("error", "UNAUTHENTICATED")
        async with asyncio.timeout(5):
            await directory.stopped.wait()


async def test_a_vertical_switched_on_meanwhile_ends_the_subscription(
    served: Served, world: World, directory: Directory
) -> None:
    """Given a running subscription, when the tenant's schema changes, then it ends instead of using the old one."""
    async with talk(served) as socket:
        await begin(socket)
        payload = {"query": EVENTS, "variables": {"id": world.ticket_id(4)}}
        await say(socket, type="subscribe", id="one", payload=payload)
        await directory.listening.wait()
        directory.verticals = frozenset({"solar"})
        directory.feeds[identifier(world.ours, "ticket", 4)].put_nowait(1)
        assert (await hear(socket))["type"] == "error"


async def test_queries_work_over_the_socket(served: Served) -> None:
    """Given a query, when subscribed to, then one answer and the end; a bad one is an error with its code."""
    async with talk(served) as socket:
        await begin(socket, language="zh-CN")
        await say(socket, type="subscribe", id="q", payload={"query": "{ tickets { totalCount } }"})
        assert await hear(socket) == {"type": "next", "id": "q", "payload": {"data": {"tickets": {"totalCount": 30}}}}
        assert await hear(socket) == {"type": "complete", "id": "q"}
        await say(socket, type="subscribe", id="q", payload={"query": "{ tickets(first: 500) { totalCount } }"})
        error = await hear(socket)
        assert (error["type"], error["id"]) == ("error", "q")
        assert error["payload"][0]["extensions"]["code"] == "PAGE_SIZE_INVALID"
        assert error["payload"][0]["message"].startswith("每页数量")
        await say(socket, type="subscribe", id="m", payload={"query": 1})
        assert (await hear(socket))["payload"][0]["extensions"]["code"] == "REQUEST_MALFORMED"
        deep: Any = []
        for _ in range(70):
            deep = [deep]
        await say(socket, type="subscribe", id="d", payload={"query": "{ __typename }", "variables": {"a": deep}})
        assert (await hear(socket))["payload"][0]["extensions"]["code"] == "REQUEST_MALFORMED"


async def test_a_message_too_deep_to_be_read_closes_the_socket(served: Served) -> None:
    """Given a message nested beyond all reading, when sent, then the protocol's close code, and no crash."""
    async with talk(served) as socket:
        await begin(socket)
        await socket.send('{"type": "subscribe", "id": "1", "payload": ' + '{"a":' * 50_000 + "1" + "}" * 50_001)
        assert await closing_code(socket) == 4400


async def test_a_customers_subscription_sees_only_own_rows(served: Served, world: World, directory: Directory) -> None:
    """Given a subscription of a customer to another's ticket, when it changes, then the row isn't shown."""
    async with talk(served) as socket:
        await begin(socket, member="ours-customer")
        query = "subscription ($id: ID!) { ticketEvents(ticketId: $id) { number } }"
        await say(socket, type="subscribe", id="1", payload={"query": query, "variables": {"id": world.ticket_id(2)}})
        await directory.listening.wait()
        directory.feeds[identifier(world.ours, "ticket", 2)].put_nowait(1)
        answer = await hear(socket)
        assert "T-00002" not in json.dumps(answer)


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([{"type": "connection_init", "payload": {"Authorization": "Bearer wrong"}}], 4401),
        ([{"type": "connection_init"}], 4401),
        ([{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}], 4401),
        ([{"type": "nonsense"}], 4400),
        ([{"no": "type"}], 4400),
    ],
)
async def test_a_client_that_breaks_the_protocol_is_told_by_the_close_code(
    served: Served, messages: list[dict[str, Any]], code: int
) -> None:
    """Given a first message that isn't right, when sent, then the protocol's close code."""
    async with talk(served) as socket:
        for message in messages:
            await say(socket, **message)
        assert await closing_code(socket) == code


async def test_the_same_id_twice_and_a_second_init_close_the_socket(
    served: Served, world: World, directory: Directory
) -> None:
    """Given a running subscription, when its id comes again (4409), or a second init (4429), then it closes."""
    payload = {"query": EVENTS, "variables": {"id": world.ticket_id(4)}}
    async with talk(served) as socket:
        await begin(socket)
        await say(socket, type="subscribe", id="one", payload=payload)
        await directory.listening.wait()
        await say(socket, type="subscribe", id="one", payload=payload)
        assert await closing_code(socket) == 4409
    async with talk(served) as socket:
        await begin(socket)
        await say(socket, type="connection_init")
        assert await closing_code(socket) == 4429


async def test_another_subprotocol_is_not_spoken(served: Served) -> None:
    """Given a client of another protocol, when it connects, then 4406."""
    async with talk(served, protocol="graphql-ws") as socket:
        assert await closing_code(socket) == 4406
