"""The register of published standards: those that verticals name, and the company's own entries (P05-09, A30)."""

from typing import Final

from msgspec import Struct

from aftersales.access import require
from aftersales.kit.errors import Conflict, InvalidInput
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, CODE_LIMIT, NAME_LIMIT, clean_text
from aftersales.safety import site_queries
from aftersales.safety.models import SafetyStandard
from aftersales.safety.site_commands import SaveStandard
from aftersales.scope import TenantWork
from aftersales.terms.base import Label

OWN: Final = "tenant"


class RegisteredStandard(Struct, frozen=True, kw_only=True):
    """A line of the register. `current` is the edition that holds: its successor where there is one."""

    vertical: str
    code: str
    name: Label
    designation: str
    superseded_by: str | None
    current: str
    clause: str | None
    source: str
    note: str


async def save_standard(uow: TenantWork, command: SaveStandard) -> SafetyStandard:
    """Enter a standard, or change its entry. VERTICAL_NOT_ENABLED, STANDARD_OWN_SUCCESSOR, VERSION_STALE."""
    require(uow.actor, "safety.manage")
    uow.scope.enabled(command.vertical)
    code = clean_text(command.code, "code", CODE_LIMIT, required=True)
    designation = clean_text(command.designation, "designation", NAME_LIMIT, required=True)
    superseded_by = clean_text(command.superseded_by, "supersededBy", NAME_LIMIT) or None
    if superseded_by == designation:
        raise InvalidInput("STANDARD_OWN_SUCCESSOR", field="supersededBy")
    values = {
        "name_zh": clean_text(command.name_zh, "nameZh", NAME_LIMIT, required=True),
        "name_en": clean_text(command.name_en, "nameEn", NAME_LIMIT, required=True),
        "designation": designation,
        "superseded_by": superseded_by,
        "note": clean_text(command.note, "note", BODY_LIMIT),
    }
    known = next(
        (row for row in await site_queries.standards(uow) if (row.vertical, row.code) == (command.vertical, code)),
        None,
    )
    if known is None:
        if command.expected_version is not None:
            raise Conflict("VERSION_STALE", field="expectedVersion", actual=0, expected=command.expected_version)
        return uow.add(SafetyStandard(id=new_id(), vertical=command.vertical, code=code, **values))
    standard = await locked(uow, SafetyStandard, known.id, command.expected_version)
    standard.name_zh, standard.name_en = values["name_zh"] or "", values["name_en"] or ""
    standard.designation, standard.superseded_by = designation, superseded_by
    standard.note = values["note"] or ""
    return standard


async def standards_register(uow: TenantWork) -> list[RegisteredStandard]:
    """The register in the order of verticals and codes; an own entry takes the place of the vertical's."""
    require(uow.actor, "safety.record")
    lines = {
        (vertical, standard.code): RegisteredStandard(
            vertical=vertical, code=standard.code, name=standard.label, designation=standard.designation,
            superseded_by=standard.superseded_by, current=standard.superseded_by or standard.designation,
            clause=standard.clause, source=standard.source, note=standard.note or "",
        )
        for vertical, terms in uow.scope.playbook.verticals.items()
        for standard in terms.reference_standards
    }  # fmt: skip
    await uow.flush()
    for own in await site_queries.standards(uow):
        declared = lines.get((own.vertical, own.code))
        lines[own.vertical, own.code] = RegisteredStandard(
            vertical=own.vertical, code=own.code, name=Label(own.name_zh, own.name_en), designation=own.designation,
            superseded_by=own.superseded_by, current=own.superseded_by or own.designation,
            clause=declared.clause if declared else None, source=OWN, note=own.note,
        )  # fmt: skip
    return [lines[key] for key in sorted(lines)]
