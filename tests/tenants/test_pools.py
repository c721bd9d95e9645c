"""What every connection of the platform has in common."""

from aftersales_tenants.pools import Pools


async def test_a_wide_statement_is_prepared_once(pools: Pools) -> None:
    """asyncpg keeps no statement above 15 KiB by default: a wide planned read would be prepared anew each time."""
    columns = ", ".join(f"$1::int + {number} as a_rather_long_column_name_{number}" for number in range(700))
    sql = f"select {columns}"
    assert len(sql) > 3 * 15_360 / 2
    async with pools.app.acquire() as connection:
        for given in (1, 2):
            assert await connection.fetchval(sql, given, column=699) == given + 699
        assert await connection.fetchval("select count(*) from pg_prepared_statements where statement = $1", sql) == 1


async def test_connections_work_in_utc_and_read_json(pools: Pools) -> None:
    for pool in (pools.app, pools.system):
        async with pool.acquire() as connection:
            assert await connection.fetchval("show timezone") == "UTC"
            assert await connection.fetchval("select $1::jsonb", {"a": [1, None]}) == {"a": [1, None]}
