"""The example world behind a real HTTP server, with tokens for its callers."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import httpx
import uvicorn
from litestar import Litestar

from aftersales.kit.errors import NotFound, Unauthenticated
from aftersales_graphql.gateway import Gateway, PersistedOperations
from aftersales_graphql.http import graphiql_asset, graphql_handlers
from aftersales_graphql.machine.schema import SchemaPart
from tests.api.example_types import CORE, SOLAR
from tests.api.world import Caller, World, identifier


class Directory:
    """Who may ask: tenants by slug, callers by token; and a source of events that tests feed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.reset()

    def reset(self) -> None:
        """Forget everything that a test did."""
        self.verticals: frozenset[str] = frozenset()
        self.feeds: dict[UUID, asyncio.Queue[int]] = {}
        self.revoked: set[str] = set()
        self.listening = asyncio.Event()
        self.stopped = asyncio.Event()

    async def authenticate(self, slug: str, bearer_token: str | None) -> Caller:
        tenant = {"ours": self.world.ours, "theirs": self.world.theirs}.get(slug)
        if tenant is None:
            raise NotFound("NOT_FOUND", thing="tenant")
        caller = Caller(tenant, enabled_verticals=self.verticals, language="zh-CN")
        if bearer_token in self.revoked:
            raise Unauthenticated("UNAUTHENTICATED")
        if bearer_token == f"{slug}-dispatcher":
            return caller
        if bearer_token == f"{slug}-customer":
            return replace(caller.as_customer(identifier(tenant, "customer", 1)))
        if bearer_token == "crash":
            raise RuntimeError("the secret of the cellar")
        raise Unauthenticated("UNAUTHENTICATED")

    async def events(self, ticket_id: UUID) -> AsyncIterator[int]:
        """The numbers that a test puts into the ticket's feed, until -1."""
        queue = self.feeds.setdefault(ticket_id, asyncio.Queue())
        self.listening.set()
        try:
            while (number := await queue.get()) >= 0:
                yield number
        finally:
            self.stopped.set()

    def parts_for(self, verticals: frozenset[str]) -> Sequence[SchemaPart]:
        return [CORE, SOLAR] if "solar" in verticals else [CORE]


@dataclass
class Served:
    """A running server: its address and a client."""

    port: int
    client: httpx.AsyncClient
    gateway: Gateway
    directory: Directory
    headers: dict[str, str] = field(default_factory=lambda: {"authorization": "Bearer ours-dispatcher"})

    async def post(self, query: str | None, slug: str = "ours", **options: Any) -> httpx.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        body = options.pop("body", None) or {"query": query, **options}
        return await self.client.post(f"/t/{slug}/graphql", json=body, headers=headers)


@asynccontextmanager
async def serve(world: World, directory: Directory, **options: Any) -> AsyncIterator[Served]:
    """Serve on a port that the system chooses; the server is stopped when the block ends."""
    gateway = Gateway(
        parts_for=directory.parts_for,
        authenticate=directory.authenticate,
        open_unit_of_work=world.open,
        services={"events": directory.events},
        persisted=options.pop("persisted", PersistedOperations(["{ registered: __typename }"])),
        **options,
    )
    app = Litestar(
        route_handlers=[*graphql_handlers(gateway, base_domain="example.com"), graphiql_asset], openapi_config=None
    )
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    config = uvicorn.Config(app, log_config=None, ws="websockets-sansio", lifespan="off")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server._serve([listener]))
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            yield Served(port, client, gateway, directory)
    finally:
        server.should_exit = True
        await running
        listener.close()
