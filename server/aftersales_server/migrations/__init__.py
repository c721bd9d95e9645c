"""The schema's history (Alembic): `upgrade` brings a database to the newest revision, roles included."""

from aftersales_server.migrations.runner import (
    current_revision,
    head_revision,
    metadata,
    pending_differences,
    tables_of,
    upgrade,
    write_revision,
)

__all__ = [
    "current_revision",
    "head_revision",
    "metadata",
    "pending_differences",
    "tables_of",
    "upgrade",
    "write_revision",
]
