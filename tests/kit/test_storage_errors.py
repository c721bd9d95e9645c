"""PostgreSQL's refusals, as the API tells them."""

import asyncpg
import pytest

from aftersales.kit import storage_errors
from aftersales.kit.errors import AftersalesError
from aftersales.kit.messages import MESSAGES
from aftersales.kit.storage_errors import translate
from aftersales_server.migrations import metadata


def fault(sqlstate: str, **details: str) -> asyncpg.PostgresError:
    """A refusal as asyncpg raises it."""
    made: asyncpg.PostgresError = asyncpg.PostgresError.new({"C": sqlstate, "M": "refused"})
    for name, value in details.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("sqlstate", "code"),
    [
        ("23503", "REFERENCE_MISSING"),
        ("23514", "CHECK_REFUSED"),
        ("22003", "NUMBER_OUT_OF_RANGE"),
        ("22P05", "TEXT_INVALID"),
        ("40P01", "DATABASE_BUSY"),
        ("57P01", "DATABASE_UNAVAILABLE"),
        ("08006", "DATABASE_UNAVAILABLE"),
        ("53300", "DATABASE_UNAVAILABLE"),
    ],
)
def test_a_refusal_has_a_code(sqlstate: str, code: str) -> None:
    refusal = translate(fault(sqlstate))
    assert isinstance(refusal, AftersalesError)
    assert refusal.code == code


def test_a_shard_of_citus_is_the_table_itself() -> None:
    refusal = translate(fault("23505", constraint_name="uq_tenants_slug_102008", table_name="tenants_102008"))
    assert isinstance(refusal, AftersalesError)
    assert (refusal.code, refusal.field) == ("TENANT_SLUG_TAKEN", "slug")


def test_an_unnamed_unique_constraint_names_its_table() -> None:
    refusal = translate(fault("23505", constraint_name="uq_x_102008", table_name="assets_102008"))
    assert isinstance(refusal, AftersalesError)
    assert (refusal.code, refusal.params["thing"]) == ("ALREADY_EXISTS", "assets")


@pytest.mark.parametrize("sqlstate", ["42501", "42P01", "23502"])
def test_a_defect_of_ours_stays_what_it_is(sqlstate: str) -> None:
    original = fault(sqlstate)
    assert translate(original) is original


def test_every_named_constraint_exists_and_its_code_has_a_message() -> None:
    """A constraint that is renamed, or a code without a text, would otherwise show up at a customer's."""
    tables = metadata().tables.values()
    existing = {str(index.name) for table in tables for index in table.indexes}
    existing |= {str(constraint.name) for table in tables for constraint in table.constraints}
    named = storage_errors._unique_codes
    assert sorted(set(named) - existing) == []
    assert sorted(code for code, _ in named.values() if code not in MESSAGES) == []
