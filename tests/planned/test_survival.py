"""The planner is killed in mid-run and started again: the same set, each obligation with its one deadline."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from aftersales.assets.models import Asset
from aftersales.contracts.models import ContractLine, ServiceContract
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer
from aftersales_server.settings import Settings
from tests.jobs.stage import Stage, kill, stage_on
from tests.support.wait import eventually

ASSETS = 700
LONG_SECONDS = 90
TWICE = (
    "select count(*) from (select plan_id, rule, occurrence from planned_obligations"
    " group by 1, 2, 3 having count(*) > 1) doubled"
)


async def contracted(stage: Stage, tenant_id: UUID) -> None:
    """A solar company with a contract over 700 accepted heaters, and the job that a signature leaves behind."""
    async with stage.doors.system_pool.acquire() as connection:
        await connection.execute(
            "insert into tenant_verticals (tenant_id, id, vertical, settings, enabled, version)"
            " values ($1, $2, 'solar', '{}', true, 1)",
            tenant_id, new_id(),
        )  # fmt: skip
    async with stage.doors.tenant(tenant_id) as uow:
        customer = uow.add(Customer(id=new_id(), code="C-1", name="Housing estate", created_at=uow.now))
        contract = uow.add(
            ServiceContract(
                id=new_id(), number="C-1", title="Care", vertical="solar", customer_id=customer.id,
                starts_on=date(2026, 1, 1), playbook_key="", created_at=uow.now,
            )
        )  # fmt: skip
        uow.add(ContractLine(id=new_id(), contract_id=contract.id, asset_type="solar_water_heater"))
        for number in range(ASSETS):
            uow.add(
                Asset(
                    id=new_id(), number=f"A-{number}", name="Heater", vertical="solar", asset_type="solar_water_heater",
                    customer_id=customer.id, accepted_on=uow.now.date(), created_at=uow.now,
                )
            )  # fmt: skip
        uow.enqueue("plan", {"contract_id": str(contract.id)})


async def stored(stage: Stage) -> list[tuple[Any, ...]]:
    rows = await stage.rows(
        "select a.number, o.rule, o.occurrence, o.due_on, o.state from planned_obligations o"
        " join assets a on a.tenant_id = o.tenant_id and a.id = o.asset_id order by 1, 2, 3"
    )
    return [tuple(row) for row in rows]


async def test_a_planner_killed_in_mid_run_stores_the_same_set(
    fresh_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """Given 700 assets, when the worker is killed again and again while it plans, then nothing is lost or doubled."""
    sets = []
    for kills in (0, 3):
        folder = tmp_path / str(kills)
        folder.mkdir()
        async with stage_on(replace(fresh_settings(), data_folder=folder)) as stage:
            await contracted(stage, await stage.tenant(f"solar-{kills}"))

            async def finished(stage: Stage = stage) -> bool:
                planned = await stage.count("maintenance_plans where planned_through is not null")
                return planned == ASSETS and await stage.settled()

            for number in range(kills):
                worker = stage.start_worker()

                async def begun(stage: Stage = stage, least: int = number) -> bool:
                    return await stage.count("maintenance_plans where planned_through is not null") > 200 * least - 1

                await eventually(begun, seconds=LONG_SECONDS, what="a planner at work")
                kill(worker)
            stage.start_worker()
            await eventually(finished, seconds=LONG_SECONDS, what="all assets planned")
            sets.append(await stored(stage))
            obligations = await stage.count("planned_obligations")
            assert await stage.doors.system_pool.fetchval(TWICE) == 0
            assert await stage.count("commitments where subject_type = 'planned'") == obligations
            assert await stage.count("clock_segments") == obligations
    assert sets[0] == sets[1]
    assert len(sets[0]) >= 3 * ASSETS
