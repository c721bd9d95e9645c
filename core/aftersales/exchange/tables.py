"""Tables in files: CSV in UTF-8 or GB18030, Excel workbooks; read row by row, within limits. No business words."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, Final

import python_calamine

from aftersales.exchange.rules import cell_text
from aftersales.kit.errors import InvalidInput

FILE_BYTES: Final = 30_000_000
UNPACKED_BYTES: Final = 400_000_000
"""What a workbook may unpack to; 100,000 rows of 20 columns need a tenth of it."""
ROWS: Final = 200_000
COLUMNS: Final = 100
CELLS: Final = 8_000_000
"""From the first to the last cell: a reader makes room for all between, 200 MB for so many."""
CELL_CHARACTERS: Final = 20_000
ROW_CHARACTERS: Final = 200_000
TABLE_CHARACTERS: Final = 100_000_000
"""A workbook keeps equal texts once and a reader copies them into every cell: a small file can hold a very long one."""
READ_BYTES: Final = 1_000_000

_CELL: Final = re.compile(rb"""\br=["']([A-Z]{1,3})?([0-9]{1,7})["']""")
_SHARED: Final = re.compile(rb"""\bt=["']s["'][^<>]*>\s*<v>\s*([0-9]{1,9})\s*</v>""")
_TEXT_ENDS: Final = b"</si>"
_STRINGS: Final = "xl/sharedStrings.xml"
_LONGEST_REFERENCE: Final = 16
_LONGEST_CELL: Final = 200
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_DELIMITERS: Final = ",;\t"


def read_table(file: BinaryIO) -> Iterator[list[str]]:
    """The rows of a CSV file or of a workbook's first sheet, each a list of texts, the line of headings first.

    IMPORT_FILE_TYPE, IMPORT_FILE_EMPTY, IMPORT_FILE_BROKEN, IMPORT_ENCODING_UNKNOWN, IMPORT_SHEET_TOO_LARGE. What a
    workbook unpacks to is counted before it is opened, so that a small file can't fill the memory.
    """
    file.seek(0)
    beginning = file.read(4096)
    file.seek(0)
    if not beginning.strip():
        raise InvalidInput("IMPORT_FILE_EMPTY", field="file")
    if beginning.startswith(b"PK\x03\x04"):
        return _limited(_workbook(file))
    if b"\x00" in beginning or beginning.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"MZ", b"\x7fELF")):
        raise InvalidInput("IMPORT_FILE_TYPE", field="file")
    return _limited(_text(file))


def _limited(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows, until one is beyond a limit."""
    total = 0
    for number, row in enumerate(rows):
        if number > ROWS:
            raise _too_large("rows", ROWS)
        if len(row) > COLUMNS:
            raise _too_large("columns", COLUMNS)
        if any(len(cell) > CELL_CHARACTERS for cell in row):
            raise _too_large("characters in a cell", CELL_CHARACTERS)
        length = sum(map(len, row))
        if length > ROW_CHARACTERS:
            raise _too_large("characters in a row", ROW_CHARACTERS)
        total += length
        if total > TABLE_CHARACTERS:
            raise _too_large("characters", TABLE_CHARACTERS)
        yield row


def _text(file: BinaryIO) -> Iterator[list[str]]:
    encoding = next((found for found in _ENCODINGS if _decodes(file, found)), None)
    if encoding is None:
        raise InvalidInput("IMPORT_ENCODING_UNKNOWN", field="file")
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        heading = text.readline()
        delimiter = max(_DELIMITERS, key=heading.count)
        file.seek(0)
        text = io.TextIOWrapper(text.detach(), encoding=encoding, newline="")
        yield from csv.reader(text, delimiter=delimiter, strict=True)
    except csv.Error as fault:
        raise InvalidInput("IMPORT_FILE_BROKEN", field="file", reason=str(fault)) from None
    finally:
        # Let go of the file, which the wrapper would close; a reader that was given up may come here after its end.
        if not file.closed:
            text.detach()


def _decodes(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        while text.read(READ_BYTES):
            pass
    except UnicodeDecodeError:
        return False
    finally:
        text.detach()
    return True


def _workbook(file: BinaryIO) -> Iterator[list[str]]:
    _check_archive(file)
    file.seek(0)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(file)
        sheet = workbook.get_sheet_by_index(0)
        for row in sheet.iter_rows():
            yield [cell_text(cell) for cell in row]
    except (python_calamine.CalamineError, IndexError, ValueError) as fault:
        raise InvalidInput("IMPORT_FILE_BROKEN", field="file", reason=str(fault)) from None


def _check_archive(file: BinaryIO) -> None:
    """Unpack everything once, counting; see how far the cells reach, and how much text a reader would copy."""
    unpacked = 0
    lengths: list[int] = []
    try:
        with zipfile.ZipFile(file) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise InvalidInput("IMPORT_FILE_TYPE", field="file")
            for entry in sorted(archive.infolist(), key=lambda found: found.filename.casefold() != _STRINGS.casefold()):
                sheet = _Sheet(lengths) if entry.filename.startswith("xl/worksheets/") else None
                strings = entry.filename.casefold() == _STRINGS.casefold()
                with archive.open(entry) as part:
                    rest = b""
                    while chunk := part.read(READ_BYTES):
                        unpacked += len(chunk)
                        if unpacked > UNPACKED_BYTES:
                            raise _too_large("bytes when unpacked", UNPACKED_BYTES)
                        if sheet is not None:
                            sheet.read(chunk)
                        elif strings:
                            *ended, rest = (rest + chunk).split(_TEXT_ENDS)
                            lengths += [len(text) for text in ended]
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as fault:
        raise InvalidInput("IMPORT_FILE_BROKEN", field="file", reason=str(fault)) from None


class _Sheet:
    """A sheet while it is unpacked: how far its cells reach, and how much text they share."""

    def __init__(self, lengths: list[int]) -> None:
        self._lengths = lengths
        self._reached = self._unread = b""
        self._rows = self._columns = 1
        self._characters = 0

    def read(self, chunk: bytes) -> None:
        """The next part of the sheet's text. IMPORT_SHEET_TOO_LARGE."""
        for column, row in set(_CELL.findall(self._reached + chunk)):
            if int(row) > ROWS + 1:
                raise _too_large("rows", ROWS)
            if len(column) > 2 or (len(column) == 2 and _column_number(column) > COLUMNS):
                raise _too_large("columns", COLUMNS)
            self._rows = max(self._rows, int(row))
            self._columns = max(self._columns, _column_number(column.rjust(2, b"@")) if column else 1)
        self._reached = chunk[-_LONGEST_REFERENCE:]
        if self._rows * self._columns > CELLS:
            raise _too_large("cells", CELLS)
        text, end = self._unread + chunk, 0
        for found in _SHARED.finditer(text):
            end, place = found.end(), int(found[1])
            self._characters += self._lengths[place] if place < len(self._lengths) else 0
        if self._characters > TABLE_CHARACTERS:
            raise _too_large("characters", TABLE_CHARACTERS)
        self._unread = text[max(end, len(text) - _LONGEST_CELL) :]


def _column_number(letters: bytes) -> int:
    return (letters[0] - 64) * 26 + letters[1] - 64


def _too_large(what: str, limit: int) -> InvalidInput:
    return InvalidInput("IMPORT_SHEET_TOO_LARGE", field="file", what=what, limit=limit)
