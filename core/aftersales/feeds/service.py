"""What the feeds room does: addresses are opened and revoked, and what lies behind one is told to whoever has it."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg
from msgspec import Struct

from aftersales.access import require
from aftersales.feeds import queries, rules
from aftersales.feeds.commands import OpenFeed, RevokeFeed
from aftersales.feeds.models import CalendarFeed
from aftersales.journal import service as journal
from aftersales.kit.errors import Forbidden, InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import locked, today
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer, ServiceUnit
from aftersales.scope import TenantWork
from aftersales.work.models import Engineer

LOOK_BACK: Final = timedelta(days=31)
_ENTROPY_BYTES: Final = 32


class OpenedFeed(Struct, frozen=True, kw_only=True):
    """A feed with the token that is told once and never again; `path` is where the calendar lies."""

    id: UUID
    token: str
    path: str


async def open_feed(uow: TenantWork, command: OpenFeed) -> OpenedFeed:
    """Open a private address; its token is told once, only its digest is kept.

    FEED_OWNER_REQUIRED unless exactly one owner is named; FORBIDDEN for an engineer's feed that isn't one's own
    unless one plans visits; NOT_FOUND for another customer's or another unit's.
    """
    require(uow.actor, "feed.open")
    owners = [one for one in (command.engineer_id, command.service_unit_id, command.customer_id) if one is not None]
    if len(owners) != 1:
        raise InvalidInput("FEED_OWNER_REQUIRED", field="engineerId")
    kind = await _check_owner(uow, command)
    token = secrets.token_urlsafe(_ENTROPY_BYTES)
    feed = uow.add(
        CalendarFeed(
            id=new_id(),
            kind=kind,
            engineer_id=command.engineer_id,
            service_unit_id=command.service_unit_id,
            customer_id=command.customer_id,
            digest=digest_of(token),
            opened_by=uow.actor.label,
            opened_at=uow.now,
        )
    )
    await _note(uow, "feed.opened", feed)
    return OpenedFeed(id=feed.id, token=token, path=f"/t/{uow.scope.slug}/feeds/{token}.ics")


async def revoke_feed(uow: TenantWork, command: RevokeFeed) -> CalendarFeed:
    """Let an address lead nowhere; FEED_REVOKED the second time. Who may open it may revoke it."""
    require(uow.actor, "feed.open")
    feed = await locked(uow, CalendarFeed, command.feed_id, command.expected_version)
    owner = OpenFeed(engineer_id=feed.engineer_id, service_unit_id=feed.service_unit_id, customer_id=feed.customer_id)
    await _check_owner(uow, owner)
    if feed.revoked_at is not None:
        raise StateRefused("FEED_REVOKED", field="feedId")
    feed.revoked_at = uow.now
    await _note(uow, "feed.revoked", feed)
    return feed


async def calendar_behind(uow: TenantWork, token: str) -> bytes | None:
    """The calendar at an address, from a month ago on; None for an address that leads nowhere."""
    feed = await queries.live_feed(uow, digest_of(token))
    if feed is None:
        return None
    since = uow.now - LOOK_BACK
    visits = [
        rules.Visit(
            id=str(row["id"]),
            begins=row["window_start"],
            ends=row["window_end"],
            title=f"{row['title']} · {row['customer' if feed.kind == 'engineer' else 'engineer']}",
            place=" ".join(part for part in (row["site"], row["address"]) if part),
            description=row["number"],
            state=row["state"],
            confirmed=row["confirmed_at"] is not None,
            version=row["version"],
        )
        for row in await queries.visits_of(uow, feed, since)
    ]
    owed = [
        rules.Owed(
            id=str(row["id"]), due_on=row["due_on"], title=row["name"], clause=row["clause"], version=row["version"]
        )
        for row in (await _owed(uow, feed, since))
    ]
    return rules.render(uow.scope.name, uow.scope.time_zone, feed.opened_at, visits, owed)


def digest_of(token: str) -> str:
    """What is stored and looked up: SHA-256. A slow hash would add nothing to 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


async def _owed(uow: TenantWork, feed: CalendarFeed, since: datetime) -> list[asyncpg.Record]:
    if feed.customer_id is None:
        return []
    return await queries.owed_to(uow, feed.customer_id, today(since, uow.scope.time_zone))


async def _check_owner(uow: TenantWork, owner: OpenFeed) -> str:
    """Whose calendar it is, as far as the caller may have it."""
    actor = uow.actor
    if owner.customer_id is not None:
        if actor.dealer_id is not None or actor.customer_id not in {None, owner.customer_id}:
            raise NotFound("NOT_FOUND", field="customerId", thing="Customer")
        await uow.get(Customer, owner.customer_id)
        return "customer"
    if actor.customer_id is not None:
        raise Forbidden("FORBIDDEN")
    if owner.service_unit_id is not None:
        if actor.dealer_id not in {None, owner.service_unit_id}:
            raise NotFound("NOT_FOUND", field="serviceUnitId", thing="ServiceUnit")
        await uow.get(ServiceUnit, owner.service_unit_id)
        return "unit"
    assert owner.engineer_id is not None  # noqa: S101 - one of the three is given
    engineer = await uow.get(Engineer, owner.engineer_id)
    if actor.dealer_id not in {None, engineer.service_unit_id}:
        raise NotFound("NOT_FOUND", field="engineerId", thing="Engineer")
    plans = actor.kind != "member" or bool(actor.roles & {"owner", "dispatcher", "dealer"})
    if not plans and engineer.member_id != actor.id:
        raise Forbidden("FORBIDDEN")
    return "engineer"


async def _note(uow: TenantWork, kind: str, feed: CalendarFeed) -> None:
    await journal.record(
        uow, kind, subject_type="feed", subject_id=feed.id, customer_id=feed.customer_id, data={"kind": feed.kind}
    )
