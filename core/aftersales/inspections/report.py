"""An inspection as its customer reads it, in both languages, and a value over an asset's inspections."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from aftersales.access import require
from aftersales.assets.models import Asset
from aftersales.inspections import queries, rules
from aftersales.inspections.checklists import restored
from aftersales.inspections.models import Inspection
from aftersales.kit.errors import NotFound
from aftersales.kit.text import NAME_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.terms.base import Label


class ReportLine(Struct, frozen=True, kw_only=True):
    """An item with its result in words; `passed=None` for what can't fail, or wasn't filled in."""

    item: str
    label: Label
    result: Label
    passed: bool | None


class InspectionReport(Struct, frozen=True, kw_only=True):
    """The whole of an inspection."""

    number: str
    title: Label
    inspector: str
    completed_at: datetime | None
    passed: bool | None
    lines: tuple[ReportLine, ...]
    advice: tuple[Label, ...]


async def inspection_report(uow: TenantWork, inspection_id: UUID) -> InspectionReport:
    """The report; a customer gets that of its own completed inspections, and nothing of the company's own checks.

    NOT_FOUND otherwise.
    """
    inspection = await uow.get(Inspection, inspection_id)
    if uow.actor.customer_id is not None:
        if not is_for(inspection, uow.actor.customer_id):
            raise NotFound("NOT_FOUND", thing="Inspection")
    else:
        require(uow.actor, "inspection.record")
    await uow.flush()
    answers = {answer.item: answer for answer in await queries.answers_of(uow, inspection.id)}
    lines = []
    for item in restored(inspection.items):
        answer = answers.get(item.code)
        result = Label("未检查", "not looked at")
        if answer is not None:
            result = rules.told(item, answer.passed, answer.number, answer.choice, answer.note)
        lines.append(
            ReportLine(item=item.code, label=item.label, result=result, passed=answer.passed if answer else None)
        )
    return InspectionReport(
        number=inspection.number,
        title=Label(inspection.name_zh, inspection.name_en),
        inspector=inspection.inspector,
        completed_at=inspection.completed_at,
        passed=inspection.passed,
        lines=tuple(lines),
        advice=tuple(
            Label(finding.advice_zh, finding.advice_en or finding.advice_zh)
            for finding in await queries.findings_of(uow, inspection.id)
            if finding.state == "open" and finding.advice_zh is not None
        ),
    )


async def inspection_trend(uow: TenantWork, asset_id: UUID, item: str) -> list[queries.TrendPoint]:
    """A number of an asset over its completed inspections, oldest first, the latest 500. NOT_FOUND, FORBIDDEN."""
    asset = await uow.get(Asset, asset_id)
    if uow.actor.customer_id is not None:
        if asset.customer_id != uow.actor.customer_id:
            raise NotFound("NOT_FOUND", thing="Asset")
    else:
        require(uow.actor, "inspection.record")
    return await queries.trend_of(uow, asset_id, clean_text(item, "item", NAME_LIMIT, required=True))


def is_for(inspection: Inspection, customer_id: UUID) -> bool:
    """Whether a customer may read it: completed, its own, and about something that it owns or ordered."""
    shared = inspection.asset_id or inspection.contract_id or inspection.appointment_id or inspection.work_order_id
    internal = inspection.machine_id is not None or inspection.person is not None
    return (
        inspection.customer_id == customer_id
        and inspection.state == "completed"
        and shared is not None
        and not internal
    )
