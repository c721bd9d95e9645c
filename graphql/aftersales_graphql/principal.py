"""Who asks: the facts about a caller that the API needs, and how the composition root hands them over."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from aftersales.kit.errors import Language


class Principal(Protocol):
    """An authenticated member of one tenant, as the tenants room established it from the request's token."""

    @property
    def tenant_id(self) -> UUID: ...
    @property
    def member_id(self) -> UUID | None: ...
    @property
    def roles(self) -> frozenset[str]: ...
    @property
    def customer_id(self) -> UUID | None: ...
    @property
    def dealer_id(self) -> UUID | None: ...
    @property
    def language(self) -> Language: ...
    @property
    def enabled_verticals(self) -> frozenset[str]: ...
    @property
    def settings_version(self) -> int: ...


class Connection(Protocol):
    """The part of an asyncpg connection that planned reads use; its session's time zone is UTC."""

    async def fetchval(self, query: str, *args: Any) -> Any: ...


class UnitOfWork(Protocol):
    """One open transaction with the tenant set; `now` is the transaction's instant in UTC."""

    @property
    def connection(self) -> Connection: ...
    @property
    def now(self) -> datetime: ...
    async def flush(self) -> None: ...


class UnitOfWorkFactory(Protocol):
    """Opens a unit of work for the principal's tenant; leaving it commits, an exception rolls back."""

    def __call__(self, principal: Principal) -> AbstractAsyncContextManager[Any]: ...


class Authenticate(Protocol):
    """Answers who calls: raises NotFound for an unknown tenant and Unauthenticated for a bad token."""

    async def __call__(self, slug: str, bearer_token: str | None) -> Principal: ...


Services = Mapping[str, Any]
