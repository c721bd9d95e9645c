"""Ids that the loader and the load agree on: tenant, kind and number are all in the UUID."""

from uuid import UUID

TENANT, MEMBER, TOKEN, CUSTOMER, CONTACT, SITE, ASSET = range(1, 8)
CONTRACT, LINE, TICKET, EVENT, COMMITMENT, SEGMENT, ENABLED = range(8, 15)


def identifier(kind: int, tenant: int, number: int = 0) -> UUID:
    """The id of the `number`-th row of a kind in a tenant."""
    return UUID(f"{tenant:08x}-{kind:04x}-7000-8000-{number:012x}")


def sql(kind: int, tenant: str, number: str) -> str:
    """The same id as an SQL expression over two integer expressions."""
    first, last = f"lpad(to_hex({tenant}), 8, '0')", f"lpad(to_hex(({number})::bigint), 12, '0')"
    return f"({first} || '-{kind:04x}-7000-8000-' || {last})::uuid"
