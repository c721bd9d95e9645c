"""A unit of work that is cut off leaves neither its tenant nor its writes on the connection that goes back."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from aftersales.kit.errors import Unavailable
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.pools import Pools, open_pools
from aftersales_tenants.scopes import Scopes
from tests.fixtures.database import START, TestPlatform
from tests.services import DatabaseUrls


@pytest.fixture
async def narrow(bare_platform: TestPlatform, database_urls: DatabaseUrls) -> AsyncIterator[TestPlatform]:
    """A platform with a single connection for tenants, so that everybody gets the same one."""
    async with open_pools(database_urls.app, database_urls.system, app_size=1, system_size=1) as pools:
        gateway = Gateway(pools, Scopes(bare_platform.compiler), bare_platform.clock)
        yield TestPlatform(pools, bare_platform.clock, gateway, bare_platform.compiler)


async def _clean(pools: Pools) -> bool:
    """Whether whoever comes next finds no transaction and no tenant."""
    async with pools.app.acquire() as connection:
        return not connection.is_in_transaction() and await connection.fetchval("select app.current_tenant()") is None


async def test_a_unit_cancelled_in_the_middle_of_a_statement_leaves_nothing(narrow: TestPlatform) -> None:
    """Given a unit that has written and waits for the database, when its task is cancelled, then nothing is kept."""
    tenant, neighbour = await narrow.tenant(), await narrow.tenant()
    written = asyncio.Event()

    async def write_and_wait() -> None:
        async with tenant.work() as uow:
            uow.add(Customer(id=new_id(), code="LOST", name="Lost", created_at=START))
            await uow.flush()
            written.set()
            await uow.connection.execute("select pg_sleep(60)")

    task = asyncio.create_task(write_and_wait())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await _clean(narrow.pools)
    for each in (neighbour, tenant):
        async with each.work() as uow:
            assert await uow.connection.fetchval("select app.current_tenant()") == each.id
            assert await uow.connection.fetchval("select count(*) from customers") == 0


async def test_a_unit_whose_backend_dies_says_so_and_the_next_one_works(
    narrow: TestPlatform, database_urls: DatabaseUrls
) -> None:
    tenant = await narrow.tenant()
    owner = await asyncpg.connect(database_urls.owner)

    async def lose_the_connection() -> None:
        async with tenant.work() as uow:
            backend = await uow.connection.fetchval("select pg_backend_pid()")
            uow.add(Customer(id=new_id(), code="LOST", name="Lost", created_at=START))
            await owner.execute("select pg_terminate_backend($1)", backend)

    with pytest.raises(Unavailable) as refusal:
        await lose_the_connection()
    await owner.close()
    assert refusal.value.code == "DATABASE_UNAVAILABLE"
    async with tenant.work() as uow:
        assert await uow.connection.fetchval("select count(*) from customers") == 0


async def test_tenants_that_take_turns_on_one_connection_never_meet(narrow: TestPlatform) -> None:
    """Given six tenants and one connection, when they all work at once, then each finds its own row only."""
    tenants = [await narrow.tenant() for _ in range(6)]

    async def turn(number: int) -> list[str]:
        async with tenants[number].work() as uow:
            uow.add(Customer(id=new_id(), code=f"C{number}", name="C", created_at=START))
            await uow.flush()
            return [row["code"] for row in await uow.connection.fetch("select code from customers")]

    found = await asyncio.gather(*(turn(number) for number in range(6)))
    assert found == [[f"C{number}"] for number in range(6)]
