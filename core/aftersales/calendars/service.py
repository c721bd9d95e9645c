"""Keeps a tenant's own calendars; saving one re-computes the open deadlines that run by it."""

from typing import Any

import msgspec
from msgspec import Struct

from aftersales.access import require
from aftersales.calendars import queries
from aftersales.calendars.models import BusinessCalendar
from aftersales.calendars.rules import CalendarDefinition, WorkingCalendar
from aftersales.commitments.service import recompute_for_calendar
from aftersales.journal import service as journal
from aftersales.kit.errors import Conflict, InvalidInput
from aftersales.kit.ids import new_id
from aftersales.kit.text import CODE_LIMIT, NAME_LIMIT, clean_text
from aftersales.scope import TenantWork


class SaveCalendar(Struct, frozen=True, kw_only=True):
    """A calendar to create or to replace; `definition` is a CalendarDefinition without its code and name."""

    code: str
    name: str
    definition: dict[str, Any]
    expected_version: int | None = None


async def save_calendar(uow: TenantWork, command: SaveCalendar) -> BusinessCalendar:
    """Create or replace the calendar of that code.

    CALENDAR_EMPTY, CALENDAR_WINDOW_INVALID, ZONE_UNKNOWN and their kin refuse what can't be meant;
    VERSION_STALE a change of a calendar that somebody else changed meanwhile.
    """
    require(uow.actor, "calendar.manage")
    code = clean_text(command.code, "code", CODE_LIMIT, required=True)
    name = clean_text(command.name, "name", NAME_LIMIT, required=True)
    definition = definition_from({**command.definition, "code": code, "name": name})
    found = await uow.entity(BusinessCalendar, queries.BY_CODE, code=code)
    if found is None:
        saved = uow.add(BusinessCalendar(id=new_id(), code=code, name=name, definition=msgspec.to_builtins(definition)))
    else:
        if command.expected_version not in (None, found.version):
            raise Conflict(
                "VERSION_STALE", field="expectedVersion", actual=found.version, expected=command.expected_version
            )
        found.name, found.definition = name, msgspec.to_builtins(definition)
        saved = found
    moved = await recompute_for_calendar(uow, definition, uow.now)
    await uow.connection.execute("select app.settings_changed()")
    await journal.record(
        uow, "calendar.saved", subject_type="calendar", subject_id=saved.id, data={"code": code, "deadlines": moved}
    )
    return saved


def definition_from(raw: dict[str, Any]) -> CalendarDefinition:
    """The definition that JSON describes, checked; CALENDAR_MALFORMED names what doesn't fit its type."""
    try:
        definition = msgspec.convert(raw, CalendarDefinition)
    except msgspec.ValidationError as fault:
        raise InvalidInput("CALENDAR_MALFORMED", field="definition", reason=str(fault)) from None
    WorkingCalendar.of(definition)
    return definition
