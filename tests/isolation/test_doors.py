"""The roles that no policy binds are used in a few known places and nowhere else."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ("core", "tenants", "graphql", "server", "plugins")

SYSTEM_ROLE = {
    "server/aftersales_server/asgi.py": "asks whether the database answers",
    "server/aftersales_server/composition.py": "opens the pools of a process",
    "server/aftersales_server/demo/provision.py": "opens the pools to provision the demo tenants",
    "server/aftersales_server/settings.py": "derives the address",
    "server/aftersales_server/worker/doors.py": "what the worker needs of the platform",
    "server/aftersales_server/worker/health.py": "heartbeat and figures of the outbox over all tenants",
    "server/aftersales_server/worker/outbox.py": "an operator's view of one tenant's dead letters",
    "server/aftersales_server/worker/platform.py": "opens the worker's pools",
    "server/aftersales_server/worker/relay.py": "finds pending messages over all tenants",
    "server/aftersales_server/worker/sweeper.py": "finds what is due over all tenants",
    "tenants/aftersales_tenants/gateway.py": "finds out who calls, before a tenant is known",
    "tenants/aftersales_tenants/platform.py": "admins' tokens and the development clock",
    "tenants/aftersales_tenants/pools.py": "opens the pool",
    "tenants/aftersales_tenants/service.py": "provisions tenants",
}
OWNER = {
    "server/aftersales_server/database_setup.py": "makes the roles",
    "server/aftersales_server/settings.py": "reads the address",
}


def _users(*names: str) -> set[str]:
    """The files in whose code one of the names occurs, as an attribute, a variable or an argument."""
    found: set[str] = set()
    for source in SOURCES:
        for file in (ROOT / source).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                used = (
                    node.attr if isinstance(node, ast.Attribute)
                    else node.id if isinstance(node, ast.Name)
                    else node.arg if isinstance(node, ast.arg | ast.keyword)
                    else node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                    else None
                )  # fmt: skip
                if used in names or ("system_pool" in names and used == "system" and _is_pools(node)):
                    found.add(str(file.relative_to(ROOT)))
    return found


def _is_pools(node: ast.AST) -> bool:
    """`pools.system`, and not a gateway's method of that name."""
    return isinstance(node, ast.Attribute) and ast.unparse(node.value).split(".")[-1] in {"pools", "_pools"}


def test_the_system_role_is_used_in_known_places_only() -> None:
    assert _users("system_dsn", "system_pool", "system_database_url") == set(SYSTEM_ROLE)


def test_the_owner_is_used_in_known_places_only() -> None:
    assert _users("owner_dsn") == set(OWNER)
