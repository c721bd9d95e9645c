"""Site safety: who is responsible before a site opens, and what a hazard stops (plan 5)."""

from typing import Any

import pytest

from aftersales.kit.errors import AftersalesError, StateRefused
from aftersales.kit.ids import new_id
from aftersales.parties import service as parties
from aftersales.parties.commands import AddSite, CreateServiceUnit
from aftersales.parties.models import Site
from aftersales.safety import service
from aftersales.safety.commands import (
    ActivateSite,
    AddSiteBranch,
    AppointSafetyRole,
    EndSafetyRole,
    RectifyHazard,
    ReportHazard,
    ResumeWork,
    VerifyHazard,
)
from aftersales.safety.models import HAZARD_CATEGORIES, Hazard, SiteRole
from aftersales.safety.rules import Holder, next_hazard_state, safety_gaps
from aftersales.terms.base import Label
from aftersales.terms.planned import SafetyRule
from aftersales.work import service as work
from tests.support.refusals import refused
from tests.tickets.world import World, local, member


async def plan_site(world: World, name: str = "Park") -> Site:
    """A site that is under construction."""
    site: Site = await world.do(
        parties.add_site, AddSite(customer_id=world.customer.id, name=name, under_construction=True)
    )
    return site


async def appoint(world: World, role: str, site: Site | None = None, **given: Any) -> SiteRole:
    """Put somebody into a role; the world's first engineer unless said otherwise."""
    given.setdefault("engineer_id", world.engineer.id)
    appointed: SiteRole = await world.do(
        service.appoint_safety_role, AppointSafetyRole(role=role, site_id=site.id if site else None, **given)
    )
    return appointed


async def staff(world: World, site: Site) -> None:
    """Everybody who has to be there before the site opens."""
    await appoint(world, "project_manager", site, engineer_id=world.other_engineer.id)
    await appoint(world, "safety_officer", site, full_time=True)
    await appoint(world, "production_manager", engineer_id=world.other_engineer.id)
    await appoint(world, "safety_supervision", engineer_id=None, service_unit_id=world.team.id)


@pytest.mark.clause("P05-02", "P05-03", "P05-04")
async def test_a_site_opens_only_when_everybody_responsible_is_named(garden_world: World) -> None:
    site = await plan_site(garden_world)
    opening = ActivateSite(site_id=site.id)

    assert (await refused(garden_world, service.activate_site, opening)).code == "SITE_WITHOUT_PROJECT_MANAGER"
    await appoint(garden_world, "project_manager", site, engineer_id=garden_world.other_engineer.id)

    assert (await refused(garden_world, service.activate_site, opening)).code == "SITE_WITHOUT_SAFETY_OFFICER"
    await appoint(garden_world, "safety_officer", site, full_time=False)
    assert (await refused(garden_world, service.activate_site, opening)).code == "SITE_WITHOUT_SAFETY_OFFICER"
    await appoint(garden_world, "safety_officer", site, full_time=True)

    assert (await refused(garden_world, service.activate_site, opening)).code == "PRODUCTION_MANAGER_MISSING"
    await appoint(garden_world, "production_manager")

    error = await refused(garden_world, service.activate_site, opening)
    assert (error.code, error.field) == ("SAFETY_SUPERVISION_MISSING", "siteId")
    await appoint(garden_world, "safety_supervision", engineer_id=None, service_unit_id=garden_world.team.id)

    opened = await garden_world.do(service.activate_site, opening)
    assert opened.state == "active"
    assert (await refused(garden_world, service.activate_site, opening)).code == "SITE_STATE_REFUSED"


@pytest.mark.clause("P05-03")
async def test_a_project_manager_of_another_site_is_none_here(garden_world: World) -> None:
    here, there = await plan_site(garden_world, "here"), await plan_site(garden_world, "there")
    await appoint(garden_world, "project_manager", there)
    error = await refused(garden_world, service.activate_site, ActivateSite(site_id=here.id))
    assert error.code == "SITE_WITHOUT_PROJECT_MANAGER"


@pytest.mark.clause("P05-04")
async def test_a_full_time_officer_serves_on_one_site_until_released(garden_world: World) -> None:
    first, second = await plan_site(garden_world, "A"), await plan_site(garden_world, "B")
    await appoint(garden_world, "safety_officer", first, full_time=True)
    command = AppointSafetyRole(
        role="safety_officer", site_id=second.id, engineer_id=garden_world.engineer.id, full_time=True
    )
    error = await refused(garden_world, service.appoint_safety_role, command)
    assert (error.code, error.field) == ("SAFETY_OFFICER_TAKEN", "engineerId")

    await garden_world.do(service.end_safety_role, EndSafetyRole(role="safety_officer", site_id=first.id))
    await garden_world.do(service.appoint_safety_role, command)
    held = [role for role in await garden_world.read(SiteRole) if role.ended_at is None]
    assert [role.site_id for role in held] == [second.id]


