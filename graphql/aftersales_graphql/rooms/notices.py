"""Notices to people, webhooks to systems, and the messages that were given up."""

from datetime import datetime
from typing import Optional

from sqlalchemy import ColumnElement, case
from strawberry.scalars import JSON

from aftersales.kit.outbox import OutboxMessage as OutboxRow
from aftersales.notices import models
from aftersales_graphql.machine.declare import Columns, Scope, connection, entity, one, sql
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.machine.sql import text_literal
from aftersales_graphql.rooms.visibility import only, own_or_given

_OWNER = {"owner"}


def _state(row: Columns, scope: Scope) -> ColumnElement[str]:
    return case(
        (row["dead_at"].is_not(None), text_literal("dead")),
        (row["done_at"].is_not(None), text_literal("done")),
        else_=text_literal("waiting"),
    )


def _dead(row: Columns, scope: Scope) -> ColumnElement[bool]:
    dead: ColumnElement[bool] = row["dead_at"].is_not(None)
    return dead


@entity(
    models.Notice, filters=("state", "role", "recipient"), orders=("id",), default_order="id", visible=own_or_given()
)
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


@entity(models.WebhookDelivery, filters=("kind", "created_at"), orders=("id",), default_order="-id",
        visible=only("owner"))  # fmt: skip
class WebhookDelivery(Node):
    """A message to an endpoint: when it arrived, or how the last attempt failed."""

    message_id: str
    kind: str
    body: JSON
    status: int | None
    error: str | None
    created_at: datetime
    delivered_at: datetime | None
    endpoint: Optional["WebhookEndpoint"] = one("endpoint_id")


@entity(models.WebhookEndpoint, orders=("id",), default_order="id", visible=only("owner"))
class WebhookEndpoint(Node):
    """Where the tenant's events are sent. The signing secret is shown once, when the endpoint is made."""

    url: str
    event_kinds: list[str]
    active: bool
    version: int
    created_at: datetime
    deliveries: Connection[WebhookDelivery] = connection("endpoint_id")


@entity(OutboxRow, filters=("topic", "dead_at"), orders=("id",), default_order="id", visible=only("owner"))
class OutboxMessage(Node):
    """A side effect that was asked for. `state`: waiting, done, or dead when every attempt failed."""

    topic: str
    payload: JSON
    state: str = sql(_state)
    attempts: int
    created_at: datetime
    available_at: datetime
    done_at: datetime | None
    dead_at: datetime | None
    last_error: str | None


@root
class NoticeQueries:
    notices: Connection[Notice] = connection(description="Messages to people, in order.")
    webhook_endpoints: Connection[WebhookEndpoint] = connection(description="Webhook endpoints.", roles=_OWNER)
    dead_letters: Connection[OutboxMessage] = connection(
        where=_dead, description="Messages that were given up; `replayDeadLetter` has one tried again.", roles=_OWNER
    )
