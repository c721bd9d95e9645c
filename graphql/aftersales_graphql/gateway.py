"""Between transports and executors: who asks, in which language, against which schema."""

import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec

from aftersales.kit.errors import AftersalesError, InvalidInput, Language, TooManyRequests
from aftersales_graphql import errors
from aftersales_graphql.language import choose_language
from aftersales_graphql.limits import Limits
from aftersales_graphql.machine.document import Bounded
from aftersales_graphql.machine.executor import Executor, Refresh, Request
from aftersales_graphql.machine.schema import SchemaPart, TenantSchema, compose
from aftersales_graphql.principal import Authenticate, Principal, UnitOfWorkFactory
from aftersales_graphql.rates import RateLimiter

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class PersistedQuery(msgspec.Struct, rename="camel"):
    sha256_hash: str = ""


class Extensions(msgspec.Struct, rename="camel"):
    persisted_query: PersistedQuery | None = None


class Body(msgspec.Struct, rename="camel"):
    """A request's body as GraphQL over HTTP prescribes it."""

    query: str | None = None
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: Extensions | None = None


_BODY = msgspec.json.Decoder(Body)
VARIABLES_DEPTH = 64
"""How deep lists and objects of variables may lie in one another; no input of the API comes near."""


def parse_body(raw: bytes) -> Body:
    """The request in a body; BATCH_REFUSED for a list, REQUEST_MALFORMED for anything else that isn't one."""
    if raw[:1] == b"[":
        raise InvalidInput("BATCH_REFUSED")
    try:
        return checked_body(_BODY.decode(raw))
    except msgspec.DecodeError as error:
        raise InvalidInput("REQUEST_MALFORMED", reason=str(error)) from error
    except RecursionError as error:
        raise _too_deep() from error


def checked_body(body: Body) -> Body:
    """The body, unless its variables are nested beyond all use: REQUEST_MALFORMED."""
    level: list[Any] = [body.variables] if body.variables else []
    for _ in range(VARIABLES_DEPTH):
        if not level:
            return body
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    raise _too_deep()


def _too_deep() -> InvalidInput:
    return InvalidInput("REQUEST_MALFORMED", reason=f"nested more than {VARIABLES_DEPTH} deep")


def request_id_of(given: str | None) -> str:
    """The caller's own request id when it is harmless, else a new one."""
    return given if given is not None and _REQUEST_ID.fullmatch(given) else uuid4().hex


class HttpAnswer(NamedTuple):
    """What a request is answered over HTTP; `retry_after` in seconds when it came too soon."""

    status: int
    body: bytes
    retry_after: int | None = None


class PersistedOperations:
    """Operations by the SHA-256 of their text: those registered at start, and those that a tenant's callers persist.

    What one tenant persists, no other finds. With `only`, nothing but the registered ones is executed.
    """

    def __init__(self, texts: Sequence[str] = (), *, only: bool = False, size: int = 1000) -> None:
        self._fixed = {sha256(text.encode()).hexdigest(): text for text in texts}
        self._learnt: Bounded[tuple[UUID, str], str] = Bounded(size)
        self.only = only

    def resolve(self, body: Body, tenant_id: UUID) -> str:
        """The text to execute; OPERATION_NOT_PERSISTED, or PERSISTED_HASH_MISMATCH when text and hash differ."""
        persisted = body.extensions.persisted_query if body.extensions else None
        wanted = persisted.sha256_hash.lower() if persisted else None
        if wanted is None:
            if not body.query:
                raise InvalidInput("REQUIRED", field="query", field_name="query")
            if not self.only:
                return body.query
            wanted = sha256(body.query.encode()).hexdigest()
        known = self._fixed.get(wanted) or (None if self.only else self._learnt.get((tenant_id, wanted)))
        if known is not None:
            return known
        if body.query is None or self.only:
            raise InvalidInput("OPERATION_NOT_PERSISTED", field="query", hash=wanted[:64])
        if sha256(body.query.encode()).hexdigest() != wanted:
            raise InvalidInput("PERSISTED_HASH_MISMATCH", field="query")
        self._learnt.put((tenant_id, wanted), body.query)
        return body.query