async def test_what_cannot_be_a_role_is_refused(garden_world: World) -> None:
    nobody = AppointSafetyRole(role="project_manager")
    assert (await refused(garden_world, service.appoint_safety_role, nobody)).code == "REQUIRED"
    unknown = AppointSafetyRole(role="mascot", engineer_id=garden_world.engineer.id)
    assert (await refused(garden_world, service.appoint_safety_role, unknown)).field == "role"
    vacant = EndSafetyRole(role="project_manager")
    assert (await refused(garden_world, service.end_safety_role, vacant)).code == "SAFETY_ROLE_VACANT"
    engineer = member("engineer")
    command = AppointSafetyRole(role="project_manager", engineer_id=garden_world.engineer.id)
    assert (await refused(garden_world, service.appoint_safety_role, command, engineer)).code == "FORBIDDEN"
    await garden_world.do(work.update_engineer, work.UpdateEngineer(engineer_id=garden_world.engineer.id, active=False))
    assert (await refused(garden_world, service.appoint_safety_role, command)).code == "ENGINEER_INACTIVE"


@pytest.mark.clause("P05-44")
async def test_a_branch_without_a_safety_contact_is_a_gap_until_it_names_one(garden_world: World) -> None:
    site = await plan_site(garden_world)
    await staff(garden_world, site)
    branch = await garden_world.do(
        parties.create_service_unit, CreateServiceUnit(code="B", name="Branch B", kind="branch")
    )
    await garden_world.do(service.add_site_branch, AddSiteBranch(site_id=site.id, service_unit_id=branch.id))
    async with garden_world.work() as uow:
        [gap] = await service.site_gaps(uow, site.id)
    assert (gap.role, gap.service_unit_id, gap.clause) == ("safety_contact", branch.id, "P05-44")

    await appoint(garden_world, "safety_contact", site, service_unit_id=branch.id)
    async with garden_world.work() as uow:
        assert await service.site_gaps(uow, site.id) == []


async def test_a_tenant_whose_verticals_ask_for_nobody_opens_its_sites(solar_world: World) -> None:
    site = await plan_site(solar_world)
    assert (await solar_world.do(service.activate_site, ActivateSite(site_id=site.id))).state == "active"


async def report(world: World, **given: Any) -> Hazard:
    """A flood on the world's site at 10:00 of 10 June."""
    world.clock.move_to(local("2026-06-10 10:00"))
    hazard: Hazard = await world.do(
        service.report_hazard,
        ReportHazard(
            **{"site_id": world.site.id, "category": "environment", "description": "Water in the pit", **given}
        ),
    )
    return hazard


@pytest.mark.clause("P05-30")
async def test_a_hazard_stops_the_site_at_once_and_the_leader_is_told(garden_world: World) -> None:
    hazard = await report(garden_world, leader="Director Zhang")
    [site] = await garden_world.read(Site, id=garden_world.site.id)
    [notice] = await garden_world.outbox("notice")
    assert (site.state, hazard.found_at) == ("stopped", local("2026-06-10 10:00"))
    assert notice["roles"] == ["owner", "quality_supervisor"]
    assert "Director Zhang" in notice["body"]["en"]
    assert notice["dedupe_key"] == f"hazard:{hazard.id}"


@pytest.mark.clause("P05-27")
async def test_work_goes_on_only_after_rectification_and_verification(garden_world: World) -> None:
    hazard = await report(garden_world)
    verify, resume = VerifyHazard(hazard_id=hazard.id), ResumeWork(hazard_id=hazard.id)
    assert (await refused(garden_world, service.verify_hazard, verify)).code == "HAZARD_NOT_RECTIFIED"
    assert (await refused(garden_world, service.resume_work, resume)).code == "HAZARD_NOT_VERIFIED"

    await garden_world.do(service.rectify_hazard, RectifyHazard(hazard_id=hazard.id, rectification="Pumped out"))
    assert (await refused(garden_world, service.resume_work, resume)).code == "HAZARD_NOT_VERIFIED"

    await garden_world.do(service.verify_hazard, verify)
    await garden_world.do(service.resume_work, resume)
    [stored] = await garden_world.read(Hazard, id=hazard.id)
    [site] = await garden_world.read(Site, id=garden_world.site.id)
    assert (stored.state, site.state) == ("resumed", "active")
    assert (await refused(garden_world, service.resume_work, resume)).code == "HAZARD_STATE_REFUSED"


