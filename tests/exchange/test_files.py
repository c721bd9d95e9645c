"""What is no table, or one that would fill the memory, is refused; what is exported is harmless and comes back."""

import csv
import io
import zipfile
from typing import Any

import pytest
import xlsxwriter

from aftersales.exchange import export, tables
from aftersales.exchange.columns import LAYOUTS, layout_of, read_header
from aftersales.exchange.export import ExportFilter
from aftersales.exchange.models import DataImport
from aftersales.exchange.rules import defused, restored
from aftersales.exchange.tables import read_table
from aftersales.kit.errors import AftersalesError, Forbidden, InvalidInput
from aftersales.parties.models import Customer
from tests.exchange.files import csv_file, run, upload, workbook
from tests.fixtures.database import TestPlatform
from tests.tickets.world import World, member, settle


def packed(**parts: bytes) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    out.seek(0)
    return out


def code_of(file: io.BytesIO) -> str:
    with pytest.raises(InvalidInput) as refusal:
        list(read_table(file))
    assert refusal.value.message("zh-CN") != refusal.value.message("en")
    return refusal.value.code


def test_what_is_no_table_is_refused() -> None:
    """Given an empty file, an image, an old workbook, an archive, a broken one, binary text: each is refused."""
    assert code_of(io.BytesIO(b"  \n ")) == "IMPORT_FILE_EMPTY"
    assert code_of(io.BytesIO(b"\x89PNG\r\n\x1a\n")) == "IMPORT_FILE_TYPE"
    assert code_of(io.BytesIO(b"\xd0\xcf\x11\xe0old")) == "IMPORT_FILE_TYPE"
    assert code_of(io.BytesIO(b"a,b\n\x00\x01")) == "IMPORT_FILE_TYPE"
    assert code_of(packed(**{"readme.txt": b"x"})) == "IMPORT_FILE_TYPE"
    assert code_of(io.BytesIO(b"PK\x03\x04broken")) == "IMPORT_FILE_BROKEN"
    assert code_of(io.BytesIO(b'a,b\n"open')) == "IMPORT_FILE_BROKEN"
    assert code_of(io.BytesIO(b"a,b\n\xff\xff\xff")) == "IMPORT_ENCODING_UNKNOWN"


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a small archive with a large sheet, or one cell far away, then nothing of it is opened."""
    monkeypatch.setattr(tables, "UNPACKED_BYTES", 2_000_000)
    bomb = packed(**{"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 3_000_000})
    assert len(bomb.getvalue()) < 10_000
    assert code_of(bomb) == "IMPORT_SHEET_TOO_LARGE"
    for reference in (b"A1048576", b"XFD1", b"ZZ1"):
        far = packed(**{
            "xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b'<row r="1"><c r="' + reference + b'"/></row>',
        })  # fmt: skip
        assert code_of(far) == "IMPORT_SHEET_TOO_LARGE"


def test_rows_columns_and_cells_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given the last row that fits and the first that doesn't, then only the latter is refused."""
    monkeypatch.setattr(tables, "ROWS", 2)
    assert len(list(read_table(csv_file("a", "1", "2")))) == 3
    assert code_of(csv_file("a", "1", "2", "3")) == "IMPORT_SHEET_TOO_LARGE"
    assert code_of(csv_file(",".join("a" * 101))) == "IMPORT_SHEET_TOO_LARGE"
    assert code_of(csv_file("a", "x" * 20_001)) == "IMPORT_SHEET_TOO_LARGE"


def test_one_long_text_shared_by_many_cells_is_refused_before_it_is_copied() -> None:
    """Given a small workbook whose cells all show one text of 20,000 characters, then no reader copies it into each."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for row in range(200):
            for column in range(30):
                sheet.write_string(row, column, "x" * 20_000)
    assert len(out.getvalue()) < 100_000
    assert code_of(out) == "IMPORT_SHEET_TOO_LARGE"


def test_what_lies_between_two_cells_counts_as_well() -> None:
    """Given two cells at opposite corners of the largest sheet, then the room between them isn't made."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        sheet.write_string(0, 0, "code")
        sheet.write_string(199_999, 99, "far away")
    assert code_of(out) == "IMPORT_SHEET_TOO_LARGE"


def test_an_ordinary_workbook_with_shared_texts_is_read() -> None:
    """Given 2,000 rows that share their texts, then they are all there."""
    rows = [["code", "name", "region"], *([f"K{number}", "Wang's yard", "320100"] for number in range(2_000))]
    assert list(read_table(workbook(*rows))) == rows


def test_a_row_and_a_table_have_as_many_characters_as_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert code_of(csv_file("a", ",".join(["x" * 20_000] * 11))) == "IMPORT_SHEET_TOO_LARGE"
    monkeypatch.setattr(tables, "TABLE_CHARACTERS", 5)
    assert len(list(read_table(csv_file("a", "12", "34")))) == 3
    assert code_of(csv_file("a", "12", "345")) == "IMPORT_SHEET_TOO_LARGE"


