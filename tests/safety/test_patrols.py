"""Patrols without gaps, the rainy season's checks, standards, and trees that must be staked (plan 5)."""

from datetime import date, timedelta
from typing import Any

import pytest

from aftersales.assets import service as assets
from aftersales.assets.commands import AcceptAsset, RegisterAsset, UpdateAsset
from aftersales.assets.models import Asset
from aftersales.commitments.models import Commitment
from aftersales.guarantees import service as guarantees
from aftersales.guarantees.commands import OpenGuarantee
from aftersales.parties.models import Site
from aftersales.safety import service
from aftersales.safety.models import Hazard, PatrolRound, SafetyStandard, SafetyWatch
from aftersales.safety.site_commands import (
    AssignWatch,
    EndWatch,
    RecordPatrol,
    RecordViolation,
    RoundHazard,
    SaveStandard,
)
from aftersales.safety.site_rules import PatrolAudit
from tests.fixtures.database import TestPlatform
from tests.safety.park import Park
from tests.support.refusals import refused
from tests.tickets.world import World, local, member, settle

FOUR_HOURS = timedelta(hours=4)


def patrol(park: Park, at: str | None = None, **given: Any) -> RecordPatrol:
    given.setdefault("engineer_id", park.world.other_engineer.id)
    given.setdefault("rule", "patrol")
    return RecordPatrol(site_id=park.site.id, at=local(at) if at else None, **given)


async def audit(park: Park, begin: str, end: str, rule: str = "patrol") -> PatrolAudit:
    async with park.world.work() as uow:
        return await service.patrol_audit(uow, park.site.id, rule, local(begin), local(end))


async def walk(park: Park, *instants: str, **given: Any) -> None:
    for at in instants:
        park.world.clock.move_to(local(at))
        await park.world.do(service.record_patrol, patrol(park, **given))


@pytest.mark.clause("P05-26")
async def test_rounds_at_22_and_04_leave_a_gap_when_four_hours_are_the_longest(park: Park) -> None:
    await walk(park, "2026-06-10 22:00", "2026-06-11 04:00")
    found = await audit(park, "2026-06-10 22:00", "2026-06-11 04:00")
    assert {gap.area for gap in found.gaps} == {"site", "rest_areas"}
    assert {(gap.begin, gap.end, gap.minutes) for gap in found.gaps} == {
        (local("2026-06-10 22:00"), local("2026-06-11 04:00"), 360)
    }
    assert (found.clause, found.longest_gap_minutes) == ("P05-26", 240)


@pytest.mark.clause("P05-26")
@pytest.mark.parametrize(("second", "gaps"), [("02:00:00", 0), ("02:00:01", 1)])
async def test_four_hours_are_no_gap_and_a_second_more_is_one(park: Park, second: str, gaps: int) -> None:
    end = f"2026-06-11 {second}"
    await walk(park, "2026-06-10 22:00", end, areas=("site",))
    found = await audit(park, "2026-06-10 22:00", end)
    assert len([gap for gap in found.gaps if gap.area == "site"]) == gaps


@pytest.mark.clause("P05-26")
async def test_an_audit_sees_a_gap_over_its_edges_and_an_area_that_nobody_walked(park: Park) -> None:
    await walk(park, "2026-06-10 22:00", areas=("site",))
    park.world.clock.move_to(local("2026-06-11 08:00"))
    found = await audit(park, "2026-06-11 00:00", "2026-06-11 12:00")
    assert {(gap.area, gap.minutes) for gap in found.gaps} == {("site", 600), ("rest_areas", 480)}


@pytest.mark.clause("P05-26")
async def test_each_round_owes_the_next_one_within_the_gap(park: Park) -> None:
    await walk(park, "2026-06-10 22:00", "2026-06-11 01:00", areas=("site",))
    states = [(row.state, row.due_at) for row in await park.world.read(Commitment, milestone="next_round")]
    assert states == [("met", local("2026-06-11 02:00")), ("running", local("2026-06-11 05:00"))]
    await park.world.do(service.end_watch, EndWatch(site_id=park.site.id, rule="patrol"), park.world.owner)
    assert [row.state for row in await park.world.read(Commitment, milestone="next_round")] == ["met", "cancelled"]


