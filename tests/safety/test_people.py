"""Who may come in, what has to be signed, and what is a violation (plan 5)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales.safety import service
from aftersales.safety.models import CrewMember, GateEntry, SafetyAlert, SafetyViolation, SiteWorker
from aftersales.safety.site_commands import (
    AcknowledgeSafety,
    AssignWorker,
    EnterSite,
    LeaveSite,
    RecordViolation,
    RegisterWorker,
    ReleaseWorker,
    UpdateWorker,
)
from tests.safety.park import TOPICS, Park
from tests.support.refusals import refused
from tests.tickets.world import World, local, member


def enter(park: Park, worker: SiteWorker | None = None, **given: Any) -> EnterSite:
    return EnterSite(site_id=park.site.id, worker_id=worker.id if worker else None, guard="Qian", **given)


@pytest.mark.clause("P05-10")
@pytest.mark.parametrize("missed", TOPICS)
async def test_three_of_four_topics_do_not_open_the_gate_and_the_fourth_does(park: Park, missed: str) -> None:
    [worker] = await park.crew("W1")
    await park.educate(worker, topics=tuple(topic for topic in TOPICS if topic != missed))
    error = await refused(park.world, service.enter_site, enter(park, worker))
    assert (error.code, error.field, error.params["topics"]) == ("ENTRY_EDUCATION_MISSING", "workerId", missed)

    await park.educate(worker, topics=(missed,))
    entry = await park.world.do(service.enter_site, enter(park, worker))
    assert (entry.worker_id, entry.guard, entry.left_at) == (worker.id, "Qian", None)


@pytest.mark.clause("P05-10")
async def test_who_left_an_education_early_attended_only_what_he_heard(park: Park) -> None:
    [worker] = await park.crew("W1")
    await park.educate(worker, attended=("fire", "production", "machinery"))
    error = await refused(park.world, service.enter_site, enter(park, worker))
    assert error.params["topics"] == "electricity"


@pytest.mark.clause("P05-10")
async def test_an_education_is_chaired_by_the_project_manager_and_the_safety_officer(park: Park) -> None:
    [worker] = await park.crew("W1")
    manager, officer = park.world.engineer.id, park.world.other_engineer.id
    for chairs, missing in (((manager,), "safety_officer"), ((officer,), "project_manager")):
        command = park.education(worker, chair_engineer_ids=chairs)
        error = await refused(park.world, service.record_education, command)
        assert (error.code, error.params["roles"]) == ("EDUCATION_CHAIR_MISSING", missing)


async def test_an_education_that_can_not_be_is_refused(park: Park) -> None:
    [worker] = await park.crew("W1")
    for command, code in (
        (park.education(worker, worker), "WORKER_TWICE"),
        (park.education(), "REQUIRED"),
        (park.education(worker, topics=()), "REQUIRED"),
        (park.education(worker, topics=("swimming",)), "VALUE_UNKNOWN"),
        (park.education(worker, held_at=local("2026-06-10 09:01")), "INSTANT_IN_FUTURE"),
    ):
        assert (await refused(park.world, service.record_education, command)).code == code
    stranger = await refused(park.world, service.record_education, park.education(worker), member("engineer"))
    assert stranger.code == "FORBIDDEN"


async def test_an_education_of_another_site_opens_no_gate_here(park: Park, garden_world: World) -> None:
    [worker] = await park.crew("W1")
    await park.educate(worker)
    async with garden_world.work() as uow:
        with pytest.raises(AftersalesError) as refusal:
            await service.enter_site(uow, enter(park, worker))
    assert refusal.value.code == "NOT_FOUND"


async def test_the_gate_knows_the_crew_and_who_is_inside(park: Park) -> None:
    stranger = await park.worker("W9")
    assert (await refused(park.world, service.enter_site, enter(park, stranger))).code == "WORKER_NOT_ON_SITE"
    [worker] = await park.crew("W1")
    await park.educate(worker)
    entry = await park.world.do(service.enter_site, enter(park, worker))
    assert (await refused(park.world, service.enter_site, enter(park, worker))).code == "ALREADY_INSIDE"
    early = LeaveSite(entry_id=entry.id, at=park.world.clock.now() - timedelta(minutes=1))
    assert (await refused(park.world, service.leave_site, early)).code == "PERIOD_INVERTED"
    await park.world.do(service.leave_site, LeaveSite(entry_id=entry.id))
    assert (await refused(park.world, service.leave_site, LeaveSite(entry_id=entry.id))).code == "NOT_INSIDE"


@pytest.mark.clause("P05-23")
async def test_the_gate_log_tells_who_came_and_left_and_which_guard_noted_it(park: Park) -> None:
    [worker] = await park.crew("W1")
    await park.educate(worker)
    nobody = EnterSite(site_id=park.site.id, worker_id=worker.id, guard=" ")
    assert (await refused(park.world, service.enter_site, nobody)).field == "guard"
    entry = await park.world.do(service.enter_site, enter(park, worker))
    left = park.world.later(hours=3)
    await park.world.do(service.leave_site, LeaveSite(entry_id=entry.id))
    [logged] = await park.world.read(GateEntry)
    assert (logged.name, logged.guard, logged.entered_at, logged.left_at) == (
        "Worker W1", "Qian", left - timedelta(hours=3), left,
    )  # fmt: skip


@pytest.mark.clause("P05-05")
async def test_whoever_signed_no_letter_of_responsibility_stands_in_the_gaps(park: Park) -> None:
    """Given a worker and two role holders without a letter, when counted, then the list names them until they sign."""
    [worker] = await park.crew("W1")

    async def gaps() -> set[Any]:
        async with park.world.work() as uow:
            found = await service.paper_gaps(uow, park.site.id)
        return {gap.worker_id or gap.engineer_id for gap in found if gap.record == "responsibility_letter"}

    manager, officer = park.world.engineer.id, park.world.other_engineer.id
    assert await gaps() == {worker.id, manager, officer}
    letter: dict[str, Any] = {"record": "responsibility_letter", "evidence": "letter 7"}
    await park.world.do(service.acknowledge_safety, AcknowledgeSafety(worker_id=worker.id, **letter))
    assert await gaps() == {manager, officer}
    for engineer in (manager, officer):
        await park.world.do(service.acknowledge_safety, AcknowledgeSafety(engineer_id=engineer, **letter))
    assert await gaps() == set()
    await park.world.do(service.release_worker, ReleaseWorker(site_id=park.site.id, worker_id=worker.id))
    assert await gaps() == set()


async def test_a_paper_that_can_not_be_is_refused(park: Park) -> None:
    [worker] = await park.crew("W1")
    for command, code in (
        (AcknowledgeSafety(record="love_letter", evidence="x", worker_id=worker.id), "VALUE_UNKNOWN"),
        (AcknowledgeSafety(record="responsibility_letter", evidence=" ", worker_id=worker.id), "EVIDENCE_REQUIRED"),
        (AcknowledgeSafety(record="responsibility_letter", evidence="x"), "REQUIRED"),
        (AcknowledgeSafety(record="responsibility_letter", evidence="x", worker_id=new_id()), "NOT_FOUND"),
    ):
        assert (await refused(park.world, service.acknowledge_safety, command)).code == code


@pytest.mark.clause("P05-41")
async def test_a_trade_without_its_procedure_is_a_warning_when_assigned(park: Park) -> None:
    worker = await park.worker("W1", trade="carpenter")
    member_of_crew = await park.assign(worker)
    assert member_of_crew.warnings == ["procedure_acknowledged"]

    signed = await park.worker("W2", trade="carpenter")
    for reference, expected in (("mason", ["procedure_acknowledged"]), (None, [])):
        await park.world.do(
            service.acknowledge_safety,
            AcknowledgeSafety(
                record="procedure_acknowledged", evidence="sheet 2", worker_id=signed.id, reference=reference
            ),
        )
        assert (await park.assign(signed)).warnings == expected
        await park.world.do(service.release_worker, ReleaseWorker(site_id=park.site.id, worker_id=signed.id))
    assert len(await park.world.read(CrewMember)) == 3


async def test_a_worker_is_on_a_site_once(park: Park) -> None:
    [worker] = await park.crew("W1")
    again = AssignWorker(site_id=park.site.id, worker_id=worker.id)
    assert (await refused(park.world, service.assign_worker, again)).code == "WORKER_ON_SITE"
    twin = RegisterWorker(code="W1", name="Twin", trade="mason")
    assert (await refused(park.world, service.register_worker, twin)).code == "WORKER_CODE_TAKEN"
    elsewhere = ReleaseWorker(site_id=park.site.id, worker_id=(await park.worker("W2")).id)
    assert (await refused(park.world, service.release_worker, elsewhere)).code == "WORKER_NOT_ON_SITE"


async def test_who_is_not_active_any_more_joins_no_crew(park: Park) -> None:
    worker = await park.worker("W1")
    changed = await park.world.do(
        service.update_worker, UpdateWorker(worker_id=worker.id, trade="welder", active=False, expected_version=1)
    )
    assert (changed.trade, changed.name, changed.state) == ("welder", "Worker W1", "inactive")
    join = AssignWorker(site_id=park.site.id, worker_id=worker.id)
    assert (await refused(park.world, service.assign_worker, join)).code == "WORKER_INACTIVE"
    stale = UpdateWorker(worker_id=worker.id, active=True, expected_version=1)
    assert (await refused(park.world, service.update_worker, stale)).code == "VERSION_STALE"
    blank = UpdateWorker(worker_id=worker.id, name=" ")
    assert (await refused(park.world, service.update_worker, blank)).code == "REQUIRED"


async def test_one_worker_at_two_gates_at_once_is_let_in_once(park: Park) -> None:
    [worker] = await park.crew("W1")
    await park.educate(worker)

    async def ask() -> str:
        try:
            await park.world.do(service.enter_site, enter(park, worker))
        except AftersalesError as refusal:
            return refusal.code
        return "in"

    assert sorted(await asyncio.gather(*(ask() for _ in range(4)))) == ["ALREADY_INSIDE"] * 3 + ["in"]
    assert len(await park.world.read(GateEntry)) == 1


@pytest.mark.clause("P05-11")
@pytest.mark.parametrize("code", ["no_helmet", "no_work_clothes", "smoking"])
async def test_helmet_work_clothes_and_smoking_are_violations_by_code(park: Park, code: str) -> None:
    [worker] = await park.crew("W1")
    command = RecordViolation(site_id=park.site.id, code=code, worker_id=worker.id, evidence="photo 4")
    await park.world.do(service.record_violation, command, member("engineer"))
    [violation] = await park.world.read(SafetyViolation)
    assert (violation.code, violation.worker_id, violation.clause) == (code, worker.id, "P05-11")


async def test_a_violation_that_no_rule_names_is_refused(park: Park) -> None:
    command = RecordViolation(site_id=park.site.id, code="whistling", evidence="photo 4")
    error = await refused(park.world, service.record_violation, command)
    assert (error.code, error.field) == ("VALUE_UNKNOWN", "code")
    bare = RecordViolation(site_id=park.site.id, code="smoking", evidence="")
    assert (await refused(park.world, service.record_violation, bare)).code == "EVIDENCE_REQUIRED"
    outsider = park.world.customer_member()
    smoking = RecordViolation(site_id=park.site.id, code="smoking", evidence="photo")
    assert (await refused(park.world, service.record_violation, smoking, outsider)).code == "FORBIDDEN"
    assert await park.world.read(SafetyAlert) == []