def test_wrong_headings_are_named() -> None:
    """Given unknown, missing and doubled columns, then the refusal names them."""
    layout = layout_of("customers")
    for heading, code, named in (
        (["code", "name", "colour"], "IMPORT_COLUMN_UNKNOWN", "colour"),
        (["name"], "IMPORT_COLUMN_MISSING", "code"),
        (["code", "name", "客户编号"], "IMPORT_COLUMN_TWICE", "code"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            read_header(layout, heading)
        assert (refusal.value.code, named in refusal.value.message("en")) == (code, True)


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
@pytest.mark.parametrize("format_", export.FORMATS)
def test_a_template_is_what_an_import_takes(kind: str, format_: export.Format) -> None:
    """Given the template of a kind, then its headings are read as all the columns of the kind."""
    layout = layout_of(kind)
    [heading] = list(read_table(io.BytesIO(export.template(layout, format_, "zh-CN"))))
    assert read_header(layout, heading) == [column.code for column in layout.columns]


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 138", "-5", "@SUM(A1)", "\tx", "\rx", "'=1", "''-x", "plain", "'quoted'"]
)
def test_what_was_defused_is_restored(text: str) -> None:
    """Given a text that a spreadsheet would run, then the export's isn't run, and the import gives it back."""
    assert not defused(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert restored(defused(text)) == text


async def exported(
    world: World, kind: str, format_: str, chosen: ExportFilter | None = None, actor: Any = None
) -> bytes:
    async with world.work(actor or world.owner) as uow:
        layout, known = export.check_export(uow, kind, format_)
        table = export.rows(uow, layout, chosen or ExportFilter())
        chunks = export.csv_chunks(table) if known == "csv" else export.workbook_chunks(table)
        return b"".join([chunk async for chunk in chunks])


@pytest.mark.parametrize("format_", export.FORMATS)
async def test_an_export_comes_back_unchanged(plant: World, format_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given rows of every kind, with names like formulas, when they are exported and imported, then nothing changes."""
    monkeypatch.setattr(export, "PAGE_ROWS", 2)
    await plant.add(Customer(id=plant.team.id, code="=cmd", name="-1+2", phone="+86", created_at=plant.clock.now()))
    await run(plant, "sites", csv_file("customer_code,name", "C1,Roof", "C1,Yard", "C1,Hall"))
    await run(plant, "assets", csv_file(
        "number,name,vertical,asset_type,customer_code,site_name,installed_on,attributes.tank_litres,components",
        "S1,x,solar,solar_water_heater,C1,Roof,2026-03-01,300,tank:T:2026-03-01;pump",
    ))  # fmt: skip
    await run(plant, "contracts", csv_file(
        "number,title,vertical,customer_code,starts_on,asset_numbers,asset_types",
        "HT-1,x,solar,C1,2026-01-01,S1;A1,solar_water_heater",
    ))  # fmt: skip
    await run(plant, "history", csv_file("reference,asset_number,happened_on,title", "R1,S1,2026-01-01,x"))
    for kind in LAYOUTS:
        file = io.BytesIO(await exported(plant, kind, format_))
        rows = list(read_table(file))
        assert len(rows) > 1, kind
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row), kind
        done = await run(plant, kind, file)
        assert (done.state, done.rows_written, done.rows_unchanged) == ("done", 0, len(rows) - 1), kind


async def test_an_export_holds_what_was_asked_for_and_nobody_elses(plant: World, platform: TestPlatform) -> None:
    """Given two customers and another tenant, then the filter and the tenant's border hold; outsiders get nothing."""
    await run(plant, "customers", csv_file("code,name", "K1,One"))
    await settle(platform, {"solar": {}}, vertical="solar", asset_type="solar_water_heater")
    body = await exported(plant, "customers", "csv", ExportFilter(customer_code="K1"))
    assert [row["code"] for row in csv.DictReader(io.StringIO(body.decode("utf-8-sig")))] == ["K1"]
    everything = await exported(plant, "customers", "csv")
    assert [row["code"] for row in csv.DictReader(io.StringIO(everything.decode("utf-8-sig")))] == ["C1", "K1"]
    for outsider in (plant.customer_member(), member("dealer", dealer_id=plant.team.id), member("finance")):
        with pytest.raises(Forbidden):
            await exported(plant, "assets", "csv", actor=outsider)
    with pytest.raises(AftersalesError, match="pdf"):
        await exported(plant, "assets", "pdf")


async def test_headings_alone_are_no_import(plant: World) -> None:
    """Given a file without a row, then it is refused and nothing is kept."""
    with pytest.raises(InvalidInput) as refusal:
        await upload(plant, "customers", workbook(("code", "name")))
    assert refusal.value.code == "IMPORT_FILE_EMPTY"
    assert await plant.read(DataImport) == []
