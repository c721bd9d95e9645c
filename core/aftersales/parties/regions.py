"""Region codes (GB/T 2260): which are possible, and how closely a list of prefixes names a place. Pure."""

import re
from collections.abc import Iterable
from typing import Final

from aftersales.kit.errors import InvalidInput

_PROVINCE_RANGES: Final = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
PROVINCES: Final = frozenset(str(code) for first, last in _PROVINCE_RANGES for code in range(first, last + 1))
"""The first two digits of every code of GB/T 2260."""
_REGION: Final = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,2}")


def check_region(region: str | None, field: str = "region") -> str | None:
    """The region code, unchanged; REGION_UNKNOWN unless it is a GB/T 2260 code of 2, 4 or 6 digits."""
    if region is not None and not (_REGION.fullmatch(region) and region[:2] in PROVINCES):
        raise InvalidInput("REGION_UNKNOWN", field=field, value=region)
    return region


def check_regions(regions: Iterable[str], field: str = "regions") -> list[str]:
    """The codes in order, each once; REGION_UNKNOWN as for one."""
    return sorted({code for region in regions if (code := check_region(region, field)) is not None})


def lies_in(regions: Iterable[str], *places: str | None) -> bool:
    """Whether one of the places lies in one of the regions; none named: anywhere."""
    prefixes = tuple(regions)
    return not prefixes or any(place is not None and place.startswith(prefixes) for place in places)


def reach(regions: Iterable[str], region: str | None) -> int:
    """How many digits of the region code the longest fitting prefix names; 0 when none fits."""
    return max((len(prefix) for prefix in regions if region is not None and region.startswith(prefix)), default=0)
