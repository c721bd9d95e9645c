"""No row can point at another tenant's row, through any foreign key of any table."""

import asyncpg
import pytest
from sqlalchemy import ForeignKeyConstraint

from aftersales_server.migrations import metadata
from tests.fixtures.database import TestPlatform
from tests.isolation.rows import rows_of, tenant_tables
from tests.isolation.test_borders import insert
from tests.services import DatabaseUrls

REFERENCES = [
    (table.name, next(column.name for column in key.columns if column.name != "tenant_id"), key.referred_table.name)
    for table in tenant_tables(metadata())
    for key in table.constraints
    if isinstance(key, ForeignKeyConstraint) and key.referred_table.name != "tenants"
]


def test_every_reference_within_a_tenant_begins_with_the_tenant() -> None:
    assert len(REFERENCES) > 30, "the foreign keys weren't found"
    for table in tenant_tables(metadata()):
        for key in table.constraints:
            if isinstance(key, ForeignKeyConstraint):
                targets = [element.target_fullname for element in key.elements]
                own = [f"{key.referred_table.name}.tenant_id", f"{key.referred_table.name}.id"]
                assert targets in (["tenants.id"], own), f"{table.name}: {targets}"


async def test_a_reference_to_another_tenants_row_is_refused_in_every_table(
    bare_platform: TestPlatform, database_urls: DatabaseUrls
) -> None:
    """Given two tenants with a row in every table, when a row of ours is made to point at theirs, then even the owner,
    whom no policy and no right holds back, is refused by the key itself."""
    ours, theirs = await bare_platform.tenant(), await bare_platform.tenant()
    ids = {}
    async with bare_platform.pools.system.acquire() as connection:
        for tenant in (ours, theirs):
            for table, row in rows_of(metadata(), tenant.id):
                await connection.execute(*insert(table.name, row))
                ids[tenant.id, table.name] = row.get("id")
    owner = await asyncpg.connect(database_urls.owner)
    try:
        for name, column, referred in REFERENCES:
            sql = f'update "{name}" set "{column}" = $1 where tenant_id = $2 and id = $3'
            with pytest.raises(asyncpg.ForeignKeyViolationError):
                await owner.execute(sql, ids[theirs.id, referred], ours.id, ids[ours.id, name])
    finally:
        await owner.close()
