"""What the inspections room does; each function takes a unit of work and one command, and never commits."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aftersales.access import require
from aftersales.assets.models import Asset
from aftersales.contracts.models import ServiceContract
from aftersales.documents.models import Document
from aftersales.inspections import queries, rules
from aftersales.inspections.checklists import checklist_in_force, publish_checklist, restored, stored
from aftersales.inspections.commands import (
    AddFinding,
    AnswerItems,
    CancelInspection,
    CompleteInspection,
    InspectionAnswerInput,
    InspectionCommand,
    StartInspection,
)
from aftersales.inspections.consequences import follow
from aftersales.inspections.models import Finding, Inspection, InspectionAnswer
from aftersales.inspections.report import InspectionReport, inspection_report, inspection_trend, is_for
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened, locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.models import Site
from aftersales.records.models import StoredFile
from aftersales.safety.models import SiteMachine, SiteShift
from aftersales.scope import TenantWork
from aftersales.terms.checklists import Checklist, ChecklistItem
from aftersales.tickets.models import Ticket
from aftersales.work.models import ServiceAppointment, WorkOrder

__all__ = [
    "InspectionReport",
    "add_finding",
    "answer_items",
    "cancel_inspection",
    "complete_inspection",
    "inspection_report",
    "inspection_trend",
    "publish_checklist",
    "start_inspection",
]

NUMBER_PREFIX = "I"


async def start_inspection(uow: TenantWork, command: StartInspection) -> Inspection:
    """Begin an inspection with the checklist's items as they are now.

    CHECKLIST_UNKNOWN, VERTICAL_NOT_ENABLED, ASSET_OF_OTHER_VERTICAL, ASSET_RETIRED, INSPECTION_SUBJECT_INVALID without
    what the checklist is about or when its subjects belong to several customers, INSTANT_IN_FUTURE.
    """
    require(uow.actor, "inspection.record")
    about = await _subjects(uow, command)
    contract, asset = about["contract"], about["asset"]
    checklist = await checklist_in_force(uow, command.vertical, command.checklist, contract)
    if asset is not None and asset.vertical != command.vertical:
        raise InvalidInput("ASSET_OF_OTHER_VERTICAL", field="assetId", actual=asset.vertical, vertical=command.vertical)
    if asset is not None and asset.state == "retired":
        raise StateRefused("ASSET_RETIRED", field="assetId")
    person = clean_text(command.person, "person", NAME_LIMIT) or None
    _check_subject(checklist, about, person)
    at = happened(uow.now, command.at, "at")
    inspection = uow.add(
        Inspection(
            id=new_id(),
            number=await next_number(uow, NUMBER_PREFIX, uow.now.astimezone(ZoneInfo(uow.scope.time_zone)).year),
            vertical=command.vertical,
            checklist=checklist.code,
            checklist_version=checklist.version,
            name_zh=checklist.label.zh,
            name_en=checklist.label.en,
            clause=checklist.clause,
            standard=checklist.standard,
            moment=checklist.moment,
            items=stored(checklist.items),
            customer_id=about["customer_id"],
            asset_id=asset.id if asset else None,
            site_id=about["site_id"],
            contract_id=command.contract_id,
            ticket_id=about["ticket_id"],
            work_order_id=about["work_order_id"],
            appointment_id=command.appointment_id,
            machine_id=command.machine_id,
            shift_id=command.shift_id,
            person=person,
            inspector=clean_text(command.inspector, "inspector", NAME_LIMIT) or uow.actor.label,
            started_at=at,
        )
    )
    await _note(uow, "inspection.started", inspection, {"checklist": checklist.code}, at)
    return inspection


async def answer_items(uow: TenantWork, command: AnswerItems) -> Inspection:
    """Fill in items; each that fails leads to what it declares, at once and once (P01-20).

    CHECK_ITEM_UNKNOWN, CHECK_ITEM_TWICE, ANSWER_MISSING, ANSWER_OF_OTHER_KIND, NUMBER_SENSELESS, CHOICE_UNKNOWN,
    PHOTO_REQUIRED, PHOTO_UNFIT, INSPECTION_STATE_REFUSED, and with `complete` ITEMS_MISSING; nothing is written then.
    """
    require(uow.actor, "inspection.record")
    for answer in command.answers:
        if answer.document_id is not None:
            await uow.get(Document, answer.document_id)
        if answer.file_id is not None:
            await uow.get(StoredFile, answer.file_id)
    inspection = await _open(uow, command, "answer")
    items = restored(inspection.items)
    known = {answer.item: answer for answer in await queries.answers_of(uow, inspection.id)}
    findings = {
        finding.item: finding
        for finding in await queries.findings_of(uow, inspection.id)
        if finding.state == "open" and finding.item is not None
    }
    if not command.answers and not command.complete:
        raise InvalidInput("REQUIRED", field="answers", field_name="answers")
    named: set[str] = set()
    for given in command.answers:
        if given.item in named:
            raise InvalidInput("CHECK_ITEM_TWICE", field="answers.item", item=given.item)
        named.add(given.item)
        item = rules.item_of(items, given.item)
        if given.file_id is not None:
            _check_photo(inspection, item, await uow.get(StoredFile, given.file_id))
        made = _answered(uow, inspection, item, given, known.get(item.code))
        known[item.code] = made
        failed = findings.get(item.code)
        if made.passed is False and failed is None:
            await _find(uow, inspection, item, made)
        elif made.passed is not False and failed is not None:
            failed.state = "corrected"
            await _note(uow, "inspection.corrected", inspection, {"item": item.code})
    if command.complete:
        await _complete(uow, inspection, items, known, uow.now)
    return inspection


async def complete_inspection(uow: TenantWork, command: CompleteInspection) -> Inspection:
    """End an inspection, once. ITEMS_MISSING names what nobody filled in; INSPECTION_STATE_REFUSED."""
    require(uow.actor, "inspection.record")
    inspection = await _open(uow, command, "complete")
    known = {answer.item: answer for answer in await queries.answers_of(uow, inspection.id)}
    at = happened(uow.now, command.at, "at", after=inspection.started_at)
    await _complete(uow, inspection, restored(inspection.items), known, at)
    return inspection


async def cancel_inspection(uow: TenantWork, command: CancelInspection) -> Inspection:
    """Drop an inspection that is under way; tickets and hazards that it led to stay."""
    require(uow.actor, "inspection.record")
    inspection = await _open(uow, command, "cancel")
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    inspection.state, inspection.cancel_reason = "cancelled", reason
    await _note(uow, "inspection.cancelled", inspection, {"reason": reason})
    return inspection


async def add_finding(uow: TenantWork, command: AddFinding) -> Finding:
    """Note what was found besides the items; graver than `none`, it leads to what it says (P01-20)."""
    require(uow.actor, "inspection.record")
    inspection = await _open(uow, command, "add_finding")
    description = clean_text(command.description, "description", BODY_LIMIT, required=True)
    finding = Finding(
        id=new_id(), inspection_id=inspection.id, customer_id=inspection.customer_id, description=description,
        severity=command.severity, consequence=command.consequence, clause=inspection.clause, at=uow.now,
    )  # fmt: skip
    if command.consequence == "advice":
        finding.advice_zh = finding.advice_en = description
    uow.add(finding)
    await follow(uow, inspection, finding, command.hazard_category)
    return finding


async def _subjects(uow: TenantWork, command: StartInspection) -> dict[str, Any]:
    """Everything that the inspection is about, and whose it is; NOT_FOUND before anything else."""
    asset = None if command.asset_id is None else await uow.get(Asset, command.asset_id)
    site = None if command.site_id is None else await uow.get(Site, command.site_id)
    contract = None if command.contract_id is None else await uow.get(ServiceContract, command.contract_id)
    visit = None if command.appointment_id is None else await uow.get(ServiceAppointment, command.appointment_id)
    order = None if command.work_order_id is None else await uow.get(WorkOrder, command.work_order_id)
    machine = None if command.machine_id is None else await uow.get(SiteMachine, command.machine_id)
    shift = None if command.shift_id is None else await uow.get(SiteShift, command.shift_id)
    ticket_id = visit.ticket_id if visit else (order.ticket_id if order else None)
    ticket = None if ticket_id is None else await uow.get(Ticket, ticket_id)
    if visit is not None and order is not None and visit.work_order_id != order.id:
        raise InvalidInput("INSPECTION_SUBJECT_INVALID", field="workOrderId", of="visit")
    if asset is None and ticket is not None and ticket.asset_id is not None:
        asset = await uow.get(Asset, ticket.asset_id)
    sites = {one.site_id for one in (machine, shift) if one is not None}
    if site is not None:
        sites.add(site.id)
    if len(sites) > 1:
        raise InvalidInput("INSPECTION_SUBJECT_INVALID", field="siteId", of="site")
    if site is None and sites:
        site = await uow.get(Site, sites.pop())
    if site is None and asset is not None and asset.site_id is not None:
        site = await uow.get(Site, asset.site_id)
    owners = {thing.customer_id for thing in (asset, site, contract, ticket) if thing is not None}
    if len(owners) > 1:
        raise InvalidInput("INSPECTION_SUBJECT_INVALID", field="assetId", of="one customer")
    return {
        "asset": asset,
        "contract": contract,
        "machine": machine,
        "shift": shift,
        "visit": visit,
        "site_id": site.id if site else None,
        "ticket_id": ticket.id if ticket else None,
        "work_order_id": order.id if order else (visit.work_order_id if visit else None),
        "customer_id": next(iter(owners), None),
    }


def _check_subject(checklist: Checklist, about: dict[str, Any], person: str | None) -> None:
    present = {
        "asset": about["asset"],
        "site": about["site_id"],
        "contract": about["contract"],
        "visit": about["visit"],
        "machine": about["machine"],
        "person": person,
    }
    missing = checklist.of != "any" and present[checklist.of] is None
    nothing = all(value is None for value in (*present.values(), about["ticket_id"]))
    if missing or nothing or (checklist.moment is not None and about["shift"] is None):
        raise InvalidInput("INSPECTION_SUBJECT_INVALID", field=f"{checklist.of}Id", of=checklist.of)
    asset = about["asset"]
    if checklist.asset_types and (asset is None or asset.asset_type not in checklist.asset_types):
        raise InvalidInput("INSPECTION_SUBJECT_INVALID", field="assetId", of=", ".join(checklist.asset_types))


def _answered(
    uow: TenantWork,
    inspection: Inspection,
    item: ChecklistItem,
    given: InspectionAnswerInput,
    earlier: InspectionAnswer | None,
) -> InspectionAnswer:
    judged = rules.judge(item, given)
    note = clean_text(given.note, "answers.note", BODY_LIMIT)
    photo = clean_text(given.photo, "answers.photo", NAME_LIMIT) or None
    if item.photo and photo is None and given.document_id is None and given.file_id is None:
        raise InvalidInput("PHOTO_REQUIRED", field="answers.photo", item=item.code)
    answer = earlier or uow.add(
        InspectionAnswer(
            id=new_id(), inspection_id=inspection.id, asset_id=inspection.asset_id, item=item.code, at=uow.now,
            actor=uow.actor.label,
        )
    )  # fmt: skip
    answer.passed, answer.number, answer.choice = judged.passed, judged.number, judged.choice
    answer.note, answer.photo, answer.document_id, answer.file_id = note, photo, given.document_id, given.file_id
    answer.at, answer.actor = uow.now, uow.actor.label
    return answer


def _check_photo(inspection: Inspection, item: ChecklistItem, file: StoredFile) -> None:
    """PHOTO_UNFIT unless the file is a picture that is there, of this inspection or of something of its customer."""
    own = file.subject_id == inspection.id if file.subject_type == "inspection" else (
        inspection.customer_id is not None and file.customer_id == inspection.customer_id
    )  # fmt: skip
    if not own or file.state != "stored" or not file.media_type.startswith("image/"):
        raise InvalidInput("PHOTO_UNFIT", field="answers.fileId", item=item.code)


async def _find(uow: TenantWork, inspection: Inspection, item: ChecklistItem, answer: InspectionAnswer) -> None:
    chinese = uow.scope.language == "zh-CN"
    told = rules.told(item, answer.passed, answer.number, answer.choice, answer.note)
    description = f"{item.label.zh}:{told.zh}" if chinese else f"{item.label.en}: {told.en}"
    finding = uow.add(
        Finding(
            id=new_id(), inspection_id=inspection.id, customer_id=inspection.customer_id, item=item.code,
            description=description[:BODY_LIMIT], severity=item.severity, consequence=item.consequence,
            clause=item.clause or inspection.clause, advice_zh=item.advice.zh if item.advice else None,
            advice_en=item.advice.en if item.advice else None, at=uow.now,
        )
    )  # fmt: skip
    await follow(uow, inspection, finding, item.category)
    await _note(uow, "inspection.item_failed", inspection, {"item": item.code, "consequence": finding.consequence})


async def _complete(
    uow: TenantWork,
    inspection: Inspection,
    items: tuple[ChecklistItem, ...],
    known: dict[str, InspectionAnswer],
    at: datetime,
) -> None:
    inspection.passed = rules.check_complete(items, {code: answer.passed for code, answer in known.items()})
    findings = await queries.findings_of(uow, inspection.id)
    if any(finding.state == "open" for finding in findings):
        inspection.passed = False
    inspection.state, inspection.completed_at = "completed", at
    if inspection.customer_id is not None and is_for(inspection, inspection.customer_id):
        # The report is its customer's from now on, and so are the photos that were taken for it.
        for file_id in {answer.file_id for answer in known.values() if answer.file_id is not None}:
            file = await uow.get(StoredFile, file_id)
            if file.subject_id == inspection.id:
                file.internal = False
    await uow.flush()
    await _note(uow, "inspection.completed", inspection, {"number": inspection.number, "passed": inspection.passed}, at)


async def _open(uow: TenantWork, command: InspectionCommand, operation: str) -> Inspection:
    inspection = await locked(uow, Inspection, command.inspection_id, command.expected_version)
    if inspection.state != "open":
        raise StateRefused(
            "INSPECTION_STATE_REFUSED", field="inspectionId", state=inspection.state, operation=operation
        )
    return inspection


async def _note(
    uow: TenantWork, kind: str, inspection: Inspection, data: dict[str, object], at: datetime | None = None
) -> None:
    await journal.record(
        uow, kind, subject_type="inspection", subject_id=inspection.id, ticket_id=inspection.ticket_id,
        asset_id=inspection.asset_id, customer_id=inspection.customer_id, data=data, at=at,
        vertical=inspection.vertical,
    )  # fmt: skip
