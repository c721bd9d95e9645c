"""Tables out: the tenant's rows page by page, as CSV or Excel, in the very layout that an import takes."""

import csv
import io
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date
from typing import IO, Any, Final, Literal
from uuid import UUID

import xlsxwriter

from aftersales.access import STAFF, require
from aftersales.exchange import export_queries as queries
from aftersales.exchange.columns import Layout, heading, layout_of, with_own_columns
from aftersales.exchange.rules import ATTRIBUTES, FIELDS, defused
from aftersales.kit.errors import Forbidden, InvalidInput, Language
from aftersales.scope import TenantWork
from aftersales.terms.base import Label

Format = Literal["csv", "xlsx"]
FORMATS: Final[tuple[Format, ...]] = ("csv", "xlsx")
MEDIA_TYPES: Final[dict[Format, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PAGE_ROWS: Final = 1_000
SHEET_ROWS: Final = 1_000_000
"""A sheet holds 1,048,576 rows; more than this goes as CSV."""
CHUNK_BYTES: Final = 64_000
SPOOL_BYTES: Final = 1_000_000
BOM: Final = "\ufeff"

Read = Callable[[UUID, int], Awaitable[Sequence[Any]]]


class ExportFilter:
    """Which rows: of one customer (its code), of one vertical; None for all."""

    def __init__(self, customer_code: str | None = None, vertical: str | None = None) -> None:
        self.customer_code = customer_code
        self.vertical = vertical


def check_export(uow: TenantWork, kind: str, format_: str) -> tuple[Layout, Format]:
    """The layout, for staff with its right. VALUE_UNKNOWN, FORBIDDEN."""
    layout = with_own_columns(layout_of(kind), uow.scope.playbook.verticals.values())
    require(uow.actor, layout.right)
    if uow.actor.kind == "member" and not uow.actor.roles & STAFF:
        raise Forbidden("FORBIDDEN")
    for known in FORMATS:
        if known == format_:
            return layout, known
    raise InvalidInput("VALUE_UNKNOWN", field="format", field_name="format", value=format_, known=", ".join(FORMATS))


async def rows(uow: TenantWork, layout: Layout, chosen: ExportFilter) -> AsyncIterator[list[str]]:
    """The headings, then every row, read page by page: memory doesn't grow with the table."""
    if chosen.vertical is not None:
        layout = with_own_columns(layout_of(layout.kind), [uow.scope.enabled(chosen.vertical)])
    columns = [column.code for column in layout.columns]
    yield columns
    after = UUID(int=0)
    while True:
        page = await queries.page(
            uow, layout.kind, after=after, limit=PAGE_ROWS, customer=chosen.customer_code, vertical=chosen.vertical
        )
        for row in page:
            values = dict(row)
            values |= {f"{ATTRIBUTES}{name}": value for name, value in (row.get("attributes") or {}).items()}
            fields = row.get("fields") or {}
            values |= {"inspection_body": fields.get("inspection_body")}
            values |= {f"{FIELDS}{name}": value for name, value in fields.items()}
            yield [written(values.get(code)) for code in columns]
        if len(page) < PAGE_ROWS:
            return
        after = page[-1]["id"]


def written(value: object) -> str:
    """A value as an import reads it back, and as no spreadsheet runs it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return defused(";".join(str(part) for part in value))
    if isinstance(value, int | float | date):
        return str(value)
    return defused(str(value))


async def csv_chunks(table: AsyncIterator[list[str]]) -> AsyncIterator[bytes]:
    """The table as CSV in UTF-8 with a byte order mark, by which spreadsheets know it."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    async for row in table:
        writer.writerow(row)
        if out.tell() > CHUNK_BYTES:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


async def workbook_chunks(table: AsyncIterator[list[str]]) -> AsyncIterator[bytes]:
    """The table as a workbook, written row by row to a temporary file; every cell is text."""
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as file:
        with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as made:
            sheet = made.add_worksheet()
            bold = made.add_format({"bold": True})
            number = 0
            async for row in table:
                if number > SHEET_ROWS:
                    raise InvalidInput("IMPORT_SHEET_TOO_LARGE", field="format", what="rows", limit=SHEET_ROWS)
                for place, text in enumerate(row):
                    sheet.write_string(number, place, text, bold if number == 0 else None)
                number += 1
            sheet.freeze_panes(1, 0)
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def template(layout: Layout, format_: Format, language: Language) -> bytes:
    """An empty table to fill in: headings in both languages, required ones with an asterisk; notes and lists in Excel.

    What it holds can be imported as it is, once there are rows below the headings.
    """
    headings = [heading(column) for column in layout.columns]
    if format_ == "csv":
        out = io.StringIO()
        out.write(BOM)
        csv.writer(out).writerow(headings)
        return out.getvalue().encode()
    file = io.BytesIO()
    _write_template(file, layout, headings, language)
    return file.getvalue()


def _write_template(file: IO[bytes], layout: Layout, headings: Sequence[str], language: Language) -> None:
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        sheet = made.add_worksheet(_told(layout.label, language))
        styles = {
            True: made.add_format({"bold": True, "bg_color": "#0F5C8C", "font_color": "white"}),
            False: made.add_format({"bold": True, "bg_color": "#D9E0E8"}),
        }
        text = made.add_format({"num_format": "@"})
        for place, (column, title) in enumerate(zip(layout.columns, headings, strict=True)):
            sheet.write_string(0, place, title, styles[column.required])
            # Text cells: a spreadsheet would make a number of a code such as 007, and a date of 3-1.
            sheet.set_column(place, place, max(16, len(title) + 4), text)
            if column.note is not None:
                sheet.write_comment(0, place, f"{column.note.zh}\n{column.note.en}")
            if column.choices:
                sheet.data_validation(1, place, 10_000, place, {"validate": "list", "source": list(column.choices)})
        sheet.freeze_panes(1, 0)


def _told(label: Label, language: Language) -> str:
    return label.zh if language == "zh-CN" else label.en
