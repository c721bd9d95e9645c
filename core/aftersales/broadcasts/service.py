"""What the broadcasts room does; each function takes a unit of work and one command, and never commits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from aftersales.access import require
from aftersales.assets.rules import months_after, start_of_day
from aftersales.broadcasts import audience, queries, rules
from aftersales.broadcasts.commands import (
    BroadcastTexts,
    CancelBroadcast,
    DraftBroadcast,
    EndReminderSeries,
    OpenReminderSeries,
    ReceiveWeatherWarning,
    SendBroadcast,
)
from aftersales.broadcasts.dealers import record_dealer_act, take_dealer_task
from aftersales.broadcasts.guides import release_guide, withdraw_guide
from aftersales.broadcasts.models import Broadcast, BroadcastRecipient, ReminderSeries
from aftersales.broadcasts.rules import BROADCAST_KINDS, BroadcastAudience
from aftersales.journal import service as journal
from aftersales.kit.clock import require_aware
from aftersales.kit.counters import next_number
from aftersales.kit.entities import encode
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.jobs import PUT_ASIDE, work_off
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.notices.models import Notice
from aftersales.parties.models import Customer
from aftersales.parties.regions import check_region
from aftersales.parties.rules import check_known
from aftersales.scope import TenantWork

__all__ = [
    "cancel_broadcast",
    "draft_broadcast",
    "end_reminder_series",
    "open_reminder_series",
    "preview_broadcast",
    "receive_weather_warning",
    "record_dealer_act",
    "release_guide",
    "send_broadcast",
    "take_dealer_task",
    "withdraw_guide",
]

EXPAND: Final = "broadcasts.expand"
DEDUPE_PREFIX: Final = "broadcast:"
NUMBER_PREFIX: Final = "B"
LIST_LIMIT: Final = 500
LONGEST_MONTHS: Final = 120
LATEST: Final = timedelta(days=366)
SEVERE_WEATHER: Final = (
    BroadcastTexts(zh="恶劣天气预警", en="Severe weather warning"),
    BroadcastTexts(
        zh="恶劣天气即将来临,请仔细检查门窗可开启部分是否关闭。",
        en="Severe weather is coming: please check that everything that opens is closed.",
    ),
)
"""What owners are told where a warning brings no words of its own (P11-27)."""


async def draft_broadcast(uow: TenantWork, command: DraftBroadcast) -> Broadcast:
    """Write a message down. VALUE_UNKNOWN for its kind, REQUIRED for a text, REGION_INVALID, AUDIENCE_INVALID."""
    require(uow.actor, "broadcast.send")
    await _check(uow, command.audience)
    kind = check_known(command.kind, BROADCAST_KINDS, "kind")
    broadcast = await write(
        uow, kind=kind, key=f"drafted:{new_id()}", texts=(command.title, command.body), audience=command.audience,
        topic=command.topic, clause=command.clause,
    )  # fmt: skip
    await _note(uow, "broadcast.drafted", broadcast, {"kind": kind})
    return broadcast


async def preview_broadcast(uow: TenantWork, broadcast_id: UUID) -> audience.Preview:
    """How many would get it now, by which way, and how many can't be reached."""
    require(uow.actor, "broadcast.send")
    broadcast = await uow.get(Broadcast, broadcast_id)
    return await audience.preview(uow, audience_of(broadcast))


async def send_broadcast(uow: TenantWork, command: SendBroadcast) -> Broadcast:
    """Have it sent, once to each recipient, now or at `at`.

    BROADCAST_STATE_REFUSED for one that was sent, is scheduled or cancelled; BROADCAST_AUDIENCE_EMPTY when nobody
    belongs to its audience now; INSTANT_PAST; BROADCAST_TOO_FAR beyond a year.
    """
    require(uow.actor, "broadcast.send")
    broadcast = await locked(uow, Broadcast, command.broadcast_id, command.expected_version)
    rules.allow("send", broadcast.state)
    at = uow.now if command.at is None else require_aware(command.at, "at")
    if at < uow.now:
        raise InvalidInput("INSTANT_PAST", field="at", field_name="at")
    if at - uow.now > LATEST:
        raise InvalidInput("BROADCAST_TOO_FAR", field="at")
    if not await audience.has_anybody(uow, audience_of(broadcast)):
        raise StateRefused("BROADCAST_AUDIENCE_EMPTY", field="broadcastId")
    await schedule(uow, broadcast, at)
    return broadcast


