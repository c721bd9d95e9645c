"""Litestar handlers: POST for operations, GET for GraphiQL, WebSocket for subscriptions, all at one address."""

import logging
from typing import Any

from litestar import Request, Response, get, post
from litestar.connection import ASGIConnection, WebSocket
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.handlers import websocket
from litestar.params import FromPath
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_304_NOT_MODIFIED,
    HTTP_404_NOT_FOUND,
    HTTP_413_REQUEST_ENTITY_TOO_LARGE,
)

from aftersales_graphql import errors
from aftersales_graphql.gateway import Gateway, refusal_body, request_id_of
from aftersales_graphql.graphiql import ASSETS, CONTENT_SECURITY_POLICY
from aftersales_graphql.language import choose_language
from aftersales_graphql.websocket import PROTOCOL, Conversation

logger = logging.getLogger(__name__)
RESPONSE_TYPE = "application/graphql-response+json"
BODY_BYTES = 1_000_000
TENANT_PATH = "/t/{tenant:str}/graphql"
HOST_PATH = "/graphql"

Connection = ASGIConnection[Any, Any, Any, Any]


def graphql_handlers(
    gateway: Gateway, *, path: str = TENANT_PATH, base_domain: str | None = None, graphiql: bool = True
) -> list[Any]:
    """The route handlers of a gateway at `path`; `graphiql` serves the page to browsers.

    The tenant is the path's `tenant`, or, with `base_domain`, also the first label of the host at `/graphql`
    (`acme.example.com/graphql`). A path without `tenant` asks the gateway's `authenticate` with an empty slug.
    """
    paths = [path, HOST_PATH] if base_domain is not None else [path]

    def slug_of(connection: Connection) -> str:
        slug = connection.path_params.get("tenant")
        if isinstance(slug, str):
            return slug
        host = connection.headers.get("host", "").partition(":")[0].lower()
        label = host.removesuffix(f".{base_domain}")
        return label if base_domain is not None and label != host and "." not in label else ""

    @post(paths, status_code=HTTP_200_OK, include_in_schema=False, request_max_body_size=BODY_BYTES)
    async def operation(request: Request[Any, Any, Any]) -> Response[bytes]:
        headers = request.headers
        request_id = request_id_of(headers.get("x-request-id"))
        told = {"x-request-id": request_id}
        accepted = headers.get("accept-language")
        authorization = headers.get("authorization")
        try:
            raw = await request.body()
            answer = await gateway.answer(slug_of(request), authorization, accepted, raw, request_id)
            status, body = answer.status, answer.body
            if answer.retry_after is not None:
                told["retry-after"] = str(answer.retry_after)
        except RequestEntityTooLarge:
            language = choose_language(accepted, gateway.default_language)
            status = HTTP_413_REQUEST_ENTITY_TOO_LARGE
            body = refusal_body([errors.of_catalogue("BODY_TOO_LARGE", language, limit=BODY_BYTES)])
        except Exception:
            logger.exception("request %s failed", request_id)
            language = choose_language(accepted, gateway.default_language)
            status, body = 500, refusal_body([errors.internal(language, request_id)])
        modern = RESPONSE_TYPE in headers.get("accept", "")
        media_type = RESPONSE_TYPE if modern else "application/json"
        return Response(body, status_code=status, media_type=media_type, headers=told)

    @websocket(paths)
    async def conversation(socket: WebSocket[Any, Any, Any]) -> None:
        if PROTOCOL not in socket.scope["subprotocols"]:
            await socket.accept()
            await socket.close(code=4406, reason="Subprotocol not acceptable")
            return
        await Conversation(gateway, socket, slug_of(socket)).run()

    @get(paths, include_in_schema=False)
    async def page() -> Response[bytes]:
        return _asset("page.html", None)

    return [operation, conversation, page] if graphiql else [operation, conversation]


@get("/graphiql/{name:str}", include_in_schema=False)
async def graphiql_asset(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """A static file of GraphiQL; register it once, whatever the number of gateways."""
    return _asset(name, request.headers.get("if-none-match"))


def _asset(name: str, known: str | None) -> Response[bytes]:
    found = ASSETS.get(name)
    if found is None:
        return Response(b"", status_code=HTTP_404_NOT_FOUND)
    headers = {
        "content-encoding": "gzip",
        "content-security-policy": CONTENT_SECURITY_POLICY,
        "cache-control": "public, max-age=86400" if name != "page.html" else "no-cache",
        "etag": found.etag,
        "x-content-type-options": "nosniff",
    }
    if known == found.etag:
        return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(found.body, media_type=found.media_type, headers=headers)
