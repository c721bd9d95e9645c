"""Permits with their conditions, and the crew that leaves too early (plan 5)."""

from datetime import timedelta
from typing import Any

import pytest

from aftersales.commitments.models import Commitment
from aftersales.kit.clock import FixedClock
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from aftersales.safety import service
from aftersales.safety.models import SafetyViolation, SiteWorker
from aftersales.safety.site_commands import (
    ApprovePermit,
    ClosePermit,
    EnterSite,
    LeaveSite,
    PermitCondition,
    RefusePermit,
    RequestPermit,
)
from aftersales.safety.site_rules import missing_conditions
from aftersales.terms.base import Label
from aftersales.terms.planned import SafetyRule
from aftersales.work.models import Engineer
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.pools import Pools
from aftersales_tenants.scopes import Scopes
from tests.dummy_vertical import DUMMY
from tests.fixtures.database import TestPlatform
from tests.safety.park import EIGHT, SIX, Park
from tests.support.refusals import refused
from tests.tickets.world import local, member, settle

STORE = ("separate_store", "keeper", "extinguishers")


@pytest.mark.clause("P05-20")
@pytest.mark.parametrize("missing", STORE)
async def test_flammables_are_stored_only_under_all_three_conditions(park: Park, missing: str) -> None:
    """Given a store without its keeper (or one of the others), when approved, then refused; with it, granted."""
    permit = await park.permit("flammables", *(one for one in STORE if one != missing))
    error = await refused(park.world, service.approve_permit, ApprovePermit(permit_id=permit.id))
    assert (error.code, error.params["missing"], error.params["clause"]) == (
        "PERMIT_CONDITION_MISSING", missing, "P05-20",
    )  # fmt: skip
    met = (PermitCondition(code=missing, detail="by Li"),)
    granted = await park.world.do(service.approve_permit, ApprovePermit(permit_id=permit.id, conditions=met))
    assert granted.state == "approved"


@pytest.mark.clause("P05-19")
async def test_hot_work_needs_a_watch_before_and_a_clean_up_after(park: Park) -> None:
    bare = await park.permit("hot_work")
    error = await refused(park.world, service.approve_permit, ApprovePermit(permit_id=bare.id))
    assert error.params["missing"] == "fire_watch"

    permit = await park.permit("hot_work", "fire_watch")
    await park.world.do(service.approve_permit, ApprovePermit(permit_id=permit.id))
    [owed] = await park.world.read(Commitment, subject_id=permit.id)
    assert (owed.milestone, owed.due_at, owed.clause) == ("permit_close_out", SIX, "P05-19")
    error = await refused(park.world, service.close_permit, ClosePermit(permit_id=permit.id))
    assert (error.code, error.params["missing"]) == ("PERMIT_NOT_CLOSED_OUT", "cleaned_up")

    cleaned = (PermitCondition(code="cleaned_up", detail="checked by Li"),)
    closed = await park.world.do(service.close_permit, ClosePermit(permit_id=permit.id, conditions=cleaned))
    assert closed.state == "closed"
    [met] = await park.world.read(Commitment, subject_id=permit.id)
    assert met.state == "met"


async def at_work(park: Park, *codes: str) -> tuple[Any, list[SiteWorker], list[Any]]:
    """A crew inside the site under an approved hot-work permit."""
    workers = await park.crew(*codes)
    await park.educate(*workers)
    permit = await park.permit("hot_work", "fire_watch", workers=workers)
    await park.world.do(service.approve_permit, ApprovePermit(permit_id=permit.id))
    entries = [
        await park.world.do(service.enter_site, EnterSite(site_id=park.site.id, worker_id=worker.id, guard="Qian"))
        for worker in workers
    ]
    return permit, workers, entries


@pytest.mark.clause("P05-19")
async def test_a_crew_that_leaves_before_the_close_out_is_a_violation(park: Park) -> None:
    permit, workers, (first, second) = await at_work(park, "W1", "W2")
    await park.world.do(service.leave_site, LeaveSite(entry_id=first.id))
    assert await park.world.read(SafetyViolation) == []
    await park.world.do(service.leave_site, LeaveSite(entry_id=second.id))
    [violation] = await park.world.read(SafetyViolation)
    assert (violation.code, violation.permit_id, violation.worker_id, violation.clause) == (
        "left_without_close_out", permit.id, workers[1].id, "P05-19",
    )  # fmt: skip


