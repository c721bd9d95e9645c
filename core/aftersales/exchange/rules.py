"""Cells: what they say, what can't be taken, and what a spreadsheet would run as a formula. Pure."""

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from aftersales.kit.errors import InvalidInput

if TYPE_CHECKING:
    from aftersales.exchange.columns import Column, Layout

ATTRIBUTES: Final = "attributes."
"""Columns of this beginning hold an asset's own attributes: `attributes.tank_litres`."""
FIELDS: Final = "fields."
"""Columns of this beginning hold what a vertical leaves to the contract: `fields.guarantee_months`."""
FORMULA_BEGINS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
REFUSED_BEGINS: Final = ("=", "@")
"""Of these, what no imported value begins with: telephone numbers begin with a plus, figures with a minus."""
_YES: Final = frozenset({"是", "yes", "y", "true", "1"})
_NO: Final = frozenset({"否", "no", "n", "false", "0"})
_DATE: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T]00:00:00)?")
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,15}(?:\.0+)?")
_QUOTED: Final = re.compile(r"'+[=+\-@\t\r]")

Cells = dict[str, Any]


def defused(text: str) -> str:
    """A text that no spreadsheet runs: what begins like a formula gets an apostrophe; `restored` takes it away."""
    return f"'{text}" if text.startswith(FORMULA_BEGINS) or _QUOTED.match(text) else text


def restored(text: str) -> str:
    """The text that was defused."""
    return text[1:] if _QUOTED.match(text) else text


def cell_text(value: object) -> str:
    """A cell of a sheet as text: whole numbers without a fraction, days as ISO has them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def read_row(layout: "Layout", columns: list[str], cells: list[str]) -> Cells:
    """The typed values of a row; empty cells are left out. The refusal's field is the column's code.

    REQUIRED, IMPORT_FORMULA, IMPORT_DATE_INVALID, IMPORT_NUMBER_INVALID, IMPORT_YES_OR_NO, VALUE_UNKNOWN,
    IMPORT_CELLS_BEYOND for cells behind the last column.
    """
    if any(cell.strip() for cell in cells[len(columns) :]):
        raise InvalidInput("IMPORT_CELLS_BEYOND", field=None, count=len(columns))
    found: Cells = {}
    for code, raw in zip(columns, cells, strict=False):
        if raw.startswith(REFUSED_BEGINS):
            raise InvalidInput("IMPORT_FORMULA", field=code)
        text = restored(raw).strip()
        if text:
            column = layout.column(code)
            found[code] = text if column is None else _value(column, text)
    for column in layout.columns:
        if column.required and column.code not in found:
            raise InvalidInput("REQUIRED", field=column.code, field_name=column.code)
    return found


def _value(column: "Column", text: str) -> Any:
    if column.kind == "date":
        return read_day(text, column.code)
    if column.kind == "number":
        if not _INTEGER.fullmatch(text):
            raise InvalidInput("IMPORT_NUMBER_INVALID", field=column.code, value=text)
        return int(text.partition(".")[0])
    if column.kind == "boolean":
        if text.casefold() in _YES | _NO:
            return text.casefold() in _YES
        raise InvalidInput("IMPORT_YES_OR_NO", field=column.code, value=text)
    if column.kind == "list":
        return [part.strip() for part in re.split("[;;]", text) if part.strip()]
    if column.choices and text not in column.choices:
        known = ", ".join(column.choices)
        raise InvalidInput("VALUE_UNKNOWN", field=column.code, field_name=column.code, value=text, known=known)
    return text


def read_day(text: str, field: str) -> date:
    """A day as 2026-03-01, 2026/3/1 or 2026年3月1日; IMPORT_DATE_INVALID for anything else, such as 30 February."""
    found = _DATE.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else _no_day()
    except ValueError:
        raise InvalidInput("IMPORT_DATE_INVALID", field=field, value=text) from None


def _no_day() -> date:
    raise ValueError


def key_of(layout: "Layout", columns: list[str], cells: list[str]) -> tuple[str, ...]:
    """What tells a row from the others of its file; empty parts where a cell is missing."""
    by_code = dict(zip(columns, cells, strict=False))
    return tuple(restored(by_code.get(code, "")).strip() for code in layout.key)


def below(cells: Cells, beginning: str) -> Cells:
    """The values of the columns of a beginning, by what follows it."""
    return {code.removeprefix(beginning): value for code, value in cells.items() if code.startswith(beginning)}
