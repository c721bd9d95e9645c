"""Shifts, meetings, briefings, machines and their lock-out (plan 5)."""

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest

from aftersales.commitments.models import Alarm, Commitment
from aftersales.commitments.sweeper import sweep_tenant
from aftersales.safety import service
from aftersales.safety.commands import ReportHazard
from aftersales.safety.declared import owed_by
from aftersales.safety.models import BriefingSheet, MachineRun, SafetyAlert, SiteMachine, SiteWorker
from aftersales.safety.site_commands import (
    AcknowledgeBriefing,
    CertifyWorker,
    CloseShift,
    FinishRepair,
    HoldMeeting,
    IssueBriefing,
    PlanShift,
    ReportDefect,
    RetireMachine,
    StartProcess,
    StartRepair,
    StartRun,
    StartShift,
    StopRun,
)
from tests.safety.park import EIGHT, SIX, Park
from tests.support.refusals import refused
from tests.tickets.world import local

# --- meetings ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("P05-06")
async def test_no_shift_begins_before_its_meeting_and_no_meeting_is_without_safety(park: Park) -> None:
    [worker] = await park.crew("W1")
    shift = await park.plan_shift()
    start = StartShift(shift_id=shift.id)
    assert (await refused(park.world, service.start_shift, start)).code == "SHIFT_WITHOUT_MEETING"
    silent = HoldMeeting(shift_id=shift.id, safety_topic=" ", topics=("progress",), worker_ids=(worker.id,))
    error = await refused(park.world, service.hold_meeting, silent)
    assert (error.code, error.field) == ("SAFETY_TOPIC_REQUIRED", "safetyTopic")

    spoken = HoldMeeting(shift_id=shift.id, safety_topic="edges of pits", worker_ids=(worker.id,))
    await park.world.do(service.hold_meeting, spoken)
    assert (await refused(park.world, service.hold_meeting, spoken)).code == "SHIFT_MEETING_HELD"
    assert (await park.world.do(service.start_shift, start)).state == "running"
    assert (await refused(park.world, service.start_shift, start)).code == "SHIFT_STATE_REFUSED"


@pytest.mark.clause("P05-06")
async def test_the_meeting_of_one_shift_is_none_of_the_next(park: Park) -> None:
    [worker] = await park.crew("W1")
    await park.running_shift(worker)
    night = await park.plan_shift("night")
    assert (
        await refused(park.world, service.start_shift, StartShift(shift_id=night.id))
    ).code == "SHIFT_WITHOUT_MEETING"


async def test_a_shift_that_can_not_be_is_refused(park: Park) -> None:
    [worker] = await park.crew("W1")
    for ends_at, code in (
        (EIGHT, "PERIOD_INVERTED"),
        (EIGHT + timedelta(hours=24, seconds=1), "SAFETY_PERIOD_TOO_LONG"),
    ):
        command = PlanShift(site_id=park.site.id, name="x", foreman="y", starts_at=EIGHT, ends_at=ends_at)
        assert (await refused(park.world, service.plan_shift, command)).code == code
    shift = await park.plan_shift()
    twice = HoldMeeting(shift_id=shift.id, safety_topic="pits", worker_ids=(worker.id, worker.id))
    assert (await refused(park.world, service.hold_meeting, twice)).code == "WORKER_TWICE"
    future = HoldMeeting(
        shift_id=shift.id, safety_topic="pits", worker_ids=(worker.id,), held_at=local("2026-06-10 09:01")
    )
    assert (await refused(park.world, service.hold_meeting, future)).code == "INSTANT_IN_FUTURE"


async def test_no_shift_begins_on_a_site_that_a_hazard_stopped(park: Park) -> None:
    [worker] = await park.crew("W1")
    shift = await park.plan_shift()
    await park.world.do(
        service.hold_meeting, HoldMeeting(shift_id=shift.id, safety_topic="pits", worker_ids=(worker.id,))
    )
    await park.world.do(
        service.report_hazard, ReportHazard(site_id=park.site.id, category="environment", description="flood")
    )
    error = await refused(park.world, service.start_shift, StartShift(shift_id=shift.id))
    assert (error.code, error.params["state"]) == ("SITE_NOT_ACTIVE", "stopped")


# --- briefings --------------------------------------------------------------------------------------------------


