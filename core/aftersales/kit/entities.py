"""How a declarative class maps to rows: columns, defaults, JSON form; worked out once per class."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnDefault, DateTime, LargeBinary, Table, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapper, configure_mappers

from aftersales.kit.clock import require_aware
from aftersales.kit.database import Base, TenantRow, Versioned
from aftersales.kit.errors import InvalidInput

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

Values = dict[str, Any]
Key = UUID | tuple[Any, ...]


class EntityShape:
    """The columns of a declarative class, in the order of the table.

    `key` is what tells a tenant's rows of this table apart: the primary key without `tenant_id`.
    """

    def __init__(self, entity: type[Base]) -> None:
        # `new_instance` skips what an entity's own constructor would set off in a process that only reads.
        configure_mappers()
        mapper: Mapper[Any] = inspect(entity)
        table = mapper.local_table
        assert isinstance(table, Table)  # noqa: S101 - declarative classes here map one table each
        self.entity = entity
        self.table = table
        self.name = table.name
        self.key: tuple[str, ...] = tuple(column.name for column in table.primary_key if column.name != "tenant_id")
        self.stored = [column for column in table.columns if column.computed is None]
        self.columns = tuple(column.name for column in self.stored)
        self.computed = tuple(column.name for column in table.columns if column.computed is not None)
        self.types = {column.name: column.type.compile(dialect=_DIALECT) for column in table.columns}
        self.instants = frozenset(
            column.name for column in self.stored if isinstance(column.type, DateTime) and column.type.timezone
        )
        self.json = frozenset(column.name for column in self.stored if isinstance(column.type, JSONB))
        self.binary = frozenset(column.name for column in self.stored if isinstance(column.type, LargeBinary))
        self.versioned = issubclass(entity, Versioned)
        self.append_only = issubclass(entity, TenantRow) and entity.append_only
        self._defaults = {column.name: column.default for column in self.stored if column.default is not None}
        self._stored = frozenset(self.columns)
        self._arguments: tuple[tuple[str, Any], ...] = tuple(
            (name, found.arg) for name, found in self._defaults.items() if isinstance(found, ColumnDefault)
        )
        self._make = mapper.class_manager.new_instance

    def fill(self, row: Base) -> None:
        """Put the column defaults where the row says nothing."""
        state = row.__dict__
        for name, default in self._defaults.items():
            if state.get(name) is None and isinstance(default, ColumnDefault):
                argument: Any = default.arg
                state[name] = argument(None) if callable(argument) else argument

    def written(self, given: Values) -> Values:
        """These values with the column defaults filled in, in place; TypeError for a name that is no column."""
        if not given.keys() <= self._stored:
            raise TypeError(f"{self.name} has no {', '.join(sorted(given.keys() - self._stored))}")
        out = given
        for name, default in self._arguments:
            if out.get(name) is None:
                out[name] = default(None) if callable(default) else default
        for name in self.instants:
            value = out.get(name)
            if value is not None and value.tzinfo is not UTC:
                out[name] = require_aware(value, name)
        for name in self.binary:
            if out.get(name) is not None:
                out[name] = "\\x" + out[name].hex()
        return out

    def key_of(self, source: Any) -> Key:
        """What identifies a row within its tenant, from its values or a record."""
        if self.key == ("id",):
            found: UUID = source["id"]
            return found
        return tuple(source[name] for name in self.key)

    def values(self, row: Base) -> Values:
        """The row's present values; a naive instant is refused (INSTANT_NAIVE)."""
        state = row.__dict__
        out: Values = {name: state.get(name) for name in self.columns}
        for name in self.instants:
            value = out[name]
            if value is not None and value.tzinfo is not UTC:
                out[name] = require_aware(value, name)
        for name in self.binary:
            if out[name] is not None:
                # bytea's own notation; msgspec would write base64.
                out[name] = "\\x" + out[name].hex()
        return out

    def snapshot(self, values: Values) -> Values:
        """The values, with JSON frozen as text so that a change inside a dict or list is noticed later."""
        kept = dict(values)
        for name in self.json:
            if kept[name] is not None:
                kept[name] = json_text(kept[name])
        return kept

    def changes(self, row: Base, before: Values) -> Values:
        """What differs from a snapshot."""
        changed: Values = {}
        for name, value in self.values(row).items():
            known = before[name]
            if value is known:
                continue
            present = json_text(value) if name in self.json and value is not None else value
            if present != known:
                changed[name] = value
        return changed

    def load(self, record: Any) -> Base:
        """An entity from a database record that carries at least the stored columns."""
        row: Base = self._make()
        # Straight into the instance: there is no session whose history the attributes' setters would serve.
        state = row.__dict__
        for name in self.columns:
            state[name] = record[name]
        for name in self.computed:
            state[name] = record.get(name)
        return row


@cache
def shape_of(entity: type[Base]) -> EntityShape:
    """The shape of a declarative class; one per class for the life of the process."""
    return EntityShape(entity)


def encode(value: object) -> Any:
    """JSON form of what msgspec doesn't write the way PostgreSQL reads it."""
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} can't be stored")


_encoder = msgspec.json.Encoder(enc_hook=encode)
_in_order = msgspec.json.Encoder(enc_hook=encode, order="deterministic")


def json_text(value: Any) -> bytes:
    """JSON that is the same for equal values, whatever the order of their keys."""
    return _in_order.encode(value)


def rows_text(rows: list[Values]) -> str:
    """Rows as the JSON array that a flush sends; TEXT_INVALID for half a character (a lone surrogate)."""
    try:
        return _encoder.encode(rows).decode()
    except UnicodeEncodeError as fault:
        raise InvalidInput("TEXT_INVALID", field_name="text") from fault
