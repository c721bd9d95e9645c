"""What is done with inspections; the report for a customer, and a value over an asset's inspections."""

from datetime import datetime
from decimal import Decimal

import strawberry

from aftersales.inspections import service
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Ref
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.commands import command, id_given
from aftersales_graphql.rooms.inspections import ChecklistTemplate, Inspection, InspectionFinding


@strawberry.type(description="An item of a report; `passed` is empty for what can't fail or wasn't looked at.")
class InspectionReportLine:
    item: str
    label_zh: str
    label_en: str
    result_zh: str
    result_en: str
    passed: bool | None


@strawberry.type(description="Advice to the owner, in both languages.")
class InspectionAdvice:
    zh: str
    en: str


@strawberry.type(description="An inspection as its customer reads it, in both languages.")
class InspectionReportSheet:
    number: str
    title_zh: str
    title_en: str
    inspector: str
    completed_at: datetime | None
    passed: bool | None
    lines: list[InspectionReportLine]
    advice: list[InspectionAdvice]


@strawberry.type(description="A value of a series over an asset's completed inspections.")
class InspectionTrendPoint:
    at: datetime
    value: Decimal
    passed: bool | None
    inspection: Inspection | None


@query()
async def inspection_report(call: Call, inspection_id: strawberry.ID) -> InspectionReportSheet:
    """The report of an inspection."""
    found = await service.inspection_report(call.uow, id_given("Inspection", inspection_id, "inspectionId"))
    return InspectionReportSheet(
        number=found.number,
        title_zh=found.title.zh,
        title_en=found.title.en,
        inspector=found.inspector,
        completed_at=found.completed_at,
        passed=found.passed,
        lines=[
            InspectionReportLine(
                item=line.item,
                label_zh=line.label.zh,
                label_en=line.label.en,
                result_zh=line.result.zh,
                result_en=line.result.en,
                passed=line.passed,
            )
            for line in found.lines
        ],
        advice=[InspectionAdvice(zh=advice.zh, en=advice.en) for advice in found.advice],
    )


@query()
async def inspection_trend(call: Call, asset_id: strawberry.ID, item: str) -> list[InspectionTrendPoint]:
    """A number of an asset over its completed inspections, oldest first, the latest 500."""
    points = await service.inspection_trend(call.uow, id_given("Asset", asset_id, "assetId"), item)
    return [
        InspectionTrendPoint(
            at=point.at,
            value=point.value,
            passed=point.passed,
            inspection=Ref(Inspection, point.inspection_id),  # type: ignore[arg-type]
        )
        for point in points
    ]


@root
class InspectionAnswerQueries:
    inspection_report = inspection_report
    inspection_trend = inspection_trend


@root
class InspectionMutations:
    publish_checklist = command(service.publish_checklist, returns=ChecklistTemplate, under="checklist")
    start_inspection = command(service.start_inspection, returns=Inspection)
    answer_items = command(service.answer_items, returns=Inspection)
    complete_inspection = command(service.complete_inspection, returns=Inspection)
    cancel_inspection = command(service.cancel_inspection, returns=Inspection)
    add_finding = command(service.add_finding, returns=InspectionFinding, under="finding")
