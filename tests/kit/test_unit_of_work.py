"""What the unit of work writes and reads, on a real PostgreSQL with row-level security."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from aftersales.assets.models import Asset
from aftersales.journal.models import Event
from aftersales.kit.errors import Conflict, InvalidInput, NotFound
from aftersales.kit.ids import new_id
from aftersales.kit.outbox import OutboxMessage
from aftersales.kit.unit_of_work import Connection
from aftersales.parties.models import Contact, Customer, Site, WarrantyCard
from aftersales.scope import TenantWork
from tests.fixtures.database import TestPlatform, TestTenant


@dataclass
class Counting:
    """The connection of a unit of work, with the statements that went over it."""

    inner: Connection
    statements: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def fetchrow(self, sql: str, *arguments: Any) -> Any:
        self.statements.append(sql)
        return await self.inner.fetchrow(sql, *arguments)


def counted(uow: TenantWork) -> list[str]:
    """The single-row statements of the unit from now on; a flush is one of them."""
    counting = Counting(uow.connection)
    uow.connection = counting  # type: ignore[assignment]
    return counting.statements


def customer(**given: Any) -> Customer:
    values = {"id": new_id(), "code": f"C-{new_id().hex[-12:]}", "name": "Hospital", "created_at": START}
    return Customer(**{**values, **given})


START = datetime(2026, 6, 10, 1, 0, tzinfo=UTC)


@pytest.fixture
async def tenant(bare_platform: TestPlatform) -> TestTenant:
    return await bare_platform.tenant()


async def test_many_rows_of_many_tables_are_one_statement(tenant: TestTenant) -> None:
    """Given a customer to change, new rows of four tables that refer to each other, when flushed, then once."""
    async with tenant.work() as uow:
        old = uow.add(customer())
    async with tenant.work() as uow:
        known = await uow.get(Customer, old.id)
        known.name = "Clinic"
        new = uow.add(customer())
        site = uow.add(Site(id=new_id(), customer_id=new.id, name="Main building"))
        uow.add(Contact(id=new_id(), customer_id=new.id, name="Dr. Li"))
        uow.add(Contact(id=new_id(), customer_id=old.id, name="Dr. Wu"))
        uow.add(Site(id=new_id(), customer_id=new.id, name="Annex"))
        uow.enqueue("event", {"n": 1})
        statements = counted(uow)
        await uow.flush()
        assert len(statements) == 1
        await uow.flush()
        assert len(statements) == 1, "nothing was left to write"
    async with tenant.work() as uow:
        assert (await uow.get(Site, site.id)).customer_id == new.id
        assert (await uow.get(Customer, old.id)).name == "Clinic"


async def test_the_same_kind_of_flush_is_the_same_statement(tenant: TestTenant) -> None:
    """Prepared statements are found by their text: the number of rows and the values must not be in it."""
    texts = []
    for count in (1, 3):
        async with tenant.work() as uow:
            statements = counted(uow)
            for _ in range(count):
                uow.add(customer())
            await uow.flush()
            texts.extend(statements)
    assert len(texts) == 2
    assert texts[0] == texts[1]


async def test_every_type_of_column_comes_back_as_it_was_given(tenant: TestTenant) -> None:
    shanghai = timezone(timedelta(hours=8))
    attributes = {"volume": 120, "note": '漏水 "quoted" \\ \n', "none": None, "list": [1, 2.5, {"deep": True}]}
    async with tenant.work() as uow:
        owner = uow.add(customer(last_paid_visit_on=date(2026, 2, 28), region=None))
        asset = uow.add(
            Asset(
                id=new_id(), number="A-1", name="Heater", vertical="solar", asset_type="solar_water_heater",
                customer_id=owner.id, attributes=attributes, remote_allowed=True,
                created_at=datetime(2026, 6, 10, 9, 0, 0, 123456, tzinfo=shanghai),
            )
        )  # fmt: skip
    async with tenant.work() as uow:
        read = await uow.get(Asset, asset.id)
        assert read.attributes == attributes
        assert read.remote_allowed is True
        assert read.created_at == datetime(2026, 6, 10, 1, 0, 0, 123456, tzinfo=UTC)
        assert read.created_at.utcoffset() == timedelta(0)
        known = await uow.get(Customer, owner.id)
        assert known.last_paid_visit_on == date(2026, 2, 28)
        assert known.region is None


async def test_exact_decimals_stay_exact(tenant: TestTenant) -> None:
    async with tenant.work() as uow:
        amount = await uow.connection.fetchval(
            "select amount from jsonb_to_recordset($1::text::jsonb) as r(amount numeric(12, 3))",
            '[{"amount": "1234567.125"}]',
        )
        assert amount == Decimal("1234567.125")


async def test_columns_that_the_database_computes_are_read_and_never_written(tenant: TestTenant) -> None:
    async with tenant.work() as uow:
        row = uow.add(customer(name="HOSPITAL Ä"))
    async with tenant.work() as uow:
        read = await uow.get(Customer, row.id)
        assert read.name_lower == "hospital ä"
        read.name = "Clinic"
        await uow.flush()
        again = await uow.get(Customer, row.id, for_update=True)
        assert again is read
        assert read.name_lower == "clinic"


async def test_null_is_written_and_read_as_null(tenant: TestTenant) -> None:
    async with tenant.work() as uow:
        row = uow.add(customer(phone="021", region="310000"))
    async with tenant.work() as uow:
        read = await uow.get(Customer, row.id)
        read.phone = None
        await uow.flush()
        assert await uow.connection.fetchval(
            "select phone is null and region is not null from customers where tenant_id = $1 and id = $2",
            uow.tenant_id,
            row.id,
        )


async def test_a_change_inside_a_json_value_is_noticed(tenant: TestTenant) -> None:
    """Given attributes read from the database, when a key inside them is set in place, then the row is written."""
    async with tenant.work() as uow:
        owner = uow.add(customer())
        asset = uow.add(
            Asset(id=new_id(), number="A-2", name="H", vertical="solar", asset_type="x", customer_id=owner.id,
                  attributes={"tank": {"litres": 100}}, created_at=uow.now)
        )  # fmt: skip
        await uow.flush()
        asset.attributes["tank"]["litres"] = 120
    async with tenant.work() as uow:
        read = await uow.get(Asset, asset.id)
        assert read.attributes == {"tank": {"litres": 120}}
        assert read.version == 2
        read.attributes = {"tank": {"litres": 120}}
        statements = counted(uow)
        await uow.flush()
        assert statements == [], "an equal value is no change"


async def test_a_row_added_here_may_be_changed_after_a_flush(tenant: TestTenant) -> None:
    async with tenant.work() as uow:
        row = uow.add(customer())
        assert await uow.get(Customer, row.id) is row
        await uow.flush()
        assert await uow.get(Customer, row.id) is row
        row.name = "Second"
        await uow.flush()
        row.name = "Third"
        await uow.flush()
        assert row.version == 3
    async with tenant.work() as uow:
        read = await uow.get(Customer, row.id)
        assert (read.name, read.version) == ("Third", 3)


async def test_who_comes_second_is_told_that_the_version_is_stale(tenant: TestTenant) -> None:
    """Given two units that read one row, when both change it, then the second one's flush is refused."""
    async with tenant.work() as uow:
        row = uow.add(customer())

    async def change_what_changes_meanwhile() -> None:
        async with tenant.work() as second:
            theirs = await second.get(Customer, row.id)
            async with tenant.work() as first:
                (await first.get(Customer, row.id)).name = "First"
            theirs.name = "Second"

    with pytest.raises(Conflict) as refusal:
        await change_what_changes_meanwhile()
    assert refusal.value.code == "VERSION_STALE"
    assert refusal.value.params == {"actual": 2, "expected": 1}
    async with tenant.work() as uow:
        assert (await uow.get(Customer, row.id)).name == "First"


