"""The API of real tenants over HTTP: the real schemas, the real database, real tokens; only the clock stands still."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import asyncpg
import httpx
from litestar import Litestar

from aftersales.kit.database import Base
from aftersales.plugins.registry import Registry
from aftersales_graphql.composition import parts_for
from aftersales_graphql.gateway import Gateway
from aftersales_graphql.http import graphql_handlers
from aftersales_graphql.machine.relay import encode_id
from aftersales_graphql.machine.schema import TenantSchema
from aftersales_graphql.tables import table_handlers
from tests.fixtures.database import TestPlatform, TestTenant

NODES_AT_ONCE = 100
EVERYTHING = ("auto_4s", "landscaping", "software_his", "solar")


@dataclass
class CountingConnection:
    """A connection that remembers the statements that planned reads ran on it."""

    inner: Any
    statements: list[str]

    async def fetchval(self, query: str, *args: Any) -> Any:
        self.statements.append(query)
        return await self.inner.fetchval(query, *args)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class Api:
    """A gateway over whatever platform a test has, behind HTTP without a socket."""

    def __init__(self, registry: Registry) -> None:
        self.platform: TestPlatform | None = None
        self.statements: list[str] = []
        self.feed: Callable[[UUID], AsyncIterator[UUID]] | None = None
        self.gateway = Gateway(
            parts_for=parts_for(registry),
            authenticate=self._authenticate,
            open_unit_of_work=self._open,
            services={"events": self._events, "open": self._open},
        )
        handlers = [*graphql_handlers(self.gateway), *table_handlers(self.gateway)]
        self.app = Litestar(handlers, openapi_config=None, logging_config=None)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(cast(Any, self.app)), base_url="http://test")

    def _there(self) -> TestPlatform:
        assert self.platform is not None
        return self.platform

    async def _authenticate(self, slug: str, bearer_token: str | None) -> Any:
        return await self._there().gateway.authenticate(slug, bearer_token)

    @asynccontextmanager
    async def _open(self, principal: Any) -> AsyncIterator[Any]:
        async with self._there().gateway.open(principal) as uow:
            uow.connection = CountingConnection(uow.connection, self.statements)  # type: ignore[assignment]
            yield uow

    def _events(self, tenant_id: UUID) -> AsyncIterator[UUID]:
        assert self.feed is not None
        return self.feed(tenant_id)

    def schema(self, *verticals: str) -> TenantSchema:
        return self.gateway.schema(frozenset(verticals))


@dataclass
class Caller:
    """One member of a tenant who asks; `language` is what the browser would say."""

    api: Api
    tenant: TestTenant
    token: str | None
    language: str = "en"

    async def post(
        self, query: str | None = None, variables: Mapping[str, Any] | None = None, **more: Any
    ) -> httpx.Response:
        headers = {"accept-language": self.language, **more.pop("headers", {})}
        if self.token is not None:
            headers.setdefault("authorization", f"Bearer {self.token}")
        body = {"query": query, "variables": dict(variables or {}), **more}
        return await self.api.client.post(f"/t/{self.tenant.slug}/graphql", json=body, headers=headers)

    async def answer(self, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The whole answer, whatever it is."""
        answer: dict[str, Any] = (await self.post(query, variables)).json()
        return answer

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        answer = await self.answer(query, variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def nodes(self, ids: Sequence[str], select: str = "id") -> list[Any]:
        """The nodes with these ids, asked for as many at once as the API allows."""
        found: list[Any] = []
        for first in range(0, len(ids), NODES_AT_ONCE):
            text = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {select} }} }}"
            found += (await self.ask(text, ids=list(ids[first : first + NODES_AT_ONCE])))["nodes"]
        return found

    async def refused(self, query: str, **variables: Any) -> tuple[str, str]:
        """Code and message of the only error of an answer."""
        [error] = (await self.answer(query, variables))["errors"]
        return error["extensions"]["code"], error["message"]

    async def mutate(self, mutation: str, select: str, **given: Any) -> dict[str, Any]:
        """The payload of a mutation, whether or not it was refused."""
        input_type = f"{mutation[0].upper()}{mutation[1:]}"
        text = (
            f"mutation Do($input: {self.input_of(mutation)}!) "
            f"{{ {mutation}(input: $input) {{ userErrors {{ code field message }} {select} }} }}"
        )
        payload: dict[str, Any] = (await self.ask(text, input=given))[mutation]
        assert payload, input_type
        return payload

    async def do(self, mutation: str, select: str = "", **given: Any) -> dict[str, Any]:
        """The payload of a mutation that must not be refused."""
        payload = await self.mutate(mutation, select, **given)
        assert payload["userErrors"] == [], payload["userErrors"]
        return payload

    async def code(self, mutation: str, **given: Any) -> str:
        """The code with which a mutation is refused."""
        [error] = (await self.mutate(mutation, "", **given))["userErrors"]
        return str(error["code"])

    def input_of(self, mutation: str) -> str:
        root = self.api.schema(*EVERYTHING).graphql.mutation_type
        assert root is not None
        return str(root.fields[mutation].args["input"].type.of_type.name)


def local(text: str) -> str:
    """An instant written as on the wall in Shanghai, for a variable."""
    return datetime.fromisoformat(f"{text}+08:00").isoformat()


def node_id(type_name: str, row_id: UUID) -> str:
    return encode_id(type_name, row_id)


@dataclass
class Tables:
    """All tables that hold tenants' rows, seen by the role that sees them all."""

    pool: "asyncpg.Pool[asyncpg.Record]"
    names: list[str] = field(
        default_factory=lambda: sorted(
            table.name
            for table in Base.metadata.tables.values()
            if "tenant_id" in table.columns and table.name != "platform_actions"
        )
    )

    async def content(self, tenant_id: UUID) -> dict[str, tuple[int, str]]:
        """Count and digest of a tenant's rows by table: equal before and after means nothing was written."""
        parts = [
            f"select '{name}' as name, count(*) as count, coalesce(md5(string_agg(t::text, '' order by t::text)), '')"
            f" as digest from {name} t where tenant_id = $1"
            for name in self.names
        ]
        rows = await self.pool.fetch(" union all ".join(parts), tenant_id)
        return {row["name"]: (row["count"], row["digest"]) for row in rows}

    async def some_id(self, table: str, tenant_id: UUID) -> UUID | None:
        """The id of the tenant's first row in a table."""
        found: UUID | None = await self.pool.fetchval(
            f"select id from {table} where tenant_id = $1 order by id limit 1", tenant_id
        )
        return found
