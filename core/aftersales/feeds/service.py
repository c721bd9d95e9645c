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
from aftersales.kit.actor import Actor
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
    kind = await _check_owner(uow, uow.actor, command)
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
    seen = await uow.get(CalendarFeed, command.feed_id)
    if uow.actor.customer_id not in {None, seen.customer_id}:
        raise NotFound("NOT_FOUND", thing="CalendarFeed")
    if uow.actor.dealer_id is not None and not await _of_dealer(uow, seen):
        raise NotFound("NOT_FOUND", thing="CalendarFeed")
    owner = OpenFeed(engineer_id=seen.engineer_id, service_unit_id=seen.service_unit_id, customer_id=seen.customer_id)
    await _check_owner(uow, uow.actor, owner)
    feed = await locked(uow, CalendarFeed, command.feed_id, command.expected_version)
    if feed.revoked_at is not None:
        raise StateRefused("FEED_REVOKED", field="feedId")
    feed.revoked_at = uow.now
    await _note(uow, "feed.revoked", feed)
    return feed


async def feed_behind(uow: TenantWork, token: str) -> CalendarFeed | None:
    """The feed at an address; None for an address that leads nowhere."""
    return await queries.live_feed(uow, digest_of(token))


async def still_theirs(uow: TenantWork, feed: CalendarFeed, opener: Actor) -> bool:
    """Whether the one who opened a feed may have it as things are now: the address dies with its opener's right."""
    owner = OpenFeed(engineer_id=feed.engineer_id, service_unit_id=feed.service_unit_id, customer_id=feed.customer_id)
    try:
        require(opener, "feed.open")
        await _check_owner(uow, opener, owner)
    except (Forbidden, NotFound):
        return False
    return True


async def calendar_of(uow: TenantWork, feed: CalendarFeed) -> rules.Contents:
    """What a feed shows, from a month ago on."""
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
    return rules.Contents(
        name=uow.scope.name, zone=uow.scope.time_zone, made_at=feed.opened_at, visits=tuple(visits), owed=tuple(owed)
    )


def digest_of(token: str) -> str:
    """What is stored and looked up: SHA-256. A slow hash would add nothing to 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


async def _owed(uow: TenantWork, feed: CalendarFeed, since: datetime) -> list[asyncpg.Record]:
    if feed.customer_id is None:
        return []
    return await queries.owed_to(uow, feed.customer_id, today(since, uow.scope.time_zone))


async def _check_owner(uow: TenantWork, actor: Actor, owner: OpenFeed) -> str:
    """Whose calendar it is, as far as the actor may have it."""
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


async def _of_dealer(uow: TenantWork, feed: CalendarFeed) -> bool:
    if feed.engineer_id is None:
        return feed.service_unit_id == uow.actor.dealer_id
    return (await uow.get(Engineer, feed.engineer_id)).service_unit_id == uow.actor.dealer_id


async def _note(uow: TenantWork, kind: str, feed: CalendarFeed) -> None:
    await journal.record(
        uow, kind, subject_type="feed", subject_id=feed.id, customer_id=feed.customer_id, data={"kind": feed.kind}
    )
