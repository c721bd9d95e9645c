"""What is done for a site's daily safety; who hasn't signed what, what an audit finds, which standards hold."""

from datetime import date, datetime

import strawberry

from aftersales.safety import service
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Ref
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.commands import command, id_given
from aftersales_graphql.rooms.safety_people import (
    CrewMember,
    GateEntry,
    SafetyAcknowledgement,
    SafetyEducation,
    SafetyPermit,
    SafetyViolation,
    SiteWorker,
    WorkerCertificate,
)
from aftersales_graphql.rooms.safety_work import (
    BriefingSheet,
    MachineRepair,
    MachineRun,
    PatrolRound,
    SafetyStandard,
    SafetyWatch,
    ShiftMeeting,
    SiteMachine,
    SiteShift,
)
from aftersales_graphql.rooms.work import Engineer


@strawberry.type(description="Somebody on a site who hasn't signed what a rule asks of him.")
class PaperGap:
    record: str
    reference: str | None
    clause: str | None
    worker: SiteWorker | None
    engineer: Engineer | None


@strawberry.type(description="A time without a round that is longer than the rule allows.")
class PatrolGap:
    area: str
    begin: datetime
    end: datetime
    minutes: int


@strawberry.type(description="A day of the season on which something wasn't looked at, or nobody was in charge.")
class MissedSafetyDay:
    day: date
    areas: list[str]
    unattended: bool


@strawberry.type(description="What an audit of a patrol found; without a longest gap no gap is one.")
class PatrolAudit:
    rule: str
    clause: str | None
    longest_gap_minutes: int | None
    gaps: list[PatrolGap]
    missed_days: list[MissedSafetyDay]


@strawberry.type(description="A published standard; `current` is the edition that holds.")
class RegisteredStandard:
    vertical: str
    code: str
    name_zh: str
    name_en: str
    designation: str
    superseded_by: str | None
    current: str
    clause: str | None
    source: str
    note: str


@query()
async def paper_gaps(call: Call, site_id: strawberry.ID) -> list[PaperGap]:
    """Who on a site hasn't signed what: letters of responsibility, procedures of trades."""
    return [
        PaperGap(
            record=gap.record,
            reference=gap.reference,
            clause=gap.clause,
            worker=None if gap.worker_id is None else Ref(SiteWorker, gap.worker_id),  # type: ignore[arg-type]
            engineer=None if gap.engineer_id is None else Ref(Engineer, gap.engineer_id),  # type: ignore[arg-type]
        )
        for gap in await service.paper_gaps(call.uow, id_given("Site", site_id, "siteId"))
    ]


@query()
async def patrol_audit(call: Call, site_id: strawberry.ID, rule: str, begin: datetime, end: datetime) -> PatrolAudit:
    """Which gaps of a patrol were too long, and which days of the season were missed; at most a year at once."""
    found = await service.patrol_audit(call.uow, id_given("Site", site_id, "siteId"), rule, begin, end)
    return PatrolAudit(
        rule=found.rule,
        clause=found.clause,
        longest_gap_minutes=found.longest_gap_minutes,
        gaps=[PatrolGap(area=gap.area, begin=gap.begin, end=gap.end, minutes=gap.minutes) for gap in found.gaps],
        missed_days=[
            MissedSafetyDay(day=missed.day, areas=list(missed.areas), unattended=missed.unattended)
            for missed in found.missed_days
        ],
    )


@query()
async def standards_register(call: Call) -> list[RegisteredStandard]:
    """The published standards that hold, with the editions that replaced them."""
    return [
        RegisteredStandard(
            vertical=line.vertical,
            code=line.code,
            name_zh=line.name.zh,
            name_en=line.name.en,
            designation=line.designation,
            superseded_by=line.superseded_by,
            current=line.current,
            clause=line.clause,
            source=line.source,
            note=line.note,
        )
        for line in await service.standards_register(call.uow)
    ]


@root
class SiteSafetyQueries:
    paper_gaps = paper_gaps
    patrol_audit = patrol_audit
    standards_register = standards_register


@root
class SiteSafetyMutations:
    register_worker = command(service.register_worker, returns=SiteWorker, under="worker")
    update_worker = command(service.update_worker, returns=SiteWorker, under="worker")
    certify_worker = command(service.certify_worker, returns=WorkerCertificate, under="certificate")
    assign_worker = command(service.assign_worker, returns=CrewMember)
    release_worker = command(service.release_worker, returns=CrewMember)
    acknowledge_safety = command(service.acknowledge_safety, returns=SafetyAcknowledgement, under="acknowledgement")
    record_education = command(service.record_education, returns=SafetyEducation, under="education")
    record_violation = command(service.record_violation, returns=SafetyViolation, under="violation")
    request_permit = command(service.request_permit, returns=SafetyPermit, under="permit")
    approve_permit = command(service.approve_permit, returns=SafetyPermit, under="permit")
    refuse_permit = command(service.refuse_permit, returns=SafetyPermit, under="permit")
    close_permit = command(service.close_permit, returns=SafetyPermit, under="permit")
    enter_site = command(service.enter_site, returns=GateEntry, under="entry")
    leave_site = command(service.leave_site, returns=GateEntry, under="entry")
    plan_shift = command(service.plan_shift, returns=SiteShift, under="shift")
    hold_meeting = command(service.hold_meeting, returns=ShiftMeeting, under="meeting")
    start_shift = command(service.start_shift, returns=SiteShift, under="shift")
    close_shift = command(service.close_shift, returns=SiteShift, under="shift")
    issue_briefing = command(service.issue_briefing, returns=BriefingSheet, under="sheet")
    acknowledge_briefing = command(service.acknowledge_briefing, returns=BriefingSheet, under="sheet")
    start_process = command(service.start_process, returns=BriefingSheet, under="sheet")
    register_machine = command(service.register_machine, returns=SiteMachine, under="machine")
    report_defect = command(service.report_defect, returns=SiteMachine, under="machine")
    retire_machine = command(service.retire_machine, returns=SiteMachine, under="machine")
    start_run = command(service.start_run, returns=MachineRun, under="run")
    stop_run = command(service.stop_run, returns=MachineRun, under="run")
    start_repair = command(service.start_repair, returns=MachineRepair, under="repair")
    finish_repair = command(service.finish_repair, returns=MachineRepair, under="repair")
    assign_watch = command(service.assign_watch, returns=SafetyWatch, under="watch")
    end_watch = command(service.end_watch, returns=list[SafetyWatch], under="watches")
    record_patrol = command(service.record_patrol, returns=list[PatrolRound], under="rounds")
    save_standard = command(service.save_standard, returns=SafetyStandard, under="standard")