async def test_a_locked_read_brings_the_same_object_up_to_date(tenant: TestTenant) -> None:
    """Given a row that somebody changed since it was read here, when it is read for update, then the same object
    shows the other's change, keeps this unit's own, and both end in the database."""
    async with tenant.work() as uow:
        row = uow.add(customer(phone="1"))
    async with tenant.work() as uow:
        mine = await uow.get(Customer, row.id)
        mine.name = "Mine"
        async with tenant.work() as other:
            (await other.get(Customer, row.id)).phone = "2"
        locked = await uow.get(Customer, row.id, for_update=True)
        assert locked is mine
        assert (mine.name, mine.phone, mine.version) == ("Mine", "2", 2)
    async with tenant.work() as uow:
        read = await uow.get(Customer, row.id)
        assert (read.name, read.phone, read.version) == ("Mine", "2", 3)


async def test_a_version_that_somebody_assigns_doesnt_count(tenant: TestTenant) -> None:
    async with tenant.work() as uow:
        row = uow.add(customer())
        await uow.flush()
        row.version = 77
        statements = counted(uow)
        await uow.flush()
        assert statements == []
        row.name = "Changed"
    async with tenant.work() as uow:
        assert (await uow.get(Customer, row.id)).version == 2


async def test_a_row_may_take_the_place_of_one_that_steps_aside_in_the_same_flush(tenant: TestTenant) -> None:
    """Given the one valid warranty card of a site, when it is replaced, then one flush holds both steps."""
    async with tenant.work() as uow:
        owner = uow.add(customer())
        site = uow.add(Site(id=new_id(), customer_id=owner.id, name="Roof"))
        card = uow.add(WarrantyCard(id=new_id(), site_id=site.id, number="1", issued_on=date(2026, 1, 1)))
    async with tenant.work() as uow:
        (await uow.get(WarrantyCard, card.id)).replaced_at = uow.now
        uow.add(WarrantyCard(id=new_id(), site_id=site.id, number="2", issued_on=date(2026, 6, 1)))
        statements = counted(uow)
        await uow.flush()
        assert len(statements) == 1
    with pytest.raises(Conflict) as refusal:
        async with tenant.work() as uow:
            uow.add(WarrantyCard(id=new_id(), site_id=site.id, number="3", issued_on=date(2026, 6, 1)))
    assert (refusal.value.code, refusal.value.field) == ("WARRANTY_CARD_EXISTS", "siteId")


