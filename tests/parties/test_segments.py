"""Who belongs to an audience (P06-02)."""

from datetime import date

import pytest

from aftersales.kit.errors import AftersalesError, InvalidInput, NotFound
from aftersales.parties import service
from aftersales.parties.commands import CreateCustomer
from tests.tickets.world import World, member


@pytest.mark.clause("P06-02")
async def test_a_customer_without_a_paid_visit_for_more_than_twelve_months_is_lost(car_world: World) -> None:
    for code, last_visit in (("L1", date(2024, 12, 1)), ("L2", date(2025, 5, 18)), ("L3", None)):
        await car_world.do(service.create_customer, CreateCustomer(code=code, name=code, last_paid_visit_on=last_visit))
    async with car_world.work() as uow:
        lost = await service.audience(uow, "auto_4s", "lost", date(2026, 5, 18))
        next_day = await service.audience(uow, "auto_4s", "lost", date(2026, 5, 19))
    assert [customer.code for customer, _ in lost] == ["L1"]
    assert [customer.code for customer, _ in next_day] == ["L1", "L2"]
    assert lost[0][1].clause == "P06-02"


async def test_a_customer_learns_its_own_segment_only(car_world: World) -> None:
    other = await car_world.do(service.create_customer, CreateCustomer(code="O", name="Other"))
    async with car_world.work(car_world.customer_member()) as uow:
        assert await service.customer_segment(uow, car_world.customer.id, "auto_4s") is None
        with pytest.raises(NotFound):
            await service.customer_segment(uow, other.id, "auto_4s")


async def test_an_audience_is_for_those_who_manage_parties_and_for_enabled_verticals(car_world: World) -> None:
    async with car_world.work(member("engineer")) as uow:
        with pytest.raises(AftersalesError) as refusal:
            await service.audience(uow, "auto_4s", "lost")
        assert refusal.value.code == "FORBIDDEN"
    async with car_world.work() as uow:
        with pytest.raises(InvalidInput) as unknown:
            await service.audience(uow, "solar", "lost")
        assert unknown.value.code == "VERTICAL_NOT_ENABLED"
        with pytest.raises(InvalidInput) as page:
            await service.audience(uow, "auto_4s", "lost", first=101)
        assert page.value.code == "PAGE_SIZE_INVALID"
