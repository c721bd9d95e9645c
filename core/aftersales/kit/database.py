"""Tables: the declarative base, the shape of every tenant table, and compiled statements.

Tables are SQLAlchemy declarative classes: they give types, constraints, statements and migrations. Rows are
read and written by `aftersales.kit.unit_of_work` on asyncpg directly; there is no session.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from aftersales.kit.ids import new_id

__all__ = [
    "Base",
    "Computed",
    "TenantRow",
    "Versioned",
    "one_of",
    "tenant_index",
    "tenant_reference",
    "tenant_unique",
]


class Base(DeclarativeBase):
    """All tables of the platform."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[str]: JSONB,
        list[dict[str, Any]]: JSONB,
    }

    def __init__(self, **values: Any) -> None:
        """A row with these values, None where none is given; TypeError for a name that is no column.

        Written straight into the instance: there is no session whose history the attributes' setters would serve.
        """
        blank = _blank(type(self))
        if not values.keys() <= blank.keys():
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(values.keys() - blank.keys()))}")
        self.__dict__.update(blank)
        self.__dict__.update(values)


@cache
def _blank(entity: type[Base]) -> dict[str, None]:
    """Every column of an entity's table, empty."""
    return dict.fromkeys(entity.__table__.columns.keys())


class TenantRow:
    """A row that belongs to one tenant: `(tenant_id, id)` is its key, row-level security its border.

    `append_only = True` makes the database refuse UPDATE and DELETE to every role but the owner.
    """

    append_only: ClassVar[bool] = False

    tenant_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tenants.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Versioned:
    """A row that two people may change at once; every update raises `version` and checks the one it read."""

    version: Mapped[int] = mapped_column(default=1)


def tenant_reference(*columns: str, to: str) -> ForeignKeyConstraint:
    """A foreign key within the tenant: `(tenant_id, column)` -> `(tenant_id, id)` of the table."""
    return ForeignKeyConstraint(["tenant_id", *columns], [f"{to}.tenant_id", f"{to}.id"])


def tenant_unique(*columns: str) -> UniqueConstraint:
    """A unique constraint within the tenant."""
    return UniqueConstraint("tenant_id", *columns)


def tenant_index(name: str, *columns: Any, **options: Any) -> Index:
    """An index that begins with the tenant."""
    return Index(name, "tenant_id", *columns, **options)


def one_of(column: str, values: Sequence[str]) -> CheckConstraint:
    """A closed list as text + CHECK: an enum's equality isn't leakproof and would switch indexes off under RLS."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=f"{column}_known")