async def cancel_broadcast(uow: TenantWork, command: CancelBroadcast) -> Broadcast:
    """Send no further copy; BROADCAST_STATE_REFUSED once everybody has one."""
    require(uow.actor, "broadcast.send")
    broadcast = await locked(uow, Broadcast, command.broadcast_id, command.expected_version)
    rules.allow("cancel", broadcast.state)
    broadcast.state = "cancelled"
    await _note(uow, "broadcast.cancelled", broadcast, {})
    return broadcast


async def receive_weather_warning(uow: TenantWork, command: ReceiveWeatherWarning) -> Broadcast:
    """Tell the owners in the regions, once per warning; rooms that react to weather hear of it as well.

    REQUIRED without a region or an `externalId`, REGION_INVALID, VERTICAL_NOT_ENABLED.
    """
    require(uow.actor, "broadcast.send")
    kind = clean_text(command.kind, "kind", NAME_LIMIT, required=True)
    external = clean_text(command.external_id, "externalId", NAME_LIMIT, required=True)
    if not command.regions:
        raise InvalidInput("REQUIRED", field="regions", field_name="regions")
    if command.vertical is not None:
        uow.scope.enabled(command.vertical)
    earlier = await queries.by_key(uow, f"weather:{external}")
    if earlier is not None:
        return earlier
    title, body = command.title or SEVERE_WEATHER[0], command.body or SEVERE_WEATHER[1]
    verticals = () if command.vertical is None else (command.vertical,)
    broadcast = await write(
        uow, kind="weather", key=f"weather:{external}", texts=(title, body), topic=kind,
        audience=BroadcastAudience(regions=command.regions, verticals=verticals), clause=None,
    )  # fmt: skip
    await schedule(uow, broadcast, uow.now)
    await journal.record(
        uow, "weather.warned", subject_type="broadcast", subject_id=broadcast.id,
        data={"kind": kind, "regions": list(command.regions), "title": title.zh},
    )  # fmt: skip
    return broadcast


async def open_reminder_series(uow: TenantWork, command: OpenReminderSeries) -> ReminderSeries:
    """Remind an audience every so many months (P11-23). MONTHS_INVALID below 1 or beyond 120, DAY_PAST."""
    require(uow.actor, "broadcast.send")
    if not 1 <= command.months <= LONGEST_MONTHS:
        raise InvalidInput("MONTHS_INVALID", field="months", value=command.months, highest=LONGEST_MONTHS)
    present = today(uow.now, uow.scope.time_zone)
    starts_on = command.starts_on or present
    if starts_on < present:
        raise InvalidInput("DAY_PAST", field="startsOn", value=starts_on)
    await _check(uow, command.audience)
    series = uow.add(
        ReminderSeries(
            id=new_id(),
            name=clean_text(command.name, "name", NAME_LIMIT, required=True),
            topic=clean_text(command.topic, "topic", NAME_LIMIT) or None,
            clause=clean_text(command.clause, "clause", NAME_LIMIT) or None,
            title=_texts(command.title, "title", TITLE_LIMIT),
            body=_texts(command.body, "body", BODY_LIMIT),
            audience=msgspec.to_builtins(command.audience, enc_hook=encode),
            months=command.months,
            starts_on=starts_on,
            next_at=start_of_day(starts_on, uow.scope.time_zone),
            created_at=uow.now,
        )
    )
    await journal.record(
        uow, "reminder_series.opened", subject_type="reminder_series", subject_id=series.id,
        data={"name": series.name, "months": series.months},
    )  # fmt: skip
    return series