@pytest.mark.clause("P05-26")
async def test_without_the_tenants_number_no_gap_is_too_long(platform: TestPlatform) -> None:
    park = Park(await settle(platform, {"landscaping": {}}, vertical="landscaping", asset_type="landscape_works"))
    await walk(park, "2026-06-10 22:00", "2026-06-12 04:00")
    found = await audit(park, "2026-06-10 22:00", "2026-06-12 04:00")
    assert (found.gaps, found.longest_gap_minutes) == ((), None)
    assert {row.due_at for row in await park.world.read(Commitment, milestone="next_round")} == {None}


async def test_a_round_that_can_not_be_is_refused(park: Park) -> None:
    await walk(park, "2026-06-10 22:00")
    for command, code in (
        (patrol(park, "2026-06-10 21:59"), "PATROL_OUT_OF_ORDER"),
        (patrol(park, "2026-06-10 22:01"), "INSTANT_IN_FUTURE"),
        (patrol(park, areas=("the moon",)), "VALUE_UNKNOWN"),
        (patrol(park, rule="parade"), "VALUE_UNKNOWN"),
        (patrol(park, engineer_id=None), "REQUIRED"),
    ):
        assert (await refused(park.world, service.record_patrol, command)).code == code
    outsider = park.world.customer_member()
    assert (await refused(park.world, service.record_patrol, patrol(park), outsider)).code == "FORBIDDEN"


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [("2026-06-10", "2026-06-10", "PERIOD_INVERTED"), ("2020-01-01", "2026-06-10", "AUDIT_TOO_LONG")],
)
async def test_an_audit_that_can_not_be_is_refused(park: Park, begin: str, end: str, code: str) -> None:
    async def ask(uow: Any, _: None) -> None:
        await service.patrol_audit(uow, park.site.id, "patrol", local(f"{begin} 00:00"), local(f"{end} 00:00"))

    assert (await refused(park.world, ask, None)).code == code


@pytest.mark.clause("P05-26", "P05-30")
async def test_what_a_round_finds_is_a_hazard_that_stops_the_work(park: Park) -> None:
    found = RoundHazard(category="environment", description="the pit fills up", leader="Sun")
    await park.world.do(service.record_patrol, patrol(park, areas=("site",), hazard=found))
    [hazard] = await park.world.read(Hazard)
    [walked] = await park.world.read(PatrolRound)
    [site] = await park.world.read(Site, id=park.site.id)
    assert (walked.hazard_id, hazard.category, site.state) == (hazard.id, "environment", "stopped")


# --- the rainy season -------------------------------------------------------------------------------------------

RAIN = {"rule": "rainy_season"}


async def watched(park: Park) -> SafetyWatch:
    watch: SafetyWatch = await park.world.do(
        service.assign_watch,
        AssignWatch(site_id=park.site.id, rule="rainy_season", engineer_id=park.world.other_engineer.id),
    )
    return watch


@pytest.mark.clause("P05-29")
async def test_in_the_rainy_season_each_day_is_checked_for_flood_lightning_and_collapse(park: Park) -> None:
    """Given three days of June, when one lacks a check and one all of them, then the audit names day and checks."""
    await watched(park)
    await walk(park, "2026-06-10 09:00", **RAIN)
    await walk(park, "2026-06-11 09:00", "2026-06-11 15:00", areas=("flood", "lightning"), **RAIN)
    park.world.clock.move_to(local("2026-06-13 00:00"))
    found = await audit(park, "2026-06-10 00:00", "2026-06-13 00:00", "rainy_season")
    assert [(missed.day, missed.areas, missed.unattended) for missed in found.missed_days] == [
        (date(2026, 6, 11), ("collapse",), False),
        (date(2026, 6, 12), ("flood", "lightning", "collapse"), False),
    ]


