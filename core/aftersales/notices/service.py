"""What becomes of outbox messages that tell somebody something.

`handle` decides and writes rows; it may be called any number of times for one message and writes them once. What
has to leave the database comes back as an effect; `delivered` and `failed` note how that went. Topics:

- `event` {event_id, kind}: one delivery per webhook endpoint that wants it, and the subscriptions' bell;
- `notice` {alarm_id}, {roles, kind, ticket_id} or {roles, subject, body}: one notice per member and address;
- `webhook` {kind, at, data}: what a vertical wants endpoints to know, one delivery each;
- `dms_sync` {arrival_id}: an arrival for the dealer system, event kind `dms.arrival` (P06-03);
- `notice.send` {notice_id} and `webhook.send` {delivery_id}: one step over the wire;
- any other: what a room registered for it with `kit.jobs.handles`.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from aftersales.assets.models import Arrival
from aftersales.commitments.models import Alarm, Commitment
from aftersales.commitments.texts import milestone_name
from aftersales.journal.models import Event
from aftersales.kit import jobs
from aftersales.kit.entities import encode
from aftersales.kit.ids import new_id
from aftersales.kit.outbox import OutboxMessage
from aftersales.kit.unit_of_work import Row
from aftersales.notices import outcomes, queries, texts
from aftersales.notices.effects import (
    DeliveryFailed,
    Effect,
    EventBell,
    NoticeToSend,
    Undeliverable,
    WebhookToPost,
)
from aftersales.notices.models import Notice, WebhookDelivery, WebhookEndpoint
from aftersales.notices.rules import About, Recipient, Told, addresses_of, in_language, whom_to_tell
from aftersales.scope import TenantWork

ARRIVAL_KIND = "dms.arrival"
MESSAGE_ID_DOMAIN = "aftersales.invalid"
_GONE = 410

Directory = Callable[[TenantWork, Sequence[str]], Awaitable[list[Recipient]]]
"""Gives the tenant's active members who hold one of the roles, or are owners."""


async def handle(uow: TenantWork, message: OutboxMessage, directory: Directory) -> Effect | None:
    """Do what the message asks inside the unit of work; None when that was all.

    DeliveryFailed and Undeliverable as in `effects`.
    """
    payload = message.payload
    match message.topic:
        case "event":
            return await _event(uow, payload)
        case "notice" if "alarm_id" in payload:
            await _alarm_notice(uow, payload, directory)
        case "notice":
            await _free_notice(uow, message, directory)
        case "webhook":
            await _from_vertical(uow, message)
        case "dms_sync":
            await _arrival(uow, payload)
        case "notice.send":
            return await _notice_to_send(uow, payload)
        case "webhook.send":
            return await _webhook_to_post(uow, payload)
        case other:
            handler = jobs.handler_of(other)
            if handler is None:
                raise Undeliverable(f"nobody handles the topic {other}")
            await handler(uow, message)
    return None


async def delivered(uow: TenantWork, effect: Effect, status: int | None = None) -> None:
    """Note that an effect reached its receiver; `status` is the HTTP status of a webhook's answer."""
    if isinstance(effect, NoticeToSend):
        notice = await uow.get(Notice, effect.notice_id)
        notice.state, notice.sent_at = "sent", uow.now
        await outcomes.settle(uow, notice)
    elif isinstance(effect, WebhookToPost):
        delivery = await uow.get(WebhookDelivery, effect.delivery_id)
        delivery.status, delivery.delivered_at, delivery.error = status, uow.now, None
        if delivery.kind == ARRIVAL_KIND:
            arrival = await uow.find(Arrival, UUID(delivery.message_id))
            if arrival is not None:
                arrival.synchronisation = "done"


async def failed(uow: TenantWork, message: OutboxMessage, fault: DeliveryFailed, *, given_up: bool) -> None:
    """Note why an attempt failed, and what that means when no other one follows."""
    if message.topic == "webhook.send":
        delivery = await _named(uow, WebhookDelivery, message.payload, "delivery_id")
        if delivery is not None:
            delivery.status, delivery.error = fault.status, fault.reason
            if fault.status == _GONE:
                # Standard Webhooks: an endpoint that answers 410 Gone wants nothing more.
                endpoint = await uow.get(WebhookEndpoint, delivery.endpoint_id)
                endpoint.active = False
    if message.topic == "notice.send" and given_up:
        notice = await _named(uow, Notice, message.payload, "notice_id")
        if notice is not None:
            notice.state = "undeliverable"
            await outcomes.settle(uow, notice)


