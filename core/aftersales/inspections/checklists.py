"""Which checklist holds: the company's newest own version, else what the vertical declares."""

from collections.abc import Sequence
from typing import Any

import msgspec

from aftersales.access import require
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.terms import terms_of
from aftersales.inspections import queries
from aftersales.inspections.commands import ChecklistItemInput, PublishChecklist
from aftersales.inspections.models import ChecklistTemplate
from aftersales.inspections.rules import LARGEST_NUMBER
from aftersales.kit.entities import encode
from aftersales.kit.errors import InvalidInput
from aftersales.kit.ids import new_id
from aftersales.kit.text import CODE_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.terms.checklists import Checklist, ChecklistItem, item_problems

ITEM_LIMIT = 300
CHOICE_LIMIT = 50


async def publish_checklist(uow: TenantWork, command: PublishChecklist) -> ChecklistTemplate:
    """Publish a checklist, or its next version; inspections under way keep the items they were begun with.

    VERTICAL_NOT_ENABLED, CHECKLIST_INVALID with what stands against its items, CHECKLIST_VERSION_TAKEN.
    """
    require(uow.actor, "settings.manage")
    terms = uow.scope.enabled(command.vertical)
    code = clean_text(command.code, "code", CODE_LIMIT, required=True)
    if len(command.items) > ITEM_LIMIT:
        raise InvalidInput("CHECKLIST_INVALID", field="items", reason=f"{len(command.items)} > {ITEM_LIMIT}")
    items = tuple(_item(given) for given in command.items)
    for problem in item_problems(items):
        raise InvalidInput("CHECKLIST_INVALID", field="items", reason=problem)
    if command.standard is not None and command.standard not in {one.code for one in terms.reference_standards}:
        raise InvalidInput("CHECKLIST_INVALID", field="standard", reason=f"unknown standard {command.standard[:60]}")
    latest = await queries.latest_template(uow, command.vertical, code)
    return uow.add(
        ChecklistTemplate(
            id=new_id(),
            vertical=command.vertical,
            code=code,
            version=1 if latest is None else latest.version + 1,
            name_zh=clean_text(command.name_zh, "nameZh", TITLE_LIMIT, required=True),
            name_en=clean_text(command.name_en, "nameEn", TITLE_LIMIT, required=True),
            items=stored(items),
            standard=command.standard,
            clause=clean_text(command.clause, "clause", CODE_LIMIT) or None,
            created_at=uow.now,
            actor=uow.actor.label,
        )
    )


async def checklist_in_force(uow: TenantWork, vertical: str, code: str, contract: ServiceContract | None) -> Checklist:
    """The checklist of that code; CHECKLIST_UNKNOWN. An own one keeps what the vertical's says it is about."""
    uow.scope.enabled(vertical)
    code = clean_text(code, "checklist", CODE_LIMIT, required=True)
    declared = terms_of(uow.scope, vertical, contract).checklist(code)
    own = await queries.latest_template(uow, vertical, code)
    if own is None and declared is None:
        raise InvalidInput("CHECKLIST_UNKNOWN", field="checklist", value=code)
    if own is None:
        assert declared is not None  # noqa: S101 - one of the two is there
        return declared
    return Checklist(
        code=own.code,
        label=Label(own.name_zh, own.name_en),
        clause=own.clause or (declared.clause if declared else None),
        source="tenant",
        items=restored(own.items),
        version=own.version,
        of=declared.of if declared else "any",
        asset_types=declared.asset_types if declared else (),
        standard=own.standard or (declared.standard if declared else None),
        moment=declared.moment if declared else None,
    )


def stored(items: Sequence[ChecklistItem]) -> list[dict[str, Any]]:
    """Items as they are kept."""
    found: list[dict[str, Any]] = msgspec.to_builtins(list(items), enc_hook=encode)
    return found


def restored(items: list[dict[str, Any]]) -> tuple[ChecklistItem, ...]:
    """Items as they were kept."""
    return msgspec.convert(items, tuple[ChecklistItem, ...])


def _item(given: ChecklistItemInput) -> ChecklistItem:
    advice = None
    if given.advice_zh is not None or given.advice_en is not None:
        advice = Label(
            clean_text(given.advice_zh, "items.adviceZh", TITLE_LIMIT, required=True),
            clean_text(given.advice_en, "items.adviceEn", TITLE_LIMIT, required=True),
        )
    if len(given.choices) > CHOICE_LIMIT:
        raise InvalidInput("CHECKLIST_INVALID", field="items.choices", reason=f"{len(given.choices)} > {CHOICE_LIMIT}")
    for limit in (given.minimum, given.maximum):
        if limit is not None and (not limit.is_finite() or abs(limit) > LARGEST_NUMBER):
            raise InvalidInput("CHECKLIST_INVALID", field="items", reason=f"{given.code[:60]}: {str(limit)[:20]}")
    return ChecklistItem(
        code=clean_text(given.code, "items.code", CODE_LIMIT, required=True),
        label=Label(
            clean_text(given.name_zh, "items.nameZh", TITLE_LIMIT, required=True),
            clean_text(given.name_en, "items.nameEn", TITLE_LIMIT, required=True),
        ),
        kind=given.kind,
        required=given.required,
        unit=clean_text(given.unit, "items.unit", CODE_LIMIT) or None,
        minimum=given.minimum,
        maximum=given.maximum,
        choices=tuple(clean_text(choice, "items.choices", NAME_LIMIT, required=True) for choice in given.choices),
        accepted=tuple(clean_text(choice, "items.accepted", NAME_LIMIT, required=True) for choice in given.accepted),
        photo=given.photo,
        consequence=given.consequence,
        severity=given.severity,
        category=given.hazard_category,
        advice=advice,
        clause=clean_text(given.clause, "items.clause", CODE_LIMIT) or None,
    )