async def briefed(park: Park, workers: list[SiteWorker]) -> BriefingSheet:
    sheet: BriefingSheet = await park.world.do(
        service.issue_briefing,
        IssueBriefing(
            site_id=park.site.id, process="paving", content="mind the saw", issued_by="Sun",
            worker_ids=tuple(worker.id for worker in workers),
        ),
    )  # fmt: skip
    return sheet


@pytest.mark.clause("P05-13")
async def test_seven_of_eight_signatures_do_not_start_a_process_and_the_eighth_does(park: Park) -> None:
    workers = await park.crew(*(f"W{number}" for number in range(1, 9)))
    sheet = await briefed(park, workers)
    start = StartProcess(sheet_id=sheet.id)
    for count, worker in enumerate(workers):
        error = await refused(park.world, service.start_process, start)
        assert (error.code, error.params["signed"], error.params["count"]) == ("BRIEFING_INCOMPLETE", count, 8)
        await park.world.do(
            service.acknowledge_briefing,
            AcknowledgeBriefing(sheet_id=sheet.id, worker_id=worker.id, evidence="signature"),
        )
    assert (await park.world.do(service.start_process, start)).state == "started"
    assert (await refused(park.world, service.start_process, start)).code == "PROCESS_STARTED"


async def test_a_briefing_is_signed_once_by_those_whom_it_was_given_to(park: Park) -> None:
    told, other = await park.crew("W1", "W2")
    sheet = await briefed(park, [told])
    stranger = AcknowledgeBriefing(sheet_id=sheet.id, worker_id=other.id, evidence="x")
    assert (await refused(park.world, service.acknowledge_briefing, stranger)).code == "BRIEFING_NOT_FOR_WORKER"
    blank = AcknowledgeBriefing(sheet_id=sheet.id, worker_id=told.id, evidence="")
    assert (await refused(park.world, service.acknowledge_briefing, blank)).code == "EVIDENCE_REQUIRED"
    signed = AcknowledgeBriefing(sheet_id=sheet.id, worker_id=told.id, evidence="x")
    await park.world.do(service.acknowledge_briefing, signed)
    assert (await refused(park.world, service.acknowledge_briefing, signed)).code == "BRIEFING_SIGNED"
    twice = IssueBriefing(site_id=park.site.id, process="p", content="c", issued_by="s", worker_ids=(told.id, told.id))
    assert (await refused(park.world, service.issue_briefing, twice)).code == "WORKER_TWICE"
    nobody = IssueBriefing(site_id=park.site.id, process="p", content="c", issued_by="s", worker_ids=())
    assert (await refused(park.world, service.issue_briefing, nobody)).code == "REQUIRED"


# --- machines ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("P05-16")
async def test_a_machine_checked_before_and_not_after_the_shift_is_alerted_when_it_closes(park: Park) -> None:
    [worker] = await park.crew("W1")
    shift = await park.running_shift(worker)
    forgotten, kept = await park.machine("D1"), await park.machine("D2")
    for machine in (forgotten, kept):
        await park.check(machine, shift, "machine_before_shift")
    await park.check(kept, shift, "machine_after_shift")

    owed = {row.state: row for row in await park.world.read(Commitment, milestone="post_shift_check")}
    assert set(owed) == {"running", "met"}
    assert owed["running"].due_at == SIX

    await park.world.do(service.close_shift, CloseShift(shift_id=shift.id))
    [alert] = await park.world.read(SafetyAlert)
    assert (alert.code, alert.machine_id, alert.shift_id, alert.clause) == (
        "post_check_missing", forgotten.id, shift.id, "P05-16",
    )  # fmt: skip
    assert [message["dedupe_key"] for message in await park.world.outbox("notice")] == [f"safety:{alert.dedupe_key}"]


@pytest.mark.parametrize("seconds", [1, 59.5, 60, 9 * 3600, 9 * 3600 - 0.25])
async def test_a_deadline_that_is_an_instant_is_that_instant_to_the_microsecond(seconds: float) -> None:
    ahead = timedelta(seconds=seconds)
    budget, begin = owed_by(SIX, SIX - ahead)
    assert begin + timedelta(minutes=budget.amount) == SIX
    assert timedelta(0) <= (SIX - ahead) - begin < timedelta(minutes=1)


@pytest.mark.clause("P05-16")
async def test_a_check_after_the_shift_that_nobody_made_is_an_alarm_though_nobody_closes_the_shift(park: Park) -> None:
    [worker] = await park.crew("W1")
    shift = await park.running_shift(worker)
    await park.check(await park.machine(), shift, "machine_before_shift")
    park.world.clock.move_to(SIX + timedelta(seconds=1))
    async with park.world.work() as uow:
        await sweep_tenant(uow, 100)
    async with park.world.work() as uow:
        assert await sweep_tenant(uow, 100) == 0
    assert await park.world.read(Alarm) != []
    [missed] = await park.world.read(Commitment, milestone="post_shift_check")
    assert missed.breached_at is not None


