"""Shifts with their meetings, and work processes with their briefings."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from aftersales.access import require
from aftersales.kit.clock import require_aware
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened, locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.models import Site
from aftersales.safety import site_queries
from aftersales.safety.declared import alert, note, rules_of
from aftersales.safety.models import BriefingSheet, BriefingSignature, ShiftMeeting, SiteShift, SiteWorker
from aftersales.safety.people import check_people, evidence_of
from aftersales.safety.site_commands import (
    AcknowledgeBriefing,
    CloseShift,
    HoldMeeting,
    IssueBriefing,
    PlanShift,
    ShiftCommand,
    StartProcess,
    StartShift,
)
from aftersales.scope import TenantWork
from aftersales.terms.base import Label

BEFORE: Final = "before_shift"
AFTER: Final = "after_shift"
SAFETY_TOPIC: Final = "safety_topic"
MEETING: Final = "pre_shift_meeting"
LONGEST_SHIFT: Final = timedelta(days=1)


async def plan_shift(uow: TenantWork, command: PlanShift) -> SiteShift:
    """Plan a shift. PERIOD_INVERTED, SAFETY_PERIOD_TOO_LONG beyond a day."""
    require(uow.actor, "safety.record")
    site = await uow.get(Site, command.site_id)
    starts_at = require_aware(command.starts_at, "startsAt")
    ends_at = require_aware(command.ends_at, "endsAt")
    if ends_at <= starts_at:
        raise InvalidInput("PERIOD_INVERTED", field="endsAt")
    if ends_at - starts_at > LONGEST_SHIFT:
        raise InvalidInput("SAFETY_PERIOD_TOO_LONG", field="endsAt", hours=LONGEST_SHIFT // timedelta(hours=1))
    return uow.add(
        SiteShift(
            id=new_id(),
            site_id=site.id,
            name=clean_text(command.name, "name", NAME_LIMIT, required=True),
            foreman=clean_text(command.foreman, "foreman", NAME_LIMIT, required=True),
            starts_at=starts_at,
            ends_at=ends_at,
        )
    )


async def hold_meeting(uow: TenantWork, command: HoldMeeting) -> ShiftMeeting:
    """The meeting before a shift was held. SAFETY_TOPIC_REQUIRED without safety among its topics (P05-06),
    SHIFT_MEETING_HELD the second time, SHIFT_STATE_REFUSED once the shift began, WORKER_TWICE, INSTANT_IN_FUTURE."""
    require(uow.actor, "safety.record")
    for worker_id in command.worker_ids:
        await uow.get(SiteWorker, worker_id)
    shift, site = await _load(uow, ShiftCommand(shift_id=command.shift_id), "planned", "hold_meeting")
    safety_topic = clean_text(command.safety_topic, "safetyTopic", BODY_LIMIT)
    if not safety_topic and any(SAFETY_TOPIC in rule.conditions for _, rule in rules_of(uow, "record", "shift")):
        raise InvalidInput("SAFETY_TOPIC_REQUIRED", field="safetyTopic")
    check_people(list(command.worker_ids), "workerIds")
    held_at = happened(uow.now, command.held_at, "heldAt")
    if await site_queries.meeting_held_at(uow, shift.id) is not None:
        raise StateRefused("SHIFT_MEETING_HELD", field="shiftId")
    meeting = uow.add(
        ShiftMeeting(
            id=new_id(), shift_id=shift.id, held_at=held_at, safety_topic=safety_topic,
            topics=[clean_text(topic, "topics", NAME_LIMIT, required=True) for topic in command.topics],
            attendees=[str(one) for one in command.worker_ids], actor=uow.actor.label,
        )
    )  # fmt: skip
    await note(uow, "shift.meeting_held", site, {"shift_id": shift.id, "workers": len(command.worker_ids)}, at=held_at)
    return meeting


async def start_shift(uow: TenantWork, command: StartShift) -> SiteShift:
    """Work begins: SHIFT_WITHOUT_MEETING before its meeting (P05-06), SITE_NOT_ACTIVE on a site that is stopped."""
    require(uow.actor, "safety.record")
    shift, site = await _load(uow, command, "planned", "start")
    if site.state != "active":
        raise StateRefused("SITE_NOT_ACTIVE", field="shiftId", state=site.state)
    asked = any(MEETING in rule.conditions for _, rule in rules_of(uow, "record", "shift"))
    if asked and await site_queries.meeting_held_at(uow, shift.id) is None:
        raise StateRefused("SHIFT_WITHOUT_MEETING", field="shiftId")
    shift.state, shift.started_at = "running", uow.now
    await note(uow, "shift.started", site, {"shift_id": shift.id, "name": shift.name})
    return shift


async def close_shift(uow: TenantWork, command: CloseShift) -> SiteShift:
    """The shift is over. A machine that was checked before it and not after it is alerted (P05-16).

    RUN_OPEN while a machine still runs, SHIFT_STATE_REFUSED.
    """
    require(uow.actor, "safety.record")
    shift, site = await _load(uow, command, "running", "close")
    if await site_queries.is_any_running(uow, shift.id):
        raise StateRefused("RUN_OPEN", field="shiftId")
    checks = await site_queries.checks_of_shift(uow, shift.id)
    shift.state, shift.closed_at = "closed", uow.now
    declared = [rule.clause for _, rule in rules_of(uow, "check", "machine") if AFTER in rule.conditions]
    for machine in unchecked_after(checks):
        await alert(
            uow, site, "post_check_missing",
            Label(
                f"{shift.name}:设备 {machine['code']} {machine['name']} 缺少班后检查。",
                f"{shift.name}: machine {machine['code']} {machine['name']} wasn't checked after the shift.",
            ),
            clause=next(iter(declared), None),
            dedupe_key=f"post_check:{shift.id}:{machine['machine_id']}", machine_id=machine["machine_id"],
            shift_id=shift.id,
        )  # fmt: skip
    await note(uow, "shift.closed", site, {"shift_id": shift.id, "name": shift.name})
    return shift


def unchecked_after(checks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The machines that were checked before the shift and not after it, once each."""
    after = {check["machine_id"] for check in checks if check["moment"] == AFTER}
    before = {check["machine_id"]: check for check in checks if check["moment"] == BEFORE}
    return [check for machine, check in before.items() if machine not in after]