async def test_append_only_rows_are_refused_before_the_database_is_asked(tenant: TestTenant) -> None:
    async with tenant.work() as uow:
        event = uow.add(
            Event(id=new_id(), at=uow.now, kind="x", actor="system", subject_type="test", subject_id=new_id())
        )
    with pytest.raises(Conflict, match="append-only"):
        async with tenant.work() as uow:
            (await uow.get(Event, event.id)).kind = "rewritten"
    async with tenant.work() as uow:
        assert (await uow.get(Event, event.id)).kind == "x"


async def test_a_time_without_zone_is_refused(tenant: TestTenant) -> None:
    with pytest.raises(InvalidInput) as refusal:
        async with tenant.work() as uow:
            uow.add(customer(created_at=datetime(2026, 6, 10)))  # noqa: DTZ001 - what is refused
    assert (refusal.value.code, refusal.value.field) == ("INSTANT_NAIVE", "created_at")


async def test_the_key_of_a_row_never_changes(tenant: TestTenant) -> None:
    async with tenant.work() as uow:
        row = uow.add(customer())
    for name in ("id", "tenant_id"):
        with pytest.raises(ValueError, match="key"):
            async with tenant.work() as uow:
                setattr(await uow.get(Customer, row.id), name, new_id())


async def test_a_row_of_another_tenant_can_be_neither_added_nor_found(
    tenant: TestTenant, bare_platform: TestPlatform
) -> None:
    other = await bare_platform.tenant()
    async with other.work() as uow:
        theirs = uow.add(customer())
    with pytest.raises(ValueError, match="another tenant"):
        async with tenant.work() as uow:
            uow.add(customer(tenant_id=other.id))
    async with tenant.work() as uow:
        assert await uow.find(Customer, theirs.id) is None
        with pytest.raises(NotFound):
            await uow.get(Customer, theirs.id, for_update=True)


async def test_a_reference_to_another_tenants_row_is_missing(tenant: TestTenant, bare_platform: TestPlatform) -> None:
    other = await bare_platform.tenant()
    async with other.work() as uow:
        theirs = uow.add(customer())
    with pytest.raises(NotFound) as refusal:
        async with tenant.work() as uow:
            uow.add(Site(id=new_id(), customer_id=theirs.id, name="Stolen"))
    assert refusal.value.code == "REFERENCE_MISSING"