@pytest.mark.clause("P05-29")
async def test_only_the_person_in_charge_checks_and_a_day_without_one_is_a_gap(park: Park) -> None:
    error = await refused(park.world, service.record_patrol, patrol(park, **RAIN))
    assert (error.code, error.field) == ("WATCH_NOT_ASSIGNED", "engineerId")
    park.world.clock.move_to(local("2026-06-11 09:00"))
    await watched(park)
    somebody = patrol(park, engineer_id=park.world.engineer.id, **RAIN)
    assert (await refused(park.world, service.record_patrol, somebody)).code == "WATCH_NOT_ASSIGNED"
    await walk(park, "2026-06-11 10:00", **RAIN)
    park.world.clock.move_to(local("2026-06-12 00:00"))
    [missed] = (await audit(park, "2026-06-10 00:00", "2026-06-12 00:00", "rainy_season")).missed_days
    assert (missed.day, missed.unattended) == (date(2026, 6, 10), True)


@pytest.mark.clause("P05-29")
async def test_outside_the_season_nothing_is_owed_and_the_next_season_begins_on_its_first_day(park: Park) -> None:
    park.world.clock.move_to(local("2026-08-31 09:00"))
    await watched(park)
    await walk(park, "2026-08-31 10:00", **RAIN)
    states = [(row.state, row.due_at) for row in await park.world.read(Commitment, milestone="daily_check")]
    assert states == [("met", local("2026-09-01 00:00")), ("running", local("2027-06-02 00:00"))]
    [owed] = await park.world.read(Commitment, milestone="daily_check", state="running")
    assert owed.started_at == local("2027-06-01 00:00")
    await park.world.do(service.end_watch, EndWatch(site_id=park.site.id, rule="rainy_season"))
    assert await park.world.read(Commitment, milestone="daily_check", state="running") == []
    park.world.clock.move_to(local("2026-09-20 00:00"))
    assert (await audit(park, "2026-09-01 00:00", "2026-09-20 00:00", "rainy_season")).missed_days == ()


async def test_who_is_put_in_charge_takes_the_place_of_the_last_one(park: Park) -> None:
    first = await watched(park)
    worker = await park.worker()
    both = AssignWatch(
        site_id=park.site.id, rule="rainy_season", engineer_id=park.world.engineer.id, worker_id=worker.id
    )
    assert (await refused(park.world, service.assign_watch, both)).code == "REQUIRED"
    command = AssignWatch(site_id=park.site.id, rule="rainy_season", worker_id=worker.id)
    second = await park.world.do(service.assign_watch, command)
    held = {watch.id: watch.ended_at is None for watch in await park.world.read(SafetyWatch)}
    assert held == {first.id: False, second.id: True}
    end = EndWatch(site_id=park.site.id, rule="rainy_season")
    await park.world.do(service.end_watch, end)
    assert (await refused(park.world, service.end_watch, end)).code == "WATCH_NOT_ASSIGNED"


# --- trees ------------------------------------------------------------------------------------------------------


async def planted(park: Park, diameter: str | None, staked: bool) -> Asset:
    attributes: dict[str, Any] = {"species": "ginkgo", "size": "large", "staked": staked}
    if diameter is not None:
        attributes["trunk_diameter_centimetres"] = diameter
    asset: Asset = await park.world.do(
        assets.register_asset,
        RegisterAsset(
            name="Ginkgos", vertical="landscaping", asset_type="planting_batch", customer_id=park.world.customer.id,
            attributes=attributes,
        ),
    )  # fmt: skip
    return asset


