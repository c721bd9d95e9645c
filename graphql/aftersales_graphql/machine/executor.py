"""The executor: planned root fields are one statement each, functions run in their unit of work, bytes are joined."""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from aftersales.kit.errors import AftersalesError, Conflict, Language, Unauthenticated
from aftersales_graphql import errors
from aftersales_graphql.limits import Limits
from aftersales_graphql.machine.completion import Complete
from aftersales_graphql.machine.document import Documents, Operation
from aftersales_graphql.machine.frame import Call, Frame
from aftersales_graphql.machine.plans import NULL, Plans, Step, completed, run_statement
from aftersales_graphql.machine.schema import TenantSchema
from aftersales_graphql.principal import Principal, UnitOfWorkFactory

logger = logging.getLogger(__name__)
encode = msgspec.json.encode

Refresh = Callable[[], Awaitable[Principal]]


@dataclass(slots=True)
class Request:
    """One GraphQL request by an authenticated principal."""

    text: str
    variables: Mapping[str, Any] | None
    operation_name: str | None
    principal: Principal
    language: Language
    request_id: str


def _unchanged(before: Principal, after: Principal) -> Principal:
    """The caller of now; UNAUTHENTICATED when what the plan was made for no longer holds."""
    if (before.roles, before.customer_id, before.dealer_id, before.enabled_verticals) != (
        after.roles,
        after.customer_id,
        after.dealer_id,
        after.enabled_verticals,
    ):
        raise Unauthenticated("UNAUTHENTICATED")
    return after


