"""Comparing schemas: what a new SDL would break for those who use the old one."""

from graphql import build_schema
from graphql.utilities import find_breaking_changes


def breaking_changes(old: str, new: str) -> list[str]:
    """Each incompatible change from the old SDL to the new one, in a sentence; empty when clients can stay."""
    found = find_breaking_changes(build_schema(old), build_schema(new))
    return sorted(change.description for change in found)