async def issue_briefing(uow: TenantWork, command: IssueBriefing) -> BriefingSheet:
    """Issue the sheet of a work process to everybody who will work on it (P05-13). WORKER_TWICE, REQUIRED."""
    require(uow.actor, "safety.record")
    site = await uow.get(Site, command.site_id)
    for worker_id in command.worker_ids:
        await uow.get(SiteWorker, worker_id)
    check_people(list(command.worker_ids), "workerIds")
    sheet = uow.add(
        BriefingSheet(
            id=new_id(),
            site_id=site.id,
            process=clean_text(command.process, "process", NAME_LIMIT, required=True),
            content=clean_text(command.content, "content", BODY_LIMIT, required=True),
            issued_by=clean_text(command.issued_by, "issuedBy", NAME_LIMIT, required=True),
            issued_at=uow.now,
        )
    )
    for worker_id in command.worker_ids:
        uow.add(BriefingSignature(id=new_id(), sheet_id=sheet.id, worker_id=worker_id))
    await note(uow, "briefing.issued", site, {"process": sheet.process, "workers": len(command.worker_ids)})
    return sheet


async def acknowledge_briefing(uow: TenantWork, command: AcknowledgeBriefing) -> BriefingSheet:
    """A worker signs. BRIEFING_NOT_FOR_WORKER for one whom it wasn't given to, BRIEFING_SIGNED the second time."""
    require(uow.actor, "safety.record")
    await uow.get(SiteWorker, command.worker_id)
    sheet = await locked(uow, BriefingSheet, command.sheet_id)
    signatures = await site_queries.signatures_of(uow, sheet.id)
    signature = next((one for one in signatures if one.worker_id == command.worker_id), None)
    if signature is None:
        raise StateRefused("BRIEFING_NOT_FOR_WORKER", field="workerId")
    if signature.acknowledged_at is not None:
        raise StateRefused("BRIEFING_SIGNED", field="workerId")
    signature.evidence = evidence_of(command.evidence)
    signature.acknowledged_at = happened(uow.now, command.at, "at", after=sheet.issued_at)
    return sheet


async def start_process(uow: TenantWork, command: StartProcess) -> BriefingSheet:
    """A work process begins: BRIEFING_INCOMPLETE while somebody hasn't signed (P05-13), SITE_NOT_ACTIVE."""
    require(uow.actor, "safety.record")
    site = await locked(uow, Site, (await uow.get(BriefingSheet, command.sheet_id)).site_id)
    sheet = await locked(uow, BriefingSheet, command.sheet_id, command.expected_version)
    if sheet.state != "issued":
        raise StateRefused("PROCESS_STARTED", field="sheetId")
    signatures = await site_queries.signatures_of(uow, sheet.id)
    unsigned = [one.worker_id for one in signatures if one.acknowledged_at is None]
    if unsigned and rules_of(uow, "gate", "work_process"):
        signed, count = len(signatures) - len(unsigned), len(signatures)
        names = ", ".join([await _name(uow, worker_id) for worker_id in unsigned[:10]])
        raise StateRefused("BRIEFING_INCOMPLETE", field="sheetId", signed=signed, count=count, workers=names)
    if site.state != "active":
        raise StateRefused("SITE_NOT_ACTIVE", field="sheetId", state=site.state)
    sheet.state, sheet.started_at = "started", uow.now
    await note(uow, "process.started", site, {"process": sheet.process, "sheet_id": sheet.id})
    return sheet


async def _name(uow: TenantWork, worker_id: UUID) -> str:
    return (await uow.get(SiteWorker, worker_id)).name


async def _load(uow: TenantWork, command: ShiftCommand, state: str, operation: str) -> tuple[SiteShift, Site]:
    site = await locked(uow, Site, (await uow.get(SiteShift, command.shift_id)).site_id)
    shift = await locked(uow, SiteShift, command.shift_id, command.expected_version)
    if shift.state != state:
        raise StateRefused("SHIFT_STATE_REFUSED", field="shiftId", state=shift.state, operation=operation)
    return shift, site
