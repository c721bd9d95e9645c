"""What a version file says about a table besides its columns.

`distribute` and its relatives enable and force row-level security, add the tenant policy, grant the roles their
rights, and place the table on Citus where there is one. Call them right after `op.create_table`, in foreign-key
order.
"""

from alembic import op
from sqlalchemy import text


def distribute(*tables: str) -> None:
    """Tenant tables: `aftersales_app` sees and changes the rows of its transaction's tenant only."""
    for table in tables:
        _call("distribute", table)


def append_only(*tables: str) -> None:
    """Tenant tables whose rows neither role may change or delete (events, audit, clock segments)."""
    for table in tables:
        _call("distribute_append_only", table)


def reference(*tables: str) -> None:
    """Small tables without tenant, alike on every node: the app reads, the system role writes."""
    for table in tables:
        _call("reference", table)


def platform_only(*tables: str) -> None:
    """Tables without tenant that no tenant's request may read (tokens of platform admins, say)."""
    for table in tables:
        _call("platform_only", table)


def platform_append_only(*tables: str) -> None:
    """The same for tables whose rows even the system role may not change or delete (what admins did)."""
    for table in tables:
        _call("platform_append_only", table)


def registry(table: str) -> None:
    """The table of tenants itself: a reference table in which a tenant sees its own row (by `id`) only."""
    _call("registry", table)


def _call(function: str, table: str) -> None:
    op.execute(text(f"SELECT app.{function}(:name)").bindparams(name=table))
