"""No clause of the plans is forgotten: each has a test that names it, or a line that says what is missing."""

from tests.seed.accounting import clauses, marked, not_yet_built


def test_every_clause_has_a_test_or_a_written_reason() -> None:
    unaccounted = clauses().keys() - marked().keys() - not_yet_built().keys()

    assert not unaccounted, f"neither a test nor a line in not_yet_built.toml: {sorted(unaccounted)}"


def test_every_clause_in_scope_is_tested() -> None:
    untested = {clause.id for clause in clauses().values() if clause.in_scope} - marked().keys()

    assert not untested, f"in scope, but no test names them: {sorted(untested)}"


def test_the_list_of_what_is_missing_is_honest() -> None:
    """A clause that has a test is not on the list any more, and nothing on it is a slip of the pen."""
    missing = not_yet_built()

    assert not missing.keys() & marked().keys()
    assert not missing.keys() - clauses().keys()
    assert all(reason.strip() for reason in missing.values())


def test_every_mark_names_a_clause_that_exists() -> None:
    assert not (marked("clause").keys() | marked("declares").keys()) - clauses().keys()
