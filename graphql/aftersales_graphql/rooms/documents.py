"""Documents and how confidential they are."""

from datetime import datetime

from strawberry.scalars import JSON

from aftersales.documents import models
from aftersales_graphql.machine.declare import connection, entity, find, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.parties import Customer
from aftersales_graphql.rooms.visibility import own_or_given, staff_only


@entity(models.Document, filters=("title", "confidentiality"), orders=("title",), default_order="title",
        visible=staff_only)  # fmt: skip
class Document(Node):
    """A document of the company; a secret one is never sent to a customer."""

    title: str
    confidentiality: str
    body: str
    vertical: str | None
    deliverable: str | None
    author_department: str | None
    sections: JSON
    published_at: datetime | None
    created_at: datetime
    version: int


@entity(models.DocumentDispatch, orders=("sent_at",), default_order="sent_at", visible=own_or_given())
class DocumentDispatch(Node):
    """A document that was sent to a customer."""

    sent_at: datetime
    document: Document | None = one("document_id")
    customer: Customer | None = one("customer_id")


@root
class DocumentQueries:
    document: Document | None = find(description="One document by its id.")
    documents: Connection[Document] = connection(description="Documents.")