@pytest.mark.clause("P05-19")
async def test_a_crew_that_closed_its_permit_out_may_leave(park: Park) -> None:
    permit, _, entries = await at_work(park, "W1", "W2")
    cleaned = (PermitCondition(code="cleaned_up", detail="checked by Li"),)
    await park.world.do(service.close_permit, ClosePermit(permit_id=permit.id, conditions=cleaned))
    for entry in entries:
        await park.world.do(service.leave_site, LeaveSite(entry_id=entry.id))
    assert await park.world.read(SafetyViolation) == []


@pytest.mark.clause("P05-25")
async def test_outsiders_enter_with_the_permission_of_the_site_leader_only(park: Park) -> None:
    stranger = EnterSite(site_id=park.site.id, visitor="Mrs. Gao", guard="Qian")
    assert (await refused(park.world, service.enter_site, stranger)).code == "VISITOR_WITHOUT_PERMIT"

    permit = await park.permit("visitor", holder="Mrs. Gao", purpose="a look around")
    enter = EnterSite(site_id=park.site.id, visitor="Mrs. Gao", permit_id=permit.id, guard="Qian")
    assert (await refused(park.world, service.enter_site, enter)).code == "VISITOR_WITHOUT_PERMIT"

    for approver in (None, park.world.other_engineer.id):
        command = ApprovePermit(permit_id=permit.id, approver_engineer_id=approver)
        error = await refused(park.world, service.approve_permit, command)
        assert (error.code, error.params["roles"]) == ("PERMIT_APPROVER_REQUIRED", "project_manager")
    command = ApprovePermit(permit_id=permit.id, approver_engineer_id=park.world.engineer.id)
    await park.world.do(service.approve_permit, command)
    entry = await park.world.do(service.enter_site, enter)
    assert (entry.name, entry.permit_id) == ("Mrs. Gao", permit.id)


@pytest.mark.clause("P05-25")
async def test_a_visitors_permit_holds_for_its_person_and_time_alone(park: Park) -> None:
    permit = await park.permit("visitor", holder="Mrs. Gao", valid_from=EIGHT, valid_until=local("2026-06-10 10:00"))
    await park.world.do(
        service.approve_permit, ApprovePermit(permit_id=permit.id, approver_engineer_id=park.world.engineer.id)
    )
    other = EnterSite(site_id=park.site.id, visitor="Mr. Gao", permit_id=permit.id, guard="Qian")
    assert (await refused(park.world, service.enter_site, other)).code == "VISITOR_WITHOUT_PERMIT"
    enter = EnterSite(site_id=park.site.id, permit_id=permit.id, guard="Qian")
    park.world.clock.move_to(local("2026-06-10 10:00"))
    await park.world.do(service.enter_site, enter)
    park.world.clock.advance(timedelta(seconds=1))
    assert (await refused(park.world, service.enter_site, enter)).code == "VISITOR_WITHOUT_PERMIT"


@pytest.mark.clause("P05-25")
async def test_a_site_leader_without_a_managers_rights_approves_for_himself_only(park: Park) -> None:
    leader = member("engineer")
    [engineer] = await park.world.read(Engineer, id=park.world.engineer.id)
    async with park.world.work() as uow:
        (await uow.get(Engineer, engineer.id)).member_id = leader.id
        await uow.flush()
    permit = await park.permit("visitor", holder="Mrs. Gao")
    command = ApprovePermit(permit_id=permit.id, approver_engineer_id=engineer.id)
    assert (await refused(park.world, service.approve_permit, command, member("engineer"))).code == "FORBIDDEN"
    assert (await park.world.do(service.approve_permit, command, leader)).state == "approved"


@pytest.mark.clause("P05-19")
async def test_hot_work_without_a_named_crew_is_left_open_by_whoever_leaves_the_site_empty(park: Park) -> None:
    first, second = await park.crew("W1", "W2")
    await park.educate(first, second)
    permit = await park.permit("hot_work", "fire_watch")
    await park.world.do(service.approve_permit, ApprovePermit(permit_id=permit.id))
    entries = [
        await park.world.do(service.enter_site, EnterSite(site_id=park.site.id, worker_id=worker.id, guard="Qian"))
        for worker in (first, second)
    ]
    for entry, count in zip(entries, (0, 1), strict=True):
        await park.world.do(service.leave_site, LeaveSite(entry_id=entry.id))
        assert len(await park.world.read(SafetyViolation)) == count


