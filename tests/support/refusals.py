"""What a refusal has to be: the right code, in both languages, and nothing written."""

from typing import Any

import pytest

from aftersales.kit.actor import Actor
from aftersales.kit.database import Base
from aftersales.kit.errors import AftersalesError
from tests.tickets.world import World


async def contents(world: World) -> dict[str, str]:
    """A digest of every table's rows of the tenant."""
    async with world.work() as uow:
        return {
            table.name: await uow.connection.fetchval(
                f"select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from {table.name} t "
                "where tenant_id = $1",
                world.scope.id,
            )
            for table in Base.metadata.tables.values()
            if "tenant_id" in table.columns and table.name != "platform_actions"
        }


async def refused(world: World, operation: Any, command: Any, actor: Actor | None = None) -> AftersalesError:
    """The refusal of an operation, after making sure that it wrote nothing and can be read in both languages."""
    before = await contents(world)
    with pytest.raises(AftersalesError) as refusal:
        await world.do(operation, command, actor)
    assert await contents(world) == before
    assert refusal.value.message("zh-CN") != refusal.value.message("en")
    return refusal.value
