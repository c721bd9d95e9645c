"""Autogenerate writes the isolation of each new table next to its creation, so that none is forgotten."""

from collections.abc import Iterable
from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, ops


class IsolateTable(MigrateOperation):
    """One call of `aftersales_server.migrations.support` for one new table."""

    def __init__(self, helper: str, table: str) -> None:
        self.helper = helper
        self.table = table


@renderers.dispatch_for(IsolateTable)
def _render(_context: AutogenContext, operation: IsolateTable) -> str:
    return f'{operation.helper}("{operation.table}")'


def isolate_new_tables(append_only_tables: frozenset[str], directives: Iterable[Any]) -> None:
    """Put the fitting helper behind every CreateTableOp of the directives.

    A table without tenant becomes `platform_only`; whoever wants the app to read it writes `reference` instead.
    """
    for script in directives:
        upgrades = script.upgrade_ops
        if upgrades is None:
            continue
        position = 0
        while position < len(upgrades.ops):
            operation = upgrades.ops[position]
            position += 1
            if isinstance(operation, ops.CreateTableOp):
                helper = _helper(operation, append_only_tables)
                upgrades.ops.insert(position, IsolateTable(helper, operation.table_name))
                position += 1


def _helper(operation: ops.CreateTableOp, append_only_tables: frozenset[str]) -> str:
    columns = {getattr(column, "name", None) for column in operation.columns}
    if "tenant_id" not in columns:
        if operation.table_name == "tenants":
            return "registry"
        return "platform_append_only" if operation.table_name in append_only_tables else "platform_only"
    return "append_only" if operation.table_name in append_only_tables else "distribute"
