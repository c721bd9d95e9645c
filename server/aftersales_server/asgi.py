"""The API as an ASGI application: tenants' GraphQL, the platform's, health and metrics."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import asyncpg
import structlog
from litestar import Litestar, Response, get
from litestar.plugins.prometheus import PrometheusConfig, PrometheusController
from redis.asyncio import Redis
from redis.exceptions import RedisError

from aftersales.plugins.registry import Registry as Verticals
from aftersales_graphql.composition import parts_for
from aftersales_graphql.gateway import Gateway, PersistedOperations
from aftersales_graphql.http import graphiql_asset, graphql_handlers
from aftersales_graphql.platform import PLATFORM, PlatformCaller, open_platform
from aftersales_graphql.principal import Principal
from aftersales_graphql.tables import table_handlers
from aftersales_server.bell import Bell
from aftersales_server.composition import Composition, open_composition
from aftersales_server.events import EventHub
from aftersales_server.feeds import feed_handler
from aftersales_server.files import file_handlers
from aftersales_server.settings import Settings, load_operations, load_settings
from aftersales_server.worker.health import worker_alive
from aftersales_tenants.service import Registry

PLATFORM_PATH = "/platform/graphql"
_GC_THRESHOLD = 20_000


class Api:
    """The process's state: what is opened at start and closed at the end, and the handlers over it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.verticals = Verticals.installed()
        self.redis = Redis.from_url(settings.redis_dsn)
        self.hub = EventHub(self.redis)
        self._composition: Composition | None = None
        self.tenants = Gateway(
            parts_for=parts_for(self.verticals),
            authenticate=self._authenticate,
            open_unit_of_work=lambda principal: self.composition.gateway.open(principal),
            requests_per_minute=settings.rate_limit_per_minute,
            introspection_roles=settings.introspection_roles,
            persisted=PersistedOperations(load_operations(settings), only=settings.persisted_only),
            services={"events": self._events, "open": lambda principal: self.composition.gateway.open(principal)},
        )
        self.platform = Gateway(
            parts_for=lambda _: [PLATFORM],
            authenticate=self._authenticate_platform,
            open_unit_of_work=open_platform,  # type: ignore[arg-type]
            services={"registry": self._registry, "platform": self._platform},
            default_language="en",
        )

    @property
    def composition(self) -> Composition:
        assert self._composition is not None  # noqa: S101 - handlers run only within the lifespan
        return self._composition

    @asynccontextmanager
    async def lifespan(self, _app: Litestar) -> AsyncIterator[None]:
        """Open the database, listen for events; close both at the end."""
        async with open_composition(self.settings, bell=Bell(self.redis), verticals=self.verticals) as composition:
            self._composition = composition
            listening = asyncio.create_task(self.hub.run())
            # What was loaded at start lives as long as the process: the collector needn't look at it again, and a
            # request makes few cycles, so it looks less often.
            gc.freeze()
            gc.set_threshold(_GC_THRESHOLD)
            try:
                yield
            finally:
                listening.cancel()
                with suppress(asyncio.CancelledError):
                    await listening
                await self.redis.aclose()

    async def _authenticate(self, slug: str, bearer_token: str | None) -> Principal:
        return await self.composition.gateway.authenticate(slug, bearer_token)

    async def _authenticate_platform(self, slug: str, bearer_token: str | None) -> Principal:
        return PlatformCaller(await self.composition.gateway.authenticate_platform(bearer_token))

    def _events(self, tenant_id: UUID) -> AsyncIterator[UUID]:
        return self.hub.events(tenant_id)

    def _registry(self, caller: PlatformCaller) -> Registry:
        principal = caller.platform
        return Registry(self.composition.pools, self.composition.compiler, principal.actor, principal.now)

    def _platform(self, caller: PlatformCaller) -> Any:
        return self.composition.platform(caller.platform.actor)

    # --- health ------------------------------------------------------------------------------------------

    async def ready(self) -> tuple[bool, dict[str, str]]:
        """Whether requests can be served, and how each part is; only the database decides.

        Without Redis or worker requests are still served, and what they promise is done later.
        """
        parts = {"database": "ok", "redis": "ok", "worker": "ok"}
        try:
            async with self.composition.pools.system.acquire(timeout=2) as connection:
                if not await worker_alive(connection):
                    parts["worker"] = "silent"
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
            parts["database"] = parts["worker"] = "unreachable"
        try:
            await asyncio.wait_for(self.redis.ping(), 2)
        except (RedisError, OSError, TimeoutError):
            parts["redis"] = "unreachable"
        return parts["database"] == "ok", parts


class Metrics(PrometheusController):
    """Figures of this process for Prometheus."""

    path = "/metrics"
    openmetrics_format = True


def create_app(settings: Settings | None = None) -> Litestar:
    """The application; settings come from the environment unless given."""
    api = Api(settings or load_settings())

    @get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @get("/readyz", include_in_schema=False)
    async def readyz() -> Response[dict[str, str]]:
        ready, parts = await api.ready()
        return Response(parts, status_code=200 if ready else 503)

    structlog.configure(processors=[structlog.processors.TimeStamper("iso"), structlog.processors.JSONRenderer()])
    return Litestar(
        route_handlers=[
            *graphql_handlers(api.tenants, base_domain=api.settings.base_domain),
            *graphql_handlers(api.platform, path=PLATFORM_PATH),
            *file_handlers(api.tenants, limit=api.settings.file_bytes),
            *table_handlers(api.tenants),
            graphiql_asset,
            feed_handler(lambda: api.composition.gateway),
            healthz,
            readyz,
            Metrics,
        ],
        middleware=[PrometheusConfig(app_name="aftersales", prefix="aftersales", group_path=True).middleware],
        lifespan=[api.lifespan],
        openapi_config=None,
        logging_config=None,
    )