async def end_reminder_series(uow: TenantWork, command: EndReminderSeries) -> ReminderSeries:
    """Send no further reminder; SERIES_ENDED for one that has ended."""
    require(uow.actor, "broadcast.send")
    series = await locked(uow, ReminderSeries, command.reminder_series_id, command.expected_version)
    if series.state != "active":
        raise StateRefused("SERIES_ENDED", field="reminderSeriesId")
    series.state, series.next_at = "ended", None
    await journal.record(
        uow, "reminder_series.ended", subject_type="reminder_series", subject_id=series.id, data={"name": series.name}
    )
    return series


# --- what workers do -------------------------------------------------------------------------------------------


async def remind(uow: TenantWork, limit: int) -> int:
    """Send the reminders that are due; the day of the next one is written in the same transaction.

    After a stoppage one reminder goes out for all that were missed: the same words many times help nobody. A series
    that can't be sent is put aside, and holds up no other.
    """
    due = {series.id: series for series in await queries.due_series(uow, limit)}

    def put_aside(series_id: UUID) -> None:
        due[series_id].next_at = uow.now + PUT_ASIDE

    await work_off(uow, list(due), _remind, put_aside, what="reminders")
    return len(due)


async def _remind(uow: TenantWork, series_ids: Sequence[UUID]) -> None:
    for series_id in series_ids:
        series = await uow.get(ReminderSeries, series_id)
        due_on = today(series.next_at or uow.now, uow.scope.time_zone)
        audience_ = msgspec.convert(series.audience, BroadcastAudience)
        texts = (msgspec.convert(series.title, BroadcastTexts), msgspec.convert(series.body, BroadcastTexts))
        broadcast = await write(
            uow, kind="reminder", key=f"reminder:{series.id}:{due_on}", texts=texts, audience=audience_,
            topic=series.topic, clause=series.clause,
        )  # fmt: skip
        await schedule(uow, broadcast, uow.now)
        periods, present = 1, today(uow.now, uow.scope.time_zone)
        while (following := months_after(series.starts_on, series.months * periods)) <= present:
            periods += 1
        series.next_at = start_of_day(following, uow.scope.time_zone)


async def expand(uow: TenantWork, broadcast_id: UUID, after: str) -> None:
    """Write the copies for a page of the audience, each with its own message to send; whoever has one is left out."""
    broadcast = await locked(uow, Broadcast, broadcast_id)
    if broadcast.state not in {"scheduled", "sending"}:
        return
    broadcast.state = "sending"
    page = await audience.page_of(uow, audience_of(broadcast), after)
    known = await queries.addressed(uow, broadcast.id, list({customer_id for customer_id, _ in page.people}))
    for customer_id, way in page.people:
        if (customer_id, way.person) in known:
            continue
        recipient = uow.add(
            BroadcastRecipient(
                id=new_id(), broadcast_id=broadcast.id, customer_id=customer_id, contact_id=way.contact_id,
                person=way.person, name=way.name, channel=way.channel, address=way.address, state=way.state,
                created_at=uow.now,
            )
        )  # fmt: skip
        if way.state != "queued":
            continue
        language = way.language or uow.scope.language
        key = "zh" if language == "zh-CN" else "en"
        notice = uow.add(
            Notice(
                id=new_id(), dedupe_key=f"{DEDUPE_PREFIX}{recipient.id}", customer_id=customer_id, recipient=way.name,
                role="customer", address=way.address, language=language, subject=broadcast.title[key],
                body=broadcast.body[key], created_at=uow.now,
            )
        )  # fmt: skip
        if way.address is None:
            notice.state, notice.sent_at = "sent", uow.now
            await _arrived(uow, broadcast, recipient)
        else:
            uow.enqueue("notice.send", {"notice_id": str(notice.id)})
    if page.after is not None:
        uow.enqueue(EXPAND, {"broadcast_id": str(broadcast.id), "after": page.after})
    else:
        broadcast.state, broadcast.sent_at = "sent", uow.now
        await _note(uow, "broadcast.sent", broadcast, {"kind": broadcast.kind})


