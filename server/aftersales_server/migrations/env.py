"""Alembic's entry: runs the versions on the connection that `runner` opened."""

from typing import Any

from alembic import context
from sqlalchemy import Connection

from aftersales_server.migrations.rendering import isolate_new_tables

attributes = context.config.attributes
connection = attributes["connection"]
if not isinstance(connection, Connection):
    raise TypeError("run migrations through `aftersales db`, which opens the connection")


def isolate(_context: Any, _revision: Any, directives: list[Any]) -> None:
    isolate_new_tables(attributes.get("append_only_tables", frozenset()), directives)


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """Limits autogenerate to the tables that were asked for; indexes and columns follow their table."""
    only = attributes.get("only_tables")
    return only is None or (name if kind == "table" else parents.get("table_name")) in {*only, None}


def include_object(_object: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """The same for the models' side."""
    only = attributes.get("only_tables")
    return only is None or kind != "table" or name in only


context.configure(
    connection=connection,
    # Only autogenerate compares with the models; a plain upgrade doesn't pay for importing them.
    target_metadata=attributes.get("metadata"),
    process_revision_directives=isolate,
    include_name=include_name,
    include_object=include_object,
)
with context.begin_transaction():
    context.run_migrations()
