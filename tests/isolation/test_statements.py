"""Every statement that a room keeps names the tenant of every tenant table in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import BindParameter, bindparam, exists, func, select, update
from sqlalchemy.sql.elements import ClauseElement

from aftersales.assets.models import Asset
from aftersales.parties.models import Customer
from aftersales_server.migrations import metadata
from tests.isolation.rows import tenant_tables
from tests.isolation.statements import statements, unbound

ACROSS_TENANTS = {
    "aftersales.kit.outbox_queries.PENDING_TENANTS": "the relay picks tenants by what is pending, as the system role",
    "aftersales.kit.outbox_queries.DONE_TENANTS": "the worker finds what may be forgotten, as the system role",
    "aftersales.kit.outbox_queries.FIGURES": "figures of the whole platform for its admins, as the system role",
    "aftersales.records.queries.DUE_TENANTS": "the round picks tenants by abandoned uploads, as the system role",
    "aftersales.commitments.queries.DUE_TENANTS": "the sweeper picks tenants by what is due, as the system role",
    "aftersales.contracts.queries.PHASE_DUE_TENANTS": "picks tenants by whose free term ends, as the system role",
    "aftersales.contracts.queries.COMING_TENANTS": "picks tenants by whose amendment begins, as the system role",
    "aftersales.planned.queries.REMINDING_TENANTS": "picks tenants by whom to remind, as the system role",
    "aftersales.planned.queries.DUE_TENANTS": "the planner picks tenants by what is due, as the system role",
    "aftersales.revisits.queries.DUE_TENANTS": "the revisits' round picks tenants by what is due, as the system role",
    "aftersales.broadcasts.queries.DUE_TENANTS": "the reminders' round picks tenants by what is due, as system role",
    "aftersales_tenants.queries.AUTHENTICATE": "who calls is looked up before the tenant is known, by its slug",
    "aftersales_tenants.queries.TENANT_BY_SLUG": "the tenant is looked up by its slug",
    "aftersales_tenants.queries.TENANT_BY_SLUG_LOCKED": "the same, locked",
    "aftersales_tenants.queries.TENANTS": "the list of tenants for the platform's admins",
    "aftersales_tenants.queries.ALL_VERTICALS": "the verticals of all tenants for the same list",
}
ROOT = Path(__file__).parents[2]
SOURCES = ("core", "tenants", "graphql", "server", "plugins")

_customers, _assets = Customer.__table__, Asset.__table__
_other = _assets.alias("other")
TENANT: BindParameter[Any] = bindparam("tenant_id")


def test_every_statement_names_the_tenant_of_every_table() -> None:
    found = {name: unbound(statement) for name, statement in statements().items()}
    assert len(found) > 50, "the statements weren't found"
    assert {name: tables for name, tables in found.items() if tables and name not in ACROSS_TENANTS} == {}


def test_every_exception_is_still_one() -> None:
    assert {name for name in ACROSS_TENANTS if not unbound(statements()[name])} == set()


@pytest.mark.parametrize(
    "statement",
    [
        select(_customers).where(_customers.c.tenant_id == TENANT),
        select(_customers)
        .join(_assets, (_assets.c.tenant_id == _customers.c.tenant_id) & (_assets.c.customer_id == _customers.c.id))
        .where(_customers.c.tenant_id == TENANT),
        select(_customers).where(
            _customers.c.tenant_id == TENANT,
            exists().where(_assets.c.tenant_id == _customers.c.tenant_id, _assets.c.customer_id == _customers.c.id),
        ),
        update(Customer).where(Customer.tenant_id == TENANT).values(name="x"),
        select(_customers)
        .outerjoin(_other, (_other.c.tenant_id == TENANT) & (_other.c.customer_id == _customers.c.id))
        .where(_customers.c.tenant_id == TENANT),
    ],
)
def test_a_statement_that_names_the_tenant_passes(statement: ClauseElement) -> None:
    assert unbound(statement) == []


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        (select(_customers), ["customers"]),
        (select(_customers).where(_customers.c.id == bindparam("id")), ["customers"]),
        (select(_customers).where(_customers.c.tenant_id == bindparam("other")), ["customers"]),
        (select(_customers).where(_customers.c.tenant_id != TENANT), ["customers"]),
        (
            select(_customers)
            .join(_assets, _assets.c.customer_id == _customers.c.id)
            .where(_customers.c.tenant_id == TENANT),
            ["assets"],
        ),
        (
            select(_assets).where(_assets.c.tenant_id == TENANT, exists().where(_other.c.id == _assets.c.id)),
            ["other"],
        ),
        (
            select(select(func.count()).select_from(_assets).scalar_subquery()).where(_customers.c.tenant_id == TENANT),
            ["assets"],
        ),
        (
            update(Customer)
            .where(
                Customer.tenant_id == TENANT, Customer.id == select(_assets.c.customer_id).cte("picked").c.customer_id
            )
            .values(name="x"),
            ["assets"],
        ),
        (update(Customer).values(name="x"), ["customers"]),
    ],
)
def test_a_statement_that_forgets_a_tenant_is_noticed(statement: ClauseElement, tables: list[str]) -> None:
    assert unbound(statement) == tables


def _raw_sql() -> Iterator[tuple[str, str]]:
    """Strings in the code that read or write a tenant table by name."""
    names = "|".join(table.name for table in tenant_tables(metadata()))
    touches = re.compile(rf'\b(?:from|into|update|join)\s+"?(?:{names})"?\b', re.IGNORECASE)
    for source in SOURCES:
        for file in (ROOT / source).rglob("*.py"):
            if "migrations" in file.parts:
                continue
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and touches.search(node.value):
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", node.value


def test_no_sql_is_written_by_hand_where_it_isnt_looked_at() -> None:
    """A sentence may say "from tickets" too; SQL begins with its verb."""
    verbs = ("select", "insert", "update", "delete", "with")
    assert [place for place, text in _raw_sql() if text.lstrip().lower().startswith(verbs)] == []