class Executor:
    """Executes requests against one schema; make one per schema and keep it."""

    def __init__(
        self,
        schema: TenantSchema,
        open_unit_of_work: UnitOfWorkFactory,
        *,
        services: Mapping[str, Any] | None = None,
        limits: Limits | None = None,
        introspection_roles: frozenset[str] | None = None,
    ) -> None:
        self.schema = schema
        self.limits = limits or Limits()
        self.services = services or {}
        self._open = open_unit_of_work
        self._documents = Documents(schema, self.limits, hide_suggestions=introspection_roles is not None)
        self._introspection_roles = introspection_roles

    async def execute(self, request: Request) -> bytes:
        """The response body; RequestRefused when nothing was executed.

        An unexpected exception is logged under the request's id, and the answer tells that id only.
        """
        try:
            return await self._execute(request)
        except (AftersalesError, errors.RequestRefused):
            raise
        except Exception as error:
            logger.error("request %s failed", request.request_id, exc_info=error)
            answer = errors.internal(request.language, request.request_id)
            return encode({"errors": [answer], "data": None})

    async def _execute(self, request: Request) -> bytes:
        operation = self._operation(request)
        if operation.kind == "subscription":
            raise errors.RequestRefused([errors.of_catalogue("SUBSCRIPTION_NEEDS_WEBSOCKET", request.language)])
        variables = operation.values(request.variables)
        call = self._call(request, None)
        steps = self._steps(operation, variables, call)
        outcome = _Outcome(request)
        if operation.kind == "mutation":
            for step in steps:
                await self._mutate(step, variables, request, outcome)
        elif all(step.constant is not None for step in steps):
            for step in steps:
                outcome.add(step, step.constant or NULL)
        else:
            await self._query(steps, variables, request, outcome)
        return outcome.body()

    async def subscribe(self, request: Request, refresh: Refresh | None = None) -> AsyncGenerator[bytes]:
        """The responses of a subscription, one per event; each event's rows are read in a unit of work of their own.

        `refresh` establishes the caller anew before each event; the stream ends with its refusal, or with
        UNAUTHENTICATED when the caller's rights have changed meanwhile.
        """
        operation = self._operation(request)
        if operation.kind != "subscription":
            yield await self.execute(request)
            return
        variables = operation.values(request.variables)
        call = self._call(request, None)
        (step,) = self._steps(operation, variables, call)
        assert step.run is not None  # noqa: S101 - subscription fields are functions
        source, complete = step.run(call, variables)
        async with aclosing(source):
            async for value in source:
                if refresh is not None:
                    request = replace(request, principal=_unchanged(request.principal, await refresh()))
                yield await self._event(step, value, complete, variables, request)

    async def _event(
        self, step: Step, value: Any, complete: Complete, variables: Mapping[str, Any], request: Request
    ) -> bytes:
        outcome = _Outcome(request)
        try:
            async with self._open(request.principal) as uow:
                frame = Frame(self._call(request, uow), variables)
                outcome.add(step, await completed(value, complete, frame))
        except Exception as error:
            outcome.fail(step, error)
        return outcome.body()

    def _operation(self, request: Request) -> Operation:
        operation = self._documents.operation(request.text, request.operation_name, request.language)
        allowed = self._introspection_roles
        if operation.measured.introspects and allowed is not None and allowed.isdisjoint(request.principal.roles):
            raise errors.RequestRefused([errors.of_catalogue("INTROSPECTION_FORBIDDEN", request.language)])
        return operation

    def _steps(self, operation: Operation, variables: Mapping[str, Any], call: Call) -> list[Step]:
        principal = call.principal
        key = (
            principal.roles,
            principal.customer_id is not None,
            principal.dealer_id is not None,
            operation.shape(variables),
        )
        steps: list[Step] | None = operation.plans.get(key)
        if steps is None:
            try:
                steps = Plans(self.schema, operation, variables, call, self.limits).steps()
            except AftersalesError as refusal:
                raise errors.RequestRefused([errors.of_refusal(refusal, call.language)]) from refusal
            operation.plans.put(key, steps)
        return steps

    def _call(self, request: Request, uow: Any) -> Call:
        return Call(request.principal, request.language, uow, self.services, request.request_id)

    async def _query(
        self, steps: list[Step], variables: Mapping[str, Any], request: Request, outcome: "_Outcome"
    ) -> None:
        position, refused = 0, None
        while position < len(steps):
            try:
                async with self._open(request.principal) as uow:
                    call = self._call(request, uow)
                    for step in steps[position:]:
                        try:
                            answer = await self._answer(step, call, variables)
                        except AftersalesError as refusal:
                            refused = refusal
                            raise
                        outcome.add(step, answer)
                        position += 1
            except AftersalesError as refusal:
                if refusal is not refused:
                    raise
                # The refusal may be the database's, and then its transaction is over: the rest is read in another.
                outcome.fail(steps[position], refusal)
                position += 1

    async def _answer(self, step: Step, call: Call, variables: Mapping[str, Any]) -> bytes:
        if step.constant is not None:
            return step.constant
        if step.statement is not None:
            planned: bytes = await run_statement(step.statement, Frame(call, variables))
            return planned
        assert step.run is not None  # noqa: S101 - a step has a constant, a statement or a function
        answer: bytes = await step.run(call, variables)
        return answer

    async def _mutate(self, step: Step, variables: Mapping[str, Any], request: Request, outcome: "_Outcome") -> None:
        if step.constant is not None or step.run is None:
            outcome.add(step, step.constant or NULL)
            return
        try:
            try:
                answer = await self._committed(step.run, variables, request)
            except Conflict as met:
                if met.code != "IDEMPOTENCY_IN_PROGRESS":
                    raise
                # Its twin has ended since: its outcome is found, or (rolled back) it isn't in the way any more.
                answer = await self._committed(step.run, variables, request)
        except AftersalesError as refusal:
            if step.refuse is not None:
                outcome.add(step, step.refuse(refusal, request.language))
            else:
                outcome.fail(step, refusal)
        except Exception as error:
            outcome.fail(step, error)
        else:
            outcome.add(step, answer)

    async def _committed(
        self, run: Callable[..., Awaitable[bytes]], variables: Mapping[str, Any], request: Request
    ) -> bytes:
        """The answer of a mutation whose unit of work is committed."""
        async with self._open(request.principal) as uow:
            return await run(self._call(request, uow), variables)


class _Outcome:
    """Collects the answers of root fields and joins them to the response body."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._parts: list[bytes] = []
        self._errors: list[errors.Answer] = []
        self._no_data = False

    def add(self, step: Step, answer: bytes) -> None:
        self._parts.append(step.prefix + answer)

    def fail(self, step: Step, error: Exception) -> None:
        language, path = self._request.language, [step.key]
        if isinstance(error, AftersalesError):
            self._errors.append(errors.of_refusal(error, language, path))
        else:
            logger.error("request %s failed at %s", self._request.request_id, step.key, exc_info=error)
            self._errors.append(errors.internal(language, self._request.request_id, path))
        self._no_data = self._no_data or not step.nullable
        self._parts.append(step.prefix + NULL)

    def body(self) -> bytes:
        data = NULL if self._no_data else b"{" + b",".join(self._parts) + b"}"
        if not self._errors:
            return b'{"data":' + data + b"}"
        return b'{"errors":' + encode(self._errors) + b',"data":' + data + b"}"
