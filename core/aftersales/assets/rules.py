"""What may be registered: typed attributes, known components, readings that don't run back. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from aftersales.kit.errors import InvalidInput
from aftersales.terms.classification import AssetType
from aftersales.terms.playbook import VerticalPlaybook

INSTALLATION_GUIDE: Final = "installation_guide"
"""The role, and the skill, of the engineer who guides an installation (P09-02)."""
LARGEST_USAGE: Final = 2**31 - 1

_NAMED: Final = re.compile(r"`(?P<name>\w+)`$")


def known_type(terms: VerticalPlaybook, code: str) -> AssetType:
    """The asset type of that code; ASSET_TYPE_UNKNOWN lists the vertical's own."""
    found = terms.asset_type(code)
    if found is None:
        known = ", ".join(asset_type.code for asset_type in terms.asset_types)
        raise InvalidInput("ASSET_TYPE_UNKNOWN", field="assetType", value=code, known=known)
    return found


def typed_attributes(asset_type: AssetType, given: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes as the type's Struct has them, defaults filled in, JSON-ready.

    ATTRIBUTES_INVALID names the first attribute that is unknown, missing or of the wrong kind.
    """
    struct = asset_type.attributes
    for name in given:
        if name not in _names(struct):
            raise _invalid(name, f"{asset_type.code} has no such attribute")
    if struct is None:
        return {}
    try:
        typed = msgspec.convert(dict(given), struct)
    except msgspec.ValidationError as fault:
        reason, _, path = str(fault).partition(" - at `$.")
        missing = _NAMED.search(reason)
        raise _invalid(path.rstrip("`") or (missing["name"] if missing else ""), reason) from None
    stored: dict[str, Any] = msgspec.to_builtins(typed)
    return stored


@cache
def _names(struct: type[msgspec.Struct] | None) -> frozenset[str]:
    return frozenset() if struct is None else frozenset(found.encode_name for found in msgspec.structs.fields(struct))


def _invalid(name: str, reason: str) -> InvalidInput:
    field = f"attributes.{name}" if name else "attributes"
    return InvalidInput("ATTRIBUTES_INVALID", field=field, attribute=name, reason=reason)


def check_component(asset_type: AssetType, component: str) -> str:
    """The component's code; COMPONENT_UNKNOWN unless the type has it."""
    if all(part.code != component for part in asset_type.components):
        raise InvalidInput("COMPONENT_UNKNOWN", field="component", asset_type=asset_type.code, value=component)
    return component


def next_reading(previous: int | None, reading: int) -> int:
    """The new meter reading; USAGE_BACKWARD below the last one, USAGE_INVALID below zero."""
    if not 0 <= reading <= LARGEST_USAGE:
        raise InvalidInput("USAGE_INVALID", field="usage", value=reading)
    if previous is not None and reading < previous:
        raise InvalidInput("USAGE_BACKWARD", field="usage", value=reading, previous=previous)
    return reading


def guide_skill_needed(terms: VerticalPlaybook) -> bool:
    """Whether the vertical asks for a skill of its own for guiding installations."""
    return any(INSTALLATION_GUIDE in work_type.skills for work_type in terms.work_types)


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant (UTC) of a local day; days of a deadline are counted from the day that holds it."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def months_after(day: date, months: int) -> date:
    """The corresponding day so many months later, or the last day of a shorter month (Civil Code 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))


def anchor_after(due: date, months: int, contact: date) -> date:
    """The last day of the rhythm `due`, `due` + `months`, … whose next day lies behind the contact."""
    periods = 0
    while months_after(due, months * (periods + 1)) <= contact:
        periods += 1
    return months_after(due, months * periods)