async def settled(uow: TenantWork, notice: Notice) -> None:
    """A copy was delivered or given up."""
    if not notice.dedupe_key.startswith(DEDUPE_PREFIX):
        return
    recipient = await uow.get(BroadcastRecipient, UUID(notice.dedupe_key.removeprefix(DEDUPE_PREFIX)))
    if notice.state == "sent":
        await _arrived(uow, await uow.get(Broadcast, recipient.broadcast_id), recipient)
    else:
        recipient.state = "undeliverable"


async def _arrived(uow: TenantWork, broadcast: Broadcast, recipient: BroadcastRecipient) -> None:
    recipient.state, recipient.sent_at = "sent", uow.now
    if broadcast.topic is not None:
        await journal.record(
            uow, "broadcast.delivered", subject_type="broadcast", subject_id=broadcast.id,
            customer_id=recipient.customer_id, data={"topic": broadcast.topic, "number": broadcast.number},
        )  # fmt: skip


def audience_of(broadcast: Broadcast) -> BroadcastAudience:
    """The audience as it was when the broadcast was written."""
    return msgspec.convert(broadcast.audience, BroadcastAudience)


async def write(
    uow: TenantWork,
    *,
    kind: str,
    key: str,
    texts: tuple[BroadcastTexts, BroadcastTexts],
    audience: BroadcastAudience,
    topic: str | None,
    clause: str | None,
) -> Broadcast:
    """Write a broadcast down, once per `key`. REQUIRED for a text, LIST_TOO_LONG, REGION_INVALID, NOT_FOUND."""
    await _check(uow, audience)
    title, body = _texts(texts[0], "title", TITLE_LIMIT), _texts(texts[1], "body", BODY_LIMIT)
    return uow.add(
        Broadcast(
            id=new_id(),
            number=await next_number(uow, NUMBER_PREFIX, today(uow.now, uow.scope.time_zone).year),
            key=key,
            kind=kind,
            topic=clean_text(topic, "topic", NAME_LIMIT) or None,
            clause=clean_text(clause, "clause", NAME_LIMIT) or None,
            title=title,
            body=body,
            audience=msgspec.to_builtins(audience, enc_hook=encode),
            created_at=uow.now,
        )
    )


async def schedule(uow: TenantWork, broadcast: Broadcast, at: datetime) -> None:
    """Have a job write the copies at `at`."""
    broadcast.state, broadcast.send_at = "scheduled", at
    uow.enqueue(EXPAND, {"broadcast_id": str(broadcast.id), "after": ""}, delay=at - uow.now)
    await _note(uow, "broadcast.scheduled", broadcast, {"at": at, "kind": broadcast.kind})


def _texts(given: BroadcastTexts, field: str, limit: int) -> dict[str, Any]:
    return {
        "zh": clean_text(given.zh, f"{field}.zh", limit, required=True),
        "en": clean_text(given.en, f"{field}.en", limit, required=True),
    }


async def _check(uow: TenantWork, given: BroadcastAudience) -> None:
    rules.check_audience(given)
    for field in ("regions", "verticals", "asset_types", "models", "tiers", "tags", "customer_ids"):
        if len(getattr(given, field)) > LIST_LIMIT:
            raise InvalidInput("LIST_TOO_LONG", field=f"audience.{field}", limit=LIST_LIMIT)
    for region in given.regions:
        check_region(region)
    for number, customer_id in enumerate(given.customer_ids):
        if await uow.find(Customer, customer_id) is None:
            raise NotFound("NOT_FOUND", field=f"audience.customerIds.{number}", thing="Customer")


async def _note(uow: TenantWork, kind: str, broadcast: Broadcast, data: dict[str, Any]) -> None:
    await journal.record(
        uow, kind, subject_type="broadcast", subject_id=broadcast.id,
        data={"number": broadcast.number, "clause": broadcast.clause, **data},
    )  # fmt: skip
