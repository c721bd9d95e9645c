"""What was simulated is what signing and accepting really create: the same days, from the same rules."""

from datetime import date, timedelta
from typing import Any

import pytest

from aftersales.assets import service as assets
from aftersales.assets.commands import AcceptAsset
from aftersales.commitments.models import Commitment
from aftersales.contracts import service as contracts
from aftersales.contracts.commands import LineDetails, RecordContractEvent, SignContract
from aftersales.contracts.models import ContractTask, ServiceContract
from aftersales.coverage import service as coverage
from aftersales.plans.commands import TermChange
from aftersales.revisits import service as revisits
from aftersales.revisits.commands import OpenRevisitPlan, OwnRevisitRule
from aftersales.revisits.models import Revisit
from aftersales.simulation.values import Simulation
from aftersales.training.models import TrainingDuty
from tests.contracts.lives import FINANCE, publish
from tests.fixtures.database import TestPlatform
from tests.planned.planning import owed, settled, work_off
from tests.simulation.lives import asked, simulated
from tests.tickets.world import ZONE, World

EVENTS = {"site_survey": "2026-01-10", "installation_started": "2026-02-01", "acceptance": "2026-03-01"}
COMMISSIONED = date(2026, 3, 20)
HORIZON = timedelta(days=366)


async def signed_and_accepted(world: World) -> ServiceContract:
    """The contract that was simulated, signed, lived through to the acceptance, and looked at by the planner."""
    sign = SignContract(
        title="Care", vertical="solar", customer_id=world.customer.id, starts_on=date(2026, 1, 1), commissioning=True,
        commissioning_due=COMMISSIONED, lines=(LineDetails(asset_type="solar_water_heater"),),
    )  # fmt: skip
    contract: ServiceContract = await world.do(contracts.sign_contract, sign, FINANCE)
    for event, on in EVENTS.items():
        actor = world.customer_member() if event == "acceptance" else FINANCE
        command = RecordContractEvent(contract_id=contract.id, event=event, on=date.fromisoformat(on))
        await world.do(contracts.record_contract_event, command, actor)
    accept = AcceptAsset(asset_id=world.asset.id, accepted_on=date(2026, 3, 1))
    await world.do(assets.accept_asset, accept, world.owner)
    await work_off(world)
    [stored] = await world.read(ServiceContract, id=contract.id)
    return stored


def days(simulation: Simulation, kind: str, moment: str = "due") -> list[tuple[str, date]]:
    """Codes and days, once for each asset that they are owed for."""
    return sorted(
        (one.code, one.on)
        for one in simulation.dates
        if (one.kind, one.moment) == (kind, moment)
        for _ in range(one.count)
    )


async def last_days(world: World, rows: list[Any]) -> list[date]:
    """The last day of each row's deadline."""
    found = []
    for row in rows:
        [promise] = await world.read(Commitment, subject_id=row.id)
        assert promise.due_at is not None
        found.append((promise.due_at.astimezone(ZONE) - timedelta(days=1)).date())
    return found


@pytest.mark.parametrize("visits", [None, 4])
async def test_signing_and_accepting_create_what_was_simulated(platform: TestPlatform, visits: int | None) -> None:
    """Given plan 9 as it is, or as the tenant's plan changes it, when it is really signed, then every day is the same:
    visits, courses, tasks, terms, the next phase, and the first contact of a plan in force."""
    world = await settled(platform, "solar", "solar_water_heater")
    if visits is not None:
        more = TermChange(declaration="inspection_cadences", code="maintenance", fields={"count": visits})
        await publish(world, more)
    rule = OwnRevisitRule(code="care", name="Care", trigger="contract", months=3)
    await world.do(revisits.open_revisit_plan, OpenRevisitPlan(vertical="solar", own=rule), world.owner)
    command = asked(
        "2026-01-01", EVENTS, {"solar_water_heater": 1}, vertical="solar", commissioning_due=COMMISSIONED,
        region="110000",
    )  # fmt: skip
    found = (await simulated(world, command)).simulation
    contract = await signed_and_accepted(world)

    horizon = date(2026, 3, 1) + HORIZON
    stored = sorted((row.code, row.due_on) for row in await owed(world) if row.due_on and row.due_on <= horizon)
    assert stored == [one for one in days(found, "planned") if one[1] <= horizon]
    assert len(stored) == (visits or 2)
    open_duties = {row.code for row in await owed(world) if row.due_on is None}
    assert open_duties == {one.code for one in found.promises if one.kind == "planned"}

    duties = await world.read(TrainingDuty)
    owed_courses = [duty.curriculum for duty in duties]
    assert sorted(zip(owed_courses, await last_days(world, duties), strict=True)) == days(found, "training")
    tasks = sorted((row.task, row.due_on) for row in await world.read(ContractTask))
    assert tasks == days(found, "task")
    async with world.work(world.owner) as uow:
        terms = await coverage.asset_warranties(uow, world.asset.id, date(2026, 3, 1))
    ends = {(one.warranty_class, one.standing.last_day) for one in terms if one.standing}
    assert ends == set(days(found, "warranty", "ends"))
    phases = dict(days(found, "phase", "begins"))
    assert contract.phase == "warranty"
    assert contract.phase_since == phases["warranty"]
    assert contract.free_until == phases["lifetime_service"] - timedelta(days=1)
    [contact] = [row for row in await world.read(Revisit) if row.state == "open"]
    assert (contact.code, contact.due_on) == next(one for one in days(found, "revisit"))
    assert days(found, "revisit")[:2] == [("care", date(2026, 6, 1)), ("care", date(2026, 9, 1))]
