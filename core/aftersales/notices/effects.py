"""What the notices room asks of the world outside the database, and how the world may refuse.

A handler runs in a unit of work and returns one of these; the worker carries it out after that transaction has
ended, and opens another one to note how it went.
"""

from uuid import UUID

from msgspec import Struct


class EventBell(Struct, frozen=True, kw_only=True):
    """Tell open subscriptions that an event was committed. Losing it delays a screen and loses nothing."""

    event_id: UUID


class NoticeToSend(Struct, frozen=True, kw_only=True):
    """A notice for one address. `message_id` is the same in every attempt, so a receiver can drop duplicates."""

    notice_id: UUID
    address: str
    recipient: str
    subject: str
    body: str
    message_id: str


class WebhookToPost(Struct, frozen=True, kw_only=True):
    """A body for one endpoint, to be signed with `secret`; `message_id` goes out as `webhook-id`."""

    delivery_id: UUID
    url: str
    secret: str
    message_id: str
    body: bytes


Effect = EventBell | NoticeToSend | WebhookToPost


class DeliveryFailed(Exception):  # noqa: N818 - an outcome that is expected
    """This attempt didn't arrive; another one may. `status` is the HTTP status, where there was an answer."""

    def __init__(self, reason: str, *, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Undeliverable(DeliveryFailed):
    """No further attempt can help: the message becomes a dead letter at once."""


class NoChannel(DeliveryFailed):
    """This installation has no way to such an address: the notice is kept as undeliverable, and nothing failed."""
