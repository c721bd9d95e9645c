"""A piece of a round that can't be done holds up none of the tenant's others, and is looked at again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from aftersales.assets.models import Asset
from aftersales.broadcasts.models import ReminderSeries
from aftersales.contracts.jobs import enter_due_phases
from aftersales.contracts.models import ServiceContract
from aftersales.kit.errors import StateRefused, Unavailable
from aftersales.kit.ids import new_id
from aftersales.kit.jobs import PUT_ASIDE, rounds, work_off
from aftersales.kit.unit_of_work import UnitOfWork
from aftersales.parties.models import Customer
from aftersales.planned.models import MaintenancePlan
from aftersales.revisits.models import RevisitPlan
from aftersales.terms.base import Label
from aftersales.terms.planned import RevisitRule
from tests.fixtures.database import START, TestPlatform, TestTenant

HOUR = timedelta(hours=1)
TODAY = START.date()


@pytest.fixture
async def tenant(platform: TestPlatform) -> TestTenant:
    return await platform.tenant({"solar": {}})


def customer(code: str) -> Customer:
    return Customer(id=new_id(), code=code, name=code, created_at=START)


async def make(tenant: TestTenant, name: str) -> None:
    (one,) = [found for found in rounds() if found.name == name]
    async with tenant.work() as uow:
        assert await one.work(uow, one.at_once) == 2


async def column(tenant: TestTenant, sql: str) -> dict[str, Any]:
    async with tenant.work() as uow:
        return {row[0]: row[1] for row in await uow.connection.fetch(sql)}


async def test_given_pieces_of_which_one_is_refused_then_the_others_are_done_and_it_leaves_no_trace(
    tenant: TestTenant,
) -> None:
    aside: list[str] = []

    async def work(uow: UnitOfWork[Any], pieces: Sequence[str]) -> None:
        for piece in pieces:
            uow.add(customer(piece))
            await uow.flush()
            if piece == "bad":
                raise StateRefused("CUSTOMER_ARCHIVED", field="customerId")
            if piece == "broken":
                raise TypeError(piece)

    async with tenant.work() as uow:
        await work_off(uow, ["a", "bad", "b", "broken", "c"], work, aside.append, what="letters")
    assert aside == ["bad", "broken"]
    assert set(await column(tenant, "select code, name from customers")) == {"a", "b", "c"}


async def test_given_a_lost_database_then_nothing_is_put_aside(tenant: TestTenant) -> None:
    async def work(uow: UnitOfWork[Any], pieces: Sequence[str]) -> None:
        raise Unavailable("DATABASE_UNAVAILABLE")

    aside: list[str] = []
    async with tenant.work() as uow:
        with pytest.raises(Unavailable):
            await work_off(uow, ["a", "b"], work, aside.append, what="letters")
    assert aside == []


async def test_a_plan_whose_vertical_is_unknown_holds_up_no_other(tenant: TestTenant) -> None:
    async with tenant.work() as uow:
        owner = uow.add(customer("C"))
        for number, vertical in (("good", "solar"), ("bad", "gone")):
            asset = uow.add(
                Asset(id=new_id(), number=number, name=number, vertical="solar", asset_type="solar_water_heater",
                      customer_id=owner.id, created_at=START)
            )  # fmt: skip
            uow.add(
                MaintenancePlan(id=new_id(), subject_id=asset.id, asset_id=asset.id, customer_id=owner.id,
                                vertical=vertical, next_at=START - HOUR, created_at=START)
            )  # fmt: skip
    await make(tenant, "plans")
    found = await column(tenant, "select vertical, planned_through from maintenance_plans")
    assert found["solar"] is not None
    assert found["gone"] is None
    assert (await column(tenant, "select vertical, next_at from maintenance_plans"))["gone"] == START + PUT_ASIDE


async def test_a_contract_whose_terms_are_gone_holds_up_no_other(tenant: TestTenant) -> None:
    """Given a contract of a vertical that nobody knows any more, then another one's phase is looked at all the same."""
    async with tenant.work() as uow:
        owner = uow.add(customer("C"))
        for number, vertical in (("bad", "gone"), ("good", "solar")):
            uow.add(
                ServiceContract(id=new_id(), number=number, title=number, vertical=vertical, customer_id=owner.id,
                                starts_on=TODAY, playbook_key="", phase_due_at=START - HOUR, created_at=START)
            )  # fmt: skip
    async with tenant.work() as uow:
        assert await enter_due_phases(uow, 10) == 2
    found = await column(tenant, "select number, phase_due_at from service_contracts")
    assert found == {"bad": START + PUT_ASIDE, "good": None}


async def test_a_revisit_plan_that_cant_be_read_holds_up_no_other(tenant: TestTenant) -> None:
    rule = RevisitRule(code="area", label=Label("a", "a"), trigger="area", months=6, regions=("320100",))
    async with tenant.work() as uow:
        for code, terms in (("bad", {"trigger": 5}), ("good", msgspec.to_builtins(rule))):
            uow.add(
                RevisitPlan(id=new_id(), vertical="solar", code=code, name=code, trigger="area", terms=terms,
                            source="tenant", starts_on=TODAY, next_at=START - HOUR, created_at=START)
            )  # fmt: skip
    await make(tenant, "revisits")
    found = await column(tenant, "select code, next_at from revisit_plans")
    assert found["bad"] == START + PUT_ASIDE
    assert found["good"] > START + PUT_ASIDE


async def test_a_reminder_whose_audience_cant_be_read_holds_up_no_other(tenant: TestTenant) -> None:
    ids: dict[str, UUID] = {}
    async with tenant.work() as uow:
        for name, audience in (("bad", {"regions": 5}), ("good", {})):
            series = uow.add(
                ReminderSeries(id=new_id(), name=name, title={"zh": "t", "en": "t"}, body={"zh": "b", "en": "b"},
                               audience=audience, months=6, starts_on=TODAY, next_at=START - HOUR, created_at=START)
            )  # fmt: skip
            ids[name] = series.id
    await make(tenant, "reminders")
    found = await column(tenant, "select name, next_at from reminder_series")
    assert found["bad"] == START + PUT_ASIDE
    assert found["good"] > START + PUT_ASIDE
    async with tenant.work() as uow:
        sent = await uow.connection.fetch("select key, state from broadcasts")
    assert [(row["key"].split(":")[1], row["state"]) for row in sent] == [(str(ids["good"]), "scheduled")]