async def test_two_new_rows_with_one_key_are_a_mistake(tenant: TestTenant) -> None:
    async with tenant.work() as uow:
        row = uow.add(customer())
        with pytest.raises(ValueError, match="one key"):
            uow.add(customer(id=row.id))


async def test_a_unique_value_twice_is_the_error_that_the_room_named(tenant: TestTenant) -> None:
    async with tenant.work() as uow:
        uow.add(customer(code="TWICE"))
    with pytest.raises(Conflict) as refusal:
        async with tenant.work() as uow:
            uow.add(customer(code="TWICE"))
    assert (refusal.value.code, refusal.value.field) == ("CUSTOMER_CODE_TAKEN", "code")


async def test_a_value_outside_a_closed_list_is_refused(tenant: TestTenant) -> None:
    with pytest.raises(InvalidInput) as refusal:
        async with tenant.work() as uow:
            uow.add(customer(tier="emperor"))
    assert refusal.value.code == "CHECK_REFUSED"


async def test_text_that_postgresql_cant_hold_is_refused(tenant: TestTenant) -> None:
    with pytest.raises(InvalidInput) as refusal:
        async with tenant.work() as uow:
            uow.add(customer(name="a\x00b"))
    assert refusal.value.code == "TEXT_INVALID"


async def test_a_number_too_large_for_its_column_is_refused(tenant: TestTenant) -> None:
    too_large = Asset(
        id=new_id(), number="A-3", name="H", vertical="solar", asset_type="x", customer_id=new_id(), usage=2**40,
        created_at=START,
    )  # fmt: skip
    with pytest.raises(InvalidInput) as refusal:
        async with tenant.work() as uow:
            uow.add(too_large)
    assert refusal.value.code == "NUMBER_OUT_OF_RANGE"


async def test_a_refused_flush_leaves_nothing_behind(tenant: TestTenant) -> None:
    async def refer_to_nothing() -> None:
        async with tenant.work() as uow:
            uow.enqueue("event", {"lost": True})
            uow.add(Site(id=new_id(), customer_id=new_id(), name="Nowhere"))

    with pytest.raises(NotFound):
        await refer_to_nothing()
    async with tenant.work() as uow:
        assert await uow.connection.fetchval("select count(*) from outbox_messages") == 0


async def test_a_delayed_side_effect_waits(tenant: TestTenant) -> None:
    async with tenant.work() as uow:
        message = uow.enqueue("notice", {}, delay=timedelta(minutes=5))
        assert uow.enqueued
    async with tenant.work() as uow:
        read = await uow.get(OutboxMessage, message.id)
        assert read.available_at - read.created_at == timedelta(minutes=5)


async def test_what_runs_after_the_commit_cant_undo_it(tenant: TestTenant, caplog: pytest.LogCaptureFixture) -> None:
    """Given two actions of which one fails, when the unit has committed, then the other ran and the row stands."""
    rung: list[str] = []

    async def ring() -> None:
        rung.append("rung")

    async def fail() -> None:
        raise RuntimeError("the bell is broken")

    async with tenant.work() as uow:
        row = uow.add(customer())
        uow.after_commit(fail)
        uow.after_commit(ring)
        assert rung == []
    assert rung == ["rung"]
    assert "after the commit" in caplog.text
    async with tenant.work() as uow:
        assert await uow.find(Customer, row.id) is not None


async def test_what_should_run_after_the_commit_doesnt_run_without_one(tenant: TestTenant) -> None:
    rung: list[str] = []

    async def ring() -> None:
        rung.append("rung")

    async def fail() -> None:
        async with tenant.work() as uow:
            uow.after_commit(ring)
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await fail()
    assert rung == []


async def test_nothing_of_the_tenant_stays_on_the_connection(tenant: TestTenant) -> None:
    pool = tenant.platform.pools.app
    async with tenant.work() as uow:
        backend = await uow.connection.fetchval("select pg_backend_pid()")
    async with pool.acquire() as connection:
        assert await connection.fetchval("select pg_backend_pid()") == backend
        assert await connection.fetchval("select app.current_tenant()") is None
        assert await connection.fetchval("select count(*) from customers") == 0
