"""Machines: blocked while they are faulty, run by whoever is certified, repaired only when locked out."""

from datetime import datetime
from typing import Final

from aftersales.access import require
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, CODE_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.models import Site
from aftersales.safety import site_queries, site_rules
from aftersales.safety.declared import note, rules_of
from aftersales.safety.models import MachineRepair, MachineRun, SiteMachine, SiteShift, SiteWorker
from aftersales.safety.shifts import BEFORE
from aftersales.safety.site_commands import (
    FinishRepair,
    RegisterMachine,
    ReportDefect,
    RetireMachine,
    StartRepair,
    StartRun,
    StopRun,
)
from aftersales.scope import TenantWork

ATTENDANT: Final = "attendant"


async def register_machine(uow: TenantWork, command: RegisterMachine) -> SiteMachine:
    """Take up a machine of a site. MACHINE_CODE_TAKEN, VERTICAL_NOT_ENABLED."""
    require(uow.actor, "safety.manage")
    site = await uow.get(Site, command.site_id)
    uow.scope.enabled(command.vertical)
    return uow.add(
        SiteMachine(
            id=new_id(),
            site_id=site.id,
            vertical=command.vertical,
            code=clean_text(command.code, "code", CODE_LIMIT, required=True),
            name=clean_text(command.name, "name", NAME_LIMIT, required=True),
            certificate=clean_text(command.certificate, "certificate", CODE_LIMIT) or None,
        )
    )


async def report_defect(uow: TenantWork, command: ReportDefect) -> SiteMachine:
    """Block a machine until it is repaired (P05-18). MACHINE_STATE_REFUSED for a retired one."""
    require(uow.actor, "safety.record")
    machine = await locked(uow, SiteMachine, command.machine_id, command.expected_version)
    return await block(uow, machine, clean_text(command.defect, "defect", BODY_LIMIT, required=True))


async def retire_machine(uow: TenantWork, command: RetireMachine) -> SiteMachine:
    """Take a machine away for good. MACHINE_RUNNING, MACHINE_STATE_REFUSED in repair or the second time."""
    require(uow.actor, "safety.manage")
    machine = await locked(uow, SiteMachine, command.machine_id, command.expected_version)
    if machine.state not in {"ready", "defective"}:
        raise StateRefused("MACHINE_STATE_REFUSED", field="machineId", state=machine.state, operation="retire")
    if await site_queries.is_running(uow, machine.id):
        raise StateRefused("MACHINE_RUNNING", field="machineId")
    machine.state = "retired"
    await _note(uow, "machine.retired", machine, {})
    return machine


async def block(uow: TenantWork, machine: SiteMachine, defect: str) -> SiteMachine:
    """No further run of the machine before it was repaired; one that is open may be stopped still."""
    if machine.state == "retired":
        raise StateRefused("MACHINE_STATE_REFUSED", field="machineId", state=machine.state, operation="block")
    if machine.state == "ready":
        machine.state = "defective"
    machine.defect = defect
    site = await uow.get(Site, machine.site_id)
    await note(uow, "machine.blocked", site, {"code": machine.code, "defect": defect})
    return machine


async def start_run(uow: TenantWork, command: StartRun) -> MachineRun:
    """Open an entry of the running log.

    MACHINE_NOT_READY for a faulty machine or one in repair (P05-18), MACHINE_UNCHECKED before its check of the shift
    passed (P05-16), OPERATOR_NOT_CERTIFIED on the local day of the run, MACHINE_RUNNING, SHIFT_STATE_REFUSED.
    """
    require(uow.actor, "safety.record")
    shift = await uow.get(SiteShift, command.shift_id)
    worker = await uow.get(SiteWorker, command.worker_id)
    machine = await locked(uow, SiteMachine, command.machine_id)
    at = happened(uow.now, command.at, "at")
    if machine.state != "ready":
        raise StateRefused("MACHINE_NOT_READY", field="machineId", state=machine.state, defect=machine.defect or "")
    if shift.state != "running" or shift.site_id != machine.site_id:
        raise StateRefused("SHIFT_STATE_REFUSED", field="shiftId", state=shift.state, operation="start_run")
    if shift.started_at is not None and at < shift.started_at:
        raise InvalidInput("PERIOD_INVERTED", field="at")
    await _check_operator(uow, machine, worker, at)
    if any(BEFORE in rule.conditions for _, rule in rules_of(uow, "check", "machine")):
        checks = await site_queries.checks_of_shift(uow, shift.id)
        of_machine = [check for check in checks if check["machine_id"] == machine.id and check["moment"] == BEFORE]
        if not of_machine or not of_machine[-1]["passed"]:
            raise StateRefused("MACHINE_UNCHECKED", field="machineId")
    if await site_queries.is_running(uow, machine.id):
        raise StateRefused("MACHINE_RUNNING", field="machineId")
    return uow.add(
        MachineRun(id=new_id(), machine_id=machine.id, shift_id=shift.id, worker_id=worker.id, started_at=at)
    )