@pytest.mark.clause("P05-27")
async def test_a_site_stays_stopped_while_another_hazard_stops_it(garden_world: World) -> None:
    first, second = await report(garden_world), await report(garden_world, category="condition")
    for hazard, expected in ((first, "stopped"), (second, "active")):
        await garden_world.do(service.rectify_hazard, RectifyHazard(hazard_id=hazard.id, rectification="Done"))
        await garden_world.do(service.verify_hazard, VerifyHazard(hazard_id=hazard.id))
        await garden_world.do(service.resume_work, ResumeWork(hazard_id=hazard.id))
        [site] = await garden_world.read(Site, id=garden_world.site.id)
        assert site.state == expected


async def test_a_hazard_that_does_not_stop_work_leaves_the_site_as_it_is(garden_world: World) -> None:
    await report(garden_world, stops_work=False)
    [site] = await garden_world.read(Site, id=garden_world.site.id)
    assert site.state == "active"


@pytest.mark.clause("P05-45")
@pytest.mark.parametrize("category", HAZARD_CATEGORIES)
async def test_a_hazard_is_of_one_of_four_categories(garden_world: World, category: str) -> None:
    assert (await report(garden_world, category=category)).category == category
    unknown = ReportHazard(site_id=garden_world.site.id, category="fate", description="x")
    error = await refused(garden_world, service.report_hazard, unknown)
    assert (error.code, error.field) == ("VALUE_UNKNOWN", "category")


async def test_the_steps_of_a_hazard_are_in_order_of_time(garden_world: World) -> None:
    hazard = await report(garden_world)
    early = RectifyHazard(hazard_id=hazard.id, rectification="x", at=local("2026-06-10 09:59"))
    assert (await refused(garden_world, service.rectify_hazard, early)).code == "PERIOD_INVERTED"
    stale = RectifyHazard(hazard_id=hazard.id, rectification="x", expected_version=9)
    assert (await refused(garden_world, service.rectify_hazard, stale)).code == "VERSION_STALE"
    future = ReportHazard(
        site_id=garden_world.site.id, category="condition", description="x", found_at=local("2026-06-10 10:01")
    )
    assert (await refused(garden_world, service.report_hazard, future)).code == "INSTANT_IN_FUTURE"


@pytest.mark.clause("P05-27")
@pytest.mark.parametrize("operation", ["rectify", "verify", "resume"])
@pytest.mark.parametrize("state", ["open", "rectified", "verified", "resumed"])
def test_every_other_order_is_refused(state: str, operation: Any) -> None:
    following = {
        ("open", "rectify"): "rectified",
        ("rectified", "verify"): "verified",
        ("verified", "resume"): "resumed",
    }
    expected = following.get((state, operation))
    if expected is not None:
        assert next_hazard_state(state, operation) == expected
        return
    with pytest.raises(StateRefused) as refusal:
        next_hazard_state(state, operation)
    assert refusal.value.code.startswith("HAZARD_")


def test_gaps_name_the_place_that_lacks_somebody() -> None:
    site, other, branch = new_id(), new_id(), new_id()
    rules = [
        SafetyRule(
            code=code, label=Label("角色", "role"), clause=code, kind="role", applies_to=place, conditions=conditions
        )
        for code, place, conditions in (
            ("company", "company", ("safety_supervision",)),
            ("site", "site", ("safety_officer", "full_time")),
            ("branch", "branch", ("safety_contact",)),
        )
    ]
    holders = [
        Holder(role="safety_officer", site_id=site, full_time=False),
        Holder(role="safety_supervision", site_id=other),
    ]
    gaps = safety_gaps(rules, holders, site, [branch])
    assert [(gap.applies_to, gap.role, gap.service_unit_id) for gap in gaps] == [
        ("site", "safety_officer", None),
        ("company", "safety_supervision", None),
        ("branch", "safety_contact", branch),
    ]


async def test_another_tenants_hazard_does_not_exist_here(garden_world: World, solar_world: World) -> None:
    hazard = await report(garden_world)
    with pytest.raises(AftersalesError) as refusal:
        await solar_world.do(service.verify_hazard, VerifyHazard(hazard_id=hazard.id))
    assert refusal.value.code == "NOT_FOUND"