@pytest.mark.clause("P05-16", "P05-18")
async def test_the_running_log_tells_who_ran_a_machine_that_was_checked(park: Park) -> None:
    [worker] = await park.crew("W1")
    await park.certify(worker)
    shift, machine = await park.running_shift(worker), await park.machine()
    run = StartRun(machine_id=machine.id, shift_id=shift.id, worker_id=worker.id)
    assert (await refused(park.world, service.start_run, run)).code == "MACHINE_UNCHECKED"
    await park.check(machine, shift, "machine_before_shift")
    opened = await park.world.do(service.start_run, run)
    assert (await refused(park.world, service.start_run, run)).code == "MACHINE_RUNNING"
    assert (await refused(park.world, service.close_shift, CloseShift(shift_id=shift.id))).code == "RUN_OPEN"
    backwards = StopRun(run_id=opened.id, at=opened.started_at - timedelta(seconds=1))
    assert (await refused(park.world, service.stop_run, backwards)).code == "PERIOD_INVERTED"
    park.world.later(hours=2)
    await park.world.do(service.stop_run, StopRun(run_id=opened.id, note="oil topped up"))
    assert (await refused(park.world, service.stop_run, StopRun(run_id=opened.id))).code == "RUN_STOPPED"
    [logged] = await park.world.read(MachineRun)
    assert logged.stopped_at is not None
    assert (logged.worker_id, logged.stopped_at - logged.started_at) == (worker.id, timedelta(hours=2))


@pytest.mark.clause("P05-18")
@pytest.mark.parametrize(("until", "allowed"), [("2026-06-09", False), ("2026-06-10", True)])
async def test_an_operator_holds_a_certificate_that_is_valid_on_the_day(park: Park, until: str, allowed: bool) -> None:
    worker, nobody = await park.crew("W1", "W2")
    await park.certify(worker, until)
    shift, machine = await park.running_shift(worker), await park.machine()
    await park.check(machine, shift, "machine_before_shift")
    without = StartRun(machine_id=machine.id, shift_id=shift.id, worker_id=nobody.id)
    error = await refused(park.world, service.start_run, without)
    assert (error.code, error.params["certificate"]) == ("OPERATOR_NOT_CERTIFIED", "machine_operator")
    run = StartRun(machine_id=machine.id, shift_id=shift.id, worker_id=worker.id)
    if allowed:
        await park.world.do(service.start_run, run)
    else:
        assert (await refused(park.world, service.start_run, run)).code == "OPERATOR_NOT_CERTIFIED"


@pytest.mark.clause("P05-18")
async def test_a_defective_machine_opens_no_operation_log(park: Park) -> None:
    [worker] = await park.crew("W1")
    await park.certify(worker)
    shift, machine = await park.running_shift(worker), await park.machine()
    await park.check(machine, shift, "machine_before_shift")
    await park.world.do(service.report_defect, ReportDefect(machine_id=machine.id, defect="brake slips"))
    run = StartRun(machine_id=machine.id, shift_id=shift.id, worker_id=worker.id)
    error = await refused(park.world, service.start_run, run)
    assert (error.code, error.params["state"], error.params["defect"]) == (
        "MACHINE_NOT_READY", "defective", "brake slips",
    )  # fmt: skip


@pytest.mark.clause("P05-42")
@pytest.mark.parametrize("item", ["guards", "protective_neutral"])
async def test_a_machine_without_guard_or_protective_neutral_is_blocked_when_its_check_is_saved(
    park: Park, item: str
) -> None:
    [worker] = await park.crew("W1")
    await park.certify(worker)
    shift, machine = await park.running_shift(worker), await park.machine()
    done = await park.check(machine, shift, "machine_before_shift", item)
    assert done.passed is False
    blocked = await park.stored(machine)
    assert blocked.state == "defective"
    assert blocked.defect is not None
    assert done.number in blocked.defect
    run = StartRun(machine_id=machine.id, shift_id=shift.id, worker_id=worker.id)
    assert (await refused(park.world, service.start_run, run)).code == "MACHINE_NOT_READY"