# --- events and webhooks -------------------------------------------------------------------------------------


async def _event(uow: TenantWork, payload: dict[str, Any]) -> EventBell:
    event = await _required(uow, Event, payload, "event_id")
    data = {
        "id": event.id,
        "actor": event.actor,
        "subjectType": event.subject_type,
        "subjectId": event.subject_id,
        "ticketId": event.ticket_id,
        "assetId": event.asset_id,
        "customerId": event.customer_id,
        "details": event.data,
    }
    await _fan_out(uow, event.kind, str(event.id), data, event.at.isoformat())
    return EventBell(event_id=event.id)


async def _from_vertical(uow: TenantWork, message: OutboxMessage) -> None:
    payload = message.payload
    kind = payload.get("kind")
    if not isinstance(kind, str):
        raise Undeliverable("the payload names no kind")
    data = {
        "eventId": payload.get("event_id"),
        "vertical": payload.get("vertical"),
        "clause": payload.get("clause"),
        "details": payload.get("data") or {},
    }
    await _fan_out(uow, kind, str(message.id), data, str(payload.get("at") or message.created_at.isoformat()))


async def _arrival(uow: TenantWork, payload: dict[str, Any]) -> None:
    arrival = await _required(uow, Arrival, payload, "arrival_id")
    number, name = await queries.asset_name(uow, arrival.asset_id)
    data = {
        "id": arrival.id,
        "assetId": arrival.asset_id,
        "assetNumber": number,
        "assetName": name,
        "serviceUnitId": arrival.service_unit_id,
        "arrivedAt": arrival.arrived_at,
        "usage": arrival.usage,
        "ticketId": arrival.ticket_id,
    }
    if not await _fan_out(uow, ARRIVAL_KIND, str(arrival.id), data, arrival.arrived_at.isoformat()):
        # An upload that nobody receives isn't done (P06-03): it waits, and ends where an admin sees it.
        raise DeliveryFailed(f"no active webhook endpoint takes {ARRIVAL_KIND}")


async def _fan_out(uow: TenantWork, kind: str, message_id: str, data: dict[str, Any], timestamp: str) -> bool:
    endpoints = await queries.endpoints_for(uow, kind)
    if not endpoints:
        return False
    addressed = await queries.addressed_endpoints(uow, message_id)
    body: dict[str, Any] = msgspec.to_builtins(
        {"type": kind, "timestamp": timestamp, "tenant": uow.scope.slug, "data": data}, enc_hook=encode
    )
    for endpoint in endpoints:
        if endpoint.id in addressed:
            continue
        delivery = uow.add(
            WebhookDelivery(
                id=new_id(),
                endpoint_id=endpoint.id,
                message_id=message_id,
                kind=kind,
                body=body,
                created_at=uow.now,
            )
        )
        uow.enqueue("webhook.send", {"delivery_id": str(delivery.id)})
    return True


async def _webhook_to_post(uow: TenantWork, payload: dict[str, Any]) -> WebhookToPost | None:
    delivery = await _required(uow, WebhookDelivery, payload, "delivery_id")
    if delivery.delivered_at is not None:
        return None
    endpoint = await uow.get(WebhookEndpoint, delivery.endpoint_id)
    if not endpoint.active:
        raise Undeliverable("the endpoint is switched off")
    return WebhookToPost(
        delivery_id=delivery.id,
        url=endpoint.url,
        secret=endpoint.secret,
        message_id=delivery.message_id,
        body=msgspec.json.encode(delivery.body),
    )


# --- notices -------------------------------------------------------------------------------------------------


