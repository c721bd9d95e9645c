"""Writes the journal, and reads an asset's archive from it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from aftersales.assets.models import Asset
from aftersales.journal import queries, reactions
from aftersales.journal.models import Event
from aftersales.kit.clock import require_aware
from aftersales.kit.entities import encode
from aftersales.kit.errors import InvalidInput, NotFound, PluginFault
from aftersales.kit.ids import new_id
from aftersales.plugins.verdicts import EventFacts, FollowUp
from aftersales.scope import TenantWork
from aftersales.tickets.models import Ticket

FOLLOW_UP_TOPICS = ("webhook", "notice")
"""The outbox topics that a vertical may ask for."""
PAGE_LIMIT = 100


async def record(
    uow: TenantWork,
    kind: str,
    *,
    subject_type: str,
    subject_id: UUID,
    ticket: Ticket | None = None,
    ticket_id: UUID | None = None,
    asset_id: UUID | None = None,
    customer_id: UUID | None = None,
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
    vertical: str | None = None,
) -> Event:
    """Note that something happened `at` (default: now) and let workers and the vertical know.

    Adds the event, an outbox row `event`, and one outbox row per follow-up that the vertical's `on_event` asks
    for; then asks the rooms that react to events of this kind. Ticket, asset and customer default to those of the
    ticket, so the archive of each finds the event.
    """
    if ticket is not None:
        asset_id = asset_id or ticket.asset_id
        customer_id = customer_id or ticket.customer_id
        vertical = vertical or ticket.vertical
    happened = require_aware(at, "at") if at is not None else uow.now
    details: dict[str, Any] = msgspec.to_builtins(data or {}, enc_hook=encode)
    event = uow.add(
        Event(
            id=new_id(),
            at=happened,
            kind=kind,
            actor=uow.actor.label,
            subject_type=subject_type,
            subject_id=subject_id,
            ticket_id=ticket.id if ticket is not None else ticket_id,
            asset_id=asset_id,
            customer_id=customer_id,
            data=details,
        )
    )
    uow.tell("event", {"event_id": str(event.id), "kind": kind})
    if vertical is not None:
        for follow_up in await _follow_ups(uow, vertical, EventFacts(kind=kind, at=happened, data=details)):
            uow.enqueue(
                follow_up.topic,
                {**follow_up.payload, "event_id": str(event.id), "vertical": vertical, "clause": follow_up.clause},
            )
    await reactions.react(uow, event)
    return event


async def _follow_ups(uow: TenantWork, vertical: str, event: EventFacts) -> list[FollowUp]:
    terms = uow.scope.playbook.verticals.get(vertical)
    if terms is None:
        return []
    answers = await uow.scope.registry.behave(vertical, "on_event", event=event, settings=terms.settings)
    found: list[FollowUp] = []
    for answer in answers or ():
        if not isinstance(answer, Sequence) or isinstance(answer, str):
            raise _nonsense(vertical, f"{type(answer).__name__} instead of a sequence")
        for follow_up in answer:
            if not isinstance(follow_up, FollowUp) or follow_up.topic not in FOLLOW_UP_TOPICS:
                raise _nonsense(vertical, f"{follow_up!r} isn't a follow-up on one of {', '.join(FOLLOW_UP_TOPICS)}")
            found.append(follow_up)
    return found


def _nonsense(vertical: str, reason: str) -> PluginFault:
    return PluginFault("VERTICAL_RETURNED_NONSENSE", vertical=vertical, hook="on_event", reason=reason)


async def asset_archive(
    uow: TenantWork, asset_id: UUID, *, after: UUID | None = None, first: int = PAGE_LIMIT
) -> list[Event]:
    """Everything that ever happened to an asset, in order; at most 100 at once, `after` the last one seen.

    NOT_FOUND for an asset of another tenant, or of another customer when a customer asks.
    """
    if not 0 < first <= PAGE_LIMIT:
        raise InvalidInput("PAGE_SIZE_INVALID", field="first", value=first, limit=PAGE_LIMIT)
    asset = await uow.get(Asset, asset_id)
    if uow.actor.customer_id is not None and asset.customer_id != uow.actor.customer_id:
        raise NotFound("NOT_FOUND", thing="Asset")
    return await queries.events_of_asset(uow, asset_id, after=after or queries.BEGINNING, first=first)
