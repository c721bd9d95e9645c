"""What a vertical may put into the Structs of its own data: attributes of assets, facts of tickets. Pure.

The engine validates them into JSONB and shows them in the tenant's GraphQL schema, so only what both can hold.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

SCALARS: Final[tuple[type, ...]] = (str, int, float, bool, Decimal, date, datetime)
FIELD_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
CHOICE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
RESERVED: Final = frozenset({"id", "tenant_id"})


def attribute_problems(attributes: type[Struct]) -> Iterator[str]:
    """What can't be stored or shown, one sentence per field; nothing when all is well.

    Allowed: text, whole numbers, floats, booleans, Decimal, dates, instants, Literals of names, any of them
    optional, and tuples of one of them (`tuple[str, ...]`). Names are snake_case.
    """
    hints = get_type_hints(attributes)
    for name in attributes.__struct_fields__:
        hint = hints[name]
        if not FIELD_NAME.fullmatch(name) or name in RESERVED:
            yield f"{attributes.__name__}.{name}: not a snake_case name of its own"
        if not _is_allowed(hint):
            yield f"{attributes.__name__}.{name}: {hint} can't be shown in a schema"


def _is_allowed(hint: Any) -> bool:
    if get_origin(hint) in (Union, UnionType):
        chosen = [member for member in get_args(hint) if member is not NoneType]
        return len(chosen) == 1 and _is_allowed(chosen[0])
    if get_origin(hint) is tuple:
        members = get_args(hint)
        return len(members) == 2 and members[1] is Ellipsis and _is_scalar(members[0])
    return _is_scalar(hint)


def _is_scalar(hint: Any) -> bool:
    if get_origin(hint) is Literal:
        return all(isinstance(choice, str) and CHOICE.fullmatch(choice) for choice in get_args(hint))
    return hint in SCALARS
