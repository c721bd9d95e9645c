"""The checklists of a site (plan 5): signs, power, fire equipment, lanes, fence, night; each failure is a hazard."""

import pytest

from aftersales.inspections import service
from aftersales.inspections.commands import InspectionAnswerInput
from aftersales.parties.models import Site
from aftersales.safety import service as safety
from aftersales.safety.commands import RectifyHazard, ResumeWork, VerifyHazard
from aftersales.safety.models import Hazard
from tests.inspections.looking import answers, begin, fill, findings, item, passed, publish
from tests.support.refusals import refused
from tests.tickets.world import World


async def fail(world: World, checklist: str, code: str) -> tuple[Hazard, Site]:
    """The hazard that a failed item of a checklist opens, and the site after it."""
    begun = await begin(world, checklist, site_id=world.site.id)
    assert code in {one["code"] for one in begun.items}
    await fill(world, begun, passed(code, False, note="seen at the gate"))
    [hazard] = await world.read(Hazard)
    [finding] = await findings(world)
    [site] = await world.read(Site, id=world.site.id)
    assert (finding.hazard_id, finding.inspection_id) == (hazard.id, begun.id)
    assert begun.number in hazard.description
    return hazard, site


@pytest.mark.parametrize(
    ("checklist", "code", "severity"),
    [
        pytest.param("site_safety", "safety_signs", "high", marks=pytest.mark.clause("P05-08")),
        pytest.param("site_safety", "safety_guards", "high", marks=pytest.mark.clause("P05-08")),
        pytest.param("site_safety", "fire_equipment_enough", "high", marks=pytest.mark.clause("P05-21")),
        pytest.param("site_safety", "fire_equipment_free", "high", marks=pytest.mark.clause("P05-21")),
        pytest.param("site_safety", "fence_signs", "high", marks=pytest.mark.clause("P05-43")),
        pytest.param("site_safety", "guard_badges", "medium", marks=pytest.mark.clause("P05-43", "P05-23")),
        pytest.param("temporary_power", "five_wire_supply", "high", marks=pytest.mark.clause("P05-14")),
        pytest.param("temporary_power", "compliant_box", "high", marks=pytest.mark.clause("P05-14")),
        pytest.param("temporary_power", "residual_current_device", "high", marks=pytest.mark.clause("P05-14")),
        pytest.param("temporary_power", "code_kept", "high", marks=pytest.mark.clause("P05-07")),
        pytest.param("night", "warning_lamps", "high", marks=pytest.mark.clause("P05-24")),
        pytest.param("night", "traffic_person", "high", marks=pytest.mark.clause("P05-24")),
    ],
)
async def test_what_fails_on_a_site_is_a_hazard_at_once(
    garden_world: World, checklist: str, code: str, severity: str
) -> None:
    hazard, site = await fail(garden_world, checklist, code)
    assert (hazard.severity, hazard.state, hazard.stops_work, site.state) == (severity, "open", False, "active")


@pytest.mark.parametrize(
    ("checklist", "code"),
    [
        pytest.param("site_safety", "evacuation_lane", marks=pytest.mark.clause("P05-22")),
        pytest.param("site_safety", "fire_lane", marks=pytest.mark.clause("P05-22")),
        pytest.param("rainy_season", "flood", marks=pytest.mark.clause("P05-29")),
        pytest.param("rainy_season", "lightning", marks=pytest.mark.clause("P05-29")),
        pytest.param("rainy_season", "collapse", marks=pytest.mark.clause("P05-29")),
    ],
)
async def test_an_obstructed_lane_stops_the_work_until_it_is_verified(
    garden_world: World, checklist: str, code: str
) -> None:
    hazard, site = await fail(garden_world, checklist, code)
    assert (hazard.severity, hazard.stops_work, site.state) == ("critical", True, "stopped")
    await garden_world.do(safety.rectify_hazard, RectifyHazard(hazard_id=hazard.id, rectification="cleared"))
    resume = ResumeWork(hazard_id=hazard.id)
    assert (await refused(garden_world, safety.resume_work, resume)).code == "HAZARD_NOT_VERIFIED"
    await garden_world.do(safety.verify_hazard, VerifyHazard(hazard_id=hazard.id))
    await garden_world.do(safety.resume_work, resume)
    [site] = await garden_world.read(Site, id=garden_world.site.id)
    assert site.state == "active"


@pytest.mark.clause("P05-07")
async def test_the_list_for_temporary_power_is_bound_to_the_code_that_the_text_names(garden_world: World) -> None:
    begun = await begin(garden_world, "temporary_power", site_id=garden_world.site.id)
    async with garden_world.work() as uow:
        lines = {line.code: line.designation for line in await safety.standards_register(uow)}
    assert begun.standard is not None
    assert lines[begun.standard] == "JGJ 46"


async def test_a_hazard_needs_a_site_and_a_machine_to_block_has_to_be_there(solar_world: World) -> None:
    await publish(solar_world, item("a", consequence="block_machine"))
    begun = await begin(solar_world)
    error = await refused(solar_world, service.answer_items, answers(begun, passed("a", False)))
    assert error.code == "FINDING_NEEDS_MACHINE"


async def test_everything_in_order_opens_nothing(garden_world: World) -> None:
    begun = await begin(garden_world, "site_safety", site_id=garden_world.site.id)
    every = [InspectionAnswerInput(item=one["code"], passed=True) for one in begun.items]
    assert (await fill(garden_world, begun, *every, complete=True)).passed is True
    assert await garden_world.read(Hazard) == []