async def _alarm_notice(uow: TenantWork, payload: dict[str, Any], directory: Directory) -> None:
    alarm = await _required(uow, Alarm, payload, "alarm_id")
    commitment = await uow.get(Commitment, alarm.commitment_id)
    number, title, about = "", "", About()
    if alarm.ticket_id is not None:
        number, title, about = await queries.about_ticket(uow, alarm.ticket_id)
    zone, due_at = uow.scope.time_zone, commitment.due_at or alarm.due_at

    def write(told: Told) -> tuple[str, str]:
        language = told.recipient.language
        milestone = in_language(commitment.terms.get("label"), language) or milestone_name(
            commitment.milestone, language
        )
        subject = texts.alarm_subject(alarm.kind, number or uow.scope.name, milestone, due_at, zone, language)
        body = texts.alarm_body(
            title=title or uow.scope.name,
            milestone=milestone,
            due_at=due_at,
            zone=zone,
            clause=commitment.clause,
            role=told.role,
            language=language,
        )
        return subject, body

    told = whom_to_tell([alarm.role], await directory(uow, [alarm.role]), about)
    await _write_notices(uow, f"alarm:{alarm.id}", alarm.ticket_id, [alarm.role], told, write)


async def _free_notice(uow: TenantWork, message: OutboxMessage, directory: Directory) -> None:
    payload = message.payload
    roles = payload.get("roles")
    kind, given = payload.get("kind"), payload.get("subject")
    if not isinstance(roles, list) or not roles or not (given or kind in texts.KINDS):
        raise Undeliverable("a notice needs roles, and a subject or a kind that is known")
    ticket_id = UUID(payload["ticket_id"]) if payload.get("ticket_id") else None
    number, title, about = "", "", About()
    if ticket_id is not None:
        number, title, about = await queries.about_ticket(uow, ticket_id)

    def write(told: Told) -> tuple[str, str]:
        language = told.recipient.language
        if given:
            return in_language(given, language), in_language(payload.get("body"), language)
        return texts.of_kind(str(kind), number, title or uow.scope.name, payload.get("clause"), told.role, language)

    told = whom_to_tell(roles, await directory(uow, roles), about)
    cause = str(payload.get("dedupe_key") or f"message:{message.id}")
    await _write_notices(uow, cause, ticket_id, roles, told, write)


async def _write_notices(
    uow: TenantWork,
    cause: str,
    ticket_id: UUID | None,
    roles: Sequence[str],
    told: Sequence[Told],
    write: Callable[[Told], tuple[str, str]],
) -> None:
    if not told:
        raise DeliveryFailed(f"nobody holds {', '.join(roles)}, and there is no owner")
    wanted = [(f"{cause}:{one.recipient.member_id}:{address}", one, address)
              for one in told for address in addresses_of(one.recipient)]  # fmt: skip
    written = await queries.written_keys(uow, [key for key, _, _ in wanted])
    for key, one, address in wanted:
        if key in written:
            continue
        subject, body = write(one)
        if one.stands_in:
            body += texts.stand_in_note(one.role, one.recipient.language)
        notice = uow.add(
            Notice(
                id=new_id(),
                dedupe_key=key,
                ticket_id=ticket_id,
                recipient_member_id=one.recipient.member_id,
                recipient=one.recipient.name,
                role=one.role,
                address=address,
                language=one.recipient.language,
                subject=subject,
                body=body,
                created_at=uow.now,
            )
        )
        uow.enqueue("notice.send", {"notice_id": str(notice.id)})


async def _notice_to_send(uow: TenantWork, payload: dict[str, Any]) -> NoticeToSend | None:
    notice = await _required(uow, Notice, payload, "notice_id")
    if notice.state == "sent" or notice.address is None:
        return None
    return NoticeToSend(
        notice_id=notice.id,
        address=notice.address,
        recipient=notice.recipient,
        subject=notice.subject,
        body=notice.body,
        message_id=f"<{notice.id}@{MESSAGE_ID_DOMAIN}>",
    )


async def _required(uow: TenantWork, entity: type[Row], payload: dict[str, Any], key: str) -> Row:
    found = await _named(uow, entity, payload, key)
    if found is None:
        raise Undeliverable(f"the payload's {key} names no {entity.__name__}: {payload.get(key)}")
    return found


async def _named(uow: TenantWork, entity: type[Row], payload: dict[str, Any], key: str) -> Row | None:
    try:
        row_id = UUID(payload.get(key))
    except (ValueError, TypeError, AttributeError):
        return None
    return await uow.find(entity, row_id)