async def stop_run(uow: TenantWork, command: StopRun) -> MachineRun:
    """Close an entry of the running log. RUN_STOPPED the second time, PERIOD_INVERTED, INSTANT_IN_FUTURE."""
    require(uow.actor, "safety.record")
    run = await locked(uow, MachineRun, command.run_id)
    if run.stopped_at is not None:
        raise StateRefused("RUN_STOPPED", field="runId")
    run.note = clean_text(command.note, "note", BODY_LIMIT)
    run.stopped_at = happened(uow.now, command.at, "at", after=run.started_at)
    return run


async def start_repair(uow: TenantWork, command: StartRepair) -> MachineRepair:
    """Begin a repair: LOCK_OUT_INCOMPLETE unless the machine is stopped, without power, and locked, tagged or attended
    (P05-17). REQUIRED for an attendant without a name, CONDITION_UNKNOWN, MACHINE_RUNNING, MACHINE_STATE_REFUSED."""
    require(uow.actor, "safety.record")
    machine = await locked(uow, SiteMachine, command.machine_id, command.expected_version)
    repairer = clean_text(command.repairer, "repairer", NAME_LIMIT, required=True)
    attendant = clean_text(command.attendant, "attendant", NAME_LIMIT) or None
    if machine.state not in {"ready", "defective"}:
        raise StateRefused("MACHINE_STATE_REFUSED", field="machineId", state=machine.state, operation="start_repair")
    secured = list(dict.fromkeys(command.secured))
    rules = [rule for _, rule in rules_of(uow, "gate", "machine_repair")]
    for rule in rules:
        site_rules.check_known_conditions(rule, secured, "secured")
        site_rules.check_lock_out(rule, secured)
    secured = [clean_text(one, "secured", CODE_LIMIT, required=True) for one in secured]
    if ATTENDANT in secured and attendant is None:
        raise InvalidInput("REQUIRED", field="attendant", field_name="attendant")
    if await site_queries.is_running(uow, machine.id):
        raise StateRefused("MACHINE_RUNNING", field="machineId")
    machine.state = "in_repair"
    repair = uow.add(
        MachineRepair(
            id=new_id(), machine_id=machine.id, repairer=repairer, secured=secured, attendant=attendant,
            started_at=happened(uow.now, command.at, "at"),
        )
    )  # fmt: skip
    await _note(uow, "machine.repair_started", machine, {"secured": secured})
    return repair


async def finish_repair(uow: TenantWork, command: FinishRepair) -> MachineRepair:
    """The repair is over; the machine may run again when it was `repaired`. REPAIR_DONE the second time."""
    require(uow.actor, "safety.record")
    machine = await locked(uow, SiteMachine, (await uow.get(MachineRepair, command.repair_id)).machine_id)
    repair = await locked(uow, MachineRepair, command.repair_id, command.expected_version)
    if repair.state != "open":
        raise StateRefused("REPAIR_DONE", field="repairId")
    repair.outcome = clean_text(command.outcome, "outcome", BODY_LIMIT, required=True)
    repair.finished_at = happened(uow.now, command.at, "at", after=repair.started_at)
    repair.state, repair.repaired = "done", command.repaired
    machine.state = "ready" if command.repaired else "defective"
    if command.repaired:
        machine.defect = None
    await _note(uow, "machine.repair_finished", machine, {"repaired": command.repaired})
    return repair


async def _check_operator(uow: TenantWork, machine: SiteMachine, worker: SiteWorker, at: datetime) -> None:
    declared = [certificate for _, rule in rules_of(uow, "gate", "machine") for certificate in rule.certificates]
    for certificate in [machine.certificate] if machine.certificate else declared:
        valid_until = await site_queries.certified_until(uow, worker.id, certificate)
        if valid_until is None or valid_until < today(at, uow.scope.time_zone):
            raise StateRefused("OPERATOR_NOT_CERTIFIED", field="workerId", worker=worker.name, certificate=certificate)


async def _note(uow: TenantWork, kind: str, machine: SiteMachine, data: dict[str, object]) -> None:
    await note(uow, kind, await uow.get(Site, machine.site_id), {"code": machine.code, **data})
