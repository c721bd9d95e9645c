"""Broadcasts with their recipients, reminders, guides that customers see, and tasks in dealers' hands."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import ColumnElement, and_, false, func, literal_column, or_, select
from strawberry.scalars import JSON

from aftersales.assets.models import Asset
from aftersales.broadcasts import models
from aftersales.documents.models import Document as DocumentRow
from aftersales_graphql.machine.declare import Columns, Scope, Viewer, connection, entity, find, one, sql
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.parties import Customer, ServiceUnit
from aftersales_graphql.rooms.visibility import own_or_given, staff_only

if TYPE_CHECKING:
    from aftersales_graphql.rooms.tickets import Ticket

_assets: Any = Asset.__table__
_documents: Any = DocumentRow.__table__


@entity(models.BroadcastRecipient, filters=("state", "channel", "customer"), orders=("id",), default_order="id",
        visible=staff_only)  # fmt: skip
class BroadcastRecipient(Node):
    """One person's copy: queued, sent, undeliverable, or refused by the person's own wish."""

    name: str
    channel: str | None
    address: str | None
    state: str
    created_at: datetime
    sent_at: datetime | None
    customer: Customer | None = one("customer_id")


@entity(models.Broadcast, filters=("kind", "topic", "state"), orders=("number",), default_order="number",
        visible=staff_only)  # fmt: skip
class Broadcast(Node):
    """A message to an audience, in both languages."""

    number: str
    kind: str
    topic: str | None
    clause: str | None
    title: JSON
    body: JSON
    audience: JSON
    state: str
    send_at: datetime | None
    sent_at: datetime | None
    version: int
    created_at: datetime
    recipients: Connection[BroadcastRecipient] = connection("broadcast_id")


@entity(models.ReminderSeries, filters=("state",), orders=("name",), default_order="name", visible=staff_only)
class ReminderSeries(Node):
    """A reminder that is sent every so many months."""

    name: str
    topic: str | None
    clause: str | None
    title: JSON
    body: JSON
    audience: JSON
    months: int
    starts_on: date
    next_at: datetime | None
    state: str
    version: int
    created_at: datetime


def _guide_seen(row: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """Staff see every release, a customer those that are out and about something of its own, dealers none."""
    if viewer.is_dealer:
        return false()
    if not viewer.is_customer:
        return None
    asset = _assets.alias()
    nothing: ColumnElement[Any] = literal_column("'[]'::jsonb")
    owned = (
        select(literal_column("1"))
        .select_from(asset)
        .where(
            asset.c.tenant_id == row["tenant_id"],
            asset.c.customer_id == viewer.customer_id,
            asset.c.state != literal_column("'retired'"),
            or_(row["asset_types"] == nothing, func.jsonb_exists(row["asset_types"], asset.c.asset_type)),
            or_(row["models"] == nothing, func.jsonb_exists(row["models"], asset.c.attributes["model"].astext)),
        )
        .exists()
    )
    return and_(row["state"] == literal_column("'released'"), owned)


def _of_document(column: str) -> Any:
    """A column of the guide's document, which customers may read though they don't see documents at large."""

    def expression(row: Columns, scope: Scope) -> ColumnElement[Any]:
        document = _documents.alias()
        found: ColumnElement[Any] = (
            select(document.c[column])
            .where(document.c.tenant_id == row["tenant_id"], document.c.id == row["document_id"])
            .where(document.c.confidentiality != literal_column("'secret'"))
            .correlate(row["id"].table)
            .scalar_subquery()
        )
        return found

    return expression


@entity(models.GuideRelease, filters=("code", "state"), orders=("code", "released_at"), default_order="code",
        visible=_guide_seen)  # fmt: skip
class GuideRelease(Node):
    """A guide in a revision; customers see those about their own products, with the text."""

    code: str
    revision: str
    title: str | None = sql(_of_document("title"))
    body: str | None = sql(_of_document("body"))
    asset_types: list[str]
    models: list[str]
    state: str
    released_at: datetime
    version: int


@entity(models.DealerTask, filters=("state", "service_unit"), orders=("received_at",), default_order="received_at",
        visible=own_or_given(None, "service_unit_id"))  # fmt: skip
class DealerTask(Node):
    """A ticket in a dealer's hands: which acts are on record, each with its instant."""

    clause: str | None
    conditions: list[str]
    acts: JSON
    received_at: datetime
    done_at: datetime | None
    state: str
    version: int
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")
    service_unit: ServiceUnit | None = one("service_unit_id")


@root
class BroadcastQueries:
    broadcast: Broadcast | None = find(description="One broadcast by its id.")
    broadcasts: Connection[Broadcast] = connection(description="Broadcasts.")
    reminder_series: Connection[ReminderSeries] = connection(description="Reminders that repeat.")
    guides: Connection[GuideRelease] = connection(description="Guides; a customer's are about its own products.")
    dealer_tasks: Connection[DealerTask] = connection(description="Tasks in dealers' hands.")
