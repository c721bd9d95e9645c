"""Calendars by their private addresses, outside of the API: a calendar program brings no token but the address."""

import asyncio
import hashlib
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath

from aftersales.feeds.models import CalendarFeed
from aftersales.feeds.service import calendar_of, feed_behind, still_theirs
from aftersales.kit.actor import Actor
from aftersales.kit.errors import NotFound
from aftersales.scope import TenantWork
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.models import Member

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
    or was revoked, one whose opener isn't a member any more or may no longer have that calendar. 304 while the
    calendar is as the caller's `If-None-Match` knows it.
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
        feed = await feed_behind(uow, token)
        if feed is None or not await _opener_may(uow, feed):
            return None
        contents = await calendar_of(uow, feed)
    # Thousands of entries take a moment: beside the event loop, and not within the transaction.
    return await asyncio.to_thread(contents.text)


async def _opener_may(uow: TenantWork, feed: CalendarFeed) -> bool:
    """Whether the member who opened the feed is still one, and may still have it."""
    kind, _, number = feed.opened_by.partition(":")
    member = await uow.find(Member, UUID(number)) if kind == "member" else None
    if member is None:
        return True
    roles = frozenset(member.roles)
    opener = Actor(
        kind="member", id=member.id, roles=roles,
        customer_id=member.customer_id if "customer" in roles else None,
        dealer_id=member.service_unit_id if "dealer" in roles else None,
    )  # fmt: skip
    return member.state == "active" and await still_theirs(uow, feed, opener)
