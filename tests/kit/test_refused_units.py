"""A unit of work that was refused, cancelled or cut off leaves nothing behind, whoever caught what."""

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import bindparam, select

from aftersales.kit.errors import Conflict, InvalidInput, NotFound, Unavailable
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer, ServiceUnit, Site
from aftersales.tickets.models import Ticket
from aftersales.work.models import WorkOrder, WorkOrderLine
from tests.fixtures.database import TestPlatform, TestTenant

_units = ServiceUnit.__table__
UNIT_BY_CODE = select(_units).where(_units.c.tenant_id == bindparam("tenant_id"), _units.c.code == bindparam("code"))
NOW = datetime(2026, 6, 10, 1, 0, tzinfo=UTC)


def customer(code: str) -> Customer:
    return Customer(id=new_id(), code=code, name=code, created_at=NOW)


@pytest.fixture
async def tenant(bare_platform: TestPlatform) -> TestTenant:
    return await bare_platform.tenant()


async def names(tenant: TestTenant) -> list[str]:
    async with tenant.work() as uow:
        rows = await uow.connection.fetch("select name from customers where tenant_id = $1 order by code", tenant.id)
    return [row["name"] for row in rows]


async def test_given_three_changed_rows_when_one_was_stale_then_its_versions_are_told_and_none_is_written(
    tenant: TestTenant,
) -> None:
    async with tenant.work() as uow:
        stored = [uow.add(customer(code)) for code in "abc"]

    async def change_all() -> None:
        async with tenant.work() as uow:
            rows = [await uow.get(Customer, row.id) for row in stored]
            for _ in range(2):
                async with tenant.work() as other:
                    (await other.get(Customer, stored[1].id)).name += "!"
            for row in rows:
                row.name = "mine"

    with pytest.raises(Conflict) as refusal:
        await change_all()
    assert (refusal.value.code, refusal.value.params) == ("VERSION_STALE", {"actual": 3, "expected": 1})
    assert await names(tenant) == ["a", "b!!", "c"]


async def test_given_a_caught_stale_version_then_the_unit_still_cant_be_committed(tenant: TestTenant) -> None:
    async with tenant.work() as uow:
        row, bystander = uow.add(customer("a")), uow.add(customer("b"))

    async def catch_and_go_on() -> None:
        async with tenant.work() as uow:
            mine, other = await uow.get(Customer, row.id), await uow.get(Customer, bystander.id)
            async with tenant.work() as first:
                (await first.get(Customer, row.id)).name = "first"
            mine.name = other.name = "half"
            with pytest.raises(Conflict):
                await uow.flush()

    with pytest.raises(Conflict):
        await catch_and_go_on()
    assert await names(tenant) == ["first", "b"]


async def test_given_a_caught_refusal_of_the_database_then_the_silent_rollback_is_an_error(tenant: TestTenant) -> None:
    async def catch_and_go_on() -> None:
        async with tenant.work() as uow:
            uow.add(customer("lost"))
            await uow.flush()
            with pytest.raises(InvalidInput):
                await uow.fetch(UNIT_BY_CODE, code="\x00")

    with pytest.raises(RuntimeError, match="nothing was written"):
        await catch_and_go_on()
    assert await names(tenant) == []


async def test_rows_that_change_in_different_columns_are_one_statement_and_each_gets_its_own(
    tenant: TestTenant,
) -> None:
    async with tenant.work() as uow:
        stored = [uow.add(customer(code)) for code in "abcd"]
    async with tenant.work() as uow:
        first, second, third, _ = [await uow.get(Customer, row.id) for row in stored]
        first.name = "named"
        second.phone = "021"
        third.name, third.phone = "both", "010"
    async with tenant.work() as uow:
        read = [await uow.get(Customer, row.id) for row in stored]
    assert [(row.name, row.phone, row.version) for row in read] == [
        ("named", None, 2), ("b", "021", 2), ("both", "010", 2), ("d", None, 1),
    ]  # fmt: skip


