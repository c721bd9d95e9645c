"""Where a tenant wants its events sent: endpoints and their signing secrets."""

import secrets
from base64 import b64encode
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import Struct

from aftersales.access import require
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import clean_text
from aftersales.notices.models import WebhookEndpoint
from aftersales.scope import TenantWork

URL_LIMIT = 2_000
KIND_LIMIT = 60
KINDS_LIMIT = 100
SECRET_BYTES = 32


class AddWebhookEndpoint(Struct, frozen=True, kw_only=True):
    """An address for events. `event_kinds` are kinds, `ticket.*` for all that begin so, `*` for everything."""

    url: str
    event_kinds: tuple[str, ...] = ("*",)


class UpdateWebhookEndpoint(Struct, frozen=True, kw_only=True):
    """New values; None leaves a value as it is. An endpoint that isn't active gets nothing."""

    endpoint_id: UUID
    url: str | None = None
    event_kinds: tuple[str, ...] | None = None
    active: bool | None = None
    expected_version: int | None = None


class RotateWebhookSecret(Struct, frozen=True, kw_only=True):
    """Sign with a new secret from now on."""

    endpoint_id: UUID
    expected_version: int | None = None


async def add_webhook_endpoint(uow: TenantWork, command: AddWebhookEndpoint) -> WebhookEndpoint:
    """Send events to an address; its secret is told this once. URL_INVALID for anything but http(s) with a host."""
    require(uow.actor, "webhook.manage")
    endpoint = uow.add(
        WebhookEndpoint(
            id=new_id(),
            url=_url(command.url),
            secret=new_secret(),
            event_kinds=_kinds(command.event_kinds),
            created_at=uow.now,
        )
    )
    await _note(uow, "webhook.added", endpoint)
    return endpoint


async def update_webhook_endpoint(uow: TenantWork, command: UpdateWebhookEndpoint) -> WebhookEndpoint:
    """Change an endpoint, or switch it off and on."""
    require(uow.actor, "webhook.manage")
    endpoint = await locked(uow, WebhookEndpoint, command.endpoint_id, command.expected_version)
    if command.url is not None:
        endpoint.url = _url(command.url)
    if command.event_kinds is not None:
        endpoint.event_kinds = _kinds(command.event_kinds)
    if command.active is not None:
        endpoint.active = command.active
    await _note(uow, "webhook.updated", endpoint)
    return endpoint


async def rotate_webhook_secret(uow: TenantWork, command: RotateWebhookSecret) -> WebhookEndpoint:
    """Replace the secret; the new one is told this once, the old one is worthless at once."""
    require(uow.actor, "webhook.manage")
    endpoint = await locked(uow, WebhookEndpoint, command.endpoint_id, command.expected_version)
    endpoint.secret = new_secret()
    await _note(uow, "webhook.secret_rotated", endpoint)
    return endpoint


def new_secret() -> str:
    """A secret as Standard Webhooks writes one."""
    return f"whsec_{b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def _url(given: str) -> str:
    url = clean_text(given, "url", URL_LIMIT, required=True)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a bracket that isn't closed
        usable = False
    if not usable:
        raise InvalidInput("URL_INVALID", field="url", value=url[:200])
    return url


def _kinds(given: tuple[str, ...]) -> list[str]:
    if len(given) > KINDS_LIMIT:
        raise InvalidInput("LIST_TOO_LONG", field="eventKinds", limit=KINDS_LIMIT)
    return sorted({clean_text(kind, "eventKinds", KIND_LIMIT, required=True) for kind in given})


async def _note(uow: TenantWork, kind: str, endpoint: WebhookEndpoint) -> None:
    await journal.record(
        uow,
        kind,
        subject_type="webhook_endpoint",
        subject_id=endpoint.id,
        data={"url": endpoint.url, "event_kinds": endpoint.event_kinds, "active": endpoint.active},
    )
