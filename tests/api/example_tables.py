"""A small after-sales world of its own, so that the API machine is tested without any business room."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKeyConstraint, Index, MetaData, Numeric, Table, Text, Uuid
from sqlalchemy import Integer as SqlInteger
from sqlalchemy.dialects.postgresql import JSONB

SCHEMA = "example"
metadata = MetaData(schema=SCHEMA)


def _table(name: str, *columns: Any) -> Table:
    return Table(
        name,
        metadata,
        Column("tenant_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
        *columns,
    )


def _points_at(column: str, table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", column], [f"{SCHEMA}.{table}.tenant_id", f"{SCHEMA}.{table}.id"])


customers = _table("customers", Column("name", Text, nullable=False), Column("tier", Text, nullable=False))
assets = _table(
    "assets",
    Column("serial", Text, nullable=False),
    Column("customer_id", Uuid, nullable=False),
    Column("attributes", JSONB, nullable=False),
    _points_at("customer_id", "customers"),
)
tickets = _table(
    "tickets",
    Column("number", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("hours", SqlInteger, nullable=False),
    Column("price", Numeric(12, 2)),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True)),
    Column("customer_id", Uuid, nullable=False),
    Column("asset_id", Uuid),
    Column("parent_id", Uuid),
    _points_at("customer_id", "customers"),
    _points_at("asset_id", "assets"),
    _points_at("parent_id", "tickets"),
    Index("ix_tickets_due", "tenant_id", "status", "due_at", "id"),
)
events = _table(
    "ticket_events",
    Column("ticket_id", Uuid, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("kind", Text, nullable=False),
    Column("detail", JSONB, nullable=False),
    _points_at("ticket_id", "tickets"),
    Index("ix_events_ticket", "tenant_id", "ticket_id", "occurred_at", "id"),
)

Row = dict[str, Any]
Value = UUID | str | int | Decimal | datetime | dict[str, Any] | None
