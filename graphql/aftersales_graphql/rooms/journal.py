"""The journal: what happened, in order."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from sqlalchemy import ColumnElement, and_
from strawberry.scalars import JSON

from aftersales.journal import models
from aftersales_graphql.machine.declare import Columns, Viewer, connection, entity, one, sql
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.disclosure import event_data, kind_disclosed
from aftersales_graphql.rooms.visibility import through_ticket

if TYPE_CHECKING:
    from aftersales_graphql.rooms.tickets import Ticket


def _event_seen(row: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    allowed = kind_disclosed(row, viewer)
    own = row["customer_id"] == viewer.customer_id if viewer.is_customer else through_ticket(row, viewer)
    return None if allowed is None or own is None else and_(allowed, own)


@entity(models.Event, filters=("kind", "subject_type", "at"), orders=("id",), default_order="id", visible=_event_seen)
class Event(Node):
    """Something that happened; `data` depends on `kind`. Customers and dealers see what is disclosed to them."""

    at: datetime
    kind: str
    actor: str
    subject_type: str
    data: JSON = sql(event_data)
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")


@root
class JournalQueries:
    events: Connection[Event] = connection(description="The tenant's journal, in order.")
