"""The `graphql-transport-ws` protocol over one WebSocket."""

import asyncio
import logging
from contextlib import aclosing
from typing import Any, Literal, Protocol

import msgspec

from aftersales.kit.errors import AftersalesError, Language
from aftersales_graphql import errors
from aftersales_graphql.gateway import Body, Gateway, bearer_token, checked_body, request_id_of
from aftersales_graphql.language import choose_language
from aftersales_graphql.principal import Principal

logger = logging.getLogger(__name__)
PROTOCOL = "graphql-transport-ws"
INIT_TIMEOUT_SECONDS = 10
SUBSCRIPTIONS_LIMIT = 50


class Socket(Protocol):
    """The part of Litestar's WebSocket that the protocol needs."""

    @property
    def headers(self) -> Any: ...
    async def accept(self, subprotocols: str | None = None) -> None: ...
    async def receive(self) -> Any: ...
    async def send_text(self, data: str) -> None: ...
    async def close(self, code: int = 1000, reason: str | None = None) -> None: ...


class Message(msgspec.Struct):
    """What a client sends."""

    type: Literal["connection_init", "ping", "pong", "subscribe", "complete"]
    id: str | None = None
    payload: dict[str, Any] | None = None


_MESSAGE = msgspec.json.Decoder(Message)
encode = msgspec.json.encode


class Closed(Exception):  # noqa: N818 - how a conversation ends
    """The conversation ends with this close code."""

    def __init__(self, code: int, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(reason)


class Conversation:
    """One client's connection: at most 50 operations at a time, each a task of its own."""

    def __init__(self, gateway: Gateway, socket: Any, slug: str, init_timeout: float = INIT_TIMEOUT_SECONDS) -> None:
        self._gateway, self._socket, self._slug = gateway, socket, slug
        self._init_timeout = init_timeout
        self._token: str | None = None
        self._language: Language = gateway.default_language
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Talk until the client leaves or breaks the protocol."""
        await self._socket.accept(subprotocols=PROTOCOL)
        try:
            async with asyncio.timeout(self._init_timeout):
                await self._begin()
            while (message := await self._next()) is not None:
                await self._handle(message)
        except TimeoutError:
            await self._socket.close(code=4408, reason="Connection initialisation timeout")
        except Closed as closed:
            await self._socket.close(code=closed.code, reason=closed.reason)
        finally:
            running = list(self._running.values())
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _next(self) -> Message | None:
        event = await self._socket.receive()
        if event["type"] == "websocket.disconnect":
            return None
        try:
            return _MESSAGE.decode(event.get("text") or event.get("bytes") or b"")
        except (msgspec.DecodeError, RecursionError) as error:
            raise Closed(4400, "Invalid message") from error

    async def _begin(self) -> None:
        while (message := await self._next()) is not None:
            if message.type == "connection_init":
                await self._authenticate(message.payload or {})
                return
            if message.type == "ping":
                await self._send({"type": "pong"})
            elif message.type == "subscribe":
                raise Closed(4401, "Unauthorized")
        raise Closed(1000, "")

    async def _authenticate(self, payload: dict[str, Any]) -> None:
        """The token comes in the payload as a browser can't set headers; a header serves as well."""
        given = {str(name).lower(): value for name, value in payload.items() if isinstance(value, str)}
        headers = self._socket.headers
        self._token = bearer_token(given.get("authorization") or headers.get("authorization"))
        try:
            principal = await self._caller()
        except AftersalesError as refusal:
            raise Closed(4403 if refusal.status == 403 else 4401, refusal.code) from refusal
        accepted = given.get("accept-language") or headers.get("accept-language")
        self._language = choose_language(accepted, principal.language)
        await self._send({"type": "connection_ack"})

    async def _caller(self) -> Principal:
        """Who calls now: a token may be revoked, and the clock goes on, while a socket stays open."""
        return await self._gateway.authenticate(self._slug, self._token)

    async def _handle(self, message: Message) -> None:
        if message.type == "connection_init":
            raise Closed(4429, "Too many initialisation requests")
        if message.type == "ping":
            await self._send({"type": "pong"})
        elif message.type == "complete" and message.id is not None:
            task = self._running.pop(message.id, None)
            if task is not None:
                task.cancel()
        elif message.type == "subscribe":
            if not message.id or message.payload is None:
                raise Closed(4400, "Invalid message")
            if message.id in self._running:
                raise Closed(4409, f"Subscriber for {message.id[:100]} already exists")
            if len(self._running) >= SUBSCRIPTIONS_LIMIT:
                raise Closed(4429, "Too many subscriptions")
            self._running[message.id] = asyncio.create_task(self._subscribe(message.id, message.payload))

    async def _subscribe(self, operation_id: str, payload: dict[str, Any]) -> None:
        request_id = request_id_of(None)
        try:
            body = checked_body(msgspec.convert(payload, Body))
            request = self._gateway.request(body, await self._caller(), self._language, request_id)
            prefix = b'{"type":"next","id":' + encode(operation_id) + b',"payload":'
            async with aclosing(self._gateway.events(request, self._caller)) as answers:
                async for answer in answers:
                    await self._send_raw(prefix + answer + b"}")
            # free before it is told, so that the client may use the id again at once
            self._running.pop(operation_id, None)
            await self._send({"type": "complete", "id": operation_id})
        except errors.RequestRefused as refused:
            await self._fail(operation_id, refused.errors)
        except AftersalesError as refusal:
            await self._fail(operation_id, [errors.of_refusal(refusal, self._language)])
        except msgspec.ValidationError as error:
            answer_ = errors.of_catalogue("REQUEST_MALFORMED", self._language, reason=str(error))
            await self._fail(operation_id, [answer_])
        except Exception:
            logger.exception("subscription %s failed", request_id)
            await self._fail(operation_id, [errors.internal(self._language, request_id)])
        finally:
            self._running.pop(operation_id, None)

    async def _fail(self, operation_id: str, answers: list[errors.Answer]) -> None:
        self._running.pop(operation_id, None)
        await self._send({"type": "error", "id": operation_id, "payload": answers})

    async def _send(self, message: dict[str, Any]) -> None:
        await self._send_raw(encode(message))

    async def _send_raw(self, message: bytes) -> None:
        await self._socket.send_text(message.decode())
