"""What the engine knows of a tenant while it works for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from aftersales.calendars.rules import CalendarDefinition
from aftersales.kit.errors import InvalidInput, Language
from aftersales.kit.unit_of_work import UnitOfWork
from aftersales.plugins.registry import Registry
from aftersales.terms.playbook import Playbook, VerticalPlaybook


@dataclass(frozen=True, slots=True)
class TenantScope:
    """A tenant as of one settings version: zone, language, Playbook. Immutable, so requests may share it.

    `calendars` are the tenant's own by code; one with the code of a vertical's calendar takes its place. `dormant`
    holds the terms of disabled verticals: what is under way goes on by them, nothing new begins.
    """

    id: UUID
    slug: str
    name: str
    time_zone: str
    language: Language
    settings_version: int
    hotline: str | None
    playbook: Playbook
    registry: Registry
    calendars: Mapping[str, CalendarDefinition] = field(default_factory=dict)
    dormant: Mapping[str, VerticalPlaybook] = field(default_factory=dict)

    def enabled(self, name: str) -> VerticalPlaybook:
        """The terms of a vertical under which something new may begin; VERTICAL_NOT_ENABLED for any other."""
        found = self.playbook.verticals.get(name)
        if found is None:
            raise InvalidInput("VERTICAL_NOT_ENABLED", field="vertical", vertical=name)
        return found

    def vertical(self, name: str) -> VerticalPlaybook:
        """The terms for what exists already, disabled or not; VERTICAL_NOT_ENABLED when it never was enabled."""
        found = self.playbook.verticals.get(name) or self.dormant.get(name)
        if found is None:
            raise InvalidInput("VERTICAL_NOT_ENABLED", field="vertical", vertical=name)
        return found

    def calendar(self, vertical: str, code: str) -> CalendarDefinition:
        """The calendar of that code: the tenant's own, else the vertical's; CALENDAR_UNKNOWN for neither."""
        own = self.calendars.get(code)
        if own is not None:
            return own
        declared = self.vertical(vertical).calendar(code)
        if declared is None:
            raise InvalidInput("CALENDAR_UNKNOWN", field="calendar", calendar=code)
        return declared.definition


TenantWork = UnitOfWork[TenantScope]
"""The unit of work that every service of the engine takes."""