def lock_out(machine: SiteMachine, *secured: str, **given: Any) -> StartRepair:
    if "attendant" in secured:
        given.setdefault("attendant", "Wu")
    return StartRepair(machine_id=machine.id, repairer="Lu", secured=secured, **given)


ALL = ("stopped", "power_off", "lock", "tag", "attendant")


@pytest.mark.clause("P05-17")
@pytest.mark.parametrize("secured", [chosen for count in range(6) for chosen in combinations(ALL, count)])
async def test_a_repair_begins_stopped_without_power_and_locked_tagged_or_attended(
    park: Park, secured: tuple[str, ...]
) -> None:
    """Given every combination of the five, then stop AND power off AND (lock OR tag OR attendant) decides."""
    machine = await park.machine()
    allowed = "stopped" in secured and "power_off" in secured and bool({"lock", "tag", "attendant"} & set(secured))
    command = lock_out(machine, *secured)
    if allowed:
        await park.world.do(service.start_repair, command)
        assert (await park.stored(machine)).state == "in_repair"
    else:
        error = await refused(park.world, service.start_repair, command)
        assert (error.code, error.params["clause"]) == ("LOCK_OUT_INCOMPLETE", "P05-17")


@pytest.mark.clause("P05-17", "P05-18")
async def test_a_repaired_machine_runs_again_and_one_that_was_not_does_not(park: Park) -> None:
    machine = await park.machine()
    await park.world.do(service.report_defect, ReportDefect(machine_id=machine.id, defect="brake slips"))
    for repaired, state in ((False, "defective"), (True, "ready")):
        repair = await park.world.do(service.start_repair, lock_out(machine, "stopped", "power_off", "tag"))
        finish = FinishRepair(repair_id=repair.id, outcome="looked at", repaired=repaired)
        await park.world.do(service.finish_repair, finish)
        assert (await park.stored(machine)).state == state
        assert (await refused(park.world, service.finish_repair, finish)).code == "REPAIR_DONE"


async def test_a_repair_that_can_not_be_is_refused(park: Park) -> None:
    machine = await park.machine()
    nameless = StartRepair(machine_id=machine.id, repairer="Lu", secured=("stopped", "power_off", "attendant"))
    error = await refused(park.world, service.start_repair, nameless)
    assert (error.code, error.field) == ("REQUIRED", "attendant")
    unknown = lock_out(machine, "stopped", "power_off", "lock", "prayer")
    assert (await refused(park.world, service.start_repair, unknown)).code == "CONDITION_UNKNOWN"
    await park.world.do(service.start_repair, lock_out(machine, "stopped", "power_off", "lock"))
    again = lock_out(machine, "stopped", "power_off", "lock")
    assert (await refused(park.world, service.start_repair, again)).code == "MACHINE_STATE_REFUSED"


async def test_a_machine_that_was_taken_away_neither_runs_nor_is_repaired(park: Park) -> None:
    [worker] = await park.crew("W1")
    await park.certify(worker)
    shift, machine = await park.running_shift(worker), await park.machine()
    await park.check(machine, shift, "machine_before_shift")
    run = StartRun(machine_id=machine.id, shift_id=shift.id, worker_id=worker.id)
    opened = await park.world.do(service.start_run, run)
    retire = RetireMachine(machine_id=machine.id)
    assert (await refused(park.world, service.retire_machine, retire)).code == "MACHINE_RUNNING"
    await park.world.do(service.stop_run, StopRun(run_id=opened.id))
    assert (await park.world.do(service.retire_machine, retire)).state == "retired"
    assert (await refused(park.world, service.retire_machine, retire)).code == "MACHINE_STATE_REFUSED"
    assert (await refused(park.world, service.start_run, run)).code == "MACHINE_NOT_READY"
    defect = ReportDefect(machine_id=machine.id, defect="rust")
    assert (await refused(park.world, service.report_defect, defect)).code == "MACHINE_STATE_REFUSED"


async def test_the_longest_valid_certificate_of_a_kind_counts(park: Park) -> None:
    [worker] = await park.crew("W1")
    for until in (date(2030, 1, 1), date(2020, 1, 1)):
        await park.world.do(
            service.certify_worker,
            CertifyWorker(worker_id=worker.id, certificate="machine_operator", number="n", valid_until=until),
        )
    shift, machine = await park.running_shift(worker), await park.machine()
    await park.check(machine, shift, "machine_before_shift")
    await park.world.do(service.start_run, StartRun(machine_id=machine.id, shift_id=shift.id, worker_id=worker.id))
