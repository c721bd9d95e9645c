"""The service organisation on three levels, and which unit is nearest."""

import pytest

from aftersales.kit.errors import InvalidInput
from aftersales.kit.ids import new_id
from aftersales.parties import service
from aftersales.parties.commands import CreateServiceUnit, UpdateServiceUnit
from aftersales.parties.models import ServiceUnit
from aftersales.parties.regions import check_regions, reach
from aftersales.parties.rules import UnitFacts, check_level, units_by_nearness
from tests.support.refusals import refused
from tests.tickets.world import World


def unit(code: str, level: int, *regions: str, kind: str = "agent", authorised: bool = True) -> UnitFacts:
    return UnitFacts(id=new_id(), code=code, level=level, kind=kind, regions=regions, authorised=authorised)


UNITS = (
    unit("HQ", 3, kind="headquarters"),
    unit("north", 2, "11", "13", kind="office"),
    unit("beijing", 1, "1101"),
    unit("haidian", 1, "110108"),
    unit("grey", 1, "110108", authorised=False),
    unit("chengdu", 1, "5101"),
)


@pytest.mark.clause("P09-05", "P14-05")
@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("110108", ["grey", "haidian", "beijing", "north", "HQ"]),
        ("110105", ["beijing", "north", "HQ"]),
        ("130100", ["north", "HQ"]),
        ("440100", ["HQ"]),
        (None, ["HQ"]),
    ],
)
def test_the_longest_prefix_is_nearest_then_the_lowest_level(region: str | None, expected: list[str]) -> None:
    assert [near.unit.code for near in units_by_nearness(UNITS, region)] == expected


def test_authorised_work_goes_past_units_without_authorisation() -> None:
    found = units_by_nearness(UNITS, "110108", authorised_only=True)
    assert [near.unit.code for near in found] == ["haidian", "beijing", "north", "HQ"]


@pytest.mark.parametrize("level", [0, 4])
def test_there_are_three_levels(level: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_level(level, None)
    assert refusal.value.code == "UNIT_LEVEL_INVALID"


@pytest.mark.parametrize("parent_level", [1, 2])
def test_a_unit_stands_below_a_higher_one(parent_level: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_level(2, parent_level)
    assert (refusal.value.code, refusal.value.field) == ("UNIT_PARENT_INVALID", "parentUnitId")


def test_reach_counts_the_digits_of_the_longest_fitting_prefix() -> None:
    assert (reach(["11", "1101"], "110108"), reach(["12"], "110108"), reach(["11"], None)) == (4, 0, 0)
    assert check_regions(["1101", "11", "1101"]) == ["11", "1101"]


@pytest.mark.clause("P09-05", "P14-05")
async def test_agent_office_and_headquarters_are_kept_in_three_levels(solar_world: World) -> None:
    office = await solar_world.do(
        service.create_service_unit,
        CreateServiceUnit(
            code="BJ",
            name="Office",
            kind="office",
            level=2,
            parent_unit_id=solar_world.headquarters.id,
            regions=("11",),
        ),
    )
    agent = await solar_world.do(
        service.create_service_unit,
        CreateServiceUnit(code="AG", name="Agent", kind="agent", level=1, parent_unit_id=office.id, regions=("1101",)),
    )
    async with solar_world.work() as uow:
        near = await service.nearest_units(uow, "110105")
    assert [found.unit.id for found in near] == [agent.id, office.id, solar_world.headquarters.id]
    lowered = UpdateServiceUnit(service_unit_id=office.id, level=1)
    assert (await refused(solar_world, service.update_service_unit, lowered)).code == "UNIT_PARENT_INVALID"


async def test_a_unit_is_changed_and_switched_off(solar_world: World) -> None:
    agent = await solar_world.do(
        service.create_service_unit, CreateServiceUnit(code="AG", name="Agent", kind="agent", regions=("1101",))
    )
    await solar_world.do(
        service.update_service_unit,
        UpdateServiceUnit(service_unit_id=agent.id, regions=("12",), active=False, expected_version=1),
    )
    [stored] = await solar_world.read(ServiceUnit, id=agent.id)
    assert (stored.regions, stored.state) == (["12"], "inactive")
    async with solar_world.work() as uow:
        assert agent.id not in {found.unit.id for found in await service.nearest_units(uow, "120100")}


async def test_what_cannot_be_a_unit_is_refused(solar_world: World) -> None:
    twin = CreateServiceUnit(code="HQ", name="Twin", kind="office")
    assert (await refused(solar_world, service.create_service_unit, twin)).code == "SERVICE_UNIT_CODE_TAKEN"
    kind = CreateServiceUnit(code="X", name="X", kind="kiosk")
    assert (await refused(solar_world, service.create_service_unit, kind)).field == "kind"
    region = CreateServiceUnit(code="X", name="X", kind="agent", regions=("1",))
    assert (await refused(solar_world, service.create_service_unit, region)).code == "REGION_UNKNOWN"
    level = CreateServiceUnit(code="X", name="X", kind="agent", level=9)
    assert (await refused(solar_world, service.create_service_unit, level)).code == "UNIT_LEVEL_INVALID"