async def test_a_read_for_update_through_a_statement_brings_a_known_row_up_to_date(tenant: TestTenant) -> None:
    """Given a row read here and changed by somebody else, when a statement locks it, then it shows the change."""
    locking = UNIT_BY_CODE.with_for_update()
    async with tenant.work() as uow:
        row = uow.add(ServiceUnit(id=new_id(), code="U", name="old", kind="office", level=1))
    async with tenant.work() as uow:
        known = await uow.get(ServiceUnit, row.id)
        async with tenant.work() as other:
            (await other.get(ServiceUnit, row.id)).name = "new"
        assert await uow.entity(ServiceUnit, UNIT_BY_CODE, code="U") is known
        assert known.name == "old"
        assert await uow.entity(ServiceUnit, locking, code="U") is known
        assert (known.name, known.version) == ("new", 2)


async def test_decimals_and_dates_come_back_exactly(tenant: TestTenant) -> None:
    async with tenant.work() as uow:
        owner = uow.add(customer("a"))
        owner.last_paid_visit_on = date(2024, 2, 29)
        ticket = uow.add(
            Ticket(id=new_id(), number="T", kind="fault", channel="web", vertical="x", title="t", tier="standard",
                   customer_id=owner.id, reported_at=NOW, created_at=NOW)
        )  # fmt: skip
        order = uow.add(WorkOrder(id=new_id(), number="W", ticket_id=ticket.id, work_type="repair", created_at=NOW))
        line = uow.add(
            WorkOrderLine(id=new_id(), work_order_id=order.id, kind="part", description="valve",
                          quantity=Decimal("123456789.125"))
        )  # fmt: skip
    async with tenant.work() as uow:
        read = await uow.get(WorkOrderLine, line.id)
        assert read.quantity == Decimal("123456789.125")
        assert (await uow.get(Customer, owner.id)).last_paid_visit_on == date(2024, 2, 29)


@pytest.mark.parametrize("text", ["half \ud83d a character", "nothing \x00 at all"])
async def test_text_that_cant_be_stored_is_refused_in_writes_and_in_questions(tenant: TestTenant, text: str) -> None:
    with pytest.raises(InvalidInput) as written:
        async with tenant.work() as uow:
            uow.add(customer(text))
    with pytest.raises(InvalidInput) as asked:
        async with tenant.work() as uow:
            await uow.fetch(UNIT_BY_CODE, code=text)
    assert (written.value.code, asked.value.code) == ("TEXT_INVALID", "TEXT_INVALID")
    assert await names(tenant) == []


async def test_given_a_cancelled_unit_then_the_next_one_on_the_connection_finds_nothing_of_it(
    tenant: TestTenant,
) -> None:
    written = asyncio.Event()

    async def write_and_wait() -> None:
        async with tenant.work() as uow:
            uow.add(customer("half"))
            await uow.flush()
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_wait())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await names(tenant) == []


async def test_given_a_connection_that_dies_then_the_answer_is_unavailable_and_the_next_unit_works(
    tenant: TestTenant,
) -> None:
    async def cut_off() -> None:
        async with tenant.work() as uow:
            uow.add(customer("lost"))
            await uow.flush()
            backend = await uow.connection.fetchval("select pg_backend_pid()")
            async with tenant.platform.pools.app.acquire() as neighbour:
                await neighbour.fetchval("select pg_terminate_backend($1, 5000)", backend)
            await uow.get(Site, new_id())

    with pytest.raises(Unavailable) as refusal:
        await cut_off()
    assert refusal.value.code == "DATABASE_UNAVAILABLE"
    assert await names(tenant) == []


async def test_a_row_that_vanished_is_not_found_when_it_is_written(tenant: TestTenant) -> None:
    async with tenant.work() as uow:
        row = uow.add(customer("a"))

    async def change_what_is_gone() -> None:
        async with tenant.work() as uow:
            known = await uow.get(Customer, row.id)
            async with tenant.work() as other:
                await other.connection.execute(
                    "delete from customers where tenant_id = $1 and id = $2", tenant.id, row.id
                )
            known.name = "ghost"

    with pytest.raises(NotFound) as refusal:
        await change_what_is_gone()
    assert refusal.value.code == "NOT_FOUND"
