"""The door of every request and job: who calls, for which tenant, and the unit of work that serves it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

import aftersales.rooms  # noqa: F401 - registers guards, reactions, handlers and rounds
from aftersales.kit.actor import SYSTEM, Actor
from aftersales.kit.clock import Clock
from aftersales.kit.errors import Forbidden, NotFound, Unauthenticated, Unavailable
from aftersales.kit.statements import compiled
from aftersales.kit.unit_of_work import UnitOfWork, commit, roll_back
from aftersales.scope import TenantWork
from aftersales_tenants import queries
from aftersales_tenants.commands import SLUG
from aftersales_tenants.pools import Pools
from aftersales_tenants.principals import PlatformPrincipal, Principal
from aftersales_tenants.scopes import Scopes
from aftersales_tenants.tokens import digest_of

_REFUSED_STATES = {"suspended": "TENANT_SUSPENDED", "archived": "TENANT_ARCHIVED"}
_UNREACHABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.TooManyConnectionsError,
    OSError,
)


class Gateway:
    """Authenticates callers and opens units of work; one per process.

    `ring` is called after a commit that left something in the outbox; nothing depends on it being heard.
    """

    def __init__(
        self, pools: Pools, scopes: Scopes, clock: Clock, *, ring: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self.pools = pools
        self.scopes = scopes
        self.clock = clock
        self._ring = ring

    async def authenticate(self, slug: str, token: str | None) -> Principal:
        """The member who calls.

        TENANT_UNKNOWN, TENANT_SUSPENDED, TENANT_ARCHIVED about the tenant; UNAUTHENTICATED, one answer for a
        token that is missing, wrong, expired, revoked, of another tenant, or whose member is inactive.
        """
        if not SLUG.fullmatch(slug):
            raise NotFound("TENANT_UNKNOWN", slug=slug[:100])
        query = compiled(queries.AUTHENTICATE)
        arguments = query.arguments({"slug": slug, "digest": digest_of(token or "")})
        async with _reached(), self.pools.system.acquire() as connection:
            row = await connection.fetchrow(query.sql, *arguments)
            if row is None:
                raise NotFound("TENANT_UNKNOWN", slug=slug)
            now = self._now(row["offset_seconds"])
            if not _valid(row, now) or row["member_state"] != "active":
                raise Unauthenticated("UNAUTHENTICATED")
            if row["tenant_state"] in _REFUSED_STATES:
                raise Forbidden(_REFUSED_STATES[row["tenant_state"]])
            scope = await self.scopes.scope(connection, row["tenant_id"], row["settings_version"])
        roles = frozenset(row["roles"])
        actor = Actor(
            kind="member",
            id=row["member_id"],
            name=row["name"],
            roles=roles,
            customer_id=row["customer_id"] if "customer" in roles else None,
            dealer_id=row["service_unit_id"] if "dealer" in roles else None,
            department=row["department"],
        )
        return Principal(scope=scope, actor=actor, language=row["language"] or scope.language, now=now)

    async def authenticate_platform(self, token: str | None) -> PlatformPrincipal:
        """The platform admin who calls; UNAUTHENTICATED for any other token, a tenant's too."""
        query = compiled(queries.AUTHENTICATE_PLATFORM)
        async with _reached(), self.pools.system.acquire() as connection:
            row = await connection.fetchrow(query.sql, *query.arguments({"digest": digest_of(token or "")}))
        now = self._now(row["offset_seconds"] if row is not None else None)
        if row is None or not _valid(row, now):
            raise Unauthenticated("UNAUTHENTICATED")
        return PlatformPrincipal(Actor(kind="platform_admin", id=row["id"], name=row["name"]), now)

    @asynccontextmanager
    async def open(self, principal: Principal) -> AsyncIterator[TenantWork]:
        """A unit of work of the principal's tenant: flushed and committed at the end, rolled back on an exception.

        Only SET LOCAL names the tenant, so nothing of it stays on the connection.
        """
        async with self._connection() as connection:
            # What app.set_tenant() does, without its call: one round trip, a third less (measured). Citus carries
            # SET LOCAL to its workers. The id is a UUID object, so there is nothing to inject.
            async with _reached():
                await connection.execute(f"begin; set local app.tenant_id = '{principal.tenant_id}'")
            uow: TenantWork = UnitOfWork(
                connection, principal.tenant_id, principal.actor, principal.now, principal.scope
            )
            try:
                yield uow
                await uow.flush(last=True)
            except BaseException:
                await roll_back(connection)
                raise
            async with _reached():
                await commit(connection)
        await uow.committed()
        if uow.enqueued and self._ring is not None:
            await self._ring()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        async with _reached():
            connection = await self.pools.app.acquire()
        try:
            yield connection
        finally:
            await self.pools.app.release(connection)

    async def system(self, tenant_id: UUID) -> Principal:
        """The system itself as the caller, for jobs; the tenant's state doesn't matter to promises under way."""
        async with _reached(), self.pools.system.acquire() as connection:
            query = compiled(queries.TENANT)
            row = await connection.fetchrow(query.sql, *query.arguments({"tenant_id": tenant_id}))
            if row is None:
                raise NotFound("TENANT_UNKNOWN", slug=str(tenant_id))
            scope = await self.scopes.scope(connection, tenant_id, row["settings_version"])
            return Principal(
                scope=scope, actor=SYSTEM, language=scope.language, now=await self._platform_now(connection)
            )

    async def system_by_slug(self, slug: str) -> Principal:
        """The system itself for an active tenant; TENANT_UNKNOWN for one that isn't active either: nothing is told."""
        if not SLUG.fullmatch(slug):
            raise NotFound("TENANT_UNKNOWN", slug=slug[:100])
        query = compiled(queries.TENANT_BY_SLUG)
        async with _reached(), self.pools.system.acquire() as connection:
            row = await connection.fetchrow(query.sql, *query.arguments({"slug": slug}))
            if row is None or row["state"] in _REFUSED_STATES:
                raise NotFound("TENANT_UNKNOWN", slug=slug)
            scope = await self.scopes.scope(connection, row["id"], row["settings_version"])
            now = await self._platform_now(connection)
        return Principal(scope=scope, actor=SYSTEM, language=scope.language, now=now)

    async def now(self) -> datetime:
        """The platform's instant: the clock, moved by the development clock's offset."""
        async with _reached(), self.pools.system.acquire() as connection:
            return await self._platform_now(connection)

    async def _platform_now(self, connection: Any) -> datetime:
        return self._now(
            await connection.fetchval(compiled(queries.OFFSET).sql, *compiled(queries.OFFSET).arguments({}))
        )

    def _now(self, offset_seconds: str | None) -> datetime:
        return self.clock.now() + timedelta(seconds=float(offset_seconds or 0))


@asynccontextmanager
async def _reached() -> AsyncIterator[None]:
    """DATABASE_UNAVAILABLE for whatever says that the database is away."""
    try:
        yield
    except _UNREACHABLE as fault:
        raise Unavailable("DATABASE_UNAVAILABLE") from fault


def _valid(token: Any, now: datetime) -> bool:
    """Whether a token's row exists and is neither revoked nor expired (it is valid until that very instant)."""
    if (token["member_id"] if "member_id" in token else token["id"]) is None or token["revoked_at"] is not None:
        return False
    return token["expires_at"] is None or now <= token["expires_at"]
