"""Everything that leaves the platform: mail and chat through apprise, webhooks over HTTP."""

from aftersales.notices.effects import DeliveryFailed, Effect, NoticeToSend, WebhookToPost
from aftersales_server.worker.mail import send_notice
from aftersales_server.worker.options import WorkerOptions
from aftersales_server.worker.webhooks import WebhookSender


class PlatformWire:
    """The real wire, by the worker's options."""

    def __init__(self, options: WorkerOptions) -> None:
        self._options = options
        self._webhooks = WebhookSender(
            allow_private=options.webhook_allow_private, timeout=options.wire_timeout.total_seconds()
        )

    async def send(self, effect: Effect) -> int | None:
        """Carry out an effect; the HTTP status of a webhook's answer."""
        match effect:
            case WebhookToPost():
                return await self._webhooks.post(effect)
            case NoticeToSend():
                await send_notice(effect, self._options)
                return None
            case _:
                raise DeliveryFailed(f"{type(effect).__name__} doesn't go over the wire")

    async def close(self) -> None:
        await self._webhooks.close()
