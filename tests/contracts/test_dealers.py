"""Dealers' agreements: a dealer has a standing only on days on which one is valid."""

from datetime import date
from typing import Any

import pytest

from aftersales.contracts import service
from aftersales.contracts.commands import EndDealerAgreement, SignDealerAgreement
from aftersales.kit.errors import StateRefused
from aftersales.kit.ids import new_id
from aftersales.parties.models import ServiceUnit
from tests.contracts.lives import FINANCE
from tests.support.refusals import refused
from tests.tickets.world import World, member


async def dealer(world: World) -> ServiceUnit:
    unit = ServiceUnit(id=new_id(), code="D1", name="North", kind="dealer")
    await world.add(unit)
    return unit


def agreement(unit: ServiceUnit, **given: Any) -> SignDealerAgreement:
    return SignDealerAgreement(
        **{"service_unit_id": unit.id, "title": "Regional agency", "starts_on": date(2025, 7, 1),
           "ends_on": date(2026, 6, 30), "regions": ("11",), **given}
    )  # fmt: skip


@pytest.mark.clause("P15-02")
@pytest.mark.parametrize(
    ("sold_on", "eligible"),
    [("2025-06-30", False), ("2025-07-01", True), ("2026-06-30", True), ("2026-07-01", False)],
)
async def test_a_dealer_without_a_valid_agreement_on_the_day_of_the_sale_is_not_eligible(
    solar_world: World, sold_on: str, eligible: bool
) -> None:
    """Given an agreement that ended on 2026-06-30, then a sale of 2026-07-01 gives the dealer no claim."""
    unit = await dealer(solar_world)
    await solar_world.do(service.sign_dealer_agreement, agreement(unit), FINANCE)
    async with solar_world.work() as uow:
        if eligible:
            found = await service.check_dealer_eligible(uow, unit.id, date.fromisoformat(sold_on))
            assert found.title == "Regional agency"
        else:
            with pytest.raises(StateRefused) as refusal:
                await service.check_dealer_eligible(uow, unit.id, date.fromisoformat(sold_on))
            assert refusal.value.code == "DEALER_NOT_ELIGIBLE"


async def test_agreements_that_cannot_stand_are_refused(solar_world: World) -> None:
    unit = await dealer(solar_world)
    signed = await solar_world.do(service.sign_dealer_agreement, agreement(unit, number="A1"), FINANCE)
    cases = [
        (agreement(unit, starts_on=date(2026, 6, 30), ends_on=None), "AGREEMENT_OVERLAPS", "startsOn"),
        (agreement(unit, starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 1)), "PERIOD_INVERTED", "endsOn"),
        (agreement(unit, number="A1", starts_on=date(2026, 7, 1), ends_on=None), "AGREEMENT_NUMBER_TAKEN", "number"),
        (agreement(unit, starts_on=date(2026, 7, 1), ends_on=None, title=" "), "REQUIRED", "title"),
        (agreement(unit, regions=("99",), starts_on=date(2026, 7, 1), ends_on=None), "REGION_UNKNOWN", "regions.0"),
        (agreement(solar_world.team), "UNIT_NOT_DEALER", "serviceUnitId"),
    ]
    for command, code, field in cases:
        error = await refused(solar_world, service.sign_dealer_agreement, command, FINANCE)
        assert (error.code, error.field) == (code, field)
    for actor in (member("dispatcher"), member("dealer", dealer_id=unit.id)):
        error = await refused(solar_world, service.sign_dealer_agreement, agreement(unit), actor)
        assert error.code == "FORBIDDEN"
    longer = EndDealerAgreement(dealer_agreement_id=signed.id, ends_on=date(2026, 7, 1))
    assert (await refused(solar_world, service.end_dealer_agreement, longer, FINANCE)).code == "END_BEYOND_LAST_DAY"
    end = EndDealerAgreement(dealer_agreement_id=signed.id, ends_on=date(2026, 6, 9))
    await solar_world.do(service.end_dealer_agreement, end, FINANCE)
    assert (await refused(solar_world, service.end_dealer_agreement, end, FINANCE)).code == "AGREEMENT_ENDED"