async def test_a_permit_that_can_not_be_is_refused(park: Park) -> None:
    worker = await park.worker()

    def asked(**given: Any) -> RequestPermit:
        return RequestPermit(
            **{
                "site_id": park.site.id, "kind": "hot_work", "purpose": "x", "holder": "y", "valid_from": EIGHT,
                "valid_until": SIX, **given,
            }
        )  # fmt: skip

    for command, code in (
        (asked(kind="fishing"), "VALUE_UNKNOWN"),
        (asked(valid_until=EIGHT), "PERIOD_INVERTED"),
        (asked(valid_until=EIGHT + timedelta(days=367)), "SAFETY_PERIOD_TOO_LONG"),
        (asked(worker_ids=(worker.id, worker.id)), "WORKER_TWICE"),
        (asked(conditions=(PermitCondition(code="luck", detail="much"),)), "CONDITION_UNKNOWN"),
        (asked(conditions=(PermitCondition(code="fire_watch", detail=" "),)), "REQUIRED"),
        (asked(holder=""), "REQUIRED"),
    ):
        assert (await refused(park.world, service.request_permit, command)).code == code
    permit = await park.permit("hot_work", "fire_watch")
    close = ClosePermit(permit_id=permit.id)
    assert (await refused(park.world, service.close_permit, close)).code == "PERMIT_STATE_REFUSED"
    assert (
        await refused(park.world, service.approve_permit, ApprovePermit(permit_id=permit.id), member("engineer"))
    ).code == "FORBIDDEN"
    await park.world.do(service.refuse_permit, RefusePermit(permit_id=permit.id, reason="too windy"))
    approve = ApprovePermit(permit_id=permit.id)
    assert (await refused(park.world, service.approve_permit, approve)).code == "PERMIT_STATE_REFUSED"
    late = await park.permit("hot_work", "fire_watch", valid_until=local("2026-06-10 09:00"))
    expired = await refused(park.world, service.approve_permit, ApprovePermit(permit_id=late.id))
    assert expired.code == "PERMIT_EXPIRED"


def test_a_rule_of_another_industry_needs_no_change_of_the_engine() -> None:
    rule = SafetyRule(
        code="diving", label=Label("潜水", "Diving"), clause="X-1", kind="permit", applies_to="diving",
        conditions=("tender", "decompressed"), any_of=("air", "nitrox"), at_close=("decompressed",),
    )  # fmt: skip
    assert missing_conditions(rule, ()) == ["tender", "air|nitrox"]
    assert missing_conditions(rule, ("tender", "nitrox")) == []
    assert missing_conditions(rule, ("tender", "nitrox"), closing=True) == ["decompressed"]


async def test_a_permit_that_another_vertical_declares_is_kept_by_the_same_engine(
    pools: Pools, clock: FixedClock
) -> None:
    """Given teapots, whose stove needs a filled kettle and is off in the end, then its permit works like hot work."""
    compiler = PlaybookCompiler(Registry([DUMMY]))
    platform = TestPlatform(pools, clock, Gateway(pools, Scopes(compiler), clock), compiler)
    kitchen = Park(await settle(platform, {"dummy": {}}, vertical="dummy", asset_type="teapot"))
    permit = await kitchen.permit("stove")
    error = await refused(kitchen.world, service.approve_permit, ApprovePermit(permit_id=permit.id))
    assert (error.code, error.params["missing"]) == ("PERMIT_CONDITION_MISSING", "kettle_filled")
    filled = (PermitCondition(code="kettle_filled", detail="two litres"),)
    await kitchen.world.do(service.approve_permit, ApprovePermit(permit_id=permit.id, conditions=filled))
    error = await refused(kitchen.world, service.close_permit, ClosePermit(permit_id=permit.id))
    assert (error.code, error.params["missing"]) == ("PERMIT_NOT_CLOSED_OUT", "stove_off")
    [worker] = await kitchen.crew("W1")
    await kitchen.world.do(service.enter_site, EnterSite(site_id=kitchen.site.id, worker_id=worker.id, guard="Qian"))


async def test_a_tenant_whose_vertical_asks_for_no_permit_lets_visitors_in(platform: TestPlatform) -> None:
    world = await settle(platform, {"solar": {}}, vertical="solar", asset_type="solar_water_heater")
    entry = await world.do(service.enter_site, EnterSite(site_id=world.site.id, visitor="Mrs. Gao", guard="Qian"))
    assert entry.name == "Mrs. Gao"
