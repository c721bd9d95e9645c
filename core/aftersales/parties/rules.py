"""Decisions about the service organisation: which unit is nearest, which can stand above which. Pure."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from aftersales.kit.errors import InvalidInput
from aftersales.kit.text import clean_text
from aftersales.parties.regions import reach

NEAREST_LEVEL: Final = 1
TOP_LEVEL: Final = 3
TAG_LIMIT: Final = 20
TAG_LENGTH: Final = 60
CONTACT_CHANNELS: Final = ("email", "inbox")
"""Ways on which a customer's people can be told something: a mail, or the inbox of the customer's own API."""
"""Three levels of service (P09-05): agent, office, headquarters."""


class UnitFacts(Struct, frozen=True, kw_only=True):
    """What counts when a unit is chosen: its level (1 is nearest to the customer) and the regions it serves."""

    id: UUID
    code: str
    level: int
    kind: str
    regions: tuple[str, ...] = ()
    authorised: bool = True


class NearUnit(Struct, frozen=True, kw_only=True):
    """A unit that may serve a place; `reach` is how many digits of the region code its own regions name."""

    unit: UnitFacts
    reach: int


def units_by_nearness(
    units: Iterable[UnitFacts], region: str | None, *, authorised_only: bool = False
) -> list[NearUnit]:
    """The units that serve a region, nearest first: longest prefix, then lowest level, then code.

    Headquarters serve everywhere, behind whoever names the region.
    """
    found = [
        NearUnit(unit=unit, reach=reach(unit.regions, region))
        for unit in units
        if unit.authorised or not authorised_only
    ]
    serving = [near for near in found if near.reach > 0 or near.unit.kind == "headquarters"]
    return sorted(serving, key=lambda near: (-near.reach, near.unit.level, near.unit.code))


def check_level(level: int, parent_level: int | None) -> None:
    """UNIT_LEVEL_INVALID outside of 1 to 3; UNIT_PARENT_INVALID unless the parent is farther from the customer.

    Levels rise towards the top, so that no chain of parents can be a circle.
    """
    if not NEAREST_LEVEL <= level <= TOP_LEVEL:
        raise InvalidInput("UNIT_LEVEL_INVALID", field="level", value=level, highest=TOP_LEVEL)
    if parent_level is not None and parent_level <= level:
        raise InvalidInput("UNIT_PARENT_INVALID", field="parentUnitId", level=level, parent_level=parent_level)


def check_known(value: str, known: Sequence[str], field: str) -> str:
    """The value, if it is one of the known ones; VALUE_UNKNOWN otherwise."""
    if value not in known:
        raise InvalidInput("VALUE_UNKNOWN", field=field, field_name=field, value=value, known=", ".join(known))
    return value


def clean_tags(tags: Sequence[str]) -> list[str]:
    """The tags in order, each once; LIST_TOO_LONG beyond 20, REQUIRED for a blank one."""
    if len(tags) > TAG_LIMIT:
        raise InvalidInput("LIST_TOO_LONG", field="tags", limit=TAG_LIMIT)
    return sorted({clean_text(tag, "tags", TAG_LENGTH, required=True) for tag in tags})


def chosen_channels(channels: Sequence[str]) -> list[str]:
    """The channels in the order of preference, each once; VALUE_UNKNOWN for one that there isn't."""
    return list(dict.fromkeys(check_known(channel, CONTACT_CHANNELS, "noticeChannels") for channel in channels))