class Gateway:
    """Serves all tenants: one executor per set of enabled verticals, made when first needed and kept.

    `parts_for` gives the schema's parts for a set of verticals; `authenticate` and `open_unit_of_work` come from
    the composition root, `services` reach resolvers as `call.services`. `requests_per_minute` is a tenant's share.
    """

    def __init__(
        self,
        *,
        parts_for: Callable[[frozenset[str]], Sequence[SchemaPart]],
        authenticate: Authenticate,
        open_unit_of_work: UnitOfWorkFactory,
        services: Mapping[str, Any] | None = None,
        limits: Limits | None = None,
        introspection_roles: frozenset[str] | None = None,
        persisted: PersistedOperations | None = None,
        default_language: Language = "zh-CN",
        schemas: int = 64,
        requests_per_minute: int = 0,
    ) -> None:
        self.authenticate = authenticate
        self.default_language = default_language
        self._parts_for = parts_for
        self._open = open_unit_of_work
        self._services = services or {}
        self._limits = limits or Limits()
        self._introspection_roles = introspection_roles
        self._persisted = persisted or PersistedOperations()
        self._rates = RateLimiter(requests_per_minute)
        self._executors: Bounded[frozenset[str], Executor] = Bounded(schemas)

    def schema(self, verticals: frozenset[str]) -> TenantSchema:
        """The schema that tenants with these verticals see."""
        return self.executor(verticals).schema

    def executor(self, verticals: frozenset[str]) -> Executor:
        """The executor for a set of verticals, with its caches."""
        found = self._executors.get(verticals)
        if found is None:
            found = Executor(
                compose(self._parts_for(verticals), verticals),
                self._open,
                services=self._services,
                limits=self._limits,
                introspection_roles=self._introspection_roles,
            )
            self._executors.put(verticals, found)
        return found

    async def answer(
        self, slug: str, authorization: str | None, accept_language: str | None, raw: bytes, request_id: str
    ) -> HttpAnswer:
        """The answer to one request; every failure is a GraphQL error with a code."""
        language = choose_language(accept_language, self.default_language)
        try:
            principal = await self.authenticate(slug, bearer_token(authorization))
            language = choose_language(accept_language, principal.language)
            request = self.request(parse_body(raw), principal, language, request_id)
            return HttpAnswer(200, await self.executor(principal.enabled_verticals).execute(request))
        except errors.RequestRefused as refused:
            return HttpAnswer(refused.status, refusal_body(refused.errors))
        except AftersalesError as refusal:
            status = refusal.status if refusal.kind in {"access", "missing", "unavailable"} else 400
            later = refusal.retry_after if isinstance(refusal, TooManyRequests) else None
            return HttpAnswer(status, refusal_body([errors.of_refusal(refusal, language)]), later)

    async def caller(self, slug: str, authorization: str | None) -> Principal:
        """Who asks for something that isn't an operation, such as a file; RATE_LIMITED as for operations."""
        principal = await self.authenticate(slug, bearer_token(authorization))
        self._rates.take(principal.tenant_id)
        return principal

    def open(self, principal: Principal) -> AbstractAsyncContextManager[Any]:
        """A unit of work of the caller's tenant."""
        return self._open(principal)

    def request(self, body: Body, principal: Principal, language: Language, request_id: str) -> Request:
        """The executor's form of a body; RATE_LIMITED when the tenant has used up its share."""
        self._rates.take(principal.tenant_id)
        text = self._persisted.resolve(body, principal.tenant_id)
        return Request(text, body.variables, body.operation_name, principal, language, request_id)

    def events(self, request: Request, refresh: Refresh) -> AsyncGenerator[bytes]:
        """The answers of a subscription (one answer for a query or mutation); see `Executor.subscribe`."""
        return self.executor(request.principal.enabled_verticals).subscribe(request, refresh)


def bearer_token(authorization: str | None) -> str | None:
    """The token of an Authorization header; None when there is none of that scheme."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def refusal_body(answers: list[errors.Answer]) -> bytes:
    return msgspec.json.encode({"errors": answers})
