"""What callers ask of inspections: one frozen Struct per operation. Instants are tz-aware; left out, they mean now."""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from msgspec import Struct

from aftersales.terms.checklists import Consequence, ItemKind, Severity


class ChecklistItemInput(Struct, frozen=True, kw_only=True):
    """An item of a company's own checklist; see `ChecklistItem` for what its fields mean. Names in both languages."""

    code: str
    name_zh: str
    name_en: str
    kind: ItemKind = "pass_fail"
    required: bool = True
    unit: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    choices: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    photo: bool = False
    consequence: Consequence = "ticket"
    severity: Severity = "medium"
    hazard_category: Literal["behaviour", "condition", "environment", "management"] = "condition"
    advice_zh: str | None = None
    advice_en: str | None = None
    clause: str | None = None


class PublishChecklist(Struct, frozen=True, kw_only=True):
    """A checklist of the company's own, or a new version of it. With the code of one that the vertical declares it
    takes that one's place. `standard` is the code of a published standard."""

    vertical: str
    code: str
    name_zh: str
    name_en: str
    items: tuple[ChecklistItemInput, ...]
    standard: str | None = None
    clause: str | None = None


class StartInspection(Struct, frozen=True, kw_only=True):
    """Begin to fill in a checklist about an asset, a site, a contract, a visit, a work order, a machine or a person.

    `person` names who is looked at where it is somebody (dress, attendance); `inspector` who looks.
    """

    vertical: str
    checklist: str
    inspector: str | None = None
    asset_id: UUID | None = None
    site_id: UUID | None = None
    contract_id: UUID | None = None
    appointment_id: UUID | None = None
    work_order_id: UUID | None = None
    machine_id: UUID | None = None
    shift_id: UUID | None = None
    person: str | None = None
    at: datetime | None = None


class InspectionAnswerInput(Struct, frozen=True, kw_only=True):
    """What was found at an item: passed or not, a number, a choice, or a note, after the item's kind.

    `file_id` is the photo that was uploaded; else `photo` says where it is, or a document stands for it.
    """

    item: str
    passed: bool | None = None
    number: Decimal | None = None
    choice: str | None = None
    note: str = ""
    photo: str | None = None
    document_id: UUID | None = None
    file_id: UUID | None = None


class InspectionCommand(Struct, frozen=True, kw_only=True):
    """The inspection that an operation is about."""

    inspection_id: UUID
    expected_version: int | None = None


class AnswerItems(InspectionCommand, frozen=True, kw_only=True):
    """Fill in some items; an item that was filled in before is corrected. `complete` ends the inspection as well."""

    answers: tuple[InspectionAnswerInput, ...]
    complete: bool = False


class CompleteInspection(InspectionCommand, frozen=True, kw_only=True):
    """Everything that the checklist asks for is filled in."""

    at: datetime | None = None


class CancelInspection(InspectionCommand, frozen=True, kw_only=True):
    """Drop an inspection with a reason; what was found stays."""

    reason: str


class AddFinding(InspectionCommand, frozen=True, kw_only=True):
    """Something that was found besides the items; graver than `none`, it leads to what `consequence` says (P01-20)."""

    description: str
    severity: Severity
    consequence: Consequence = "ticket"
    hazard_category: Literal["behaviour", "condition", "environment", "management"] = "condition"
