"""Statements compiled once, with their parameters checked."""

import pytest
from sqlalchemy import bindparam, select

from aftersales.kit.statements import compiled
from aftersales.parties.models import Customer
from aftersales_server.migrations import metadata

_customers = Customer.__table__
BY_CODE = select(_customers.c.name).where(
    _customers.c.tenant_id == bindparam("tenant_id"),
    _customers.c.code == bindparam("code"),
    _customers.c.state == "active",
)


def test_a_statement_is_compiled_once() -> None:
    assert compiled(BY_CODE) is compiled(BY_CODE)


def test_arguments_follow_the_order_of_the_placeholders() -> None:
    query = compiled(BY_CODE)
    arguments = query.arguments({"code": "C1", "tenant_id": "T"})
    assert sorted(map(str, arguments)) == ["C1", "T", "active"]
    assert "$1" in query.sql
    assert f"${len(arguments)}" in query.sql


def test_a_parameter_that_the_statement_doesnt_have_is_refused() -> None:
    with pytest.raises(TypeError, match=r"no parameter.*colour"):
        compiled(BY_CODE).arguments({"code": "C1", "tenant_id": "T", "colour": "red"})


def test_a_parameter_left_out_is_refused_and_not_null() -> None:
    with pytest.raises(TypeError, match=r"needs the parameter.*code"):
        compiled(BY_CODE).arguments({"tenant_id": "T"})


def test_no_column_that_may_be_empty_has_a_default() -> None:
    """A default is filled in where a row says nothing, so an explicit "nothing" could never be stored."""
    both = [
        f"{table.name}.{column.name}"
        for table in metadata().tables.values()
        for column in table.columns
        if column.nullable and column.default is not None
    ]
    assert both == []
