"""What is done with webhook endpoints and dead letters."""

from uuid import UUID

from msgspec import Struct

from aftersales.kit.outbox import OutboxMessage as OutboxRow
from aftersales.notices import dead_letters, endpoints
from aftersales.scope import TenantWork
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.commands import command
from aftersales_graphql.rooms.notices import OutboxMessage, WebhookEndpoint

_SECRET = {"secret": (str, lambda endpoint: endpoint.secret)}


class ReplayDeadLetter(Struct, frozen=True, kw_only=True):
    """The message to try again."""

    message_id: UUID


async def replay_dead_letter(uow: TenantWork, command: ReplayDeadLetter) -> OutboxRow:
    """Have a dead letter tried again from the first attempt on; OUTBOX_MESSAGE_NOT_DEAD for any other message."""
    return await dead_letters.replay(uow, command.message_id)


@root
class NoticeMutations:
    add_webhook_endpoint = command(
        endpoints.add_webhook_endpoint, returns=WebhookEndpoint, under="endpoint", also=_SECRET
    )
    update_webhook_endpoint = command(endpoints.update_webhook_endpoint, returns=WebhookEndpoint, under="endpoint")
    rotate_webhook_secret = command(
        endpoints.rotate_webhook_secret, returns=WebhookEndpoint, under="endpoint", also=_SECRET
    )
    replay_dead_letter = command(replay_dead_letter, returns=OutboxMessage, under="message")
