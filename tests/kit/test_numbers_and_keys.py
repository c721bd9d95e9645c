"""People-facing numbers and idempotency keys, with several callers at once."""

import asyncio

import pytest

from aftersales.kit.counters import next_number
from aftersales.kit.errors import Conflict
from aftersales.kit.idempotency import earlier_outcome, fingerprint, remember_outcome
from tests.fixtures.database import TestPlatform, TestTenant


@pytest.fixture
async def tenant(bare_platform: TestPlatform) -> TestTenant:
    return await bare_platform.tenant()


async def test_many_at_once_get_every_number_once(tenant: TestTenant) -> None:
    async def take() -> str:
        async with tenant.work() as uow:
            return await next_number(uow, "T", 2026)

    taken = await asyncio.gather(*(take() for _ in range(20)))
    assert sorted(taken) == [f"T-2026-{number:06}" for number in range(1, 21)]


async def test_a_rollback_leaves_no_gap(tenant: TestTenant) -> None:
    async def take_and_fail() -> None:
        async with tenant.work() as uow:
            assert await next_number(uow, "T", 2026) == "T-2026-000001"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await take_and_fail()
    async with tenant.work() as uow:
        assert await next_number(uow, "T", 2026) == "T-2026-000001"


async def test_tenants_years_and_kinds_are_counted_apart(tenant: TestTenant, bare_platform: TestPlatform) -> None:
    other = await bare_platform.tenant()
    for each in (tenant, other):
        async with each.work() as uow:
            numbers = [await next_number(uow, kind, year) for kind, year in (("T", 2026), ("T", 2027), ("C", 2026))]
        assert numbers == ["T-2026-000001", "T-2027-000001", "C-2026-000001"]


async def test_the_same_key_gives_the_first_outcome(tenant: TestTenant) -> None:
    digest = fingerprint("openTicket", {"title": "漏水", "kind": "fault"})
    assert digest == fingerprint("openTicket", {"kind": "fault", "title": "漏水"})
    async with tenant.work(tenant.actor("dispatcher")) as uow:
        actor = uow.actor
        assert await earlier_outcome(uow, "k1", digest) is None
        remember_outcome(uow, "k1", digest, {"ticketId": "1"})
    async with tenant.work(actor) as uow:
        assert await earlier_outcome(uow, "k1", digest) == {"ticketId": "1"}
        with pytest.raises(Conflict) as refusal:
            await earlier_outcome(uow, "k1", fingerprint("openTicket", {"title": "other"}))
        assert refusal.value.code == "IDEMPOTENCY_KEY_REUSED"
    async with tenant.work(tenant.actor("dispatcher")) as uow:
        assert await earlier_outcome(uow, "k1", digest) is None, "another member's key is another key"


async def test_of_two_at_once_with_one_key_one_is_done(tenant: TestTenant) -> None:
    actor = tenant.actor("dispatcher")
    both_looked = asyncio.Barrier(2)

    async def once() -> str:
        try:
            async with tenant.work(actor) as uow:
                assert await earlier_outcome(uow, "k2", "digest") is None
                await both_looked.wait()
                remember_outcome(uow, "k2", "digest", {})
                await uow.flush()
        except Conflict as refusal:
            return refusal.code
        return "done"

    assert sorted(await asyncio.gather(once(), once())) == ["IDEMPOTENCY_IN_PROGRESS", "done"]
