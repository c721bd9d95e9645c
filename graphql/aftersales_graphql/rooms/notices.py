"""Notices to people, webhooks to systems."""

from datetime import datetime

from aftersales.notices import models

from aftersales_graphql.machine.declare import connection, entity
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.visibility import staff_only


@entity(models.Notice, filters=("state", "role", "recipient"), orders=("id",), default_order="id", visible=staff_only)
class Notice(Node):
    """A message to one recipient."""

    recipient: str
    role: str | None
    address: str | None
    language: str
    subject: str
    body: str
    state: str
    created_at: datetime
    sent_at: datetime | None


@entity(models.WebhookEndpoint, orders=("id",), default_order="id", visible=staff_only)
class WebhookEndpoint(Node):
    """Where the tenant's events are sent. The signing secret is shown once, when the endpoint is made."""

    url: str
    event_kinds: list[str]
    active: bool
    version: int
    created_at: datetime


@root
class NoticeQueries:
    notices: Connection[Notice] = connection(description="Messages to people, in order.")
    webhook_endpoints: Connection[WebhookEndpoint] = connection(description="Webhook endpoints.", roles={"owner"})