@pytest.mark.clause("P05-28")
@pytest.mark.parametrize(
    ("diameter", "staked", "accepted"),
    [("15", False, False), ("40", False, False), ("15", True, True), ("14.9", False, True), (None, False, True)],
)
async def test_large_trees_are_accepted_only_when_staked(
    park: Park, diameter: str | None, staked: bool, accepted: bool
) -> None:
    batch = await planted(park, diameter, staked)
    accept = AcceptAsset(asset_id=batch.id)
    if accepted:
        assert (await park.world.do(assets.accept_asset, accept)).accepted_on == date(2026, 6, 10)
        return
    error = await refused(park.world, assets.accept_asset, accept)
    assert (error.code, error.params["missing"], error.params["clause"]) == (
        "ACCEPTANCE_CHECK_FAILED", "staked", "P05-28",
    )  # fmt: skip
    attributes = {**batch.attributes, "staked": True}
    await park.world.do(assets.update_asset, UpdateAsset(asset_id=batch.id, attributes=attributes))
    await park.world.do(assets.accept_asset, accept)


@pytest.mark.clause("P05-28")
async def test_without_the_tenants_threshold_no_tree_is_large(platform: TestPlatform) -> None:
    park = Park(await settle(platform, {"landscaping": {}}, vertical="landscaping", asset_type="landscape_works"))
    batch = await planted(park, "80", False)
    assert (await park.world.do(assets.accept_asset, AcceptAsset(asset_id=batch.id))).accepted_on is not None


# --- standards --------------------------------------------------------------------------------------------------


async def register(world: World) -> dict[str, tuple[str, str | None, str, str]]:
    async with world.work() as uow:
        lines = await service.standards_register(uow)
    return {line.code: (line.designation, line.superseded_by, line.current, line.source) for line in lines}


@pytest.mark.clause("P05-09")
async def test_a_superseded_standard_is_listed_with_its_successor(park: Park) -> None:
    lines = await register(park.world)
    assert lines["occupational_health"] == ("GB/T 28001", "GB/T 45001-2020", "GB/T 45001-2020", "vertical")
    assert lines["environment"][2] == "ISO18000"
    own = SaveStandard(
        vertical="landscaping", code="environment", name_zh="环境管理体系", name_en="Environmental management",
        designation="ISO18000", superseded_by="GB/T 24001-2016", note="A30",
    )  # fmt: skip
    await park.world.do(service.save_standard, own)
    assert (await register(park.world))["environment"] == ("ISO18000", "GB/T 24001-2016", "GB/T 24001-2016", "tenant")


async def test_a_standard_that_can_not_be_is_refused(park: Park) -> None:
    def saved(**given: Any) -> SaveStandard:
        return SaveStandard(
            **{
                "vertical": "landscaping", "code": "own", "name_zh": "自有", "name_en": "Own", "designation": "Q/1",
                **given,
            }
        )  # fmt: skip

    for command, code in (
        (saved(superseded_by="Q/1"), "STANDARD_OWN_SUCCESSOR"),
        (saved(vertical="coffee"), "VERTICAL_NOT_ENABLED"),
        (saved(code=" "), "REQUIRED"),
    ):
        assert (await refused(park.world, service.save_standard, command)).code == code
    assert (await refused(park.world, service.save_standard, saved(), member("engineer"))).code == "FORBIDDEN"
    await park.world.do(service.save_standard, saved())
    await park.world.do(service.save_standard, saved(designation="Q/2", expected_version=1))
    assert (await refused(park.world, service.save_standard, saved(expected_version=1))).code == "VERSION_STALE"
    assert [row.designation for row in await park.world.read(SafetyStandard)] == ["Q/2"]


# --- zero targets -----------------------------------------------------------------------------------------------


@pytest.mark.clause("P05-40")
async def test_violations_of_the_site_count_against_its_zero_targets(park: Park) -> None:
    opened = await park.world.do(
        guarantees.open_guarantee,
        OpenGuarantee(
            vertical="landscaping", guarantee="three_zeros", site_id=park.site.id, starts_on=date(2026, 6, 1)
        ),
        park.world.owner,
    )
    for code in ("smoking", "no_helmet"):
        await park.world.do(
            service.record_violation, RecordViolation(site_id=park.site.id, code=code, evidence="photo")
        )
    async with park.world.work() as uow:
        status = await guarantees.guarantee_status(uow, opened.id, None)
    assert status.met is False
    assert {one.category: one.count for one in status.incidents if one.count} == {"violation": 2}
