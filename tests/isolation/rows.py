"""Rows for every tenant table, made from the models alone: a new table is covered on the day it is added."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from aftersales.kit.ids import new_id

_ONE_OF = re.compile(r"^(\w+) in \('([^']*)'")
_CAPITALS = re.compile(r"^(\w+) ~ '\^\[A-Z\]\{(\d+)\}\$'$")
_FIRST_DAY = date(2026, 1, 1)
EXAMPLES: dict[str, Any] = {
    "refusal": None,
    "currency": "CNY",
    "vat_rate": Decimal("0.13"),
    "starts": "09:00",
    "ends": "17:00",
}
"""Values for columns whose CHECK can't be read off the model; a test fails by name when one is missing here."""


def tenant_tables(metadata: MetaData) -> list[Table]:
    """All tables with a tenant, referenced ones first."""
    return [table for table in metadata.sorted_tables if "tenant_id" in table.columns]


def rows_of(metadata: MetaData, tenant_id: UUID) -> Iterator[tuple[Table, dict[str, Any]]]:
    """One row for each tenant table, whose references point to this tenant's other rows."""
    made: dict[str, dict[str, Any]] = {}
    for table in tenant_tables(metadata):
        row = {column.name: _value(column, number) for number, column in enumerate(table.columns)}
        row = {name: value for name, value in row.items() if table.columns[name].computed is None}
        row["tenant_id"] = tenant_id
        for constraint in table.constraints:
            if not isinstance(constraint, CheckConstraint):
                continue
            if listed := _ONE_OF.match(str(constraint.sqltext)):
                row[listed[1]] = listed[2]
            elif capitals := _CAPITALS.match(str(constraint.sqltext)):
                row[capitals[1]] = "X" * int(capitals[2])
        for key in table.constraints:
            if isinstance(key, ForeignKeyConstraint):
                for element in key.elements:
                    row[element.parent.name] = _referenced(made, element.column, tenant_id)
        made[table.name] = row
        yield table, row


def _referenced(made: dict[str, dict[str, Any]], column: Column[Any], tenant_id: UUID) -> Any:
    if column.name == "tenant_id" or column.table.name == "tenants":
        return tenant_id
    # A table that refers to itself, or to one that comes later, leaves it open.
    row = made.get(column.table.name)
    return None if row is None else row[column.name]


def _value(column: Column[Any], number: int) -> Any:
    """A value that fits the type; later columns get later times, so that an end comes after its beginning."""
    kind = column.type
    if column.name in EXAMPLES:
        return EXAMPLES[column.name]
    if isinstance(kind, Uuid):
        return new_id()
    if isinstance(kind, JSONB):
        return []
    if isinstance(kind, DateTime):
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
    if isinstance(kind, Date):
        return _FIRST_DAY + timedelta(days=number)
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Numeric):
        # Positive, and a share below one.
        return Decimal("0.5")
    if isinstance(kind, Integer):
        return 1
    if isinstance(kind, Text):
        return f"{column.name} {new_id()}"
    raise TypeError(f"no example for {column.table.name}.{column.name}: {kind!r}")
