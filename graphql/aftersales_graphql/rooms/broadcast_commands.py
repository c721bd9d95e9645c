"""What is done with broadcasts, reminders, guides and dealers' tasks; whom a broadcast would reach."""

import strawberry

from aftersales.broadcasts import service
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.broadcasts import Broadcast, DealerTask, GuideRelease, ReminderSeries
from aftersales_graphql.rooms.commands import command, id_given


@strawberry.type(description="Whom a broadcast would reach now, and by which way.")
class BroadcastPreview:
    customers: int
    recipients: int
    by_email: int
    by_inbox: int
    undeliverable: int
    refused: int


@query()
async def broadcast_preview(call: Call, broadcast_id: strawberry.ID) -> BroadcastPreview:
    """Count a broadcast's audience without sending anything."""
    found = await service.preview_broadcast(call.uow, id_given("Broadcast", broadcast_id, "broadcastId"))
    return BroadcastPreview(
        customers=found.customers,
        recipients=found.recipients,
        by_email=found.by_email,
        by_inbox=found.by_inbox,
        undeliverable=found.undeliverable,
        refused=found.refused,
    )


@root
class BroadcastAnswerQueries:
    broadcast_preview = broadcast_preview


@root
class BroadcastMutations:
    draft_broadcast = command(service.draft_broadcast, returns=Broadcast)
    send_broadcast = command(service.send_broadcast, returns=Broadcast)
    cancel_broadcast = command(service.cancel_broadcast, returns=Broadcast)
    receive_weather_warning = command(service.receive_weather_warning, returns=Broadcast)
    open_reminder_series = command(service.open_reminder_series, returns=ReminderSeries, under="series")
    end_reminder_series = command(service.end_reminder_series, returns=ReminderSeries, under="series")
    release_guide = command(service.release_guide, returns=GuideRelease, under="guide")
    withdraw_guide = command(service.withdraw_guide, returns=GuideRelease, under="guide")
    take_dealer_task = command(service.take_dealer_task, returns=DealerTask, under="task")
    record_dealer_act = command(service.record_dealer_act, returns=DealerTask, under="task")
