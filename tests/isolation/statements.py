"""Whether a statement names the tenant for every tenant table that it touches.

Row-level security would hide the others' rows anyway. But a statement without the tenant asks every shard of a
distributed database, and as the system role, which no policy binds, it would reach every tenant.
"""

import importlib
import pkgutil
import warnings
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from sqlalchemy import BindParameter, Table
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.dml import Delete, Insert, Update
from sqlalchemy.sql.elements import BinaryExpression, ClauseElement, ColumnElement
from sqlalchemy.sql.selectable import CTE, Alias, CompoundSelect, FromClause, Select, Subquery

PACKAGES = ("aftersales", "aftersales_tenants", "aftersales_graphql", "aftersales_server")
STATEMENTS = (Select, CompoundSelect, Insert, Update, Delete)
_TENANT = "tenant_id"
_BOUND = "bound"


def modules() -> Iterator[ModuleType]:
    """Every module of ours, except migrations: they run as the owner, once."""
    with warnings.catch_warnings():
        # What the libraries of modules that no other test imports have to say about themselves.
        warnings.simplefilter("ignore", DeprecationWarning)
        for name in PACKAGES:
            package = importlib.import_module(name)
            yield package
            for found in pkgutil.walk_packages(package.__path__, f"{name}."):
                if ".migrations" not in found.name and not found.name.endswith("__main__"):
                    yield importlib.import_module(found.name)


def statements() -> dict[str, ClauseElement]:
    """All statements that modules keep, by `module.NAME`; those in a dict, list or tuple too."""
    found: dict[str, ClauseElement] = {}
    for module in modules():
        for name, value in vars(module).items():
            for suffix, statement in _inside(value):
                # A statement that several modules import is listed once, where it is made.
                if not any(statement is known for known in found.values()):
                    found[f"{module.__name__}.{name}{suffix}"] = statement
    return found


def _inside(value: Any) -> Iterator[tuple[str, ClauseElement]]:
    if isinstance(value, STATEMENTS):
        yield "", value
    elif isinstance(value, dict):
        yield from ((f"[{key!r}]", each) for key, each in value.items() if isinstance(each, STATEMENTS))
    elif isinstance(value, list | tuple):
        yield from ((f"[{number}]", each) for number, each in enumerate(value) if isinstance(each, STATEMENTS))


def unbound(statement: ClauseElement) -> list[str]:
    """The tenant tables of a statement whose `tenant_id` is tied to no parameter and to no other tied table."""
    elements = list(_walk(statement))
    tables = {_source(element) for element in elements if _is_tenant_table(element)}
    written = {
        statement.table
        for statement in elements
        if isinstance(statement, Insert) and _names_tenant(statement) and isinstance(statement.table, Table)
    }
    tied: dict[Any, set[Any]] = {table: set() for table in tables}
    for element in elements:
        if isinstance(element, BinaryExpression) and element.operator is operators.eq:
            left, right = _side(element.left), _side(element.right)
            if left is not None and right is not None:
                tied.setdefault(left, set()).add(right)
                tied.setdefault(right, set()).add(left)
    reached, frontier = {_BOUND}, [_BOUND]
    while frontier:
        for neighbour in tied.get(frontier.pop(), ()):
            if neighbour not in reached:
                reached.add(neighbour)
                frontier.append(neighbour)
    return sorted(table.name for table in tables - reached - written)


def _walk(statement: ClauseElement) -> Iterator[Any]:
    """Every element below a statement, each once; a column's own table too."""
    seen: set[int] = set()
    stack: list[Any] = [statement]
    while stack:
        element = stack.pop()
        if id(element) in seen or not isinstance(element, visitors.Visitable):
            continue
        seen.add(id(element))
        yield element
        if isinstance(element, Table) or (isinstance(element, Alias) and isinstance(element.element, Table)):
            # An alias stands for its table: what the statement says, it says of the alias.
            continue
        stack.extend(element.get_children())  # type: ignore[attr-defined]
        if isinstance(element, ColumnElement) and isinstance(getattr(element, "table", None), FromClause):
            stack.append(element.table)


def _is_tenant_table(element: Any) -> bool:
    source = _source(element)
    inner = source.element if isinstance(source, Alias) else source
    return isinstance(inner, Table) and (_TENANT in inner.columns or inner.name == "tenants")


def _source(element: Any) -> Any:
    """The table or alias itself, without SQLAlchemy's annotated copies of it."""
    return element._deannotate() if hasattr(element, "_deannotate") else element


def _side(element: Any) -> Any:
    """What a side of `=` says about a tenant: the parameter, a table's tenant, or nothing."""
    while hasattr(element, "clause"):
        element = element.clause
    if isinstance(element, BindParameter):
        return _BOUND if element.key == _TENANT else None
    table = getattr(element, "table", None)
    if table is None:
        return None
    table = _source(table)
    key = "id" if getattr(table, "name", "") == "tenants" else _TENANT
    if getattr(element, "name", None) != key:
        return None
    # What a subquery found is as bound as the subquery, whose own tables are looked at.
    return _BOUND if isinstance(table, CTE | Subquery) else table


def _names_tenant(statement: Insert) -> bool:
    values: Any = statement._values or {}
    return any(
        getattr(column, "name", column) == _TENANT and isinstance(value, BindParameter) and value.key == _TENANT
        for column, value in values.items()
    )
