"""Checklists of a company's own, and inspections by them."""

from typing import Any

from aftersales.inspections import service
from aftersales.inspections.commands import (
    AnswerItems,
    ChecklistItemInput,
    InspectionAnswerInput,
    PublishChecklist,
    StartInspection,
)
from aftersales.inspections.models import ChecklistTemplate, Finding, Inspection
from tests.tickets.world import World


def item(code: str, **given: Any) -> ChecklistItemInput:
    return ChecklistItemInput(**{"code": code, "name_zh": f"项目{code}", "name_en": f"Item {code}", **given})


async def publish(
    world: World, *items: ChecklistItemInput, vertical: str = "solar", code: str = "look", **given: Any
) -> ChecklistTemplate:
    published: ChecklistTemplate = await world.do(
        service.publish_checklist,
        PublishChecklist(vertical=vertical, code=code, name_zh="巡检", name_en="A look", items=items, **given),
        world.owner,
    )
    return published


async def begin(world: World, checklist: str = "look", **given: Any) -> Inspection:
    """An inspection of the world's asset unless it is about something else."""
    if not {"asset_id", "site_id", "contract_id", "machine_id"} & given.keys():
        given["asset_id"] = world.asset.id
    given.setdefault("vertical", world.asset.vertical)
    begun: Inspection = await world.do(
        service.start_inspection, StartInspection(checklist=checklist, inspector="Wu", **given)
    )
    return begun


def answers(inspection: Inspection, *given: InspectionAnswerInput, complete: bool = False) -> AnswerItems:
    return AnswerItems(inspection_id=inspection.id, answers=given, complete=complete)


def passed(item: str, value: bool = True, **given: Any) -> InspectionAnswerInput:
    return InspectionAnswerInput(item=item, passed=value, **given)


async def fill(
    world: World, inspection: Inspection, *given: InspectionAnswerInput, complete: bool = False
) -> Inspection:
    filled: Inspection = await world.do(service.answer_items, answers(inspection, *given, complete=complete))
    return filled


async def findings(world: World) -> list[Finding]:
    return await world.read(Finding)
