"""Calendars by their private addresses, outside of the API: a calendar program brings no token but the address."""

import hashlib
from collections.abc import Callable
from typing import Any, Final

from litestar import Request, Response, get
from litestar.params import FromPath

from aftersales.feeds.service import calendar_behind
from aftersales.kit.errors import NotFound
from aftersales_tenants.gateway import Gateway

SUFFIX: Final = ".ics"
LONGEST_TOKEN: Final = 100
HEADERS: Final = {
    # The address is the secret: nobody on the way keeps the calendar or tells where it was read.
    "cache-control": "private, no-cache",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}


def feed_handler(gateway: Callable[[], Gateway]) -> Any:
    """The handler of `/t/{tenant}/feeds/{token}.ics`.

    404 without a word for whatever leads nowhere: an unknown tenant, one that was suspended, a token that never was
    or was revoked. 304 while the calendar is as the caller's `If-None-Match` knows it.
    """

    @get("/t/{tenant:str}/feeds/{name:str}", include_in_schema=False)
    async def feed(request: Request[Any, Any, Any], tenant: FromPath[str], name: FromPath[str]) -> Response[bytes]:
        token = name.removesuffix(SUFFIX)
        body = None
        if token != name and len(token) <= LONGEST_TOKEN:
            body = await _calendar(gateway(), tenant, token)
        if body is None:
            return Response(b"", status_code=404, headers=HEADERS, media_type="text/plain")
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        told = {**HEADERS, "etag": tag}
        known = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
        if tag in known or known == ["*"]:
            return Response(b"", status_code=304, headers=told)
        return Response(body, headers=told, media_type="text/calendar")

    return feed


async def _calendar(gateway: Gateway, slug: str, token: str) -> bytes | None:
    try:
        principal = await gateway.system_by_slug(slug)
    except NotFound:
        return None
    async with gateway.open(principal) as uow:
        return await calendar_behind(uow, token)
